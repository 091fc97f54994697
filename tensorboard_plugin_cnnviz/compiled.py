"""Passes over many values, compiled: each value is read once, where NumPy and TensorFlow read it for every sum anew.

numba is there wherever librosa is. Nothing is compiled before it is called, and threads may call at the same time.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from .codes import LEVELS, NAN, NEGATIVE_INFINITY, POSITIVE_INFINITY

_INFINITY, _ZERO, _LEVELS = np.float32(np.inf), np.float32(0), np.float32(LEVELS)


@njit(nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def sum_up(values: Any, shown: Any, sums: Any) -> None:
    """Sum up the finite cells of each map.

    Args:
        values: float32 ``[windows, cells, filters]``.
        shown: bool ``[cells]``.
        sums: float64 ``[7, windows, filters]``, to be written: the least value, the greatest, the greatest of the cells
            that are shown (infinite where there is none), the sum, the sum of squares, how many are above zero, and
            how many cells are finite.
    """
    windows, cells, filters = values.shape
    # Arrays of their own, so that the compiler may take them for disjoint.
    least = np.empty(filters, np.float32)
    greatest = np.empty(filters, np.float32)
    greatest_shown = np.empty(filters, np.float32)
    total = np.empty(filters, np.float64)
    squares = np.empty(filters, np.float64)
    above = np.empty(filters, np.int32)
    finite = np.empty(filters, np.int32)
    for w in range(windows):
        least[:] = _INFINITY
        greatest[:] = greatest_shown[:] = -_INFINITY
        total[:] = squares[:] = 0
        above[:] = finite[:] = 0
        for c in range(cells):
            # Filters innermost and without branches: so it is compiled to work on many at a time.
            for k in range(filters):
                value = values[w, c, k]
                is_finite = abs(value) < _INFINITY
                least[k] = value if is_finite and value < least[k] else least[k]
                greatest[k] = value if is_finite and value > greatest[k] else greatest[k]
                number = np.float64(value) if is_finite else 0.0
                total[k] += number
                squares[k] += number * number
                above[k] += np.int32(is_finite and value > _ZERO)
                finite[k] += np.int32(is_finite)
            if shown[c]:
                for k in range(filters):
                    value = values[w, c, k]
                    is_greater = abs(value) < _INFINITY and value > greatest_shown[k]
                    greatest_shown[k] = value if is_greater else greatest_shown[k]
        for k in range(filters):
            sums[0, w, k], sums[1, w, k], sums[2, w, k] = least[k], greatest[k], greatest_shown[k]
            sums[3, w, k], sums[4, w, k], sums[5, w, k], sums[6, w, k] = total[k], squares[k], above[k], finite[k]


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
