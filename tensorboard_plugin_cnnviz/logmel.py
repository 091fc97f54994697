"""Log-mel windows: the features of the field's model.

Conventions. STFT frame `f` is centred at `f * hop_length / sample_rate` seconds. A window that starts at frame `f`
begins half a hop earlier, at `(f - 1/2) * hop_length / sample_rate`: the first one before 0.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .audio import at_rate, check_sample_rate, to_mono
from .errors import CNNVizError
from .features import AXES, SpectrogramImage, Times, check_axes


@dataclass(frozen=True)
class LogMel:
    """Log-mel windows as in Han, Kim and Lee (2016).

    The sound is made mono, resampled to `sample_rate` and divided by its largest magnitude over the clip. Then, with
    librosa's centred STFT (Hann, zeros beyond the ends) and its mel filters,
    `values = ln(max(mel @ |STFT|, floor) / reference)`: the natural logarithm of magnitudes, not of powers.

    Args:
        sample_rate: Hz; the sound is resampled to it.
        n_fft: samples of an STFT frame.
        hop_length: samples from one STFT frame to the next.
        n_mels: mel bands, the rows.
        window: STFT frames of one model input; None makes the whole clip one window.
        window_hop: STFT frames from one window to the next.
        fmin: lowest frequency in Hz.
        fmax: highest frequency in Hz; None is half the sample rate.
        floor: smallest mel magnitude, above 0; quieter cells have this value.
        reference: the mel magnitude whose value is 0. With `reference=floor` silence is 0, as it is in zero padding.
        normalise: divide the clip by its largest magnitude first.
        axes: order of the axes of one model input; "channel" (of size 1) may be left out.

    Raises:
        CNNVizError: an option outside its range.
    """

    sample_rate: int = 22050
    _: KW_ONLY
    n_fft: int = 1024
    hop_length: int = 512
    n_mels: int = 128
    window: int | None = 43
    window_hop: int = 4
    fmin: float = 0.0
    fmax: float | None = None
    floor: float = 1e-5
    reference: float = 1.0
    normalise: bool = True
    axes: tuple[str, ...] = AXES

    def __post_init__(self) -> None:
        object.__setattr__(self, "sample_rate", check_sample_rate(self.sample_rate))
        object.__setattr__(self, "axes", check_axes(self.axes))
        for option in ("n_fft", "hop_length", "n_mels", "window", "window_hop"):
            value = getattr(self, option)
            if not (option == "window" and value is None) and (not isinstance(value, (int, np.integer)) or value < 1):
                raise CNNVizError(f"{option} is {value!r}; give a whole number of at least 1")
        nyquist = self.sample_rate / 2
        if not 0 <= self.fmin < self._highest <= nyquist:
            raise CNNVizError(
                f"fmin is {self.fmin} and fmax is {self._highest} Hz; 0 <= fmin < fmax <= {nyquist} must hold"
            )
        for option in ("floor", "reference"):
            value = getattr(self, option)
            if not 0 < value < np.inf:
                raise CNNVizError(f"{option} is {value}; give a magnitude above 0, such as 1e-5")
        if not {"time", "frequency"} <= set(self.axes):
            raise CNNVizError(f"axes is {self.axes}; it must name 'time' and 'frequency', and may name 'channel'")

    @property
    def input_axes(self) -> tuple[str, ...]:
        """Order of the axes of one model input."""
        return self.axes

    @property
    def _highest(self) -> float:
        return self.sample_rate / 2 if self.fmax is None else self.fmax

    def spectrogram(self, audio: ArrayLike, sample_rate: int) -> NDArray[np.float32]:
        """Compute the log-mel values of the whole clip.

        Args:
            audio: sound as in `Probe.from_audio`.
            sample_rate: its rate in Hz.

        Returns:
            float32 `[n_mels, frames]`, row 0 the lowest band; at `sample_rate`, `frames = 1 + samples // hop_length`.

        Raises:
            CNNVizError: the sound is empty or not finite.
        """
        import librosa

        mono = at_rate(to_mono(audio), check_sample_rate(sample_rate), self.sample_rate, normalise=self.normalise)
        frames = 1 + len(mono) // self.hop_length
        # Zeros at the end are what centring pads with anyway; librosa warns of a clip shorter than one frame.
        padded = np.pad(mono, (0, max(0, self.n_fft - len(mono))))
        mel = librosa.feature.melspectrogram(
            y=padded,
            sr=self.sample_rate,
            n_fft=self.n_fft,
            hop_length=self.hop_length,
            n_mels=self.n_mels,
            fmin=self.fmin,
            fmax=self._highest,
            power=1.0,
            center=True,
            pad_mode="constant",
        )
        values: NDArray[np.float32] = np.log(np.maximum(mel[:, :frames], self.floor) / self.reference).astype(
            np.float32
        )
        return values

    def windows(self, audio: ArrayLike, sample_rate: int) -> tuple[NDArray[np.float32], Times]:
        """Cut the sound into model inputs, also for making training data.

        Args:
            audio: sound as in `Probe.from_audio`.
            sample_rate: its rate in Hz.

        Returns:
            inputs: float32 `[windows, *axes]`; time has `window` frames, frequency `n_mels` bands, channel 1.
            times: float64 `[windows, 2]`, start and end of each window in seconds.
            A rest shorter than a window is left out.

        Raises:
            CNNVizError: the sound is empty or not finite, or shorter than one window.
        """
        values = self.spectrogram(audio, sample_rate)
        length = values.shape[1] if self.window is None else self.window
        if values.shape[1] < length:
            lasts, needs = (frames * self.hop_length / self.sample_rate for frames in (values.shape[1] - 1, length - 1))
            raise CNNVizError(
                f"audio is too short: it has {values.shape[1]} frames (about {lasts:.3f} s), and one window of "
                f"{length} frames needs at least {needs:.3f} s; give a longer clip or a smaller window"
            )
        cut = np.lib.stride_tricks.sliding_window_view(values, length, axis=1)[:, :: self.window_hop]
        by_name = cut[..., np.newaxis] if "channel" in self.axes else cut
        names = ("frequency", "windows", "time", "channel")
        inputs = np.ascontiguousarray(by_name.transpose([names.index(axis) for axis in ("windows", *self.axes)]))
        first = np.arange(len(inputs)) * self.window_hop
        return inputs, self._edges(np.stack([first, first + length], axis=1))

    def image(self, audio: ArrayLike, sample_rate: int) -> SpectrogramImage:
        """Give the log-mel spectrogram of the whole clip, with the centres of the mel bands in Hz."""
        import librosa

        values = self.spectrogram(audio, sample_rate)
        start, end = self._edges(np.array([0, values.shape[1]])).tolist()
        hertz = librosa.mel_frequencies(n_mels=self.n_mels + 2, fmin=self.fmin, fmax=self._highest)[1:-1]
        return SpectrogramImage(values, (start, end), tuple(hertz.tolist()), title="log-mel", unit="ln")

    def _edges(self, frames: NDArray[Any]) -> Times:
        edges: Times = (frames - 0.5) * self.hop_length / self.sample_rate
        return edges


def overview(audio: ArrayLike, sample_rate: int, *, at: int) -> SpectrogramImage:
    """Give a log-mel spectrogram of a whole clip for the eye, at the rate `at`, in frames of about 46 ms."""
    # A fixed number of samples would leave mel bands without a single STFT bin at high sample rates, and a fixed number
    # of bands at low ones.
    n_fft = max(16, 2 ** round(np.log2(at * 1024 / 22050)))
    shown = LogMel(at, n_fft=n_fft, hop_length=n_fft // 2, n_mels=min(128, n_fft // 4), window=None)
    return shown.image(audio, sample_rate)
