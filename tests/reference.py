"""What the compiled quantiser is held against: plain NumPy, an operation at a time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_cnnviz.codes import LEVELS, NAN, NEGATIVE_INFINITY, POSITIVE_INFINITY, Codes, Floats


def quantise(values: npt.ArrayLike, *, filter_axis: int = -1) -> tuple[Codes, Floats]:
    """Quantise one block.

    Args:
        values: array of any shape; cast to float32.
        filter_axis: the axis that counts filters.

    Returns:
        codes: uint8, the shape of ``values``.
        ranges: float32 ``[filters, 2]``, lo and hi.
    """
    y = np.asarray(values, dtype=np.float32)
    others = tuple(axis for axis in range(y.ndim) if axis != filter_axis % y.ndim)
    finite = np.isfinite(y)
    lo = np.min(np.where(finite, y, np.float32(np.inf)), axis=others, keepdims=True, initial=np.inf)
    hi = np.max(np.where(finite, y, np.float32(-np.inf)), axis=others, keepdims=True, initial=-np.inf)
    empty = lo > hi
    lo, hi = np.where(empty, np.float32(0), lo), np.where(empty, np.float32(0), hi)
    # Halved operands where hi - lo would overflow; scaling by a power of two changes no code.
    with np.errstate(over="ignore"):
        scale = np.where(np.isfinite(hi - lo), np.float32(1), np.float32(0.5))
    span = hi * scale - lo * scale
    span = np.where(span > 0, span, np.float32(1))
    filled = np.where(finite, y, lo)
    codes = np.rint((filled * scale - lo * scale) / span * np.float32(LEVELS)).astype(np.uint8)
    if not finite.all():
        codes[np.isneginf(y)] = NEGATIVE_INFINITY
        codes[np.isposinf(y)] = POSITIVE_INFINITY
        codes[np.isnan(y)] = NAN
    ranges = np.stack([lo.reshape(-1), hi.reshape(-1)], axis=-1)
    return codes, ranges
