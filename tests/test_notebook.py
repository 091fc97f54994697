"""`examples/notebook.ipynb` in a kernel of its own: every cell runs, and TensorBoard serves what it logged."""

from __future__ import annotations

import io
import json
import os
import re
import secrets
import signal
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from tensorboard import manager

from scripts.check_demo import MARK, living

NOTEBOOK = Path(__file__).parent.parent / "examples" / "notebook.ipynb"
PATIENCE = 120  # seconds; only a server that never answers takes as long


class Executed:
    """The notebook with its outputs; kernel and TensorBoard are still there."""

    def __init__(self, cells: list[Any], tensorboard: manager.TensorBoardInfo) -> None:
        self.cells = {cell.id: cell for cell in cells}
        self.tensorboard = tensorboard

    def ask(self, route: str, **parameters: Any) -> bytes:
        query = urllib.parse.urlencode(parameters)
        url = f"http://localhost:{self.tensorboard.port}/data/plugin/cnnviz/{route}?{query}"
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            body: bytes = answer.read()
        return body

    def runs(self) -> dict[str, int]:
        """The last step of each run, as soon as TensorBoard has found all that was logged."""
        end = time.monotonic() + PATIENCE
        while True:
            runs = {run["run"]: run["last_step"] for run in json.loads(self.ask("index"))["runs"]}
            if len(runs) == 2 or time.monotonic() > end:
                return runs
            time.sleep(0.2)


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Executed]:
    folder, mark = tmp_path_factory.mktemp("notebook"), secrets.token_hex(16)
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    snippets = re.findall(r"```python\n(.*?)```", notebook.cells[-1].source, re.DOTALL)
    notebook.cells += [nbformat.v4.new_code_cell(snippet, id="snippet") for snippet in snippets]
    client = NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(folder)}})
    with pytest.MonkeyPatch.context() as patch:
        # As in an activated environment; and TensorBoard's list of its processes is this test's own.
        patch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
        patch.setenv("TMPDIR", str(folder))
        patch.setattr(tempfile, "tempdir", str(folder))
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        patch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")
        patch.setenv(MARK, mark)
        try:
            with client.setup_kernel():
                for index, cell in enumerate(notebook.cells):
                    client.execute_cell(cell, index)
                (tensorboard,) = manager.get_all()
                yield Executed(notebook.cells, tensorboard)
            # The kernel's end is TensorBoard's, as the notebook says.
            end = time.monotonic() + PATIENCE
            while living(mark) and time.monotonic() < end:
                time.sleep(0.1)
            assert not living(mark)
        finally:
            for process in living(mark):
                os.kill(process, signal.SIGKILL)


def test_it_is_committed_as_it_was_written() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [(cell.execution_count, cell.outputs) for cell in code] == [(None, [])] * len(code)
    assert [line for cell in code for line in cell.source.splitlines() if line.startswith("%")] == [
        "%load_ext tensorboard",
        "%tensorboard --logdir logs",
    ]


def test_sounds_can_be_heard_in_the_page(executed: Executed) -> None:
    players = [output for output in executed.cells["sounds"].outputs if output.output_type == "display_data"]
    assert len(players) == 4
    assert all("<audio" in player.data["text/html"] for player in players)


def test_tensorboard_is_shown_in_the_page(executed: Executed) -> None:
    for cell, height in (("tensorboard", 800), ("snippet", 1000)):
        (shown,) = [output for output in executed.cells[cell].outputs if output.output_type == "display_data"]
        assert f'width="100%" height="{height}"' in shown.data["text/html"]
        assert f"const port = {executed.tensorboard.port};" in shown.data["text/html"]


def test_training_and_trained_model_are_served_and_agree(executed: Executed) -> None:
    assert executed.runs() == {"training/cnnviz": 1, "pretrained/cnnviz": 0}
    layout = json.loads(executed.ask("steps", run="training/cnnviz"))["layout"]
    assert [layer["name"] for layer in layout["layers"]] == ["conv1", "conv2", "conv3", "kinds"]
    for probe in layout["probes"]:
        name = probe["name"]
        trained, logged_once = (
            np.load(io.BytesIO(executed.ask("over_steps", run=run, last=last, probe=name)))
            for run, last in (("training/cnnviz", 1), ("pretrained/cnnviz", 0))
        )
        # Before training and two epochs; then once.
        assert (len(trained), len(logged_once)) == (3, 1)
        np.testing.assert_allclose(logged_once[0], trained[-1], atol=1e-5)
        assert layout["classes"][int(trained[-1].mean(axis=0).argmax())] == name, "two epochs are enough to learn"
