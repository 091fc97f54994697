"""Which layers are logged, and what is said where that cannot be."""

from __future__ import annotations

import re
from typing import Any

import keras
import pytest
import tensorflow as tf

from tensorboard_plugin_cnnviz.errors import CNNVizError
from tensorboard_plugin_cnnviz.keras.observer import Observer
from tests.keras.helpers import BUDGET, assert_shows, noise, observed, probe_of
from tests.models import han_model

layers = keras.layers
AXES = ("time", "frequency", "channel")


def names(model: keras.Model, x: Any, axes: tuple[str, ...] | None = AXES, **options: Any) -> list[str]:
    return [spec.name for spec in observed(model, probe_of(x, axes), **options)[0].specs]


def small() -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((9, 12, 1)),
            layers.Conv2D(2, 3, name="conv1"),
            layers.Activation("relu", name="conv1_relu"),
            layers.Reshape((7, 20), name="rows"),
            layers.Bidirectional(layers.LSTM(3, name="lstm"), name="both"),
            layers.Dense(2, name="out"),
        ]
    )


class Block(keras.layers.Layer):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.conv = layers.Conv2D(2, 3, name="conv")

    def call(self, x: Any) -> Any:
        return keras.ops.relu(self.conv(x))


def test_an_operation_inside_a_layer_is_seen_by_naming_the_layer() -> None:
    model = keras.Sequential(
        [keras.Input((5, 6, 1)), Block(name="block"), layers.Flatten(), layers.Dense(2, name="out")]
    )
    x = noise(2, 5, 6, 1)
    assert names(model, x) == ["block/conv", "out"]
    _, response = observed(model, probe_of(x, AXES), layers=["block", "out"])
    assert_shows(response, "block", keras.ops.convert_to_numpy(model.get_layer("block")(x)))


@pytest.mark.parametrize("wanted", ["lod", "pitch"])
def test_an_output_that_is_not_there_is_told_with_all_that_are(wanted: str) -> None:
    x = keras.Input((4,), name="x")
    model = keras.Model(x, {"loud": layers.Dense(2)(x), "what": layers.Dense(3)(x)})
    says = f"no output '{wanted}'; it has 'loud', 'what'" + ("; did you mean 'loud'" if wanted == "lod" else "$")
    with pytest.raises(CNNVizError, match=says):
        observed(model, probe_of(noise(2, 4)), output=wanted)


@pytest.mark.parametrize("activation", ["leaky_relu", "relu"])
def test_the_default_for_the_model_of_the_field(activation: str) -> None:
    model = han_model(width=2, activation=activation)
    assert names(model, noise(2, 43, 128, 1)) == [*(f"conv{i}" for i in range(1, 9)), "dense", "scores"]


def test_of_a_chain_the_last_is_kept_also_behind_dropout() -> None:
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Normalization(name="scaled"),
            layers.Conv2D(2, 3, name="conv"),
            layers.BatchNormalization(name="norm"),
            layers.Dropout(0.5),
            layers.ReLU(name="relu"),
            layers.MaxPooling2D(),
            layers.Activation("tanh", name="after_pool"),
            layers.Flatten(),
            layers.Dense(2, name="linear"),
            layers.Softmax(name="out"),
        ]
    )
    assert names(model, noise(2, 8, 8, 1)) == ["scaled", "relu", "after_pool", "out"]


def test_what_a_built_in_layer_is_made_of_is_not_shown_by_default() -> None:
    inputs = keras.Input((6, 8))
    x = layers.MultiHeadAttention(2, 4, name="attention")(inputs, inputs)
    x = layers.Dense(3, activation=layers.LeakyReLU(name="inner"), name="dense")(x)
    model = keras.Model(inputs, layers.GlobalAveragePooling1D()(x))
    assert names(model, noise(2, 6, 8), ("time", "frequency")) == ["attention", "dense"]
    assert names(model, noise(2, 6, 8), ("time", "frequency"), layers=["inner"]) == ["dense/inner"]


def test_layers_by_name_and_by_predicate() -> None:
    model, x = small(), noise(2, 9, 12, 1)
    assert names(model, x, layers=["out", "conv1"]) == ["conv1", "out"]
    assert names(model, x, layers=lambda layer: isinstance(layer, layers.Conv2D)) == ["conv1"]


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        pytest.param(["conv"], "no layer 'conv'.*'conv1'", id="near"),
        pytest.param(["forward_lstm"], "inside 'both'; select that layer", id="child of Bidirectional"),
        pytest.param(lambda layer: False, "chooses none", id="predicate"),
        pytest.param(["input_layer"], "no layer|input of the model", id="input"),
    ],
)
def test_layers_that_cannot_be_chosen(chosen: Any, says: str) -> None:
    with pytest.raises(CNNVizError, match=says):
        Observer(small(), [probe_of(noise(2, 9, 12, 1), AXES)], layers=chosen, memory_budget=BUDGET)


def test_a_name_that_several_layers_have() -> None:
    inner = [keras.Sequential([keras.Input((4,)), layers.Dense(4, name="dense")], name=name) for name in ("a", "b")]
    model = keras.Sequential([keras.Input((4,)), *inner])
    with pytest.raises(CNNVizError, match="'a/dense', 'b/dense'"):
        Observer(model, [probe_of(noise(2, 4))], layers=["dense"], memory_budget=BUDGET)
    assert names(model, noise(2, 4), None, layers=["b/dense"]) == ["b/dense"]


class Uncalled(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.used = layers.Dense(2, name="used")
        self.spare = layers.Dense(2, name="spare")
        self.spare.build((None, 3))

    def call(self, x: Any) -> Any:
        return self.used(x)


def test_a_layer_that_is_never_called_is_named() -> None:
    model = Uncalled()
    model(noise(1, 3))
    observer, _ = observed(model, probe_of(noise(2, 3)), layers=["used", "spare"])
    assert [spec.name for spec in observer.specs] == ["used"]
    assert observer.notes == ["layer 'spare' is not logged: it was not called when the model ran on the probes"]


class ReadsValues(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.out = layers.Dense(2, name="out")

    def call(self, x: Any) -> Any:
        return self.out(x) if float(tf.reduce_sum(x)) > -1e9 else x


def test_a_model_that_cannot_be_traced_is_run_eagerly() -> None:
    model, x = ReadsValues(), noise(3, 4)
    model(x)
    _, response = observed(model, probe_of(x))
    assert_shows(response, "out", model.out(x).numpy())


def test_an_output_with_too_many_axes_is_named() -> None:
    model = keras.Sequential(
        [keras.Input((4, 4, 4, 1)), layers.Conv3D(2, 3, name="conv"), layers.Flatten(), layers.Dense(2, name="out")]
    )
    observer, _ = observed(model, probe_of(noise(2, 4, 4, 4, 1)))
    assert [spec.name for spec in observer.specs] == ["out"]
    assert "'conv'" in observer.notes[0]
    assert "more axes" in observer.notes[0]


class Odd(keras.layers.Layer):
    def __init__(self, name: str, turn: Any) -> None:
        super().__init__(name=name)
        self.turn = turn

    def call(self, x: Any) -> Any:
        return self.turn(x)


class OddOutputs(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.odd = [
            Odd("complex", lambda x: tf.cast(x, tf.complex64)),
            Odd("total", tf.reduce_sum),
            Odd("table", lambda x: tf.ones((1, 5))),
            Odd("nothing", lambda x: None),
            Odd("empty", lambda x: x[:, :0]),
            Odd("number", lambda x: tf.reduce_sum(x, axis=1)),
        ]
        self.out = layers.Dense(2, name="out")

    def call(self, x: Any) -> Any:
        for layer in self.odd:
            layer(x)
        return self.out(x)


def test_outputs_that_cannot_be_logged_are_named_with_the_reason() -> None:
    model, x = OddOutputs(), noise(3, 4)
    model(x)
    observer, response = observed(model, probe_of(x))
    assert [spec.name for spec in observer.specs] == ["number", "out"]
    assert_shows(response, "number", x.sum(axis=1, keepdims=True))
    reasons = dict(re.fullmatch(r"layer '(\w+)' is not logged: (.*)", note).groups() for note in observer.notes)  # type: ignore[union-attr]
    assert reasons == {
        "complex": "its output is of type complex64",
        "total": "its output () is not one per window",
        "table": "its output (1, 5) is not one per window",
        "empty": "its output (None, 0) is empty",
        "nothing": "it gives no tensor, or one of a graph of its own (a tf.function or a loop)",
    }
