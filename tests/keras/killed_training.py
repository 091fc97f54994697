"""A training that is killed, as the system kills, in the middle of an epoch.

``python -m tests.keras.killed_training DIRECTORY UPDATE_FREQ CALLBACK...`` trains with the callbacks named, in that
order, and dies after the second batch of epoch 3.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np

from tensorboard_plugin_cnnviz import CNNVizCallback
from tests.dying_writer import die
from tests.keras.helpers import noise, probe_of
from tests.models import tiny_model as build

BATCHES = 3
SHAPE = (8, 6, 1)
X, Y = noise(4 * BATCHES, *SHAPE, seed=5), np.eye(2, dtype=np.float32)[np.arange(4 * BATCHES) % 2]
PROBE = probe_of(noise(3, *SHAPE), ("time", "frequency", "channel"))


def train(directory: Path, update_freq: str, *names: str, dies: bool = False) -> None:
    frequency = "epoch" if update_freq == "epoch" else int(update_freq)
    cnnviz = CNNVizCallback(directory, [PROBE], update_freq=frequency)
    made = {"cnnviz": cnnviz, "backup": keras.callbacks.BackupAndRestore(directory / "backup")}
    callbacks = [made[name] for name in names] + [Dies(cnnviz)] * dies
    build().fit(X, Y, batch_size=4, epochs=5, verbose=0, callbacks=callbacks)


class Dies(keras.callbacks.Callback):
    def __init__(self, cnnviz: CNNVizCallback) -> None:
        super().__init__()
        self._cnnviz, self._epoch = cnnviz, 0

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        if (self._epoch, batch) == (3, 1):
            self._cnnviz.flush()
            die()


def start(directory: Path, update_freq: str, *names: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", __name__, str(directory), update_freq, *names]
    return subprocess.Popen(command, env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"})


if __name__ == "__main__":
    train(Path(sys.argv[1]), *sys.argv[2:], dies=True)
