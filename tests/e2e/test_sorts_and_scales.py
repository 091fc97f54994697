"""Sorts by change and selectivity, scales across epochs, other colours: against the reference and the formulas."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from .browser import Opener
from .cells import check, grid_times, pick
from .colours import scale_of, signed_colours
from .conftest import Reference, show_trained
from .experiment import STEPS
from .laws import class_selectivity, strip_pairs, turns, window_edges
from .panel import Panel
from .rows import CLIPS, RUN, SHORT, wide_maps, window_numbers
from .tensorboard import TensorBoard

NEWEST = STEPS[-1]
# Published colours of the maps at these of their 256 places: above an eighth of the map nothing is faded to black.
PLACES = (64, 128, 191, 255)
PUBLISHED = {
    "viridis": [(59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37)],
    "cividis": [(65, 77, 107), (125, 124, 120), (188, 174, 108), (254, 232, 56)],
}
VERMILION = np.array([213, 94, 0])


def falls(scores: np.ndarray, slack: float) -> bool:
    """Whether scores go down from each to the next, but for a slack."""
    return bool((np.diff(scores) <= slack).all())


@pytest.mark.parametrize("since", [None, -1])
def test_filters_are_sorted_by_their_change_since_an_epoch(
    panel: Panel, tensorboard: TensorBoard, reference: Reference, since: int | None
) -> None:
    panel.choose_clip("violin").choose_layer("dense").choose_sort("change")
    then = STEPS[-2]
    if since is not None:
        panel.part("since").select_option(str(since))
        then = since
    said = "before training" if then < 0 else f"epoch {then}"
    tile = panel.tile(panel.handle("order")[0])
    panel.part("grid-scroller").hover(position={"x": tile.x + 5, "y": tile.y + tile.height / 2})
    expect(panel.part("readout")).to_contain_text(f"since {said}")
    now, before = (reference.activations(step, "violin", "dense") for step in (NEWEST, then))
    changes = np.abs(now - before).mean(axis=(1, 2, 3))
    assert falls(changes[panel.handle("order")], 1e-4 * changes.max())

    # Of maps: over the cells of the strip, within what their codes leave open.
    panel.choose_layer("conv5")
    panel.wait_until("() => window.cnnviz.order.length === 128")
    now, before = (reference.activations(step, "violin", "conv5") for step in (NEWEST, then))
    times = grid_times(tensorboard, "violin", "conv5")
    window, column, _ = strip_pairs("conv5", now.shape[3], now.shape[1], times)
    changes = np.abs(now - before)[:, window, :, column].mean(axis=(0, 2))
    slack = max(scale_of(values, "filter").code.max() for values in (now, before)) / 2
    panel.wait_until("() => window.cnnviz.state.layer === 'conv5' && !window.cnnviz.state.stale")
    order = panel.handle("order")
    assert sorted(order) == list(range(128))
    assert falls(changes[order], slack)
    assert not falls(changes, slack)


def test_tiles_keep_their_places_until_they_are_sorted_again(panel: Panel, reference: Reference) -> None:
    panel.choose_clip("violin").choose_layer("dense").choose_sort("strength")
    again = panel.part("sort-again")
    order = panel.handle("order")
    expect(again).to_be_hidden()
    panel.choose_step(STEPS[-2])
    assert panel.handle("order") == order
    strengths = np.maximum(reference.activations(STEPS[-2], "violin", "dense").max(axis=(1, 2, 3)), 0)
    assert not falls(strengths[order], 1e-4 * strengths.max())
    again.click()
    panel.wait_ordered()
    assert falls(strengths[panel.handle("order")], 1e-4 * strengths.max())
    expect(again).to_be_hidden()


def test_rows_and_strips_differ_in_how_much_a_filter_changed(panel: Panel) -> None:
    again = panel.part("sort-again")
    panel.choose_clip("violin").choose_layer("conv5").choose_mode("raster").choose_sort("change")
    order = panel.handle("order")
    expect(again).to_be_hidden()
    panel.choose_mode("strip")
    assert panel.handle("order") == order
    expect(again).to_be_visible()
    again.click()
    panel.wait_ordered()
    assert panel.handle("order") != order
    expect(again).to_be_hidden()
    panel.choose_sort("strength").choose_mode("raster")
    expect(again).to_be_hidden()


@pytest.fixture
def rows_panel(open_panel: Opener, small_tensorboard: TensorBoard) -> Panel:
    panel = open_panel(small_tensorboard)
    panel.part("run").select_option(RUN)
    return panel.wait_shown(run=RUN, step=1)


def test_filters_are_sorted_by_the_selectivity_for_classes(rows_panel: Panel) -> None:
    panel = rows_panel.choose_layer("numbers").choose_sort("selectivity")
    means = np.stack([window_numbers(1, clip).mean(axis=0) for clip in range(len(CLIPS))])
    labels = np.array(list(CLIPS.values()))
    classes = [np.maximum(means[labels == name], 0).mean(axis=0) for name in dict.fromkeys(labels)]
    with np.errstate(invalid="ignore"):
        scores = class_selectivity(np.stack(classes, axis=1))
    # Said as soon as the order is made.
    expect(panel.part("grid-caption")).to_contain_text("compares clips, not classes")
    order = panel.handle("order")
    # A filter that answers to no class has no score, and comes last.
    assert falls(np.nan_to_num(scores[order], nan=-1.0), 1e-5)
    assert not falls(np.nan_to_num(scores, nan=-1.0), 1e-5)


@pytest.mark.parametrize("mode", ["filter", "layer"])
def test_a_scale_across_epochs_reaches_as_far_as_any_epoch(panel: Panel, reference: Reference, mode: str) -> None:
    panel.choose_clip("violin").choose_layer("dense").choose_sort("index").choose_tile_size(9)
    panel.choose_scale(f"{mode}-epochs").wait_shown()
    every = np.concatenate([reference.activations(step, "violin", "dense") for step in STEPS], axis=1)
    scale = scale_of(every, mode)._replace(code=np.zeros(len(every)))
    newest = reference.activations(NEWEST, "violin", "dense")[:, :, 0, 0]
    np.testing.assert_allclose(panel.handle("divisors"), scale.divisors, rtol=1e-4)
    assert not np.allclose(scale.divisors, scale_of(newest[..., np.newaxis, np.newaxis], mode).divisors, rtol=1e-2)
    legend = panel.part("legend")
    assert float(legend.get_attribute("data-highest") or "nan") == pytest.approx(every.max(), rel=1e-4)
    assert float(legend.get_attribute("data-lowest") or "nan") == pytest.approx(every.min(), rel=1e-4)
    middles = turns(window_edges(newest.shape[1])).mean(axis=1)
    start, end = panel.handle("seconds")
    for number in (0, 500, 1023):
        drawn = pick(panel.tile_pixels(number), (middles - start) / (end - start), np.array([0.5]))
        check(drawn, newest[number][np.newaxis], scale, number)


@pytest.mark.parametrize("colours", list(PUBLISHED))
def test_other_colours_are_the_published_ones_and_below_zero_vermilion(rows_panel: Panel, colours: str) -> None:
    panel = rows_panel.choose_layer("numbers").choose_sort("index").choose_scale("layer").choose_tile_size(14)
    panel.part("colours").select_option(colours)
    panel.settle()
    values = window_numbers(1, 0).T
    places = np.floor(np.abs(values) / values.max() * 255 + 0.5)
    start, end = panel.handle("seconds")
    edges = turns(0.25 * np.arange(values.shape[1])[:, np.newaxis] + np.array([0.0, 0.5]))
    shares = (edges.mean(axis=1) - start) / (end - start)
    checked = 0
    for place, colour in zip(PLACES, PUBLISHED[colours], strict=True):
        for number, window in np.argwhere((places == place) & (values > 0))[:1]:
            pixel = pick(panel.tile_pixels(int(number)), shares[[window]], np.array([0.5]))[0, 0].astype(int)
            assert np.abs(pixel - colour).max() <= 3, (place, pixel, colour)
            checked += 1
    assert checked >= 2
    number, window = np.unravel_index(values.argmin(), values.shape)
    pixel = pick(panel.tile_pixels(int(number)), shares[[window]], np.array([0.5]))[0, 0]
    share = max(values.min() / values.max(), -1.0)
    assert np.abs(pixel.astype(int) + share * VERMILION).max() <= 1


def test_a_lone_number_per_filter_is_shown_on_the_layers_scale(rows_panel: Panel) -> None:
    panel = rows_panel.choose_layer("numbers").choose_clip(SHORT).choose_sort("index").choose_tile_size(14)
    values = window_numbers(1, len(CLIPS))[0]
    expect(panel.part("grid-caption")).to_contain_text("one number per filter: shown on the layer's scale")
    for number in (0, 1, 2, 3):
        pixel = pick(panel.tile_pixels(number), np.array([0.2]), np.array([0.5]))[0, 0]
        assert (pixel == signed_colours(np.clip(values[[number]] / values.max(), -1, 1))[0]).all()
    # A row of maps has the largest value of the one window alone.
    panel.choose_layer("wide")
    expect(panel.part("grid-caption")).to_contain_text("one number per filter: shown on the layer's scale")
    maxima = wide_maps(1, len(CLIPS))[0].max(axis=(0, 1))
    weak = int(maxima.argmin())
    pixel = pick(panel.tile_pixels(weak), np.array([0.2]), np.array([0.5]))[0, 0]
    assert np.abs(pixel - signed_colours(maxima[[weak]] / maxima.max())[0]).max() <= 3
    panel.choose_clip("sax 1")
    expect(panel.part("grid-caption")).not_to_contain_text("layer's scale")


def test_class_scores_share_one_scale_and_the_legend_says_so(open_panel: Opener, tensorboard: TensorBoard) -> None:
    panel = show_trained(open_panel(tensorboard)).choose_layer("instruments")
    assert len(set(panel.handle("divisors"))) == 1 < len(panel.handle("order"))
    expect(panel.part("scale")).to_have_value("layer")
    expect(panel.part("scale").locator("option[value=filter]")).to_be_disabled()
    expect(panel.part("legend")).to_have_attribute("title", re.compile("Class scores: shown on the layer's scale"))
    expect(panel.part("legend")).to_contain_text("±")
    expect(panel.part("grid-caption")).to_contain_text("class scores: shown on the layer's scale")
    # Another layer has the scales that were chosen.
    panel.choose_layer("conv2")
    expect(panel.part("scale")).to_have_value("filter")
    assert len(set(panel.handle("divisors"))) > 1
