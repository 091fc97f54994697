"""One process of `memory`: `python -m benchmarks.memory_case log|plain NAME FOLDER [BLOCK ...]`; prints JSON."""

from __future__ import annotations

import ctypes
import json
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tensorboard_plugin_cnnviz import Probe, SummaryWriter
from tensorboard_plugin_cnnviz.keras.observer import Observer

from . import subject
from .logging_cost import MEMORY_BUDGET

STEPS = 4
WINDOWS = 22
LARGEST = "ResNet50"


def main(mode: str, name: str, folder: str, *blocks: str) -> None:
    """Measure from when model and clips are there."""
    model, probes = CASES[name]()
    reset_peak()
    if mode == "plain":
        run_plainly(model, probes, [int(block) for block in blocks])
        found = {"peak": peak()}
    else:
        found = log(model, probes, Path(folder) / name / "cnnviz")
    print(json.dumps(found))


def log(model: Any, probes: Sequence[Probe], run: Path) -> dict[str, Any]:
    """Log some steps; returns the peak, and what the last step holds."""
    observer = Observer(model, probes, memory_budget=MEMORY_BUDGET)
    if observer.notes:
        raise RuntimeError(f"not all is recorded: {observer.notes}")
    with SummaryWriter(run, probes, max_disk="100GB", memory_budget=MEMORY_BUDGET) as writer:
        for step in range(STEPS):
            writer.write_quantised(step, observer.observe(), output=observer.output, epoch=step)
        writer.flush()
        found = {"peak": peak(), "bytes": writer.last_bundle_bytes}
    path = next(run.glob(f"plugins/cnnviz/{STEPS - 1}-*.zip"))
    return {
        **found,
        "blocks": [observer.windows_at_a_time(probe) for probe in probes],
        "layers": len(observer.specs) * len(probes),
        "kept": kept_whole(path, [spec.name for spec in observer.specs]),
    }


def kept_whole(path: Path, names: Sequence[str]) -> int:
    """Count the layers of all clips with all their windows, strips and envelopes."""
    from tensorboard_plugin_cnnviz.bundle import read_directory, read_manifest
    from tensorboard_plugin_cnnviz.records import parse_step_manifest

    spans = read_directory(path)
    manifest = parse_step_manifest(read_manifest(path, spans))
    count = 0
    for response in manifest.responses:
        for layer, arrays in zip(manifest.layout.layers, response.layers if response else (), strict=True):
            windows = arrays.windows if arrays else None
            if arrays is None or windows is None or layer.name not in names:
                continue
            all_filters = [one.filters for one in windows if one.filters]
            whole = sum(end - first for first, end in all_filters) == layer.filters
            count += whole and (not layer.axes or (arrays.strip is not None and arrays.envelope is not None))
    return count


def run_plainly(model: Any, probes: Sequence[Probe], blocks: Sequence[int]) -> None:
    """The forward passes that logging makes, without it."""
    import tensorflow as tf

    signature = [tf.TensorSpec((None, *model.input_shape[1:]))]
    plain = tf.function(lambda windows: model(windows, training=False), input_signature=signature)
    for _ in range(STEPS):
        for probe, block in zip(probes, blocks, strict=True):
            for first in range(0, len(probe.times), block):
                plain(tf.constant(probe.inputs[first : first + block])).numpy()


def reset_peak() -> None:
    """Begin to measure; what was freed before is given back, so that it cannot serve unseen."""
    ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak() -> int:
    """The most bytes that were resident since then."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s*(\d+) kB", status)
    assert found is not None
    return 1024 * int(found[1])


def field(clips: int) -> tuple[Any, list[Probe]]:
    """The model of the field, with its eleven clips as often as need be."""
    own = subject.probes("windows")
    probes = [
        Probe(f"{number}", clip.inputs, clip.times, input_axes=clip.input_axes)
        for number, clip in zip(range(clips), own * -(-clips // len(own)), strict=False)
    ]
    return subject.model(), probes


def application(name: str) -> tuple[Any, list[Probe]]:
    """A network of `keras.applications`, and one clip: blurred noise, so that it compresses as maps do."""
    import keras

    keras.utils.set_random_seed(0)
    inputs = np.random.default_rng(0).normal(size=(WINDOWS, 224, 224, 3)).astype(np.float32)
    for axis in (1, 1, 2, 2):
        inputs += np.roll(inputs, 1, axis)
    times = [(0.1 * window, 0.1 * window + 1) for window in range(WINDOWS)]
    axes = ("frequency", "time", "channel")
    return getattr(keras.applications, name)(weights=None), [Probe("clip", inputs, times, input_axes=axes)]


CASES: dict[str, Callable[[], tuple[Any, list[Probe]]]] = {
    "11 clips": lambda: field(11),
    "44 clips": lambda: field(44),
    "ResNet50": lambda: application("ResNet50"),
    "VGG16": lambda: application("VGG16"),
}

if __name__ == "__main__":
    main(*sys.argv[1:])
