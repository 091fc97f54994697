"""A log of runs that are odd in one way each, from arrays: none needs a network to be trained."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tensorboard_plugin_cnnviz import Probe, Response, SummaryWriter

LAYER, CLIP = "conv", "first"
CLASSES = ("sax", "flute")
WINDOWS, HOP, LENGTH = 4, 0.25, 0.5
WIDE, LONG, ALIKE = 2048, 4096, 16
STEPS = (0, 1)
# Windows, frequency, time and filters of the layer's maps in each run of two epochs.
SHAPES = {
    "one filter": (WINDOWS, 6, 8, 1),
    "one window": (1, 6, 8, 4),
    "one cell": (WINDOWS, 1, 1, 4),
    "long maps": (WINDOWS, 1, LONG, 3),
    "high maps": (WINDOWS, LONG, 1, 3),
    "many filters": (WINDOWS, 3, 4, WIDE),
    "no labels": (WINDOWS, 6, 8, 4),
    "no names": (WINDOWS, 6, 8, 4),
    "no scores": (WINDOWS, 6, 8, 4),
    "thirty clips": (WINDOWS, 6, 8, 4),
    "many classes": (WINDOWS, 6, 8, 4),
}
MANY_CLASSES = tuple(f"class {number:03}" for number in range(500))
# The score of each, no two alike, the best neither the first nor the last.
MANY_SCORES = np.random.default_rng(0).permutation(500) / 500
THIRTY = [f"clip {number:02}" for number in range(30)]
# A thousand epochs: each of the first 300, then every third.
MANY = "many epochs"
MANY_STEPS = (*range(300), *range(300, 2400, 3))
RUNS = 300


def maps(run: str, step: int, seed: int = 0) -> np.ndarray:
    """Float32 `[windows, frequency, time, filters]` of both signs; along a long axis 16 neighbours are alike."""
    windows, *cells, filters = SHAPES[run]
    alike = [ALIKE if count == LONG else 1 for count in cells]
    few = [count // same for count, same in zip(cells, alike, strict=True)]
    values = np.random.default_rng([step, seed, *SHAPES[run]]).normal(size=(windows, *few, filters))
    return values.repeat(alike[0], axis=1).repeat(alike[1], axis=2).astype(np.float32)


def edges(windows: int) -> np.ndarray:
    """Start and end of each window in seconds, `[windows, 2]`."""
    starts = HOP * np.arange(windows)
    return np.stack([starts, starts + LENGTH], axis=1)


def probe(name: str, windows: int, label: str | None, *, detail: str = "windows") -> Probe:
    return Probe(name, np.zeros((windows, 8, 6, 1), np.float32), edges(windows), label=label, detail=detail)


def write_odd(logdir: Path) -> None:
    for run in SHAPES:
        write_run(logdir / run, run)
    write_many_epochs(logdir / MANY)


def write_run(directory: Path, run: str, *, steps: Sequence[int] = STEPS) -> None:
    """Of two classes by turns, each clip taken for the first."""
    windows = SHAPES[run][0]
    names = THIRTY if run == "thirty clips" else [CLIP]
    unlabelled = run in ("no labels", "no names")
    classes = MANY_CLASSES if run == "many classes" else CLASSES
    clips = [probe(name, windows, None if unlabelled else classes[n % 2]) for n, name in enumerate(names)]
    each = MANY_SCORES if run == "many classes" else [0.75, 0.25]
    scores = None if run == "no scores" else np.tile(each, (windows, 1))
    with SummaryWriter(directory, clips, class_names=None if run == "no names" else classes) as writer:
        for step in steps:
            told = [Response(name, {LAYER: maps(run, step, seed)}, scores) for seed, name in enumerate(names)]
            writer.write(step, told, logs={"loss": 1 / (step + 1)})


def write_many_epochs(directory: Path) -> None:
    scores = np.array([[0.75, 0.25]])
    with SummaryWriter(directory, [probe(CLIP, 1, "sax", detail="summary")], class_names=CLASSES) as writer:
        for step in MANY_STEPS:
            told = Response(CLIP, {LAYER: many_epochs_maps(step)}, scores)
            writer.write(step, [told], logs={"loss": 1 / (step + 1)})


def many_epochs_maps(step: int) -> np.ndarray:
    """Float32 `[windows, frequency, time, filters]` of one window and two filters."""
    return np.random.default_rng(step).normal(size=(1, 2, 2, 2)).astype(np.float32)


def write_many_runs(logdir: Path) -> None:
    """One run as often as it takes to be 300."""
    write_run(logdir / run_name(0), "one window")
    for number in range(1, RUNS):
        shutil.copytree(logdir / run_name(0), logdir / run_name(number))


def run_name(number: int) -> str:
    return f"sweep/{number:03}"
