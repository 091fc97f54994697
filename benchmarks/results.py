"""What a benchmark found, as a table and as JSON."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

PACKAGES = (
    "tensorboard_plugin_cnnviz",
    "tensorboard",
    "tensorflow-cpu",
    "tensorflow",
    "keras",
    "numpy",
    "numba",
    "isal",
)


@dataclass(frozen=True)
class Result:
    """One number; `at_most` or `at_least` is what it should keep to, `note` what a reader has to know of it.

    `why` is told only where the target is missed.
    """

    what: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None
    note: str = ""
    why: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.at_most is None and self.at_least is None:
            return None
        return (self.at_most is None or self.value <= self.at_most) and (
            self.at_least is None or self.value >= self.at_least
        )


@dataclass(frozen=True)
class Report:
    """The results of one benchmark."""

    name: str
    about: str
    results: Sequence[Result]


def table(report: Report) -> str:
    """A Markdown section with a table."""
    lines = [f"## {report.name}", "", report.about, "", "| | measured | target | |", "| --- | ---: | --- | --- |"]
    for result in report.results:
        verdict = {None: "", True: "met", False: "**missed**"}[result.met]
        notes = "; ".join(text for text in (verdict, result.note) if text)
        lines.append(f"| {result.what} | {measured(result)} | {target(result)} | {notes} |")
    return "\n".join(lines)


def measured(result: Result) -> str:
    """The value with its unit."""
    return _number(result.value, result.unit)


def target(result: Result) -> str:
    """What the value should keep to, or nothing."""
    if result.at_least is not None:
        return f"at least {_number(result.at_least, result.unit)}"
    return "" if result.at_most is None else f"at most {_number(result.at_most, result.unit)}"


def _number(value: float, unit: str) -> str:
    text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"
    return f"{text} x" if unit == "ratio" else f"{text} {unit}"


def machine() -> dict[str, object]:
    """What the figures were taken on."""
    versions = {}
    for name in PACKAGES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": versions,
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def save(reports: Mapping[str, Report], path: Path) -> None:
    """Put reports into a JSON file by their benchmarks' names; those of other benchmarks stay."""
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    taken_on = machine()
    kept.update({name: {"machine": taken_on, **asdict(report)} for name, report in reports.items()})
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
