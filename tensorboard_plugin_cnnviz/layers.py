"""What the writer knows of a layer, and one probe's quantised response to it.

The arrays that a network gives have any order of axes; stored are always ``[filters, windows, time, frequency]``:
compressed so they take a fifth less than with frequency first.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .axis import Axis
from .errors import CNNVizError

AXES = ("filter", "time", "frequency")


@dataclass(frozen=True)
class LayerSpec:
    """One layer.

    Attributes:
        name: unique among the layers of a step.
        kind: what it is, for people (``"Conv2D"``).
        axes: axes of its arrays after the windows axis, from ``"filter"``, ``"frequency"``, ``"time"``.
        time: where its columns lie on the input; None where unknown or without a time axis.
        frequency: the same for its rows.
        cycles: of rows of frequency that the network itself makes of sound, the centre of each of `frequency.cells`, in
            cycles per cell of `time`; None where the input has the rows.
    """

    name: str
    kind: str
    axes: tuple[str, ...]
    time: Axis | None = None
    frequency: Axis | None = None
    cycles: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        if "filter" not in self.axes or len(set(self.axes)) != len(self.axes) or not set(self.axes) <= set(AXES):
            raise CNNVizError(
                f"layer {self.name!r} has axes {self.axes}: "
                "name 'filter' and, where present, 'frequency' and 'time', each once"
            )

    @property
    def map_axes(self) -> tuple[str, ...]:
        """Axes of one map; empty for one number per window."""
        return tuple(axis for axis in ("frequency", "time") if axis in self.axes)

    def stored(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """``[windows, *axes]`` as a contiguous ``[filters, windows, time, frequency]``."""
        order = [1 + self.axes.index(axis) if axis in self.axes else None for axis in AXES]
        present = [axis for axis in (order[0], 0, order[1], order[2]) if axis is not None]
        turned = values.transpose(present)
        moved = np.empty(turned.shape, turned.dtype)
        for window in range(len(values)):  # one at a time: its reads, which lie far apart, stay within the cache
            moved[:, window] = turned[:, window]
        return moved.reshape(self.stored_shape(values.shape))

    def stored_shape(self, shape: Sequence[int]) -> tuple[int, int, int, int]:
        """The shape that `stored` gives values of this one."""
        sizes = dict(zip(self.axes, shape[1:], strict=True))
        return sizes["filter"], shape[0], sizes.get("time", 1), sizes.get("frequency", 1)


@dataclass(frozen=True)
class Summary:
    """What the maps of one layer come to, computed from their values before they are quantised.

    Attributes:
        shape: of all maps, ``[windows, *axes]``.
        moments: float32 ``[5, windows, filters]``: of the finite cells of each map the greatest, the mean and the
            standard deviation (NaN where there is none), and how many are above zero; how many cells are not finite.
        outside: uint8 ``[windows, filters]``: 1 where every cell that strips show is less than the greatest finite one,
            or not finite; 0 where one equals it, or nothing is finite. None where strips leave no cell out.
    """

    shape: tuple[int, ...]
    moments: npt.NDArray[np.float32]
    outside: npt.NDArray[np.uint8] | None

    @property
    def cells(self) -> int:
        """Cells of one map."""
        windows, filters = self.moments.shape[1:]
        return int(math.prod(self.shape) // (windows * filters))


def joined(summaries: Sequence[Summary]) -> Summary:
    """The summary of consecutive windows' maps."""
    if len(summaries) == 1:
        return summaries[0]
    outside = [each.outside for each in summaries if each.outside is not None]
    return Summary(
        (sum(each.shape[0] for each in summaries), *summaries[0].shape[1:]),
        np.concatenate([each.moments for each in summaries], axis=1),
        np.concatenate(outside) if outside else None,
    )


@dataclass(frozen=True)
class QuantisedLayer:
    """One layer's response to one probe.

    Attributes:
        values: uint8 codes ``[windows, *axes]``; float32 ``[windows, filters]`` where the layer gives one number per
            window.
        ranges: float32 ``[blocks, filters, 2]``, lo and hi of each block.
        summary: of the maps; None where the layer gives one number per window.
        columns: whether `values` are of the columns alone that a strip shows, in its order, each as a map of one
            column: ``[columns, *axes]``.
    """

    values: npt.NDArray[Any]
    ranges: npt.NDArray[np.float32]
    summary: Summary | None = None
    columns: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of all values, ``[windows, *axes]``."""
        return self.summary.shape if self.summary is not None else self.values.shape

    @property
    def bytes(self) -> int:
        """Bytes of its arrays."""
        moments = 0 if self.summary is None else self.summary.moments.nbytes
        return self.values.nbytes + self.ranges.nbytes + moments


@dataclass(frozen=True)
class QuantisedResponse:
    """What one probe gave at one step: for all of its windows, or a part that the next goes on from.

    Attributes:
        probe: its name.
        specs: the layers that were recorded.
        layers: parallel to `specs`.
        predictions: float32 ``[windows, classes]``, or None.
        blocks: block edges, counted from the probe's first window; block b holds windows ``blocks[b]`` to
            ``blocks[b + 1] - 1``.
    """

    probe: str
    specs: Sequence[LayerSpec]
    layers: Sequence[QuantisedLayer]
    predictions: npt.NDArray[np.float32] | None
    blocks: tuple[int, ...]

    @property
    def bytes(self) -> int:
        """Bytes of its arrays."""
        return sum(layer.bytes for layer in self.layers)
