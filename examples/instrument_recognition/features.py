"""How sound becomes what the model is fed: log-mel windows of a second, and labels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from clips import Clip, labels_of
from tqdm import tqdm

from tensorboard_plugin_cnnviz import LogMel

# Silence is 0, like the zeros that the model pads with.
_LOG_MEL = {"n_fft": 1024, "hop_length": 512, "n_mels": 128, "window": 43, "floor": 1e-2, "reference": 1e-2}
# The model learns from windows that stand side by side and is tested on windows that overlap by half; clips are
# watched densely, to follow the sound.
TRAINING = LogMel(22_050, window_hop=43, **_LOG_MEL)
TESTING = LogMel(22_050, window_hop=21, **_LOG_MEL)
WATCHING = LogMel(22_050, window_hop=4, **_LOG_MEL)


def make_windows(clips: Sequence[Clip], *, title: str) -> tuple[np.ndarray, np.ndarray]:
    """Cut clips into windows, float32 `[windows, time, mel, 1]`, with the labels of each, `[windows, classes]`."""
    windows = [TRAINING.windows(*clip.read())[0] for clip in tqdm(clips, desc=title, unit="clip")]
    labels = np.repeat(labels_of(clips), [len(cut) for cut in windows], axis=0)
    return np.concatenate(windows), labels.astype(np.float32)
