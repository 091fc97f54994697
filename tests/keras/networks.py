"""Random networks of every kind of layer, whose outputs all move when what they are computed from moves.

Weights and biases are positive and random, so that nothing cancels.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras
import tensorflow as tf
from hypothesis import strategies as st

layers = keras.layers
ops = keras.ops
Draw = Callable[[Any], Any]
Tensor = Any

POSITIVE = keras.initializers.RandomUniform(0.5, 1.0, seed=7)
WEIGHTS = {"kernel_initializer": POSITIVE, "bias_initializer": POSITIVE}
DEPTHWISE = {"depthwise_initializer": POSITIVE, "bias_initializer": POSITIVE}


class Calls(layers.Layer):
    """A user's own layer: what `function` does shows in its graph only."""

    def __init__(self, function: Callable[[Tensor], Tensor], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.function = function

    def call(self, x: Tensor) -> Tensor:
        return self.function(x)


class Kernels:
    """Draws sizes for each spatial axis of a tensor on its own, as they fit its shape."""

    def __init__(self, draw: Draw, x: Tensor) -> None:
        self.sizes: Sequence[int] = x.shape[1:-1]
        self.draw = draw

    def each(self, least: int, most: int) -> tuple[int, ...]:
        return tuple(self.draw(st.integers(least, most)) for _ in self.sizes)

    def pairs(self, most: int) -> Any:
        pairs = tuple((self.draw(st.integers(0, most)), self.draw(st.integers(0, most))) for _ in self.sizes)
        return pairs[0] if len(pairs) == 1 else pairs

    def kernel(self, *, causal: bool = False) -> dict[str, Any]:
        size = self.each(1, 4)
        strided = self.draw(st.booleans())
        strides = self.each(1, 3) if strided else (1,) * len(size)
        dilations = (1,) * len(size) if strided else self.each(1, 3)
        fits = all((k - 1) * d < n for k, d, n in zip(size, dilations, self.sizes, strict=True))
        paddings = ["same"] + ["valid"] * fits + ["causal"] * causal
        padding = self.draw(st.sampled_from(paddings))
        return {"kernel_size": size, "strides": strides, "dilation_rate": dilations, "padding": padding}

    def pool(self) -> dict[str, Any]:
        size = tuple(min(k, n) for k, n in zip(self.each(1, 4), self.sizes, strict=True))
        return {"pool_size": size, "strides": self.each(1, 3), "padding": self.draw(st.sampled_from(["valid", "same"]))}


def of_rank(x: Tensor, name: str) -> Any:
    """Keras's layer of that name for tensors like `x`: `Conv1D` or `Conv2D`."""
    return getattr(layers, name.replace("ND", f"{len(x.shape) - 2}D"))


def convolution(draw: Draw, x: Tensor) -> Tensor:
    return of_rank(x, "ConvND")(2, **Kernels(draw, x).kernel(causal=len(x.shape) == 3), **WEIGHTS)(x)


def depthwise(draw: Draw, x: Tensor) -> Tensor:
    kernel = Kernels(draw, x).kernel()
    # TensorFlow moves depthwise kernels by the same stride along all axes.
    kernel["strides"] = (max(kernel["strides"]),) * len(kernel["strides"])
    return of_rank(x, "DepthwiseConvND")(**kernel, **DEPTHWISE)(x)


def separable(draw: Draw, x: Tensor) -> Tensor:
    kernel = Kernels(draw, x).kernel()
    kernel["strides"] = (max(kernel["strides"]),) * len(kernel["strides"])
    return of_rank(x, "SeparableConvND")(2, **kernel, pointwise_initializer=POSITIVE, **DEPTHWISE)(x)


def transposed(draw: Draw, x: Tensor) -> Tensor:
    sizes = Kernels(draw, x)
    kernel, strides, more = sizes.each(1, 4), sizes.each(1, 3), None
    if draw(st.booleans()):
        # Keras asks for sizes that TensorFlow cannot give where kernels are even or shorter than the stride.
        kernel = tuple(max(k, s) | 1 for k, s in zip(kernel, strides, strict=True))
        more = tuple(draw(st.integers(0, s - 1)) for s in strides)
    options = {"strides": strides, "padding": draw(st.sampled_from(["valid", "same"])), "output_padding": more}
    return of_rank(x, "ConvNDTranspose")(2, kernel, **options, **WEIGHTS)(x)


def pooling(draw: Draw, x: Tensor) -> Tensor:
    name = draw(st.sampled_from(["AveragePoolingND", "MaxPoolingND"]))
    return of_rank(x, name)(**Kernels(draw, x).pool())(x)


def adaptive_pooling(draw: Draw, x: Tensor) -> Tensor:
    name = draw(st.sampled_from(["AdaptiveAveragePoolingND", "AdaptiveMaxPoolingND"]))
    # Keras pools by a window of one cell more than it needs, too, which must fit.
    return of_rank(x, name)(tuple(draw(st.integers(min(2, n), n)) for n in x.shape[1:-1]))(x)


def padding(draw: Draw, x: Tensor) -> Tensor:
    return of_rank(x, "ZeroPaddingND")(Kernels(draw, x).pairs(2))(x)


def upsampling(draw: Draw, x: Tensor) -> Tensor:
    if len(x.shape) == 3:
        return layers.UpSampling1D(draw(st.integers(1, 3)))(x)
    kind = draw(st.sampled_from(["nearest", "bilinear", "bicubic", "lanczos3"]))
    return layers.UpSampling2D(Kernels(draw, x).each(1, 3), interpolation=kind)(x)


def choose(draw: Draw, choices: dict[str, Any]) -> Any:
    """Draw one of the choices by its name, which shows where a test fails."""
    return choices[draw(st.sampled_from(list(choices)))]


def cell_by_cell(draw: Draw, x: Tensor) -> Tensor:
    spatial = layers.SpatialDropout1D if len(x.shape) == 3 else layers.SpatialDropout2D
    choices = {
        "batch normalisation": layers.BatchNormalization,
        "dense": lambda: layers.Dense(3, **WEIGHTS),
        "leaky": layers.LeakyReLU,
        "dropout": lambda: spatial(0.5),
        "softplus": lambda: layers.Activation("softplus"),
        "own activation": lambda: layers.Dense(2, activation=lambda y: y + ops.tanh(y / 1000), **WEIGHTS),
        "parametric": layers.PReLU,
        "einsum": lambda: layers.EinsumDense("...x,xy->...y", (3,), kernel_initializer=POSITIVE),
        "time distributed": lambda: layers.TimeDistributed(layers.Dense(2, **WEIGHTS)),
        "lambda": lambda: layers.Lambda(lambda y: ops.sqrt(y + 1.0)),
        "own layer": lambda: Calls(lambda y: y * ops.sigmoid(y / 1000)),
    }
    return choose(draw, choices)()(x)


def residual(draw: Draw, x: Tensor) -> Tensor:
    """Two branches that keep the size, with equal or different fields, put together by a layer or an operator."""
    rank, channels = len(x.shape) - 2, x.shape[-1]

    def branch() -> Tensor:
        size = draw(st.integers(1, 4))
        side = draw(st.sampled_from(["same", "causal"])) if rank == 1 else "same"
        return of_rank(x, "ConvND")(channels, size, padding=side, **WEIGHTS)(x)

    one, other = branch(), x if draw(st.booleans()) else branch()
    choices = {
        "Add": layers.Add(),
        "Maximum": layers.Maximum(),
        "Multiply": layers.Multiply(),
        "Concatenate": layers.Concatenate(),
        "own layer": Calls(lambda pair: pair[0] + pair[1]),
        "add": lambda pair: ops.add(*pair),
        "multiply": lambda pair: ops.multiply(*pair),
    }
    return choose(draw, choices)([one, other])


def axes_of_one_cell(draw: Draw, x: Tensor) -> Tensor:
    """A detour that leaves every cell where it was."""
    if len(x.shape) == 3:
        size, channels = x.shape[1:]
        y = layers.Permute((2, 1))(layers.Reshape((size, 1, channels))(x)[:, :, 0])
        return layers.Permute((2, 1))(y)
    return layers.Permute((2, 1, 3))(layers.Permute((2, 1, 3))(x))


def raw_operations(draw: Draw, x: Tensor) -> Tensor:
    """What users write in a `call` of their own."""
    pads = [(draw(st.integers(0, 2)), draw(st.integers(0, 2))) for _ in x.shape[1:-1]]
    step = draw(st.integers(1, 3))
    size = draw(st.integers(1, min(3, *x.shape[1:-1])))
    kernel = (size,) * (len(x.shape) - 2) + (x.shape[-1], 2)
    choices = {
        "pad": lambda y: ops.pad(y, ((0, 0), *pads, (0, 0))),
        "slice": lambda y: y[:, ::step],
        "max_pool": lambda y: ops.max_pool(y, size, 1),
        "average_pool": lambda y: ops.average_pool(y, size, padding="same"),
        "zeros before": lambda y: ops.concatenate([ops.zeros_like(y[:, :2]), y], axis=1),
        "convolution": lambda y: tf.nn.convolution(y, tf.ones(kernel), step, "SAME"),
        "stack": lambda y: ops.stack([y, y + 1], axis=-1)[..., 1],
        "mean of channels": lambda y: y + ops.mean(y, axis=-1, keepdims=True),
        "einsum": lambda y: ops.einsum("b...c,cd->b...d", y, ops.ones((y.shape[-1], 2))),
        "gather": lambda y: tf.gather(y, list(range(0, y.shape[1], step)), axis=1),
    }
    return Calls(choose(draw, choices))(x)


def mirrored(draw: Draw, x: Tensor) -> Tensor:
    pads = [(draw(st.integers(0, min(2, n - 1))), draw(st.integers(0, min(2, n - 1)))) for n in x.shape[1:-1]]
    mode = draw(st.sampled_from(["reflect", "symmetric"]))
    return Calls(lambda y: ops.pad(y, ((0, 0), *pads, (0, 0)), mode=mode))(x)


def sees_all(draw: Draw, x: Tensor) -> Tensor:
    """Layers after which a column may depend on every other."""
    rank, channels = len(x.shape) - 2, x.shape[-1]
    average, maximum = of_rank(x, "GlobalAveragePoolingND"), of_rank(x, "GlobalMaxPoolingND")
    choices = {
        "group normalisation": lambda: layers.GroupNormalization(1)(x),
        "layer normalisation": lambda: layers.LayerNormalization(axis=1)(x),
        "softmax": lambda: layers.Softmax(axis=1)(x),
        "gate": lambda: x * average(keepdims=True)(x),
        "gate of a vector": lambda: layers.Multiply()([x, layers.Reshape((1,) * rank + (channels,))(maximum()(x))]),
        "less mean": lambda: Calls(lambda y: y - ops.mean(y, axis=1, keepdims=True))(x),
        "cumulated": lambda: Calls(lambda y: ops.cumsum(y, axis=1))(x),
        "and maximum": lambda: x + ops.max(x, axis=tuple(range(1, rank + 1)), keepdims=True),
    }
    if rank == 1:
        choices |= {
            "LSTM": lambda: layers.LSTM(2, return_sequences=True)(x),
            "GRU both ways": lambda: layers.Bidirectional(layers.GRU(2, return_sequences=True))(x),
            "multi-head attention": lambda: layers.MultiHeadAttention(1, 2)(x, x),
            "attention": lambda: layers.Attention()([x, x]),
        }
    return choose(draw, choices)()


EXACT = (
    convolution,
    depthwise,
    separable,
    pooling,
    padding,
    cell_by_cell,
    residual,
    axes_of_one_cell,
    raw_operations,
)
ANY = (*EXACT, transposed, adaptive_pooling, upsampling, mirrored, sees_all)


def network(draw: Draw, shape: tuple[int, ...], stages: Sequence[Callable[[Draw, Tensor], Tensor]]) -> keras.Model:
    """Draw a model of one to five stages over an input of `shape`."""
    x = inputs = keras.Input(shape)
    for stage in draw(st.lists(st.sampled_from(stages), min_size=1, max_size=5)):
        if min(x.shape[1:-1]) > 1 and max(x.shape[1:-1]) < 100:
            x = stage(draw, x)
    return keras.Model(inputs, layers.Activation("linear", name="last")(x))
