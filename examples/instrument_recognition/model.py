"""The convolutional instrument recogniser of Han, Kim and Lee (2016): 1,446,123 parameters for eleven classes."""

from __future__ import annotations

import keras
from keras import layers

STAGES = (32, 64, 128, 256)


def build_model(*, classes: int = 11, time: int = 43, mel: int = 128, leaky: bool = False) -> keras.Model:
    """Map log-mel windows `[batch, time, mel, 1]` to one probability per class, `[batch, classes]`.

    Each convolution pads by one and then convolves with zero padding again, so that its maps grow by two.
    `leaky` takes LeakyReLU with slope 0.33, as re-implementations of the paper do, instead of ReLU.
    """

    def activation() -> str | layers.Layer:
        return layers.LeakyReLU(negative_slope=0.33) if leaky else "relu"

    model = keras.Sequential([keras.Input((time, mel, 1), name="log_mel")], name="instrument_recogniser")
    for stage, filters in enumerate(STAGES):
        for number in (2 * stage + 1, 2 * stage + 2):
            model.add(layers.ZeroPadding2D(1, name=f"pad{number}"))
            model.add(layers.Conv2D(filters, 3, padding="same", activation=activation(), name=f"conv{number}"))
        if filters == STAGES[-1]:
            model.add(layers.GlobalMaxPooling2D(name="pool4"))
        else:
            model.add(layers.MaxPooling2D(3, name=f"pool{stage + 1}"))
            model.add(layers.Dropout(0.25, name=f"dropout{stage + 1}"))
    model.add(layers.Dense(1024, activation=activation(), name="dense"))
    model.add(layers.Dropout(0.5, name="dropout4"))
    model.add(layers.Dense(classes, activation="sigmoid", name="instruments"))
    return model
