"""Runs whose training curves are looked at: one with all kinds of scalars beside it, and one that is logged by batches.

`python -m tests.e2e.curve_runs FOLDER` trains the second, with Keras's own TensorBoard callback beside ours.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from tensorboard_plugin_cnnviz import SummaryWriter
from tests.server.conftest import write_scalars

from .arrays import CLASSES, probes, responses

RUN = "curves/cnnviz"
STEPS = (-1, 0, 1, 2, 4)
RATES = {step: 0.1 / (step + 1) for step in range(5)}
NORM = "gradients/global norm, before it is clipped to one"
# Counts examples, which have no place on an axis of epochs.
EXAMPLES = "examples per second"

BY_BATCHES = "batches/cnnviz"
UPDATE_FREQ, BATCHES, EPOCHS = 2, 3, 2
# Of each epoch the last batch that was logged.
LAST_BATCHES = (2, 6)
BATCH_STEPS = (-1, 2, 4, 6)


def write_curves(logdir: Path) -> None:
    with SummaryWriter(logdir / RUN, probes(), class_names=CLASSES) as writer:
        for step in STEPS:
            logs = {} if step < 0 else {"loss": 1 / (step + 2), "val_loss": 2 / (step + 2), "accuracy": step / 8}
            writer.write(step, responses(step), logs=logs)
    beside = (logdir / RUN).parent
    write_scalars(beside / "metrics", "learning rate", RATES)
    write_scalars(beside / "train", NORM, {step: float(step) for step in RATES})
    write_scalars(beside / "train", "batch_loss", dict.fromkeys(range(5), 1.0))
    write_scalars(beside / "train", EXAMPLES, dict.fromkeys(range(0, 500, 100), 32.0))


def train_by_batches(directory: Path) -> None:
    import keras

    from tensorboard_plugin_cnnviz import CNNVizCallback, Probe
    from tests.models import tiny_model

    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(2 * BATCHES, 8, 6, 1)).astype(np.float32)
    labels = np.eye(2, dtype=np.float32)[np.arange(len(inputs)) % 2]
    starts = 0.25 * np.arange(len(inputs))
    probe = Probe("clip", inputs, np.stack([starts, starts + 0.5], axis=1))
    keras.utils.set_random_seed(0)
    tiny_model().fit(
        inputs,
        labels,
        validation_data=(inputs, labels),
        batch_size=2,
        epochs=EPOCHS,
        verbose=0,
        callbacks=[
            keras.callbacks.TensorBoard(directory.parent),
            CNNVizCallback(directory.parent, [probe], update_freq=UPDATE_FREQ),
        ],
    )


if __name__ == "__main__":
    train_by_batches(Path(sys.argv[1]) / BY_BATCHES)
