from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tensorboard_plugin_cnnviz.codes import LEVELS, dequantise, pool_by_magnitude

from .reference import quantise

anything = hnp.arrays(
    np.float32,
    hnp.array_shapes(min_dims=2, max_dims=4, min_side=1, max_side=6),
    elements=st.floats(width=32, allow_nan=True, allow_infinity=True),
)


@given(anything)
def test_a_decoded_value_is_at_most_half_a_code_off(values):
    codes, ranges = quantise(values)
    decoded = dequantise(codes, ranges)
    finite = np.isfinite(values)
    lo, hi = ranges.astype(np.float64).T
    # Half a code, and float32's own rounding of the values that enter and leave.
    slack = (hi - lo) / (2 * LEVELS) * (1 + 1e-4) + 1e-6 * np.maximum(np.abs(lo), np.abs(hi)) + 1e-44
    error = np.where(finite, decoded, 0).astype(np.float64) - np.where(finite, values, 0).astype(np.float64)
    assert np.all(np.abs(error) <= slack)
    np.testing.assert_array_equal(decoded[~finite], values[~finite])


@given(anything)
def test_ranges_are_the_least_and_greatest_finite_value_of_each_filter(values):
    _, ranges = quantise(values)
    for f in range(values.shape[-1]):
        column = values[..., f]
        finite = column[np.isfinite(column)]
        expected = (finite.min(), finite.max()) if finite.size else (0, 0)
        assert tuple(ranges[f]) == expected


@given(anything)
def test_any_axis_can_count_filters(values):
    codes, ranges = quantise(values)
    moved, moved_ranges = quantise(np.moveaxis(values, -1, 0), filter_axis=0)
    np.testing.assert_array_equal(moved, np.moveaxis(codes, -1, 0))
    np.testing.assert_array_equal(moved_ranges, ranges)


@pytest.mark.parametrize(
    ("values", "codes", "lo", "hi"),
    [
        ([0, 1, 2], [0, 126, 252], 0, 2),
        ([-1, 0, 1], [0, 126, 252], -1, 1),
        ([5, 5, 5], [0, 0, 0], 5, 5),
        ([np.nan, np.inf, -np.inf, 1, 2], [255, 254, 253, 0, 252], 1, 2),
        ([np.nan, np.nan], [255, 255], 0, 0),
        ([-3e38, 0, 3e38], [0, 126, 252], -3e38, 3e38),
        ([0, 1 / 252 * 0.5, 1], [0, 0, 252], 0, 1),
        ([0, 1 / 252 * 1.5, 1], [0, 2, 252], 0, 1),
    ],
)
def test_codes_of_known_values(values, codes, lo, hi):
    got, ranges = quantise(np.array(values, np.float32)[:, None])
    np.testing.assert_array_equal(got[:, 0], codes)
    np.testing.assert_array_equal(ranges, np.float32([[lo, hi]]))


@st.composite
def blocked(draw):
    """Float maps ``[filters, windows, frequency, time]`` and block edges."""
    shape = draw(hnp.array_shapes(min_dims=4, max_dims=4, min_side=1, max_side=5))
    values = draw(
        hnp.arrays(np.float32, shape, elements=st.one_of(st.floats(-100, 100, width=32), st.just(np.float32(np.nan))))
    )
    cuts = draw(st.sets(st.integers(1, max(1, shape[1] - 1))))
    blocks = (0, *sorted(cut for cut in cuts if cut < shape[1]), shape[1])
    parts = [quantise(values[:, a:b], filter_axis=0) for a, b in pairwise(blocks)]
    codes = np.concatenate([codes for codes, _ in parts], axis=1)
    ranges = np.stack([ranges for _, ranges in parts])
    decoded = np.concatenate([dequantise(c, r, filter_axis=0) for c, r in parts], axis=1)
    return values, codes, ranges, blocks, decoded


@given(blocked(), st.integers(1, 5))
def test_pooling_keeps_the_greatest_magnitude(case, limit):
    _, codes, ranges, blocks, decoded = case
    pooled = pool_by_magnitude(codes, ranges, blocks, limit)
    height, width = codes.shape[2:]
    k, m = -(-height // limit), -(-width // limit)
    assert pooled.shape[2:] == (-(-height // k), -(-width // m))
    assert max(pooled.shape[2:]) <= limit
    per_block = [dequantise(pooled[:, a:b], ranges[i], filter_axis=0) for i, (a, b) in enumerate(pairwise(blocks))]
    shown = np.concatenate(per_block, axis=1)
    for f, w, i, j in np.ndindex(pooled.shape):
        cells = decoded[f, w, i * k : (i + 1) * k, j * m : (j + 1) * m].ravel()
        if np.isfinite(cells).all():
            assert abs(shown[f, w, i, j]) == np.abs(cells).max()
        else:
            assert not np.isfinite(shown[f, w, i, j])
