"""Windows of raw sound, each turned into a model input by the user's own function."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .audio import Mono, at_rate, check_sample_rate, to_mono
from .errors import CNNVizError
from .features import SpectrogramImage, Times, check_axes
from .logmel import LogMel


class Windows:
    """Sliding windows of sound, for models on raw waveforms or on features of one's own.

    Args:
        fn: maps one window's sound, float32 `[samples]` mono at `sample_rate`, to one model input (any array, the same
            shape for every window).
        seconds: length of a window.
        hop: seconds from one window's start to the next; the first starts at 0.
        sample_rate: Hz; the sound is resampled to it.
        input_axes: names of the axes of what `fn` gives, from "time", "frequency", "channel". Without it, `fn` that
            gives `[samples]` or `[samples, n]`, with as many rows as the window has samples, is taken to give
            ("time",) or ("time", "channel"); of anything else the axes are not known.
        normalise: divide the clip by its largest magnitude first.

    Raises:
        CNNVizError: an option outside its range.
    """

    def __init__(
        self,
        fn: Callable[[Mono], ArrayLike],
        seconds: float,
        hop: float,
        *,
        sample_rate: int = 22050,
        input_axes: Iterable[str] | None = None,
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
        self.input_axes = None if input_axes is None else check_axes(input_axes)
        self.normalise = normalise

    def axes_of(self, inputs: NDArray[Any]) -> tuple[str, ...] | None:
        """Give the axes' names of `inputs` `[windows, ...]` that `windows` made, or None where they are not known."""
        shape = inputs.shape[1:]
        if self.input_axes is None and len(shape) in (1, 2) and shape[0] == self._length:
            return ("time", "channel")[: len(shape)]
        return self.input_axes

    @property
    def _length(self) -> int:
        """A window's length in samples."""
        return round(self.seconds * self.sample_rate)

    def windows(self, audio: ArrayLike, sample_rate: int) -> tuple[NDArray[Any], Times]:
        """Cut the sound into model inputs, also for making training data.

        Args:
            audio: sound as in `Probe.from_audio`.
            sample_rate: its rate in Hz.

        Returns:
            inputs: `[windows, ...]`, what `fn` gave for each window; floating point becomes float32.
            times: float64 `[windows, 2]`, start and end of each window in seconds.
            A rest shorter than a window is left out.

        Raises:
            CNNVizError: the sound is empty, silent, not finite or shorter than one window; `fn` gives other shapes for
                other windows.
        """
        mono = at_rate(to_mono(audio), check_sample_rate(sample_rate), self.sample_rate, normalise=self.normalise)
        length, hop = self._length, round(self.hop * self.sample_rate)
        if len(mono) < length:
            raise CNNVizError(
                f"audio is too short: it lasts {len(mono) / self.sample_rate:.3f} s, and one window needs "
                f"{self.seconds:.3f} s; give a longer clip or a smaller window"
            )
        first = np.arange(0, len(mono) - length + 1, hop)
        inputs = [np.asarray(self.fn(mono[at : at + length].copy())) for at in first]
        for window, one in enumerate(inputs):
            if one.shape != inputs[0].shape:
                raise CNNVizError(
                    f"fn gave shape {one.shape} for window {window} but {inputs[0].shape} for window 0; "
                    "it must give the same shape for every window"
                )
        stacked = np.stack(inputs)
        if np.issubdtype(stacked.dtype, np.floating):
            stacked = stacked.astype(np.float32)
        return stacked, np.stack([first, first + length], axis=1) / self.sample_rate

    def image(self, audio: ArrayLike, sample_rate: int) -> SpectrogramImage:
        """Give a log-mel spectrogram of the whole clip, in frames of about 46 ms."""
        # A fixed number of samples would leave mel bands without a single STFT bin at high sample rates.
        n_fft = max(16, 2 ** round(np.log2(self.sample_rate * 1024 / 22050)))
        shown = LogMel(self.sample_rate, n_fft=n_fft, hop_length=n_fft // 2, window=None)
        return shown.image(audio, sample_rate)
