"""A small log of many epochs for the inspector, from arrays: maps with a kernel, and numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tensorboard_plugin_cnnviz import Probe, Response, SummaryWriter

from .arrays import CLASSES, COLUMNS, FILTERS, ROWS, WINDOWS, probes

RUN = "inspected/cnnviz"
CLIP = "first"
STEPS = tuple(range(-1, 19))
# The epoch at which everything changes most.
JUMP = 13
KERNEL = (FILTERS, 2, 3, 4)
NUMBERS = 5


def maps(step: int) -> np.ndarray:
    """Float32 `[windows, frequency, time, filters]` of both signs, growing, twice as large from JUMP on."""
    values = np.random.default_rng(step + 2).normal(size=(WINDOWS, ROWS, COLUMNS, FILTERS)) * np.arange(1, FILTERS + 1)
    return (values * (1 + step / 50) * (2 if step >= JUMP else 1)).astype(np.float32)


def numbers(step: int) -> np.ndarray:
    """Float32 `[windows, filters]`."""
    return np.random.default_rng(step + 99).normal(size=(WINDOWS, NUMBERS)).astype(np.float32)


def kernel(step: int) -> np.ndarray:
    """Float32 `[filters, channels, frequency, time]`."""
    return np.random.default_rng(step + 50).normal(size=KERNEL).astype(np.float32)


def write_inspected(directory: Path) -> None:
    """Log all steps; the second clip as strips."""
    (first,) = probes([CLIP], labels=CLASSES[:1])
    clips = [first, Probe("strips", first.inputs, first.times, label=CLASSES[1], detail="strip")]
    scores = np.random.default_rng(0).random((WINDOWS, len(CLASSES)))
    with SummaryWriter(directory, clips, class_names=CLASSES) as writer:
        for step in STEPS:
            activations = {"conv": maps(step), "plain": maps(step), "dense": numbers(step)}
            told = [Response(clip.name, activations, scores) for clip in clips]
            writer.write(step, told, logs={"loss": 1 / (step + 2)}, kernels={"conv": kernel(step)})
