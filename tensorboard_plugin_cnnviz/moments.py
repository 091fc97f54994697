"""Mean, deviation and the like of many cells, put together from parts of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .codes import Floats
from .layers import Summary


class Moments(NamedTuple):
    """Of the finite cells of each filter in each part of its windows, float64 ``[parts, filters]``."""

    number: npt.NDArray[np.float64]
    mean: npt.NDArray[np.float64]
    variance: npt.NDArray[np.float64]
    above: npt.NDArray[np.float64]  # how many are above zero


def merged(parts: Moments, non_finite: npt.NDArray[np.float64], ranges: Floats, seen: npt.NDArray[np.bool_]) -> Floats:
    """Statistics of all parts together.

    Args:
        parts: of each filter.
        non_finite: count of non-finite cells of each filter.
        ranges: float32 ``[blocks, filters, 2]``.
        seen: whether a filter has a finite cell in a block, ``[blocks, filters]``.

    Returns:
        float32 ``[filters, 6]``, as `statistics_of`.
    """
    number = parts.number.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (parts.number * parts.mean).sum(axis=0) / number
        variance = (parts.number * (parts.variance + (parts.mean - mean) ** 2)).sum(axis=0) / number
        above = parts.above.sum(axis=0) / number
    minimum = np.where(seen, ranges[..., 0], np.inf).min(axis=0)
    maximum = np.where(seen, ranges[..., 1], -np.inf).max(axis=0)
    result = np.stack([minimum, maximum, mean, np.sqrt(variance), above, non_finite], axis=-1)
    result[number == 0, :5] = np.nan
    return result.astype(np.float32)


def envelope_of(summary: Summary) -> Floats:
    """Maximum and mean of every filter in every window, float32 ``[2, filters, windows]``."""
    return summary.moments[:2].transpose(0, 2, 1)


def statistics_of(summary: Summary, ranges: Floats, blocks: Sequence[int]) -> Floats:
    """Per filter over all its windows.

    Args:
        summary: of all windows.
        ranges: float32 ``[blocks, filters, 2]``.
        blocks: block edges; block b holds windows ``blocks[b]`` to ``blocks[b + 1] - 1``.

    Returns:
        float32 ``[filters, 6]``: minimum, maximum, mean, standard deviation, share of cells above zero (in 0..1), count
        of non-finite cells. The first five are of the finite cells, and NaN for a filter without one.
    """
    _, mean, deviation, above, non_finite = summary.moments.astype(np.float64)
    number = summary.cells - non_finite
    some = number > 0
    parts = Moments(number, np.where(some, mean, 0), np.where(some, deviation, 0) ** 2, above)
    seen = np.add.reduceat(number, blocks[:-1], axis=0) > 0
    return merged(parts, non_finite.sum(axis=0), ranges, seen)


def statistics_of_numbers(values: Floats) -> Floats:
    """`statistics_of` a layer that gives one number per window: float32 ``[filters, windows]`` to ``[filters, 6]``."""
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
