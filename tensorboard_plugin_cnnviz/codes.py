"""The 8-bit codes that stand for values, each filter on its own range.

Codes 0 to 252 stand for ``lo + code / 252 * (hi - lo)``; 253, 254 and 255 stand for -Infinity, +Infinity and NaN.
``lo`` and ``hi`` are the least and the greatest finite value of a filter over one *block*: a run of windows of one
probe. A decoded value is at most half a code, ``(hi - lo) / 504``, off. A filter with ``hi == lo`` is constant; one
without any finite value has ``lo == hi == 0``.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

LEVELS = 252
NEGATIVE_INFINITY, POSITIVE_INFINITY, NAN = 253, 254, 255


def dequantise(codes: Codes, ranges: npt.ArrayLike, *, filter_axis: int = -1) -> Floats:
    """Decode one block: the inverse of `encode.encode`, at most half a code off.

    Args:
        codes: uint8 of any shape.
        ranges: ``[filters, 2]``, lo and hi.
        filter_axis: the axis of ``codes`` that counts filters.

    Returns:
        float32, the shape of ``codes``.
    """
    shape = [1] * codes.ndim
    shape[filter_axis] = -1
    # float64, so that hi - lo of two float32 values cannot overflow.
    lo, hi = (np.asarray(ranges, np.float64)[:, i].reshape(shape) for i in (0, 1))
    values = np.minimum(lo + codes / LEVELS * (hi - lo), hi).astype(np.float32)
    values[codes == NEGATIVE_INFINITY] = -np.inf
    values[codes == POSITIVE_INFINITY] = np.inf
    values[codes == NAN] = np.nan
    return values


def pool_by_magnitude(codes: Codes, ranges: Floats, blocks: Sequence[int], limit: int) -> Codes:
    """Pool maps so that neither axis exceeds ``limit``, by magnitude.

    Of each group of cells the code of the greatest magnitude stays. A non-finite cell outranks every finite one: it
    stays visible.

    Args:
        codes: uint8 ``[filters, windows, time, frequency]``.
        ranges: float32 ``[blocks, filters, 2]``.
        blocks: block edges.
        limit: cells per axis.

    Returns:
        uint8 ``[filters, windows, ceil(time / k), ceil(frequency / m)]`` with the least k, m that suffice.
    """
    height, width = codes.shape[2:]
    k, m = (-(-n // limit) for n in (height, width))
    if k == m == 1:
        return codes
    padded = np.pad(codes, ((0, 0), (0, 0), (0, -height % k), (0, -width % m)), mode="edge")
    groups = padded.reshape(*codes.shape[:2], -(-height // k), k, -(-width // m), m).transpose(0, 1, 2, 4, 3, 5)
    groups = groups.reshape(*groups.shape[:4], k * m)
    pooled = np.empty(groups.shape[:4], np.uint8)
    for b, (first, last) in enumerate(itertools.pairwise(blocks)):
        lo, hi = (ranges[b, :, i].astype(np.float64)[:, None] for i in (0, 1))
        magnitude = np.full((codes.shape[0], 256), np.inf)
        magnitude[:, : LEVELS + 1] = np.abs(lo + np.arange(LEVELS + 1) / LEVELS * (hi - lo))
        for f in range(codes.shape[0]):
            block = groups[f, first:last]
            best = np.argmax(magnitude[f][block], axis=-1)
            pooled[f, first:last] = np.take_along_axis(block, best[..., None], axis=-1)[..., 0]
    return pooled
