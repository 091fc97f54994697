"""Logs to look at, from arrays: real activations' sizes, smooth enough to compress as real ones do."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tensorboard_plugin_cnnviz import Probe, Response, SummaryWriter

SECONDS, RATE, HOP, LENGTH = 3.0, 22050, 0.1, 1.0
WINDOWS = 21
MANY, EPOCHS = "many/cnnviz", "epochs/cnnviz"
CLASSES = ("sax", "flute", "violin")
# Rows, columns, filters: as conv2 and conv6 of the model of the field, and the largest grid of tiles.
LAYERS = {"wide": (132, 47, 32), "deep": (20, 10, 256)}
LARGEST = {"tiles": (64, 64, 512)}


def write(folder: Path, *, steps: int) -> None:
    """Write a run of `steps` epochs, and one of two whose layer has 512 filters."""
    for run, shapes, count in ((EPOCHS, LAYERS, steps), (MANY, LARGEST, 2)):
        clips = [clip("first"), clip("second")] if run == EPOCHS else [clip("first")]
        base = {name: maps(*shape) for name, shape in shapes.items()}
        scores = np.random.default_rng(0).random((WINDOWS, len(CLASSES))).astype(np.float32)
        with SummaryWriter(folder / run, clips, class_names=CLASSES, max_disk="100GB") as writer:
            for step in range(count):
                # Other filters strong, other moments: no two steps share a byte.
                told = {name: np.roll(array, (step, 3 * step), (0, 3)) * (1 + step) for name, array in base.items()}
                writer.write(step, [Response(each.name, told, scores) for each in clips], logs={"loss": 1 / (step + 1)})
            writer.flush()


def clip(name: str) -> Probe:
    """A tone of three seconds, cut into windows of nothing."""
    starts = HOP * np.arange(WINDOWS)
    tone = 0.3 * np.sin(np.arange(round(SECONDS * RATE)) / 8)
    times = np.stack([starts, starts + LENGTH], axis=1)
    inputs = np.zeros((WINDOWS, 1, 1), np.float32)
    return Probe(name, inputs, times, audio=tone, sample_rate=RATE, label=CLASSES[0])


def maps(rows: int, columns: int, filters: int) -> np.ndarray:
    """Float32 ``[windows, rows, columns, filters]``: blurred noise, about half of it cut off below zero."""
    noise = np.random.default_rng(filters).normal(size=(WINDOWS, rows, columns, filters)).astype(np.float32)
    for axis in (1, 1, 2, 2):
        noise += np.roll(noise, 1, axis)
    return np.maximum(noise, 0)
