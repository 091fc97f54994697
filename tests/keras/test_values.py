"""What is recorded against `keras.Model(inputs, layer.output).predict`, for each kind of model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from tensorboard_plugin_cnnviz.keras.observer import Observer
from tests.keras.helpers import BUDGET, assert_shows, noise, observed, probe_of
from tests.models import han_model

layers = keras.layers
AXES = ("time", "frequency", "channel")


def reference(model: keras.Model, tensor: Any, inputs: Any) -> np.ndarray:
    return np.asarray(keras.Model(model.inputs, tensor).predict(inputs, verbose=0), np.float32)


def sequential() -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((9, 12, 1)),
            layers.Conv2D(3, 3, padding="same", name="a"),
            layers.BatchNormalization(name="b"),
            layers.ReLU(name="c"),
            layers.MaxPooling2D(2, name="d"),
            layers.Conv2D(4, 3, activation="relu", name="e"),
            layers.Flatten(name="f"),
            layers.Dense(5, activation="softmax", name="g"),
        ]
    )


def functional() -> keras.Model:
    x = inputs = keras.Input((9, 12, 1))
    x = layers.Conv2D(3, 3, name="a")(x)
    left = keras.ops.relu(x)
    right = layers.Conv2D(3, 1, strides=2, activation="tanh", name="right")(x)
    x = layers.Concatenate(name="joined")([layers.GlobalMaxPooling2D()(left), layers.GlobalAveragePooling2D()(right)])
    return keras.Model(inputs, layers.Dense(2, name="out")(x))


def conv1d() -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((64, 1)),
            layers.Conv1D(4, 8, strides=4, activation="relu", name="front"),
            layers.Conv1D(3, 3, dilation_rate=2, padding="causal", name="second"),
            layers.GlobalAveragePooling1D(),
            layers.Dense(3, name="out"),
        ]
    )


def all_layers_match(model: keras.Model, inputs: np.ndarray, axes: tuple[str, ...]) -> Observer:
    names = [layer.name for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]
    observer, response = observed(model, probe_of(inputs, axes), layers=names)
    assert [spec.name for spec in observer.specs] == names
    expected = keras.Model(model.inputs, [model.get_layer(name).output for name in names]).predict(inputs, verbose=0)
    for name, values in zip(names, expected, strict=True):
        assert_shows(response, observer.specs, name, values)
    np.testing.assert_allclose(response.predictions, model.predict(inputs, verbose=0), rtol=1e-5, atol=1e-6)
    return observer


@pytest.mark.parametrize(
    ("build", "shape", "axes"),
    [
        pytest.param(sequential, (9, 12, 1), AXES, id="Sequential"),
        pytest.param(functional, (9, 12, 1), AXES, id="Functional"),
        pytest.param(conv1d, (64, 1), ("time", "channel"), id="Conv1D on raw audio"),
        pytest.param(lambda: han_model(width=2), (43, 128, 1), AXES, id="the model of the field"),
    ],
)
def test_every_layer_of_a_graph(build: Callable[[], keras.Model], shape: tuple[int, ...], axes: Any) -> None:
    all_layers_match(build(), noise(5, *shape), axes)


def test_mixed_precision() -> None:
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = sequential()
    finally:
        keras.config.set_dtype_policy("float32")
    x = noise(4, 9, 12, 1)
    observer, response = observed(model, probe_of(x, AXES))
    assert [spec.name for spec in observer.specs] == ["c", "e", "g"]
    assert all(spec.time is not None for spec in observer.specs[:2])
    expected = reference(model, model.get_layer("c").output, x)
    values = response.layers[0]
    assert values is not None
    # Sums in half precision differ in their last bit with the order of summation.
    spec_values = values.values.astype(np.float32) / 252 * (values.ranges[0, :, 1] - values.ranges[0, :, 0])
    np.testing.assert_allclose(spec_values + values.ranges[0, :, 0], expected, atol=2e-2)


def test_operations_of_a_functional_graph_are_layers_too() -> None:
    model = functional()
    x = noise(3, 9, 12, 1)
    observer, response = observed(model, probe_of(x, AXES))
    relu = next(op for op in model.operations if type(op).__name__ == "Relu")
    assert [spec.name for spec in observer.specs] == ["right", relu.name, "joined", "out"]
    expected = reference(model, keras.ops.relu(model.get_layer("a").output), x)
    assert_shows(response, observer.specs, relu.name, expected)
    assert observer.specs[1].time is not None


class Block(keras.layers.Layer):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.conv = layers.Conv2D(2, 3, padding="same", name="conv")
        self.norm = layers.BatchNormalization(name="norm")

    def call(self, x: Any) -> Any:
        return tf.nn.relu(self.norm(self.conv(x)) + x)


class Subclassed(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.first = Block(name="first")
        self.second = Block(name="second")
        self.out = layers.Dense(3, name="out")

    def call(self, x: Any) -> Any:
        return self.out(tf.reduce_mean(self.second(self.first(x)), axis=(1, 2)))


def test_subclassed_model() -> None:
    model = Subclassed()
    x = noise(4, 6, 8, 2)
    model(x)
    observer, response = observed(model, probe_of(x, AXES))
    assert [spec.name for spec in observer.specs] == ["first/norm", "second/norm", "out"]
    first = model.first.norm(model.first.conv(x))
    middle = tf.nn.relu(first + x)
    second = model.second.norm(model.second.conv(middle))
    assert_shows(response, observer.specs, "first/norm", first.numpy())
    assert_shows(response, observer.specs, "second/norm", second.numpy())
    assert observer.specs[1].time is not None, "the sum and the raw relu between the blocks keep their places"
    assert observer.specs[1].time.field == 5
    np.testing.assert_allclose(response.predictions, model.predict(x, verbose=0), rtol=1e-5, atol=1e-6)


def nested() -> keras.Model:
    inner = keras.Sequential([keras.Input((9, 12, 1)), layers.Conv2D(2, 3, name="conv")], name="inner")
    middle = keras.Sequential([keras.Input((9, 12, 1)), inner, layers.Conv2D(3, 3, name="conv")], name="middle")
    inputs = keras.Input((9, 12, 1))
    x = layers.Conv2D(4, 3, name="conv")(middle(inputs))
    return keras.Model(inputs, layers.Dense(2, name="out")(layers.GlobalMaxPooling2D()(x)))


def test_nested_models_with_equal_names() -> None:
    model = nested()
    x = noise(3, 9, 12, 1)
    observer, response = observed(model, probe_of(x, AXES))
    assert [spec.name for spec in observer.specs] == ["middle/inner/conv", "middle/conv", "conv", "out"]
    middle = model.get_layer("middle")
    inner = middle.get_layer("inner")
    one = inner.predict(x, verbose=0)
    two = middle.get_layer("conv")(one).numpy()
    assert_shows(response, observer.specs, "middle/inner/conv", one)
    assert_shows(response, observer.specs, "middle/conv", two)
    assert_shows(response, observer.specs, "conv", model.get_layer("conv")(two).numpy())
    assert [spec.time.field for spec in observer.specs[:3] if spec.time] == [3, 5, 7]


def test_a_layer_used_twice_has_an_entry_for_each_call() -> None:
    shared = layers.Conv2D(1, 3, padding="same", name="shared")
    inputs = keras.Input((9, 12, 1))
    once = shared(inputs)
    model = keras.Model(inputs, layers.Dense(2, name="out")(layers.Flatten()(shared(once))))
    x = noise(3, 9, 12, 1)
    observer, response = observed(model, probe_of(x, AXES))
    assert [spec.name for spec in observer.specs] == ["shared", "shared:1", "out"]
    first = shared(x).numpy()
    assert_shows(response, observer.specs, "shared", first)
    assert_shows(response, observer.specs, "shared:1", shared(first).numpy())
    assert [spec.time.field for spec in observer.specs[:2] if spec.time] == [3, 5]


@pytest.mark.parametrize("kind", [tuple, dict])
def test_several_inputs_and_outputs(kind: type) -> None:
    a, b = keras.Input((6, 4, 1), name="a"), keras.Input((3,), name="b")
    x = layers.Concatenate()([layers.Flatten()(layers.Conv2D(2, 3, name="conv")(a)), b])
    outputs = [layers.Dense(2, name="scores")(x), layers.Dense(5, name="pitch")(x)]
    model = keras.Model([a, b] if kind is tuple else {"a": a, "b": b}, outputs)
    given: Any = {"a": noise(4, 6, 4, 1), "b": noise(4, 3, seed=1)}
    inputs = tuple(given.values()) if kind is tuple else given
    observer, response = observed(model, probe_of(inputs, AXES), output="pitch")
    assert (observer.output, observer.classes) == ("pitch", 5)
    expected = model.predict(list(inputs) if kind is tuple else inputs, verbose=0)
    np.testing.assert_allclose(response.predictions, expected[1], rtol=1e-5, atol=1e-6)
    assert_shows(response, observer.specs, "conv", model.get_layer("conv")(given["a"]).numpy())
    default, response = observed(model, probe_of(inputs, AXES))
    assert default.output == "scores"
    np.testing.assert_allclose(response.predictions, expected[0], rtol=1e-5, atol=1e-6)


def test_blocks_of_windows_within_the_memory_budget() -> None:
    model = sequential()
    x = noise(7, 9, 12, 1)
    observer, response = observed(model, probe_of(x, AXES), memory_budget=30_000)
    assert response.blocks[0] == 0
    assert response.blocks[-1] == 7
    assert len(response.blocks) > 2
    for spec in observer.specs:
        assert_shows(response, observer.specs, spec.name, reference(model, model.get_layer(spec.name).output, x))
    first = observed(model, probe_of(x[: response.blocks[1]], AXES))[1].layers[0]
    assert first is not None
    assert response.layers[0] is not None
    np.testing.assert_array_equal(response.layers[0].ranges[0], first.ranges[0])


def test_new_weights_show_without_tracing_again() -> None:
    traces = []

    class Counting(keras.layers.Layer):
        def call(self, x: Any) -> Any:
            traces.append(1)
            return x

    model = keras.Sequential([keras.Input((5, 4, 1)), Counting(), layers.Conv2D(2, 3, name="conv")])
    probes = [probe_of(noise(n, 5, 4, 1, seed=n), AXES, name=str(n)) for n in (2, 3)]
    traces.clear()
    observer = Observer(model, probes, memory_budget=BUDGET)
    assert len(traces) == 1
    conv = model.get_layer("conv")
    for _ in range(2):
        conv.kernel.assign(conv.kernel + 1.0)
        for probe, response in zip(probes, observer.observe(), strict=True):
            assert_shows(response, observer.specs, "conv", conv(probe.inputs).numpy())
    assert len(traces) == 1


def test_windows_of_another_length_have_their_own_places() -> None:
    model = keras.Sequential([keras.Input((None, 4, 1)), layers.Conv2D(2, 3, name="conv"), layers.GlobalMaxPooling2D()])
    probes = [probe_of(noise(1, n, 4, 1), AXES, name=str(n)) for n in (6, 9)]
    observer = Observer(model, probes, memory_budget=BUDGET)
    short, long = observer.observe()
    assert short.specs is None
    assert long.specs is not None
    assert long.specs[0].time is not None
    assert long.specs[0].time.centres == (1, 2, 3, 4, 5, 6, 7)
    assert_shows(long, long.specs, "conv", model.get_layer("conv")(probes[1].inputs).numpy())
