"""`docs/performance.md`, from the JSON of the last runs."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from .results import Report, Result, measured, table, target

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results.json"
PAGE = ROOT / "docs" / "performance.md"

_HEAD = """\
# Performance

What logging costs a training, what a step takes on disk, and how long a reader waits; each figure beside its target.
`make bench` measures all of it and writes this page, which takes some 35 minutes; `.venv/bin/python -m benchmarks
NAME` runs one benchmark and replaces its section here (NAME is in brackets). Costs are multiples of other work that
took turns with it on the same machine, medians of all turns: they carry over to other machines better than seconds do.
Whatever else the machine does spoils them, so let it do nothing.
"""


def page(content: Mapping[str, Any], names: Collection[str]) -> str:
    """The page as Markdown, from the parsed JSON; `names` are those of all benchmarks."""
    reports = {name: content[name] for name in names if name in content}
    machines: list[Any] = []
    for entry in reports.values():
        if entry["machine"] not in machines:
            machines.append(entry["machine"])
    parts = [_HEAD, *(f"Taken on {_machine(each)}." for each in machines), *_missed(reports)]
    if waiting := ", ".join(name for name in names if name not in content):
        parts.append(f"Not measured yet: {waiting}.")
    for name, entry in reports.items():
        report = _report(entry)
        parts.append(table(report).replace(f"## {report.name}", f"## {report.name} ({name})", 1))
        if len(machines) > 1:
            parts.append(f"Taken on {_machine(entry['machine'])}.")
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def _report(entry: Mapping[str, Any]) -> Report:
    return Report(entry["name"], entry["about"], [Result(**result) for result in entry["results"]])


def _machine(machine: Mapping[str, Any]) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    hardware = f"{machine['cores']} cores of {machine['processor']}, {machine['system']}"
    return f"{hardware}, Python {machine['python']}, {versions}"


def _missed(content: Mapping[str, Any]) -> list[str]:
    missed = [result for entry in content.values() for result in _report(entry).results if result.met is False]
    if not missed:
        return ["Every row that has a target meets it."]
    lines = [f"* {each.what}: {measured(each)}, {target(each)}. {each.why}".rstrip() for each in missed]
    return ["## What is missed", "\n".join(lines)]


def write(names: Collection[str]) -> None:
    """Write the page from the JSON beside this file."""
    PAGE.write_text(page(json.loads(RESULTS.read_text(encoding="utf-8")), names), encoding="utf-8")
