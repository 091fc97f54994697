"""Checks that the writer and the callback share, and how a mistaken name is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from difflib import get_close_matches

from .errors import CNNVizError
from .probes import Probe


def check_probes(probes: Iterable[Probe]) -> tuple[Probe, ...]:
    """The probes, if there are any and no two share a name."""
    found = tuple(probes) if isinstance(probes, Iterable) else ()
    if not found or not all(isinstance(probe, Probe) for probe in found):
        raise CNNVizError(f"probes={probes!r} must be a list of at least one Probe")
    repeated = first_repeated([probe.name for probe in found])
    if repeated is not None:
        raise CNNVizError(f"two probes are named {repeated!r}: give each its own name=")
    return found


def check_class_names(names: Iterable[str]) -> tuple[str, ...]:
    """The class names, if they are texts in an order of their own."""
    ordered = isinstance(names, Iterable) and not isinstance(names, str | Mapping | Set)
    found = tuple(names) if ordered else ()
    if not ordered or not all(isinstance(name, str) for name in found):
        raise CNNVizError(f"class_names={names!r} must be a list of texts, one per class, in the order of the output")
    # NumPy's texts are no JSON.
    return tuple(map(str, found))


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
