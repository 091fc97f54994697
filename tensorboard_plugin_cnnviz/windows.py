"""Windows of raw sound, each turned into a model input by the user's own function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .audio import Mono, at_rate, check_sample_rate, to_mono
from .errors import CNNVizError
from .features import Axes, InputAxes, SpectrogramImage, Times
from .inputs import AxesGiven, Inputs, by_name, check_names, is_numeric, told
from .logmel import overview


class Windows:
    """Sliding windows of sound, for models on raw waveforms or on features of one's own.

    Args:
        fn: maps one window's sound, float32 `[samples]` mono at `sample_rate`, to one model input (any array, the same
            shape for every window), or to a dict or tuple of arrays, one for each input of the model.
        seconds: length of a window.
        hop: seconds from one window's start to the next; the first starts at 0.
        sample_rate: Hz; the sound is resampled to it.
        input_axes: names of the axes of what `fn` gives, from "time", "frequency", "channel"; of several inputs as in
            `Probe`. Without it, `fn` that gives `[samples]` or `[samples, n]`, with as many rows as the window has
            samples, is taken to give ("time",) or ("time", "channel"); of anything else the axes are not known.
        normalise: divide the clip by its largest magnitude first.

    Raises:
        CNNVizError: an option outside its range.
    """

    def __init__(
        self,
        fn: Callable[[Mono], ArrayLike | Mapping[str, ArrayLike] | tuple[ArrayLike, ...]],
        seconds: float,
        hop: float,
        *,
        sample_rate: int = 22050,
        input_axes: AxesGiven | None = None,
        normalise: bool = False,
    ) -> None:
        if not callable(fn):
            raise CNNVizError(f"fn is {fn!r}; give a function from one window's samples to one model input")
        self.fn = fn
        self.sample_rate = check_sample_rate(sample_rate)
        for option, value in (("seconds", seconds), ("hop", hop)):
            if not 1 / self.sample_rate <= value < np.inf:
                raise CNNVizError(f"{option} is {value}; give at least one sample, {1 / self.sample_rate:.2g} s")
        self.seconds = seconds
        self.hop = hop
        self.input_axes = check_names(input_axes)
        self.normalise = normalise

    def axes_of(self, inputs: Inputs) -> InputAxes | None:
        """Give the axes' names of `inputs` that `windows` made, or None where they are not known."""
        if self.input_axes is not None:
            return self.input_axes
        if isinstance(inputs, dict):
            return {name: self._guessed(array) for name, array in inputs.items()}
        return tuple(map(self._guessed, inputs)) if isinstance(inputs, tuple) else self._guessed(inputs)

    def _guessed(self, array: NDArray[Any]) -> Axes | None:
        shape = array.shape[1:]
        return ("time", "channel")[: len(shape)] if len(shape) in (1, 2) and shape[0] == self._length else None

    @property
    def _length(self) -> int:
        """A window's length in samples."""
        return round(self.seconds * self.sample_rate)

    def windows(self, audio: ArrayLike, sample_rate: int) -> tuple[Inputs, Times]:
        """Cut the sound into model inputs, also for making training data.

        Args:
            audio: sound as in `Probe.from_audio`.
            sample_rate: its rate in Hz.

        Returns:
            inputs: `[windows, ...]`, what `fn` gave for each window, or a dict or tuple of such arrays where it gave
                one; floating point becomes float32.
            times: float64 `[windows, 2]`, start and end of each window in seconds.
            A rest shorter than a window is left out.

        Raises:
            CNNVizError: the sound is empty, not finite or shorter than one window; `fn` gives no numbers, or other
                inputs or shapes for other windows.
        """
        mono = at_rate(to_mono(audio), check_sample_rate(sample_rate), self.sample_rate, normalise=self.normalise)
        length, hop = self._length, round(self.hop * self.sample_rate)
        if len(mono) < length:
            raise CNNVizError(
                f"audio is too short: it lasts {len(mono) / self.sample_rate:.3f} s, and one window needs "
                f"{self.seconds:.3f} s; give a longer clip or a smaller window"
            )
        first = np.arange(0, len(mono) - length + 1, hop)
        inputs = _stacked([self.fn(mono[at : at + length].copy()) for at in first])
        return inputs, np.stack([first, first + length], axis=1) / self.sample_rate

    def image(self, audio: ArrayLike, sample_rate: int) -> SpectrogramImage:
        """Give a log-mel spectrogram of the whole clip, in frames of about 46 ms."""
        return overview(audio, sample_rate, at=self.sample_rate)


def _stacked(given: Sequence[Any]) -> Inputs:
    """Put what `fn` gave for each window into arrays `[windows, ...]`."""
    kinds = [told(one) for one in given]
    for window, kind in enumerate(kinds):
        if kind != kinds[0]:
            raise CNNVizError(
                f"fn gave {kind} for window {window} but {kinds[0]} for window 0; it must give the same inputs for "
                "every window"
            )
    named = [by_name(one) for one in given]
    several = isinstance(given[0], (Mapping, tuple))
    arrays = {
        name: _stack([one[name] for one in named], f" for input {name!r}" if several else "") for name in named[0]
    }
    if isinstance(given[0], Mapping):
        return arrays
    return tuple(arrays.values()) if several else arrays[0]


def _stack(given: Sequence[Any], of: str) -> NDArray[Any]:
    for_several = "for a model with several inputs a dict or tuple of arrays"
    try:
        arrays = [np.asarray(one) for one in given]
    except ValueError as error:
        raise CNNVizError(f"fn gave no array{of} ({error}); give one model input, {for_several}") from error
    for window, array in enumerate(arrays):
        if array.shape != arrays[0].shape:
            raise CNNVizError(
                f"fn gave shape {array.shape}{of} for window {window} but {arrays[0].shape} for window 0; "
                "it must give the same shape for every window"
            )
    stacked = np.stack(arrays)
    if not is_numeric(stacked):
        raise CNNVizError(
            f"fn gave a {type(given[0]).__name__} of dtype {stacked.dtype}{of}; give numbers, {for_several}"
        )
    return stacked.astype(np.float32) if np.issubdtype(stacked.dtype, np.floating) else stacked
