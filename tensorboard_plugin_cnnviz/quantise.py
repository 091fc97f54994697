"""Floats to 8-bit codes and back, each filter on its own range.

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

from .moments import Moments, merged

Codes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

LEVELS = 252
NEGATIVE_INFINITY, POSITIVE_INFINITY, NAN = 253, 254, 255
_CACHED_CELLS = 1 << 17


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


def dequantise(codes: Codes, ranges: npt.ArrayLike, *, filter_axis: int = -1) -> Floats:
    """Decode one block: the inverse of `quantise`, at most half a code off.

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


def envelope(codes: Codes, ranges: Floats, blocks: Sequence[int]) -> Floats:
    """Maximum and mean of every filter in every window, over its finite cells.

    Args:
        codes: uint8 ``[filters, windows, ...]``.
        ranges: float32 ``[blocks, filters, 2]``.
        blocks: block edges; block b holds windows ``blocks[b]`` to ``blocks[b + 1] - 1``.

    Returns:
        float32 ``[2, filters, windows]``; NaN where a window has no finite cell.
    """
    flat = codes.reshape(*codes.shape[:2], -1)
    if flat.size and flat.max() <= LEVELS:
        greatest = flat.max(axis=2).astype(np.float64)
        mean = flat.sum(axis=2, dtype=np.uint64) / flat.shape[2]
    else:
        finite = flat <= LEVELS
        count = finite.sum(axis=2)
        any_finite = count > 0
        greatest = np.where(any_finite, np.where(finite, flat, 0).max(axis=2, initial=0), np.nan)
        mean = np.where(any_finite, np.where(finite, flat, 0).sum(axis=2) / np.maximum(count, 1), np.nan)
    return np.stack([_decode_by_block(x, ranges, blocks) for x in (greatest, mean)]).astype(np.float32)


def _decode_by_block(x: npt.NDArray[np.float64], ranges: Floats, blocks: Sequence[int]) -> npt.NDArray[np.float64]:
    """Decode fractional codes ``[filters, windows]``."""
    per_window = np.repeat(ranges.astype(np.float64), np.diff(blocks), axis=0)  # [windows, filters, 2]
    lo, hi = per_window[..., 0].T, per_window[..., 1].T
    return lo + x / LEVELS * (hi - lo)


def statistics(codes: Codes, ranges: Floats, blocks: Sequence[int]) -> Floats:
    """Per filter over all its windows, merged across blocks.

    Args:
        codes: uint8 ``[filters, windows, ...]``.
        ranges: float32 ``[blocks, filters, 2]``.
        blocks: block edges, as in `envelope`.

    Returns:
        float32 ``[filters, 6]``: minimum, maximum (both exact), mean, standard deviation, share of cells above zero
        (in 0..1), count of non-finite cells. The first five are NaN for a filter without a finite cell. The share is of
        the finite cells, by their codes: a value that rounds to zero's code is not above zero.
    """
    if codes.size and codes.max() <= LEVELS:
        parts, non_finite = _moments(codes, ranges, blocks), np.zeros(len(codes))
        seen = np.ones(ranges.shape[:2], bool)
    else:
        parts, non_finite = _moments_of_finite(codes, ranges, blocks)
        seen = parts.number > 0
    return merged(parts, non_finite, ranges, seen)


def _moments(codes: Codes, ranges: Floats, blocks: Sequence[int]) -> Moments:
    """Each window a part, of codes that all stand for numbers: several times as fast as counting every code."""
    maps = codes.reshape(codes.shape[0] * codes.shape[1], -1)  # [filters * windows, cells]
    cells = maps.shape[1]
    sizes = np.diff(blocks)
    first_above = np.repeat((_values(ranges) <= 0).sum(axis=2, dtype=np.uint8), sizes, axis=0).T.reshape(-1, 1)
    mean, squares, above = (np.empty(len(maps)) for _ in range(3))
    # So many maps at a time that all of it stays within the processor's cache.
    step = max(1, _CACHED_CELLS // cells)
    for start in range(0, len(maps), step):
        some = slice(start, start + step)
        part = maps[some]
        mean[some] = part.sum(axis=1, dtype=np.uint64) / cells
        deviation = np.subtract(part, mean[some, None], dtype=np.float32)
        squares[some] = np.einsum("ij,ij->i", deviation, deviation)
        above[some] = (part >= first_above[some]).view(np.uint8).sum(axis=1, dtype=np.uint64)
    lo, size = (np.repeat(x, sizes, axis=0) for x in _lo_and_step(ranges))
    by_window = [x.reshape(codes.shape[:2]).T for x in (mean, squares / cells, above)]
    return Moments(np.full(lo.shape, float(cells)), lo + by_window[0] * size, by_window[1] * size**2, by_window[2])


def _moments_of_finite(codes: Codes, ranges: Floats, blocks: Sequence[int]) -> tuple[Moments, npt.NDArray[np.float64]]:
    """Each block a part, and the count of non-finite cells of each filter."""
    counts = np.stack(
        [_histograms(codes[:, first:last].reshape(len(codes), -1)) for first, last in itertools.pairwise(blocks)]
    ).astype(np.float64)  # [blocks, filters, 256]
    finite, values = counts[..., : LEVELS + 1], _values(ranges)
    number = finite.sum(axis=2)
    some = np.maximum(number, 1)
    mean = (finite * values).sum(axis=2) / some
    variance = (finite * (values - mean[..., None]) ** 2).sum(axis=2) / some
    above = (finite * (values > 0)).sum(axis=2)
    return Moments(number, mean, variance, above), counts[..., LEVELS + 1 :].sum(axis=(0, 2))


def _lo_and_step(ranges: Floats) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The value of code 0, and what the next code has more: each ``[blocks, filters]``."""
    lo, hi = (ranges[..., i].astype(np.float64) for i in (0, 1))
    return lo, (hi - lo) / LEVELS


def _values(ranges: Floats) -> npt.NDArray[np.float64]:
    """The value of every code: ``[blocks, filters, 253]``."""
    lo, step = _lo_and_step(ranges)
    return lo[..., None] + np.arange(LEVELS + 1) * step[..., None]


def _histograms(codes: Codes) -> npt.NDArray[np.int64]:
    """``[filters, cells]`` to the count of every code, ``[filters, 256]``."""
    return np.stack([np.bincount(row, minlength=256) for row in codes])


def statistics_of_numbers(values: Floats) -> Floats:
    """`statistics` of a layer that gives one number per window: float32 ``[filters, windows]`` to ``[filters, 6]``."""
    finite = np.isfinite(values)
    number = finite.sum(axis=1)
    kept = np.where(finite, values, 0).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = kept.sum(axis=1) / number
        variance = np.where(finite, (kept - mean[:, None]) ** 2, 0).sum(axis=1) / number
        above = (finite & (values > 0)).sum(axis=1) / number
    minimum = np.where(finite, values, np.inf).min(axis=1, initial=np.inf)
    maximum = np.where(finite, values, -np.inf).max(axis=1, initial=-np.inf)
    result = np.stack([minimum, maximum, mean, np.sqrt(variance), above, (~finite).sum(axis=1)], axis=-1)
    result[number == 0, :5] = np.nan
    return result.astype(np.float32)


def pool_by_magnitude(codes: Codes, ranges: Floats, blocks: Sequence[int], limit: int) -> Codes:
    """Pool maps so that neither axis exceeds ``limit``, by magnitude.

    Of each group of cells the code of the greatest magnitude stays. A non-finite cell outranks every finite one: it
    stays visible.

    Args:
        codes: uint8 ``[filters, windows, frequency, time]``.
        ranges: float32 ``[blocks, filters, 2]``.
        blocks: block edges.
        limit: cells per axis.

    Returns:
        uint8 ``[filters, windows, ceil(frequency / k), ceil(time / m)]`` with the least k, m that suffice.
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
