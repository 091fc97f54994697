"""Checks that the writer and the callback share, and how a mistaken name is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from difflib import get_close_matches

from .errors import CNNVizError
from .probes import Probe

_TOLD_LABELS = 5


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
    found = tuple(map(str, found))
    repeated = first_repeated(found)
    if repeated is not None:
        raise CNNVizError(f"class_names has {repeated!r} more than once: give each class a name of its own")
    return found


def foreign_labels(probes: Iterable[Probe], class_names: Sequence[str]) -> str | None:
    """Give a warning that names the labels which are no class, or None where all are."""
    foreign = [
        f"label {label!r} of probe {probe.name!r} is not in class_names, so no prediction can match it"
        f"{suggestion(label, class_names)}"
        for probe in probes
        for label in probe.labels
        if label not in class_names
    ]
    more = len(foreign) - _TOLD_LABELS
    return "\n".join(foreign[:_TOLD_LABELS] + [f"and {more} more"] * (more > 0)) or None


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
