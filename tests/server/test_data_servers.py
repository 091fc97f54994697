"""A real TensorBoard process under each of its two data servers: no step is lost, new ones arrive."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard.data import server_ingester

from tensorboard_plugin_cnnviz.errors import CNNVizWarning
from tensorboard_plugin_cnnviz.writer import SummaryWriter
from tests.small_disk import NotAllowedError, small_disk

from .conftest import CLASSES, ROUTES, RUN, make_probes, make_responses, open_api, write_scalars

STEPS = range(-1, 199)
PREFIX = "/deep/prefix"
PATIENCE = 120  # seconds; only a server that never answers takes as long


def has_rust_server() -> bool:
    try:
        server_ingester.get_server_binary()
    except server_ingester.NoDataServerError:
        return False
    return True


class Server:
    """A TensorBoard process, and what it answers."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process = process
        self._url = url

    def read(self, route: str, *, headers: dict[str, str] | None = None, **parameters: Any) -> bytes:
        query = urllib.parse.urlencode(parameters)
        request = urllib.request.Request(f"{self._url}{ROUTES}{route}?{query}", headers=headers or {})
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            body: bytes = response.read()
        return body

    def json(self, route: str, **parameters: Any) -> Any:
        return json.loads(self.read(route, **parameters))

    def wait_for_step(self, step: int) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if [run["last_step"] for run in self.json("index")["runs"]] == [step]:
                return
            time.sleep(0.1)
        raise AssertionError(f"step {step} did not arrive: {self.json('index')}")


def start(log: Path, load_fast: bool) -> Server:
    command = [sys.executable, "-m", "tensorboard.main", f"--logdir={log}", "--host=127.0.0.1", "--port=0"]
    command += [f"--load_fast={str(load_fast).lower()}", f"--path_prefix={PREFIX}", "--reload_interval=1"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            return Server(process, found[0] + PREFIX)
    raise AssertionError(f"TensorBoard ended with status {process.wait()}")


@pytest.fixture(params=[True, False], ids=["rust", "python"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Server, SummaryWriter]]:
    if request.param and not has_rust_server():
        pytest.skip("TensorBoard's fast data server does not exist for this platform")
    probes = make_probes()
    write_scalars(tmp_path / "exp 1" / "train", "epoch_loss", {0: 2.0, 1: 1.0})
    with SummaryWriter(tmp_path / RUN, probes, class_names=CLASSES) as writer:
        for step in STEPS:
            writer.write(step, make_responses(probes, step + 1), logs={"loss": float(step)})
        writer.flush()
        server = start(tmp_path, request.param)
        try:
            yield server, writer
        finally:
            server.process.terminate()
            server.process.communicate()


def test_what_a_full_disk_left_is_served(tmp_path: Path) -> None:
    """By both servers: the Python one in this process, where it starts at once."""
    probes, log = make_probes(), tmp_path / "log"
    (tmp_path / "disk").mkdir()
    try:
        with small_disk(tmp_path / "disk", 3_000_000) as disk:
            with SummaryWriter(disk.path / RUN, probes, class_names=CLASSES) as writer, warnings.catch_warnings():
                warnings.simplefilter("ignore", CNNVizWarning)
                for step in range(22):
                    if step == 2:
                        disk.fill()
                    elif step == 20:
                        disk.empty()
                    writer.write(step, make_responses(probes, step))
                    writer.flush()
            shutil.copytree(disk.path / RUN, log / RUN)
    except NotAllowedError as error:
        pytest.skip(str(error))
    answers = [open_api(log).json("steps", run=RUN)]
    if has_rust_server():
        server = start(log, load_fast=True)
        try:
            server.wait_for_step(21)
            answers.append(server.json("steps", run=RUN))
        finally:
            server.process.terminate()
            server.process.communicate()
    for answer in answers:
        steps = {step["step"]: step["record"] for step in answer["steps"]}
        assert {step["problem"] for step in answer["steps"]} == {None}
        assert [step for step, record in steps.items() if record["bundle"] is not None] == [0, 1, 20, 21]
        # Records that the full disk refused have waited.
        assert list(steps) == list(range(22))
        assert {record["why"] for record in steps.values() if record["bundle"] is None} == {"free_disk"}
    assert answers[0]["steps"] == answers[-1]["steps"]


def test_every_step_is_served_and_new_ones_arrive(server: tuple[Server, SummaryWriter]) -> None:
    tensorboard, writer = server
    tensorboard.wait_for_step(STEPS[-1])
    answer = tensorboard.json("steps", run=RUN)
    assert [step["step"] for step in answer["steps"]] == list(STEPS)
    assert [step["record"]["logs"]["loss"] for step in answer["steps"]] == [float(step) for step in STEPS]
    assert {step["problem"] for step in answer["steps"]} == {None}

    statistics = np.load(io.BytesIO(tensorboard.read("over_steps", run=RUN, last=198, probe="violin", layer="conv")))
    assert statistics.shape == (200, 40, 6)
    conv = np.stack([make_responses(make_probes(), step + 1)[0].activations["conv"] for step in STEPS])
    np.testing.assert_allclose(statistics[:, :, 0], conv.min(axis=(1, 2, 3)), rtol=1e-6)
    np.testing.assert_allclose(statistics[:, :, 1], conv.max(axis=(1, 2, 3)), rtol=1e-6)

    record = answer["steps"][77]["record"]
    assert tensorboard.json("manifest", run=RUN, file=record["bundle"]["file"])["step"] == STEPS[77]
    sound = {"run": RUN, "file": record["probes"], "probe": "violin"}
    assert tensorboard.read("audio", headers={"Range": "bytes=8-11"}, **sound) == b"WAVE"
    curves = tensorboard.json("scalars", run=RUN)["series"]
    assert [(curve["run"], curve["tag"], len(curve["points"])) for curve in curves] == [
        ("exp 1/train", "epoch_loss", 2)
    ]
    with pytest.raises(urllib.error.HTTPError, match="404"):
        tensorboard.read("steps", run="../" + RUN)

    writer.write(300, make_responses(make_probes(), 300))
    writer.flush()
    tensorboard.wait_for_step(300)
    answer = tensorboard.json("steps", run=RUN)
    assert len(answer["steps"]) == 201
    assert answer["steps"][-1]["problem"] is None
