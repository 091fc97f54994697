"""How the memory that logging may take is shared out among those who work at the same time."""

from __future__ import annotations

from typing import NamedTuple


class Shares(NamedTuple):
    """Bytes.

    Attributes:
        block: what one block of windows may take while a model computes it, or arrays are quantised.
        under_way: quantised blocks from there to the thread that writes.
        spool: blocks that wait in memory for the rest of their response.
        filters: codes that are written at a time; with all copies of them eight times as much.
    """

    block: int
    under_way: int
    spool: int
    filters: int


def share_out(budget: int) -> Shares:
    """Share out a budget of so many bytes.

    Three eighths of it are left: a traced pass over a network of many layers, and freed memory that lies between what
    is in use, were measured to take as much.
    """
    return Shares(block=budget * 5 // 16, under_way=budget * 3 // 32, spool=budget // 16, filters=budget // 64)
