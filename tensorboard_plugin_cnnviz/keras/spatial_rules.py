"""Rules for layers whose kernel, pool or padding moves along the spatial axes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

from tensorboard_plugin_cnnviz.timing import Axis

from .dimensions import CHANNEL, NOT_KNOWN, Dimension, Dimensions, Passage

# Takes an axis, the number of the spatial dimension it belongs to, and the columns that come out.
Move: TypeAlias = Callable[[Axis, int, int], Axis]


def convolution(passage: Passage) -> Dimensions:
    """Follow axes through convolutions, depthwise and separable ones too."""
    layer = passage.layer
    return _along_spatial(passage, _slide(layer.padding, layer.kernel_size, layer.strides, layer.dilation_rate))


def transposed_convolution(passage: Passage) -> Dimensions:
    """Follow axes through transposed convolutions; approximate, since neighbours have fields of different width."""
    layer = passage.layer

    def move(axis: Axis, i: int, size: int) -> Axis:
        kernel, stride, dilation = (_at(v, i) for v in (layer.kernel_size, layer.strides, layer.dilation_rate))
        reach = (kernel - 1) * dilation
        cropped = max(reach + 1 - stride, 0) // 2 if layer.padding == "same" else 0
        first = axis.centres[0] + (cropped - reach / 2) / stride * axis.stride
        step = axis.stride / stride
        centres = tuple(first + step * column for column in range(size))
        return replace(axis, centres=centres, stride=step, field=axis.field + reach * step, approximate=True)

    return _along_spatial(passage, move)


def pooling(passage: Passage) -> Dimensions:
    """Follow axes through pooling windows."""
    layer = passage.layer
    return _along_spatial(
        passage, _slide(layer.padding, layer.pool_size, layer.strides or layer.pool_size, 1), mixes=False
    )


def global_pooling(passage: Passage) -> Dimensions:
    """Follow axes through pooling over everything."""
    spatial = _spatial(passage)
    if not passage.layer.keepdims:
        return tuple(dimension for i, dimension in enumerate(passage.dimensions) if i not in spatial)
    return _along_spatial(passage, lambda axis, _, size: axis.through(kernel=len(axis.centres), size=size), mixes=False)


def adaptive_pooling(passage: Passage) -> Dimensions:
    """Follow axes through pooling to a given number of columns."""

    def move(axis: Axis, _: int, size: int) -> Axis:
        columns = len(axis.centres)
        share = columns / size
        centres = tuple(axis.centres[0] + ((i + 0.5) * share - 0.5) * axis.stride for i in range(size))
        field = axis.field + (share - 1) * axis.stride
        return replace(
            axis,
            centres=centres,
            stride=axis.stride * share,
            field=field,
            approximate=axis.approximate or columns % size != 0,
        )

    return _along_spatial(passage, move, mixes=False)


def padding(passage: Passage) -> Dimensions:
    """Follow axes through padding."""
    return _along_spatial(passage, lambda axis, i, _: axis.padded(*_pair(passage.layer.padding, i)), mixes=False)


def cropping(passage: Passage) -> Dimensions:
    """Follow axes through cropping."""
    return _along_spatial(passage, lambda axis, i, _: axis.cropped(*_pair(passage.layer.cropping, i)), mixes=False)


def upsampling(passage: Passage) -> Dimensions:
    """Follow axes through repetition or interpolation."""
    return _along_spatial(passage, lambda axis, i, _: axis.upsampled(_at(passage.layer.size, i)), mixes=False)


def _spatial(passage: Passage) -> range:
    """Which dimensions the layer moves along."""
    rank = len(passage.dimensions)
    channels_first = getattr(passage.layer, "data_format", "channels_last") == "channels_first"
    return range(1, rank) if channels_first else range(rank - 1)


def _along_spatial(passage: Passage, move: Move, *, mixes: bool = True) -> Dimensions:
    """Move the spatial axes; where the layer mixes channels, its filters take their place."""
    spatial = _spatial(passage)
    result = []
    for i, dimension in enumerate(passage.dimensions):
        if i not in spatial:
            result.append(CHANNEL if mixes else dimension)
        elif dimension.axis is None:
            result.append(NOT_KNOWN)
        else:
            moved = move(dimension.axis, i - spatial.start, passage.after[i])
            result.append(Dimension(dimension.name, moved))
    return tuple(result)


def _slide(padding: str, kernels: Any, strides: Any, dilations: Any) -> Move:
    def move(axis: Axis, i: int, size: int) -> Axis:
        kernel, stride, dilation = (_at(values, i) for values in (kernels, strides, dilations))
        reach = (kernel - 1) * dilation
        columns = len(axis.centres)
        before = 0
        if padding == "causal":
            before = reach
        elif padding == "same":
            before = max((-(-columns // stride) - 1) * stride + reach + 1 - columns, 0) // 2
        return axis.through(kernel=kernel, stride=stride, dilation=dilation, pad_before=before, size=size)

    return move


def _at(values: Any, i: int) -> int:
    return int(values[i] if isinstance(values, list | tuple) else values)


def _pair(values: Any, i: int) -> tuple[int, int]:
    before, after = values[i] if isinstance(values[0], list | tuple) else values
    return before, after
