"""Small runs to write, and what stands in them."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader

from tensorboard_plugin_cnnviz import Probe, Response, records

WINDOWS = 4
TIMES = np.stack([np.arange(WINDOWS) * 0.5, np.arange(WINDOWS) * 0.5 + 1], axis=1)
RANDOM = np.random.default_rng(1)


def probe(name: str = "a", **options: Any) -> Probe:
    return Probe(name, np.zeros((WINDOWS, 10, 6, 1), np.float32), TIMES, **options)


def response(name: str = "a", **options: Any) -> Response:
    activations = {
        "conv": RANDOM.normal(size=(WINDOWS, 6, 10, 40)).astype(np.float32),
        "line": RANDOM.normal(size=(WINDOWS, 10, 3)).astype(np.float32),
        "dense": RANDOM.normal(size=(WINDOWS, 5)).astype(np.float32),
    }
    return Response(name, activations, **options)


def bundles(directory: Path) -> list[Path]:
    return sorted((directory / "plugins" / "cnnviz").glob("*.zip"))


def read_records(directory: Path) -> list[tuple[int, records.Record]]:
    """Step and record of every event, as TensorBoard's own reader gives them."""
    found = []
    for path in sorted(directory.glob("events.*")):
        for event in EventFileLoader(str(path)).Load():
            for value in event.summary.value:
                assert value.metadata.plugin_data.plugin_name == "cnnviz"
                found.append((event.step, records.parse_record(value.tensor.string_val[0])))
    return found


def load(path: Path, name: str) -> Any:
    with zipfile.ZipFile(path) as archive:
        data = archive.read(name)
    return np.load(io.BytesIO(gzip.decompress(data) if name.endswith(".gz") else data))


def manifest(path: Path) -> Any:
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("manifest.json"))
