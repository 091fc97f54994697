"""Runs that are gone on with: after a writer that was killed, beside one that is alive, with a clock that is behind."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import sys
import threading
import time
import zipfile
from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader

from tensorboard_plugin_cnnviz import CNNVizError, SummaryWriter, records, run_lock
from tensorboard_plugin_cnnviz.events import read_recorded
from tensorboard_plugin_cnnviz.run_lock import RunInUseError

from .dying_writer import make_probe, make_response, run_until_dead, start_holding


def bundles(directory: Path) -> Path:
    return directory / "plugins" / "cnnviz"


def recorded(directory: Path) -> list[tuple[int, records.Record, str]]:
    """Step, record and tag of every event, as TensorBoard's own reader gives them, by the event files' names."""
    return [
        (event.step, records.parse_record(value.tensor.string_val[0]), value.tag)
        for path in sorted(directory.glob("events.*"))
        for event in EventFileLoader(str(path)).Load()
        for value in event.summary.value
    ]


def write(directory: Path, *steps: int, **options: object) -> None:
    with SummaryWriter(directory, [make_probe()], class_names=["a", "b"], **options) as writer:
        for step in steps:
            writer.write(step, [make_response(step)])


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs of killed writers, by the point at which they died; never changed."""
    root = tmp_path_factory.mktemp("killed")
    for point in ("bundle", "record", "cut"):
        run_until_dead(root / point, point)
    return root


def test_the_dying_writer_leaves_what_its_name_says(killed: Path) -> None:
    names = {point.name: sorted(path.name for path in bundles(point).iterdir()) for point in killed.iterdir()}
    assert [sum(name.endswith(".part") for name in names[point]) for point in ("bundle", "record", "cut")] == [1, 0, 0]
    assert [sum(name.startswith("2-") for name in names[point]) for point in ("bundle", "record", "cut")] == [0, 1, 1]
    assert all("writer.lock" in each for each in names.values())
    assert [[step for step, _, _ in recorded(point)] for point in killed.iterdir()] == [[0, 1]] * 3


@pytest.mark.parametrize("point", ["bundle", "record", "cut"])
def test_the_next_writer_goes_on_after_a_killed_one(killed: Path, tmp_path: Path, point: str) -> None:
    run = tmp_path / "run"
    shutil.copytree(killed / point, run)
    write(run, 3)
    steps = {step: record for step, record, _ in recorded(run)}
    # A bundle that was whole gets its record; half a bundle is worth nothing.
    assert sorted(steps) == ([0, 1, 3] if point == "bundle" else [0, 1, 2, 3])
    for record in steps.values():
        assert record.bundle is not None
        path = bundles(run) / record.bundle.file
        assert path.stat().st_size == record.bundle.bytes
        with zipfile.ZipFile(path) as archive:
            manifest = records.parse_step_manifest(archive.read("manifest.json"))
            assert record.layout == manifest.layout.digest()
            assert record.probes == manifest.probes
            for name in ("statistics", "predictions", "ranges"):
                offset, size = getattr(record.bundle.arrays, name)
                assert path.read_bytes()[offset : offset + size] == archive.read(f"{name}.npy")
    kinds = [path.suffix for path in bundles(run).iterdir()]
    assert set(kinds) == {".zip"}
    # The clips are the same, and so is their file.
    assert len(kinds) == len(steps) + 1


def test_a_record_written_later_is_the_one_that_was_lost(killed: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(killed / "record", run)
    write(run)
    first, _, lost = (record for _, record, _ in recorded(run))
    path = next(bundles(run).glob("2-*.zip"))
    with SummaryWriter(tmp_path / "whole", [make_probe()], class_names=["a", "b"]) as writer:
        writer.write(2, [make_response(2)])
    ((_, whole, _),) = recorded(tmp_path / "whole")
    assert lost.bundle is not None
    assert whole.bundle is not None
    assert lost.bundle.file == path.name
    assert (lost.layout, lost.probes, lost.epoch, lost.batch) == (whole.layout, first.probes, 2, None)
    assert lost.bundle.arrays == whole.bundle.arrays
    before = len(recorded(run))
    write(run)
    assert len(recorded(run)) == before


def test_a_bundle_without_record_that_is_damaged_stays_and_is_counted(killed: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(killed / "record", run)
    path = next(bundles(run).glob("2-*.zip"))
    path.write_bytes(path.read_bytes()[:-30])
    with SummaryWriter(run, [make_probe()]) as writer:
        assert writer.used_bytes == sum(each.stat().st_size for each in bundles(run).glob("*.zip"))
    assert path.exists()
    assert [step for step, _, _ in recorded(run)] == [0, 1]


def test_a_living_writers_run_is_refused_and_a_killed_ones_is_not(tmp_path: Path) -> None:
    process = start_holding(tmp_path)
    unfinished = bundles(tmp_path) / ".9-0123456789abcdef.zip.part"
    unfinished.write_bytes(b"")
    try:
        with pytest.raises(RunInUseError, match=r"is being written to by another process"):
            write(tmp_path, 3)
        assert unfinished.exists()
        assert [step for step, _, _ in recorded(tmp_path)] == [0, 1, 2]
    finally:
        process.kill()
        process.communicate()
    write(tmp_path, 3)
    assert [step for step, _, _ in recorded(tmp_path)] == [0, 1, 2, 3]
    assert not unfinished.exists()


def test_one_writer_at_a_time_in_one_process(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "run", target_is_directory=True)
    with SummaryWriter(tmp_path / "run", [make_probe()]) as writer:
        for name in ("run", "link", "run"):
            with pytest.raises(CNNVizError, match=r"is being written to by another writer of this process"):
                SummaryWriter(tmp_path / name, [make_probe()])
        writer.write(0, [make_response(0)])
    write(tmp_path / "run", 1)
    assert [step for step, _, _ in recorded(tmp_path / "run")] == [0, 1]
    assert not (bundles(tmp_path / "run") / "writer.lock").exists()


def test_a_writer_that_could_not_be_made_holds_nothing(tmp_path: Path) -> None:
    with pytest.raises(CNNVizError, match="raise max_disk"):
        write(tmp_path, 1, max_disk=1)
    write(tmp_path, 1)
    assert [step for step, _, _ in recorded(tmp_path)] == [1]


def test_of_many_who_come_at_once_one_gets_the_run(tmp_path: Path) -> None:
    got: list[SummaryWriter] = []
    barrier = threading.Barrier(8)

    def come() -> None:
        barrier.wait()
        with contextlib.suppress(RunInUseError):
            got.append(SummaryWriter(tmp_path, [make_probe()]))

    threads = [threading.Thread(target=come) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (writer,) = got
    writer.close()


@pytest.mark.skipif(sys.platform == "win32", reason="of POSIX locks")
def test_without_locks_nobody_is_refused_and_nothing_taken_for_dead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(file: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    process = start_holding(tmp_path)
    unfinished = bundles(tmp_path) / ".9-0123456789abcdef.zip.part"
    unfinished.write_bytes(b"")
    # No file system here is without locks: all else is real.
    monkeypatch.setattr(run_lock, "_lock", no_locks)
    try:
        write(tmp_path, 1, 2)
    finally:
        process.kill()
        process.communicate()
    assert unfinished.exists()
    found = recorded(tmp_path)
    assert [step for step, _, _ in found] == [0, 1, 2, 1, 2]
    # A tag of its own: in one tag, TensorBoard would drop the steps of the one who is further on.
    assert [tag == "cnnviz" for _, _, tag in found] == [True, True, True, False, False]


def test_in_each_tag_steps_only_ascend_whatever_is_written(tmp_path: Path) -> None:
    write(tmp_path, 0, 1, 2)
    write(tmp_path, 2, 3, 4)
    write(tmp_path, 3, 1, 5)
    write(tmp_path, 6)
    found = recorded(tmp_path)
    assert [step for step, _, _ in found] == [0, 1, 2, 2, 3, 4, 3, 1, 5, 6]
    tags: dict[str, list[int]] = {}
    for step, _, tag in found:
        tags.setdefault(tag, []).append(step)
    assert tags["cnnviz"] == [0, 1, 2, 2, 3, 4, 6]
    assert sorted(tags.values()) == [[0, 1, 2, 2, 3, 4, 6], [1, 5], [3]]


def test_the_newest_record_has_the_latest_time_and_stands_in_the_last_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, 0, 1)
    now = time.time()
    # The run was moved to a machine whose clock is an hour behind.
    monkeypatch.setattr(time, "time", lambda: now - 3600)
    write(tmp_path, 1)
    write(tmp_path, 1, 2)
    files = sorted(tmp_path.glob("events.*"))
    times = [
        (event.step, event.wall_time) for path in files for event in EventFileLoader(str(path)).Load() if event.step
    ]
    assert [step for step, _ in times] == [1, 1, 1, 2]
    assert times == sorted(times)
    assert len({wall_time for step, wall_time in times if step == 1}) == 3
    manifests = [json.loads(zipfile.ZipFile(path).read("manifest.json")) for path in bundles(tmp_path).glob("1-*.zip")]
    assert sorted(each["wall_time"] for each in manifests) == [wall for step, wall in times if step == 1]


def test_a_damaged_event_file_is_read_up_to_the_damage(tmp_path: Path) -> None:
    write(tmp_path, 0, 1, 2)
    (path,) = tmp_path.glob("events.*")
    whole = path.read_bytes()
    assert read_recorded(tmp_path).last_step == 2
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        assert read_recorded(tmp_path).last_step in (None, 0, 1)
    for place in range(0, len(whole), 11):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :])
        assert read_recorded(tmp_path).last_step in (None, 0, 1)


def test_event_files_of_others_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "events.out.tfevents.1700000000.host.1.0").write_bytes(b"\xff" * 100)
    write(tmp_path, 0)
    assert read_recorded(tmp_path).last_step == 0
