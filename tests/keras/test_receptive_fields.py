"""What columns and rows are said to see, against what moves when a cell of the input is moved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tensorboard_plugin_cnnviz.axis import Axis
from tensorboard_plugin_cnnviz.keras.observer import Observer
from tensorboard_plugin_cnnviz.keras.parts import find_parts
from tensorboard_plugin_cnnviz.keras.recording import Recording
from tensorboard_plugin_cnnviz.keras.tensorflow_tracer import outermost
from tensorboard_plugin_cnnviz.layers import LayerSpec
from tests.keras.helpers import BUDGET, probe_of
from tests.keras.networks import ANY, EXACT, WEIGHTS, Calls, network

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
            # Layers of Keras's own are shown as a whole, without what they are made of.
            axis = None
            if layer in specs:
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


class Reach(layers.Conv1D):
    """A convolution whose `call` a user has changed: padded on the left for twice its reach."""

    def call(self, x: Any) -> Any:
        return super().call(keras.ops.pad(x, ((0, 0), (2 * (self.kernel_size[0] - 1), 0), (0, 0))))


class Shifted(layers.Conv2D):
    """One that leaves out cells, by the method that Keras offers for it."""

    def convolution_op(self, x: Any, kernel: Any) -> Any:
        return super().convolution_op(x[:, 3:], kernel)


def branches(*others: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda x: layers.Concatenate()([other(x) for other in others])


def conv(size: int, **options: Any) -> keras.Layer:
    return layers.Conv1D(2, size, **options, **WEIGHTS)


def own(function: Callable[[Any], Any]) -> keras.Layer:
    return Calls(function)


def conv1d(x: Any, **options: Any) -> Any:
    return tf.nn.conv1d(x, tf.ones((3, x.shape[-1], 2)), **options)


@pytest.mark.parametrize(
    ("block", "first", "stride", "field"),
    [
        pytest.param(branches(conv(3, padding="same"), conv(7, padding="same")), 0, 1, 7, id="the wider of branches"),
        pytest.param(branches(lambda x: x, conv(3, padding="causal")), -1, 1, 3, id="causal and passed by"),
        pytest.param(
            branches(conv(3, padding="causal"), conv(2, padding="same")), -0.5, 1, 4, id="both ends, of two branches"
        ),
        pytest.param(lambda x: keras.ops.relu(x[:, 2:-2] + conv(5)(x)), 2, 1, 5, id="cut and added"),
        pytest.param(Reach(2, 3, **WEIGHTS), -3, 1, 3, id="changed call"),
        pytest.param(
            lambda x: Shifted(2, (3, 1), **WEIGHTS)(layers.Reshape((24, 1, 1))(x)), 4, 1, 3, id="changed convolution"
        ),
        pytest.param(conv(3, activation=lambda y: y + 1), 1, 1, 3, id="own activation"),
        pytest.param(layers.Lambda(lambda x: conv1d(x, stride=2, padding="SAME")), 1, 2, 3, id="bare convolution"),
        pytest.param(own(lambda x: conv1d(x, stride=1, padding="VALID", dilations=2)), 2, 1, 5, id="bare, dilated"),
        pytest.param(own(lambda x: tf.split(x, 2, axis=1)[1]), 12, 1, 1, id="second half"),
        pytest.param(own(lambda x: tf.split(x, [4, 12, 8], axis=1)[1]), 4, 1, 1, id="middle"),
        pytest.param(own(lambda x: x[..., 1:-1, :]), 1, 1, 1, id="ellipsis"),
        pytest.param(own(lambda x: tf.slice(x, [0, 5, 0], [-1, 9, -1])), 5, 1, 1, id="slice"),
        pytest.param(own(lambda x: tf.concat([x[:, :9], x[:, 9:]], 1)), 0, 1, 1, id="cut and put together"),
        pytest.param(own(lambda x: keras.ops.tensordot(x, np.ones((1, 3), "f"), 1)), 0, 1, 1, id="tensordot"),
        pytest.param(own(lambda x: x @ np.ones((1, 3), "f")), 0, 1, 1, id="matrix product"),
        pytest.param(own(lambda x: keras.ops.reshape(x, (-1, 8, 3))), 1, 3, 3, id="pieces"),
        pytest.param(layers.Reshape((6, 4)), 1.5, 4, 4, id="patches"),
        pytest.param(own(lambda x: keras.ops.squeeze(keras.ops.expand_dims(x, 1), 1)), 0, 1, 1, id="new axis"),
        pytest.param(own(lambda x: x * keras.random.uniform((2,)) ** 0), 0, 1, 1, id="random numbers"),
        pytest.param(layers.TimeDistributed(layers.Dense(2, **WEIGHTS)), 0, 1, 1, id="time distributed"),
    ],
)
def test_blocks_of_known_field(block: Callable[[Any], Any], first: float, stride: float, field: float) -> None:
    shape = (24, 1)
    inputs = keras.Input(shape)
    last = layers.Activation("linear", name="last")(block(inputs))
    axis = check(keras.Model(inputs, last), shape, ("time", "channel"))["last"].time
    assert axis is not None
    assert (axis.centres[0], axis.stride, axis.field, axis.approximate) == (first, stride, field, False)


def recurrent(kind: str, **options: Any) -> keras.Layer:
    return getattr(layers, kind)(2, return_sequences=True, **options)


@pytest.mark.parametrize(
    "block",
    [
        pytest.param(recurrent("LSTM"), id="LSTM"),
        pytest.param(recurrent("SimpleRNN"), id="SimpleRNN"),
        pytest.param(layers.Bidirectional(recurrent("GRU")), id="Bidirectional"),
        pytest.param(lambda x: layers.MultiHeadAttention(2, 2)(x, x), id="MultiHeadAttention"),
        pytest.param(lambda x: layers.Attention()([x, x]), id="Attention"),
        pytest.param(lambda x: x + layers.AdditiveAttention()([x, x]), id="and what passes it by"),
        pytest.param(lambda x: conv(3)(recurrent("LSTM")(x)), id="convolved after"),
        pytest.param(layers.GroupNormalization(1), id="GroupNormalization"),
        pytest.param(layers.LayerNormalization(axis=(1, 2)), id="LayerNormalization over time"),
        pytest.param(layers.Softmax(axis=1), id="Softmax over time"),
        pytest.param(own(lambda x: keras.ops.softmax(x, axis=1)), id="softmax"),
        pytest.param(own(lambda x: keras.ops.cumsum(x, axis=1)), id="cumulated"),
        pytest.param(own(lambda x: keras.ops.erfinv(x / 10)), id="what nobody knows"),
        pytest.param(own(lambda x: x + keras.ops.mean(x, axis=1)[:, None]), id="what all share"),
        pytest.param(own(lambda x: x * keras.ops.repeat(keras.ops.max(x, 1, keepdims=True), 24, 1)), id="repeated"),
    ],
)
def test_what_may_see_everything_says_so(block: Callable[[Any], Any]) -> None:
    shape = (24, 2)
    inputs = keras.Input(shape)
    last = layers.Activation("linear", name="last")(block(inputs))
    axis = check(keras.Model(inputs, last), shape, ("time", "channel"))["last"].time
    assert axis is not None
    assert axis.approximate
    # The panel's test for "sees the whole window".
    assert all(c - axis.field / 2 <= -0.5 and c + axis.field / 2 >= 23.5 for c in axis.centres)
    assert axis.centres == tuple(range(24)) or axis.centres == tuple(range(1, 23))


@pytest.mark.parametrize(
    "block",
    [
        pytest.param(layers.LSTM(2, return_sequences=True, go_backwards=True), id="backwards"),
        pytest.param(own(lambda x: x[:, ::-2]), id="reversed"),
        pytest.param(own(lambda x: tf.concat([x[:, 9:], x[:, :9]], 1)), id="turned around"),
        pytest.param(own(lambda x: tf.gather(x, [3, 1, 2], axis=1)), id="reordered"),
        pytest.param(own(lambda x: keras.ops.sort(x, axis=1)), id="sorted"),
        pytest.param(own(lambda x: keras.ops.flip(x, axis=1)), id="flipped"),
        pytest.param(lambda x: layers.RepeatVector(5)(layers.GlobalMaxPooling1D()(x)), id="repeated"),
        pytest.param(layers.EinsumDense("btc,ts->bsc", (5, 2)), id="time mixed to something else"),
        pytest.param(layers.Reshape((2, 24)), id="reshaped across"),
    ],
)
def test_what_cannot_be_known_is_not_guessed(block: Callable[[Any], Any]) -> None:
    inputs = keras.Input((24, 2))
    last = layers.Activation("linear", name="last")(block(inputs))
    assert specs_of(keras.Model(inputs, last), (24, 2), ("time", "channel"))["last"].time is None


def test_a_column_that_padding_puts_where_something_was_cropped_sees_less() -> None:
    model = keras.Sequential([keras.Input((30, 1)), layers.Cropping1D((4, 2)), conv(5, padding="same", name="last")])
    axis = check(model, (30, 1), ("time", "channel"), margin=4)["last"].time
    assert axis == Axis(30, tuple(map(float, range(4, 28))), 1, 5)


@pytest.mark.parametrize(
    "stack",
    [
        [("Conv2D", {"filters": 2, "kernel_size": (2, 3), "strides": (1, 2), "padding": "same"})],
        [("MaxPooling2D", {"pool_size": (2, 3)}), ("UpSampling2D", {"size": (1, 2), "interpolation": "bilinear"})],
        [("ZeroPadding2D", {"padding": ((1, 0), (0, 2))}), ("Cropping2D", {"cropping": ((0, 1), (2, 0))})],
        [("DepthwiseConv2D", {"kernel_size": (3, 1)}), ("AveragePooling2D", {"pool_size": 2, "strides": 1})],
        [("Conv2DTranspose", {"filters": 2, "kernel_size": 3, "strides": (2, 3)})],
        [("GlobalAveragePooling2D", {"keepdims": True})],
    ],
)
def test_channels_first_lie_where_channels_last_do(stack: list[tuple[str, dict[str, Any]]]) -> None:
    def described(data_format: str, shape: tuple[int, ...], axes: tuple[str, ...]) -> LayerSpec:
        built = [getattr(layers, kind)(**options, data_format=data_format) for kind, options in stack]
        return list(specs_of(keras.Sequential([keras.Input(shape), *built]), shape, axes).values())[-1]

    last = described("channels_last", (9, 12, 1), ("frequency", "time", "channel"))
    first = described("channels_first", (1, 9, 12), ("channel", "frequency", "time"))
    assert (first.time, first.frequency) == (last.time, last.frequency)
    assert first.time is not None
    assert first.frequency is not None
    assert first.axes == ("filter", "frequency", "time")


def test_a_recurrent_layer_after_convolutions_keeps_their_columns() -> None:
    model = keras.Sequential(
        [
            keras.Input((18, 8, 1)),
            layers.Conv2D(3, 3, padding="same", **WEIGHTS),
            layers.MaxPooling2D((3, 2), name="pool"),
            layers.Reshape((6, 12), name="flat"),
            recurrent("LSTM", name="lstm"),
        ]
    )
    specs = check(model, (18, 8, 1), ("time", "frequency", "channel"))
    pool, flat, lstm = (specs[name].time for name in ("pool", "flat", "lstm"))
    assert pool is not None
    assert flat == pool
    assert lstm is not None
    assert lstm.centres == pool.centres
    assert specs["lstm"].axes == ("time", "filter")


def test_layers_within_time_distributed_move_the_other_axis() -> None:
    model = keras.Sequential([keras.Input((5, 9, 1)), layers.TimeDistributed(conv(3, strides=2), name="rows")])
    spec = check(model, (5, 9, 1), ("time", "frequency", "channel"))["rows"]
    assert spec.time == Axis.even(5)
    assert spec.frequency == Axis.even(9).through(kernel=3, stride=2, size=4)


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


@pytest.mark.parametrize(
    ("options", "exact"),
    [
        ({"fft_length": 16, "sequence_stride": 10}, True),
        ({"fft_length": 16, "sequence_stride": 10, "power_to_db": False}, True),
        ({"fft_length": 16, "sequence_length": 12, "sequence_stride": 7}, True),
        ({"fft_length": 17, "sequence_length": 12, "sequence_stride": 7}, True),
        ({"fft_length": 17, "sequence_length": 11, "sequence_stride": 7}, True),
        ({"fft_length": 16, "sequence_length": 11, "sequence_stride": 7}, False),
        ({"fft_length": 16, "sequence_stride": 8}, False),
        ({"fft_length": 16, "sequence_stride": 10, "window": "hamming"}, False),
    ],
)
def test_frames_of_mel_layers(options: dict[str, Any], exact: bool) -> None:
    mel = layers.MelSpectrogram(num_mel_bins=5, sampling_rate=8000, name="mel", **options)
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
