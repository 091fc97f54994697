"""A click at a known second lights the column that is said to be centred there, a tone the row of its frequency."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import librosa
import numpy as np
import pytest

from tensorboard_plugin_cnnviz import LogMel, Probe, Windows, log_model
from tests.models import han_model
from tests.runs import bundles, load, manifest

layers = keras.layers
RATE, LENGTH = 2000, 3000
# In samples: not on a frame, near a window's edge, on a frame of the spectrograms.
CLICKS = (611, 1207, 2048)


def clicks(features: Any) -> list[Probe]:
    sounds = np.zeros((len(CLICKS), LENGTH), np.float32)
    sounds[np.arange(len(CLICKS)), CLICKS] = 1
    return [Probe.from_audio(sound, RATE, features, name=f"{at}") for sound, at in zip(sounds, CLICKS, strict=True)]


def with_peaks(model: keras.Model) -> keras.Model:
    """Give every kernel its greatest weights in its middle, so that a column answers most to what it is centred on."""
    for weights in model.weights:
        if weights.name in ("kernel", "depthwise_kernel", "pointwise_kernel"):
            peak = np.ones(weights.shape)
            for axis, taps in enumerate(weights.shape[:-2]):
                ramp = 1 + np.minimum(np.arange(taps), np.arange(taps)[::-1])
                peak *= ramp.reshape([-1 if i == axis else 1 for i in range(peak.ndim)])
            weights.assign(peak / peak.sum())
    return model


class Halves(layers.Layer):
    """A block of a user's own, with operators between its layers."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.conv = layers.Conv1D(2, 5, padding="same", name="conv")
        self.after = layers.Conv1D(2, 3, name="after")

    def call(self, x: Any) -> Any:
        y = keras.ops.relu(self.conv(x) + x)[:, ::2]
        return self.after(keras.ops.pad(y, ((0, 0), (1, 1), (0, 0))))


RAW = Windows(lambda sound: sound[:, np.newaxis], 0.25, 0.125, sample_rate=RATE)
SOUND = Windows(lambda sound: sound, 0.5, 0.125, sample_rate=RATE)


def log_mel(*axes: str, n_fft: int = 128, bands: int = 12, window: int = 20) -> LogMel:
    # What is silent is 0, as what is padded.
    options = {"floor": 1e-3, "reference": 1e-3, "normalise": False}
    return LogMel(RATE, n_fft=n_fft, hop_length=64, n_mels=bands, window=window, window_hop=4, axes=axes, **options)


def stacked(shape: tuple[int, ...], *stack: keras.Layer) -> keras.Model:
    return keras.Sequential([keras.Input(shape), *stack])


def wave_network() -> keras.Model:
    return stacked(
        (500, 1),
        layers.Conv1D(3, 16, strides=4, activation="relu", name="front"),
        layers.Conv1D(4, 3, dilation_rate=4, padding="same", name="dilated"),
        layers.BatchNormalization(name="norm"),
        layers.MaxPooling1D(2, name="pool"),
        layers.Conv1D(4, 5, padding="causal", name="causal"),
        layers.DepthwiseConv1D(3, padding="same", name="depthwise"),
        layers.AveragePooling1D(3, strides=2, name="average"),
        layers.SeparableConv1D(2, 3, name="separable"),
        layers.GlobalMaxPooling1D(name="most"),
        layers.Dense(2, name="out"),
    )


def residual_network() -> keras.Model:
    x = inputs = keras.Input((500, 1))
    x = layers.Conv1D(2, 9, strides=5, padding="same", name="front")(x)
    for i, dilation in enumerate((1, 2, 4)):
        y = layers.Conv1D(2, 3, dilation_rate=dilation, padding="same", activation="relu", name=f"dilated{i}")(x)
        x = layers.Add(name=f"sum{i}")([x, y])
    x = Halves(name="halves")(x)
    return keras.Model(inputs, layers.Dense(2, name="out")(layers.GlobalAveragePooling1D(name="mean")(x)))


def spectrogram_network(shape: tuple[int, ...], wide: tuple[int, int]) -> keras.Model:
    return stacked(
        shape,
        layers.Conv2D(2, wide, padding="same", activation="relu", name="wide"),
        layers.ZeroPadding2D(1, name="pad"),
        layers.Conv2D(3, 3, name="valid"),
        layers.MaxPooling2D((2, 2), name="pool"),
        layers.Conv2D(3, (3, 5), strides=(1, 2), padding="same", name="strided"),
        layers.GlobalAveragePooling2D(name="mean"),
        layers.Dense(2, name="out"),
    )


def mel_network() -> keras.Model:
    # Padded zeros would be brighter than silence in decibels.
    return stacked(
        (1000,),
        layers.MelSpectrogram(128, 48, sampling_rate=RATE, num_mel_bins=12, min_freq=50, power_to_db=False, name="mel"),
        layers.Reshape((12, 21, 1), name="image"),
        layers.Conv2D(3, 3, padding="same", name="conv"),
        layers.Conv2D(3, (2, 5), strides=(2, 2), activation="relu", name="strided"),
        layers.Permute((2, 1, 3), name="turned"),
        layers.Reshape((9, -1), name="rows"),
        layers.Conv1D(2, 3, name="line"),
        layers.Flatten(name="flat"),
        layers.Dense(2, name="out"),
    )


def stft_network() -> keras.Model:
    return stacked(
        (1000,),
        layers.Reshape((1000, 1), name="column"),
        layers.STFTSpectrogram("magnitude", 64, 32, 128, padding="same", name="stft"),
        layers.Conv1D(3, 3, padding="same", name="conv"),
        layers.MaxPooling1D(2, name="pool"),
        layers.Flatten(name="flat"),
        layers.Dense(2, name="out"),
    )


TABLE = {
    "raw sound": (wave_network, RAW),
    "residual blocks": (residual_network, RAW),
    "log-mel, time first": (lambda: spectrogram_network((20, 12, 1), (5, 3)), log_mel("time", "frequency", "channel")),
    "log-mel, frequency first": (
        lambda: spectrogram_network((12, 20, 1), (3, 5)),
        log_mel("frequency", "time", "channel"),
    ),
    "mel layer": (mel_network, SOUND),
    "STFT layer": (stft_network, SOUND),
    "the model of the field": (
        lambda: han_model(width=1),
        log_mel("time", "frequency", "channel", n_fft=1024, bands=128, window=43),
    ),
}


def assert_lit(second: float, centres: np.ndarray, reach: float, answers: np.ndarray, where: str) -> None:
    """Assert that of columns centred at `centres` (seconds) those nearest, at most `reach` away, answer most."""
    away = np.abs(centres - second)
    # A pool's neighbours may share their greatest value; codes are 1/252 of the range apart.
    most = answers >= answers.max() - (answers.max() - answers.min()) / 200
    assert most[away <= away.min() + 1e-9].any(), f"{where}: lit at {centres[most]}, the click is at {second}"
    assert abs(centres[most].mean() - second) <= reach, f"{where}: lit at {centres[most]}, the click is at {second}"


@pytest.mark.parametrize("kind", TABLE)
def test_a_click_lights_the_column_at_its_second(kind: str, tmp_path: Path) -> None:
    build, features = TABLE[kind]
    probes = clicks(features)
    directory = log_model(with_peaks(build()), probes, tmp_path, layers=lambda _: True, max_map_size=1024)
    (path,) = (each for each in bundles(directory) if not each.name.startswith("probes"))
    step = manifest(path)
    ranges = load(path, "ranges.npy")
    layout = step["layout"]
    placed = [i for i, layer in enumerate(layout["layers"]) if layer["time"] is not None]
    assert placed
    seen: set[tuple[str, str]] = set()
    for p, (probe, response) in enumerate(zip(probes, step["responses"], strict=True)):
        second = (CLICKS[p] + 0.5) / RATE
        start, end = probe.times.T
        for index in placed:
            layer, arrays = layout["layers"][index], response["layers"][index]
            axis, where = layer["time"], f"{layer['name']} of {probe.name}"
            assert not axis["approximate"], where
            positions = np.asarray(axis["centres"])
            centres = start[:, None] + (positions + 0.5) / axis["cells"] * (end - start)[:, None]
            reach = axis["stride"] / axis["cells"] * (end - start)[0] / 2 + 1e-9
            # Of what lies beyond a window's edges columns see zeros instead.
            whole = (positions >= (axis["field"] - 1) / 2) & (positions <= axis["cells"] - (axis["field"] + 1) / 2)
            near = (np.abs(centres - second) <= reach) & whole
            lo, hi = ranges[response["first_block"], layer["first_filter"] :][: layer["filters"]].T[..., None, None]
            codes = np.concatenate([load(path, member["name"]) for member in arrays["windows"]])
            maps = (lo[..., None] + codes / 252 * (hi - lo)[..., None]).sum(axis=(0, 2))
            for window in np.flatnonzero(near.any(axis=1)):
                assert_lit(second, centres[window], reach, maps[window], f"window {window} of {where}")
                seen.add(("window", layer["name"]))
            grid = layout["grids"][layout["probes"][p]["grids"][index]]
            at = np.argmin(np.abs(np.asarray(grid["centres"]) - second))
            if near[grid["windows"][at], grid["columns"][at]]:
                strip = (lo + load(path, arrays["strip"]["name"]) / 252 * (hi - lo)).sum(axis=(0, 1))
                assert_lit(second, np.asarray(grid["centres"]), reach, strip, f"strip of {where}")
                seen.add(("strip", layer["name"]))
    # A column whose field is wider than its window cannot be tried.
    tried = [layout["layers"][index] for index in placed]
    tried = [layer["name"] for layer in tried if layer["time"]["field"] <= layer["time"]["cells"] / 2]
    assert tried
    assert seen >= {(part, name) for name in tried for part in ("window", "strip")}


@pytest.mark.parametrize(
    ("layer", "hertz"),
    [
        (
            layers.STFTSpectrogram("magnitude", 64, 32, 128, expand_dims=True),
            librosa.fft_frequencies(sr=RATE, n_fft=128),
        ),
        (
            # The rate that it is told is another's, so that its bands lie elsewhere: 50 to 800 of 8000 Hz.
            layers.MelSpectrogram(128, 48, sampling_rate=8000, num_mel_bins=9, min_freq=50, max_freq=4000),
            librosa.mel_frequencies(11, fmin=50, fmax=4000, htk=True)[1:-1] * RATE / 8000,
        ),
    ],
    ids=["STFT", "mel"],
)
def test_a_tone_lights_the_row_of_its_frequency(layer: keras.Layer, hertz: np.ndarray, tmp_path: Path) -> None:
    row = 5
    sound = np.sin(2 * np.pi * hertz[row] / RATE * np.arange(LENGTH)).astype(np.float32)
    mel = isinstance(layer, layers.MelSpectrogram)
    model = stacked(
        (1000,) if mel else (1000, 1),
        layer,
        layers.Reshape((9, 21, 1)) if mel else layers.Activation("linear"),
        layers.Conv2D(1, (1, 3) if mel else (3, 1), name="conv"),
        layers.MaxPooling2D((2, 1) if mel else (1, 2), name="pool"),
        layers.GlobalMaxPooling2D(),
        layers.Dense(2, name="out"),
    )
    windows = SOUND if mel else Windows(lambda sound: sound[:, np.newaxis], 0.5, 0.125, sample_rate=RATE)
    probe = Probe.from_audio(sound, RATE, windows, name="tone")
    directory = log_model(with_peaks(model), [probe], tmp_path, layers=[layer.name, "conv", "pool", "out"])
    (path,) = (each for each in bundles(directory) if not each.name.startswith("probes"))
    step = manifest(path)
    *spectral, out = step["layout"]["layers"]
    assert "hertz" not in out
    assert len(spectral) == 3
    for index, described in enumerate(spectral):
        assert described["hertz"] == pytest.approx(hertz, rel=1e-6)
        (member,) = step["responses"][0]["layers"][index]["windows"]
        lit = load(path, member["name"])[0, 1].sum(axis=1).argmax()
        centre, stride = described["frequency"]["centres"][lit], described["frequency"]["stride"]
        assert abs(centre - row) <= stride / 2, described["name"]
