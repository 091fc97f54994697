"""Sound as it comes (files, arrays of any kind) to checked mono float32.

Conventions. Mono sound is float32 `[samples]`, full scale -1 to 1, with its sample rate in Hz. Several
channels are averaged.
"""

from __future__ import annotations

import warnings
from os import PathLike
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .errors import CNNVizError

Mono: TypeAlias = NDArray[np.float32]

_FULL_SCALE = {np.dtype(np.int8): 2.0**7, np.dtype(np.int16): 2.0**15, np.dtype(np.int32): 2.0**31}


def read_mono(path: str | PathLike[str]) -> tuple[Mono, int]:
    """Read any file that soundfile or librosa reads.

    Returns:
        Mono float32 `[samples]` at the file's own sample rate, and that rate in Hz.

    Raises:
        CNNVizError: the file is missing or cannot be decoded, or its sound is empty, silent or not finite.
    """
    file = Path(path).expanduser()
    if not file.exists():
        raise CNNVizError(f"{str(file)!r} does not exist; give the path of a sound file")
    if not file.is_file():
        raise CNNVizError(f"{str(file)!r} is not a file; give the path of a sound file")
    samples, sample_rate = _decode(file)
    try:
        return sounding(to_mono(samples)), check_sample_rate(sample_rate)
    except CNNVizError as error:
        raise CNNVizError(f"{str(file)!r}: {error}") from error


def to_mono(audio: ArrayLike) -> Mono:
    """Average the channels and scale integer samples to -1 to 1.

    Args:
        audio: `[samples]`, `[channels, samples]` (librosa's order) or `[samples, channels]` (soundfile's); of two axes
            the shorter is taken for the channels. Floating point, or 8, 16 or 32 bit integers (uint8 is centred at
            128).

    Returns:
        float32 `[samples]`; sound louder than full scale stays so.

    Raises:
        CNNVizError: another shape or type; empty, NaN or infinite sound.
    """
    samples = _to_float(np.asarray(audio))
    if samples.ndim not in (1, 2):
        raise CNNVizError(
            f"audio has shape {samples.shape}; give [samples], [channels, samples] or [samples, channels]"
        )
    if not samples.size:
        raise CNNVizError(f"audio is empty (shape {samples.shape}); give at least one window of sound")
    if samples.ndim == 2:
        samples = samples.mean(axis=int(np.argmin(samples.shape)), dtype=np.float64)
    with np.errstate(over="ignore"):
        mono = samples.astype(np.float32)
    finite = np.isfinite(mono)
    if not finite.all():
        first = int(np.argmin(finite))
        count = np.count_nonzero(~finite)
        told = "1 sample that is" if count == 1 else f"{count} samples that are"
        raise CNNVizError(
            f"audio has {told} NaN or infinite, the first at sample {first}; repair the clip or choose another"
        )
    return mono


def sounding(mono: Mono) -> Mono:
    """Give the sound itself, or say that it is silence, of which nothing can be seen."""
    if not mono.any():
        raise CNNVizError("audio is silent: every sample is 0; choose a clip with sound")
    return mono


def check_sample_rate(sample_rate: Any) -> int:
    """Give the sample rate as a whole number of Hz, or say why it is none."""
    try:
        rate = int(sample_rate)
    except (TypeError, ValueError, OverflowError):
        rate = 0
    if rate < 1 or rate != sample_rate or isinstance(sample_rate, bool):
        raise CNNVizError(f"sample_rate is {sample_rate!r}; give a whole number of Hz, such as 22050")
    return rate


def at_rate(mono: Mono, sample_rate: int, wanted: int, *, normalise: bool) -> Mono:
    """Resample (soxr, high quality) to `wanted` Hz; `normalise` then divides by the largest magnitude."""
    if sample_rate != wanted:
        import librosa

        mono = librosa.resample(mono, orig_sr=sample_rate, target_sr=wanted)
    peak = np.abs(mono).max(initial=0.0)
    # Sound of a few samples, or above the new Nyquist frequency alone, may be gone after resampling.
    return mono / peak if normalise and peak > 0 else mono


def _decode(file: Path) -> tuple[NDArray[Any], int]:
    import soundfile

    try:
        samples, sample_rate = soundfile.read(file, dtype="float32", always_2d=True)
        return samples.mean(axis=1), sample_rate
    except (soundfile.SoundFileError, OSError, RuntimeError, TypeError) as unread:
        import librosa

        try:
            # librosa announces each of its own fallbacks; what matters is whether one of them succeeds.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                samples, sample_rate = librosa.load(file, sr=None, mono=True)
        except Exception:
            raise CNNVizError(
                f"{str(file)!r} cannot be read as sound ({unread}); convert it to WAV or FLAC"
            ) from unread
        return samples, int(sample_rate)


def _to_float(samples: NDArray[Any]) -> NDArray[np.floating[Any]]:
    if np.issubdtype(samples.dtype, np.floating):
        return samples
    if samples.dtype == np.uint8:
        return (samples - 128.0) / 128.0
    if samples.dtype in _FULL_SCALE:
        return samples / _FULL_SCALE[samples.dtype]
    raise CNNVizError(
        f"audio has dtype {samples.dtype}, whose full scale is unknown; give floating point from -1 to 1, or int16"
    )
