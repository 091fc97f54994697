"""The quantiser as part of the traced forward pass; agrees code for code with `tensorboard_plugin_cnnviz.quantise`."""

from __future__ import annotations

from typing import Any

import numpy as np
from keras import ops

from tensorboard_plugin_cnnviz.quantise import LEVELS, NAN, NEGATIVE_INFINITY, POSITIVE_INFINITY

_INFINITY, _ZERO, _ONE = (np.float32(x) for x in (np.inf, 0, 1))


def quantise_tensor(values: Any, *, filter_axis: int) -> tuple[Any, Any]:
    """Quantise one block.

    Args:
        values: tensor ``[windows, ...]``; cast to float32.
        filter_axis: the axis that counts filters, from 1.

    Returns:
        codes: uint8, the shape of ``values``.
        ranges: float32 ``[filters, 2]``, lo and hi.
    """
    y = ops.cast(values, "float32")
    # Not a number is passed on by both, so that the range alone tells whether every value is finite.
    lo, hi = _over_cells(ops.min, y, filter_axis), _over_cells(ops.max, y, filter_axis)
    # Training waits for every pass over the values: what few blocks need is computed for those alone.
    codes, lo, hi = ops.cond(
        ops.all(ops.isfinite(hi - lo)),
        lambda: (ops.cast(_levels(y, lo, hi - lo), "uint8"), lo, hi),
        lambda: _quantise_any(y, filter_axis),
    )
    return codes, ops.stack([ops.reshape(lo, (-1,)), ops.reshape(hi, (-1,))], axis=-1)


def _quantise_any(y: Any, filter_axis: int) -> tuple[Any, Any, Any]:
    """Codes and ranges of values that need not be finite, nor `hi - lo`."""
    finite = ops.isfinite(y)
    lo = _over_cells(ops.min, ops.where(finite, y, _INFINITY), filter_axis)
    hi = _over_cells(ops.max, ops.where(finite, y, -_INFINITY), filter_axis)
    empty = lo > hi
    lo, hi = ops.where(empty, _ZERO, lo), ops.where(empty, _ZERO, hi)
    # Halved operands where hi - lo would overflow; scaling by a power of two changes no code.
    scale = ops.where(ops.isfinite(hi - lo), _ONE, np.float32(0.5))
    codes = _levels(ops.where(finite, y, lo) * scale, lo * scale, hi * scale - lo * scale)
    codes = ops.where(finite, codes, np.float32(NAN))
    codes = ops.where(y == _INFINITY, np.float32(POSITIVE_INFINITY), codes)
    codes = ops.where(y == -_INFINITY, np.float32(NEGATIVE_INFINITY), codes)
    return ops.cast(codes, "uint8"), lo, hi


def _levels(y: Any, lo: Any, span: Any) -> Any:
    return ops.round((y - lo) / ops.where(span > 0, span, _ONE) * np.float32(LEVELS))


def _over_cells(reduce: Any, y: Any, filter_axis: int) -> Any:
    """Reduce all axes but that of the filters, of size 1 then."""
    # The windows first: TensorFlow reduces one outermost axis several times as fast as several axes together.
    y = reduce(y, axis=0, keepdims=True)
    others = tuple(axis for axis in range(1, len(y.shape)) if axis != filter_axis)
    return reduce(y, axis=others, keepdims=True) if others else y
