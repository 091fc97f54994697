"""What a data set is to the rest of the example: named sounds, read when they are needed, and what plays in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

# IRMAS's eleven instruments, in its own order.
CLASSES = (
    "cello",
    "clarinet",
    "flute",
    "acoustic guitar",
    "electric guitar",
    "organ",
    "piano",
    "saxophone",
    "trumpet",
    "violin",
    "voice",
)


@dataclass(frozen=True)
class Clip:
    """One sound. `read` gives `[samples]` or `[channels, samples]` and the sample rate in Hz; `labels` are classes."""

    name: str
    labels: tuple[str, ...]
    read: Callable[[], tuple[np.ndarray, int]]
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DataSet:
    """Clips of one instrument to learn from, to validate with and to watch; excerpts of several to be tested on."""

    name: str
    training: Sequence[Clip]
    validation: Sequence[Clip]
    probes: Sequence[Clip]
    test: Sequence[Clip]


def labels_of(clips: Sequence[Clip]) -> np.ndarray:
    """Tell which classes play in which clips: bool `[clips, classes]`."""
    return np.array([[name in clip.labels for name in CLASSES] for clip in clips]).reshape(-1, len(CLASSES))
