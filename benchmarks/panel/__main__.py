"""`python -m benchmarks.panel`: the panel's benchmark alone; a table, and JSON where asked for."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.results import save, table

from . import SELECTIONS, run

parser = argparse.ArgumentParser(prog="python -m benchmarks.panel", description=__doc__)
parser.add_argument("--repeats", type=int, default=15, help="half the epoch changes of each kind")
parser.add_argument("--selections", type=int, default=SELECTIONS, help="choices made while memory is watched")
parser.add_argument("--json", type=Path, default=Path(__file__).parents[1] / "panel.json", help="where JSON goes")
given = parser.parse_args()
report = run(given.repeats, given.selections)
print(table(report))
save({"panel": report}, given.json)
