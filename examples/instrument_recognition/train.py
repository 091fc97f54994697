"""Train an instrument recogniser and watch every filter of it hear the probes, in TensorBoard's CNN Audio tab.

`python examples/instrument_recognition/train.py --logdir logs`, and beside it `tensorboard --logdir logs`.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import irmas
import keras
import rendered
from clips import CLASSES
from evaluation import evaluate
from features import make_windows
from model import build_model
from probes import make_probes
from report import report

from tensorboard_plugin_cnnviz import CNNVizCallback


def main() -> None:
    """Train, with the probes logged after every epoch, and print how well excerpts of several instruments are told."""
    options = parse_options()
    run = options.logdir / time.strftime("%Y%m%d-%H%M%S")
    keras.utils.set_random_seed(options.seed)

    data = irmas.load(options.irmas) if options.irmas else rendered.load()
    # The first LogMel loads librosa and compiles; within a bar, that would be taken for the time of every clip.
    probes = make_probes(data)
    training = make_windows(data.training, title="Training windows")
    validation = make_windows(data.validation, title="Validation windows")

    model = build_model(classes=len(CLASSES), leaky=options.leaky)
    model.compile(
        optimizer=keras.optimizers.Adam(1e-3),
        loss="binary_crossentropy",
        metrics=[keras.metrics.CategoricalAccuracy(name="accuracy")],
    )
    model.fit(
        *training,
        batch_size=options.batch_size or (128 if options.irmas else 32),
        epochs=options.epochs,
        validation_data=validation,
        verbose="auto" if sys.stdout.isatty() else 2,
        callbacks=[
            keras.callbacks.TensorBoard(run),
            CNNVizCallback(run, probes, class_names=CLASSES),
            keras.callbacks.EarlyStopping(patience=options.patience, restore_best_weights=True),
        ],
    )
    accuracy = model.evaluate(*validation, verbose=0, return_dict=True)["accuracy"]
    print(f"Validation accuracy: {accuracy:.2f} ({len(CLASSES)} classes, chance is {1 / len(CLASSES):.2f})")
    model.save(run / "model.keras")
    print(report(evaluate(model, data.test), data=data.name, excerpts=len(data.test)))


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Train an instrument recogniser with the CNN Audio tab.")
    parser.add_argument("--logdir", type=Path, default=Path("logs"), help="TensorBoard's folder; each run adds its own")
    parser.add_argument("--irmas", type=Path, metavar="DIR", help="learn from IRMAS, downloaded to DIR (see README.md)")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--batch-size", type=int, help="default: 128 with IRMAS, 32 with the few rendered phrases")
    parser.add_argument("--patience", type=int, default=5, help="epochs without a lower validation loss before the end")
    parser.add_argument("--seed", type=int, default=0, help="of the weights and of the order of the training data")
    parser.add_argument("--leaky", action="store_true", help="LeakyReLU instead of ReLU")
    return parser.parse_args()


if __name__ == "__main__":
    try:
        main()
    except irmas.IRMASError as error:
        sys.exit(f"train.py: {error}")
