"""A kept kernel, whatever its layer, weighs the layer's input as the layer does; others are not kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from tensorboard_plugin_cnnviz import CNNVizCallback
from tensorboard_plugin_cnnviz.keras.observer import Observer
from tests.keras.helpers import BUDGET, noise, probe_of
from tests.keras.table.row import chain
from tests.runs import load, manifest

layers = keras.layers
TIME_FREQUENCY = ("time", "frequency", "channel")
FREQUENCY_TIME = ("frequency", "time", "channel")


def kernels(model: keras.Model, x: Any, axes: tuple[str, ...] | None, **options: Any) -> dict[str, np.ndarray]:
    return Observer(model, [probe_of(x, axes)], memory_budget=BUDGET, **options).kernels()


def weighed(kernel: np.ndarray, x: np.ndarray, groups: int = 1) -> np.ndarray:
    """Every filter's sums over `x` `[windows, channels, frequency, time]`: `[windows, filters, frequency, time]`."""
    filters, channels, *size = kernel.shape
    places = np.lib.stride_tricks.sliding_window_view(x, size, axis=(2, 3))
    first = [f // (filters // groups) * channels for f in range(filters)]
    return np.stack(
        [np.einsum("ncftij,cij->nft", places[:, a : a + channels], kernel[f]) for f, a in enumerate(first)], axis=1
    )


def stored(values: np.ndarray, axes: tuple[str, ...]) -> np.ndarray:
    """`[windows, *axes]` to `[windows, channels, frequency, time]`; an axis that is not there has one cell."""
    order = [1 + axes.index(axis) for axis in ("channel", "frequency", "time") if axis in axes]
    moved = values.transpose(0, *order)
    return moved if "frequency" in axes else moved[:, :, np.newaxis]


OPTIONS = {"use_bias": False, "name": "conv"}
MIXED = {"depth_multiplier": 2, "depthwise_initializer": "normal", **OPTIONS}
CASES = {
    "2-D, time first": (layers.Conv2D, {"filters": 4, "kernel_size": (3, 2)}, (9, 7, 2), TIME_FREQUENCY),
    "2-D, frequency first": (layers.Conv2D, {"filters": 4, "kernel_size": (3, 2)}, (9, 7, 3), FREQUENCY_TIME),
    "2-D, channels first": (
        layers.Conv2D,
        {"filters": 4, "kernel_size": (3, 2), "data_format": "channels_first"},
        (2, 9, 7),
        ("channel", "time", "frequency"),
    ),
    "grouped": (layers.Conv2D, {"filters": 4, "kernel_size": 2, "groups": 2}, (9, 7, 6), TIME_FREQUENCY),
    "1-D": (layers.Conv1D, {"filters": 5, "kernel_size": 4}, (12, 1), ("time", "channel")),
    "depthwise": (layers.DepthwiseConv2D, {"kernel_size": (3, 2), **MIXED}, (9, 7, 5), TIME_FREQUENCY),
    "depthwise 1-D": (layers.DepthwiseConv1D, {"kernel_size": 3, **MIXED}, (9, 5), ("time", "channel")),
    "separable": (layers.SeparableConv2D, {"filters": 6, "kernel_size": (3, 2), **MIXED}, (9, 7, 3), TIME_FREQUENCY),
    "separable 1-D": (layers.SeparableConv1D, {"filters": 6, "kernel_size": 3, **MIXED}, (9, 2), ("time", "channel")),
}


@pytest.mark.parametrize("case", CASES)
def test_a_kernel_weighs_the_input_as_its_layer_does(case: str) -> None:
    kind, options, shape, axes = CASES[case]
    model, x = chain(shape, kind(**{**OPTIONS, **options})), noise(2, *shape)
    kept = kernels(model, x, axes)
    assert set(kept) == {"conv"}
    # Compiled: TensorFlow itself convolves with the channels first on some processors only.
    expected = stored(tf.function(model.get_layer("conv"), jit_compile=True)(x).numpy(), axes)
    assert kept["conv"].dtype == np.float32
    given = stored(x, axes)
    groups = given.shape[1] if "depthwise" in case else options.get("groups", 1)
    np.testing.assert_allclose(weighed(kept["conv"], given, groups), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("kind", "shape", "axes"),
    [(layers.Conv2DTranspose, (9, 7, 2), TIME_FREQUENCY), (layers.Conv1DTranspose, (9, 2), ("time", "channel"))],
)
def test_a_transposed_kernel_is_what_one_cell_adds(kind: Any, shape: tuple[int, ...], axes: tuple[str, ...]) -> None:
    model = chain(shape, kind(3, 4, strides=4, use_bias=False, name="conv"))
    cell = np.zeros((1, *shape), np.float32)
    cell[(0, *[1] * (len(shape) - 1), 1)] = 1
    kernel = kernels(model, cell, axes)["conv"]
    taps = (slice(None), slice(None), *[slice(4, 8)] * (len(shape) - 1))
    given = stored(model.get_layer("conv")(cell).numpy(), axes)
    own = given[taps] if len(shape) == 3 else given[..., 4:8]
    np.testing.assert_allclose(kernel[:, 1], own[0], rtol=1e-5)


def test_what_shows_a_convolution_has_its_kernel() -> None:
    model = chain(
        (8, 9, 1), layers.Conv2D(3, 3, name="conv"), layers.BatchNormalization(name="norm"), layers.ReLU(name="relu")
    )
    (kept,) = kernels(model, noise(2, 8, 9, 1), TIME_FREQUENCY).items()
    assert kept[0] == "relu"
    weights = np.asarray(model.get_layer("conv").kernel.numpy())
    np.testing.assert_array_equal(kept[1], weights.transpose(3, 2, 1, 0))


class Standardised(layers.Conv2D):
    def convolution_op(self, inputs: Any, kernel: Any) -> Any:
        return super().convolution_op(inputs, kernel - keras.ops.mean(kernel))


def test_of_more_than_three_channels_none_is_kept() -> None:
    model = chain((8, 9, 4), layers.Conv2D(2, 3, activation=lambda x: x * 2), layers.Conv2D(2, 3, name="next"))
    assert set(kernels(model, noise(2, 8, 9, 4), TIME_FREQUENCY)) == {"next"}


def test_kernels_of_users_own_or_of_more_than_a_megabyte_are_not_kept() -> None:
    x = noise(2, 8, 9, 1)
    assert not kernels(chain((8, 9, 1), Standardised(2, 3, name="own")), x, TIME_FREQUENCY)
    long = noise(2, 3000, 1)
    assert set(kernels(chain((3000, 1), layers.Conv1D(129, 2048)), long, ("time", "channel"))) == set()
    assert len(kernels(chain((3000, 1), layers.Conv1D(128, 2048)), long, ("time", "channel"))) == 1


def test_each_step_keeps_the_kernels_that_it_ran_with(tmp_path: Path) -> None:
    x = noise(8, 8, 9, 1)
    keras.utils.set_random_seed(0)
    model = chain((8, 9, 1), layers.Conv2D(4, 3, name="conv"), layers.Conv2D(2, 3, name="next"))
    model.compile("sgd", "mse")
    weights = []
    remember = keras.callbacks.LambdaCallback(
        on_train_begin=lambda _: weights.append(model.get_layer("conv").kernel.numpy()),
        on_epoch_end=lambda *_: weights.append(model.get_layer("conv").kernel.numpy()),
    )
    watch = CNNVizCallback(tmp_path, [probe_of(x[:2], TIME_FREQUENCY, detail="summary")])
    model.fit(x, np.ones((8, 2), np.float32), epochs=2, callbacks=[watch, remember], verbose=0)
    for step, expected in zip((-1, 0, 1), weights, strict=True):
        (path,) = tmp_path.glob(f"cnnviz/plugins/cnnviz/{step}-*.zip")
        ((index, member),) = manifest(path)["kernels"].items()
        assert manifest(path)["layout"]["layers"][int(index)]["name"] == "conv"
        np.testing.assert_array_equal(load(path, member["name"]), expected.transpose(3, 2, 1, 0))
    assert not np.array_equal(weights[0], weights[2])
