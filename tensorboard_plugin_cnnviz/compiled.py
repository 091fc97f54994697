"""Passes over many values, compiled: each value is read once, where NumPy and TensorFlow read it for every sum anew.

numba is there wherever librosa is. Nothing is compiled before it is called, and threads may call at the same time.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from .codes import LEVELS, NAN, NEGATIVE_INFINITY, POSITIVE_INFINITY

_INFINITY, _ZERO, _LEVELS = np.float32(np.inf), np.float32(0), np.float32(LEVELS)
# Beside a square of this size one that float32 does not hold any more counts for nothing.
_SMALL = 1e-30


@njit(nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def sum_up(values: Any, runs: Any, moments: Any, outside: Any, ranges: Any) -> None:
    """Sum up the finite cells of each map.

    Args:
        values: float32 ``[windows, cells, filters]``.
        runs: int32 ``[runs, 3]``, cells that follow one another: the first of each run, the one after its last, and
            whether strips leave them out. Together they are all cells.
        moments: float32 ``[5, windows, filters]``, to be written, as `layers.Summary` has them.
        outside: uint8 ``[windows, filters]``, to be written, as `layers.Summary` has it.
        ranges: float32 ``[filters, 2]``, to be written: the least and the greatest value, zeros where there is none.
    """
    windows, cells, filters = values.shape
    # Arrays of their own, so that the compiler may take them for disjoint.
    least = np.empty(filters, np.float32)
    greatest_shown = np.empty(filters, np.float32)
    greatest_left_out = np.empty(filters, np.float32)
    pivot = np.empty(filters, np.float32)
    total = np.empty(filters, np.float64)
    squares = np.empty(filters, np.float64)
    above = np.empty(filters, np.int32)
    finite = np.empty(filters, np.int32)
    ranges[:, 0], ranges[:, 1] = _INFINITY, -_INFINITY
    for w in range(windows):
        # Sums of distances from a value that is near: far from zero the squares themselves would tell nothing.
        for k in range(filters):
            pivot[k] = values[w, 0, k] if abs(values[w, 0, k]) < _INFINITY else _ZERO
        for every_cell in (True, False):
            least[:], greatest_shown[:], greatest_left_out[:] = _INFINITY, -_INFINITY, -_INFINITY
            total[:] = squares[:] = 0
            above[:], finite[:] = 0, cells if every_cell else 0
            for r in range(len(runs)):
                run = values[w, runs[r, 0] : runs[r, 1]]
                greatest = greatest_left_out if runs[r, 2] else greatest_shown
                if every_cell:
                    _sum_of_all(run, pivot, least, greatest, total, squares, above)
                else:
                    _sum_of_finite(run, pivot, least, greatest, total, squares, above, finite)
            lost = False
            for k in range(filters):
                # What is not finite makes the sums so, as may what is very large; small squares come to nothing.
                varies = least[k] < max(greatest_shown[k], greatest_left_out[k])
                lost = lost or not squares[k] < np.inf or (squares[k] < _SMALL and varies)
            if not lost:
                break
        for k in range(filters):
            greatest_of_all = max(greatest_shown[k], greatest_left_out[k])
            ranges[k, 0], ranges[k, 1] = min(ranges[k, 0], least[k]), max(ranges[k, 1], greatest_of_all)
            outside[w, k] = greatest_left_out[k] > greatest_shown[k]
            moments[3, w, k], moments[4, w, k] = above[k], cells - finite[k]
            if finite[k] == 0:
                moments[:3, w, k] = np.nan
                continue
            # Rounding must not lead out of the range, nor make a constant map vary.
            shift = total[k] / finite[k]
            mean = min(max(pivot[k] + shift, np.float64(least[k])), np.float64(greatest_of_all))
            variance = max(squares[k] / finite[k] - shift * shift, 0.0) if least[k] < greatest_of_all else 0.0
            moments[0, w, k], moments[1, w, k], moments[2, w, k] = greatest_of_all, mean, np.sqrt(variance)
    for k in range(filters):
        if ranges[k, 0] > ranges[k, 1]:
            ranges[k] = 0


# Of a run of cells of one window, float32 ``[cells, filters]``; the rest ``[filters]``, added to. Filters innermost and
# without branches: so the loops are compiled to work on many at a time.


@njit(nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _sum_of_all(values: Any, pivot: Any, least: Any, greatest: Any, total: Any, squares: Any, above: Any) -> None:
    """Of all cells, four at a time: what they come to is read and written only once for the four."""
    cells, filters = values.shape
    fours = cells - cells % 4
    for c in range(0, fours, 4):
        for k in range(filters):
            one, two, three, four = values[c, k], values[c + 1, k], values[c + 2, k], values[c + 3, k]
            least[k] = min(least[k], min(min(one, two), min(three, four)))
            greatest[k] = max(greatest[k], max(max(one, two), max(three, four)))
            above[k] += np.int32(one > _ZERO) + np.int32(two > _ZERO) + np.int32(three > _ZERO) + np.int32(four > _ZERO)
            one, two, three, four = one - pivot[k], two - pivot[k], three - pivot[k], four - pivot[k]
            total[k] += np.float64((one + two) + (three + four))
            squares[k] += np.float64((one * one + two * two) + (three * three + four * four))
    for c in range(fours, cells):
        for k in range(filters):
            value = values[c, k]
            least[k], greatest[k] = min(least[k], value), max(greatest[k], value)
            above[k] += np.int32(value > _ZERO)
            distance = value - pivot[k]
            total[k] += np.float64(distance)
            squares[k] += np.float64(distance * distance)


@njit(nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _sum_of_finite(
    values: Any, pivot: Any, least: Any, greatest: Any, total: Any, squares: Any, above: Any, finite: Any
) -> None:
    """As `_sum_of_all`, of the finite cells, however large."""
    cells, filters = values.shape
    for c in range(cells):
        for k in range(filters):
            value = values[c, k]
            is_finite = abs(value) < _INFINITY
            least[k] = value if is_finite and value < least[k] else least[k]
            greatest[k] = value if is_finite and value > greatest[k] else greatest[k]
            distance = np.float64(value) - np.float64(pivot[k]) if is_finite else 0.0
            total[k] += distance
            squares[k] += distance * distance
            above[k] += np.int32(is_finite and value > _ZERO)
            finite[k] += np.int32(is_finite)


@njit(nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def write_codes(values: Any, lo: Any, span: Any, scale: Any, codes: Any) -> None:
    """Quantise; what codes mean stands in `codes`.

    Args:
        values: float32 ``[cells, filters]``.
        lo: float32 ``[filters]``.
        span: float32 ``[filters]``, what `scale` makes of ``hi - lo``; not zero.
        scale: float32 ``[filters]``, a power of two.
        codes: uint8 ``[cells, filters]``, to be written.
    """
    cells, filters = values.shape
    for c in range(cells):
        for k in range(filters):
            value = values[c, k]
            is_finite = abs(value) < _INFINITY
            number = value if is_finite else lo[k]
            level = np.int32(np.rint((number * scale[k] - lo[k] * scale[k]) / span[k] * _LEVELS))
            infinite = POSITIVE_INFINITY if value > _ZERO else NEGATIVE_INFINITY
            other = NAN if value != value else infinite
            codes[c, k] = np.uint8(level if is_finite else other)
