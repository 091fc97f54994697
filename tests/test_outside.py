"""Which windows have their maximum outside: against plain loops over the floats, which know no codes and no slices."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tensorboard_plugin_cnnviz import SummaryWriter
from tensorboard_plugin_cnnviz.axis import Axis
from tensorboard_plugin_cnnviz.encode import encode
from tensorboard_plugin_cnnviz.layers import LayerSpec, QuantisedResponse
from tensorboard_plugin_cnnviz.timing import strip_columns, strip_grid

from .blocks import encode_blocks
from .runs import WINDOWS, bundles, load, manifest, probe, response

# conv8 of the recogniser: of seven columns two lie in their window.
DEEP = Axis(43, (-67.0, -40.0, -13.0, 14.0, 41.0, 68.0, 95.0), stride=27.0, field=187.0)
PADDED = Axis.even(6).through(kernel=3, pad_before=2, size=8)


AXES = ("filter", "frequency", "time")


def marks_of(values: np.ndarray, time: Axis | None, frequency: Axis | None) -> np.ndarray | None:
    """Of float ``[filters, windows, frequency, time]``: ``[filters, windows]``."""
    spec = LayerSpec("deep", "Conv2D", AXES, time, frequency)
    summary = encode(values.swapaxes(0, 1).astype(np.float32), spec).summary
    assert summary is not None
    return None if summary.outside is None else summary.outside.T


def plainly(values: np.ndarray, rows: list[bool], columns: list[bool]) -> np.ndarray:
    """Of float ``[filters, windows, frequency, time]``, cell by cell."""
    marks = np.zeros(values.shape[:2], np.uint8)
    for f, w in np.ndindex(*marks.shape):
        best, where = -np.inf, []
        for cell in np.ndindex(*values.shape[2:]):
            value = values[f, w][cell]
            if not np.isfinite(value) or value < best:
                continue
            where = [*(where if value == best else []), cell]
            best = value
        marks[f, w] = bool(where) and not any(rows[row] and columns[column] for row, column in where)
    return marks


@given(data=st.data())
@settings(deadline=None)
def test_marked_is_what_a_search_of_every_cell_finds_outside_alone(data):
    time, frequency = data.draw(st.sampled_from([DEEP, PADDED, None])), data.draw(st.sampled_from([PADDED, None]))
    shape = (2, 3, 8 if frequency else 2, len(time.centres) if time else 3)
    levels = data.draw(st.lists(st.sampled_from([-1.5, 0.0, 0.25, 2.0, np.nan, np.inf, -np.inf]), min_size=1))
    values = np.random.default_rng(data.draw(st.integers(0, 99))).choice(levels, size=shape)
    marks = marks_of(values, time, frequency)
    if time is None and frequency is None:
        assert marks is None
        return
    rows = [True] * shape[2] if frequency is None else [-0.5 <= c <= 5.5 for c in frequency.centres]
    columns = [True] * shape[3] if time is None else [-0.5 <= c <= time.cells - 0.5 for c in time.centres]
    assert marks.dtype == np.uint8
    np.testing.assert_array_equal(marks, plainly(values, rows, columns))


def test_a_maximum_that_is_also_reached_inside_is_not_marked():
    values = np.zeros((3, 1, 1, 7), np.float32)
    values[0, 0, 0, [0, 3]] = 1  # outside and inside
    values[1, 0, 0, [0, 6]] = 1  # outside alone
    assert marks_of(values, DEEP, None).tolist() == [[0], [1], [0]]


def test_layers_of_which_nothing_is_left_out_have_no_marks():
    values = np.zeros((1, 2, 4, 6))
    assert marks_of(values, Axis.even(6), Axis.even(4)) is None
    assert marks_of(values, None, None) is None


def test_where_no_column_lies_inside_all_but_the_one_that_the_strip_shows_are_left_out():
    axis = Axis(4, (-9.0, -3.0, 6.0), stride=6.0, field=30.0)
    assert strip_columns(axis).tolist() == [1]
    assert set(strip_grid([[0.0, 1.0], [1.0, 2.0]], 2.0, axis).columns) == {1}
    values = np.array([[[[0, 0, 1]], [[0, 1, 0]]]])
    assert marks_of(values, axis, None).tolist() == [[1, 0]]


@pytest.mark.parametrize("detail", ["windows", "strip", "summary"])
def test_a_bundle_holds_them_at_every_detail(tmp_path, detail):
    """Also of pooled maps: from all cells."""
    random = np.random.default_rng(3)
    values = random.integers(0, 200, (WINDOWS, 8, 10, 5)).astype(np.float32)
    axes = ("frequency", "time", "filter")
    specs = [LayerSpec("deep", "Conv2D", axes, time=Axis.even(6).padded(2, 2), frequency=PADDED)]
    layer = encode_blocks(values, specs[0], (0, 3, WINDOWS))
    with SummaryWriter(tmp_path, [probe(detail=detail)], max_map_size=3) as writer:
        writer.write_quantised(0, [QuantisedResponse("a", specs, [layer], None, (0, 3, WINDOWS))])
    path = bundles(tmp_path)[0]
    member = manifest(path)["responses"][0]["layers"][0]["outside"]
    assert member["name"] == "p0/l0/outside.npy.gz"
    inside_columns = [not (column < 2 or column >= 8) for column in range(10)]
    inside_rows = [not (row == 0 or row == 7) for row in range(8)]
    wanted = plainly(values.transpose(3, 0, 1, 2), inside_rows, inside_columns)
    assert 0 < wanted.mean() < 1
    np.testing.assert_array_equal(load(path, member["name"]), wanted)


def test_layers_without_such_cells_have_no_member(tmp_path):
    with SummaryWriter(tmp_path, [probe()]) as writer:
        writer.write(step=0, responses=[response()])
    assert [layer["outside"] for layer in manifest(bundles(tmp_path)[0])["responses"][0]["layers"]] == [None] * 3
