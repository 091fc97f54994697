"""What is read from logs that are resumed, damaged, moved or odd; always through TensorBoard's own providers."""

from __future__ import annotations

import gzip
import io
import random
import shutil
import sys
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tensorboard import context, errors
from tensorboard.backend.event_processing.data_provider import MultiplexerDataProvider
from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer

from tensorboard_plugin_cnnviz.bundle import compress, create_array, parse_array
from tensorboard_plugin_cnnviz.errors import CNNVizWarning
from tensorboard_plugin_cnnviz.events import EventWriter
from tensorboard_plugin_cnnviz.server.directories import parse_roots
from tensorboard_plugin_cnnviz.server.reader import Experiment, LogReader
from tensorboard_plugin_cnnviz.writer import Response, SummaryWriter

from .conftest import HOSTILE_NAME, RUN, STEPS, Api, make_probes, make_responses, open_client, write_run, write_scalars


def bundles_of(log: Path, run: str = RUN) -> Path:
    return log / run / "plugins" / "cnnviz"


def open_api(log: Path, *arguments: str) -> Api:
    return Api(open_client(f"--logdir={log}", *arguments))


def over_steps(api: Api, **parameters: Any) -> Any:
    response = api.get("over_steps", run=RUN, **parameters)
    assert response.status_code == 200, response.text
    return parse_array(response.data)


def plain_array(log: Path, file: str, name: str) -> Any:
    with zipfile.ZipFile(bundles_of(log) / file) as archive:
        return np.load(io.BytesIO(archive.read(name)))


# Over steps


@pytest.mark.parametrize("last", range(1, len(STEPS) + 1))
@pytest.mark.parametrize("probe", ["violin", HOSTILE_NAME, "short"])
def test_over_steps_is_what_each_bundle_holds(api: Api, log: Path, last: int, probe: str) -> None:
    answer = api.json("steps", run=RUN)
    files = [step["record"]["bundle"]["file"] for step in answer["steps"]][:last]
    p = next(i for i, entry in enumerate(answer["layout"]["probes"]) if entry["name"] == probe)
    for layer in answer["layout"]["layers"]:
        columns = slice(layer["first_filter"], layer["first_filter"] + layer["filters"])
        expected = np.stack([plain_array(log, file, "statistics.npy")[p, columns] for file in files])
        actual = over_steps(api, last=STEPS[last - 1], probe=probe, layer=layer["name"])
        np.testing.assert_array_equal(actual, expected)
        assert np.isfinite(actual).all()
    entry = answer["layout"]["probes"][p]
    rows = slice(entry["first_window"], entry["first_window"] + entry["windows"])
    expected = np.stack([plain_array(log, file, "predictions.npy")[rows] for file in files])
    np.testing.assert_array_equal(over_steps(api, last=STEPS[last - 1], probe=probe), expected)


def damage(path: Path, kind: str) -> None:
    data = path.read_bytes()
    if kind == "missing":
        path.unlink()
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "cut short":
        path.write_bytes(data[: len(data) // 2])
    elif kind == "longer":
        path.write_bytes(data + b"x")
    elif kind == "a directory":
        path.unlink()
        path.mkdir()
    elif kind == "noise":
        path.write_bytes(random.Random(0).randbytes(len(data)))


KINDS = ["missing", "empty", "cut short", "longer", "a directory", "noise"]


@pytest.mark.parametrize("kind", KINDS)
def test_one_damaged_bundle_leaves_the_others_readable(own_log: Path, kind: str) -> None:
    before = over_steps(open_api(own_log), last=5, probe="violin", layer="conv")
    file = open_api(own_log).newest()["bundle"]["file"]
    damage(bundles_of(own_log) / file, kind)
    api = open_api(own_log)
    after = over_steps(api, last=5, probe="violin", layer="conv")
    np.testing.assert_array_equal(after[:-1], before[:-1])
    assert np.isnan(after[-1]).all()
    answer = api.json("steps", run=RUN)
    assert [step["step"] for step in answer["steps"] if step["problem"]] == ([] if kind == "noise" else [5])
    assert answer["layout"] is not None
    assert answer["steps"][-1]["record"]["logs"]["loss"] == pytest.approx(1 / 7)
    if kind != "longer":
        response = api.get("manifest", run=RUN, file=file)
        assert response.status_code == 404
        assert file in response.text


def test_without_any_readable_bundle_the_records_stand(own_log: Path) -> None:
    for path in bundles_of(own_log).glob("*.zip"):
        damage(path, "cut short")
    api = open_api(own_log)
    answer = api.json("steps", run=RUN)
    assert answer["layout"] is None
    assert [step["record"]["epoch"] for step in answer["steps"]] == list(STEPS)
    response = api.get("over_steps", run=RUN, last=5, probe="violin")
    assert response.status_code == 404
    assert "no readable step" in response.text


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_damage_to_a_bundle_is_more_than_a_sentence(log: Path, tmp_path_factory: Any, data: st.DataObject) -> None:
    root = tmp_path_factory.mktemp("damaged") / "logs"
    shutil.copytree(log, root)
    api = open_api(root)
    record = api.newest()
    file = data.draw(st.sampled_from([record["bundle"]["file"], record["probes"]]))
    path = bundles_of(root) / file
    stored = bytearray(path.read_bytes())
    # The manifest and the zip's directory stand at the end, where damage does most.
    for _ in range(data.draw(st.integers(1, 4))):
        stored[-data.draw(st.integers(1, len(stored)))] = data.draw(st.integers(0, 255))
    path.write_bytes(stored[: data.draw(st.sampled_from([len(stored), len(stored) - 1, len(stored) // 2]))])
    requests: list[tuple[str, dict[str, Any]]] = [
        ("steps", {}),
        ("manifest", {"file": file}),
        ("member", {"file": file, "name": "p0/l0/strip.npy.gz"}),
        ("member", {"file": file, "name": "p0/image.npy.gz"}),
        ("member", {"file": file, "name": "statistics.npy"}),
        ("audio", {"file": file, "probe": "violin"}),
        ("over_steps", {"last": 5, "probe": "violin", "layer": "conv"}),
        ("over_steps", {"last": 5, "probe": "violin"}),
    ]
    for route, parameters in requests:
        response = api.get(route, run=RUN, **parameters)
        assert response.status_code in (200, 404), (route, response.text)
        if response.status_code == 404:
            assert response.text.startswith("Not found: ")
    shutil.rmtree(root.parent)


def test_a_compressed_member_never_inflates_beyond_what_is_declared(own_log: Path) -> None:
    path = bundles_of(own_log) / open_api(own_log).newest()["bundle"]["file"]
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["p0/l0/strip.npy.gz"] = compress(create_array(np.zeros(50_000_000, np.uint8)))
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    response = open_api(own_log).get("member", run=RUN, file=path.name, name="p0/l0/strip.npy.gz")
    assert response.status_code == 404
    assert "inflates to more than" in response.text


# Layouts that change within a run


def write_steps(directory: Path, filters: dict[int, int]) -> None:
    probes = make_probes()[:1]
    with SummaryWriter(directory, probes) as writer:
        for step, count in filters.items():
            rng = np.random.default_rng(step)
            writer.write(
                step,
                [
                    Response(
                        "violin", {f"only{step}": rng.normal(size=(6, 2)), "conv": rng.normal(size=(6, 4, 8, count))}
                    )
                ],
            )


def test_steps_of_other_layouts_are_read_by_their_own(tmp_path: Path) -> None:
    write_steps(tmp_path / RUN, {0: 3, 1: 5, 2: 5})
    api = open_api(tmp_path)
    statistics = over_steps(api, last=2, probe="violin", layer="conv")
    assert statistics.shape == (3, 5, 6)
    assert np.isnan(statistics[0]).all()
    records = [step["record"] for step in api.json("steps", run=RUN)["steps"]]
    for step in (1, 2):
        stored = plain_array(tmp_path, records[step]["bundle"]["file"], "statistics.npy")
        np.testing.assert_array_equal(statistics[step], stored[0, 2:])
    only = over_steps(api, last=2, probe="violin", layer="only1")
    assert np.isfinite(only[1]).all()
    assert np.isnan(only[[0, 2]]).all()
    assert over_steps(api, last=0, probe="violin", layer="conv").shape == (1, 3, 6)
    assert "no readable step has predictions" in api.get("over_steps", run=RUN, last=2, probe="violin").text


# Records


def test_a_run_that_was_resumed_keeps_the_newest_of_each_step(tmp_path: Path) -> None:
    write_run(tmp_path / RUN, (0, 1, 2))
    first = {path.name for path in bundles_of(tmp_path).glob("*.zip")}
    write_run(tmp_path / RUN, (1, 2, 3))
    answer = open_api(tmp_path).json("steps", run=RUN)
    assert [step["step"] for step in answer["steps"]] == [0, 1, 2, 3]
    kept = [step["record"]["bundle"]["file"] for step in answer["steps"]]
    assert [file in first for file in kept] == [True, False, False, False]


DAMAGED_RECORDS = [
    (b"", "damaged"),
    (b"not json", "damaged"),
    (b"\xff\xfe", "damaged"),
    (b"{}", "damaged"),
    (b"[" * 100_000, "damaged"),
    (b'{"version": [1, 0]}', "damaged"),
    (b'{"version": [2, 0], "anything": "new"}', "version 2.0"),
]


@pytest.mark.parametrize(("text", "problem"), DAMAGED_RECORDS, ids=range(len(DAMAGED_RECORDS)))
def test_a_record_that_cannot_be_understood_says_why(own_log: Path, text: bytes, problem: str) -> None:
    events = EventWriter(own_log / RUN)
    events.write(9, text, wall_time=2e9)
    events.close()
    api = open_api(own_log)
    answer = api.json("steps", run=RUN)
    assert answer["steps"][-1]["step"] == 9
    assert answer["steps"][-1]["record"] is None
    assert problem in answer["steps"][-1]["problem"]
    assert answer["layout"] is not None
    assert np.isnan(over_steps(api, last=9, probe="violin", layer="conv")[-1]).all()


HOSTILE_FILES = ["../../../secret.zip", "/etc/passwd", "", "12-0123456789abcdef.zip\n", "a\x00b"]


@pytest.mark.parametrize("file", HOSTILE_FILES)
def test_a_record_cannot_name_a_file_elsewhere(own_log: Path, file: str) -> None:
    record = open_api(own_log).newest()
    record["bundle"]["file"] = file
    events = EventWriter(own_log / RUN)
    events.write(9, msgspec.json.encode(record), wall_time=2e9)
    events.close()
    api = open_api(own_log)
    assert "is not the name of a bundle" in api.json("steps", run=RUN)["steps"][-1]["problem"]
    assert np.isnan(over_steps(api, last=9, probe="violin", layer="conv")[-1]).all()


@pytest.mark.parametrize("span", [(-5, 3200), (0, 3200), (10**18, 3200), (128, -1), (128, 0), (0, 10**18)])
def test_offsets_of_a_record_are_not_trusted(own_log: Path, span: tuple[int, int]) -> None:
    record = open_api(own_log).newest()
    record["bundle"]["arrays"]["statistics"] = span
    events = EventWriter(own_log / RUN)
    events.write(9, msgspec.json.encode(record), wall_time=2e9)
    events.close()
    assert np.isnan(over_steps(open_api(own_log), last=9, probe="violin", layer="conv")[-1]).all()


def test_a_step_without_arrays_is_still_a_step(tmp_path: Path) -> None:
    with pytest.warns(CNNVizWarning, match="records without arrays"):
        write_run(tmp_path / RUN, (0, 1), max_disk=1)
    api = open_api(tmp_path)
    answer = api.json("steps", run=RUN)
    assert [step["record"]["bundle"] for step in answer["steps"]] == [None, None]
    assert [step["problem"] for step in answer["steps"]] == [None, None]
    assert answer["layout"] is None


# Places


def test_a_run_may_be_the_log_directory_itself(tmp_path: Path) -> None:
    write_run(tmp_path, (0,))
    write_scalars(tmp_path / "train", "epoch_loss", {0: 1.0})
    api = open_api(tmp_path)
    assert [run["run"] for run in api.json("index")["runs"]] == ["."]
    record = api.newest(".")
    assert api.get("manifest", run=".", file=record["bundle"]["file"]).status_code == 200
    assert api.json("scalars", run=".")["series"] == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs symbolic links")
def test_a_run_may_be_a_symbolic_link(tmp_path: Path) -> None:
    write_run(tmp_path / "elsewhere" / "cnnviz", (0,))
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "linked").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    client = open_client(f"--logdir={tmp_path / 'logs'}")
    api = Api(client)
    runs = [run["run"] for run in api.json("index")["runs"]]
    assert runs == ["linked/cnnviz"]
    record = api.newest(runs[0])
    assert api.get("manifest", run=runs[0], file=record["bundle"]["file"]).status_code == 200


def test_logdir_spec_and_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    write_run(tmp_path / "one" / "cnnviz", (0,))
    write_run(tmp_path / "two", (1,))
    write_scalars(tmp_path / "one" / "train", "epoch_loss", {0: 1.0})
    api = Api(open_client("--logdir_spec=first:~/one,second:~/two"))
    index = api.json("index")
    assert [(run["run"], run["last_step"]) for run in index["runs"]] == [("first/cnnviz", 0), ("second/.", 1)]
    assert index["logdir"] == "first:~/one,second:~/two"
    for run in index["runs"]:
        answer = api.json("steps", run=run["run"])
        assert answer["problem"] is None
        assert answer["layout"] is not None
    assert [curve["run"] for curve in api.json("scalars", run="first/cnnviz")["series"]] == ["first/train"]
    assert Api(open_client("--logdir=~/one")).json("steps", run="cnnviz")["layout"] is not None


def test_arrays_that_were_moved_away_are_missed_in_words(own_log: Path) -> None:
    shutil.rmtree(bundles_of(own_log))
    api = open_api(own_log)
    answer = api.json("steps", run=RUN)
    assert answer["layout"] is None
    assert "does not exist" in answer["problem"]
    assert len(answer["steps"]) == len(STEPS)
    response = api.get("over_steps", run=RUN, last=5, probe="violin")
    assert response.status_code == 404
    assert "does not exist" in response.text


# Reading once


class CountingProvider:
    """TensorBoard's own provider, and a count of what it was asked."""

    def __init__(self, provider: Any) -> None:
        self._provider = provider
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        self.asked.append(name)
        return getattr(self._provider, name)


def make_reader(log: Path) -> tuple[LogReader, CountingProvider, Any]:
    multiplexer = EventMultiplexer(tensor_size_guidance={"cnnviz": 0})
    multiplexer.AddRunsFromDirectory(str(log))
    multiplexer.Reload()
    provider = CountingProvider(MultiplexerDataProvider(multiplexer, str(log)))
    return LogReader(provider, parse_roots(logdir=str(log), logdir_spec=None)), provider, multiplexer


def experiment() -> Experiment:
    return Experiment(context.RequestContext(), "")


def test_steps_are_read_again_only_when_there_are_new_ones(tmp_path: Path) -> None:
    probes = make_probes()
    with SummaryWriter(tmp_path / RUN, probes) as writer:
        writer.write(0, make_responses(probes, 0))
        writer.flush()
        reader, provider, multiplexer = make_reader(tmp_path)
        first = reader.steps(experiment(), RUN)
        assert reader.steps(experiment(), RUN) is first
        assert provider.asked.count("read_tensors") == 1
        writer.write(1, make_responses(probes, 1))
        writer.flush()
        multiplexer.Reload()
        assert [step.step for step in reader.steps(experiment(), RUN)] == [0, 1]
        assert provider.asked.count("read_tensors") == 2


def test_the_index_reads_no_records(log: Path) -> None:
    reader, provider, _ = make_reader(log)
    assert len(reader.index(experiment())) == 1
    assert provider.asked == ["list_tensors"]


def test_a_run_is_known_before_its_directory_is_looked_at(log: Path) -> None:
    reader, provider, _ = make_reader(log)
    with pytest.raises(errors.NotFoundError, match="knows no CNN Audio run"):
        reader.directory(experiment(), "exp 2/train")
    for _ in range(3):
        assert reader.directory(experiment(), RUN) == bundles_of(log)
    assert provider.asked == ["list_tensors"] * 2


def test_a_run_whose_name_is_no_text_does_not_hide_the_others(log: Path) -> None:
    reader, _, multiplexer = make_reader(log)
    multiplexer.AddRun(str(log / RUN), "exp 1/caf\udce9")
    multiplexer.AddRun(str(log / "exp 1" / "train"), "exp 1/tr\udce9in")
    multiplexer.Reload()
    assert [run.run for run in reader.index(experiment())] == ["exp 1/caf?", RUN]
    assert "exp 1/tr?in" in {curve.run for curve in reader.curves(experiment(), RUN)}


def test_long_runs_come_whole(tmp_path: Path) -> None:
    steps = tuple(range(300))
    write_run(tmp_path / RUN, steps)
    api = open_api(tmp_path)
    assert [step["step"] for step in api.json("steps", run=RUN)["steps"]] == list(steps)
    limited = Api(open_client(f"--logdir={tmp_path}", "--samples_per_plugin=cnnviz=20,scalars=7"))
    assert len(limited.json("steps", run=RUN)["steps"]) == 20


def test_gzip_members_are_single_streams(api: Api, log: Path) -> None:
    file = api.newest()["bundle"]["file"]
    with zipfile.ZipFile(bundles_of(log) / file) as archive:
        for name in archive.namelist():
            if name.endswith(".gz"):
                assert parse_array(gzip.decompress(archive.read(name))).size > 0
