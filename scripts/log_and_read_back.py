"""Logs arrays and a training, and reads both back through a real TensorBoard: what must work with all versions.

`check_versions.py` runs it in an empty folder, with the Python of an environment that holds the built package:
`log_and_read_back.py [--absent MODULE ...]`, where none of the modules may be installed. Without Keras only arrays are
logged.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import json
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import tensorboard_plugin_cnnviz
from tensorboard_plugin_cnnviz import LogMel, Probe, Response, SummaryWriter
from tensorboard_plugin_cnnviz.codes import dequantise
from tensorboard_plugin_cnnviz.errors import CNNVizWarning

PACKAGES = ("tensorboard", "numpy", "librosa", "soundfile", "msgspec", "isal", "keras", "tensorflow-cpu", "tensorflow")
CLASSES = ("flute", "violin")
FEATURES = LogMel(8000, n_fft=256, hop_length=256, n_mels=16, window=16)
PATIENCE = 120  # seconds; only a server that never answers takes as long


class Logged(NamedTuple):
    """What the newest step of a run must read back as: `maps` `[filters, windows, frequency, time]`, `predictions`."""

    step: int
    maps: np.ndarray
    predictions: np.ndarray


def main() -> int:
    """Log, serve, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--absent", nargs="*", default=[])
    for name in parser.parse_args().absent:
        _require(importlib.util.find_spec(name) is None, f"{name} is installed")
    place = Path(tensorboard_plugin_cnnviz.__file__)
    _require(place.is_relative_to(sys.prefix), f"the package is imported from {place}, not from {sys.prefix}")

    sound = np.random.default_rng(0).normal(size=12_000).astype(np.float32) * 0.1
    probe = Probe.from_audio(sound, 8000, FEATURES, name="noise", label="flute")
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        logged = {"arrays/cnnviz": log_arrays(probe, Path("logs/arrays/cnnviz"))}
        if importlib.util.find_spec("keras"):
            logged["fit/cnnviz"] = log_training(probe, Path("logs/fit"))
    ours = [str(w.message) for w in told if w.category is CNNVizWarning or place.parent in Path(w.filename).parents]
    _require(not ours, f"warnings of the package: {ours}")
    for server in data_servers():
        with tensorboard(server) as url:
            for run, expected in logged.items():
                check_run(url, run, expected)
        print(f"{' and '.join(logged)} read back through the {server} data server")
    print(", ".join(_versions()))
    return 0


def log_arrays(probe: Probe, directory: Path) -> Logged:
    """Log one step of random arrays, NaN among them."""
    rng = np.random.default_rng(1)
    maps = rng.normal(size=(len(probe.times), 5, 8, 40)).astype(np.float32)
    maps[0, 0, 0, 0] = np.nan
    predictions = rng.random((len(probe.times), 2)).astype(np.float32)
    with SummaryWriter(directory, [probe], class_names=CLASSES) as writer:
        writer.write(7, [Response("noise", {"conv": maps}, predictions)])
    return Logged(7, maps.transpose(3, 0, 1, 2), predictions)


def log_training(probe: Probe, directory: Path) -> Logged:
    """Log two epochs of a small model, beside Keras's own callback."""
    import keras

    from tensorboard_plugin_cnnviz import CNNVizCallback

    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((16, 16, 1)),
            keras.layers.Conv2D(3, 3, activation="relu", name="conv"),
            keras.layers.BatchNormalization(name="norm"),
            keras.layers.GlobalMaxPooling2D(),
            keras.layers.Dense(2, activation="softmax", name="scores"),
        ]
    )
    model.compile("adam", "categorical_crossentropy")
    targets = np.eye(2, dtype=np.float32)[np.arange(len(probe.inputs)) % 2]
    callbacks = [
        keras.callbacks.TensorBoard(str(directory)),
        CNNVizCallback(directory, [probe], layers=["norm"], class_names=CLASSES),
    ]
    model.fit(probe.inputs, targets, epochs=2, batch_size=4, verbose=0, callbacks=callbacks)
    both = keras.Model(model.inputs[0], [model.get_layer("norm").output, model.outputs[0]])
    maps, predictions = (np.asarray(array) for array in both(probe.inputs, training=False))
    return Logged(1, maps.transpose(3, 0, 2, 1), predictions)


def data_servers() -> list[str]:
    """The data servers that TensorBoard has on this platform."""
    from tensorboard.data import server_ingester

    try:
        server_ingester.get_server_binary()
    except server_ingester.NoDataServerError:
        return ["Python"]
    return ["Rust", "Python"]


@contextmanager
def tensorboard(server: str) -> Iterator[str]:
    """Serve `logs`; gives the address of the plugin's routes."""
    options = ["--logdir=logs", "--host=127.0.0.1", "--port=0", f"--load_fast={str(server == 'Rust').lower()}"]
    with Path(f"{server}.log").open("w+") as printed:
        process = subprocess.Popen([sys.executable, "-m", "tensorboard.main", *options], stderr=printed)
        try:
            yield _address(process, Path(printed.name)) + "/data/plugin/cnnviz"
        finally:
            process.terminate()
            process.wait()


def _address(process: subprocess.Popen[bytes], printed: Path) -> str:
    end = time.monotonic() + PATIENCE
    while not (found := re.search(r"http://127\.0\.0\.1:\d+", printed.read_text())):
        _require(process.poll() is None and time.monotonic() < end, f"no TensorBoard: {printed.read_text()}")
        time.sleep(0.1)
    return found[0]


def check_run(url: str, run: str, expected: Logged) -> None:
    """Compare the newest step of a run with what was logged, within half a code."""
    end = time.monotonic() + PATIENCE
    while {"run": run, "last_step": expected.step}.items() - _newest(url, run).items():
        _require(time.monotonic() < end, f"{run} never reached step {expected.step}: {_newest(url, run)}")
        time.sleep(0.2)
    steps = json.loads(_get(url, "steps", run=run))
    _require(steps["problem"] is None, f"{run}: {steps['problem']}")
    record = steps["steps"][-1]["record"]
    file = record["bundle"]["file"]
    (response,) = json.loads(_get(url, "manifest", run=run, file=file))["responses"]
    members = response["layers"][0]["windows"]
    codes = np.concatenate([_member(url, run, file, member["name"]) for member in members]).swapaxes(2, 3)
    filters = len(expected.maps)
    ranges = _member(url, run, file, "ranges.npy")[0, :filters]
    half = (ranges[:, 1] - ranges[:, 0])[:, None, None, None] / 504
    off = np.abs(dequantise(codes, ranges, filter_axis=0) - expected.maps)
    _require(bool(np.array_equal(np.isnan(off), np.isnan(expected.maps))), f"{run}: NaN in other places")
    _require(bool((np.nan_to_num(off) <= half * 1.001 + 1e-5).all()), f"{run}: values are {np.nanmax(off)} off")
    predictions = _member(url, run, file, "predictions.npy")
    np.testing.assert_allclose(predictions, expected.predictions, rtol=1e-4, atol=1e-5)
    _require(_get(url, "audio", run=run, file=record["probes"], probe="noise")[:4] == b"RIFF", f"{run}: no sound")
    _require(b"render" in _get(url, "index.js"), "no panel")


def _newest(url: str, run: str) -> dict[str, Any]:
    return next((entry for entry in json.loads(_get(url, "index"))["runs"] if entry["run"] == run), {})


def _member(url: str, run: str, file: str, name: str) -> np.ndarray:
    return np.load(io.BytesIO(_get(url, "member", run=run, file=file, name=name)))


def _get(url: str, route: str, **parameters: str) -> bytes:
    request = urllib.request.Request(f"{url}/{route}?{urllib.parse.urlencode(parameters)}")
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(request, timeout=PATIENCE) as answer:
        body: bytes = answer.read()
    return body


def _versions() -> Iterator[str]:
    yield f"Python {sys.version.split()[0]}"
    for name in PACKAGES:
        with suppress(PackageNotFoundError):
            yield f"{name} {version(name)}"


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise SystemExit(f"log_and_read_back: {otherwise}")


if __name__ == "__main__":
    sys.exit(main())
