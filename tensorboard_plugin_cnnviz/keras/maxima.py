"""The greatest value of each window, of all its cells and of those that strips show, in one pass over the values."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from keras import ops

# Axis to the cells along it that are shown, where some are left out.
Shown = Mapping[int, slice]


def maxima(y: Any, filter_axis: int, shown: Shown | None) -> tuple[Any, Any]:
    """Give the greatest values.

    Args:
        y: float32 tensor ``[windows, ...]``.
        filter_axis: the axis that counts filters, from 1.
        shown: of the cells that are shown; None for all.

    Returns:
        largest: of all cells, with axes of size 1 but for windows and filters.
        shown_largest: of those that are shown; -Infinity where none is.
    """
    if not shown:
        largest = over_axes(ops.max, y, filter_axis)
        return largest, largest
    cut = min(shown)
    runs = [run for run in _runs(shown[cut], y.shape[cut]) if run.start < run.stop]
    folded = _fold(y, cut, runs)
    largest = over_axes(ops.max, folded, filter_axis)
    if any(cells.start >= cells.stop for cells in shown.values()):
        return largest, ops.full_like(largest, -np.inf)
    place = runs.index(shown[cut])
    kept = [shown.get(axis, slice(None)) for axis in range(len(y.shape))]
    kept[cut] = slice(place, place + 1)
    return largest, over_axes(ops.max, folded[tuple(kept)], filter_axis)


def over_axes(reduce: Any, y: Any, filter_axis: int) -> Any:
    """Reduce all axes but those of windows and filters, of size 1 then."""
    # One axis after the other: faster than several at once, and sums of many cells lose less.
    for axis in _cell_axes(y, filter_axis):
        y = reduce(y, axis=axis, keepdims=True)
    return y


def _cell_axes(y: Any, filter_axis: int) -> list[int]:
    return [axis for axis in range(1, len(y.shape)) if axis != filter_axis]


def _runs(shown: slice, size: int) -> list[slice]:
    edges = (0, shown.start, shown.stop, size)
    return [slice(begin, end) for begin, end in itertools.pairwise(edges)]


def _fold(y: Any, axis: int, runs: list[slice]) -> Any:
    """Reduce each run of cells along an axis to its greatest value."""
    # Slices of the values would be copies of them.
    shape = ops.shape(y)
    before = math.prod(shape[:axis])
    of_cell = np.repeat(np.arange(len(runs), dtype=np.int32), [run.stop - run.start for run in runs])
    segments = ops.expand_dims(ops.arange(before, dtype="int32") * len(runs), -1) + of_cell
    rows = ops.reshape(y, (before * shape[axis], -1))
    return ops.reshape(
        ops.segment_max(rows, ops.reshape(segments, (-1,)), sorted=True), (*shape[:axis], len(runs), *shape[axis + 1 :])
    )
