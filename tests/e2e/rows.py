"""A small log of layers that are shown as rows, from arrays: many filters, and one number per window."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tensorboard_plugin_cnnviz import Probe, Response, SummaryWriter

from .arrays import WINDOWS, probes

RUN = "rows/cnnviz"
STEPS = (0, 1)
WIDE, NUMBERS = 2048, 600
# A filter and a window.
PEAK = (777, 3)
# Of one window, and of no class.
SHORT = "short"
CLIPS = {"sax 1": "sax", "sax 2": "sax", "flute 1": "flute", "organ 1": "organ"}


def wide_maps(step: int, clip: int) -> np.ndarray:
    """`[windows, frequency, time, filters]` of 2,048 filters: hardly anything, but one filter's peak in one window."""
    values = np.random.default_rng([step, clip]).uniform(0, 0.1, (WINDOWS, 3, 4, WIDE))
    number, window = PEAK
    values[window, 1, 2, number] = 1.0
    return values.astype(np.float32)


def window_numbers(step: int, clip: int) -> np.ndarray:
    """`[windows, filters]` of 600 filters of either sign, each stronger at the first step, by a share of its own."""
    filters = np.random.default_rng(5)
    size, share = filters.uniform(0.1, 1, NUMBERS), filters.permutation(NUMBERS) / NUMBERS
    values = np.random.default_rng(clip).normal(size=(WINDOWS, NUMBERS)) * size
    return (values * (1 + (1 - step) * share)).astype(np.float32)


def write_rows(directory: Path) -> None:
    """Two steps of four clips of three classes."""
    labels = list(CLIPS.values())
    scores = np.random.default_rng(0).random((WINDOWS, 3))
    clips = probes(list(CLIPS), labels=labels)
    clips.append(Probe(SHORT, clips[0].inputs[:1], clips[0].times[:1]))
    with SummaryWriter(directory, clips, class_names=sorted(set(labels))) as writer:
        for step in STEPS:
            told = [
                Response(name, {"wide": wide_maps(step, clip), "numbers": window_numbers(step, clip)}, scores)
                for clip, name in enumerate(CLIPS)
            ]
            arrays = {"wide": wide_maps(step, len(CLIPS))[:1], "numbers": window_numbers(step, len(CLIPS))[:1]}
            told.append(Response(SHORT, arrays, scores[:1]))
            writer.write(step, told, logs={"loss": 1 / (step + 1)})
