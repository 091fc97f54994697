"""Axes of what is computed from several tensors: added and multiplied, with numpy's broadcasting, or put end to end."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from tensorboard_plugin_cnnviz.axis import Axis
from tensorboard_plugin_cnnviz.errors import CNNVizError

from .dimensions import CHANNEL, FILTER, FIXED, NOT_KNOWN, TIME, Dimension, Dimensions, Shape, Source, seeing_all


def joined(sources: Sequence[Source], after: Shape) -> Dimensions | None:
    """Give the dimensions of a result of shape `after`, each cell of which is computed from the same cell of `sources`.

    What comes of a source whose axes are not known may depend on the whole input.
    """
    return _joined([source for source in sources if source.dimensions is not FIXED], after, range(len(after)))


def concatenated(sources: Sequence[Source], along: int, after: Shape) -> Dimensions | None:
    """Give the dimensions of `sources` put end to end along an axis, which is not known where places do not go on."""
    given = [source for source in sources if source.dimensions is not FIXED]
    rest = _joined(given, after, [i for i in range(len(after)) if i != along])
    if rest is None:
        return None
    ends = [NOT_KNOWN if source.dimensions is None else source.dimensions[along] for source in given]
    if any(end.name == FILTER for end in ends) and all(end.axis is None for end in ends):
        return rest
    end = NOT_KNOWN
    if all(other.axis is not None and other.name == ends[0].name for other in ends):
        with suppress(CNNVizError):
            end = replace(ends[0], axis=_end_to_end(sources, along))
    return (*rest[:along], end, *rest[along + 1 :])


def _joined(given: Sequence[Source], after: Shape, along: Sequence[int]) -> Dimensions | None:
    """Join along some axes; the others are taken to count filters."""
    known = [(each.dimensions, each.shape) for each in given if len(each.shape) == len(after)]
    fit = [(dimensions, shape) for dimensions, shape in known if dimensions is not None]
    if not fit:
        return None
    result = [CHANNEL] * len(after)
    for i in along:
        parts = [(dimensions[i], shape[i]) for dimensions, shape in fit]
        whole = [dimension for dimension, size in parts if size == after[i]]
        spread = [dimension for dimension, size in parts if size != after[i]]
        one = _one_of(whole, spread)
        if one is None:
            return None
        result[i] = one
    return tuple(result) if len(fit) == len(given) else seeing_all(tuple(result))


def _one_of(whole: Sequence[Dimension], spread: Sequence[Dimension]) -> Dimension | None:
    """Join one axis of several tensors, in the `spread` ones a single cell that serves for all; None if they clash."""
    placed = [dimension for dimension in whole if dimension.axis is not None]
    if not placed:
        return next((dimension for dimension in whole if dimension.name == FILTER), NOT_KNOWN)
    if len({(dimension.name, dimension.cycles) for dimension in placed}) > 1:
        return None
    result = placed[0]
    for other in [*placed[1:], *spread]:
        result = _join(result, other)
    # Cells without a place were mixed by what went before.
    return result if len(placed) == len(whole) else result.seeing_all()


def _join(one: Dimension, other: Dimension) -> Dimension:
    if one.axis is None or other.axis is None or one.name != other.name:
        return one.seeing_all()
    # All inputs of a model last as long as the window; the rows of two need not be the same frequencies.
    theirs = other.axis.over(one.axis.cells) if one.name == TIME else other.axis
    try:
        return replace(one, axis=one.axis.joined(theirs))
    except CNNVizError:
        return one.seeing_all()


def _end_to_end(sources: Sequence[Source], along: int) -> Axis | None:
    """Put one axis of all sources end to end; what is fixed among them is padding."""
    result: Axis | None = None
    before = 0
    for source in sources:
        if source.dimensions is None or source.dimensions is FIXED:
            columns = source.shape[along]
            before += 0 if result else columns
            result = result and result.padded(0, columns)
        elif (axis := source.dimensions[along].axis) is not None:
            result = result.followed_by(axis) if result else axis.padded(before, 0)
    return result
