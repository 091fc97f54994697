"""Models that several tests share."""

from __future__ import annotations

import keras


def han_model(classes: int = 11, *, width: int = 32, activation: str = "leaky_relu") -> keras.Model:
    """The instrument recogniser of Han, Kim and Lee (2016): 43 x 128 x 1 (time x mel) in, class scores out.

    Args:
        classes: number of classes.
        width: filters of the first pair of convolutions; later pairs have twice as many each.
        activation: ``"relu"`` or ``"leaky_relu"`` with slope 0.33.
    """
    layers: list[keras.Layer] = [keras.Input((43, 128, 1))]
    number = 0
    for stage in range(4):
        for _ in range(2):
            number += 1
            layers += [
                keras.layers.ZeroPadding2D(1, name=f"pad{number}"),
                keras.layers.Conv2D(width * 2**stage, 3, padding="same", name=f"conv{number}_linear"),
                _activation(activation, f"conv{number}"),
            ]
        if stage < 3:
            layers += [
                keras.layers.MaxPooling2D(3, name=f"pool{stage + 1}"),
                keras.layers.Dropout(0.25, name=f"dropout{stage + 1}"),
            ]
    layers += [
        keras.layers.GlobalMaxPooling2D(name="global_pool"),
        keras.layers.Dense(32 * width, name="dense_linear"),
        _activation(activation, "dense"),
        keras.layers.Dropout(0.5, name="dropout4"),
        keras.layers.Dense(classes, activation="sigmoid", name="scores"),
    ]
    return keras.Sequential(layers, name="han")


def _activation(kind: str, name: str) -> keras.Layer:
    if kind == "leaky_relu":
        return keras.layers.LeakyReLU(negative_slope=0.33, name=name)
    return keras.layers.ReLU(name=name)


def tiny_model() -> keras.Model:
    """One convolution and two classes: 8 x 6 x 1 (time x frequency) in.

    Compiled and run eagerly, for tests in which nothing depends on how training is run: tracing it takes time.
    """
    model = keras.Sequential(
        [
            keras.Input((8, 6, 1)),
            keras.layers.Conv2D(2, 3, name="conv"),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(2, activation="softmax", name="out"),
        ]
    )
    model.compile("sgd", "categorical_crossentropy", run_eagerly=True)
    return model
