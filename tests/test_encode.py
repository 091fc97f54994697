"""Codes, ranges and what maps come to, against plain NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tensorboard_plugin_cnnviz.axis import Axis
from tensorboard_plugin_cnnviz.encode import encode
from tensorboard_plugin_cnnviz.layers import LayerSpec
from tensorboard_plugin_cnnviz.moments import envelope_of, statistics_of, statistics_of_numbers
from tensorboard_plugin_cnnviz.timing import strip_grid

from .blocks import encode_blocks
from .reference import quantise

FLOATS = st.floats(width=32, allow_nan=True, allow_infinity=True)
ARRAYS = hnp.arrays(np.float32, hnp.array_shapes(min_dims=2, max_dims=4, max_side=5), elements=FLOATS)
HUGE = np.finfo(np.float32).max

SHAPES = [
    pytest.param((5, 7, 9, 4), 3, id="channels last"),
    pytest.param((5, 4, 7, 9), 1, id="channels first"),
    pytest.param((5, 7, 4), 2, id="one axis"),
]


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


def spec_of(values: np.ndarray, filter_axis: int) -> LayerSpec:
    axes = ["frequency", "time"][: values.ndim - 2]
    axes.insert(filter_axis - 1, "filter")
    return LayerSpec("layer", "Conv", tuple(axes))


def assert_agree(values: np.ndarray, filter_axis: int) -> None:
    layer = encode(values, spec_of(values, filter_axis))
    codes, ranges = quantise(values, filter_axis=filter_axis)
    np.testing.assert_array_equal(layer.values, codes if values.ndim > 2 else values)
    np.testing.assert_array_equal(layer.ranges, ranges[np.newaxis])


@given(ARRAYS, st.data())
def test_any_floats_have_the_codes_that_plain_numpy_gives(values: np.ndarray, data: st.DataObject) -> None:
    assert_agree(values, data.draw(st.integers(1, values.ndim - 1)))


@pytest.mark.parametrize(
    "filter_values",
    [
        pytest.param([1, 2, 3, 4], id="finite"),
        pytest.param([2.5, 2.5, 2.5, 2.5], id="constant"),
        pytest.param([-HUGE, HUGE, 0, 1], id="hi - lo overflows"),
        pytest.param([np.nan, 1, 2, np.inf], id="some non-finite"),
        pytest.param([np.nan, np.inf, -np.inf, np.nan], id="all non-finite"),
        pytest.param([-0.0, 0.0, 0, 0], id="signed zeros"),
        pytest.param([0, 1e-45, 1e-40, 0], id="subnormal"),
    ],
)
def test_so_have_these_beside_an_ordinary_filter(filter_values: list[float]) -> None:
    ordinary = np.linspace(-1, 1, 4, dtype=np.float32)
    values = np.stack([np.float32(filter_values), ordinary], axis=-1).reshape(2, 2, 2)
    assert_agree(values, 2)
    assert_agree(np.moveaxis(values, 2, 1).copy(), 1)


def test_so_have_many_ordinary_values() -> None:
    assert_agree(noise(4, 30, 20, 16) * np.geomspace(1e-6, 1e6, 16, dtype=np.float32), 3)


def _with_non_finite(values: np.ndarray) -> np.ndarray:
    values = values.copy()
    values[0, 0], values[1, 1, 2], values[2, 0, 1], values[3] = np.nan, np.inf, -np.inf, np.nan
    return values


KINDS = [
    pytest.param(lambda y: y, id="ordinary"),
    pytest.param(lambda y: np.maximum(y, 0), id="rectified"),
    pytest.param(lambda y: y * np.float32(1e-4) + 5, id="far from zero"),
    pytest.param(lambda y: y * np.float32(1e-2) + 1000, id="farther"),
    pytest.param(lambda y: y * np.float32(1e-25), id="tiny"),
    pytest.param(lambda y: y * np.float32(1e25), id="squares overflow"),
    pytest.param(lambda y: y / np.abs(y).max() * np.float32(3.3e38), id="hi - lo overflows"),
    pytest.param(lambda y: np.full_like(y, 0.3), id="constant"),
    pytest.param(_with_non_finite, id="non-finite"),
]


@pytest.mark.parametrize(("shape", "filter_axis"), SHAPES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("edges", [(0, 5), (0, 2, 5)], ids=["one block", "two blocks"])
def test_statistics_and_envelope_are_those_of_the_values(edges, kind, shape, filter_axis):
    values = kind(noise(*shape)).astype(np.float32)
    layer = encode_blocks(values, spec_of(values, filter_axis), edges)
    found = statistics_of(layer.summary, layer.ranges, edges)
    greatest, mean = envelope_of(layer.summary)
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


@pytest.mark.parametrize(
    ("axes", "shape"),
    [
        (("frequency", "time", "filter"), (6, 5, 8, 3)),
        (("time", "frequency", "filter"), (6, 8, 5, 3)),
        (("filter", "frequency", "time"), (6, 3, 5, 8)),
        (("time", "filter"), (6, 8, 3)),
        (("frequency", "filter"), (6, 5, 3)),
    ],
    ids=str,
)
def test_the_columns_of_a_strip_alone_have_the_codes_that_they_have_in_whole_maps(axes, shape):
    spec = LayerSpec("layer", "Conv", axes, Axis.even(8) if "time" in axes else None)
    times = np.stack([np.arange(6), np.arange(6) + 2], axis=-1) / 2
    grid = strip_grid(times, 3.5, spec.time)
    columns = np.stack([grid.windows, grid.columns], axis=-1).astype(np.int32)
    values = noise(*shape)
    whole, some = encode(values, spec), encode(values, spec, columns)
    assert some.columns
    assert not whole.columns
    np.testing.assert_array_equal(some.ranges, whole.ranges)
    np.testing.assert_array_equal(some.summary.moments, whole.summary.moments)
    stored, taken = spec.stored(whole.values), spec.stored(some.values)
    np.testing.assert_array_equal(taken[:, :, 0], stored[:, grid.windows, grid.columns])


def test_statistics_of_numbers_agree_with_numpy():
    values = np.random.default_rng(0).normal(size=(5, 7)).astype(np.float32)
    values[0, 0] = np.nan
    values[1] = np.inf
    found = statistics_of_numbers(values)
    for row, cells in zip(found[2:], values[2:], strict=True):
        np.testing.assert_allclose(
            row, [cells.min(), cells.max(), cells.mean(), cells.std(), (cells > 0).mean(), 0], rtol=1e-5
        )
    assert found[0, 5] == 1
    assert found[0, 0] == values[0, 1:].min()
    assert np.isnan(found[1, :5]).all()
    assert found[1, 5] == 7
