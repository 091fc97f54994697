"""The benchmarks' own arithmetic: who takes turns with whom, and what counts as met."""

from __future__ import annotations

import itertools
import json
import platform
import re
import tempfile
from pathlib import Path

import numpy as np
import pytest

from benchmarks import long_log
from benchmarks.__main__ import BENCHMARKS
from benchmarks.arranging import Maps, less_same_sound
from benchmarks.measure import Work, alternate
from benchmarks.page import PAGE, RESULTS, page
from benchmarks.results import Report, Result, save, table
from tensorboard_plugin_cnnviz.axis import Axis
from tensorboard_plugin_cnnviz.bundle import DIRECTORY

from .runs import bundles, manifest, read_records


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


def report(**options) -> Report:
    return Report("Name", "About.", [Result("wait", 1.5, "ratio", at_most=1.4, why="It is so.", **options)])


def test_json_tells_the_machine_and_a_run_replaces_its_own_report_only(tmp_path):
    path = tmp_path / "results.json"
    save({"one": report(), "other": report()}, path)
    save({"one": report(note="again")}, path)
    content = json.loads(path.read_text(encoding="utf-8"))
    assert [content[name]["results"][0]["note"] for name in ("one", "other")] == ["again", ""]
    assert content["one"]["results"][0]["value"] == 1.5
    assert content["one"]["machine"]["cores"] >= 1
    assert "numpy" in content["one"]["machine"]["versions"]


def test_the_page_tells_what_is_missed_and_why_and_where_each_was_measured(tmp_path):
    path = tmp_path / "results.json"
    save({"one": report(), "other": report()}, path)
    content = json.loads(path.read_text(encoding="utf-8"))
    told = page(content, ["one", "other", "third"])
    assert "* wait: 1.50 x, at most 1.40 x. It is so." in told
    assert "## Name (other)" in told
    assert "Not measured yet: third." in told
    assert told.count("Taken on") == 1
    content["other"]["machine"]["python"] = "2.7"
    assert page(content, content).count("Taken on") == 4


def test_the_committed_page_is_made_from_the_committed_figures():
    assert PAGE.read_text(encoding="utf-8") == page(json.loads(RESULTS.read_text(encoding="utf-8")), BENCHMARKS)


def test_the_page_names_every_benchmark():
    told = re.findall(r"^## .* \((\w+)\)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    waiting = re.findall(r"^Not measured yet: (.*)\.$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted([*told, *(name for names in waiting for name in names.split(", "))]) == sorted(BENCHMARKS)


def test_the_committed_figures_name_no_place():
    text = RESULTS.read_text(encoding="utf-8")
    assert platform.node() not in text.split('"')
    for place in (str(PAGE.parents[1]), str(Path.home()), tempfile.gettempdir() + "/"):
        assert place not in text


def test_a_long_log_is_one_that_parses_and_whose_bundles_are_there(tmp_path):
    long_log.write_real(tmp_path / "real", steps=2, layers={"small": (3, 2, 4)})
    names = long_log.write_long(tmp_path / "real", tmp_path, runs=2, steps=5)
    assert len(names) == 2
    for name in names:
        records = read_records(tmp_path / name)
        assert [(step, record.epoch) for step, record in records] == [(step, step) for step in range(5)]
        files = [record.bundle.file for _, record in records]
        assert len(set(files)) == 5
        assert {path.name for path in bundles(tmp_path / name)} == {*files, records[0][1].probes}
        for (_, record), real in zip(records, itertools.cycle((0, 1)), strict=False):
            path = tmp_path / name / DIRECTORY / record.bundle.file
            assert path.stat().st_size == record.bundle.bytes
            assert manifest(path)["step"] == real


def test_nothing_of_the_maps_is_lost_less_the_same_sound():
    codes = np.random.default_rng(0).integers(0, 253, (2, 12, 10, 3), dtype=np.uint8)
    for stride, back, shift in ((1.0, 1, 4), (3.0, 3, 4), (9.0, 9, 4), (27.0, 27, 4)):
        time = Axis(cells=43, centres=tuple(stride * np.arange(10)), stride=stride, field=3.0, approximate=False)
        whole = less_same_sound(Maps(codes, time))
        for window in range(back, 12):
            whole[:, window, :-shift] += whole[:, window - back, shift:]
        np.testing.assert_array_equal(whole, codes)
