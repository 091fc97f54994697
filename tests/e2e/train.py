"""Trains the example's model for a moment, with the callback, and keeps what `reference.py` needs to know better.

`python -m tests.e2e.train FOLDER` writes `FOLDER/logs` (what TensorBoard is given), `FOLDER/models/<step>.keras` (the
model at each logged step) and `FOLDER/clips.npz` (the probes' sound).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np

from tensorboard_plugin_cnnviz import CNNVizCallback, LogMel, Probe, log_model

from .experiment import CLASSES, CLIPS, EPOCHS, FLOOR, RATE, SILENT_CLIP, WINDOW, rising_tone

EXAMPLE = Path(__file__).parents[2] / "examples" / "instrument_recognition"


class SaveModels(keras.callbacks.Callback):
    """Saves the model as it is at each step that `CNNVizCallback` logs."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def on_train_begin(self, logs: Any = None) -> None:
        self.model.save(self._folder / "-1.keras")

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.model.save(self._folder / f"{epoch}.keras")


def main(folder: Path) -> None:
    sys.path.insert(0, str(EXAMPLE))
    from model import build_model
    from sounds import Phrases

    keras.utils.set_random_seed(1)
    splits = Phrases(training=3, validation=1).load(cache=folder)
    phrases = dict(zip(CLASSES, splits["probes"].audio, strict=True))
    sounds = {clip.name: rising_tone() if clip.name == "rising tone" else phrases[clip.name] for clip in CLIPS}
    np.savez(folder / "clips.npz", **sounds)

    features = LogMel(RATE, floor=FLOOR)
    probes = [
        Probe.from_audio(sounds[clip.name], RATE, features, name=clip.name, label=clip.label, detail=clip.detail)
        for clip in CLIPS
    ]
    like = probes[0]
    probes.append(Probe(SILENT_CLIP, like.inputs, like.times, input_axes=like.input_axes, detail="strip"))

    model = build_model(classes=len(CLASSES), leaky=True)
    model.compile("adam", "binary_crossentropy", metrics=[keras.metrics.CategoricalAccuracy(name="accuracy")])
    models = folder / "models"
    models.mkdir()
    model.fit(
        *windows(splits["training"]),
        validation_data=windows(splits["validation"]),
        epochs=EPOCHS,
        verbose=0,
        callbacks=[
            SaveModels(models),
            keras.callbacks.TensorBoard(folder / "logs" / "trained"),
            CNNVizCallback(folder / "logs" / "trained", probes, class_names=CLASSES),
        ],
    )
    log_model(model, probes[:1], folder / "logs" / "once", class_names=CLASSES)


def windows(split: Any) -> tuple[np.ndarray, np.ndarray]:
    features = LogMel(RATE, floor=FLOOR, window_hop=WINDOW)
    cut = [features.windows(audio, RATE)[0] for audio in split.audio]
    labels = np.repeat(split.labels, [len(each) for each in cut])
    return np.concatenate(cut), keras.utils.to_categorical(labels, len(CLASSES))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
