"""Train an instrument recogniser and watch every filter of it hear the probes, in TensorBoard's CNN Audio tab.

`python examples/instrument_recognition/train.py --logdir logs`, and beside it `tensorboard --logdir logs`.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import keras
import numpy as np
from model import build_model
from sounds import CLASSES, Phrases, Split
from tqdm import tqdm

from tensorboard_plugin_cnnviz import CNNVizCallback, LogMel, Probe

# Silence is 0, like the zeros that the model pads with. The model learns from three windows of a second per phrase;
# probes are cut alike, but densely, to follow the sound.
LOG_MEL = {"n_fft": 1024, "hop_length": 512, "n_mels": 128, "window": 43, "floor": 1e-2, "reference": 1e-2}
TRAINING = LogMel(22_050, window_hop=43, **LOG_MEL)
WATCHING = LogMel(22_050, window_hop=4, **LOG_MEL)

# Windows keep every map of every window; strips are a seventh of the size, and still move with the sound.
IN_FULL_DETAIL = {"clarinet", "piano", "violin"}


def main() -> None:
    """Train, with the probes logged after every epoch, and print the validation accuracy."""
    options = parse_options()
    run = options.logdir / time.strftime("%Y%m%d-%H%M%S")
    keras.utils.set_random_seed(options.seed)

    phrases = Phrases()
    splits = phrases.load()
    # The first LogMel loads librosa and compiles; within a bar, that would be taken for the time of every phrase.
    probes = make_probes(splits["probes"], phrases.sample_rate)
    training = make_windows(splits["training"], phrases.sample_rate, title="Training windows")
    validation = make_windows(splits["validation"], phrases.sample_rate, title="Validation windows")

    model = build_model(classes=len(CLASSES), leaky=options.leaky)
    model.compile(
        optimizer=keras.optimizers.Adam(1e-3),
        loss="binary_crossentropy",
        metrics=[keras.metrics.CategoricalAccuracy(name="accuracy")],
    )
    model.fit(
        *training,
        batch_size=32,
        epochs=options.epochs,
        validation_data=validation,
        verbose="auto" if sys.stdout.isatty() else 2,
        callbacks=[
            keras.callbacks.TensorBoard(run),
            CNNVizCallback(run, probes, class_names=CLASSES),
        ],
    )
    accuracy = model.evaluate(*validation, verbose=0, return_dict=True)["accuracy"]
    print(f"Validation accuracy: {accuracy:.2f} ({len(CLASSES)} classes, chance is {1 / len(CLASSES):.2f})")


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Train an instrument recogniser with the CNN Audio tab.")
    parser.add_argument("--logdir", type=Path, default=Path("logs"), help="TensorBoard's folder; each run adds its own")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--seed", type=int, default=0, help="of the weights and of the order of the training data")
    parser.add_argument("--leaky", action="store_true", help="LeakyReLU instead of ReLU")
    return parser.parse_args()


def make_windows(split: Split, sample_rate: int, *, title: str) -> tuple[np.ndarray, np.ndarray]:
    """Cut phrases into log-mel windows `[windows, time, mel, 1]` and their one-hot labels `[windows, classes]`."""
    windows = [TRAINING.windows(audio, sample_rate)[0] for audio in tqdm(split.audio, desc=title, unit="phrase")]
    labels = np.repeat(split.labels, [len(cut) for cut in windows])
    return np.concatenate(windows), keras.utils.to_categorical(labels, len(CLASSES))


def make_probes(split: Split, sample_rate: int) -> list[Probe]:
    """Make one probe of each held-out phrase."""
    probes = []
    for audio, label in zip(split.audio, split.labels, strict=True):
        name = CLASSES[label]
        detail = "windows" if name in IN_FULL_DETAIL else "strip"
        probes.append(Probe.from_audio(audio, sample_rate, WATCHING, name=name, label=name, detail=detail))
    return probes


if __name__ == "__main__":
    main()
