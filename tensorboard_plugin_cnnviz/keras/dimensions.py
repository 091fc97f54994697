"""What each axis of a tensor stands for, and where its cells lie on the model's input.

A tensor's dimensions are listed without its first axis, which counts windows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from tensorboard_plugin_cnnviz.axis import Axis
from tensorboard_plugin_cnnviz.layers import LayerSpec

TIME, FREQUENCY, FILTER, UNKNOWN = "time", "frequency", "filter", "unknown"


@dataclass(frozen=True)
class Dimension:
    """One axis of a tensor.

    Attributes:
        name: `TIME`, `FREQUENCY`, `FILTER` or `UNKNOWN`.
        axis: where its cells lie; None for filters and where it is not known.
        cycles: of frequencies that the model itself made of sound, the centre of each of `axis.cells` in cycles per
            cell of the input's time.
    """

    name: str
    axis: Axis | None = None
    cycles: tuple[float, ...] | None = None

    def seeing_all(self) -> Dimension:
        """Return the same dimension, each of its cells depending on the whole input."""
        return self if self.axis is None else replace(self, axis=self.axis.seeing_all())


Dimensions: TypeAlias = tuple[Dimension, ...]
Shape: TypeAlias = Sequence[int]

CHANNEL = Dimension(FILTER)
NOT_KNOWN = Dimension(UNKNOWN)

# Of tensors that do not depend on the model's input, whatever their shape: weights, constants, random numbers. Told by
# identity.
FIXED: Dimensions = (Dimension("fixed"),)

_BY_RANK = {0: (FILTER,), 1: (FILTER,), 2: (TIME, FILTER), 3: (FREQUENCY, TIME, FILTER)}


@dataclass(frozen=True)
class Source:
    """A tensor that another is computed from: its dimensions, None where not known, and its shape without windows."""

    dimensions: Dimensions | None
    shape: Shape


@dataclass(frozen=True)
class Passage:
    """One passage of tensors through a layer, the first of them being what the layer works on."""

    layer: Any
    sources: Sequence[Source]
    after: Shape

    @property
    def dimensions(self) -> Dimensions:
        """Dimensions of the first tensor, where they are known."""
        return self.sources[0].dimensions or ()

    @property
    def before(self) -> Shape:
        """Shape of the first tensor, without windows."""
        return self.sources[0].shape


def of_input(names: Sequence[str] | None, shape: Shape) -> Dimensions | None:
    """Give the dimensions of a model's input of `shape` (without windows); None where its axes are not named."""
    if names is None or len(names) != len(shape):
        return None
    return tuple(
        Dimension(name, Axis.even(size)) if name in (TIME, FREQUENCY) else CHANNEL
        for name, size in zip(names, shape, strict=True)
    )


def seeing_all(dimensions: Dimensions, along: Sequence[int] | None = None) -> Dimensions:
    """Return the same dimensions, their cells depending on the whole input along all axes, or along those numbered."""
    return tuple(
        dimension.seeing_all() if along is None or i in along else dimension for i, dimension in enumerate(dimensions)
    )


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
    places: dict[str, Dimension] = {}
    free = [each for each in (TIME, FREQUENCY) if each not in names]
    for i, each in enumerate(names):
        if each in (TIME, FREQUENCY) and each not in places:
            places[each] = dimensions[i]
        elif not filters or i != filters[-1]:
            if not free:
                return None
            names[i] = free.pop(0)
    if not filters:
        names.append(FILTER)
    time, frequency = (places.get(each, NOT_KNOWN) for each in (TIME, FREQUENCY))
    return LayerSpec(name, kind, tuple(names), time.axis, frequency.axis, frequency.cycles)
