"""How each kind of layer moves the axes of its input: which dimensions come out, and where their cells lie."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from . import kinds, moves, spatial_rules, spectrogram_rules
from .dimensions import CHANNEL, FILTER, FIXED, NOT_KNOWN, Dimensions, Passage, Shape, Source, seeing_all
from .joining import concatenated, joined

Rule: TypeAlias = Callable[[Passage], Dimensions | None]


def known(layer: Any) -> Rule | None:
    """Find the rule for a kind of layer; None where its graph must tell, since a user has written what it does."""
    activation = getattr(layer, "activation", None)
    if not works_as_keras(layer) or not (activation is None or _is_of_keras(activation)):
        return None
    return next((rule for kind, rule in _RULES if isinstance(layer, kind)), None)


def works_as_keras(layer: Any) -> bool:
    """Tell whether a layer computes, but for its activation, what the class of Keras's does that it derives from."""
    own = [getattr(type(layer), method, None) for method in ("call", "convolution_op")]
    return all(each is None or _is_of_keras(each) for each in own)


def through(rule: Rule, passage: Passage) -> Dimensions | None:
    """Follow the axes through a layer by its rule; None where they cannot be known."""
    sees_to_others = rule in (_merge, _concatenation, _attention)
    if passage.sources[0].dimensions is None and not sees_to_others:
        return None
    result = rule(passage)
    if result is not None and not sees_to_others and not all(_is_mask(other, passage) for other in passage.sources[1:]):
        result = seeing_all(result)
    if result is not None and _name(getattr(passage.layer, "activation", None)) in _ALONG_THE_LAST:
        result = seeing_all(result, [len(result) - 1])
    return result if fits(result, passage.after) else None


def fits(dimensions: Dimensions | None, shape: Shape) -> bool:
    """Tell whether dimensions can be those of a tensor of `shape`."""
    return (
        dimensions is not None
        and len(dimensions) == len(shape)
        and all(each.axis is None or len(each.axis.centres) == n for each, n in zip(dimensions, shape, strict=True))
    )


def same_places(passage: Passage) -> Dimensions | None:
    """Guess for a layer that is not known: a cell of the same number lies in the same place, and may see everything."""
    if len(passage.after) == 1:
        return (CHANNEL,)
    if len(passage.after) != len(passage.dimensions):
        return None
    pairs = zip(seeing_all(passage.dimensions), passage.after, strict=True)
    return tuple(
        dimension if dimension.axis is None or len(dimension.axis.centres) == size else NOT_KNOWN
        for dimension, size in pairs
    )


def einsum(equation: str, operand: int, dimensions: Dimensions) -> Dimensions | None:
    """Follow the axes of one operand of an einsum, the others being weights or constants.

    Args:
        equation: as in `numpy.einsum`.
        operand: the number of that operand.
        dimensions: its dimensions.
    """
    inputs, output = equation.replace(" ", "").split("->")
    given = inputs.split(",")[operand]
    # Greek letters, which equations do not use.
    dots = "".join(chr(945 + i) for i in range(len(dimensions) + 1 - len(given.replace("...", ""))))
    given, output = given.replace("...", dots), output.replace("...", dots)
    if given[0] != output[0]:
        return None
    by_letter = dict(zip(given[1:], dimensions, strict=True))
    summed = [dimension for letter, dimension in by_letter.items() if letter not in output]
    new = CHANNEL if all(dimension.name == FILTER for dimension in summed) else NOT_KNOWN
    result = [by_letter.get(letter, new) for letter in output[1:]]
    if output[-1] not in by_letter:
        result[-1] = CHANNEL
    return tuple(result)


def _is_of_keras(thing: Any) -> bool:
    return str(getattr(thing, "__module__", "")).split(".")[0] == "keras"


def _name(function: Any) -> str:
    return str(getattr(function, "__name__", type(function).__name__)).lower()


def _is_mask(source: Source, passage: Passage) -> bool:
    """Tell whether a source has the axes of the first one, or the first few of them."""
    if source.dimensions is None or source.dimensions is FIXED:
        return source.dimensions is FIXED
    return source.dimensions == passage.dimensions[: len(source.dimensions)]


def _numbered(axes: Any, passage: Passage) -> list[int]:
    """Number axes, as Keras counts them, without the windows' axis."""
    listed = axes if isinstance(axes, list | tuple) else (axes,)
    return [axis % (len(passage.dimensions) + 1) - 1 for axis in listed if axis is not None]


def _same(passage: Passage) -> Dimensions:
    return passage.dimensions


def _softmax(passage: Passage) -> Dimensions:
    return seeing_all(passage.dimensions, _numbered(passage.layer.axis, passage))


def _normalisation(passage: Passage) -> Dimensions:
    if isinstance(passage.layer, kinds.classes("BatchNormalization", "Normalization")):
        return passage.dimensions
    if isinstance(passage.layer, kinds.classes("GroupNormalization")):
        return seeing_all(passage.dimensions)
    return seeing_all(passage.dimensions, _numbered(passage.layer.axis, passage))


def _dense(passage: Passage) -> Dimensions:
    return (*passage.dimensions[:-1], CHANNEL)


def _einsum_dense(passage: Passage) -> Dimensions | None:
    return einsum(passage.layer.equation, 0, passage.dimensions)


def _embedding(passage: Passage) -> Dimensions:
    return (*passage.dimensions, CHANNEL)


def _repetition(passage: Passage) -> Dimensions:  # noqa: ARG001
    return (NOT_KNOWN, CHANNEL)


def _flatten(passage: Passage) -> Dimensions:  # noqa: ARG001
    return (CHANNEL,)


def _reshape(passage: Passage) -> Dimensions | None:
    return moves.reshaped(passage.dimensions, passage.before, passage.after)


def _permute(passage: Passage) -> Dimensions:
    return tuple(passage.dimensions[i - 1] for i in passage.layer.dims)


def _merge(passage: Passage) -> Dimensions | None:
    return joined(passage.sources, passage.after)


def _concatenation(passage: Passage) -> Dimensions | None:
    rank = len(passage.after) + 1
    return concatenated(passage.sources, passage.layer.axis % rank - 1, passage.after)


def _recurrent(passage: Passage) -> Dimensions:
    """Recurrent layers see all that came before, those that run both ways everything."""
    layer = passage.layer
    keeps_time = layer.return_sequences and not getattr(layer, "forward_layer", layer).go_backwards
    time = passage.dimensions[0].seeing_all() if keeps_time else NOT_KNOWN
    if len(passage.after) == 1:
        return (CHANNEL,)
    return (time, *[NOT_KNOWN] * (len(passage.after) - 2), CHANNEL)


def _attention(passage: Passage) -> Dimensions:
    """Every query sees all keys."""
    return seeing_all((*passage.dimensions[:-1], CHANNEL))


def _time_distributed(passage: Passage) -> Dimensions:
    inner = passage.layer.layer
    rule = known(inner)
    first = Source(passage.dimensions[1:], passage.before[1:])
    result = None if rule is None else through(rule, Passage(inner, [first], passage.after[1:]))
    if result is None:
        result = (*[NOT_KNOWN] * (len(passage.after) - 2), CHANNEL)
    return (passage.dimensions[0], *result)


# Activations that mix what lies along the last axis.
_ALONG_THE_LAST = ("glu", "log_softmax", "logsoftmax", "softmax", "sparsemax")
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
    (kinds.classes("Resizing"), spatial_rules.resizing),
    (kinds.classes("STFTSpectrogram"), spectrogram_rules.stft),
    (kinds.classes("MelSpectrogram"), spectrogram_rules.mel),
    (kinds.classes("Dense"), _dense),
    (kinds.classes("EinsumDense"), _einsum_dense),
    (kinds.classes("Embedding"), _embedding),
    (kinds.classes("Flatten"), _flatten),
    (kinds.classes("Reshape"), _reshape),
    (kinds.classes("RepeatVector"), _repetition),
    (kinds.classes("Permute"), _permute),
    (kinds.classes("Concatenate"), _concatenation),
    (kinds.classes("TimeDistributed"), _time_distributed),
    (kinds.classes("RNN", "Bidirectional"), _recurrent),
    (kinds.classes("AdditiveAttention", "Attention", "GroupQueryAttention", "MultiHeadAttention"), _attention),
    (kinds.NORMALISATIONS, _normalisation),
    (kinds.classes("Softmax"), _softmax),
    (kinds.MERGES, _merge),
    ((*kinds.ACTIVATIONS, *kinds.TRANSPARENT, *kinds.classes("Rescaling")), _same),
)
