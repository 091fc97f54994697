"""Strips: each cell that is drawn is what the network computed there and then, and its tile says which filter it is."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

from .browser import Opener
from .cells import FRAME_TIMES, FRAMES, across, check, down, drawn_strip, fitting, grid_times, inner, pick, strips
from .colours import scale_of, sequential_matches
from .conftest import Reference, show_trained
from .experiment import N_MELS, STEPS
from .laws import FRAME, onset_score, strip_pairs, window_at, window_edges
from .panel import READ_CANVAS, Panel
from .tensorboard import TensorBoard

NEWEST = STEPS[-1]
LARGE = 420


@pytest.fixture
def sharp_panel(open_panel: Opener, tensorboard: TensorBoard) -> Panel:
    """With tiles so large that each cell is several pixels wide."""
    panel = show_trained(open_panel(tensorboard, width=1600, height=1200, ratio=2))
    return panel.choose_tile_size(LARGE)


@pytest.mark.parametrize("clip", ["violin", "rising tone", "piano"])
@pytest.mark.parametrize("mode", ["filter", "layer"])
def test_a_shallow_layers_strips_are_the_reference_cell_by_cell(
    sharp_panel: Panel, reference: Reference, clip: str, mode: str
) -> None:
    panel = sharp_panel.choose_clip(clip).choose_layer("conv2").choose_scale(mode).choose_tile_size(LARGE)
    activations = reference.activations(NEWEST, clip, "conv2")
    scale, expected = scale_of(activations, mode), strips(activations, "conv2")
    for number in (0, 7, 31):
        check(drawn_strip(panel, number, "conv2", activations.shape[2]), expected[number], scale, number)


def test_low_frequencies_are_at_the_bottom_and_time_runs_to_the_right(sharp_panel: Panel, reference: Reference) -> None:
    panel = sharp_panel.choose_clip("rising tone").choose_layer("conv2").choose_tile_size(LARGE)
    activations = reference.activations(NEWEST, "rising tone", "conv2")
    scale, expected = scale_of(activations, "filter"), strips(activations, "conv2")
    number = int(expected.std(axis=(1, 2)).argmax())
    drawn = drawn_strip(panel, number, "conv2", activations.shape[2])
    assert fitting(drawn, expected[number], scale, number).all()
    for mirrored in (drawn[::-1], drawn[:, ::-1], drawn[::-1, ::-1]):
        assert fitting(mirrored, expected[number], scale, number).mean() < 0.9


def test_a_deep_layers_strip_stands_within_two_frames_of_where_its_columns_are_centred(
    sharp_panel: Panel, tensorboard: TensorBoard, reference: Reference
) -> None:
    panel = sharp_panel.choose_clip("rising tone").choose_layer("conv8").choose_tile_size(LARGE)
    activations = reference.activations(NEWEST, "rising tone", "conv8")
    _, windows, rows, columns = activations.shape
    scale = scale_of(activations, "filter")
    times = grid_times(tensorboard, "rising tone", "conv8")
    window, column, true = strip_pairs("conv8", columns, windows, times)
    between = (times >= true.min()) & (times <= true.max())
    assert between.sum() > 20
    assert np.abs(true - times)[between].max() <= 2 * FRAME + 1e-9
    kept = inner("conv8", rows, N_MELS)
    for number in np.argsort(activations.max(axis=(1, 2, 3)))[-3:]:
        values = activations[number, window][:, kept][np.arange(len(times)), :, column].T
        check(drawn_strip(panel, int(number), "conv8", rows, times), values, scale, int(number))


@pytest.mark.parametrize("sort", ["index", "strength", "onset"])
def test_the_tile_that_is_numbered_k_shows_filter_k_under_each_sort(
    panel: Panel, tensorboard: TensorBoard, reference: Reference, sort: str
) -> None:
    panel.choose_clip("violin").choose_layer("conv5").choose_sort(sort)
    activations = reference.activations(NEWEST, "violin", "conv5")
    order = panel.handle("order")
    assert sorted(order) == list(range(128))
    times = grid_times(tensorboard, "violin", "conv5")
    strip = strips(activations, "conv5", times)
    if sort == "index":
        assert order == sorted(order)
    elif sort == "strength":
        strengths = np.maximum(activations.max(axis=(1, 2, 3)), 0)[order]
        assert (np.diff(strengths) <= 1e-4 * strengths.max()).all()
    panel.choose_tile_size(200)
    scale = scale_of(activations, "filter")
    for number in (order[0], order[1], order[60], order[-1]):
        check(drawn_strip(panel, number, "conv5", activations.shape[2], times), strip[number], scale, number)


def test_onset_to_harmonic_is_the_documented_score(panel: Panel, reference: Reference) -> None:
    panel.choose_clip("violin").choose_layer("conv2").choose_sort("onset")
    activations = reference.activations(NEWEST, "violin", "conv2")
    window, column, _ = strip_pairs("conv2", activations.shape[3], activations.shape[1], FRAME_TIMES)
    whole = activations[:, window, :, column].transpose(1, 2, 0)
    active = activations.max(axis=(1, 2, 3)) > 0
    scores = np.array([onset_score(strip) for strip in whole])[panel.handle("order")]
    ranked = scores[: active.sum()]
    # Codes are 252 steps: what differs less than that lets two filters change places.
    assert (np.diff(ranked) < 0.01).all()
    assert ranked[0] - ranked[-1] > 0.1


def test_one_number_layers_show_the_nearest_windows_number(
    panel: Panel, tensorboard: TensorBoard, reference: Reference
) -> None:
    panel.choose_clip("violin").choose_layer("dense").choose_mode("strip").choose_sort("index")
    activations = reference.activations(NEWEST, "violin", "dense")[:, :, 0, 0]
    scale = scale_of(activations, "filter")._replace(code=np.zeros(len(activations)))
    times = grid_times(tensorboard, "violin", "dense")
    nearest = [window_at(time, activations.shape[1]) for time in times]
    for number in (0, 1, 500):
        drawn = pick(panel.tile_pixels(number), across(times), np.array([0.5]))
        check(drawn, activations[number, nearest][np.newaxis], scale, number)


def test_a_clip_kept_as_summary_shows_a_row_of_each_windows_maximum(panel: Panel, reference: Reference) -> None:
    panel.choose_clip("cello").choose_layer("conv2")
    assert panel.state()["mode"] == "raster"
    expect(panel.part("mode-strip")).to_be_disabled()
    for said in ("each window's largest value", "no strips: logged as summary"):
        expect(panel.part("grid-caption")).to_contain_text(said)
    activations = reference.activations(NEWEST, "cello", "conv2")
    highest = activations.max(axis=(2, 3))
    scale = scale_of(activations, "filter")
    times = window_edges(highest.shape[1]).mean(axis=1)
    for number in (0, 7, 31):
        drawn = pick(panel.tile_pixels(number), across(times), np.array([0.25, 0.75]))
        check(drawn, np.stack([highest[number]] * 2), scale, number)


@pytest.mark.parametrize("clip", ["violin", "rising tone"])
def test_the_input_is_librosas_spectrogram(
    open_panel: Opener, tensorboard: TensorBoard, reference: Reference, clip: str
) -> None:
    panel = show_trained(open_panel(tensorboard, width=1600, height=1200, ratio=2)).choose_clip(clip)
    panel.wait_until(f"() => ({READ_CANVAS})('spectrogram', [200, 50, 1, 1]).data[3] === 255")
    values = reference.spectrogram(clip)
    assert values.shape == (N_MELS, FRAMES)
    highest = values.max()
    lowest = max(values.min(), highest - 80 / 20 * np.log(10))
    drawn = pick(panel.pixels("spectrogram"), across(FRAME_TIMES), down(np.arange(N_MELS)))
    assert sequential_matches(drawn, (values - lowest) / (highest - lowest)).all()
