"""`python -m benchmarks [NAME ...]`: run the benchmarks of these names, or all; print tables, write JSON."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

from .results import save, table

BENCHMARKS = {"logging": "logging_cost", "panel": "panel"}


def main() -> None:
    """Parse the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of {', '.join(BENCHMARKS)}; all by default")
    parser.add_argument("--repeats", type=int, default=15, help="turns that each work takes")
    parser.add_argument("--json", type=Path, default=Path(__file__).parent / "results.json", help="where JSON goes")
    given = parser.parse_args()
    if unknown := set(given.names) - set(BENCHMARKS):
        parser.error(f"no benchmark is named {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    reports = []
    for name in given.names or BENCHMARKS:
        report = importlib.import_module(f"{__package__}.{BENCHMARKS[name]}").run(given.repeats)
        reports.append(report)
        print(table(report), end="\n\n", flush=True)
    save(reports, given.json)


main()
