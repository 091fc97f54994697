"""Small logs from arrays: what needs no network to be trained."""

from __future__ import annotations

import re
import time
import warnings
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tensorboard_plugin_cnnviz import Probe, Response, SummaryWriter
from tensorboard_plugin_cnnviz.errors import CNNVizWarning
from tensorboard_plugin_cnnviz.events import EventWriter
from tensorboard_plugin_cnnviz.features import SpectrogramImage
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
    "newer inside/cnnviz": 2,
    "spoilt/cnnviz": 1,
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
    write_newer_inside(write_run(logdir, run="newer inside/cnnviz"))
    write_spoilt(logdir / "spoilt" / "cnnviz")
    write_broken(logdir / "broken" / "cnnviz")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CNNVizWarning)
        # Two steps whole, one as strips, one as a summary, of one the record alone.
        write_run(logdir, range(5), run="cut/cnnviz", max_disk=53_000)
    write_changed(logdir / "changed" / "cnnviz")
    write_named(logdir / NAMED)
    write_run(logdir)


def write_newer_inside(folder: Path) -> None:
    """The manifest of the newest bundle says that it is of a newer format than its record."""
    bundle = next(folder.glob("2-*.zip"))
    told = re.sub(rb'("version": ?\[)\d', rb"\g<1>3", bundle.read_bytes())
    bundle.write_bytes(told)


SPOILT = ("p0/l0/strip.npy.gz", "predictions.npy", "p0/image.npy.gz", "p0/waveform.npy.gz")


def write_spoilt(directory: Path) -> None:
    """Two steps of clips with a picture and sound; of the second step, and of the clips, some arrays are damaged."""
    clips = [with_sound(name, 1.5, label=label) for name, label in zip(CLIPS, CLASSES, strict=True)]
    with SummaryWriter(directory, clips, class_names=CLASSES) as writer:
        for step in (0, 1):
            writer.write(step, responses(step))
    folder = directory / "plugins" / "cnnviz"
    for bundle in (*folder.glob("1-*.zip"), *folder.glob("probes-*.zip")):
        spoil(bundle, SPOILT)


def spoil(bundle: Path, names: Sequence[str]) -> None:
    """Overwrite the content of members, whose lengths and places stay."""
    data = bytearray(bundle.read_bytes())
    with zipfile.ZipFile(bundle) as members:
        for member in (member for member in members.infolist() if member.filename in names):
            name, extra = (int.from_bytes(data[member.header_offset + at :][:2], "little") for at in (26, 28))
            start = member.header_offset + 30 + name + extra
            data[start : start + member.file_size] = b"\xff" * member.file_size
    bundle.write_bytes(data)


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


def with_sound(name: str, seconds: float, *, label: str | None = None) -> Probe:
    """With a spectrogram of its own where it has a label."""
    clip = probes([name], labels=["any"])[0]
    tone = np.sin(np.arange(round(seconds * RATE)) / 8)
    image = None if label is None else SpectrogramImage(np.zeros((ROWS, COLUMNS), np.float32), (0, seconds))
    return Probe(name, clip.inputs, clip.times, audio=tone, sample_rate=RATE, label=label, image=image)


def write_named(directory: Path) -> None:
    """Clips, layers, classes and a metric with the worst of names."""
    labels = [NAMES[0]] * len(NAMES)
    scores = np.random.default_rng(0).random((WINDOWS, 2))
    with SummaryWriter(directory, probes(NAMES, labels=labels), class_names=NAMES[:2]) as writer:
        for step in (0, 1):
            told = [Response(name, {layer: activations(step) for layer in NAMES}, scores) for name in NAMES]
            writer.write(step, told, logs={NAMES[3]: 1.0, "loss": 1.0})
