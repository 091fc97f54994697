"""Recording leaves a model exactly as it was."""

from __future__ import annotations

import warnings
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from tensorboard_plugin_cnnviz.keras.parts import find_parts
from tensorboard_plugin_cnnviz.keras.recording import Recording
from tensorboard_plugin_cnnviz.keras.untouched import NotBuiltError
from tests.keras.helpers import noise, observed, probe_of
from tests.keras.table.architectures import Subclassed
from tests.keras.table.state import CountsInTensorFlow, inside_function

layers = keras.layers


def model_of(*stack: keras.Layer) -> keras.Model:
    return keras.Sequential([keras.Input((8, 2)), *stack, layers.Flatten(), layers.Dense(2, name="out")])


def attributes(model: keras.Model) -> list[dict[str, Any]]:
    return [dict(vars(part.operation)) for part in find_parts(model)]


def test_every_attribute_is_put_back() -> None:
    model = model_of(layers.Conv1D(2, 3), layers.BatchNormalization())
    model(noise(1, 8, 2))
    conv = model.layers[0]
    own = conv.call
    conv.__dict__["call"] = own_call = lambda x: own(x) * 2
    before = attributes(model)
    _, response = observed(model, probe_of(noise(2, 8, 2)), layers=[conv.name])
    assert conv.call is own_call
    assert attributes(model) == before
    assert response.layers[0] is not None
    np.testing.assert_allclose(response.layers[0].ranges[0, :, 1], own_call(noise(2, 8, 2)).numpy().max((0, 1)), 1e-5)


class Breaks(keras.layers.Layer):
    broken = False

    def call(self, x: Any) -> Any:
        if self.broken:
            raise RuntimeError("out of order")
        return x


def test_every_attribute_is_put_back_after_an_error() -> None:
    broken = Breaks()
    model = model_of(layers.Conv1D(2, 3), broken)
    before = attributes(model)
    broken.broken = True
    before = attributes(model)
    with pytest.raises(ValueError, match=r"cannot be called with probe 'clip'[^$]*out of order"):
        observed(model, probe_of(noise(2, 8, 2)))
    assert attributes(model) == before


class Final:
    """Has a call, but no room for another."""

    __slots__ = ("name",)

    def call(self) -> None: ...


def test_what_was_wrapped_already_is_put_back_when_wrapping_fails() -> None:
    model = model_of(layers.Conv1D(2, 3))
    parts = find_parts(model)
    before = attributes(model)
    odd = type(parts[0])(Final(), "odd")
    with pytest.raises(TypeError), Recording([*parts, odd], belongs=lambda _: True):
        pass
    assert attributes(model) == before


def test_what_a_layer_keeps_of_its_last_call_stays() -> None:
    model = model_of(CountsInTensorFlow(name="layer"))
    model(noise(1, 8, 2))
    layer = model.get_layer("layer")
    last, calls = layer.last, layer.calls
    observed(model, probe_of(noise(2, 8, 2)))
    assert layer.last is last
    assert layer.calls == calls


def test_nothing_is_built() -> None:
    model = Subclassed()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # Keras takes the model for built after this; its layers are not.
        model.build((None, 6, 8, 2))
    before = attributes(model)
    with pytest.raises(NotBuiltError, match=r"layer 'first' of model .* is not built yet: call the model once"):
        observed(model, probe_of(noise(2, 6, 8, 2)))
    assert attributes(model) == before
    model(noise(2, 6, 8, 2))
    observer, _ = observed(model, probe_of(noise(2, 6, 8, 2)))
    assert [spec.name for spec in observer.specs] == ["first/norm", "second/norm", "out"]


def test_functions_of_the_model_are_run_as_before() -> None:
    model = inside_function()
    observed(model, probe_of(noise(2, 6, 2)))
    assert not tf.config.functions_run_eagerly()
    # Not even a graph is left behind, which would be used again for the user's own calls.
    assert "TensorSpec" not in model.features.pretty_printed_concrete_signatures()


def test_what_keras_compiles_for_itself_stays_compiled() -> None:
    # TensorFlow's kernels do not know grouped convolutions in three dimensions on a CPU.
    inputs = keras.Input((4, 5, 6, 4))
    x = layers.GlobalMaxPooling3D()(layers.Conv3D(4, 3, groups=2, name="conv")(inputs))
    model = keras.Model(inputs, layers.Dense(2, name="out")(x))
    given = noise(3, 4, 5, 6, 4)
    _, response = observed(model, probe_of(given), layers=["out"])
    np.testing.assert_allclose(response.predictions, model(given), rtol=1e-5, atol=1e-6)
