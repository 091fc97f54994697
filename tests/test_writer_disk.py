"""What the writer does when the disk is short, fails or is gone."""

from __future__ import annotations

import warnings

import pytest
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader

from tensorboard_plugin_cnnviz import CNNVizError, SummaryWriter
from tensorboard_plugin_cnnviz.errors import CNNVizWarning
from tensorboard_plugin_cnnviz.events import EventWriter

from .runs import bundles, manifest, probe, read_records, response


def test_a_directory_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CNNVizError, match=r"cannot write to .*file.*choose another directory"):
        SummaryWriter(tmp_path / "file" / "run", [probe()])


def test_lost_disk_skips_steps_warns_once_and_later_steps_are_kept(tmp_path):
    writer = SummaryWriter(tmp_path, [probe()])
    folder = tmp_path / "plugins" / "cnnviz"
    writer.write(step=0, responses=[response()])
    writer.flush()
    folder.rename(tmp_path / "away")
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        for step in (1, 2, 3):
            writer.write(step=step, responses=[response()])
            writer.flush()
    (warning,) = told
    assert warning.category is CNNVizWarning
    assert "a step was not logged: No such file or directory" in str(warning.message)
    (tmp_path / "away").rename(folder)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        writer.write(step=4, responses=[response()])
        writer.close()
    assert [step for step, _ in read_records(tmp_path)] == [0, 4]


@pytest.mark.parametrize("length", [10, 10_000])
def test_a_half_written_event_is_taken_back(tmp_path, length):
    resource = pytest.importorskip("resource")
    events = EventWriter(tmp_path)
    events.write(0, b"first", wall_time=1.0)
    (path,) = tmp_path.glob("events.*")
    size = path.stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 40, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            events.write(1, b"x" * length, wall_time=2.0)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.stat().st_size == size
    events.write(2, b"third", wall_time=3.0)
    events.close()
    assert [event.step for event in EventFileLoader(str(path)).Load()][1:] == [0, 2]


def test_the_disk_budget_lowers_detail_and_says_so_in_the_step(tmp_path):
    with SummaryWriter(tmp_path, [probe()]) as writer:
        writer.write(step=0, responses=[response()])
        writer.flush()
        one = writer.last_bundle_bytes
    with warnings.catch_warnings(record=True) as told, SummaryWriter(tmp_path, [probe()], max_disk=one * 5) as writer:
        warnings.simplefilter("always")
        for step in range(1, 30):
            writer.write(step=step, responses=[response()])
            writer.flush()
        assert writer.used_bytes <= one * 5
    assert all(warning.category is CNNVizWarning for warning in told)
    texts = [str(warning.message) for warning in told]
    for text, left in zip(texts, ("strips without single windows", "summaries only", "records without"), strict=True):
        assert text.startswith("max_disk: ")
        assert f" on {left}" in text
    kept = {step: record.bundle for step, record in read_records(tmp_path)}
    files = {path.name: path for path in bundles(tmp_path)}
    details = [
        "nothing" if reference is None else manifest(files[reference.file])["responses"][0]["kept"]
        for _, reference in sorted(kept.items())
    ]
    order = ["windows", "strip", "summary", "nothing"]
    assert details == sorted(details, key=order.index)
    assert set(details) == set(order)
    first_strip = details.index("strip")
    assert manifest(files[kept[first_strip].file])["responses"][0]["why"] == "max_disk"


def test_a_first_step_that_is_too_large_is_kept_with_less_detail(tmp_path):
    with SummaryWriter(tmp_path / "free", [probe()]) as writer:
        writer.write(step=0, responses=[response()])
        writer.flush()
        limit = writer.used_bytes
    with SummaryWriter(tmp_path / "short", [probe()], max_disk=limit) as writer:
        writer.write(step=0, responses=[response()])
        with pytest.warns(CNNVizWarning, match=r"max_disk: .* B of .* kB are used; from step 0 on strips"):
            writer.flush()
        assert sum(path.stat().st_size for path in bundles(tmp_path / "short")) == writer.used_bytes <= 0.95 * limit
    ((_, record),) = read_records(tmp_path / "short")
    kept = manifest(tmp_path / "short" / "plugins" / "cnnviz" / record.bundle.file)["responses"][0]
    assert (kept["kept"], kept["why"]) == ("strip", "max_disk")


def test_a_bundle_that_is_gone_already_needs_no_deleting(tmp_path):
    with warnings.catch_warnings(), SummaryWriter(tmp_path, [probe()], keep=1) as writer:
        warnings.simplefilter("error")
        writer.write(step=0, responses=[response()])
        writer.flush()
        next((tmp_path / "plugins" / "cnnviz").glob("0-*.zip")).unlink()
        writer.write(step=1, responses=[response()])
        writer.flush()
    assert [step for step, _ in read_records(tmp_path)] == [0, 1]


def test_a_bundle_that_cannot_be_deleted_is_told_and_the_step_stands(tmp_path):
    with SummaryWriter(tmp_path, [probe()], keep=1) as writer:
        writer.write(step=0, responses=[response()])
        writer.flush()
        (stuck,) = (tmp_path / "plugins" / "cnnviz").glob("0-*.zip")
        stuck.unlink()
        stuck.mkdir()
        writer.write(step=1, responses=[response()])
        with pytest.warns(CNNVizWarning, match="keep: a bundle was not deleted"):
            writer.flush()
    assert [step for step, _ in read_records(tmp_path)] == [0, 1]


def test_a_refused_event_takes_its_bundle_and_its_share_of_the_budget_back(tmp_path):
    resource = pytest.importorskip("resource")
    with SummaryWriter(tmp_path, [probe()]) as writer:
        writer.write(step=0, responses=[response()])
        writer.flush()
        used = writer.used_bytes
        # Larger than any bundle here, and full with what the event file is padded with.
        limit = writer.last_bundle_bytes + 100_000
        (events,) = tmp_path.glob("events.*")
        with events.open("ab") as padded:
            padded.truncate(limit)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        writer._events._stream.seek(limit)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        try:
            writer.write(step=1, responses=[response()])
            with pytest.warns(CNNVizWarning, match="a step was not logged: File too large"):
                writer.flush()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert writer.used_bytes == used == sum(path.stat().st_size for path in bundles(tmp_path))


def test_keep_deletes_only_bundles_of_this_writer(tmp_path):
    for start in (0, 10):
        with SummaryWriter(tmp_path, [probe()], keep=2) as writer:
            for step in range(start, start + 5):
                writer.write(step=step, responses=[response()])
    steps = sorted(int(path.name.split("-")[0]) for path in bundles(tmp_path) if not path.name.startswith("probes"))
    assert steps == [3, 4, 13, 14]
    assert [step for step, _ in read_records(tmp_path)] == [*range(5), *range(10, 15)]


def test_equal_probes_are_written_once_for_all_writers_of_a_run(tmp_path):
    for step, probes in enumerate([[probe("a")], [probe("a")], [probe("a"), probe("b")], [probe("a")]]):
        with SummaryWriter(tmp_path, probes) as writer:
            writer.write(step=step, responses=[response("a")])
    files = [record.probes for _, record in read_records(tmp_path)]
    assert files[0] == files[1] == files[3] != files[2]
    assert {path.name for path in bundles(tmp_path) if path.name.startswith("probes")} == set(files)
    kept = tmp_path / "plugins" / "cnnviz" / files[0]
    kept.write_bytes(kept.read_bytes()[::-1])
    with SummaryWriter(tmp_path, [probe("a")]) as writer:
        writer.write(step=4, responses=[response("a")])
    assert read_records(tmp_path)[-1][1].probes not in files


def test_probes_that_exceed_max_disk_are_told_at_once(tmp_path):
    with pytest.raises(CNNVizError, match=r"the probes take \d+ B, and 0 B of max_disk \(100 B\) are used: raise"):
        SummaryWriter(tmp_path / "new", [probe()], max_disk=100)
    with SummaryWriter(tmp_path / "run", [probe()]) as writer:
        writer.write(step=0, responses=[response()])
        writer.flush()
        used = writer.used_bytes
    with pytest.raises(CNNVizError, match="of max_disk"):
        SummaryWriter(tmp_path / "run", [probe("other")], max_disk=used)
    # The same probes take nothing more: a run that has reached its limit can be resumed.
    with SummaryWriter(tmp_path / "run", [probe()], max_disk=used) as writer:
        writer.write(step=1, responses=[response()])
        with pytest.warns(CNNVizWarning, match="records without arrays"):
            writer.flush()
        assert writer.used_bytes == used
    assert [record.why for _, record in read_records(tmp_path / "run")] == [None, "max_disk"]


def test_of_a_writer_that_was_killed_half_a_bundle_gives_its_room_back_and_a_whole_one_counts(tmp_path):
    SummaryWriter(tmp_path, [probe()]).close()
    folder = tmp_path / "plugins" / "cnnviz"
    (folder / ".3-0123456789abcdef.zip.part").write_bytes(bytes(5000))
    (folder / "2-0123456789abcdef.zip").write_bytes(bytes(3000))
    with SummaryWriter(tmp_path, [probe()]) as writer:
        (probes,) = folder.glob("probes-*.zip")
        assert writer.used_bytes == 3000 + probes.stat().st_size


def test_only_what_the_probes_keep_is_missed(tmp_path):
    with SummaryWriter(tmp_path / "free", [probe(detail="strip")]) as writer:
        writer.write(step=0, responses=[response()])
        writer.flush()
        limit = writer.used_bytes / 0.8
    with warnings.catch_warnings(), SummaryWriter(tmp_path / "run", [probe(detail="strip")], max_disk=f"{limit}") as w:
        warnings.simplefilter("error")
        w.write(step=0, responses=[response()])
        w.flush()


def test_a_lost_disk_where_warnings_are_errors_is_logged_and_the_step_after_it_is_kept(tmp_path, caplog):
    with warnings.catch_warnings(), SummaryWriter(tmp_path, [probe()]) as writer:
        warnings.simplefilter("error")
        folder = tmp_path / "plugins" / "cnnviz"
        folder.rename(tmp_path / "away")
        writer.write(step=0, responses=[response()])
        # Unlike `flush`, this tells nothing yet: `write` has to tell and to go on.
        writer._background.wait()
        (tmp_path / "away").rename(folder)
        writer.write(step=1, responses=[response()])
    (told,) = [each.getMessage() for each in caplog.records]
    assert told.startswith("a step was not logged: No such file or directory")
    assert [step for step, _ in read_records(tmp_path)] == [1]
    caplog.clear()
