"""Clips and runs are compared by their filters' numbers, side by side, in the order of their difference."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

from .arrays import CLIPS, FILTERS
from .browser import Opener
from .compared import CLIP, LAYER, bundle, compare_epochs
from .panel import Panel
from .tensorboard import TensorBoard


@pytest.fixture
def compared(open_panel: Opener, small_tensorboard: TensorBoard) -> Panel:
    """Epoch 2 as B, compared with the one before."""
    return compare_epochs(open_panel, small_tensorboard)


def rows_of(panel: Panel) -> list[int]:
    places: list[list[int]] = (
        panel.part("compare-rows")
        .locator(".pair")
        .evaluate_all("rows => rows.map(row => [row.offsetTop, Number(row.dataset.filter)])")
    )
    return [number for _, number in sorted(places)]


def check_measures(panel: Panel, a: np.ndarray, b: np.ndarray) -> int:
    """By each measure of two sides' statistics the rows stand as their difference has them; the last order's first."""
    for measure, numbers in {
        "strength": [np.maximum(side[:, 1], 0) for side in (a, b)],
        "mean": [side[:, 2] for side in (a, b)],
        "active": [side[:, 4] for side in (a, b)],
    }.items():
        panel.part(f"measure-{measure}").click()
        order = np.argsort(-np.abs(numbers[1] - numbers[0]), kind="stable").tolist()
        expect(panel.part("compare-rows").locator(".pair")).to_have_count(FILTERS)
        panel.wait_until(
            "order => [...document.querySelectorAll('.pair')].sort((a, b) => a.offsetTop - b.offsetTop)"
            ".every((row, at) => Number(row.dataset.filter) === order[at])",
            order,
        )
        assert rows_of(panel) == order
        bars = panel.part("compare-rows").locator(f".pair[data-filter='{order[0]}'] [data-measure={measure}]")
        widths = [bar.bounding_box() for bar in bars.all()]
        assert [float(bar.get_attribute("data-value") or 0) for bar in bars.all()] == pytest.approx(
            [side[order[0]] for side in numbers], rel=1e-6
        )
        assert all(widths)
        first, second = (box["width"] for box in widths if box)
        assert first / second == pytest.approx(numbers[0][order[0]] / numbers[1][order[0]], abs=0.02)
    return int(order[0])


def test_two_clips_stand_side_by_side_in_the_order_of_their_difference(
    compared: Panel, small_tensorboard: TensorBoard
) -> None:
    panel = compared
    panel.part("compare-kind").select_option("clip")
    expect(panel.part("compare-clip")).to_have_value(CLIPS[1])
    expect(panel.part("compare-b")).to_have_text(CLIPS[0])
    step = bundle(small_tensorboard, 2)
    largest = check_measures(panel, *(step.statistics(clip, LAYER).astype(np.float64) for clip in (CLIPS[1], CLIPS[0])))
    panel.part("compare-rows").locator(".pair").first.hover()
    expect(panel.part("readout")).to_contain_text(f"Filter {largest}")
    panel.part("compare-rows").locator(".pair").first.click()
    expect(panel.part("compare")).to_have_count(0)
    panel.wait_shown(clip=CLIP, layer=LAYER)
    # Its tile is marked among the others: a frame of its own around it.
    box = panel.tile(largest)
    frame = panel.pixels("grid-cursor", box._replace(x=box.x - 4, width=3, y=box.y + 4, height=box.height - 8))
    assert (frame[..., 3] > 0).any()


def test_another_run_is_matched_by_names_and_says_what_it_lacks(
    compared: Panel, small_tensorboard: TensorBoard
) -> None:
    panel = compared
    panel.part("compare-kind").select_option("run")
    panel.part("compare-run").select_option("cut/cnnviz")
    # Its newest epoch with arrays is a summary: numbers are all that is needed.
    expect(panel.part("compare-rows").locator(".pair")).to_have_count(FILTERS)
    expect(panel.part("grid-caption")).to_contain_text("share numbers, not meanings")
    sides = bundle(small_tensorboard, 3, "cut/cnnviz"), bundle(small_tensorboard, 2)
    check_measures(panel, *(side.statistics(CLIP, LAYER).astype(np.float64) for side in sides))
    panel.part("compare-run").select_option("changed/cnnviz")
    expect(panel.part("notice")).to_contain_text(
        "Clip first was not logged in run changed/cnnviz, epoch 2, but second, third."
    )
    panel.row("clips", CLIPS[1]).click()
    expect(panel.part("notice")).to_contain_text("has 4 filters in A and 6 in B")
    panel.part("compare-run-epoch").select_option("1")
    expect(panel.part("compare-rows").locator(".pair")).to_have_count(FILTERS)
    expect(panel.part("notice")).to_have_count(0)
