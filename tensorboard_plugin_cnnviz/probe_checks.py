"""What a probe may be: each check gives the value as it is kept, or raises with what is wrong and what is right."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .audio import Mono
from .errors import CNNVizError
from .features import Times

DETAILS = ("windows", "strip", "summary")


@contextmanager
def about(subject: str) -> Iterator[None]:
    """Say in front of an error what it is about."""
    try:
        yield
    except CNNVizError as error:
        raise CNNVizError(f"{subject}: {error}") from error


def _check_text(what: str, text: Any) -> str:
    if not isinstance(text, str) or not text.strip():
        raise CNNVizError(f"{what} is {text!r}; give a text that is not empty")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise CNNVizError(
            f"{what} is {text!r}, which is not valid Unicode ({error.reason}); give another text"
        ) from error
    return str(text)


def check_name(name: Any) -> str:
    """Give a probe's name, any text that is not empty."""
    return _check_text("a probe's name", name)


def check_labels(label: str | Sequence[str] | None) -> tuple[str, ...]:
    """Give the labels as a tuple of texts."""
    if label is None:
        return ()
    if not isinstance(label, (str, Iterable)):
        raise CNNVizError(f"label is {label!r}; give the class's name, or several names")
    return tuple(_check_text("label", one) for one in ([label] if isinstance(label, str) else label))


def check_metadata(metadata: Mapping[str, Any] | None) -> dict[str, Any]:
    """Give a copy of the metadata as JSON will hold it."""
    try:
        held: dict[str, Any] = json.loads(json.dumps(dict(metadata or {}), allow_nan=False))
    except (TypeError, ValueError) as error:
        raise CNNVizError(
            f"metadata is {metadata!r}, which JSON cannot hold ({error}); give plain values by name"
        ) from error
    return held


def check_detail(detail: str) -> str:
    """Give the detail, one of `DETAILS`."""
    if detail not in DETAILS:
        raise CNNVizError(f"detail is {detail!r}; choose one of {', '.join(map(repr, DETAILS))}")
    return detail


def check_times(times: ArrayLike) -> Times:
    """Give the windows' edges as float64 `[windows, 2]`: finite, start before end, starts ascending."""
    edges = np.array(times, np.float64)
    if edges.ndim != 2 or edges.shape[1] != 2 or not len(edges):
        raise CNNVizError(
            f"times has shape {edges.shape}; give [windows, 2], the start and end of each window in seconds"
        )
    start, end = edges.T
    bad = ~(np.isfinite(edges).all(axis=1) & (start < end))
    if bad.any():
        window = int(np.argmax(bad))
        raise CNNVizError(
            f"window {window} lasts from {start[window]} to {end[window]} s; its start must come before its end"
        )
    late = np.flatnonzero(np.diff(start) <= 0)
    if late.size:
        window = int(late[0]) + 1
        raise CNNVizError(
            f"window {window} starts at {start[window]} s, window {window - 1} at {start[window - 1]} s; "
            "starts must ascend: sort inputs and times together"
        )
    return edges


def within_full_scale(mono: Mono) -> Mono:
    """Divide sound by its largest magnitude where that exceeds 1."""
    peak = np.abs(mono).max()
    return mono / peak if peak > 1 else mono
