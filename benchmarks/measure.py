"""Ratios within one run: works take turns, and the median of each is set against another's."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Work:
    """Something to measure: `do` is waited for; what it leaves to other threads has ended when `settle` returns."""

    do: Callable[[], object]
    settle: Callable[[], object] = lambda: None


@dataclass(frozen=True)
class Cost:
    """Medians in seconds: `wait` until `do` returned, `cpu` of all the process's threads until `settle` did."""

    wait: float
    cpu: float


def alternate(works: Mapping[str, Work], *, repeats: int) -> dict[str, Cost]:
    """Let each work run once unmeasured, then all in turn, `repeats` times: what else the machine does meets all."""
    for work in works.values():
        work.do()
        work.settle()
    costs: dict[str, list[Cost]] = {name: [] for name in works}
    for _ in range(repeats):
        for name, work in works.items():
            wall, cpu = time.perf_counter(), time.process_time()
            work.do()
            wait = time.perf_counter() - wall
            work.settle()
            costs[name].append(Cost(wait, time.process_time() - cpu))
    return {
        name: Cost(statistics.median(cost.wait for cost in each), statistics.median(cost.cpu for cost in each))
        for name, each in costs.items()
    }
