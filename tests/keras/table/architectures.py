"""How layers are put together: in a row, a graph, a class, inside each other, twice, with several ins and outs."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops

from tests.models import han_model

from .row import TIME, TIME_FREQUENCY, Row, by_graph, chain

layers = keras.layers
MAP = (9, 12, 1)
HAN = [*(f"conv{i}" for i in range(1, 9)), "dense", "scores"]
EVERY_LAYER = ["a", "b", "c", "d", "e", "f", "g"]


def sequential() -> keras.Model:
    return keras.Sequential(
        [
            keras.Input(MAP),
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
    x = inputs = keras.Input(MAP)
    x = layers.Conv2D(3, 3, activation="elu", name="stem")(x)
    left = layers.Conv2D(4, 3, padding="same", activation="relu", name="left")(x)
    right = layers.Conv2D(2, 1, strides=2, activation="tanh", name="right")(x)
    x = layers.Concatenate(name="joined")([layers.GlobalMaxPooling2D()(left), layers.GlobalAveragePooling2D()(right)])
    return keras.Model(inputs, layers.Dense(2, name="out")(x))


def graph_with_operations() -> keras.Model:
    inputs = keras.Input(MAP)
    x = ops.relu(layers.Conv2D(3, 3, name="conv")(inputs) - 0.1)
    x = ops.mean(ops.sigmoid(x * 2), axis=(1, 2))
    return keras.Model(inputs, layers.Dense(2, name="out")(x))


def operations_by_hand(model: keras.Model, x: Any) -> dict[str, Any]:
    first = ops.relu(model.get_layer("conv")(x) - 0.1)
    second = ops.sigmoid(first * 2)
    operations = {type(each).__name__: each.name for each in model.operations}
    return {
        "conv": model.get_layer("conv")(x),
        operations["Relu"]: first,
        operations["Sigmoid"]: second,
        "out": model.get_layer("out")(ops.mean(second, axis=(1, 2))),
    }


@keras.saving.register_keras_serializable()
class Block(layers.Layer):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.conv = layers.Conv2D(2, 3, padding="same", name="conv")
        self.norm = layers.BatchNormalization(name="norm")

    def call(self, x: Any, training: bool = False) -> Any:
        return ops.relu(self.norm(self.conv(x), training=training) + x)


@keras.saving.register_keras_serializable()
class Subclassed(keras.Model):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.first = Block(name="first")
        self.second = Block(name="second")
        self.out = layers.Dense(3, name="out")

    def call(self, x: Any, training: bool = False) -> Any:
        return self.out(ops.mean(self.second(self.first(x, training=training), training=training), axis=(1, 2)))


def subclassed() -> keras.Model:
    model = Subclassed()
    model(np.zeros((1, 6, 8, 2)))
    return model


def subclassed_by_hand(model: Any, x: Any) -> dict[str, Any]:
    first = model.first.norm(model.first.conv(x))
    second = model.second.norm(model.second.conv(ops.relu(first + x)))
    return {"first/norm": first, "second/norm": second, "out": model(x)}


def nested(*, levels: int) -> keras.Model:
    part = keras.Sequential([keras.Input(MAP), layers.Conv2D(2, 3, name="conv")], name="level1")
    for level in range(2, levels + 1):
        part = keras.Sequential([keras.Input(MAP), part, layers.Conv2D(3, 3, name="conv")], name=f"level{level}")
    inputs = keras.Input(MAP)
    x = layers.Conv2D(4, 3, name="conv")(part(inputs))
    return keras.Model(inputs, layers.Dense(2, name="out")(layers.GlobalMaxPooling2D()(x)))


def nested_by_hand(model: keras.Model, x: Any) -> dict[str, Any]:
    path, part = [], model
    while inner := [each for each in part.layers if isinstance(each, keras.Model)]:
        (part,) = inner
        path.append(part)
    values = {}
    for depth in range(len(path), 0, -1):
        x = path[depth - 1].get_layer("conv")(x)
        values["/".join([each.name for each in path[:depth]] + ["conv"])] = x
    values["conv"] = x = model.get_layer("conv")(x)
    return {**values, "out": model.get_layer("out")(ops.max(x, axis=(1, 2)))}


def used_twice() -> keras.Model:
    shared = layers.Conv2D(1, 3, padding="same", name="shared")
    inputs = keras.Input(MAP)
    return keras.Model(inputs, layers.Dense(2, name="out")(layers.Flatten()(shared(shared(inputs)))))


def used_twice_by_hand(model: keras.Model, x: Any) -> dict[str, Any]:
    first = model.get_layer("shared")(x)
    return {"shared": first, "shared:1": model.get_layer("shared")(first), "out": model(x)}


def submodel_used_twice() -> keras.Model:
    encoder = chain((9, 2), layers.Conv1D(3, 3, name="conv"), layers.ReLU(name="relu"), name="encoder")
    a, b = keras.Input((9, 2), name="a"), keras.Input((9, 2), name="b")
    apart = layers.Subtract(name="apart")([encoder(a), encoder(b)])
    return keras.Model([a, b], layers.Dense(2, name="same")(apart))


def submodel_by_hand(model: keras.Model, x: Any) -> dict[str, Any]:
    encoder = model.get_layer("encoder")
    values, ends = {}, []
    for call, each in enumerate(x):
        times = f":{call}" if call else ""
        relu = ops.relu(encoder.get_layer("conv")(each))
        ends.append(encoder.get_layer("out")(ops.mean(relu, axis=1)))
        values |= {f"encoder/relu{times}": relu, f"encoder/out{times}": ends[-1]}
    return {**values, "apart": ends[0] - ends[1], "same": model.get_layer("same")(ends[0] - ends[1])}


def several_inputs(kind: type) -> keras.Model:
    a, b = keras.Input((6, 4, 1), name="a"), keras.Input((3,), name="b")
    joined = layers.Concatenate(name="joined")([layers.Flatten()(layers.Conv2D(2, 3, name="conv")(a)), b])
    out = layers.Dense(2, name="out")(joined)
    # The other way round than the alphabet has it.
    return keras.Model([a, b] if kind is tuple else {"b": b, "a": a}, out)


def several_outputs(kind: type) -> keras.Model:
    inputs = keras.Input((9, 2))
    x = layers.GlobalMaxPooling1D()(layers.Conv1D(3, 3, name="conv")(inputs))
    scores, pitch = layers.Dense(2, name="scores")(x), layers.Dense(5, name="pitch")(x)
    return keras.Model(inputs, [scores, pitch] if kind is list else {"what": scores, "how high": pitch})


HEADS = by_graph("conv", "scores", "pitch")
ROWS = {
    "Sequential": Row(
        sequential,
        MAP,
        TIME_FREQUENCY,
        by_graph(*EVERY_LAYER),
        # Reshaped, pooled and not activated ones too, which are left out by default.
        layers=EVERY_LAYER,
    ),
    "the model of the field": Row(lambda: han_model(width=1), (43, 128, 1), TIME_FREQUENCY, by_graph(*HAN)),
    "Functional": Row(functional, MAP, TIME_FREQUENCY, by_graph("stem", "left", "right", "joined", "out")),
    "ops.relu in the graph": Row(graph_with_operations, MAP, TIME_FREQUENCY, operations_by_hand),
    "subclassed": Row(subclassed, (6, 8, 2), TIME_FREQUENCY, subclassed_by_hand),
    "nested one level, equal names": Row(lambda: nested(levels=1), MAP, TIME_FREQUENCY, nested_by_hand),
    "nested two levels, equal names": Row(lambda: nested(levels=2), MAP, TIME_FREQUENCY, nested_by_hand),
    "a layer used twice": Row(used_twice, MAP, TIME_FREQUENCY, used_twice_by_hand),
    "a submodel used twice": Row(submodel_used_twice, ((9, 2), (9, 2)), TIME, submodel_by_hand),
    "several inputs, tuple": Row(
        lambda: several_inputs(tuple), ((6, 4, 1), (3,)), TIME_FREQUENCY, by_graph("conv", "joined", "out")
    ),
    "several inputs, dict": Row(
        lambda: several_inputs(dict), {"a": (6, 4, 1), "b": (3,)}, TIME_FREQUENCY, by_graph("conv", "joined", "out")
    ),
    "several outputs, the first": Row(
        lambda: several_outputs(list), (9, 2), TIME, HEADS, prediction=lambda model, x: model(x)[0]
    ),
    "several outputs, by name": Row(
        lambda: several_outputs(list), (9, 2), TIME, HEADS, output="pitch", prediction=lambda model, x: model(x)[1]
    ),
    "outputs in a dict, the first": Row(
        lambda: several_outputs(dict), (9, 2), TIME, HEADS, prediction=lambda model, x: model(x)["what"]
    ),
    "outputs in a dict, by key": Row(
        lambda: several_outputs(dict),
        (9, 2),
        TIME,
        HEADS,
        output="how high",
        prediction=lambda model, x: model(x)["how high"],
    ),
}
