"""The quantiser as part of the traced forward pass; agrees code for code with `tensorboard_plugin_cnnviz.quantise`."""

from __future__ import annotations

from typing import Any

import numpy as np
from keras import ops

from tensorboard_plugin_cnnviz.quantise import LEVELS, NAN, NEGATIVE_INFINITY, POSITIVE_INFINITY


def quantise_tensor(values: Any, *, filter_axis: int) -> tuple[Any, Any]:
    """Quantise one block.

    Args:
        values: tensor ``[windows, ...]``; cast to float32.
        filter_axis: the axis that counts filters, from 0.

    Returns:
        codes: uint8, the shape of ``values``.
        ranges: float32 ``[filters, 2]``, lo and hi.
    """
    y = ops.cast(values, "float32")
    others = tuple(axis for axis in range(len(y.shape)) if axis != filter_axis)
    infinity, zero, one = (np.float32(x) for x in (np.inf, 0, 1))
    finite = ops.isfinite(y)
    lo = ops.min(ops.where(finite, y, infinity), axis=others, keepdims=True)
    hi = ops.max(ops.where(finite, y, -infinity), axis=others, keepdims=True)
    empty = lo > hi
    lo, hi = ops.where(empty, zero, lo), ops.where(empty, zero, hi)
    # Halved operands where hi - lo would overflow; scaling by a power of two changes no code.
    scale = ops.where(ops.isfinite(hi - lo), one, np.float32(0.5))
    span = hi * scale - lo * scale
    span = ops.where(span > 0, span, one)
    filled = ops.where(finite, y, lo)
    codes = ops.round((filled * scale - lo * scale) / span * np.float32(LEVELS))
    codes = ops.where(finite, codes, np.float32(NAN))
    codes = ops.where(y == infinity, np.float32(POSITIVE_INFINITY), codes)
    codes = ops.where(y == -infinity, np.float32(NEGATIVE_INFINITY), codes)
    ranges = ops.stack([ops.reshape(lo, (-1,)), ops.reshape(hi, (-1,))], axis=-1)
    return ops.cast(codes, "uint8"), ranges
