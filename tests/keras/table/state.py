"""Layers that do more than compute: they remember, count, draw, add to the loss, or trace functions of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from .row import TIME, Row, by_graph, chain

layers = keras.layers
SEQUENCE = (6, 2)
register = keras.saving.register_keras_serializable()


def model_of(*stack: Any) -> keras.Model:
    """A model of these layers before a convolution, called once."""
    model = chain(SEQUENCE, *stack, layers.Conv1D(3, 3, name="conv"))
    model(np.ones((4, *SEQUENCE), np.float32))
    return model


@register
class Draws(layers.Layer):
    """Adds noise in use as well, as Monte Carlo dropout does."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.seeds = keras.random.SeedGenerator(3)

    def call(self, x: Any) -> Any:
        return x + keras.random.normal(ops.shape(x), seed=self.seeds)


@register
class Counts(layers.Layer):
    """Counts its calls, and shows the count."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.count = self.add_weight(shape=(), initializer="zeros", trainable=False, name="count")

    def call(self, x: Any) -> Any:
        self.count.assign_add(1.0)
        return x * self.count


@register
class CountsInTensorFlow(layers.Layer):
    """Has state of which Keras knows nothing: TensorFlow's own variables and generators, and attributes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.counts = [tf.Variable(0.0, trainable=False)]
        self.generator = tf.random.Generator.from_seed(3)
        self.last = None
        self.calls = 0

    def call(self, x: Any) -> Any:
        self.counts[0].assign_add(1.0)
        self.calls += 1
        self.last = x + self.generator.normal(tf.shape(x)) * self.counts[0]
        return self.last

    def own(self) -> list[tf.Variable]:
        return [*self.counts, self.generator.state]


@register
class AddsLoss(layers.Layer):
    def call(self, x: Any) -> Any:
        self.add_loss(ops.mean(x**2))
        return x + 1


@register
class CountsInsideFunction(keras.Model):
    """Its layer, and its count, are inside a `tf.function` of its own."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.conv = layers.Conv1D(2, 3, name="conv")
        self.norm = layers.BatchNormalization(name="norm")
        self.out = layers.Dense(2, name="out")
        self.count = self.add_weight(shape=(), initializer="zeros", trainable=False, name="count")

    def build(self, shape: Any) -> None:
        self.conv.build(shape)
        self.norm.build((*shape[:-1], 2))
        self.out.build((None, 2))

    @tf.function
    def features(self, x: Any, training: bool) -> Any:
        self.count.assign_add(1.0)
        return self.norm(self.conv(x), training=training)

    def call(self, x: Any, training: bool = False) -> Any:
        return self.out(ops.mean(self.features(x, training), axis=1))


def inside_function() -> keras.Model:
    model = CountsInsideFunction()
    model.build((None, *SEQUENCE))
    return model


def inside_function_by_hand(model: Any, x: Any) -> dict[str, Any]:
    norm = model.norm(model.conv(x))
    return {"norm": norm, "out": model.out(ops.mean(norm, axis=1))}


def stateful() -> keras.Model:
    inputs = keras.Input(SEQUENCE, batch_size=4)
    x = layers.GRU(3, return_sequences=True, stateful=True, name="gru")(inputs)
    model = keras.Model(inputs, layers.Dense(2, name="out")(layers.LSTM(3, stateful=True, name="lstm")(x)))
    model(np.ones((4, *SEQUENCE), np.float32))
    return model


def stateful_by_hand(model: keras.Model, x: Any) -> dict[str, Any]:
    """Each block of four windows begins with the state that the model was left in."""
    states = [v.numpy() for layer in model.layers for v in keras.tree.flatten(getattr(layer, "states", []))]
    variables = [v for layer in model.layers for v in keras.tree.flatten(getattr(layer, "states", []))]
    blocks = []
    for first in range(0, len(x), 4):
        for variable, state in zip(variables, states, strict=True):
            variable.assign(state)
        block = np.resize(x[first : first + 4], (4, *SEQUENCE))
        gru = model.get_layer("gru")(block)
        lstm = model.get_layer("lstm")(gru)
        given = {"gru": gru, "lstm": lstm, "out": model.get_layer("out")(lstm)}
        blocks.append({name: np.asarray(values)[: len(x) - first] for name, values in given.items()})
    return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}


def after(make: Callable[[], Any]) -> Row:
    return Row(lambda: model_of(make()), SEQUENCE, TIME, by_graph("layer", "conv", "out"))


ROWS = {
    "stateful RNN": Row(
        stateful,
        SEQUENCE,
        TIME,
        stateful_by_hand,
        windows=(6, 3),
        prediction=lambda model, x: stateful_by_hand(model, x)["out"],
    ),
    "a seed-consuming layer": after(lambda: Draws(name="layer")),
    "a counting layer": after(lambda: Counts(name="layer")),
    "a layer with state of TensorFlow's own": after(lambda: CountsInTensorFlow(name="layer")),
    "add_loss": after(lambda: AddsLoss(name="layer")),
    "an inner tf.function": Row(inside_function, SEQUENCE, TIME, inside_function_by_hand),
}
