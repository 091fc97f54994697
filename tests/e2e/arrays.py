"""Small logs from arrays: what needs no network to be trained."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tensorboard_plugin_cnnviz import Probe, Response, SummaryWriter
from tests.server.conftest import write_scalars

RUN = "exp/cnnviz"
CLASSES = ("sax", "flute")
CLIPS = ("first", "second")
LAYERS = ("conv", "deep")
FILTERS, ROWS, COLUMNS, WINDOWS = 6, 8, 10, 5


def probes(names: Sequence[str] = CLIPS, *, labels: Sequence[str] = CLASSES) -> list[Probe]:
    starts = 0.25 * np.arange(WINDOWS)
    times = np.stack([starts, starts + 0.5], axis=1)
    inputs = np.zeros((WINDOWS, COLUMNS, ROWS, 1), np.float32)
    return [Probe(name, inputs, times, label=label) for name, label in zip(names, labels, strict=True)]


def activations(step: int, seed: int = 0) -> np.ndarray:
    """`[windows, frequency, time, filters]`: filter k is (k + 1) * (step + 2) in row k, noise elsewhere."""
    values = np.random.default_rng([step + 2, seed]).normal(scale=0.05, size=(WINDOWS, ROWS, COLUMNS, FILTERS))
    for number in range(FILTERS):
        values[:, number, :, number] += (number + 1) * (step + 2)
    return values.astype(np.float32)


def responses(step: int, names: Sequence[str] = CLIPS, layers: Sequence[str] = LAYERS) -> list[Response]:
    scores = np.random.default_rng(step + 2).random((WINDOWS, len(CLASSES)))
    return [
        Response(name, {layer: activations(step, seed) for layer in layers}, scores) for seed, name in enumerate(names)
    ]


def write_run(logdir: Path, steps: Sequence[int] = (0, 1, 2), run: str = RUN) -> Path:
    """Log steps with their curves; returns the run's directory of bundles."""
    with SummaryWriter(logdir / run, probes(), class_names=CLASSES) as writer:
        for step in steps:
            writer.write(step, responses(step), logs={"loss": 1 / (step + 2)})
    write_scalars((logdir / run).parent / "train", "epoch_loss", {step: 1 / (step + 2) for step in steps if step >= 0})
    return logdir / run / "plugins" / "cnnviz"
