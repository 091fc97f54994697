"""The benchmarks' own arithmetic: who takes turns with whom, and what counts as met."""

from __future__ import annotations

import json

import pytest

from benchmarks.measure import Work, alternate
from benchmarks.results import Report, Result, save, table


def test_works_take_turns_and_settle_each_time():
    calls = []
    works = {name: Work(lambda n=name: calls.append(n), lambda n=name: calls.append(f"{n} settled")) for name in "ab"}
    costs = alternate(works, repeats=2)
    turn = ["a", "a settled", "b", "b settled"]
    assert calls == turn * 3  # the first is not measured
    assert set(costs) == {"a", "b"}
    assert all(cost.wait >= 0 and cost.cpu >= 0 for cost in costs.values())


@pytest.mark.parametrize(
    ("result", "met", "cells"),
    [
        (Result("wait", 1.352, "ratio", at_most=1.4), True, "| wait | 1.35 x | at most 1.40 x | met |"),
        (Result("wait", 1.41, "ratio", at_most=1.4), False, "| wait | 1.41 x | at most 1.40 x | **missed** |"),
        (Result("bytes", 6.4, "ratio", at_least=6.5), False, "| bytes | 6.40 x | at least 6.50 x | **missed** |"),
        (Result("plain", 1234.5, "ms", note="once"), None, "| plain | 1,234 ms |  | once |"),
    ],
)
def test_a_target_is_met_or_missed(result, met, cells):
    assert result.met is met
    assert table(Report("Name", "About.", [result])).splitlines()[-1] == cells


def test_json_tells_the_machine(tmp_path):
    path = tmp_path / "results.json"
    save([Report("Name", "About.", [Result("wait", 1.5, "ratio", at_most=1.4)])], path)
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["reports"][0]["results"][0]["value"] == 1.5
    assert content["machine"]["cores"] >= 1
    assert "numpy" in content["machine"]["versions"]
