"""Many measurements as one result."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

from benchmarks.results import Result


def percentile(values: Sequence[float], share: float = 0.95) -> float:
    """The least value that this share of them keeps to."""
    return sorted(values)[max(math.ceil(share * len(values)) - 1, 0)]


def spread(what: str, values: Sequence[float], unit: str, at_most: float | None = None, why: str = "") -> Result:
    """The 95th percentile, with the median beside it; `why` it is missed, where it is."""
    note = f"95th percentile of {len(values)}; median {statistics.median(values):.1f} {unit}"
    return Result(what, percentile(values), unit, at_most=at_most, note=note, why=why)
