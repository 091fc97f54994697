"""The writer on a real file system of a few hundred kilobytes, which others fill, lock and empty again."""

from __future__ import annotations

import re
import threading
import warnings
from contextlib import contextmanager

import pytest

from tensorboard_plugin_cnnviz import CNNVizError, Response, SummaryWriter
from tensorboard_plugin_cnnviz.disk import Space, space_of
from tensorboard_plugin_cnnviz.errors import CNNVizWarning

from .runs import bundles, manifest, probe, read_records, response
from .small_disk import NotAllowedError, small_disk

WHOLE = 24_000  # a little more than a step of `response()` takes


@contextmanager
def told():
    texts = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield texts
    assert all(each.category is CNNVizWarning for each in caught)
    texts += [str(each.message) for each in caught]


def write(writer, *steps):
    for step in steps:
        writer.write(step=step, responses=[response()])
        writer.flush()


def kept(run):
    """Step to what was kept of it, and why not more."""
    found = {}
    for step, record in read_records(run):
        if record.bundle is None:
            found[step] = (None, record.why)
        elif (path := run / "plugins" / "cnnviz" / record.bundle.file).exists():
            arrays = manifest(path)["responses"][0]
            found[step] = (arrays["kept"], arrays["why"])
    return found


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


@contextmanager
def watched(folder):
    """The most that all files of a folder ever took, looked at all the while."""
    most, done = [0], threading.Event()

    def watch():
        while not done.is_set():
            try:
                most[0] = max(most[0], sum(path.stat().st_size for path in folder.iterdir()))
            except FileNotFoundError:
                continue
            done.wait(0.0005)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield most
    finally:
        done.set()
        watcher.join()


def test_max_disk_holds_at_every_moment_and_steps_say_what_they_lack(disk):
    limit = 5 * WHOLE
    run = disk.path / "run"
    with told() as texts, SummaryWriter(run, [probe()], max_disk=limit) as writer:
        with watched(run / "plugins" / "cnnviz") as most:
            write(writer, *range(25))
        assert most[0] <= limit
        assert most[0] >= writer.used_bytes >= 0.9 * limit
    assert [re.search(r"from step \d+ on (.*) are kept", text)[1] for text in texts] == [
        "strips without single windows",
        "summaries only",
        "records without arrays",
    ]
    details = [detail for detail, _ in kept(run).values()]
    assert details == sorted(details, key=["windows", "strip", "summary", None].index)
    assert set(details) == {"windows", "strip", "summary", None}
    assert {why for detail, why in kept(run).values() if detail != "windows"} == {"max_disk"}


def test_max_disk_holds_where_steps_are_larger_than_those_before(disk):
    """Silent layers take next to nothing, so that the loud step after them is tried whole though it does not fit."""
    limit = 3 * WHOLE
    run = disk.path / "run"
    loud = response()
    silent = Response("a", {name: array * 0 for name, array in loud.activations.items()})
    with told(), SummaryWriter(run, [probe()], max_disk=limit) as writer:
        with watched(run / "plugins" / "cnnviz") as most:
            for step in range(30):
                writer.write(step=step, responses=[loud if step % 4 == 0 else silent])
        assert writer.used_bytes <= most[0] <= limit
    assert len({kept(run)[step] for step in range(0, 30, 4)}) > 2


def test_what_the_writer_never_fills_is_left_to_checkpoints(disk):
    run = disk.path / "run"
    space = space_of(disk.path)
    assert space == Space(disk.free(), disk.size())
    assert space.reserve == disk.size() // 20
    with told() as texts, SummaryWriter(run, [probe()]) as writer:
        write(writer, *range(60))
        # Records are written all the same; a file's last block is taken whole.
        (records,) = run.glob("events.*")
        assert space.reserve <= disk.free() + records.stat().st_size + 2 * 4096
        assert disk.free() <= space.reserve + WHOLE
    assert len(texts) == 3
    assert all(
        "of the disk are free, and the last 40.1 kB are left to checkpoints; from step " in text for text in texts
    )
    assert {why for detail, why in kept(run).values() if detail != "windows"} == {"free_disk"}
    assert {detail for detail, _ in kept(run).values()} == {"windows", "strip", "summary", None}


def test_a_disk_that_fills_and_empties(disk):
    run = disk.path / "run"
    with SummaryWriter(run, [probe()]) as writer:
        write(writer, 0, 1)
        with told() as texts:
            disk.fill()
            write(writer, *range(2, 20))
        text, waiting = texts
        assert text.startswith(
            "0 B of the disk are free, and the last 40.1 kB are left to checkpoints; from step 2 on "
        )
        assert text.endswith("records without arrays are kept. Make room or set keep")
        # The first ones found room while the last block of their file lasted.
        first = int(re.match(r"No space left on device in .*: from step (\d+) on records wait ", waiting)[1])
        assert 2 < first < 20
        assert list(kept(run)) == list(range(first))
        disk.empty()
        with told() as texts:
            write(writer, 20, 21)
        assert texts == ["from step 20 on everything is kept again"]
        with told() as texts:
            disk.fill()
            write(writer, 22)
            disk.empty()
            write(writer, 23)
        assert texts == []
    found = kept(run)
    assert [step for step, detail in found.items() if detail == ("windows", None)] == [0, 1, 20, 21, 23]
    assert list(found) == list(range(24))
    assert {found[step] for step in (*range(2, 20), 22)} == {(None, "free_disk")}
    assert len(files(run)) == 2 + 5


@pytest.mark.parametrize("room", [True, False])
def test_records_that_wait_are_written_at_the_end_or_said_to_be_lost(disk, room):
    run = disk.path / "run"
    with told() as texts, SummaryWriter(run, [probe()]) as writer:
        write(writer, 0)
        disk.fill()
        write(writer, *range(1, 20))
        if room:
            disk.empty()
    steps = list(kept(run))
    assert steps == list(range(20 if room else len(steps)))
    if not room:
        lost = ", ".join(map(str, range(len(steps), 20)))
        assert texts[-1] == f"steps {lost} were not logged: until the end there was no room for their records"


def test_a_disk_that_fills_while_a_step_is_written(disk, monkeypatch):
    """What was free when the step began is not there any more."""
    monkeypatch.setattr("tensorboard_plugin_cnnviz.allotment.space_of", lambda _: None)
    run = disk.path / "run"
    with SummaryWriter(run, [probe()]) as writer:
        write(writer, 0)
        disk.fill(leave=16384)
        with told() as texts:
            write(writer, 1)
        disk.empty()
        with told() as again:
            write(writer, 2)
    (text,) = texts
    assert text.startswith("No space left on device in ")
    assert "from step 1 on strips without single windows are kept" in text
    assert text.endswith("Make room or set keep")
    assert again == ["from step 2 on everything is kept again"]
    assert kept(run) == {0: ("windows", None), 1: ("strip", "free_disk"), 2: ("windows", None)}
    assert len(files(run)) == 5


def test_a_disk_that_is_full_at_the_start(disk):
    run = disk.path / "run"
    disk.fill()
    with pytest.raises(CNNVizError, match=r"cannot write to .*: No space left on device; make room or choose another"):
        SummaryWriter(run, [probe()])
    disk.empty()
    disk.fill(leave=4096)
    with pytest.raises(CNNVizError, match="No space left on device"):
        SummaryWriter(run, [probe()])
    # The probes found room and are used by the next writer.
    assert [path.name.partition("-")[0] for path in files(run)] == ["probes"]
    disk.empty()
    with SummaryWriter(run, [probe()]) as writer:
        write(writer, 0)
    assert kept(run) == {0: ("windows", None)}
    assert len(files(run)) == 3


def test_a_disk_that_becomes_read_only(disk):
    run = disk.path / "run"
    with SummaryWriter(run, [probe()], keep=2) as writer:
        write(writer, 0, 1)
        disk.lock(run)
        with told() as texts:
            write(writer, 2, 3)
        disk.unlock(run)
        write(writer, 4)
    (text,) = texts
    assert text.startswith("a step was not logged: Read-only file system in ")
    assert list(kept(run)) == [1, 4]
    assert len(files(run)) == 4


def test_a_file_system_that_tells_no_size(tmp_path):
    try:
        with small_disk(tmp_path, 0) as disk:
            assert space_of(disk.path) is None
            with SummaryWriter(disk.path / "run", [probe()]) as writer:
                write(writer, 0)
                assert "free" not in writer.disk_message(3)
            assert kept(disk.path / "run") == {0: ("windows", None)}
    except NotAllowedError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize(("keep", "left"), [(2, [38, 39]), ("every 10", [0, 10, 20, 30, 39])])
def test_with_keep_the_use_of_the_disk_stays_flat(disk, keep, left):
    """Forty whole steps would take more than the disk has."""
    run = disk.path / "run"
    with SummaryWriter(run, [probe()], keep=keep) as writer:
        write(writer, 0)
        size = writer.last_bundle_bytes
        with watched(run / "plugins" / "cnnviz") as most:
            write(writer, *range(1, 40))
        assert most[0] <= (len(left) + 1) * size * 1.05
        assert writer.used_bytes == sum(path.stat().st_size for path in bundles(run))
    assert kept(run) == dict.fromkeys(left, ("windows", None))
    assert disk.size() - disk.free() <= (len(left) + 3) * WHOLE


def test_where_keep_makes_room_steps_are_whole_again(disk):
    """One whole step and a second one do not fit together; each change is told once."""
    run = disk.path / "run"
    with told() as texts, SummaryWriter(run, [probe()], keep=1, max_disk=WHOLE * 24 // 10) as writer:
        write(writer, *range(6))
    strips, whole = texts
    assert "from step 1 on strips" in strips
    assert whole == "from step 2 on everything is kept again"
    assert kept(run) == {5: ("strip", "max_disk")}
