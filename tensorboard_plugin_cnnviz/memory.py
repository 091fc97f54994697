"""How the memory that logging may take is shared out among those who work at the same time."""

from __future__ import annotations

from typing import NamedTuple


class Shares(NamedTuple):
    """Bytes.

    Attributes:
        block: what one block of windows may take while a model computes it, or arrays are quantised.
        spool: blocks that wait in memory for the rest of their response.
        filters: codes that are written at a time; with all copies of them eight times as much.
    """

    block: int
    spool: int
    filters: int


def share_out(budget: int) -> Shares:
    """Share out a budget of so many bytes; what is left of it is under way, or taken by what nobody can count."""
    return Shares(block=budget * 5 // 16, spool=budget // 16, filters=budget // 64)


def under_way(budget: int, *, layers: int) -> int:
    """Bytes that quantised blocks may take between the model and the thread that writes.

    The less the more layers are recorded: what the trace of many takes, and freed memory that lies between what is in
    use, is counted nowhere else.
    """
    return max(budget * 3 // 32, budget * 3 // 8 - budget * layers // 128)
