"""What each axis of a tensor stands for, and where its cells lie on the model's input.

A tensor's dimensions are listed without its first axis, which counts windows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from tensorboard_plugin_cnnviz.layers import LayerSpec
from tensorboard_plugin_cnnviz.timing import Axis

TIME, FREQUENCY, FILTER, UNKNOWN = "time", "frequency", "filter", "unknown"


@dataclass(frozen=True)
class Dimension:
    """One axis of a tensor.

    Attributes:
        name: `TIME`, `FREQUENCY`, `FILTER` or `UNKNOWN`.
        axis: where its cells lie; None for filters and where it is not known.
    """

    name: str
    axis: Axis | None = None

    def approximately(self) -> Dimension:
        """Return the same dimension, its places marked as not exact."""
        return self if self.axis is None else replace(self, axis=replace(self.axis, approximate=True))


Dimensions: TypeAlias = tuple[Dimension, ...]
Shape: TypeAlias = Sequence[int]


@dataclass(frozen=True)
class Passage:
    """One passage of a tensor through a layer: the dimensions that go in, and the shapes before and after."""

    layer: Any
    dimensions: Dimensions
    before: Shape
    after: Shape


CHANNEL = Dimension(FILTER)
NOT_KNOWN = Dimension(UNKNOWN)

_BY_RANK = {0: (FILTER,), 1: (FILTER,), 2: (TIME, FILTER), 3: (FREQUENCY, TIME, FILTER)}


def of_input(names: Sequence[str] | None, shape: Shape) -> Dimensions | None:
    """Give the dimensions of a model's input of `shape` (without windows); None where its axes are not named."""
    if names is None or len(names) != len(shape):
        return None
    return tuple(
        Dimension(name, Axis.even(size)) if name in (TIME, FREQUENCY) else CHANNEL
        for name, size in zip(names, shape, strict=True)
    )


def approximately(dimensions: Dimensions) -> Dimensions:
    """Return the same dimensions, their places marked as not exact."""
    return tuple(dimension.approximately() for dimension in dimensions)


def describe(
    name: str, kind: str, shape: Shape, dimensions: Dimensions | None, channels_first: bool
) -> LayerSpec | None:
    """Describe a layer's output of `shape` (without windows); None where it has too many axes to be shown.

    The last filter dimension counts filters; unknown ones take the axes that are left over, without places.
    """
    rank = len(shape)
    if dimensions is None or len(dimensions) != rank:
        if rank not in _BY_RANK:
            return None
        axes = _BY_RANK[rank]
        return LayerSpec(name, kind, (axes[-1], *axes[:-1]) if channels_first else axes)
    names = [dimension.name for dimension in dimensions]
    filters = [i for i, each in enumerate(names) if each == FILTER]
    places: dict[str, Axis | None] = {}
    free = [each for each in (TIME, FREQUENCY) if each not in names]
    for i, each in enumerate(names):
        if each in (TIME, FREQUENCY) and each not in places:
            places[each] = dimensions[i].axis
        elif not filters or i != filters[-1]:
            if not free:
                return None
            names[i] = free.pop(0)
    if not filters:
        names.append(FILTER)
    return LayerSpec(name, kind, tuple(names), places.get(TIME), places.get(FREQUENCY))
