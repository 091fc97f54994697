"""What maps come to, computed in the traced function, against NumPy."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from tensorboard_plugin_cnnviz.bundle import inflate, parse_array, read_directory, read_manifest, read_span
from tensorboard_plugin_cnnviz.keras.observer import Observer
from tensorboard_plugin_cnnviz.keras.quantising import encode_tensor
from tensorboard_plugin_cnnviz.layers import Summary
from tensorboard_plugin_cnnviz.moments import envelope_of, statistics_of
from tensorboard_plugin_cnnviz.records import parse_step_manifest
from tensorboard_plugin_cnnviz.writer import SummaryWriter
from tests.keras.helpers import noise, probe_of

SHAPES = [
    pytest.param((5, 7, 9, 4), 3, id="channels last"),
    pytest.param((5, 4, 7, 9), 1, id="channels first"),
    pytest.param((5, 7, 4), 2, id="one axis"),
]


def _with_non_finite(values: np.ndarray) -> np.ndarray:
    values = values.copy()
    values[0, 0], values[1, 1, 2], values[2, 0, 1], values[3] = np.nan, np.inf, -np.inf, np.nan
    return values


KINDS = [
    pytest.param(lambda y: y, id="ordinary"),
    pytest.param(lambda y: np.maximum(y, 0), id="rectified"),
    pytest.param(lambda y: y * np.float32(1e-4) + 5, id="far from zero"),
    pytest.param(lambda y: y * np.float32(1e-25), id="tiny"),
    pytest.param(lambda y: y * np.float32(1e25), id="squares overflow"),
    pytest.param(lambda y: y / np.abs(y).max() * np.float32(3.3e38), id="hi - lo overflows"),
    pytest.param(lambda y: np.full_like(y, 0.3), id="constant"),
    pytest.param(_with_non_finite, id="non-finite"),
]


def encoded(values: np.ndarray, filter_axis: int, shown: dict[int, slice] | None = None) -> list[np.ndarray]:
    function = tf.function(lambda y: encode_tensor(y, filter_axis=filter_axis, shown=shown), autograph=False)
    result = function.get_concrete_function(tf.TensorSpec((None, *values.shape[1:])))(tf.constant(values))
    return [tensor.numpy() for tensor in result]


def maxima(values: np.ndarray, filter_axis: int) -> np.ndarray:
    axes = tuple(axis for axis in range(1, values.ndim) if axis != filter_axis)
    return np.where(np.isfinite(values), values, -np.inf).max(axis=axes, initial=-np.inf)


@pytest.mark.parametrize(("shape", "filter_axis"), SHAPES)
@pytest.mark.parametrize("kind", KINDS)
def test_statistics_and_envelope_are_those_of_the_values(kind, shape, filter_axis):
    values = kind(noise(*shape)).astype(np.float32)
    _, ranges, moments, _ = encoded(values, filter_axis)
    summary = Summary(shape, moments, None)
    found = statistics_of(summary, ranges[np.newaxis], (0, len(values)))
    greatest, mean = envelope_of(summary)
    for f, of_filter in enumerate(np.moveaxis(values, filter_axis, 0).astype(np.float64)):
        cells = of_filter[np.isfinite(of_filter)]
        expected = [cells.min(), cells.max(), cells.mean(), cells.std(), (cells > 0).mean()]
        span = np.ptp(cells)
        np.testing.assert_array_equal(found[f, [0, 1]], np.float32(expected[:2]))
        np.testing.assert_allclose(found[f, 2], expected[2], rtol=1e-5, atol=1e-5 * span)
        np.testing.assert_allclose(found[f, 3], expected[3], rtol=1e-3, atol=1e-6 * span)
        np.testing.assert_allclose(found[f, 4], expected[4], rtol=1e-6)
        assert found[f, 5] == of_filter.size - cells.size
        for w, window in enumerate(of_filter):
            cells = window[np.isfinite(window)]
            if not cells.size:
                assert np.isnan([greatest[f, w], mean[f, w]]).all()
                continue
            assert greatest[f, w] == np.float32(cells.max())
            np.testing.assert_allclose(mean[f, w], cells.mean(), rtol=1e-5, atol=1e-5 * span)


@pytest.mark.parametrize(("shape", "filter_axis"), SHAPES)
@pytest.mark.parametrize("kind", [KINDS[1], KINDS[-1]])
@pytest.mark.parametrize("cut", [(1, -2), (0, -1), (2, None), (1, 1)], ids=["both", "end", "start", "all"])
def test_windows_whose_maximum_is_left_out_are_marked(cut, kind, shape, filter_axis):
    values = kind(noise(*shape, seed=1)).astype(np.float32)
    axes = [axis for axis in range(1, len(shape)) if axis != filter_axis]
    for some in (axes, axes[-1:]):
        shown = {axis: slice(*slice(*cut).indices(shape[axis])[:2]) for axis in some}
        outside = encoded(values, filter_axis, shown)[3]
        left_in = values[tuple(shown.get(axis, slice(None)) for axis in range(values.ndim))]
        expected = maxima(values, filter_axis) > maxima(left_in, filter_axis)
        np.testing.assert_array_equal(outside, expected)


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
