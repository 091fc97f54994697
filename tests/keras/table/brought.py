"""Models as people bring them: habits of real code, and the networks that many begin with."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops

from .row import TIME, TIME_FREQUENCY, Row, by_graph, chain

layers = keras.layers
register = keras.saving.register_keras_serializable()
SEQUENCE, MAP, SOUND = (9, 2), (9, 12, 1), 1600


def called(model: keras.Model, *shapes: tuple[int, ...]) -> keras.Model:
    """The model, built as most are: by a call."""
    inputs = [np.ones((2, *shape), np.float32) for shape in shapes]
    model(inputs[0] if len(inputs) == 1 else tuple(inputs))
    return model


@register
class Collections(keras.Model):
    """Keeps its layers in lists and dicts, all of them with equal names."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.blocks = [layers.Conv1D(2, 3, padding="same", name="conv") for _ in range(3)]
        self.heads = {"what": layers.Dense(2, name="head"), "other": [layers.Dense(3, name="head")]}

    def call(self, x: Any) -> Any:
        for block in self.blocks:
            x = x + block(x)
        x = ops.mean(x, axis=1)
        return {"what": self.heads["what"](x), "other": self.heads["other"][0](x)}


def collections_by_hand(model: Any, x: Any) -> dict[str, Any]:
    values = {}
    for name, block in zip(("conv", "conv (2)", "conv (3)"), model.blocks, strict=True):
        values[name] = block(x)
        x = x + values[name]
    x = ops.mean(x, axis=1)
    return {**values, "head": model.heads["what"](x), "head (2)": model.heads["other"][0](x)}


def residual() -> keras.Model:
    inputs = keras.Input(MAP)
    x = layers.Conv2D(4, 3, padding="same", name="stem")(inputs)
    for i in range(2):
        y = layers.Conv2D(4, 3, padding="same", name=f"block{i}_conv1")(x)
        y = layers.ReLU(name=f"block{i}_relu")(layers.BatchNormalization()(y))
        y = layers.Conv2D(4, 3, padding="same", name=f"block{i}_conv2")(y)
        x = layers.ReLU(name=f"block{i}")(layers.Add()([x, y]))
    return keras.Model(inputs, layers.Dense(2, name="out")(layers.GlobalMaxPooling2D()(x)))


RESIDUAL = ["stem", *(f"block{i}{part}" for i in range(2) for part in ("_relu", "_conv2", "")), "out"]


def with_lambda() -> keras.Model:
    inputs = keras.Input(MAP)
    x = layers.Lambda(lambda x: abs(x) + 1, name="loud")(inputs)
    x = layers.Conv2D(2, 3, name="conv")(x)
    x = layers.Lambda(lambda x: x[:, 3, 3] ** 2, name="middle")(x)
    return keras.Model(inputs, layers.Dense(2, name="out")(x))


def waveform_to_mel() -> keras.Model:
    inputs = keras.Input((SOUND,))
    mel = layers.MelSpectrogram(
        fft_length=256, sequence_stride=64, num_mel_bins=16, sampling_rate=8000, max_freq=4000, name="mel"
    )(inputs)
    x = layers.Conv2D(3, 3, activation="relu", name="conv")(ops.expand_dims(mel, -1))
    return keras.Model(inputs, layers.Dense(2, name="out")(layers.GlobalAveragePooling2D()(x)))


def mobile_net() -> keras.Model:
    return keras.applications.MobileNet(input_shape=(32, 32, 1), alpha=0.25, weights=None, classes=3)


def mobile_net_layers(model: keras.Model, x: Any) -> dict[str, Any]:
    names = ["conv1_relu", *(f"conv_{kind}_{i}_relu" for i in range(1, 14) for kind in ("dw", "pw"))]
    return dict(by_graph(*names, "conv_preds", "predictions")(model, x))


@register
class Branches(keras.Model):
    """Does one thing while it trains and another in use."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.conv = layers.Conv1D(2, 3, name="conv")
        self.training_head = layers.Dense(2, name="training_head")
        self.head = layers.Dense(2, name="head")

    def call(self, x: Any, training: bool | None = None) -> Any:
        x = ops.mean(self.conv(x), axis=1)
        return self.training_head(x) if training else self.head(x)


def branches() -> keras.Model:
    model = called(Branches(), SEQUENCE)
    model(np.ones((2, *SEQUENCE), np.float32), training=True)
    return model


def branches_by_hand(model: Any, x: Any) -> dict[str, Any]:
    conv = model.conv(x)
    return {"conv": conv, "head": model.head(ops.mean(conv, axis=1))}


def wrapped() -> keras.Model:
    inputs = keras.Input(MAP)
    x = layers.Conv2D(3, 3, name="conv")(inputs)
    encoder = keras.Model(inputs, ops.tanh(x), name="encoder")
    # Without an Input of its own.
    return called(keras.Sequential([encoder, layers.GlobalMaxPooling2D(), layers.Dense(2, name="out")]), MAP)


def wrapped_by_hand(model: keras.Model, x: Any) -> dict[str, Any]:
    tanh = ops.tanh(model.layers[0].get_layer("conv")(x))
    (name,) = (each.name for each in model.layers[0].operations if type(each).__name__ == "Tanh")
    return {f"encoder/{name}": tanh, "out": model.get_layer("out")(ops.max(tanh, axis=(1, 2)))}


@register
class TakesDict(keras.Model):
    """Takes a dict, and gives maps before scores."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.conv = layers.Conv1D(2, 3, name="conv")
        self.out = layers.Dense(2, name="out")

    def call(self, inputs: Any) -> Any:
        x = self.conv(inputs["sound"])
        return {"maps": [x, x * 2], "scores": self.out(ops.concatenate([ops.mean(x, axis=1), inputs["extra"]], -1))}


def takes_dict() -> keras.Model:
    model = TakesDict()
    model({"sound": np.ones((2, *SEQUENCE), np.float32), "extra": np.ones((2, 3), np.float32)})
    return model


def takes_dict_by_hand(model: Any, x: Any) -> dict[str, Any]:
    return {"conv": model.conv(x["sound"]), "out": model(x)["scores"]}


@register
class Loops(layers.Layer):
    """Calls one layer several times, in a loop of the backend's."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.step = layers.Dense(2, activation="tanh", name="step")

    def build(self, shape: Any) -> None:
        self.step.build(shape)

    def call(self, x: Any) -> Any:
        return ops.fori_loop(0, 3, lambda _, state: self.step(state), x)


def loops_by_hand(model: keras.Model, x: Any) -> dict[str, Any]:
    values = {}
    for name in ("loop/step", "loop/step:1", "loop/step:2"):
        values[name] = x = model.get_layer("loop").step(x)
    return {**values, "out": model.get_layer("out")(ops.mean(x, axis=1))}


@register
class Chooses(layers.Layer):
    """Which of its layers it calls depends on the sound."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.loud = layers.Dense(2, name="loud")
        self.soft = layers.Dense(2, name="soft")

    def build(self, shape: Any) -> None:
        self.loud.build(shape)
        self.soft.build(shape)

    def call(self, x: Any) -> Any:
        return ops.cond(ops.max(ops.abs(x)) > 0, lambda: self.loud(x), lambda: self.soft(x))


def chooses_by_hand(model: keras.Model, x: Any) -> dict[str, Any]:
    loud = model.get_layer("choice").loud(x)
    return {"choice/loud": loud, "out": model.get_layer("out")(ops.mean(loud, axis=1))}


def one_window_at_a_time() -> keras.Model:
    inputs = keras.Input(SEQUENCE, batch_size=1)
    x = layers.GlobalMaxPooling1D()(layers.Conv1D(3, 3, name="conv")(inputs))
    return keras.Model(inputs, layers.Dense(2, name="out")(x))


def one_window_by_hand(model: keras.Model, x: Any) -> dict[str, Any]:
    conv = model.get_layer("conv")(x)
    return {"conv": conv, "out": model.get_layer("out")(ops.max(conv, axis=1))}


def autoencoder() -> keras.Model:
    inputs = keras.Input((8, 12, 1))
    x = layers.Conv2D(2, 3, padding="same", activation="relu", name="down")(inputs)
    y = layers.Conv2DTranspose(2, 2, strides=2, name="up")(layers.MaxPooling2D(2)(x))
    return keras.Model(inputs, layers.Conv2D(1, 1, name="mask")(layers.Concatenate(name="joined")([x, y])))


ROWS = {
    "lists and dicts of layers": Row(
        lambda: called(Collections(), SEQUENCE),
        SEQUENCE,
        TIME,
        collections_by_hand,
        prediction=lambda m, x: m(x)["what"],
    ),
    "residual blocks made in a loop": Row(residual, MAP, TIME_FREQUENCY, by_graph(*RESIDUAL)),
    "Lambda layers": Row(with_lambda, MAP, TIME_FREQUENCY, by_graph("loud", "conv", "middle", "out")),
    "MelSpectrogram": Row(
        waveform_to_mel, (SOUND,), ("time",), by_graph("mel", "conv", "out"), order={"mel": ("frequency", "time")}
    ),
    "MobileNet": Row(mobile_net, (32, 32, 1), TIME_FREQUENCY, mobile_net_layers, trains=False),
    "branches that depend on training": Row(
        branches,
        SEQUENCE,
        TIME,
        branches_by_hand,
        named={"training_head": "it was not called when the model ran on the probes"},
    ),
    "a model inside a Sequential": Row(wrapped, MAP, TIME_FREQUENCY, wrapped_by_hand),
    "a subclassed model on a dict": Row(
        takes_dict,
        {"sound": SEQUENCE, "extra": (3,)},
        TIME,
        takes_dict_by_hand,
        output="scores",
        prediction=lambda model, x: model(x)["scores"],
    ),
    "a layer in a loop": Row(lambda: chain(SEQUENCE, Loops(name="loop")), SEQUENCE, TIME, loops_by_hand),
    "layers chosen by the sound": Row(
        lambda: chain(SEQUENCE, Chooses(name="choice")),
        SEQUENCE,
        TIME,
        chooses_by_hand,
        named={"choice/soft": "it was not called when the model ran on the probes"},
    ),
    "one window at a time": Row(
        one_window_at_a_time,
        SEQUENCE,
        TIME,
        one_window_by_hand,
        prediction=lambda model, x: one_window_by_hand(model, x)["out"],
        batch=1,
    ),
    "an autoencoder": Row(
        autoencoder, (8, 12, 1), TIME_FREQUENCY, by_graph("down", "up", "joined", "mask"), prediction=None
    ),
}
