"""Runs that were gone on with, cut off, copied and moved, as a real TensorBoard reads them by each data server."""

from __future__ import annotations

import io
import os
import shutil
import time
import urllib.error
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tensorboard_plugin_cnnviz import SummaryWriter, run_lock
from tests.dying_writer import make_probe, make_response, run_until_dead
from tests.e2e.tensorboard import DATA_SERVERS, TensorBoard

from .conftest import bundles_of
from .test_data_servers import has_rust_server

# The steps that each writer of a run wrote, one writer after the other.
WRITTEN = {
    "goes on": [[-1, 0, 1], [2, 3]],
    "repeats the last": [[-1, 0, 1, 2], [2, 3]],
    "back by one": [[0, 1, 2, 3], [2]],
    "far back": [[0, 1, 2, 3, 4, 5], [1, 2], [0], [6]],
    "one writer back and forth": [[3, 1, 2, 5, 4]],
    "clock behind": [[0, 1, 2], [1, 2, 3]],
    "two at once": [],
}


def write(directory: Path, steps: list[int]) -> None:
    with SummaryWriter(directory, [make_probe()], class_names=["a", "b"]) as writer:
        for step in steps:
            writer.write(step, [make_response(step)])


def write_at_once(directory: Path) -> None:
    """Two writers in turn, as where the file system has no locks: one is ahead, the other comes after."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_lock, "_acquire", _acquire_unlocked)
        writers = [SummaryWriter(directory, [make_probe()]) for _ in range(2)]
    for step in range(4):
        for writer, ahead in zip(writers, (2, 0), strict=True):
            writer.write(step + ahead, [make_response(step + ahead)])
            writer.flush()
    for writer in writers:
        writer.close()


def _acquire_unlocked(path: Path) -> tuple[int, tuple[int, int], bool]:
    return os.open(path, os.O_RDWR | os.O_CREAT), (0, 0), False


def snapshot(root: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in root.rglob("*")}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All runs, where they were written; never changed."""
    root = tmp_path_factory.mktemp("machine") / "logs"
    points = ("bundle", "record", "cut")
    with ThreadPoolExecutor() as pool:
        list(pool.map(run_until_dead, [root / f"killed {point}" for point in points], points))
    for name, writers in WRITTEN.items():
        for number, steps in enumerate(writers):
            with pytest.MonkeyPatch.context() as patch:
                if name == "clock behind" and number:
                    now = time.time()
                    patch.setattr(time, "time", lambda now=now: now - 3600)
                write(root / name, steps)
    write_at_once(root / "two at once")
    return root


@pytest.fixture(scope="module", params=DATA_SERVERS, ids=["rust", "python"])
def tensorboard(
    request: pytest.FixtureRequest, written: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TensorBoard]:
    if request.param == "true" and not has_rust_server():
        pytest.skip("TensorBoard's fast data server does not exist for this platform")
    place = tmp_path_factory.mktemp("another") / "place"
    shutil.copytree(written, place)
    (place / "goes on").rename(place / "renamed")
    with TensorBoard(place, load_fast=request.param) as server:
        server.wait_for("renamed", 3)
        server.wait_for("two at once", 5)
        yield server


def steps_of(tensorboard: TensorBoard, run: str) -> dict[int, Any]:
    answer = tensorboard.read("steps", run=run)
    assert answer["problem"] is None
    return {step["step"]: step for step in answer["steps"]}


@pytest.mark.parametrize("run", [name for name in WRITTEN if name != "goes on"])
def test_every_step_is_there_and_the_newest_record_of_it_counts(tensorboard: TensorBoard, run: str) -> None:
    shown = steps_of(tensorboard, run)
    newest: dict[int, tuple[float, str]] = {}
    for path in bundles_of(tensorboard.logdir, run).glob("*[0-9]-*.zip"):
        manifest = tensorboard.read("manifest", run=run, file=path.name)
        newest[manifest["step"]] = max(newest.get(manifest["step"], (0.0, "")), (manifest["wall_time"], path.name))
    assert list(shown) == sorted(newest)
    assert set(shown) == {step for steps in WRITTEN[run] for step in steps} or run == "two at once"
    assert {step: (each["wall_time"], each["record"]["bundle"]["file"]) for step, each in shown.items()} == newest
    assert {each["problem"] for each in shown.values()} == {None}
    statistics = tensorboard.read_bytes("over_steps", run=run, last=max(shown), probe="clip", layer="conv")
    assert np.isfinite(np.load(io.BytesIO(statistics))).all()


def test_a_run_that_was_renamed_is_read_whole(tensorboard: TensorBoard) -> None:
    shown = steps_of(tensorboard, "renamed")
    assert list(shown) == [-1, 0, 1, 2, 3]
    record = shown[3]["record"]
    assert tensorboard.read("manifest", run="renamed", file=record["bundle"]["file"])["step"] == 3
    assert tensorboard.read("manifest", run="renamed", file=record["probes"])["kind"] == "probes"


@pytest.mark.parametrize("point", ["bundle", "record", "cut"])
def test_a_killed_writers_run_is_read_and_goes_on_while_it_is_watched(tensorboard: TensorBoard, point: str) -> None:
    run = f"killed {point}"
    shown = steps_of(tensorboard, run)
    assert list(shown) == [0, 1]
    assert {each["problem"] for each in shown.values()} == {None}
    write(tensorboard.logdir / run, [3])
    tensorboard.wait_for(run, 3)
    assert list(steps_of(tensorboard, run)) == ([0, 1, 3] if point == "bundle" else [0, 1, 2, 3])


def test_an_earlier_step_that_is_logged_again_is_news(tensorboard: TensorBoard) -> None:
    run = "renamed"
    before = steps_of(tensorboard, run)
    told = next(entry for entry in tensorboard.read("index")["runs"] if entry["run"] == run)
    write(tensorboard.logdir / run, [1])

    def is_news() -> bool:
        return told not in tensorboard.read("index")["runs"]

    tensorboard.wait_until(is_news)
    after = steps_of(tensorboard, run)
    assert list(after) == list(before)
    assert [step for step in after if after[step] != before[step]] == [1]


def test_a_copy_that_is_not_complete_names_what_is_missing_and_is_read_as_it_fills(tensorboard: TensorBoard) -> None:
    whole = tensorboard.logdir / "far back"
    copy = tensorboard.logdir / "copies" / "of it"
    arrays = copy / "plugins" / "cnnviz"
    arrays.mkdir(parents=True)
    shown = steps_of(tensorboard, "far back")
    files = {step: each["record"]["bundle"]["file"] for step, each in shown.items()}
    probes = shown[0]["record"]["probes"]
    # Copied so far: the event files, half of a bundle under its name, a temporary file of rsync's, the other bundles.
    for path in whole.glob("events.*"):
        shutil.copy2(path, copy)
    for path in bundles_of(whole, ".").glob("*.zip"):
        if path.name not in (files[1], probes):
            shutil.copy2(path, arrays)
    (arrays / files[2]).write_bytes((arrays / files[2]).read_bytes()[:1000])
    (arrays / f".{files[1]}.a1B2c3").write_bytes(b"PK")
    run = "copies/of it"
    tensorboard.wait_for(run, 6)
    problems = {step: each["problem"] for step, each in steps_of(tensorboard, run).items()}
    size = (bundles_of(whole, ".") / files[2]).stat().st_size
    damaged = f"{files[2]} is damaged: it has 1000 bytes, its record says {size}"
    missing = f"{files[1]} is missing: deleted by keep, or not copied with the run"
    assert problems == {**dict.fromkeys(shown, None), 1: missing, 2: damaged}
    with pytest.raises(urllib.error.HTTPError) as error:
        tensorboard.read("manifest", run=run, file=probes)
    assert error.value.read().decode() == f"Not found: {probes} is missing"
    assert tensorboard.read("manifest", run=run, file=files[3])["step"] == 3

    for name in (files[1], files[2], probes):
        shutil.copy2(bundles_of(whole, ".") / name, arrays)
    assert {each["problem"] for each in steps_of(tensorboard, run).values()} == {None}
    for name in (files[1], files[2], probes):
        assert tensorboard.read("manifest", run=run, file=name)["kind"] in ("step", "probes")


def test_reading_needs_no_right_to_write(tensorboard: TensorBoard) -> None:
    copy = tensorboard.logdir / "read only"
    shutil.copytree(tensorboard.logdir / "back by one", copy)
    for path in [*copy.rglob("*"), copy]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = snapshot(copy)
    try:
        tensorboard.wait_for("read only", 3)
        for step, each in steps_of(tensorboard, "read only").items():
            assert each["problem"] is None
            assert tensorboard.read("manifest", run="read only", file=each["record"]["bundle"]["file"])["step"] == step
        # Who may do anything needs no right: nothing is written either.
        assert snapshot(copy) == before
    finally:
        for path in [copy, *copy.rglob("*")]:
            path.chmod(0o755)
