"""A real log, written once, and a real TensorBoard application on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard import program
from tensorboard.backend import application
from tensorboard.backend.event_processing.data_ingester import LocalDataIngester
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.plugins.core.core_plugin import CorePluginLoader
from tensorboard.plugins.scalar.scalars_plugin import ScalarsPlugin
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from werkzeug.test import Client

from tensorboard_plugin_cnnviz.bundle import parse_array
from tensorboard_plugin_cnnviz.probes import Probe, SpectrogramImage
from tensorboard_plugin_cnnviz.server.loader import CNNVizLoader
from tensorboard_plugin_cnnviz.writer import Response, SummaryWriter

RUN = "exp 1/cnnviz"
HOSTILE_NAME = "a/b \"<script>alert('é')</script>&run=."
STEPS = (-1, 0, 1, 2, 5)
CLASSES = ("sax", "flute", "violin")
SAMPLE_RATE = 8000
ROUTES = "/data/plugin/cnnviz/"


def make_probes() -> list[Probe]:
    rng = np.random.default_rng(0)
    times = np.stack([np.arange(6) * 0.25, np.arange(6) * 0.25 + 0.5], axis=1)
    inputs = np.zeros((6, 16, 8, 1), np.float32)
    image = SpectrogramImage(rng.normal(size=(8, 30)), (0.0, 1.75), np.linspace(20.0, 4000.0, 8))
    return [
        Probe(
            "violin",
            inputs,
            times,
            audio=np.sin(np.arange(14000) / 8).astype(np.float32),
            sample_rate=SAMPLE_RATE,
            label="violin",
            metadata={"source": "synthetic"},
            image=image,
        ),
        Probe(HOSTILE_NAME, inputs[:4], times[:4], label=["sax", "flute"], detail="strip"),
        Probe("short", inputs[:2], times[:2], detail="summary"),
    ]


def make_responses(probes: list[Probe], seed: int) -> list[Response]:
    rng = np.random.default_rng(seed)
    responses = []
    for probe in probes:
        windows = len(probe.times)
        activations = {
            "conv": rng.normal(size=(windows, 4, 8, 40)),
            HOSTILE_NAME: rng.normal(size=(windows, 8, 5)),
            "dense": rng.normal(size=(windows, 7)),
        }
        responses.append(Response(probe.name, activations, rng.random((windows, len(CLASSES)))))
    return responses


def write_run(directory: Path, steps: tuple[int, ...] = STEPS, **options: Any) -> None:
    probes = make_probes()
    # Of the second layer's columns the first and the last are centred outside the windows of half a second.
    centres = {HOSTILE_NAME: np.linspace(-0.1, 0.6, 8)}
    with SummaryWriter(directory, probes, class_names=CLASSES, centres=centres, **options) as writer:
        kernels = {"conv": np.random.default_rng(0).normal(size=(40, 2, 3, 5))}
        for step in steps:
            logs = {"loss": 1.0 / (step + 2), "worst": float("nan")}
            writer.write(step, make_responses(probes, step + 10), logs=logs, kernels=kernels)


def write_scalars(directory: Path, tag: str, values: dict[int, float]) -> None:
    writer = EventFileWriter(str(directory))
    for step, value in values.items():
        summary = Summary(value=[Summary.Value(tag=tag, simple_value=value)])
        writer.add_event(Event(step=step, wall_time=1_700_000_000.0 + step, summary=summary))
    writer.close()


@pytest.fixture(scope="session")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log directory that no test changes."""
    root = tmp_path_factory.mktemp("secret-place") / "logs"
    write_run(root / RUN)
    write_scalars(root / "exp 1" / "train", "epoch_loss", {0: 2.0, 1: 1.0, 2: float("nan")})
    write_scalars(root / "exp 1" / "validation", "epoch_loss", {0: 2.5, 1: float("inf")})
    write_scalars(root / "exp 2" / "train", "epoch_loss", {0: 9.0})
    return root


def open_client(*arguments: str) -> Client:
    """TensorBoard as its command line starts it, but for the socket."""
    tensorboard = program.TensorBoard(plugins=[CorePluginLoader(), ScalarsPlugin, CNNVizLoader])
    tensorboard.configure(argv=["tensorboard", *arguments, "--reload_interval=0", "--reload_task=blocking"])
    ingester = LocalDataIngester(tensorboard.flags)
    ingester.start()
    app = application.TensorBoardWSGIApp(
        tensorboard.flags, tensorboard.plugin_loaders, ingester.data_provider, tensorboard.assets_zip_provider
    )
    return Client(app)


@pytest.fixture(scope="session")
def client(log: Path) -> Client:
    """On the log that no test changes."""
    return open_client(f"--logdir={log}")


@pytest.fixture
def own_log(tmp_path: Path) -> Path:
    """A log directory to damage; open it with `open_client` afterwards."""
    root = tmp_path / "logs"
    write_run(root / RUN)
    return root


def bundles_of(log: Path, run: str = RUN) -> Path:
    return log / run / "plugins" / "cnnviz"


class Api:
    """The plugin's routes, by name."""

    def __init__(self, client: Client, prefix: str = "") -> None:
        self._client = client
        self._prefix = prefix

    def get(self, route: str, *, headers: dict[str, str] | None = None, **parameters: str | int) -> Any:
        return self._client.get(f"{self._prefix}{ROUTES}{route}", query_string=parameters, headers=headers)

    def json(self, route: str, **parameters: str | int) -> Any:
        response = self.get(route, **parameters)
        assert response.status_code == 200, response.text
        return response.json

    def over_steps(self, **parameters: str | int) -> Any:
        response = self.get("over_steps", run=RUN, **parameters)
        assert response.status_code == 200, response.text
        return parse_array(response.data)

    def newest(self, run: str = RUN) -> Any:
        return self.json("steps", run=run)["steps"][-1]["record"]


@pytest.fixture
def api(client: Client) -> Api:
    return Api(client)


def open_api(log: Path, *arguments: str) -> Api:
    return Api(open_client(f"--logdir={log}", *arguments))


@pytest.fixture
def step_file(api: Api) -> str:
    name: str = api.newest()["bundle"]["file"]
    return name


@pytest.fixture
def probes_file(api: Api) -> str:
    name: str = api.newest()["probes"]
    return name
