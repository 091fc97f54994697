"""What is logged with less detail: the same numbers, of a model's own pass."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from tensorboard_plugin_cnnviz.bundle import inflate, parse_array, read_directory, read_manifest, read_span
from tensorboard_plugin_cnnviz.keras.observer import Observer
from tensorboard_plugin_cnnviz.records import parse_step_manifest
from tensorboard_plugin_cnnviz.writer import SummaryWriter
from tests.keras.helpers import noise, probe_of


def a_model() -> keras.Model:
    keras.utils.set_random_seed(0)
    layers = keras.layers
    return keras.Sequential(
        [
            layers.Input((12, 8, 1)),
            layers.ZeroPadding2D(2),
            layers.Conv2D(5, 3, padding="same", activation="relu", name="conv"),
            layers.Permute((2, 1, 3), name="turned"),
            layers.Conv2D(4, 3, name="deep"),
            layers.GlobalMaxPooling2D(),
            layers.Dense(3, activation="softmax", name="out"),
        ]
    )


def members_of(folder: Path) -> dict[str, np.ndarray]:
    """The arrays of the one step of a run."""
    (path,) = folder.glob("plugins/cnnviz/[0-9]*.zip")
    spans = read_directory(path)
    parse_step_manifest(read_manifest(path, spans))
    arrays = {}
    for name, span in spans.items():
        if name.endswith(".npy.gz"):
            arrays[name] = parse_array(inflate(read_span(path, span), limit=1 << 24))
        elif name.endswith(".npy"):
            arrays[name] = parse_array(read_span(path, span))
    return arrays


@pytest.mark.parametrize("budget", ["100MB", "200KB"])
def test_lesser_details_hold_the_same_but_windows_and_strips(tmp_path, budget):
    """Though the codes that they have no use for are never computed; also in several blocks."""
    model, inputs = a_model(), noise(9, 12, 8, 1)
    found = {}
    for detail in ("windows", "strip", "summary"):
        probe = probe_of(inputs, ("time", "frequency", "channel"), detail=detail)
        size = {"100MB": 100_000_000, "200KB": 200_000}[budget]
        observer = Observer(model, [probe], memory_budget=size, layers=["conv", "turned", "deep", "out"])
        assert (observer.windows_at_a_time(probe) < len(inputs)) == (budget == "200KB")
        with SummaryWriter(tmp_path / detail, [probe]) as writer:
            writer.write_quantised(0, observer.observe(), output=observer.output)
        found[detail] = members_of(tmp_path / detail)
    whole = found["windows"]
    numbers = [name for name, array in whole.items() if "windows" in name and array.dtype == np.float32]
    for detail, fewer in (("strip", ("windows",)), ("summary", ("windows", "strip"))):
        expected = {n: a for n, a in whole.items() if n in numbers or not any(f"/{part}." in n for part in fewer)}
        assert set(found[detail]) == set(expected)
        for name, array in expected.items():
            np.testing.assert_array_equal(found[detail][name], array, err_msg=name)
    assert any("strip" in name for name in found["strip"])
    assert any("outside" in name for name in found["summary"])
