"""What columns and rows are said to see, against what moves when a cell of the input is moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tensorboard_plugin_cnnviz.axis import Axis
from tensorboard_plugin_cnnviz.keras.observer import Observer
from tensorboard_plugin_cnnviz.keras.parts import find_parts
from tensorboard_plugin_cnnviz.keras.recording import Recording
from tensorboard_plugin_cnnviz.keras.tensorflow_tracer import outermost
from tensorboard_plugin_cnnviz.layers import LayerSpec
from tests.keras.helpers import BUDGET, probe_of
from tests.keras.networks import ANY, EXACT, WEIGHTS, network

layers = keras.layers


# Building models is slow: what fails is shown as it was drawn.
PHASES = (Phase.explicit, Phase.generate)


def specs_of(model: keras.Model, shape: tuple[int, ...], axes: Sequence[str]) -> dict[str, LayerSpec]:
    names = [part.name for part in find_parts(model) if part.hidden is None and not part.container and not part.inner]
    probe = probe_of(np.zeros((2, *shape), np.float32), tuple(axes))
    observer = Observer(model, [probe], layers=names, memory_budget=BUDGET)
    return {spec.name: spec for spec in observer.specs}


def outputs_of(model: keras.Model, inputs: np.ndarray) -> dict[str, np.ndarray]:
    with Recording(find_parts(model), belongs=outermost()) as recording:
        model(inputs, training=False)
    return {
        call.part.name + (f":{call.index}" if call.index else ""): np.asarray(call.output, np.float64)
        for call in recording.calls
    }


def moved_by(model: keras.Model, shape: tuple[int, ...], along: int) -> dict[str, np.ndarray]:
    """For every layer, which cells of its output move with each cell along one axis: bool `[cells, ...]`."""
    cells = shape[along]
    random = np.random.default_rng(0)
    base = random.uniform(1, 2, shape).astype(np.float32)
    inputs = np.repeat(base[np.newaxis], cells + 1, axis=0)
    at = np.moveaxis(inputs, 1 + along, 1)[:cells]
    # Enough to be greatest, and never the same for a whole row or column.
    at[np.arange(cells), np.arange(cells)] += random.uniform(2, 4, (cells, *at.shape[2:]))
    given = outputs_of(model, inputs)
    return {name: np.abs(y[:-1] - y[-1]) > 1e-5 * np.abs(y[-1]) + 1e-9 for name, y in given.items()}


def check_axis(axis: Axis, moved: np.ndarray, *, margin: float = 0, where: str = "") -> None:
    """Assert the law of `Axis` for `moved`: bool `[cells, columns]`."""
    assert moved.shape == (axis.cells, len(axis.centres)), where
    for column, centre in enumerate(axis.centres):
        reached = np.flatnonzero(moved[:, column])
        first, last = centre - (axis.field - 1) / 2, centre + (axis.field - 1) / 2
        outside = [cell for cell in reached if not first - 1e-6 <= cell <= last + 1e-6]
        assert not outside, f"{where}: column {column} sees {outside}, said to see {first} to {last}"
        if not axis.approximate and first >= margin and last <= axis.cells - 1 - margin:
            assert reached.size, f"{where}: column {column} sees nothing, said to see {first} to {last}"
            assert (reached[0], reached[-1]) == pytest.approx((first, last)), f"{where}: column {column}"


def check(
    model: keras.Model, shape: tuple[int, ...], axes: Sequence[str], *, margin: float = 0
) -> dict[str, LayerSpec]:
    """Assert the law for every layer and axis; give the layers' descriptions."""
    specs = specs_of(model, shape, axes)
    for name in ("time", "frequency"):
        if name not in axes:
            continue
        for layer, moved in moved_by(model, shape, axes.index(name)).items():
            axis = specs[layer].time if name == "time" else specs[layer].frequency
            if axis is None:
                continue
            at = 1 + specs[layer].axes.index(name)
            others = tuple(i for i in range(1, moved.ndim) if i != at)
            check_axis(axis, moved.any(axis=others), margin=margin, where=f"{layer} along {name}")
    return specs


@settings(max_examples=25, derandomize=True, phases=PHASES)
@given(st.data())
def test_columns_of_random_networks_on_raw_sound(data: st.DataObject) -> None:
    shape = (data.draw(st.integers(12, 36)), 1)
    specs = check(network(data.draw, shape, EXACT), shape, ("time", "channel"))
    assert specs["last"].time is not None
    assert not specs["last"].time.approximate


@settings(max_examples=25, derandomize=True, phases=PHASES)
@given(st.data())
def test_columns_and_rows_of_random_networks_on_spectrograms(data: st.DataObject) -> None:
    shape = (data.draw(st.integers(8, 20)), data.draw(st.integers(8, 14)), 1)
    axes = data.draw(st.sampled_from([("time", "frequency", "channel"), ("frequency", "time", "channel")]))
    specs = check(network(data.draw, shape, EXACT), shape, axes)
    assert specs["last"].time is not None
    assert not specs["last"].time.approximate
    assert specs["last"].frequency is not None


@settings(max_examples=30, derandomize=True, phases=PHASES)
@given(st.data())
def test_what_is_approximate_still_holds_all_that_is_seen(data: st.DataObject) -> None:
    long = data.draw(st.booleans())
    shape = (data.draw(st.integers(8, 24)), 1) if long else (data.draw(st.integers(6, 14)), 8, 1)
    axes = ("time", "channel") if long else ("time", "frequency", "channel")
    specs = check(network(data.draw, shape, ANY), shape, axes)
    assert specs["last"].time is not None


def front_end(*stack: keras.Layer, samples: int = 96, channels: int | None = None) -> dict[str, LayerSpec]:
    shape = (samples,) if channels is None else (samples, channels)
    model = keras.Sequential([keras.Input(shape), *stack])
    random = np.random.default_rng(0)
    for weights in stack[0].weights:
        # A window's ends are zero until training changes them, and would hide themselves.
        weights.assign(random.uniform(0.5, 1, weights.shape))
    return check(model, shape, ("time", "channel")[: len(shape)])


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(("frame", "step", "fft"), [(16, 8, 16), (12, 5, 16), (9, 9, 16)])
def test_frames_of_stft_layers(padding: str, frame: int, step: int, fft: int) -> None:
    spectrogram = layers.STFTSpectrogram("magnitude", frame, step, fft, padding=padding, expand_dims=True, name="stft")
    specs = front_end(spectrogram, layers.Conv2D(2, (3, 2), name="conv", **WEIGHTS), channels=1)
    stft, conv = specs["stft"], specs["conv"]
    assert stft.axes == conv.axes == ("time", "frequency", "filter")
    assert stft.time is not None
    assert (stft.time.stride, stft.time.field, stft.time.approximate) == (step, frame, False)
    if padding == "valid":
        assert stft.time.centres[0] == (frame - 1) / 2
    assert stft.frequency == Axis.even(fft // 2 + 1)
    assert conv.frequency == Axis.even(fft // 2 + 1).through(kernel=2, size=fft // 2)


@pytest.mark.parametrize("mode", ["log", "psd", "real", "imag", "angle", "stft"])
def test_modes_of_stft_layers(mode: str) -> None:
    narrow = front_end(layers.STFTSpectrogram(mode, 8, 4, name="stft"), channels=1)["stft"]
    two = front_end(layers.STFTSpectrogram(mode, 8, 4, name="stft"), channels=2)["stft"]
    deep = front_end(layers.STFTSpectrogram(mode, 8, 4, expand_dims=True, name="stft"), channels=2)["stft"]
    assert narrow.axes == (("time", "filter") if mode == "stft" else ("time", "frequency", "filter"))
    # Bins of both channels, and real and imaginary parts, stand on one axis, which is no axis of frequency then.
    assert two.axes == ("time", "filter")
    assert deep.axes == ("time", "frequency", "filter")
    assert (deep.frequency is None) == (mode == "stft")
    assert all(spec.time == narrow.time for spec in (two, deep))


@pytest.mark.parametrize("decibels", [False, True])
@pytest.mark.parametrize(
    ("options", "exact"),
    [
        ({"fft_length": 16, "sequence_stride": 10}, True),
        ({"fft_length": 16, "sequence_length": 12, "sequence_stride": 7}, True),
        ({"fft_length": 17, "sequence_length": 12, "sequence_stride": 7}, True),
        ({"fft_length": 17, "sequence_length": 11, "sequence_stride": 7}, True),
        ({"fft_length": 16, "sequence_length": 11, "sequence_stride": 7}, False),
        ({"fft_length": 16, "sequence_stride": 8}, False),
        ({"fft_length": 16, "sequence_stride": 10, "window": "hamming"}, False),
    ],
)
def test_frames_of_mel_layers(options: dict[str, Any], exact: bool, decibels: bool) -> None:
    mel = layers.MelSpectrogram(num_mel_bins=5, sampling_rate=8000, power_to_db=decibels, name="mel", **options)
    specs = front_end(
        mel,
        layers.Reshape((5, -1, 1), name="image"),
        layers.Conv2D(2, (2, 3), strides=(1, 2), padding="same", name="conv", **WEIGHTS),
        layers.Permute((2, 1, 3), name="turned"),
    )
    step, length = mel.sequence_stride, mel.sequence_length
    assert specs["mel"].axes == specs["image"].axes == ("frequency", "time", "filter")
    time = specs["mel"].time
    assert time is not None
    assert time.approximate is not exact
    shift = length // 2 + (mel.fft_length - length) // 2 - mel.fft_length // 2
    assert time.centres == tuple(shift + step * i for i in range(len(time.centres)))
    assert specs["mel"].frequency == Axis.even(5)
    conv = specs["conv"]
    assert conv.time is not None
    assert conv.time.stride == 2 * step
    assert conv.frequency == Axis.even(5).through(kernel=2, size=5)
    assert specs["turned"].axes == ("time", "frequency", "filter")
    assert specs["turned"].time == conv.time
