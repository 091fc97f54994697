"""Where the columns and rows of layers lie: a table of cases. `test_receptive_fields.py` measures them."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from tensorboard_plugin_cnnviz.axis import Axis
from tensorboard_plugin_cnnviz.errors import CNNVizError
from tensorboard_plugin_cnnviz.keras.observer import Observer
from tensorboard_plugin_cnnviz.layers import LayerSpec
from tensorboard_plugin_cnnviz.probes import Probe, Windows
from tests.keras.helpers import BUDGET, noise, observed, probe_of
from tests.models import han_model

layers = keras.layers


def spec_of(model: keras.Model, name: str, shape: tuple[int, ...], axes: Any, **options: Any) -> LayerSpec:
    observer, _ = observed(model, probe_of(noise(2, *shape), axes), layers=[name], **options)
    return observer.specs[0]


def after(*stack: keras.Layer, shape: tuple[int, ...], axes: tuple[str, ...]) -> LayerSpec:
    model = keras.Sequential([keras.Input(shape), *stack])
    return spec_of(model, stack[-1].name, shape, axes)


def test_the_model_of_the_field() -> None:
    observer, _ = observed(han_model(width=1), probe_of(noise(1, 43, 128, 1), ("time", "frequency", "channel")))
    by_name = {spec.name: spec for spec in observer.specs}
    conv8 = by_name["conv8"]
    assert conv8.axes == ("time", "frequency", "filter")
    assert conv8.time == Axis(43, (-67, -40, -13, 14, 41, 68, 95), stride=27, field=187)
    assert conv8.frequency is not None
    assert conv8.frequency.centres == tuple(range(-67, 180, 27))
    assert by_name["conv2"].time == Axis(43, tuple(range(-2, 45)), stride=1, field=5)
    assert by_name["dense"].axes == ("filter",)


TF_AXES = ("time", "frequency", "channel")


@pytest.mark.parametrize(
    ("stack", "centres", "field"),
    [
        pytest.param([layers.Conv1D(1, 3)], range(1, 11), 3, id="valid"),
        pytest.param([layers.Conv1D(1, 3, padding="same")], range(12), 3, id="same"),
        pytest.param([layers.Conv1D(1, 3, padding="causal")], range(-1, 11), 3, id="causal"),
        pytest.param([layers.Conv1D(1, 3, dilation_rate=2)], range(2, 10), 5, id="dilated"),
        pytest.param([layers.Conv1D(1, 4, strides=4)], (1.5, 5.5, 9.5), 4, id="strided"),
        pytest.param([layers.Conv1D(1, 3, strides=2, padding="same")], range(1, 12, 2), 3, id="same, strided"),
        pytest.param([layers.MaxPooling1D(3)], (1, 4, 7, 10), 3, id="pooling"),
        pytest.param([layers.AveragePooling1D(4, strides=2)], (1.5, 3.5, 5.5, 7.5, 9.5), 4, id="overlapping pooling"),
        pytest.param([layers.ZeroPadding1D((2, 1))], range(-2, 13), 1, id="padding"),
        pytest.param([layers.Cropping1D((3, 1))], range(3, 11), 1, id="cropping"),
        pytest.param([layers.SeparableConv1D(2, 5)], range(2, 10), 5, id="separable"),
        pytest.param([layers.DepthwiseConv1D(5, strides=1)], range(2, 10), 5, id="depthwise"),
        pytest.param([layers.Dense(3), layers.ReLU(), layers.Dropout(0.5)], range(12), 1, id="cell by cell"),
        pytest.param([layers.MaxPooling1D(2), layers.Conv1D(1, 3)], (2.5, 4.5, 6.5, 8.5), 6, id="pooled, convolved"),
        pytest.param([layers.Conv1DTranspose(1, 3, padding="same")], range(12), 3, id="transposed, one by one"),
        pytest.param([layers.Conv1D(2, 3), layers.BatchNormalization()], range(1, 11), 3, id="normalised"),
        pytest.param([layers.Reshape((12, 1, 1)), layers.Conv2D(1, (3, 1))], range(1, 11), 3, id="reshaped"),
    ],
)
def test_centres_in_time(stack: list[keras.Layer], centres: Any, field: float) -> None:
    spec = after(*stack, shape=(12, 1), axes=("time", "channel"))
    assert spec.time is not None
    assert spec.time.centres == tuple(centres)
    assert spec.time.field == field
    assert not spec.time.approximate


@pytest.mark.skipif(not hasattr(layers, "AdaptiveAveragePooling1D"), reason="this Keras has no adaptive pooling")
def test_centres_of_adaptive_pooling() -> None:
    spec = after(layers.AdaptiveAveragePooling1D(3), shape=(12, 1), axes=("time", "channel"))
    assert spec.time is not None
    assert spec.time.centres == (1.5, 5.5, 9.5)
    assert spec.time.field == 4


@pytest.mark.parametrize(
    ("layer", "centres"),
    [
        pytest.param(layers.UpSampling1D(2), (-0.25, 0.25, 0.75, 1.25, 1.75, 2.25), id="upsampling"),
        pytest.param(layers.Conv1DTranspose(1, 2, strides=2), (-0.25, 0.25, 0.75, 1.25, 1.75, 2.25), id="transposed"),
        pytest.param(layers.LSTM(2, return_sequences=True), (0, 1, 2), id="recurrent"),
        pytest.param(layers.Bidirectional(layers.GRU(2, return_sequences=True)), (0, 1, 2), id="both ways"),
        pytest.param(layers.LayerNormalization(axis=1), (0, 1, 2), id="normalised over time"),
    ],
)
def test_approximate_centres_in_time(layer: keras.Layer, centres: tuple[float, ...]) -> None:
    spec = after(layer, shape=(3, 1), axes=("time", "channel"))
    assert spec.time is not None
    assert spec.time.centres == centres
    assert spec.time.approximate


@pytest.mark.parametrize(
    ("stack", "axes", "expected"),
    [
        pytest.param([layers.Conv2D(3, 3)], TF_AXES, ("time", "frequency", "filter"), id="time first"),
        pytest.param([layers.Conv2D(3, 3)], ("frequency", "time", "channel"), ("frequency", "time", "filter"), id="f"),
        pytest.param([layers.Permute((2, 1, 3))], TF_AXES, ("frequency", "time", "filter"), id="permuted"),
        pytest.param([layers.GlobalMaxPooling2D()], TF_AXES, ("filter",), id="pooled away"),
        pytest.param([layers.Flatten()], TF_AXES, ("filter",), id="flattened"),
        pytest.param(
            [layers.ReLU(), layers.TimeDistributed(layers.Dense(2))], TF_AXES, ("time", "frequency", "filter"), id="td"
        ),
        pytest.param([layers.Reshape((6, 8)), layers.Conv1D(2, 3)], TF_AXES, ("time", "filter"), id="mel as channels"),
    ],
)
def test_names_of_axes(stack: list[keras.Layer], axes: tuple[str, ...], expected: tuple[str, ...]) -> None:
    spec = after(*stack, shape=(6, 8, 1), axes=axes)
    assert spec.axes == expected
    assert all((spec.time if axis == "time" else spec.frequency) is not None for axis in expected if axis != "filter")


def test_channels_first() -> None:
    # Convolutions with channels first do not run on every processor; these layers do.
    spec = after(
        layers.ZeroPadding2D(((1, 0), (0, 2)), data_format="channels_first"),
        layers.BatchNormalization(axis=1),
        shape=(2, 6, 8),
        axes=("channel", "frequency", "time"),
    )
    assert spec.axes == ("filter", "frequency", "time")
    assert spec.frequency is not None
    assert spec.frequency.centres == tuple(range(-1, 6))
    assert spec.time is not None
    assert spec.time.centres == tuple(range(10))


def test_unnamed_input_axes_are_told_and_leave_no_time_axis() -> None:
    model = keras.Sequential([keras.Input((6, 8, 1)), layers.Conv2D(2, 3, name="conv")])
    observer, _ = observed(model, probe_of(noise(2, 6, 8, 1)))
    assert observer.specs[0] == LayerSpec("conv", "Conv2D", ("frequency", "time", "filter"))
    (note,) = [note for note in observer.notes if "'conv'" in note]
    for remedy in ("Windows(..., input_axes=...)", "Probe(..., input_axes=...)", "layer_axes={...}"):
        assert remedy in note


def test_layer_axes_help_where_they_are_what_was_guessed() -> None:
    model = keras.Sequential([keras.Input((6, 8, 1)), layers.Conv2D(2, 3, name="conv")])
    axes = ("frequency", "time", "filter")
    observer, _ = observed(model, probe_of(noise(2, 6, 8, 1)), layer_axes={"conv": axes})
    assert observer.specs[0] == LayerSpec("conv", "Conv2D", axes, Axis.even(6), Axis.even(4))
    assert not any("'conv'" in note for note in observer.notes)


WAVE, MEL = ("time", "channel"), ("frequency", "time", "channel")


def wave_and_mel(kind: type) -> keras.Model:
    """Raw sound, named so that it comes first but is not first in the alphabet, and mel bands with half its columns."""
    wave, mel = keras.Input((24, 1), name="wave"), keras.Input((5, 12, 1), name="mel")
    fine = layers.Conv1D(3, 3, strides=2, padding="same", name="fine")(wave)
    bands = layers.Conv2D(3, (5, 1), name="bands")(mel)
    both = layers.Concatenate(name="both")([fine, layers.Reshape((12, 3))(bands)])
    return keras.Model(
        {"wave": wave, "mel": mel} if kind is dict else [wave, mel], layers.Conv1D(2, 1, name="end")(both)
    )


@pytest.mark.parametrize("kind", [dict, tuple])
def test_each_of_several_inputs_is_placed_by_its_own_axes(kind: type) -> None:
    arrays, axes = {"wave": noise(2, 24, 1), "mel": noise(2, 5, 12, 1)}, {"wave": WAVE, "mel": MEL}
    given = (arrays, axes) if kind is dict else (tuple(arrays.values()), tuple(axes.values()))
    names = ["fine", "bands", "both", "end"]
    observer, _ = observed(
        wave_and_mel(kind), Probe("clip", given[0], [[0, 1], [1, 2]], input_axes=given[1]), layers=names
    )
    fine, bands, both, end = (next(spec for spec in observer.specs if spec.name == name) for name in names)
    assert fine.time == Axis.even(24).through(kernel=3, stride=2, size=12)
    assert (bands.axes, bands.time) == (("frequency", "time", "filter"), Axis.even(12))
    assert bands.frequency == Axis.even(5).through(kernel=5, size=1)
    # The bands' columns, two samples wide each, lie wholly in what those of the sound see.
    assert both.time == end.time == fine.time
    assert not any("lie in time" in note for note in observer.notes)


def test_inputs_of_one_shape_and_other_axes_are_placed_apart() -> None:
    a, b = keras.Input((6, 6), name="a"), keras.Input((6, 6), name="b")
    convolved = [layers.Conv1D(2, 3, name=f"conv_{name}")(each) for name, each in (("a", a), ("b", b))]
    model = keras.Model([a, b], layers.Concatenate()(list(map(layers.Flatten(), convolved))))
    times, inputs = [[0, 1], [1, 2]], (noise(2, 6, 6), noise(2, 6, 6))
    probes = [
        Probe("one", inputs, times, input_axes=(WAVE, ("frequency", "channel"))),
        Probe("other", inputs, times, input_axes=(("frequency", "channel"), WAVE)),
    ]
    observer = Observer(model, probes, layers=["conv_a", "conv_b"], memory_budget=BUDGET)
    _, second = observer.observe()
    for specs, placed in ((observer.specs, "conv_a"), (second.specs, "conv_b")):
        assert specs is not None
        assert {spec.name: spec.axes[0] for spec in specs} == {
            name: "time" if name == placed else "frequency" for name in ("conv_a", "conv_b")
        }


@pytest.mark.parametrize("channel", [False, True])
def test_raw_sound_needs_no_names_to_lie_in_time(channel: bool) -> None:
    features = Windows(lambda sound: sound[:, np.newaxis] if channel else sound, 0.02, 0.02, sample_rate=8000)
    probe = Probe.from_audio(noise(8000), 8000, features, name="raw")
    reshape = [] if channel else [layers.Reshape((160, 1))]
    model = keras.Sequential([keras.Input(probe.inputs.shape[1:]), *reshape, layers.Conv1D(2, 3, name="conv")])
    observer, _ = observed(model, probe, layers=["conv"])
    assert observer.specs[0].time == Axis.even(160).through(kernel=3, size=158)
    assert not any("input_axes" in note for note in observer.notes)


class Shuffle(keras.layers.Layer):
    def call(self, x: Any) -> Any:
        return keras.ops.concatenate([x[:, 1:], x[:, :1]], axis=1)[:, ::2]


def test_a_layer_of_ones_own_that_changes_length_is_not_guessed() -> None:
    model = keras.Sequential([keras.Input((6, 2)), Shuffle(name="shuffle"), layers.Conv1D(2, 2, name="conv")])
    spec = spec_of(model, "conv", (6, 2), ("time", "channel"))
    assert spec == LayerSpec("conv", "Conv1D", ("time", "filter"))


def test_layer_axes_override_what_is_found() -> None:
    model = keras.Sequential([keras.Input((6, 2)), Shuffle(name="shuffle")])
    spec = spec_of(model, "shuffle", (6, 2), None, layer_axes={"shuffle": ("filter", "time")})
    assert spec == LayerSpec("shuffle", "Shuffle", ("filter", "time"), time=Axis.even(2))
    with pytest.raises(CNNVizError, match=r"names 3 axes.*'windows', 3, 2"):
        spec_of(model, "shuffle", (6, 2), None, layer_axes={"shuffle": ("filter", "time", "frequency")})
    with pytest.raises(CNNVizError, match=r"no layer 'shufle'.*'shuffle'"):
        Observer(model, [probe_of(noise(1, 6, 2))], layer_axes={"shufle": ("filter",)}, memory_budget=BUDGET)
