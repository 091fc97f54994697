"""A layer's values to what is kept of them: codes, ranges, and what its maps come to."""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

from .codes import Floats
from .compiled import sum_up, write_codes
from .layers import LayerSpec, QuantisedLayer, Summary
from .outside import shown_cells

Columns = npt.NDArray[np.int32]  # [columns, 2]: the window and the number of each


def encode(values: Floats, spec: LayerSpec, columns: Columns | None = None) -> QuantisedLayer:
    """Encode one block.

    Args:
        values: float32 ``[windows, *axes]``.
        spec: the layer.
        columns: those whose codes are wanted; None for whole maps.

    Returns:
        Its ranges and summary are of all values.
    """
    filter_axis = 1 + spec.axes.index("filter")
    moved = np.ascontiguousarray(np.moveaxis(values, filter_axis, -1))
    windows, *map_shape, filters = moved.shape
    runs = _runs(tuple(map_shape), spec)
    moments = np.empty((5, windows, filters), np.float32)
    outside = np.empty((windows, filters), np.uint8)
    ranges = np.empty((filters, 2), np.float32)
    sum_up(moved.reshape(windows, -1, filters), runs, moments, outside, ranges)
    if not spec.map_axes:
        return QuantisedLayer(values, ranges[np.newaxis])
    wanted = moved if columns is None else _take(moved, spec, columns)
    codes = np.moveaxis(_codes(wanted, ranges), -1, filter_axis)
    summary = Summary(values.shape, moments, outside if runs[:, 2].any() else None)
    return QuantisedLayer(codes, ranges[np.newaxis], summary, columns is not None)


@functools.lru_cache(maxsize=256)
def _runs(shape: tuple[int, ...], spec: LayerSpec) -> npt.NDArray[np.int32]:
    """Give the runs, as of `sum_up`, of cells that strips show or leave out, of maps of this shape made flat."""
    axes = [axis for axis in spec.axes if axis != "filter"]
    sizes = dict(zip(axes, shape, strict=True))
    cells = shown_cells(sizes.get("frequency", 1), sizes.get("time", 1), spec.time, spec.frequency)
    if cells is None:
        return np.array([[0, np.prod(shape), 0]], np.int32)
    of_axis = dict(zip(("frequency", "time"), cells, strict=True))
    left_out = np.ones(shape, np.int32)
    left_out[tuple(of_axis[axis] for axis in axes)] = 0
    flat = left_out.reshape(-1)
    edges = np.concatenate([[0], np.flatnonzero(np.diff(flat)) + 1, [len(flat)]])
    return np.stack([edges[:-1], edges[1:], flat[edges[:-1]]], axis=-1).astype(np.int32)


def _codes(values: Floats, ranges: Floats) -> npt.NDArray[np.uint8]:
    lo, hi = ranges[:, 0].copy(), ranges[:, 1]
    # Halved operands where hi - lo would overflow; scaling by a power of two changes no code.
    with np.errstate(over="ignore"):
        scale = np.where(np.isfinite(hi - lo), np.float32(1), np.float32(0.5))
    span = hi * scale - lo * scale
    cells = values.reshape(-1, values.shape[-1])
    codes = np.empty(cells.shape, np.uint8)
    write_codes(cells, lo, np.where(span > 0, span, np.float32(1)), scale, codes)
    return codes.reshape(values.shape)


def _take(moved: Floats, spec: LayerSpec, columns: Columns) -> Floats:
    """Columns of ``[windows, *axes but filter's, filters]``, each as a map of one column."""
    windows, numbers = columns[:, 0], columns[:, 1]
    axes = [axis for axis in spec.axes if axis != "filter"]
    if "time" not in axes:
        return moved[windows]
    axis = 1 + axes.index("time")
    taken: Floats = np.moveaxis(moved, axis, 1)[windows, numbers]  # [columns, *other axes]
    return np.expand_dims(taken, axis)
