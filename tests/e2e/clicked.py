"""Logs of a click as models of several kinds hear it, and where their manifests say that columns are centred."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import keras
import numpy as np

from tensorboard_plugin_cnnviz import log_model
from tests.keras.click_models import (
    CLICKS,
    RATE,
    RAW,
    SOUND,
    clicks,
    log_mel,
    mel_network,
    stacked,
    stft_network,
    wave_network,
    with_peaks,
)
from tests.runs import bundles, manifest

layers = keras.layers
CLICK = CLICKS[1]
SECOND = (CLICK + 0.5) / RATE


def deep_network() -> keras.Model:
    """Padded at each stage, so that deep columns are centred outside the window."""
    stages = [
        (
            layers.ZeroPadding1D(4, name=f"pad{stage}"),
            layers.Conv1D(4, 5, padding="same", activation="relu", name=f"conv{stage}"),
            layers.MaxPooling1D(3, name=f"pool{stage}"),
        )
        for stage in range(4)
    ]
    first = layers.Conv1D(4, 8, strides=3, name="front")
    stack = [first, *chain.from_iterable(stages), layers.Flatten(name="flat")]
    return stacked((500, 1), *stack, layers.Dense(2, name="out"))


def sequence_network() -> keras.Model:
    return stacked(
        (20, 12, 1),
        layers.TimeDistributed(layers.Conv1D(4, 3, activation="relu"), name="each"),
        layers.TimeDistributed(layers.Flatten(), name="rows"),
        layers.LSTM(4, return_sequences=True, name="lstm"),
        layers.Bidirectional(layers.GRU(3, return_sequences=True), name="both"),
        layers.Conv1D(3, 3, strides=2, name="strided"),
        layers.LSTM(2, name="last"),
        layers.Dense(2, name="out"),
    )


# Each run with its model, its features and the layers that are watched.
RUNS = {
    "raw sound": (wave_network, RAW, ("front", "dilated", "pool", "causal", "average", "separable", "most", "out")),
    "deep": (deep_network, RAW, ("conv0", "conv1", "pool1", "conv2", "conv3", "out")),
    "sequences": (
        sequence_network,
        log_mel("time", "frequency", "channel"),
        ("each", "rows", "lstm", "both", "strided", "last", "out"),
    ),
    "stft": (stft_network, SOUND, ("stft", "conv", "pool", "out")),
    "mel": (mel_network, SOUND, ("mel", "conv", "strided", "line", "out")),
}


@dataclass(frozen=True)
class Column:
    """A column of a layer, or the one number of a window (`column` is None then)."""

    window: int
    column: int | None
    seconds: float


class Clicked:
    """A run of a single step and clip, and what its manifests say."""

    def __init__(self, logdir: Path, kind: str) -> None:
        build, features, self.layers = RUNS[kind]
        keras.utils.set_random_seed(0)
        probe = next(each for each in clicks(features) if each.name == str(CLICK))
        written = log_model(with_peaks(build()), [probe], logdir / kind, layers=list(self.layers))
        self.run = str(written.relative_to(logdir))
        self.clip = probe.name
        manifests = [manifest(path) for path in bundles(written)]
        (self._step,) = (each for each in manifests if each["kind"] == "step")
        (probes,) = (each for each in manifests if each["kind"] == "probes")
        self.times = np.asarray(probes["probes"][0]["times"])

    def layer(self, name: str) -> Any:
        return next(each for each in self._layout["layers"] if each["name"] == name)

    def grid(self, name: str) -> Any:
        """Where the columns of a layer's strips stand."""
        return self._layout["grids"][self._layout["probes"][0]["grids"][self.layers.index(name)]]

    def columns(self, name: str) -> list[Column]:
        """All columns that are centred in their own window, placed by the layer's axis in cells of the input."""
        axis = self.layer(name)["time"]
        return [
            Column(window, column, start + (centre + 0.5) / axis["cells"] * (end - start))
            for window, (start, end) in enumerate(self.times)
            for column, centre in enumerate(axis["centres"])
            if -0.5 <= centre <= axis["cells"] - 0.5
        ]

    def present_window(self, seconds: float) -> int:
        """The window whose centre is nearest, of equals the first."""
        return int(np.abs(self.times.mean(axis=1) - seconds).round(9).argmin())

    @cached_property
    def _layout(self) -> Any:
        return self._step["layout"]
