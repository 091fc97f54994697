"""Trains one small model from one seed in several ways, and prints a digest of all that training leaves behind.

Run as a program: `python -m tests.keras.training DIRECTORY`. The last line is JSON: way of training to its digest and
the warnings that were given. All ways share one process, whose determinism TensorFlow enforces.
"""

from __future__ import annotations

import hashlib
import json
import logging
import random
import resource
import shutil
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tensorboard_plugin_cnnviz import CNNVizCallback, Probe
from tensorboard_plugin_cnnviz.errors import CNNVizWarning
from tensorboard_plugin_cnnviz.warn import logger
from tests.keras.helpers import noise
from tests.small_disk import NotAllowedError, small_disk

layers = keras.layers
EPOCHS = 3
ERRORS = "file in the way, warnings are errors"


class CountsTraces(layers.Layer):
    """Its Python code runs when training is traced, and only then."""

    traces = 0

    def call(self, x: Any, training: bool = False) -> Any:
        CountsTraces.traces += bool(training)
        return x


def build() -> keras.Model:
    model = keras.Sequential(
        [
            keras.Input((12, 10, 1)),
            CountsTraces(),
            layers.GaussianNoise(0.1),
            layers.Conv2D(4, 3, name="conv"),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Dropout(0.3),
            layers.GlobalAveragePooling2D(),
            layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.01), "categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


class Between(keras.callbacks.Callback):
    """Does something to the log directory once epochs are written: epoch to what is done."""

    def __init__(self, logged: CNNVizCallback, acts: dict[int, Callable[[], None]]) -> None:
        super().__init__()
        self.logged = logged
        self.acts = acts

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        if epoch in self.acts:
            self.logged.flush()
            self.acts[epoch]()


def digest(model: keras.Model, history: Any) -> str:
    state = hashlib.sha256()
    for variable in [*model.variables, *model.optimizer.variables]:
        state.update(np.ascontiguousarray(variable.numpy()).tobytes())
    state.update(json.dumps(history.history).encode())
    # What the next draw of every source of randomness gives.
    state.update(np.random.random(4).tobytes())  # noqa: NPY002
    state.update(repr(random.random()).encode())
    state.update(tf.random.normal((4,)).numpy().tobytes())
    state.update(keras.random.normal((4,)).numpy().tobytes())
    return state.hexdigest()


def train(*callbacks: keras.callbacks.Callback) -> tuple[str, int]:
    keras.utils.clear_session()
    keras.utils.set_random_seed(7)
    model = build()
    x, y = noise(40, 12, 10, 1, seed=1), np.eye(3, dtype=np.float32)[np.arange(40) % 3]
    CountsTraces.traces = 0
    history = model.fit(x, y, batch_size=8, epochs=EPOCHS, validation_split=0.2, callbacks=[*callbacks], verbose=0)
    return digest(model, history), CountsTraces.traces


def fill_up() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))


def main(root: Path) -> dict[str, Any]:
    audio = {"audio": noise(999) / 9, "sample_rate": 333, "input_axes": ("time", "frequency", "channel")}
    probes = [Probe(n, noise(3, 12, 10, 1), [(i, i + 1) for i in range(3)], **audio) for n in ("one", "two")]

    def logged(name: str, **options: Any) -> list[keras.callbacks.Callback]:
        return [CNNVizCallback(root / name, probes, **options)]

    def disturbed(name: str, act: Callable[[], None]) -> list[keras.callbacks.Callback]:
        callback = CNNVizCallback(root / name, probes)
        return [callback, Between(callback, {0: act})]

    def put_file_in_the_way() -> None:
        bundles = root / "replaced" / "cnnviz" / "plugins" / "cnnviz"
        shutil.rmtree(bundles)
        bundles.write_text("a file")

    ways: dict[str, list[keras.callbacks.Callback]] = {
        "plain": [],
        "plain again": [],
        "logged": logged("logged"),
        "every batch": logged("batches", update_freq=1),
        "directory removed": disturbed("removed", lambda: shutil.rmtree(root / "removed" / "cnnviz")),
        ERRORS: disturbed("replaced", put_file_in_the_way),
        "file too large": disturbed("full", fill_up),
    }
    results = {way: run(way, callbacks) for way, callbacks in ways.items()}
    (root / "disk").mkdir()
    try:
        with small_disk(root / "disk", 200_000) as disk:
            callback = CNNVizCallback(disk.path, probes)
            results["disk full"] = run("disk full", [callback, Between(callback, {0: disk.fill, 1: disk.empty})])
            shutil.copytree(disk.path / "cnnviz", root / "copied" / "cnnviz")
    except NotAllowedError as error:
        results["disk full"] = {"skipped": str(error)}
    return results


def run(way: str, callbacks: list[keras.callbacks.Callback]) -> dict[str, Any]:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    told: list[str] = []
    heard = logging.Handler()
    heard.emit = lambda record: told.append(record.getMessage())  # type: ignore[method-assign]
    logger.addHandler(heard)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("error" if way == ERRORS else "always", CNNVizWarning)
        state, traces = train(*callbacks)
    logger.removeHandler(heard)
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    told += [str(each.message) for each in caught if issubclass(each.category, CNNVizWarning)]
    return {"state": state, "traces": traces, "told": told}


if __name__ == "__main__":
    tf.config.experimental.enable_op_determinism()
    print(json.dumps(main(Path(sys.argv[1]))))
