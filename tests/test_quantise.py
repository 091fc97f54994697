from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tensorboard_plugin_cnnviz.quantise import (
    LEVELS,
    dequantise,
    envelope,
    pool_by_magnitude,
    quantise,
    statistics,
    statistics_of_numbers,
)

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


@given(blocked())
def test_envelope_is_the_maximum_and_mean_of_the_decoded_windows(case):
    _, codes, ranges, blocks, decoded = case
    greatest, mean = envelope(codes, ranges, blocks)
    for f, w in np.ndindex(codes.shape[:2]):
        cells = decoded[f, w].astype(np.float64)
        cells = cells[np.isfinite(cells)]
        if cells.size:
            np.testing.assert_allclose(greatest[f, w], cells.max(), rtol=1e-5, atol=1e-5)
            np.testing.assert_allclose(mean[f, w], cells.mean(), rtol=1e-4, atol=1e-4)
        else:
            assert np.isnan(greatest[f, w])
            assert np.isnan(mean[f, w])


@given(blocked())
def test_statistics_merge_blocks(case):
    values, codes, ranges, blocks, decoded = case
    found = statistics(codes, ranges, blocks)
    for f in range(len(values)):
        true, cells = values[f].ravel(), decoded[f].ravel().astype(np.float64)
        true, cells = true[np.isfinite(true)], cells[np.isfinite(cells)]
        assert found[f, 5] == values[f].size - true.size
        if not true.size:
            assert np.all(np.isnan(found[f, :5]))
            continue
        assert (found[f, 0], found[f, 1]) == (true.min(), true.max())
        np.testing.assert_allclose(found[f, 2:4], [cells.mean(), cells.std()], rtol=1e-3, atol=1e-3)
        assert 0 <= found[f, 4] <= 1


def test_share_above_zero_counts_cells():
    codes, ranges = quantise(np.float32([-1, 0, 1, 2]).reshape(1, 1, 1, 4), filter_axis=0)
    assert statistics(codes, ranges[None], (0, 1))[0, 4] == 0.5


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
