"""Checks that the writer and the callback share, and how a mistaken name is told."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from .errors import CNNVizError
from .probes import Probe


def check_probes(probes: Sequence[Probe]) -> tuple[Probe, ...]:
    """The probes, if there are any and no two share a name."""
    if not probes or not all(isinstance(probe, Probe) for probe in probes):
        raise CNNVizError(f"probes={probes!r} must be a list of at least one Probe")
    repeated = first_repeated([probe.name for probe in probes])
    if repeated is not None:
        raise CNNVizError(f"two probes are named {repeated!r}: give each its own name=")
    return tuple(probes)


def check_class_names(names: Sequence[str]) -> tuple[str, ...]:
    """The class names, if they are a list of texts."""
    if isinstance(names, str) or not all(isinstance(name, str) for name in names):
        raise CNNVizError(f"class_names={names!r} must be a list of texts, one per class")
    return tuple(names)


def suggestion(name: str, known: Sequence[str]) -> str:
    """``"; did you mean ...?"`` or the known names, to end an error with."""
    near = get_close_matches(name, known, n=3, cutoff=0.5)
    if near:
        return f"; did you mean {' or '.join(map(repr, near))}?"
    return f"; known: {', '.join(map(repr, known[:20]))}{', ...' if len(known) > 20 else ''}"


def first_repeated(names: Sequence[str]) -> str | None:
    """The first name that stands there a second time, or None."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None
