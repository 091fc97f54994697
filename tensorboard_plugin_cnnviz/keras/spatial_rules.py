"""Rules for layers whose kernel, pool or padding moves along the spatial axes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

from tensorboard_plugin_cnnviz.axis import Axis

from . import moves
from .dimensions import CHANNEL, NOT_KNOWN, Dimensions, Passage

# Takes an axis, the number of the spatial dimension it belongs to, and the columns that come out.
Move: TypeAlias = Callable[[Axis, int, int], Axis]


def convolution(passage: Passage) -> Dimensions:
    """Follow axes through convolutions, depthwise and separable ones too."""
    layer = passage.layer

    def move(axis: Axis, i: int, size: int) -> Axis:
        kernel, stride, dilation = (_at(v, i) for v in (layer.kernel_size, layer.strides, layer.dilation_rate))
        return moves.slid(axis, kernel, stride, dilation, layer.padding, size)

    return _along_spatial(passage, move)


def transposed_convolution(passage: Passage) -> Dimensions:
    """Follow axes through transposed convolutions."""
    layer = passage.layer

    def move(axis: Axis, i: int, size: int) -> Axis:
        kernel, stride, dilation = (_at(v, i) for v in (layer.kernel_size, layer.strides, layer.dilation_rate))
        return moves.unslid(axis, kernel, stride, dilation, layer.padding, size)

    return _along_spatial(passage, move)


def pooling(passage: Passage) -> Dimensions:
    """Follow axes through pooling windows."""
    layer = passage.layer
    strides = layer.strides or layer.pool_size

    def move(axis: Axis, i: int, size: int) -> Axis:
        return moves.slid(axis, _at(layer.pool_size, i), _at(strides, i), 1, layer.padding, size)

    return _along_spatial(passage, move, mixes=False)


def global_pooling(passage: Passage) -> Dimensions:
    """Follow axes through pooling over everything."""
    return moves.reduced(passage.dimensions, _spatial(passage), keepdims=passage.layer.keepdims)


def adaptive_pooling(passage: Passage) -> Dimensions:
    """Follow axes through pooling to a given number of columns."""
    return _along_spatial(passage, lambda axis, _, size: moves.adapted(axis, size), mixes=False)


def padding(passage: Passage) -> Dimensions:
    """Follow axes through padding."""
    return _along_spatial(passage, lambda axis, i, _: axis.padded(*_pair(passage.layer.padding, i)), mixes=False)


def cropping(passage: Passage) -> Dimensions:
    """Follow axes through cropping."""
    return _along_spatial(passage, lambda axis, i, _: axis.cropped(*_pair(passage.layer.cropping, i)), mixes=False)


def upsampling(passage: Passage) -> Dimensions:
    """Follow axes through repetition or interpolation."""
    kind = getattr(passage.layer, "interpolation", "nearest")

    def move(axis: Axis, i: int, size: int) -> Axis:
        factor = _at(passage.layer.size, i)
        if kind == "nearest" or factor == 1:
            return axis.upsampled(factor)
        return axis.resized(size, reach=moves.INTERPOLATION_REACH[kind])

    return _along_spatial(passage, move, mixes=False)


def resizing(passage: Passage) -> Dimensions | None:
    """Follow axes through interpolation to a given size."""
    layer = passage.layer
    if layer.crop_to_aspect_ratio or layer.pad_to_aspect_ratio or layer.antialias:
        return None
    reach = moves.INTERPOLATION_REACH[layer.interpolation]

    def move(axis: Axis, _: int, size: int) -> Axis:
        return axis if size == len(axis.centres) else axis.resized(size, reach=reach)

    return _along_spatial(passage, move, mixes=False)


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
            result.append(replace(dimension, axis=moved))
    return tuple(result)


def _at(values: Any, i: int) -> int:
    return int(values[i] if isinstance(values, list | tuple) else values)


def _pair(values: Any, i: int) -> tuple[int, int]:
    before, after = values[i] if isinstance(values[0], list | tuple) else values
    return before, after
