"""Values that a request or a file brings, made fit to stand in a sentence."""

from __future__ import annotations


def quote(value: str, *, longest: int = 100) -> str:
    """`value` as a message may show it: control characters escaped, cut where long."""
    return repr(value) if len(value) <= longest else f"{value[:longest]!r}..."
