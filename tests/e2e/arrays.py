"""Small logs from arrays: what needs no network to be trained."""

from __future__ import annotations

import time
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tensorboard_plugin_cnnviz import Probe, Response, SummaryWriter
from tensorboard_plugin_cnnviz.errors import CNNVizWarning
from tensorboard_plugin_cnnviz.events import EventWriter
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


def write_run(logdir: Path, steps: Sequence[int] = (0, 1, 2), run: str = RUN, *, max_disk: str | int = "10GB") -> Path:
    """Log steps with their curves; returns the run's directory of bundles."""
    with SummaryWriter(logdir / run, probes(), class_names=CLASSES, max_disk=max_disk) as writer:
        for step in steps:
            writer.write(step, responses(step), logs={"loss": 1 / (step + 2)})
    write_scalars((logdir / run).parent / "train", "epoch_loss", {step: 1 / (step + 2) for step in steps if step >= 0})
    return logdir / run / "plugins" / "cnnviz"


NAMES = (
    "a/b c",
    "höhe 音 ♫",
    "\"quoted\" 'single' `tick`",
    "<script>window.ran = true</script>",
    "<img src=x onerror='window.ran = true'>",
    "&amp; %2F ?run=.#x",
)
NAMED = "<b onclick='window.ran=true'> & \"ünï\"/cnnviz"
# Each run with its last step; the last one is written last.
SMALL_RUNS = {
    "truncated/cnnviz": 2,
    "missing/cnnviz": 2,
    "newer/cnnviz": 2,
    "broken/cnnviz": 0,
    "cut/cnnviz": 4,
    "changed/cnnviz": 2,
    NAMED: 1,
    RUN: 2,
}


def write_small_runs(logdir: Path) -> None:
    for damage in ("truncated", "missing"):
        bundle = next(write_run(logdir, run=f"{damage}/cnnviz").glob("2-*.zip"))
        if damage == "missing":
            bundle.unlink()
        else:
            bundle.write_bytes(bundle.read_bytes()[: bundle.stat().st_size // 2])
    write_run(logdir, (0, 1), run="newer/cnnviz")
    events = EventWriter(logdir / "newer" / "cnnviz")
    events.write(2, b'{"version": [3, 0]}', wall_time=time.time())
    events.close()
    write_broken(logdir / "broken" / "cnnviz")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CNNVizWarning)
        # Two steps whole, one as strips, one as a summary, of one the record alone.
        write_run(logdir, range(5), run="cut/cnnviz", max_disk=53_000)
    write_changed(logdir / "changed" / "cnnviz")
    write_named(logdir / NAMED)
    write_run(logdir)


def write_broken(directory: Path) -> None:
    """Filter 1 has a row of NaN, one of infinity and one of minus infinity; filter 2 is nothing but NaN."""
    broken = activations(0)
    broken[:, 0, :, 1], broken[:, 1, :, 1], broken[:, 2, :, 1] = np.nan, np.inf, -np.inf
    broken[..., 2] = np.nan
    with SummaryWriter(directory, probes(), class_names=CLASSES) as writer:
        writer.write(0, [Response("first", {"conv": broken}, np.full((WINDOWS, len(CLASSES)), np.nan))])


RATE = 8000


def write_changed(directory: Path) -> None:
    """A run that was gone on with, at step 2, with other clips, layers, filters and classes."""
    with SummaryWriter(directory, [with_sound("first", 1.5), with_sound("second", 1.5)], class_names=CLASSES) as writer:
        for step in (0, 1):
            writer.write(step, responses(step))
    scores = np.random.default_rng(5).random((WINDOWS, 3))
    told = [
        Response(name, {"conv": activations(2, seed)[..., :4], "last": activations(2, seed)}, scores)
        for seed, name in enumerate(("second", "third"))
    ]
    clips = [with_sound("second", 2.0), with_sound("third", 2.0)]
    with SummaryWriter(directory, clips, class_names=("drum", "oboe", "lute")) as writer:
        writer.write(2, told)


def with_sound(name: str, seconds: float) -> Probe:
    clip = probes([name], labels=["any"])[0]
    tone = np.sin(np.arange(round(seconds * RATE)) / 8)
    return Probe(name, clip.inputs, clip.times, audio=tone, sample_rate=RATE)


def write_named(directory: Path) -> None:
    """Clips, layers, classes and a metric with the worst of names."""
    labels = [NAMES[0]] * len(NAMES)
    scores = np.random.default_rng(0).random((WINDOWS, 2))
    with SummaryWriter(directory, probes(NAMES, labels=labels), class_names=NAMES[:2]) as writer:
        for step in (0, 1):
            told = [Response(name, {layer: activations(step) for layer in NAMES}, scores) for name in NAMES]
            writer.write(step, told, logs={NAMES[3]: 1.0, "loss": 1.0})
