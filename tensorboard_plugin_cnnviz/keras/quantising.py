"""The quantiser as part of the traced forward pass; agrees code for code with `tensorboard_plugin_cnnviz.quantise`.

Training waits for every pass over the values: what few blocks need is computed for those alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from keras import ops

from tensorboard_plugin_cnnviz.quantise import LEVELS, NAN, NEGATIVE_INFINITY, POSITIVE_INFINITY

from .maxima import Shown, maxima, over_axes
from .tensorflow_norm import euclidean_norm

_INFINITY, _ZERO, _ONE, _HALF = (np.float32(x) for x in (np.inf, 0, 1, 0.5))
# Squares of values whose range is less are not told from zero.
_LEAST_SPAN = np.float32(1e-15)
# A mean of squares less the square of the mean has three digits left, at least, where it is this share of the latter.
_LEAST_SHARE = np.float32(1e-3)


class Encoded(NamedTuple):
    """One block of a layer.

    Attributes:
        codes: uint8, the shape of what was chosen of the values.
        ranges: float32 ``[filters, 2]``, lo and hi.
        moments: float32 ``[5, windows, filters]``, as `layers.Summary` has them.
        outside: uint8 ``[windows, filters]``, as `layers.Summary` has it.
    """

    codes: Any
    ranges: Any
    moments: Any
    outside: Any


def quantise_tensor(values: Any, *, filter_axis: int) -> tuple[Any, Any]:
    """Quantise one block.

    Args:
        values: tensor ``[windows, ...]``; cast to float32.
        filter_axis: the axis that counts filters, from 1.

    Returns:
        codes: uint8, the shape of ``values``.
        ranges: float32 ``[filters, 2]``, lo and hi.
    """
    encoded = encode_tensor(values, filter_axis=filter_axis)
    return encoded.codes, encoded.ranges


def encode_tensor(
    values: Any, *, filter_axis: int, choose: Callable[[Any], Any] = lambda y: y, shown: Shown | None = None
) -> Encoded:
    """Quantise one block, or what is chosen of it, and sum up all of it.

    Args:
        values: tensor ``[windows, ...]``; cast to float32.
        filter_axis: the axis that counts filters, from 1.
        choose: gives a tensor of those values whose codes are wanted, with as many axes.
        shown: of axes along which strips leave cells out, those that they show; None where they show all.
    """
    y = ops.cast(values, "float32")
    chosen = choose(y)
    largest, shown_largest = maxima(y, filter_axis, shown)
    # Not a number is passed on, so that the range alone tells whether every value is finite.
    lo, hi = _over_cells(ops.min, y, filter_axis), ops.max(largest, axis=0, keepdims=True)
    moments, exact = _moments(y, lo, hi, largest, filter_axis)
    codes, lo, hi, moments, outside = ops.cond(
        ops.logical_and(ops.all(ops.isfinite(hi - lo)), exact),
        lambda: (ops.cast(_levels(chosen, lo, hi - lo), "uint8"), lo, hi, moments, _exceeds(largest, shown_largest)),
        lambda: _encode_any(y, chosen, filter_axis, shown),
    )
    ranges = ops.stack([ops.reshape(lo, (-1,)), ops.reshape(hi, (-1,))], axis=-1)
    return Encoded(codes, ranges, _flat(moments, y, filter_axis), _flat(outside, y, filter_axis))


def _moments(y: Any, lo: Any, hi: Any, largest: Any, filter_axis: int) -> tuple[Any, Any]:
    """Moments of finite values, in one pass each, and whether they are good to three digits."""
    cells = _cells(y, filter_axis)
    mean = over_axes(ops.sum, y, filter_axis) / cells
    square = over_axes(euclidean_norm, y, filter_axis) ** 2 / cells
    spread, total, span = ops.mean(square, axis=0), ops.mean(mean, axis=0) ** 2, (hi - lo)[0]
    exact = ops.logical_and(span > _LEAST_SPAN, spread - total >= _LEAST_SHARE * total)
    exact = ops.logical_and(ops.logical_or(exact, span == 0), ops.isfinite(spread - total))
    deviation = ops.where(hi > lo, ops.sqrt(ops.maximum(square - mean**2, _ZERO)), _ZERO)
    above = over_axes(ops.sum, ops.cast(y > 0, "float32"), filter_axis)
    moments = [largest, ops.minimum(ops.maximum(mean, lo), largest), deviation, above, ops.zeros_like(above)]
    return ops.stack(moments), ops.all(exact)


def _encode_any(y: Any, chosen: Any, filter_axis: int, shown: Shown | None) -> tuple[Any, Any, Any, Any, Any]:
    """What `encode_tensor` chooses from, of values that need not be finite, nor `hi - lo`, nor their squares."""
    finite = ops.isfinite(y)
    lo = _over_cells(ops.min, ops.where(finite, y, _INFINITY), filter_axis)
    largest, shown_largest = maxima(ops.where(finite, y, -_INFINITY), filter_axis, shown)
    hi = ops.max(largest, axis=0, keepdims=True)
    empty = lo > hi
    lo, hi = ops.where(empty, _ZERO, lo), ops.where(empty, _ZERO, hi)
    # Halved operands where hi - lo would overflow; scaling by a power of two changes no code.
    scale = ops.where(ops.isfinite(hi - lo), _ONE, _HALF)
    span = hi * scale - lo * scale
    codes = _levels(ops.where(ops.isfinite(chosen), chosen, lo) * scale, lo * scale, span)
    codes = ops.where(ops.isfinite(chosen), codes, np.float32(NAN))
    codes = ops.where(chosen == _INFINITY, np.float32(POSITIVE_INFINITY), codes)
    codes = ops.where(chosen == -_INFINITY, np.float32(NEGATIVE_INFINITY), codes)

    number = over_axes(ops.sum, ops.cast(finite, "float32"), filter_axis)
    some = ops.maximum(number, _ONE)
    share = (ops.where(finite, y, lo) * scale - lo * scale) / _divisor(span)  # of the range, 0 to 1
    mean = over_axes(ops.sum, share, filter_axis) / some
    variance = over_axes(ops.sum, ops.where(finite, share - mean, _ZERO) ** 2, filter_axis) / some
    moments = [largest, (lo * scale + mean * span) / scale, ops.sqrt(variance) / scale * span]
    moments = [ops.where(number > 0, each, np.float32(np.nan)) for each in moments]
    above = over_axes(ops.sum, ops.cast(ops.logical_and(finite, y > 0), "float32"), filter_axis)
    moments += [above, _cells(y, filter_axis) - number]
    return ops.cast(codes, "uint8"), lo, hi, ops.stack(moments), _exceeds(largest, shown_largest)


def _levels(y: Any, lo: Any, span: Any) -> Any:
    return ops.round((y - lo) / _divisor(span) * np.float32(LEVELS))


def _divisor(span: Any) -> Any:
    return ops.where(span > 0, span, _ONE)


def _exceeds(largest: Any, shown: Any) -> Any:
    return ops.cast(largest > shown, "uint8")


def _cells(y: Any, filter_axis: int) -> Any:
    """Cells of one map."""
    sizes = [size for axis, size in enumerate(ops.shape(y)) if axis not in (0, filter_axis)]
    return ops.cast(np.prod(sizes) if all(isinstance(size, int) for size in sizes) else ops.prod(sizes), "float32")


def _over_cells(reduce: Any, y: Any, filter_axis: int) -> Any:
    """Reduce all axes but that of the filters, of size 1 then."""
    # The windows first: TensorFlow reduces one outermost axis several times as fast as several axes together.
    y = reduce(y, axis=0, keepdims=True)
    others = tuple(axis for axis in range(1, len(y.shape)) if axis != filter_axis)
    return reduce(y, axis=others, keepdims=True) if others else y


def _flat(of_windows: Any, y: Any, filter_axis: int) -> Any:
    """``[..., windows, 1 but for filters]`` to ``[..., windows, filters]``."""
    leading = of_windows.shape[: len(of_windows.shape) - len(y.shape)]
    return ops.reshape(of_windows, (*leading, -1, ops.shape(y)[filter_axis]))
