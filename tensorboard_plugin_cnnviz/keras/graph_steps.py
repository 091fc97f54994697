"""How bare operations, between layers and inside a user's own, move the axes of what goes in.

A step is a function from the sources of a tensor and its shape to its dimensions, None where they cannot be known; it
may raise `CNNVizError` or `ValueError` where the sources do not fit. Axes are numbered without the windows' axis.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from . import moves, rules
from .dimensions import CHANNEL, FIXED, NOT_KNOWN, Dimension, Dimensions, Passage, Shape, Source, seeing_all
from .joining import joined

Step: TypeAlias = Callable[[Sequence[Source], Shape], Dimensions | None]
# From dimensions and shape of the only source, and the shape that comes out.
Move: TypeAlias = Callable[[Dimensions, Shape, Shape], Dimensions | None]
# How one axis is indexed, as of `sliced`.
Part: TypeAlias = tuple[int, int] | int | None
# Taps, stride, dilation, padding.
Kernel: TypeAlias = tuple[int, int, int, str | tuple[int, int]]


def of_first(move: Move) -> Step:
    """Give the step that does `move` to the first source; where others depend on the input too, cells see all of it."""

    def step(sources: Sequence[Source], after: Shape) -> Dimensions | None:
        first, *others = sources
        if first.dimensions is None or first.dimensions is FIXED:
            return None
        result = move(first.dimensions, first.shape, after)
        if result is None or all(other.dimensions is FIXED for other in others):
            return result
        return seeing_all(result)

    return step


def guess(sources: Sequence[Source], after: Shape) -> Dimensions | None:
    """Take it that cells of the same number lie in the same place, and see everything."""
    alike = [source for source in sources if source.dimensions is not FIXED and tuple(source.shape) == tuple(after)]
    known = [source for source in alike if source.dimensions is not None]
    return rules.same_places(Passage(None, known, after)) if known else None


def unknown(sources: Sequence[Source], after: Shape) -> None:
    """Say that nothing can be known."""


def _scrambled(given: Dimensions, before: Shape, after: Shape) -> Dimensions | None:
    if tuple(before) != tuple(after):
        return None
    return tuple(dimension if dimension.axis is None else NOT_KNOWN for dimension in given)


unchanged = of_first(lambda given, _before, _after: given)
reshaped = of_first(moves.reshaped)
scrambled = of_first(_scrambled)
product = of_first(lambda given, _before, _after: (*given[:-1], CHANNEL))


def einsum(equation: str) -> Step:
    """Give the step of an einsum, seen from the first operand that depends on the input."""

    def step(sources: Sequence[Source], after: Shape) -> Dimensions | None:
        numbers = [i for i, source in enumerate(sources) if source.dimensions is not FIXED]
        ordered = [sources[i] for i in numbers]
        return of_first(lambda given, _before, _after: rules.einsum(equation, numbers[0], given))(ordered, after)

    return step


def stacked(along: int) -> Step:
    """Give the step that puts sources of one shape side by side along a new axis."""

    def step(sources: Sequence[Source], after: Shape) -> Dimensions | None:
        each = joined(sources, (*after[:along], *after[along + 1 :]))
        return each and (*each[:along], CHANNEL if along == len(after) - 1 else NOT_KNOWN, *each[along:])

    return step


def mixed(axes: Sequence[int]) -> Step:
    """Give the step after which cells depend on all others along some axes, and lie where they lay."""
    return of_first(lambda given, _before, _after: seeing_all(given, axes))


def transposed(order: Sequence[int]) -> Step:
    """Give the step that reorders axes: `order` is the old number of each."""
    return of_first(lambda given, _before, _after: tuple(given[i] for i in order))


def reduced(axes: Sequence[int], *, keepdims: bool) -> Step:
    """Give the step that sums, averages or takes the greatest along some axes."""
    return of_first(lambda given, _before, _after: moves.reduced(given, axes, keepdims=keepdims))


def sliced(parts: Sequence[Part]) -> Step:
    """Give the step that takes cells.

    Args:
        parts: for each old axis first cell and step (below 1 where the cells are not in order), or the number of the
            only cell, whose axis goes; None stands for a new axis.
    """

    def move(given: Dimensions, _before: Shape, after: Shape) -> Dimensions | None:
        old = iter(given)
        result: list[Dimension] = []
        for part in parts:
            if part is None:
                result.append(CHANNEL)
                continue
            dimension = next(old)
            if isinstance(part, int):
                continue
            if dimension.axis is not None and part[1] < 1:
                dimension = NOT_KNOWN
            elif dimension.axis is not None:
                dimension = replace(dimension, axis=dimension.axis.sliced(*part, after[len(result)]))
            result.append(dimension)
        return (*result, *old)

    return of_first(move)


def padded(widths: Sequence[tuple[int, int]], *, mirrored: bool) -> Step:
    """Give the step that adds cells before and after, fixed ones or mirrored."""

    def move(given: Dimensions, _before: Shape, _after: Shape) -> Dimensions:
        return tuple(
            replace(one, axis=one.axis.mirrored(*width) if mirrored else one.axis.padded(*width)) if one.axis else one
            for one, width in zip(given, widths, strict=True)
        )

    return of_first(move)


def slid(kernels: Mapping[int, Kernel], *, channel: int | None, transposed: bool = False) -> Step:
    """Give the step of a kernel or pool.

    Args:
        kernels: taps, stride, dilation and padding, as of `moves.slid`, for each axis that it moves along.
        channel: the axis whose cells a kernel mixes.
        transposed: it is a transposed kernel.
    """
    through = moves.unslid if transposed else moves.slid

    def move(given: Dimensions, _before: Shape, after: Shape) -> Dimensions:
        result = list(given)
        for i, kernel in kernels.items():
            axis = given[i].axis
            # A kernel of one tap leaves even unknown places alone.
            if axis is not None:
                result[i] = replace(given[i], axis=through(axis, *kernel, after[i]))
            elif kernel[:2] != (1, 1):
                result[i] = NOT_KNOWN
        if channel is not None:
            result[channel] = CHANNEL
        return tuple(result)

    return of_first(move)


def resized(axes: Sequence[int], reach: float) -> Step:
    """Give the step that interpolates along some axes, from cells at most `reach` away."""

    def move(given: Dimensions, before: Shape, after: Shape) -> Dimensions:
        return tuple(
            replace(one, axis=one.axis.resized(size, reach=reach))
            if i in axes and one.axis is not None and size != before[i]
            else one
            for i, (one, size) in enumerate(zip(given, after, strict=True))
        )

    return of_first(move)
