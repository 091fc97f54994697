"""What the network really computes, from the saved models and the sound alone: nothing of the plugin is imported.

`python -m tests.e2e.reference FOLDER` reads `FOLDER/models/<step>.keras` and `FOLDER/clips.npz` and writes
`FOLDER/reference/<step>/<clip>.npz` with the layers' activations `[filters, windows, frequency, time]` (row 0 the
lowest frequency) and `predictions` `[windows, classes]`, and `FOLDER/reference/features.npz` with each clip's log-mel
spectrogram `[frequency, frames]`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import keras
import librosa
import numpy as np

from .experiment import FLOOR, HOP, N_FFT, N_MELS, RATE, WINDOW, WINDOW_HOP

LAYERS = ("conv2", "conv5", "conv8", "dense")
PREDICTIONS_ONLY = ("flute",)


def log_mel(sound: np.ndarray) -> np.ndarray:
    sound = sound / np.abs(sound).max()
    magnitudes = np.abs(librosa.stft(sound, n_fft=N_FFT, hop_length=HOP, center=True, pad_mode="constant"))
    mel = librosa.filters.mel(sr=RATE, n_fft=N_FFT, n_mels=N_MELS, fmin=0, fmax=RATE / 2)
    return np.log(np.maximum(mel @ magnitudes, FLOOR)).astype(np.float32)


def windows(spectrogram: np.ndarray) -> np.ndarray:
    starts = range(0, spectrogram.shape[1] - WINDOW + 1, WINDOW_HOP)
    return np.stack([spectrogram[:, start : start + WINDOW].T[..., np.newaxis] for start in starts])


def by_filter(activations: np.ndarray) -> np.ndarray:
    if activations.ndim == 2:
        return activations.T[:, :, np.newaxis, np.newaxis]
    return activations.transpose(3, 0, 2, 1)


def main(folder: Path) -> None:
    with np.load(folder / "clips.npz") as sounds:
        spectrograms = {name: log_mel(sounds[name]) for name in sounds.files}
    (folder / "reference").mkdir()
    np.savez(folder / "reference" / "features.npz", **spectrograms)
    for path in (folder / "models").glob("*.keras"):
        trained = keras.models.load_model(path, compile=False)
        outputs = [trained.get_layer(name).output for name in LAYERS]
        model = keras.Model(trained.inputs, [*outputs, trained.outputs[0]])
        step = folder / "reference" / path.stem
        step.mkdir()
        for name, spectrogram in spectrograms.items():
            *activations, predictions = (np.asarray(value) for value in model.predict_on_batch(windows(spectrogram)))
            kept = {} if name in PREDICTIONS_ONLY else dict(zip(LAYERS, activations, strict=True))
            named = {layer: by_filter(value) for layer, value in kept.items()}
            np.savez(step / f"{name}.npz", predictions=predictions, **named)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
