"""`python -m benchmarks [NAME ...]`: run the benchmarks of these names, or all; tables, JSON, docs/performance.md."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

from .page import PAGE, RESULTS, write
from .results import save, table

# Name on the command line to the module, whose `run` gives the report.
BENCHMARKS = {
    "logging": "logging_cost",
    "background": "background_pass",
    "peers": "peers",
    "bytes": "bytes",
    "memory": "memory",
    "storing": "storing",
    "runs": "runs",
    "serving": "serving",
    "panel": "panel",
}


def main() -> None:
    """Parse the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of {', '.join(BENCHMARKS)}; all by default")
    parser.add_argument("--repeats", type=int, default=15, help="turns that each work takes")
    parser.add_argument(
        "--json", type=Path, help=f"where JSON goes; by default {RESULTS.name} and the page are written"
    )
    parser.add_argument(
        "--page", action="store_true", help="measure nothing, write the page from the JSON that is there"
    )
    given = parser.parse_args()
    if unknown := set(given.names) - set(BENCHMARKS):
        parser.error(f"no benchmark is named {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    for name in () if given.page else given.names or BENCHMARKS:
        report = importlib.import_module(f"{__package__}.{BENCHMARKS[name]}").run(given.repeats)
        print(table(report), end="\n\n", flush=True)
        # At once: what comes after may fail.
        save({name: report}, given.json or RESULTS)
    if given.json is None:
        write(BENCHMARKS)
        print(f"Wrote {PAGE.name}")


if __name__ == "__main__":
    main()
