"""One experiment, trained and referenced once, and the TensorBoards that serve it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.once import made_once

from . import inspected, rows
from .arrays import SMALL_RUNS, write_small_runs
from .browser import Opener, launch, opener
from .experiment import RUN, STEPS
from .inspected import write_inspected
from .panel import Panel
from .rows import write_rows
from .tensorboard import DATA_SERVERS, TensorBoard

ROOT = Path(__file__).parents[2]
# The folder of an experiment to use again, and to make where it is empty: saves its minute to who works on these tests.
KEPT = os.environ.get("CNNVIZ_E2E_EXPERIMENT")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


class Reference:
    """What `reference.py` wrote."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[tuple[int, str, str], np.ndarray] = {}

    def activations(self, step: int, clip: str, layer: str) -> np.ndarray:
        """float32 `[filters, windows, frequency, time]`."""
        return self._read(step, clip, layer)

    def predictions(self, step: int, clip: str) -> np.ndarray:
        """float32 `[windows, classes]`."""
        return self._read(step, clip, "predictions")

    def spectrogram(self, clip: str) -> np.ndarray:
        """float32 `[frequency, frames]`."""
        with np.load(self._folder / "features.npz") as arrays:
            values: np.ndarray = arrays[clip]
        return values

    def _read(self, step: int, clip: str, name: str) -> np.ndarray:
        key = (step, clip, name)
        if key not in self._known:
            with np.load(self._folder / str(step) / f"{clip}.npz") as arrays:
                self._known[key] = arrays[name]
        return self._known[key]


@pytest.fixture(scope="session")
def experiment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not KEPT:
        return made_once(tmp_path_factory, "experiment", make_experiment)
    folder = Path(KEPT)
    folder.mkdir(exist_ok=True)
    if not (folder / "reference").exists():
        make_experiment(folder)
    return folder


def make_experiment(folder: Path) -> None:
    for program in ("train", "reference"):
        run_program(program, folder)


def run_program(name: str, folder: Path) -> None:
    command = [sys.executable, "-m", f"tests.e2e.{name}", str(folder)]
    quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(command, cwd=ROOT, env=quiet, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def reference(experiment: Path) -> Reference:
    return Reference(experiment / "reference")


@pytest.fixture(scope="session")
def tensorboard(experiment: Path) -> Iterator[TensorBoard]:
    """On the experiment's log, with the Rust data server where there is one."""
    with TensorBoard(experiment / "logs") as server:
        server.wait_for(RUN, STEPS[-1])
        yield server


@pytest.fixture(scope="session")
def python_tensorboard(experiment: Path) -> Iterator[TensorBoard]:
    """On the experiment's log, with the Python data server and a path prefix."""
    with TensorBoard(experiment / "logs", load_fast="false", path_prefix="/some/prefix") as server:
        server.wait_for(RUN, STEPS[-1])
        yield server


@pytest.fixture(scope="session")
def small_tensorboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TensorBoard]:
    """On the small runs of `arrays.py` and `rows.py`, each with something of its own."""
    logdir = tmp_path_factory.mktemp("small")
    write_rows(logdir / rows.RUN)
    write_inspected(logdir / inspected.RUN)
    write_small_runs(logdir)
    with TensorBoard(logdir) as server:
        for run, step in {**SMALL_RUNS, rows.RUN: rows.STEPS[-1], inspected.RUN: inspected.STEPS[-1]}.items():
            server.wait_for(run, step)
        yield server


@pytest.fixture(params=DATA_SERVERS, ids=["rust", "python"])
def either_tensorboard(request: pytest.FixtureRequest) -> Any:
    """Each of the two data servers in turn."""
    return request.getfixturevalue("tensorboard" if request.param == "true" else "python_tensorboard")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = launch(playwright)
        try:
            yield launched
        finally:
            launched.close()


@pytest.fixture
def serve() -> Iterator[Callable[..., TensorBoard]]:
    """Starts TensorBoards of a test's own: arguments as of `TensorBoard`."""
    with ExitStack() as started:
        yield lambda *arguments, **options: started.enter_context(TensorBoard(*arguments, **options))


@pytest.fixture
def open_panel(browser: Browser, serve: Callable[..., TensorBoard]) -> Iterator[Opener]:
    """Pages are closed before the test's own servers end, which they would miss."""
    with opener(browser) as opens:
        yield opens


@pytest.fixture
def panel(open_panel: Opener, tensorboard: TensorBoard) -> Panel:
    """The trained run, its newest epoch."""
    return show_trained(open_panel(tensorboard))


def show_trained(panel: Panel, **wanted: Any) -> Panel:
    panel.part("run").select_option(RUN)
    return panel.wait_shown(run=RUN, step=STEPS[-1], **wanted)
