"""Recording leaves a model exactly as it was."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from tensorboard_plugin_cnnviz.keras.observer import Observer
from tensorboard_plugin_cnnviz.keras.parts import find_parts
from tensorboard_plugin_cnnviz.keras.recording import Recording
from tests.keras.helpers import BUDGET, noise, observed, probe_of

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


class Counts(keras.layers.Layer):
    def __init__(self) -> None:
        super().__init__()
        self.calls = self.add_weight(shape=(), initializer="zeros", trainable=False)
        self.seeds = keras.random.SeedGenerator(3)

    def call(self, x: Any) -> Any:
        self.calls.assign_add(1.0)
        self.add_loss(keras.ops.sum(x))
        return x + keras.random.normal(keras.ops.shape(x), seed=self.seeds)


def test_state_losses_and_seeds_stay() -> None:
    inputs = keras.Input((8, 2), batch_size=4)
    x = layers.LSTM(3, return_sequences=True, stateful=True)(Counts()(inputs))
    model = keras.Model(inputs, layers.Dense(2)(layers.BatchNormalization()(x)))
    model(noise(4, 8, 2))
    before = [variable.numpy() for variable in model.variables]
    losses = len(model.losses)
    observer = Observer(model, [probe_of(noise(4, 8, 2))], memory_budget=BUDGET)
    observer.observe()
    for variable, value in zip(model.variables, before, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value, err_msg=variable.path)
    assert len(model.losses) == losses
    assert all(float(loss) == float(loss) for loss in model.losses), "a loss that is a dead tensor has no value"


def test_saving_and_predicting_after_logging(tmp_path: Any) -> None:
    model = model_of(layers.Conv1D(2, 3, activation="relu"))
    x = noise(3, 8, 2)
    before = model.predict(x, verbose=0)
    observed(model, probe_of(x))
    np.testing.assert_array_equal(model.predict(x, verbose=0), before)
    model.save(tmp_path / "model.keras")
    np.testing.assert_array_equal(keras.models.load_model(tmp_path / "model.keras").predict(x, verbose=0), before)


def test_layers_quantised_to_int8_are_recorded() -> None:
    model = model_of(layers.Dense(4, name="hidden"))
    x = noise(3, 8, 2)
    model.quantize("int8")
    observer, response = observed(model, probe_of(x, ("time", "channel")))
    assert [spec.name for spec in observer.specs] == ["hidden", "out"]
    np.testing.assert_allclose(response.predictions, model.predict(x, verbose=0), rtol=1e-5, atol=1e-6)
