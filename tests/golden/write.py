"""Write the golden run anew: ``python -m tests.golden.write``. Only where what is stored means something else.

Python and TypeScript both read `bundle.zip` and `probes.zip` and must find the values in `expected.json`, which are
computed here from the float arrays, without the package's own decoding.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

import numpy as np

from tensorboard_plugin_cnnviz import Probe, SummaryWriter
from tensorboard_plugin_cnnviz.axis import Axis
from tensorboard_plugin_cnnviz.features import SpectrogramImage
from tensorboard_plugin_cnnviz.layers import LayerSpec, QuantisedResponse
from tests.blocks import encode_blocks

HERE = Path(__file__).parent
STEP = 3
WINDOWS, FREQUENCY, TIME, FILTERS = 3, 4, 5, 34
BLOCKS = (0, 2, 3)
NAMES = ('violin/a "quoted" <script>', "flöte 2")
TIMES = np.array([[0.0, 1.0], [0.5, 1.5], [1.0, 2.0]])


def maps(probe: int) -> np.ndarray:
    """Float32 ``[windows, time, frequency, filters]``: steps of 1/8, so that equal on every machine."""
    index = np.arange(WINDOWS * TIME * FREQUENCY * FILTERS).reshape(WINDOWS, TIME, FREQUENCY, FILTERS)
    values = ((index * 37 + probe * 11) % 101 - 30).astype(np.float32) / 8
    values[..., 1] = 0.75
    values[0, 0, 0, 2], values[0, 1, 0, 2], values[2, 2, 3, 2] = np.nan, np.inf, -np.inf
    values[..., 3] = np.nan
    return values


def line(probe: int) -> np.ndarray:
    """Float32 ``[windows, time, filters]``."""
    return (np.arange(WINDOWS * 7 * 2).reshape(WINDOWS, 7, 2) * (probe + 1) % 13).astype(np.float32) / 4


def numbers(probe: int) -> np.ndarray:
    """Float32 ``[windows, filters]``."""
    return (np.arange(WINDOWS * 3).reshape(WINDOWS, 3) - probe * 4).astype(np.float32) / 3


def predictions(probe: int) -> np.ndarray:
    """Float32 ``[windows, classes]``."""
    return np.float32([[0.1, 0.9], [0.25, 0.75], [0.8, 0.2]])[:: 1 - 2 * probe]


SPECS = (
    LayerSpec(
        "conv/a<b>",
        "Conv2D",
        ("time", "frequency", "filter"),
        time=Axis.even(3).through(kernel=3, pad_before=2, size=TIME),
        frequency=Axis.even(4),
    ),
    LayerSpec("line", "Conv1D", ("time", "filter"), time=Axis.even(7)),
    LayerSpec("out", "Dense", ("filter",)),
)


def probes() -> list[Probe]:
    """Two clips of 2 s: one with sound, an image and all windows, one with neither, as strips."""
    audio = np.tile(np.float32([0, 0.5, 0, -0.5]), 4000)
    image = (np.arange(12).reshape(3, 4) / 4).astype(np.float32)
    inputs = np.zeros((WINDOWS, 3, 4, 1), np.float32)
    shown = SpectrogramImage(image, seconds=(0.0, 2.0), hertz=(100.0, 200.0, 400.0), title="log-mel", unit="ln")
    return [
        Probe(NAMES[0], inputs, TIMES, audio=audio, sample_rate=8000, label="a", image=shown, metadata={"take": 1}),
        Probe(NAMES[1], inputs, TIMES, label=["b", "c"], detail="strip"),
    ]


def write(directory: Path) -> tuple[Path, Path]:
    """Log one step; returns its bundle and the probe bundle."""
    responses = []
    for p, name in enumerate(NAMES):
        values = [f(p).astype(np.float32) for f in (maps, line, numbers)]
        layers = [encode_blocks(each, spec, BLOCKS) for each, spec in zip(values, SPECS, strict=True)]
        responses.append(QuantisedResponse(name, SPECS, layers, predictions(p), BLOCKS))
    with SummaryWriter(directory, probes(), class_names=["a", "b"]) as writer:
        logs = {"loss": float("nan"), "accuracy": 0.5}
        writer.write_quantised(STEP, responses, output="out", logs=logs, epoch=STEP)
    folder = directory / "plugins" / "cnnviz"
    return next(folder.glob(f"{STEP}-*.zip")), next(folder.glob("probes-*.zip"))


def _text(value: float) -> float | str:
    """JSON has no NaN."""
    value = float(value)
    return value if np.isfinite(value) else {np.inf: "Infinity", -np.inf: "-Infinity"}.get(value, "NaN")


def outside(probe: int) -> list[list[int]]:
    """Of `maps`, ``[filters, windows]``: 1 where the largest finite value stands in columns 0 and 4 alone."""
    marks = np.zeros((FILTERS, WINDOWS), int)
    for f in range(FILTERS):
        for w, columns in enumerate(maps(probe)[:, :, :, f]):
            largest = [max((v for v in column if np.isfinite(v)), default=-np.inf) for column in columns]
            marks[f, w] = max(largest[0], largest[4]) > max(largest[1:4])
    return marks.tolist()


def expected() -> dict[str, object]:
    """Values with their tolerance (half a code), by probe, layer, filter, window, row and column."""
    cells = []
    for p in range(2):
        for layer, values in enumerate((maps(p).transpose(3, 0, 2, 1), line(p).transpose(2, 0, 1)[:, :, None], None)):
            if values is None:
                continue
            for f in sorted({0, 1, 2, 3, 33} & set(range(len(values)))):
                for w in range(WINDOWS):
                    block = values[f, 0:2] if w < 2 else values[f, 2:3]
                    finite = block[np.isfinite(block)]
                    half = (finite.max() - finite.min()) / 504 if finite.size else 0
                    for row, column in ((0, 0), (0, 1), (values.shape[2] - 1, 2)):
                        cells.append([p, layer, f, w, row, column, _text(values[f, w, row, column]), float(half)])
    return {
        "cells": cells,
        "numbers": [numbers(p).T.tolist() for p in range(2)],
        "predictions": [predictions(p).tolist() for p in range(2)],
        # Columns of the first layer are centred at cells -1, 0, 1, 2, 3 of 3: -1 and 3 lie outside the window.
        "centres": [-1, 0, 1, 2, 3],
        "inside": [False, True, True, True, False],
        "outside": [outside(p) for p in range(2)],
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        bundle, probe_bundle = write(Path(scratch))
        shutil.copy(bundle, HERE / "bundle.zip")
        shutil.copy(probe_bundle, HERE / "probes.zip")
    (HERE / "expected.json").write_text(json.dumps(expected()) + "\n", encoding="utf-8")
