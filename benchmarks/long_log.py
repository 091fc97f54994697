"""Runs of a thousand steps in a moment: records as the package writes them, bundles hard links to ten real ones."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import msgspec
import numpy as np

from tensorboard_plugin_cnnviz import Response, SummaryWriter
from tensorboard_plugin_cnnviz.bundle import DIRECTORY, file_name
from tensorboard_plugin_cnnviz.events import EventWriter
from tensorboard_plugin_cnnviz.leftovers import find_unrecorded
from tensorboard_plugin_cnnviz.records import create_record

from .panel.logs import CLASSES, WINDOWS, clip, maps

CLIPS = ("first", "second")
# Rows, columns, filters: as conv2, conv6 and a larger conv8 of the model of the field.
LAYERS = {"wide": (132, 47, 32), "deep": (20, 10, 256), "many": (10, 7, 512)}


def write_real(run: Path, *, steps: int, layers: Mapping[str, tuple[int, int, int]] = LAYERS) -> None:
    """A run each of whose steps has arrays of its own."""
    base = {name: maps(*shape) for name, shape in layers.items()}
    scores = np.random.default_rng(0).random((WINDOWS, len(CLASSES))).astype(np.float32)
    with SummaryWriter(run, [clip(name) for name in CLIPS], class_names=CLASSES, max_disk="100GB") as writer:
        for step in range(steps):
            told = {name: np.roll(array, (step, 3 * step), (0, 3)) * (1 + step) for name, array in base.items()}
            writer.write(step, [Response(name, told, scores) for name in CLIPS])


def write_long(real: Path, folder: Path, *, runs: int, steps: int) -> list[str]:
    """Runs of so many steps, all alike but for their names, which are returned, from the run of `write_real`."""
    names = [f"run{number:03d}/cnnviz" for number in range(runs)]
    bundles = find_unrecorded(real / DIRECTORY, frozenset())
    first = folder / names[0]
    (first / DIRECTORY).mkdir(parents=True)
    records = EventWriter(first)
    links = {probes.name: probes for probes in (real / DIRECTORY).glob("probes-*.zip")}
    for step in range(steps):
        record = bundles[step % len(bundles)].record
        assert record.bundle is not None
        file = file_name(step)
        links[file] = real / DIRECTORY / record.bundle.file
        logs = {"loss": 2 / (step + 2), "val_loss": 2.2 / (step + 2), "accuracy": 1 - 1 / (step + 2)}
        bundle = msgspec.structs.replace(record.bundle, file=file)
        own = msgspec.structs.replace(record, bundle=bundle, epoch=step, logs=logs)
        records.write(step, create_record(own), wall_time=bundles[0].wall_time + step)
    records.close()
    events = [path for path in first.iterdir() if path.is_file()]
    for name in names:
        (folder / name / DIRECTORY).mkdir(parents=True, exist_ok=True)
        for file, target in links.items():
            os.link(target, folder / name / DIRECTORY / file)
        if name != names[0]:
            for path in events:
                shutil.copy(path, folder / name)
    return names
