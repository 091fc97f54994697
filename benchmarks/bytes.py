"""What a step takes on disk and on the wire, beside the float32 numbers that it stands for."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import Any

from tensorboard_plugin_cnnviz import SummaryWriter
from tensorboard_plugin_cnnviz.bundle import DIRECTORY, read_directory
from tensorboard_plugin_cnnviz.keras.observer import Observer

from . import subject
from .results import Report, Result

MEMORY_BUDGET = 512_000_000


def run(repeats: int) -> Report:  # noqa: ARG001 - bytes do not vary
    """Write a step of each detail."""
    model = subject.model()
    floats, windows, whole = _weigh(model, "windows")
    _, _, strip = _weigh(model, "strip")
    _, _, summary = _weigh(model, "summary")
    return Report(
        "What a step takes",
        _ABOUT,
        [
            Result("float32 beside the `windows` members", floats / windows, "ratio", at_least=8),
            Result("float32 beside a `windows` bundle", floats / whole, "ratio", at_least=6.5),
            Result("float32 beside a `strip` bundle", floats / strip, "ratio", at_least=30),
            Result("float32", floats / 1e6, "MB"),
            Result("a `windows` bundle", whole / 1e6, "MB"),
            Result("a `strip` bundle", strip / 1e6, "MB"),
            Result("a `summary` bundle", summary / 1e6, "MB"),
        ],
    )


_ABOUT = (
    "The model of Han, Kim and Lee (2016), with ReLU, after an epoch, its ten default layers, eleven clips of 3 s (242 "
    "windows); all numbers of all windows as float32 beside what is stored. A `windows` bundle holds strips, "
    "envelopes and statistics too."
)


def _weigh(model: Any, detail: str) -> tuple[int, int, int]:
    """Bytes of all values as float32, of the members of single windows, and of the whole bundle."""
    clips = subject.probes(detail)
    observer = Observer(model, clips, memory_budget=MEMORY_BUDGET)
    responses = list(observer.observe())
    floats = 4 * sum(math.prod(layer.shape) for response in responses for layer in response.layers)
    with tempfile.TemporaryDirectory() as folder:
        with SummaryWriter(folder, clips, max_disk="100GB") as writer:
            writer.write_quantised(0, iter(responses), output=observer.output, epoch=0)
        (path,) = (Path(folder) / DIRECTORY).glob("0-*.zip")
        members = read_directory(path).items()
        return floats, sum(span.bytes for name, span in members if "/windows." in name), path.stat().st_size
