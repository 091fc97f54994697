"""What turns the sound of a clip into model inputs, and the spectrogram that is shown with them.

Conventions. Seconds are seconds of the clip. Windows' `times` are float64 `[windows, 2]`, the outer edges of each
window.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .errors import CNNVizError

AXES = ("time", "frequency", "channel")

Times: TypeAlias = NDArray[np.float64]
Axes: TypeAlias = tuple[str, ...]
# Of one input, or of every one that they fit; or apart for each of several, None where they are not known.
InputAxes: TypeAlias = Axes | dict[str, Axes | None] | tuple[Axes | None, ...]


@dataclass(frozen=True, eq=False)
class SpectrogramImage:
    """The spectrogram that the panel shows above the filters.

    Attributes:
        values: float32 `[frequency, time]`, row 0 the lowest frequency.
        seconds: outer edges of the picture, start and end.
        hertz: centre frequency of each row, or None where rows are no frequencies.
        title: what the values are, such as "log-mel".
        unit: the values' unit, such as "dB"; empty where they have none.
    """

    values: NDArray[np.float32]
    seconds: tuple[float, float]
    hertz: tuple[float, ...] | None = None
    title: str = "spectrogram"
    unit: str = ""

    def __post_init__(self) -> None:
        values = np.array(self.values, np.float32)
        if values.ndim != 2 or not values.size:
            raise CNNVizError(f"the image's values have shape {values.shape}; give [frequency, time]")
        start, end = (float(edge) for edge in self.seconds)
        if not (np.isfinite([start, end]).all() and start < end):
            raise CNNVizError(f"the image lasts from {start} to {end} s; give its outer edges, start before end")
        hertz = None if self.hertz is None else tuple(float(frequency) for frequency in self.hertz)
        if hertz is not None and len(hertz) != len(values):
            raise CNNVizError(
                f"the image has {len(values)} rows but {len(hertz)} hertz; give one frequency for each row"
            )
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "seconds", (start, end))
        object.__setattr__(self, "hertz", hertz)


class Features(Protocol):
    """What `Probe.from_file` and `Probe.from_audio` need: `LogMel`, `Windows`, or a class of one's own."""

    @property
    def input_axes(self) -> InputAxes | None:
        """Names of the inputs' axes after the windows axis, as in `Probe`, or None where they are not known."""

    def windows(self, audio: ArrayLike, sample_rate: int) -> tuple[NDArray[Any], Times]:
        """Cut the sound into model inputs `[windows, ...]` and their times `[windows, 2]` in seconds."""

    def image(self, audio: ArrayLike, sample_rate: int) -> SpectrogramImage | None:
        """Give the spectrogram to show, or None for a log-mel."""


def check_axes(axes: Iterable[str]) -> tuple[str, ...]:
    """Give the names of an input's axes as a tuple, or say what is wrong with them."""
    names = (axes,) if isinstance(axes, str) else tuple(axes) if isinstance(axes, Iterable) else (axes,)
    if not all(isinstance(name, str) for name in names) or not set(names) <= set(AXES):
        raise CNNVizError(f"axes are {names}; name each axis after the windows axis, from {', '.join(AXES)}")
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        frames = "; of sound cut into frames, 'time' counts the frames and 'frequency' the samples of each"
        raise CNNVizError(
            f"axes are {names}, which names {twice!r} twice; name each axis after the windows axis once, from "
            f"{', '.join(AXES)}{frames if twice == 'time' else ''}"
        )
    return names
