"""Training is bit for bit what it would be without the callback, whatever happens to the disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.runs import read_records


def skip_where_refused(result: dict[str, Any]) -> None:
    if "skipped" in result:
        pytest.skip(result["skipped"])


def test_the_comparison_can_be_made(trained: tuple[Path, dict[str, Any]]) -> None:
    _, results = trained
    assert results["plain"]["state"] == results["plain again"]["state"]


@pytest.mark.parametrize(
    "way",
    [
        "logged",
        "every batch",
        "directory removed",
        "file too large",
        "file in the way, warnings are errors",
        "disk full",
    ],
)
def test_weights_optimizer_history_and_randomness_are_untouched(trained: tuple[Path, dict[str, Any]], way: str) -> None:
    _, results = trained
    skip_where_refused(results[way])
    assert results[way]["state"] == results["plain"]["state"]
    assert results[way]["traces"] == results["plain"]["traces"]


def test_nothing_is_told_where_nothing_is_wrong(trained: tuple[Path, dict[str, Any]]) -> None:
    directory, results = trained
    assert results["logged"]["told"] == []
    bundles = directory / "logged" / "cnnviz" / "plugins" / "cnnviz"
    assert sorted(int(path.name.rsplit("-", 1)[0]) for path in bundles.glob("*[0-9]-*.zip")) == [-1, 0, 1, 2]


def test_a_disk_that_is_full_in_between_is_told_and_logging_goes_on(trained: tuple[Path, dict[str, Any]]) -> None:
    directory, results = trained
    skip_where_refused(results["disk full"])
    full, again = results["disk full"]["told"]
    assert full.startswith("0 B of the disk are free, ")
    assert full.endswith("from step 1 on records without arrays are kept. Make room or set keep")
    assert again == "from step 2 on everything is kept again"
    whole = [step for step, record in read_records(directory / "copied" / "cnnviz") if record.bundle is not None]
    assert whole == [-1, 0, 2]


@pytest.mark.parametrize(
    ("way", "cause"),
    [
        ("directory removed", "No such file or directory"),
        ("file too large", "File too large"),
        ("file in the way, warnings are errors", "Not a directory"),
    ],
)
def test_trouble_with_the_disk_is_told_once_with_its_cause(
    trained: tuple[Path, dict[str, Any]], way: str, cause: str
) -> None:
    _, results = trained
    told = results[way]["told"]
    assert len(told) == 1, told
    assert cause in told[0]
