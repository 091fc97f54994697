"""A layer's values to what is kept of them: codes, ranges, and what its maps come to."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .compiled import sum_up, write_codes
from .layers import LayerSpec, QuantisedLayer, Summary
from .outside import shown_cells

Floats = npt.NDArray[np.float32]
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
    windows, *_, filters = moved.shape
    shown = _shown(values.shape, spec)
    maps = moved.reshape(windows, -1, filters)
    sums = np.empty((7, windows, filters))
    sum_up(maps, np.zeros(maps.shape[1], np.bool_) if shown is None else shown.reshape(-1), sums)
    lo, hi = _range(sums)
    ranges = np.stack([lo, hi], axis=-1)[np.newaxis]
    if not spec.map_axes:
        return QuantisedLayer(values, ranges)
    wanted = moved if columns is None else _take(moved, spec, columns)
    codes = np.moveaxis(_codes(wanted, lo, hi), -1, filter_axis)
    outside = None if shown is None else (sums[1] > sums[2]).astype(np.uint8)
    summary = Summary(values.shape, _moments(sums, maps.shape[1], lo, hi), outside)
    return QuantisedLayer(codes, ranges, summary, columns is not None)


def _shown(shape: tuple[int, ...], spec: LayerSpec) -> npt.NDArray[np.bool_] | None:
    """Tell which cells of a map strips show, in its axes' order; None where they show all."""
    sizes = dict(zip(spec.axes, shape[1:], strict=True))
    cells = shown_cells(sizes.get("frequency", 1), sizes.get("time", 1), spec.time, spec.frequency)
    if cells is None:
        return None
    of_axis = dict(zip(("frequency", "time"), cells, strict=True))
    axes = [axis for axis in spec.axes if axis != "filter"]
    shown = np.zeros([sizes[axis] for axis in axes], np.bool_)
    shown[tuple(of_axis[axis] for axis in axes)] = True
    return shown


def _range(sums: npt.NDArray[np.float64]) -> tuple[Floats, Floats]:
    """Give each filter's least and greatest finite value; zeros where it has none."""
    lo, hi = sums[0].min(axis=0), sums[1].max(axis=0)
    some = lo <= hi
    return np.where(some, lo, 0).astype(np.float32), np.where(some, hi, 0).astype(np.float32)


def _codes(values: Floats, lo: Floats, hi: Floats) -> npt.NDArray[np.uint8]:
    # Halved operands where hi - lo would overflow; scaling by a power of two changes no code.
    with np.errstate(over="ignore"):
        scale = np.where(np.isfinite(hi - lo), np.float32(1), np.float32(0.5))
    span = hi * scale - lo * scale
    codes = np.empty(values.shape, np.uint8)
    filters = values.shape[-1]
    write_codes(
        values.reshape(-1, filters), lo, np.where(span > 0, span, np.float32(1)), scale, codes.reshape(-1, filters)
    )
    return codes


def _moments(sums: npt.NDArray[np.float64], cells: int, lo: Floats, hi: Floats) -> Floats:
    """What `Summary` has."""
    _, greatest, _, total, squares, above, finite = sums
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / finite
        deviation = np.sqrt(np.maximum(squares / finite - mean**2, 0))
    deviation = np.where((hi > lo) | (finite == 0), deviation, 0)
    moments = [np.where(finite > 0, greatest, np.nan), np.clip(mean, lo, greatest), deviation, above, cells - finite]
    return np.stack(moments).astype(np.float32)


def _take(moved: Floats, spec: LayerSpec, columns: Columns) -> Floats:
    """Columns of ``[windows, *axes but filter's, filters]``, each as a map of one column."""
    windows, numbers = columns[:, 0], columns[:, 1]
    axes = [axis for axis in spec.axes if axis != "filter"]
    if "time" not in axes:
        return moved[windows]
    axis = 1 + axes.index("time")
    taken: Floats = np.moveaxis(moved, axis, 1)[windows, numbers]  # [columns, *other axes]
    return np.expand_dims(taken, axis)
