"""What is trained on and watched in the end-to-end tests: known to the log's writer and to the reference alike.

Nothing of the plugin is imported.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

# The log-mel features of LogMel, but for the floor.
RATE, N_FFT, HOP, N_MELS, WINDOW, WINDOW_HOP, FLOOR = 22050, 1024, 512, 128, 43, 4, 1e-2
SECONDS = 3.0
EPOCHS = 3
RUN = "trained/cnnviz"
STEPS = (-1, *range(EPOCHS))
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


class Clip(NamedTuple):
    name: str
    label: str | None
    detail: str


CLIPS = (
    Clip("violin", "violin", "windows"),
    Clip("rising tone", None, "windows"),
    Clip("piano", "piano", "strip"),
    Clip("flute", "flute", "strip"),
    Clip("cello", "cello", "summary"),
)
# Logged from arrays: no sound, no spectrogram.
SILENT_CLIP = "no sound"


def rising_tone() -> np.ndarray:
    """A sweep from 200 Hz to 6 kHz in 2 s, then near silence: neither its seconds nor its Hz can be mirrored unseen."""
    seconds = np.arange(round(SECONDS * RATE)) / RATE
    octaves = np.log2(6000 / 200) / 2
    phase = 2 * np.pi * 200 * (2 ** (octaves * seconds) - 1) / (octaves * np.log(2))
    noise = 1e-4 * np.random.default_rng(0).normal(size=len(seconds))
    return np.where(seconds < 2, 0.8 * np.sin(phase), 0.0).astype(np.float32) + noise.astype(np.float32)
