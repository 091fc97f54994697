"""How each kind of layer moves the axes of its input: which dimensions come out, and where their cells lie."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from . import kinds, spatial_rules
from .dimensions import CHANNEL, FILTER, NOT_KNOWN, Dimensions, Passage, Shape, approximately

Rule: TypeAlias = Callable[[Passage], Dimensions | None]


def through(passage: Passage) -> Dimensions | None:
    """Follow the axes through any layer; None where they cannot be known."""
    rule = next((rule for kind, rule in _RULES if isinstance(passage.layer, kind)), same_places)
    result = rule(passage)
    if result is None or len(result) != len(passage.after):
        return None
    fits = (
        dimension.axis is None or len(dimension.axis.centres) == size
        for dimension, size in zip(result, passage.after, strict=True)
    )
    return result if all(fits) else None


def reshaped(dimensions: Dimensions, before: Shape, after: Shape) -> Dimensions | None:
    """Follow axes through a reshape that only adds or takes away axes of one cell."""
    if [n for n in before if n != 1] != [n for n in after if n != 1]:
        return None
    if len(before) == len(after):
        return dimensions if tuple(before) == tuple(after) else None
    pairs = list(zip(dimensions, before, strict=True))
    kept = [dimension for dimension, size in pairs if size != 1]
    single = [dimension for dimension, size in pairs if size == 1] if len(after) < len(before) else []
    result = []
    for size in after:
        source = kept if size != 1 else single
        result.append(source.pop(0) if source else CHANNEL)
    return tuple(result)


def same_places(passage: Passage) -> Dimensions | None:
    """Guess for a layer that is not known: a cell of the same number lies in the same place."""
    if len(passage.after) == 1:
        return (CHANNEL,)
    return approximately(passage.dimensions) if len(passage.after) == len(passage.dimensions) else None


def _same(passage: Passage) -> Dimensions:
    return passage.dimensions


def _normalisation(passage: Passage) -> Dimensions | None:
    if isinstance(passage.layer, _NORMALISES_BY_CONSTANTS):
        return passage.dimensions
    axes = getattr(passage.layer, "axis", None)
    axes = axes if isinstance(axes, list | tuple) else (axes,)
    names = [passage.dimensions[axis - (axis > 0)].name for axis in axes if isinstance(axis, int)]
    mixes_filters_only = bool(names) and set(names) == {FILTER}
    if mixes_filters_only and not isinstance(passage.layer, kinds.classes("GroupNormalization")):
        return passage.dimensions
    return same_places(passage)


def _dense(passage: Passage) -> Dimensions:
    return (*passage.dimensions[:-1], CHANNEL)


def _flatten(passage: Passage) -> Dimensions:  # noqa: ARG001
    return (CHANNEL,)


def _reshape(passage: Passage) -> Dimensions | None:
    return reshaped(passage.dimensions, passage.before, passage.after)


def _concatenation(passage: Passage) -> Dimensions | None:
    axis = passage.layer.axis
    joined = passage.dimensions[axis - (axis > 0)]
    return passage.dimensions if joined.name == FILTER else None


def _permute(passage: Passage) -> Dimensions:
    return tuple(passage.dimensions[i - 1] for i in passage.layer.dims)


def _sequence(passage: Passage) -> Dimensions:
    if len(passage.after) == 1:
        return (CHANNEL,)
    return (passage.dimensions[0].approximately(), *[NOT_KNOWN] * (len(passage.after) - 2), CHANNEL)


def _time_distributed(passage: Passage) -> Dimensions | None:
    inner = Passage(passage.layer.layer, passage.dimensions[1:], passage.before[1:], passage.after[1:])
    result = through(inner)
    return None if result is None else (passage.dimensions[0], *result)


_NORMALISES_BY_CONSTANTS = kinds.classes("BatchNormalization", "Normalization")
_CONVOLUTIONS = kinds.classes(
    "Conv1D", "Conv2D", "Conv3D", "DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D"
)
_RULES: tuple[tuple[tuple[type, ...], Rule], ...] = (
    (_CONVOLUTIONS, spatial_rules.convolution),
    (kinds.classes("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"), spatial_rules.transposed_convolution),
    (kinds.WINDOW_POOLINGS, spatial_rules.pooling),
    (kinds.GLOBAL_POOLINGS, spatial_rules.global_pooling),
    (kinds.ADAPTIVE_POOLINGS, spatial_rules.adaptive_pooling),
    (kinds.PADDINGS, spatial_rules.padding),
    (kinds.CROPPINGS, spatial_rules.cropping),
    (kinds.classes("UpSampling1D", "UpSampling2D", "UpSampling3D"), spatial_rules.upsampling),
    (kinds.classes("Dense"), _dense),
    (kinds.classes("Flatten"), _flatten),
    (kinds.classes("Reshape"), _reshape),
    (kinds.classes("Permute"), _permute),
    (kinds.classes("Concatenate"), _concatenation),
    (kinds.classes("TimeDistributed"), _time_distributed),
    (kinds.classes("RNN", "Bidirectional"), _sequence),
    (kinds.NORMALISATIONS, _normalisation),
    ((*kinds.ACTIVATIONS, *kinds.TRANSPARENT, *kinds.MERGES, *kinds.classes("Rescaling")), _same),
)
