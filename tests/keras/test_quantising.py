"""The traced quantiser against the NumPy one, code for code."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tensorboard_plugin_cnnviz.keras.quantising import quantise_tensor
from tensorboard_plugin_cnnviz.quantise import NAN, NEGATIVE_INFINITY, POSITIVE_INFINITY, quantise

# TensorFlow's kernels take subnormal numbers for zero.
FLOATS = st.floats(width=32, allow_nan=True, allow_infinity=True, allow_subnormal=False)
ARRAYS = hnp.arrays(np.float32, hnp.array_shapes(min_dims=2, max_dims=4, max_side=5), elements=FLOATS)
HUGE = np.finfo(np.float32).max


def traced(values: np.ndarray, filter_axis: int) -> tuple[np.ndarray, np.ndarray]:
    function = tf.function(lambda y: quantise_tensor(y, filter_axis=filter_axis), autograph=False)
    codes, ranges = function(tf.constant(values))
    return codes.numpy(), ranges.numpy()


def assert_agree(values: np.ndarray, filter_axis: int) -> None:
    codes, ranges = traced(values, filter_axis)
    expected_codes, expected_ranges = quantise(values, filter_axis=filter_axis)
    np.testing.assert_array_equal(codes, expected_codes)
    np.testing.assert_array_equal(ranges, expected_ranges)


@settings(max_examples=150, deadline=None)
@given(ARRAYS, st.data())
def test_agrees_on_any_floats(values: np.ndarray, data: st.DataObject) -> None:
    axis = data.draw(st.integers(1, values.ndim - 1))
    codes, ranges = (x.numpy() for x in quantise_tensor(tf.constant(values), filter_axis=axis))
    expected_codes, expected_ranges = quantise(values, filter_axis=axis)
    np.testing.assert_array_equal(codes, expected_codes)
    np.testing.assert_array_equal(ranges, expected_ranges)


@pytest.mark.parametrize(
    "filter_values",
    [
        pytest.param([1, 2, 3, 4], id="finite"),
        pytest.param([2.5, 2.5, 2.5, 2.5], id="constant"),
        pytest.param([-HUGE, HUGE, 0, 1], id="hi - lo overflows"),
        pytest.param([np.nan, 1, 2, np.inf], id="some non-finite"),
        pytest.param([np.nan, np.inf, -np.inf, np.nan], id="all non-finite"),
        pytest.param([-0.0, 0.0, 0, 0], id="signed zeros"),
    ],
)
def test_agrees_in_a_traced_function(filter_values: list[float]) -> None:
    ordinary = np.linspace(-1, 1, 4, dtype=np.float32)
    values = np.stack([np.float32(filter_values), ordinary], axis=-1).reshape(2, 2, 2)
    assert_agree(values, 2)
    assert_agree(np.moveaxis(values, 2, 1).copy(), 1)


def test_agrees_on_many_ordinary_values() -> None:
    rng = np.random.default_rng(0)
    assert_agree(rng.normal(size=(4, 30, 20, 16)).astype(np.float32) * np.geomspace(1e-6, 1e6, 16, dtype=np.float32), 3)


def test_codes_of_what_is_not_finite() -> None:
    codes, ranges = traced(np.float32([[-np.inf], [np.inf], [np.nan], [3.0], [5.0]]), 1)
    assert codes[:, 0].tolist() == [NEGATIVE_INFINITY, POSITIVE_INFINITY, NAN, 0, 252]
    assert ranges.tolist() == [[3.0, 5.0]]


def test_a_filter_without_finite_values_has_a_range_of_zero() -> None:
    _, ranges = traced(np.full((3, 2, 1), np.nan, np.float32), 2)
    assert ranges.tolist() == [[0.0, 0.0]]


def test_subnormal_values_give_codes_within_the_levels() -> None:
    codes, _ = traced(np.float32([[0], [1e-45], [1e-40]]), 1)
    assert codes.max() <= 252


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "int32", "bool"])
def test_other_types_are_quantised_as_float32(dtype: str) -> None:
    values = keras.ops.cast(np.float32([[0], [1], [1], [0]]), dtype)
    codes, ranges = quantise_tensor(values, filter_axis=1)
    assert codes.numpy()[:, 0].tolist() == [0, 252, 252, 0]
    assert ranges.numpy().tolist() == [[0.0, 1.0]]
