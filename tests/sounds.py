"""Sounds and reference features that several tests share."""

from __future__ import annotations

import librosa
import numpy as np

RATE = 22050


def noise(seconds: float = 3.0, sample_rate: int = RATE, seed: int = 0) -> np.ndarray:
    samples = np.random.default_rng(seed).normal(size=round(seconds * sample_rate)) * 0.1
    return samples.astype(np.float32)


def log_mel_by_librosa(sound: np.ndarray, *, floor: float = 1e-5, **options: float) -> np.ndarray:
    """The documented formula, of mono sound at the features' own rate."""
    settings = {"sr": RATE, "n_fft": 1024, "hop_length": 512, "n_mels": 128, "fmin": 0.0, "fmax": RATE / 2} | options
    return np.log(np.maximum(librosa.feature.melspectrogram(y=sound, power=1.0, **settings), floor))
