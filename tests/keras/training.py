"""Trains one small model from one seed in several ways, and prints a digest of all that training leaves behind.

Run as a program: `python -m tests.keras.training DIRECTORY`. The last line is JSON: way of training to its digest and
the warnings that were given. All ways share one process, whose determinism TensorFlow enforces and whose CPU counts for
two devices.
"""

from __future__ import annotations

import contextlib
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
PROBES = ("one", "two")
ERRORS = "file in the way, warnings are errors"
# How training can be run: what `compile` is given beside the rest. Each is a row of the table of models.
HOW: dict[str, dict[str, Any]] = {
    "run_eagerly": {"run_eagerly": True},
    "jit_compile": {"jit_compile": True},
    "steps_per_execution": {"steps_per_execution": 2},
    "MirroredStrategy": {},
    "model that builds on its first batch": {},
}


@keras.saving.register_keras_serializable()
class CountsTraces(layers.Layer):
    """Its Python code runs when training is traced, and only then."""

    traces = 0

    def call(self, x: Any, training: bool = False) -> Any:
        CountsTraces.traces += bool(training)
        return x


def build(how: str | None = None) -> keras.Model:
    stack = [
        CountsTraces(name="counts"),
        layers.GaussianNoise(0.1),
        layers.Conv2D(4, 3, name="conv"),
        layers.BatchNormalization(),
        layers.ReLU(name="relu"),
        layers.Dropout(0.3),
        layers.GlobalAveragePooling2D(),
        layers.Dense(3, activation="softmax", name="out"),
    ]
    with_input = how != "model that builds on its first batch"
    model = keras.Sequential([*([keras.Input((12, 10, 1))] if with_input else []), *stack])
    options = {"jit_compile": False, **HOW.get(how or "", {})}
    model.compile(keras.optimizers.Adam(0.01), "categorical_crossentropy", metrics=["accuracy"], **options)
    return model


class Saves(keras.callbacks.Callback):
    """Saves the model at each step that is logged."""

    def __init__(self, directory: Path) -> None:
        super().__init__()
        self.directory = directory

    def on_train_begin(self, logs: Any = None) -> None:
        if self.model.built:
            self.model.save(self.directory / "-1.keras")

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.model.save(self.directory / f"{epoch}.keras")


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


def digest(model: keras.Model, *told: Any) -> str:
    state = hashlib.sha256()
    for variable in [*model.variables, *model.optimizer.variables]:
        state.update(np.ascontiguousarray(variable.numpy()).tobytes())
    state.update(json.dumps([model.to_json(), *told]).encode())
    # What the next draw of every source of randomness gives.
    state.update(np.random.random(4).tobytes())  # noqa: NPY002
    state.update(repr(random.random()).encode())
    state.update(tf.random.normal((4,)).numpy().tobytes())
    state.update(keras.random.normal((4,)).numpy().tobytes())
    return state.hexdigest()


def train(*callbacks: keras.callbacks.Callback, how: str | None = None) -> tuple[str, int]:
    """Train with the callbacks, evaluate, train on without; gives the digest of it all and how often it was traced."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(7)
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]) if how == "MirroredStrategy" else None
    with strategy.scope() if strategy else contextlib.nullcontext():
        model = build(how)
    x, y = noise(40, 12, 10, 1, seed=1), np.eye(3, dtype=np.float32)[np.arange(40) % 3]
    options: dict[str, Any] = {"batch_size": 8, "validation_split": 0.2, "verbose": 0}
    CountsTraces.traces = 0
    history = model.fit(x, y, epochs=EPOCHS, callbacks=[*callbacks], **options).history
    evaluated = model.evaluate(x, y, verbose=0)
    further = model.fit(x, y, initial_epoch=EPOCHS, epochs=EPOCHS + 1, **options).history
    return digest(model, history, evaluated, further), CountsTraces.traces


def probe_inputs(number: int) -> np.ndarray:
    return noise(3, 12, 10, 1, seed=number)


def fill_up() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))


def main(root: Path) -> dict[str, Any]:
    audio: dict[str, Any] = {
        "audio": noise(999) / 9,
        "sample_rate": 333,
        "input_axes": ("time", "frequency", "channel"),
    }
    times = [(i, i + 1) for i in range(3)]
    probes = [Probe(name, probe_inputs(number), times, **audio) for number, name in enumerate(PROBES)]

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
    for how in HOW:
        (root / how).mkdir()
        results[f"{how}, plain"] = run(how, [], how)
        results[how] = run(how, [Saves(root / how), *logged(how)], how)
    (root / "disk").mkdir()
    try:
        with small_disk(root / "disk", 200_000) as disk:
            callback = CNNVizCallback(disk.path, probes)
            results["disk full"] = run("disk full", [callback, Between(callback, {0: disk.fill, 1: disk.empty})])
            shutil.copytree(disk.path / "cnnviz", root / "copied" / "cnnviz")
    except NotAllowedError as error:
        results["disk full"] = {"skipped": str(error)}
    return results


def run(way: str, callbacks: list[keras.callbacks.Callback], how: str | None = None) -> dict[str, Any]:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    told: list[str] = []
    heard = logging.Handler()
    heard.emit = lambda record: told.append(record.getMessage())  # type: ignore[method-assign]
    logger.addHandler(heard)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("error" if way == ERRORS else "always", CNNVizWarning)
        state, traces = train(*callbacks, how=how)
    logger.removeHandler(heard)
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    told += [str(each.message) for each in caught if issubclass(each.category, CNNVizWarning)]
    return {"state": state, "traces": traces, "told": told}


if __name__ == "__main__":
    tf.config.experimental.enable_op_determinism()
    (cpu,) = tf.config.list_physical_devices("CPU")
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    print(json.dumps(main(Path(sys.argv[1]))))
