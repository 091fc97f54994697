"""What is read from logs that are resumed, moved or odd; always through TensorBoard's own providers."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from tensorboard import context, errors
from tensorboard.backend.event_processing.data_provider import MultiplexerDataProvider
from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer

from tensorboard_plugin_cnnviz.errors import CNNVizWarning
from tensorboard_plugin_cnnviz.events import EventWriter
from tensorboard_plugin_cnnviz.server import reader as module
from tensorboard_plugin_cnnviz.server.directories import parse_roots
from tensorboard_plugin_cnnviz.server.reader import Experiment, LogReader
from tensorboard_plugin_cnnviz.writer import SummaryWriter

from .conftest import (
    RUN,
    STEPS,
    Api,
    bundles_of,
    make_probes,
    make_responses,
    open_api,
    open_client,
    write_run,
    write_scalars,
)

# Records


def test_a_run_that_was_resumed_keeps_the_newest_of_each_step(tmp_path: Path) -> None:
    write_run(tmp_path / RUN, (0, 1, 2))
    first = {path.name for path in bundles_of(tmp_path).glob("*.zip")}
    write_run(tmp_path / RUN, (1, 2, 3))
    answer = open_api(tmp_path).json("steps", run=RUN)
    assert [step["step"] for step in answer["steps"]] == [0, 1, 2, 3]
    kept = [step["record"]["bundle"]["file"] for step in answer["steps"]]
    assert [file in first for file in kept] == [True, False, False, False]


def test_a_run_of_a_newer_format_says_so(tmp_path: Path) -> None:
    write_run(tmp_path / RUN, ())
    events = EventWriter(tmp_path / RUN)
    events.write(0, b'{"version": [3, 0]}', wall_time=1.0)
    events.close()
    answer = open_api(tmp_path).json("steps", run=RUN)
    assert answer["layout"] is None
    assert "has format version 3.0, this plugin reads 2.x" in answer["problem"]


DAMAGED_RECORDS = [
    (b"", "damaged"),
    (b"not json", "damaged"),
    (b"\xff\xfe", "damaged"),
    (b"{}", "damaged"),
    (b"[" * 100_000, "damaged"),
    (b'{"version": [2, 0]}', "damaged"),
    (b'{"version": [3, 0], "anything": "new"}', "version 3.0"),
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
    assert np.isnan(api.over_steps(last=9, probe="violin", layer="conv")[-1]).all()


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
    assert np.isnan(api.over_steps(last=9, probe="violin", layer="conv")[-1]).all()


def test_a_step_without_arrays_is_still_a_step(tmp_path: Path) -> None:
    with pytest.warns(CNNVizWarning, match="records without arrays"):
        write_run(tmp_path / RUN, (0, 1), max_disk="40kB")
    api = open_api(tmp_path)
    answer = api.json("steps", run=RUN)
    assert [step["record"]["bundle"] for step in answer["steps"]] == [None, None]
    assert [step["problem"] for step in answer["steps"]] == [None, None]
    assert answer["layout"] is None
    assert answer["problem"] == "no step of this run kept its arrays"


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
    assert answer["problem"].endswith("does not exist; copy the whole run")
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


def test_so_many_steps_are_remembered_of_however_many_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for run, steps in (("a", (0, 1)), ("b", (0,)), ("c", (0, 1, 2, 3))):
        write_run(tmp_path / run / "cnnviz", steps)
    reader, provider, _ = make_reader(tmp_path)
    monkeypatch.setattr(module, "_STEPS_REMEMBERED", 3)

    def reads(*runs: str) -> int:
        before = provider.asked.count("read_tensors")
        for run in runs:
            reader.steps(experiment(), f"{run}/cnnviz")
        return provider.asked.count("read_tensors") - before

    assert reads("a", "b", "a", "b") == 2
    # One that is longer by itself is remembered, alone.
    assert reads("c", "c") == 1
    assert reads("b", "a") == 2


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
