"""Laws of windows, columns and strips.

The references know nothing of the code under test: for the strip law exact fractions, one grid time and one (window,
column) pair after the other; for receptive fields the response of plain numpy chains to single impulses.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tensorboard_plugin_cnnviz.axis import Axis
from tensorboard_plugin_cnnviz.errors import CNNVizError
from tensorboard_plugin_cnnviz.timing import MAX_STRIP_COLUMNS, column_seconds, strip_grid

FRAME = 512 / 22050


def log_mel_times(clip_frames: int = 130, window: int = 43, hop: int = 4) -> np.ndarray:
    first = np.arange(0, clip_frames - window + 1, hop)
    return np.stack([first - 0.5, first + window - 0.5], axis=1) * FRAME


def padded_convolution(axis: Axis) -> Axis:
    padded = axis.padded(1, 1)
    return padded.through(kernel=3, pad_before=1, size=len(padded.centres))


def recogniser_layers() -> list[Axis]:
    """Time axes of the eight convolutions of Han's model: zero-pad 1, then 3x3 "same"; 3x3 pools between pairs."""
    axis, layers = Axis.even(43), []
    for pair in range(4):
        if pair:
            axis = axis.through(kernel=3, stride=3, size=len(axis.centres) // 3)
        for _ in range(2):
            axis = padded_convolution(axis)
            layers.append(axis)
    return layers


class TestReceptiveFields:
    def test_layers_of_the_recogniser(self) -> None:
        layers = recogniser_layers()
        assert [len(axis.centres) for axis in layers] == [45, 47, 17, 19, 8, 10, 5, 7]
        assert layers[0].centres == tuple(range(-1, 44))
        assert layers[-1] == Axis(43, (-67.0, -40.0, -13.0, 14.0, 41.0, 68.0, 95.0), stride=27.0, field=187.0)
        assert layers[-1].inside().tolist() == [False, False, False, True, True, False, False]

    @given(data=st.data(), cells=st.integers(4, 40))
    @settings(deadline=None)
    def test_agree_with_the_response_to_impulses(self, data: st.DataObject, cells: int) -> None:
        axis, response = Axis.even(cells), np.eye(cells)
        for _ in range(data.draw(st.integers(1, 4))):
            columns = len(response)
            before, after = data.draw(st.tuples(st.integers(0, 3), st.integers(0, 3)))
            dilation, stride = data.draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
            room = columns + before + after
            kernel = data.draw(st.integers(1, min(5, (room - 1) // dilation + 1)))
            padded = np.pad(response, ((before, after), (0, 0)))
            reach = (kernel - 1) * dilation
            dense = np.zeros(reach + 1)
            dense[::dilation] = 1
            response = np.stack([np.convolve(cell, dense, mode="valid") for cell in padded.T], axis=1)[::stride]
            size = len(response)
            if data.draw(st.booleans()):
                axis = axis.through(kernel=kernel, stride=stride, dilation=dilation, pad_before=before, size=size)
            else:
                axis = axis.padded(before, after).through(kernel=kernel, stride=stride, dilation=dilation, size=size)
        assert len(axis.centres) == len(response)
        for centre, row in zip(axis.centres, response, strict=True):
            reached = np.flatnonzero(row)
            first, last = centre - (axis.field - 1) / 2, centre + (axis.field - 1) / 2
            if first >= 0 and last <= cells - 1:
                assert (reached.min(), reached.max()) == (first, last)
            assert np.all((reached >= first) & (reached <= last))

    def test_cropping_undoes_padding(self) -> None:
        axis = recogniser_layers()[3]
        assert axis.padded(2, 5).cropped(2, 5) == axis
        assert Axis.even(6).cropped(1, 2).centres == (1.0, 2.0, 3.0)

    def test_upsampling_splits_columns_in_place(self) -> None:
        pooled = Axis.even(6).through(kernel=2, stride=2, size=3)
        assert pooled.centres == (0.5, 2.5, 4.5)
        back = pooled.upsampled(2)
        assert back.centres == (0.0, 1.0, 2.0, 3.0, 4.0, 5.0)
        assert (back.stride, back.approximate) == (1.0, True)
        assert pooled.upsampled(1) == pooled

    @pytest.mark.parametrize(
        ("centre", "inside"), [(-0.51, False), (-0.5, True), (0.0, True), (3.5, True), (3.51, False), (-2.0, False)]
    )
    def test_a_column_on_the_edge_is_inside(self, centre: float, inside: bool) -> None:
        assert Axis(4, (centre,), 1.0, 1.0).inside().tolist() == [inside]

    @pytest.mark.parametrize(
        ("call", "message"),
        [
            (lambda axis: axis.through(kernel=0, size=1), "kernel is 0"),
            (lambda axis: axis.through(kernel=3, size=0), "size is 0"),
            (lambda axis: axis.through(kernel=3, stride=0, size=1), "stride is 0"),
            (lambda axis: axis.cropped(2, 2), "columns is 0"),
            (lambda axis: axis.padded(-1, 0), "before is -1"),
            (lambda axis: axis.upsampled(0), "factor is 0"),
            (lambda axis: Axis.even(0), "columns is 0"),
        ],
    )
    def test_impossible_layers_are_named(self, call, message: str) -> None:
        with pytest.raises(CNNVizError, match=message):
            call(Axis.even(4))


class TestSeconds:
    def test_columns_of_one_window_and_of_many(self) -> None:
        times = log_mel_times()
        assert column_seconds(Axis.even(43), times[1]) == pytest.approx(np.arange(4, 47) * FRAME, abs=1e-12)
        every = column_seconds(recogniser_layers()[-1], times)
        assert every.shape == (22, 7)
        assert every[5] == pytest.approx(column_seconds(recogniser_layers()[-1], times[5]), abs=0)

    @pytest.mark.parametrize(
        ("times", "message"),
        [
            ([], "shape"),
            ([0, 1], "shape"),
            ([[0, 1, 2]], "shape"),
            ([[0, 1], [3, 2]], "window 1 lasts from 3.0 to 2.0"),
        ],
    )
    def test_times_that_are_none(self, times: list, message: str) -> None:
        with pytest.raises(CNNVizError, match=message):
            strip_grid(times, 1, None)


def strip_by_the_letter(
    windows: list[tuple[Fraction, Fraction]], seconds: Fraction, cells: int, centres: list[Fraction], stride: Fraction
) -> tuple[Fraction, Fraction, list[tuple[int, int]], bool]:
    """Start, step, (window, column) at each grid time, and whether no column lay inside its window."""
    middles = [(start + end) / 2 for start, end in windows]
    gaps = [abs(a - b) for a in middles for b in middles if a != b]
    shortest = min(end - start for start, end in windows)
    first = min(start for start, _ in windows)
    step = min([stride / cells * shortest, *(gaps or [shortest])])
    count = max(1, math.ceil((seconds - first) / step))

    def second(window: int, column: int) -> Fraction:
        start, end = windows[window]
        return start + (centres[column] + Fraction(1, 2)) / cells * (end - start)

    every = [(w, c) for w in range(len(windows)) for c in range(len(centres))]
    pairs = [(w, c) for w, c in every if windows[w][0] <= second(w, c) <= windows[w][1]]
    approximate = not pairs
    if approximate:
        nearest = min(range(len(centres)), key=lambda c: (abs(second(0, c) - middles[0]), c))
        pairs = [(w, nearest) for w in range(len(windows))]

    def placed(pair: tuple[int, int]) -> Fraction:
        return middles[pair[0]] if approximate else second(*pair)

    chosen = []
    for i in range(count):
        t = first + (i + Fraction(1, 2)) * step
        chosen.append(
            min(pairs, key=lambda p: (abs(placed(p) - t), abs(middles[p[0]] - t), windows[p[0]][0], centres[p[1]]))
        )
    return first, step, chosen, approximate


@st.composite
def clips(draw: st.DrawFn) -> tuple:
    unit = draw(st.sampled_from([Fraction(512, 22050), Fraction(1, 10), Fraction(1)]))
    starts = draw(st.lists(st.integers(0, 24), min_size=1, max_size=6, unique=True))
    if draw(st.booleans()):
        starts.sort()
    same = draw(st.integers(1, 12))
    lengths = [same if draw(st.booleans()) else draw(st.integers(1, 12)) for _ in starts]
    windows = [
        ((s - Fraction(1, 2)) * unit, (s + n - Fraction(1, 2)) * unit) for s, n in zip(starts, lengths, strict=True)
    ]
    cells = draw(st.integers(1, 12))
    stride = draw(st.sampled_from([1, 1, 2, 3, Fraction(1, 2)])) * Fraction(1)
    first = Fraction(draw(st.integers(-8, 30)), 2)
    centres = [first + stride * j for j in range(draw(st.integers(1, 8)))]
    seconds = unit * Fraction(draw(st.integers(0, 160)), 4)
    return windows, seconds, cells, centres, stride


class TestStrip:
    @given(clips())
    @settings(deadline=None, max_examples=300)
    def test_follows_the_law_to_the_letter(self, clip: tuple) -> None:
        windows, seconds, cells, centres, stride = clip
        start, step, chosen, approximate = strip_by_the_letter(windows, seconds, cells, centres, stride)
        times = np.array(windows, np.float64)
        axis = Axis(cells, tuple(map(float, centres)), float(stride), 1.0)
        grid = strip_grid(times, float(seconds), axis)
        assert (grid.start, grid.step) == (pytest.approx(float(start)), pytest.approx(float(step)))
        assert list(zip(grid.windows, grid.columns, strict=True)) == chosen
        assert grid.approximate == approximate
        for window, column, centre in zip(grid.windows, grid.columns, grid.centres, strict=True):
            assert centre == pytest.approx(column_seconds(axis, times[window])[column])

    @given(clips())
    @settings(deadline=None)
    def test_one_number_per_window_stands_at_its_windows_centre(self, clip: tuple) -> None:
        windows, seconds, *_ = clip
        start, step, chosen, _ = strip_by_the_letter(windows, seconds, 1, [Fraction(0)], Fraction(1))
        grid = strip_grid(np.array(windows, np.float64), float(seconds), None)
        assert (grid.start, grid.step) == (pytest.approx(float(start)), pytest.approx(float(step)))
        assert [(window, 0) for window in grid.windows] == chosen
        assert set(grid.columns) == {0}
        assert not grid.approximate
        assert grid.centres == pytest.approx([float(sum(windows[window]) / 2) for window in grid.windows])

    def test_the_inputs_own_cells_stand_exactly_at_their_frames(self) -> None:
        grid = strip_grid(log_mel_times(), 3.0, Axis.even(43))
        frames = np.arange(len(grid.windows))
        assert grid.times == pytest.approx(frames * FRAME, abs=1e-12)
        reached = frames <= 21 * 4 + 42
        assert np.asarray(grid.centres)[reached] == pytest.approx(grid.times[reached], abs=1e-12)
        assert grid.times[-1] - grid.step / 2 < 3.0 <= grid.times[-1] + grid.step / 2
        # A frame that many windows share is taken from the window centred nearest.
        middle = np.asarray(grid.columns)[21 : 21 + 21 * 4]
        assert set(middle) <= {19, 20, 21, 22, 23}

    def test_conv8_stays_within_two_frames_of_its_drawn_times(self) -> None:
        times = log_mel_times()
        grid = strip_grid(times, 3.0, recogniser_layers()[-1])
        assert grid.step == pytest.approx(4 * FRAME)
        assert set(grid.columns) == {3, 4}
        first, last = 14 * FRAME, (21 * 4 + 41) * FRAME
        between = (grid.times >= first) & (grid.times <= last)
        assert between.sum() > 25
        assert np.abs(np.asarray(grid.centres) - grid.times)[between].max() <= 2 * FRAME + 1e-9

    @pytest.mark.parametrize(
        ("times", "seconds", "axis", "windows", "columns"),
        [
            # The only grid time lies midway between both columns: the earlier.
            ([[0, 2]], 2, Axis(2, (0.0, 1.0), 2.0, 1.0), [0], [0]),
            # At 1.5 s stands a cell of either window, and both windows are centred equally near: the earlier window.
            ([[0, 2], [1, 3]], 4, Axis.even(2), [0, 0, 1, 1], [0, 1, 1, 1]),
            # The same, listed the other way round: the earlier in time, not in the list.
            ([[1, 3], [0, 2]], 4, Axis.even(2), [1, 1, 0, 0], [0, 1, 1, 1]),
            # A shared cell at 2.5 s: of three windows the one centred there.
            ([[0, 3], [1, 4], [2, 5]], 5, Axis.even(3), [0, 0, 1, 2, 2], [0, 1, 1, 1, 2]),
            # One window: the hop is its length, whatever the stride.
            ([[0, 2]], 4, Axis(2, (0.5,), 8.0, 1.0), [0, 0], [0, 0]),
        ],
    )
    def test_ties(self, times: list, seconds: float, axis: Axis, windows: list[int], columns: list[int]) -> None:
        grid = strip_grid(times, seconds, axis)
        assert list(grid.windows) == windows
        assert list(grid.columns) == columns

    def test_columns_all_outside_their_window_give_the_nearest_of_the_nearest_window_and_say_so(self) -> None:
        grid = strip_grid([[0, 4], [2, 6]], 6, Axis(4, (-5.0, -2.0, 9.0), 1.0, 1.0))
        assert grid.approximate
        assert grid.windows == (0, 0, 0, 1, 1, 1)
        assert set(grid.columns) == {1}
        assert grid.centres == (-1.5, -1.5, -1.5, 0.5, 0.5, 0.5)

    @pytest.mark.parametrize("seconds", [100.0, 2048.0, 5000.0])
    def test_never_more_columns_than_the_cap_and_all_of_the_clip(self, seconds: float) -> None:
        times = np.arange(0, seconds - 0.5, 0.5)[:, np.newaxis] + [0, 1]
        grid = strip_grid(times, seconds, Axis.even(10))
        assert len(grid.windows) == min(seconds * 10, MAX_STRIP_COLUMNS)
        assert grid.start + len(grid.windows) * grid.step == pytest.approx(seconds)
        nearest = np.abs(np.asarray(grid.centres) - grid.times).max()
        assert nearest <= 0.05 + 1e-9

    def test_a_clip_that_ends_before_its_window_begins_has_one_column(self) -> None:
        assert len(strip_grid([[5, 6]], 2, Axis.even(4)).windows) == 1
