"""What the server keeps in memory of bundles, and how often it looks at their files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tensorboard_plugin_cnnviz.bundle_files import read_at, sizes
from tensorboard_plugin_cnnviz.server import over_steps, steps
from tensorboard_plugin_cnnviz.server.bundles import BundleStore
from tensorboard_plugin_cnnviz.server.steps import FileCheck
from tensorboard_plugin_cnnviz.writer import SummaryWriter

from .conftest import RUN, STEPS, bundles_of, make_probes, make_responses, open_api
from .test_reader import experiment, make_reader


def test_steps_of_one_layout_keep_it_once(log: Path, tmp_path: Path) -> None:
    store = BundleStore()
    paths = sorted(bundles_of(log).glob("[-0-9]*.zip"))
    kept = [store.layout(path) for path in paths]
    assert len(kept) == len(STEPS)
    assert len({id(each.layout) for each in kept}) == len({id(each.json) for each in kept}) == 1
    probes = make_probes()
    with SummaryWriter(tmp_path, probes) as writer:
        writer.write(0, make_responses(probes, 0))
    (other,) = bundles_of(tmp_path, "").glob("0-*.zip")
    assert store.layout(other).layout != kept[0].layout


def test_files_are_looked_at_again_only_when_some_came_or_went(own_log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []
    monkeypatch.setattr(steps, "sizes", lambda directory: looks.append(directory) or sizes(directory))
    directory = bundles_of(own_log)
    os.utime(directory, (1e9, 1e9))  # long ago
    reader, _, _ = make_reader(own_log)
    check = FileCheck()
    read = reader.steps(experiment(), RUN)
    first = check(read, directory)
    assert check(read, directory) is first
    assert looks == [directory]
    assert [step.problem for step in first] == [None] * len(STEPS)

    next(directory.glob("1-*.zip")).unlink()
    changed = check(read, directory)
    assert [step.step for step in changed if step.problem] == [1]
    # What changed just now may change once more at what the file system's clock calls the same time.
    next(directory.glob("2-*.zip")).unlink()
    assert [step.step for step in check(read, directory) if step.problem] == [1, 2]
    assert check(read[:1], directory) == first[:1]


def test_a_file_that_is_being_copied_is_looked_at_until_it_is_whole(own_log: Path) -> None:
    directory = bundles_of(own_log)
    path = next(directory.glob("1-*.zip"))
    whole = path.read_bytes()
    path.write_bytes(whole[:1000])
    os.utime(directory, (1e9, 1e9))  # long ago: what grows does not change it
    reader, _, _ = make_reader(own_log)
    check, read = FileCheck(), reader.steps(experiment(), RUN)
    assert [step.step for step in check(read, directory) if step.problem] == [1]
    path.write_bytes(whole)
    assert [step.step for step in check(read, directory) if step.problem] == []


def test_a_run_over_all_steps_opens_each_bundle_once(own_log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    api = open_api(own_log)
    api.over_steps(last=5, probe="violin", layer="conv")
    opened = []
    monkeypatch.setattr(over_steps, "read_at", lambda *where: opened.append(where) or read_at(*where))
    api.over_steps(last=5, probe="violin", layer="conv")
    assert len(opened) == len(STEPS)
