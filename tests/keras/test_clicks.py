"""A click at a known second lights the column that is said to be centred there, a tone the row of its frequency."""

from __future__ import annotations

from pathlib import Path

import keras
import librosa
import numpy as np
import pytest

from tensorboard_plugin_cnnviz import Probe, Windows, log_model
from tests.keras.click_models import (
    CLICKS,
    LENGTH,
    RATE,
    RAW,
    SOUND,
    clicks,
    log_mel,
    mel_network,
    residual_network,
    spectrogram_network,
    stacked,
    stft_network,
    wave_network,
    with_peaks,
)
from tests.models import han_model
from tests.runs import bundles, load, manifest

layers = keras.layers

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
            maps = (lo[..., None] + codes / 252 * (hi - lo)[..., None]).sum(axis=(0, 3))
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
        lit = load(path, member["name"])[0, 1].sum(axis=0).argmax()
        centre, stride = described["frequency"]["centres"][lit], described["frequency"]["stride"]
        assert abs(centre - row) <= stride / 2, described["name"]
