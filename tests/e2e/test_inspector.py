"""The inspector: one filter beside the grid, each of its pictures what was logged."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from .arrays import COLUMNS, ROWS, WINDOWS
from .browser import Opener
from .cells import check, pick
from .colours import Scale, scale_of
from .inspected import CLIP, JUMP, KERNEL, RUN, STEPS, kernel, maps, numbers
from .laws import onset_score
from .panel import Box, Panel
from .tensorboard import TensorBoard

NEWEST = STEPS[-1]
# What outlines are drawn in, light.
ACCENT = (43, 91, 132)
UP = 1 - (np.arange(ROWS) + 0.5) / ROWS


@pytest.fixture
def small(open_panel: Opener, small_tensorboard: TensorBoard) -> Panel:
    panel = open_panel(small_tensorboard, width=1600, height=1200)
    panel.part("run").select_option(RUN)
    return panel.wait_shown(run=RUN, step=NEWEST).choose_layer("conv").choose_sort("index")


def wait_filter(panel: Panel, number: int) -> None:
    expect(panel.part("inspector-title")).to_contain_text(re.compile(rf"^Filter {number}\b"))
    panel.settle()


def is_outlined(panel: Panel, number: int) -> bool:
    tile = panel.tile(number)
    above = panel.pixels("grid-cursor", Box(tile.x, tile.y - 1, tile.width, 1))[0, 1:-1, :3].astype(int)
    return bool((np.abs(above - ACCENT) < 40).all())


def grid_of(server: TensorBoard, layer: str, clip: str = CLIP) -> Any:
    layout = server.read("steps", run=RUN)["layout"]
    probe = next(each for each in layout["probes"] if each["name"] == clip)
    return layout["grids"][probe["grids"][[each["name"] for each in layout["layers"]].index(layer)]]


def strip_of(activations: np.ndarray, grid: Any) -> np.ndarray:
    """`[filters, frequency, columns]` of `[windows, frequency, time, filters]`, as the layout says."""
    strip: np.ndarray = activations[grid["windows"], :, grid["columns"]].transpose(2, 1, 0)
    return strip


def check_strip(panel: Panel, canvas: str, values: np.ndarray, grid: Any, scale: Scale, number: int) -> None:
    """What a canvas shows of a strip `[rows, columns]`, in the middle of each cell."""
    start, end = panel.handle("seconds")
    times = grid["start"] + (np.arange(values.shape[1]) + 0.5) * grid["step"]
    seen = (times > start) & (times < end)
    up = 1 - (np.arange(len(values)) + 0.5) / len(values)
    drawn = pick(panel.pixels(canvas), (times[seen] - start) / (end - start), up)
    check(drawn, values[:, seen], scale, number)


def test_a_click_on_a_tile_shows_its_filter_large_and_another_click_the_next(
    small: Panel, small_tensorboard: TensorBoard
) -> None:
    activations, grid = maps(NEWEST), grid_of(small_tensorboard, "conv")
    stored = activations.transpose(3, 0, 1, 2)
    scale, strip = scale_of(stored, "filter"), strip_of(activations, grid)
    start, end = small.handle("seconds")
    small.click_tile(3, 0.25)
    wait_filter(small, 3)
    # The drawer takes its room, and the tiles move: the one that now lies under the pointer was not pointed at.
    expect(small.part("readout")).not_to_contain_text("Filter")
    assert small.state()["time"] == pytest.approx(start + 0.25 * (end - start), abs=0.02 * (end - start))
    check_strip(small, "inspector-strip", strip[3], grid, scale, 3)
    columns = (np.arange(COLUMNS) + 0.5) / COLUMNS
    for window in (0, 3):
        while small.state()["window"] != window:
            small.page.keyboard.press("ArrowLeft" if small.state()["window"] > window else "ArrowRight")
            small.settle()
        small.wait_until("document.querySelector('[data-testid=\"inspector-window\"]') !== null")
        check(pick(small.pixels("inspector-window"), columns, UP), stored[3, window], scale, 3)
    # The grid stays usable beside it.
    small.click_tile(0)
    wait_filter(small, 0)
    check_strip(small, "inspector-strip", strip[0], grid, scale, 0)
    small.choose_mode("window")
    check(pick(small.pixels("inspector-window"), columns, UP), stored[0, small.state()["window"]], scale, 0)
    small.choose_mode("raster")
    small.click_tile(5)
    wait_filter(small, 5)
    small.wait_until("document.querySelector('[data-testid=\"inspector-strip\"]') !== null")
    check_strip(small, "inspector-strip", strip[5], grid, scale, 5)


def test_a_kernel_is_drawn_as_its_weights_are(small: Panel) -> None:
    filters, channels, rows, columns = KERNEL
    assert filters > 2
    small.part("grid-scroller").focus()
    small.page.keyboard.press("i")
    for step, number in ((NEWEST, 0), (NEWEST, 2), (NEWEST - 1, 2)):
        small.choose_step(step)
        small.click_tile(number)
        wait_filter(small, number)
        weights = kernel(step)[number]
        small.wait_until(
            "most => document.querySelector('[data-testid=\"kernel-reading\"]')?.textContent.includes(most)",
            f"{np.abs(weights).max():.3g}",
        )
        drawn = small.pixels("inspector-kernel")
        cell = drawn.shape[0] / rows
        scale = Scale(np.full(filters, np.abs(weights).max()), np.zeros(filters))
        for channel in range(channels):
            left = channel * (drawn.shape[1] - columns * cell) / (channels - 1)
            part = drawn[:, round(left) : round(left + columns * cell)]
            middles = (np.arange(columns) + 0.5) / columns, 1 - (np.arange(rows) + 0.5) / rows
            check(pick(part, *middles), weights[channel], scale, number)
    small.part("inspector-kernel").hover(position={"x": 3, "y": 3})
    expect(small.part("kernel-reading")).to_have_text(
        re.compile(rf"^column 1, row {rows} of channel 0: .?{abs(weights[0, -1, 0]):.3g}$")
    )
    small.choose_layer("plain")
    expect(small.part("no-kernel")).to_contain_text("at most three channels")


def test_keys_go_on_and_the_focus_comes_back(small: Panel) -> None:
    small.choose_sort("strength")
    order = small.handle("order")
    scroller, inspector = small.part("grid-scroller"), small.part("inspector")
    scroller.focus()
    small.page.keyboard.press("i")
    expect(inspector).to_be_focused()
    wait_filter(small, order[0])
    time = small.state()["time"]
    for key, place in (("ArrowRight", 1), (".", 2), ("ArrowLeft", 1), (",", 0), (",", 0), (".", 1)):
        small.page.keyboard.press(key)
        wait_filter(small, order[place])
    assert small.state()["time"] == time
    small.page.keyboard.press("Escape")
    expect(inspector).to_have_count(0)
    expect(scroller).to_be_focused()
    # By the pointer: the keys stay the panel's, and a button closes.
    small.click_tile(order[3])
    wait_filter(small, order[3])
    before = small.state()["window"]
    small.page.keyboard.press("ArrowLeft" if before else "ArrowRight")
    small.settle()
    assert small.state()["window"] != before
    small.page.keyboard.press(".")
    wait_filter(small, order[4])
    small.part("inspector-close").click()
    expect(inspector).to_have_count(0)
    # Of what is open the uppermost closes.
    small.page.keyboard.press("i")
    small.page.keyboard.press("?")
    expect(small.part("help")).to_have_count(1)
    small.page.keyboard.press("Escape")
    expect(small.part("help")).to_have_count(0)
    expect(inspector).to_have_count(1)


def test_the_key_opens_the_filter_that_was_found(small: Panel) -> None:
    small.page.keyboard.press("/")
    small.part("find-field").fill("4")
    small.page.keyboard.press("Enter")
    small.part("grid-scroller").focus()
    small.page.keyboard.press("i")
    wait_filter(small, 4)


def test_its_head_keeps_to_a_narrow_page_however_long_it_is(small: Panel) -> None:
    small.choose_sort("change").page.set_viewport_size({"width": 700, "height": 800})
    small.part("grid-scroller").focus()
    small.page.keyboard.press("i")
    close = small.part("inspector-close")
    expect(close).to_be_visible()
    small.settle()
    box = close.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 700


def test_large_maps_read_values_as_tiles_do(small: Panel) -> None:
    small.click_tile(2)
    wait_filter(small, 2)
    small.part("inspector-close").click()
    expect(small.part("inspector")).to_have_count(0)
    small.page.mouse.move(*small.on_tile(2, 0.42, 0.3))
    expect(small.part("readout")).to_contain_text("Filter 2")
    told = small.part("readout").text_content()
    small.click_tile(2, 0.4)
    wait_filter(small, 2)
    box = small.part("inspector-strip").bounding_box()
    assert box is not None
    small.page.mouse.move(box["x"] + 0.42 * box["width"], box["y"] + 0.3 * box["height"])
    expect(small.part("readout")).to_have_text(told or "")


def test_what_was_not_kept_is_said_and_numbers_are_a_row(small: Panel) -> None:
    small.choose_clip("strips")
    small.click_tile(1)
    expect(small.part("inspector-no-window")).to_contain_text("logged as strips")
    small.choose_clip(CLIP).choose_layer("dense")
    small.click_tile(4)
    wait_filter(small, 4)
    values = numbers(NEWEST)
    starts = 0.25 * np.arange(WINDOWS)
    start, end = small.handle("seconds")
    middles = (starts + 0.25 - start) / (end - start)
    scale = scale_of(values.T[:, :, np.newaxis, np.newaxis], "filter")._replace(code=np.zeros(values.shape[1]))
    small.wait_until("document.querySelector('[data-testid=\"inspector-strip\"]') !== null")
    drawn = pick(small.pixels("inspector-strip"), middles, np.array([0.5]))
    check(drawn, values[:, 4][np.newaxis], scale, 4)


def test_an_evolution_shows_each_epochs_strips_on_one_scale(small: Panel, small_tensorboard: TensorBoard) -> None:
    grid = grid_of(small_tensorboard, "conv")
    activations = {step: maps(step) for step in STEPS}
    largest = np.max([each.max(axis=(0, 1, 2)) for each in activations.values()], axis=0)
    small.click_tile(2)
    wait_filter(small, 2)
    small.part("inspector-pin").click()
    small.page.keyboard.press(".")
    wait_filter(small, 3)
    expect(small.part("evolution-scale")).to_contain_text("One scale for all epochs")
    small.settle()
    assert [is_outlined(small, number) for number in (1, 2, 3)] == [False, True, True], "a pinned one is marked, too"
    # Twelve of the twenty, evenly; the inspected filter first, the pinned one beside it.
    steps = (-1, 1, 2, 4, 6, 8, 9, 11, 13, 15, 16, 18)
    cells = small.frame.locator(".evolution-map canvas")
    expect(cells).to_have_count(2 * len(steps))
    shown = [f"evolution-{step}-{number}" for step in steps for number in (3, 2)]
    assert cells.evaluate_all("all => all.map(each => each.dataset.testid)") == shown
    for step in steps:
        for number in (3, 2):
            strength = activations[step][..., number].max()
            said = small.part(f"evolution-said-{step}-{number}")
            expect(said).to_contain_text(f"{strength:.3g}")
            scale = Scale(largest, scale_of(activations[step].transpose(3, 0, 1, 2), "filter").code)
            strip = strip_of(activations[step], grid)[number]
            # Codes are 252 steps.
            assert float(said.inner_text().rpartition("onset ")[2]) == pytest.approx(onset_score(strip), abs=0.011)
            check_strip(small, f"evolution-{step}-{number}", strip, grid, scale, number)
    small.part("evolution-epoch-4").click()
    small.wait_shown(step=4)
    expect(small.part("evolution-epoch-4")).to_have_attribute("aria-pressed", "true")
    expect(cells).to_have_count(2 * len(steps))
    small.part("evolution-spacing").select_option("change")
    # Whose columns these are stays in view.
    cells.last.scroll_into_view_if_needed()
    body, head = (small.frame.locator(place).last.bounding_box() for place in (".inspector-body", ".evolution-filter"))
    assert body is not None
    assert head is not None
    assert body["y"] <= head["y"] + 2 < body["y"] + 10
    for step in (JUMP - 1, JUMP):
        expect(small.part(f"evolution-epoch-{step}")).to_have_count(1)
    small.choose_layer("dense")
    expect(small.part(f"evolution-said-{NEWEST}-3")).to_contain_text(f"{max(numbers(NEWEST)[:, 3].max(), 0):.3g}")


def test_a_single_epoch_has_no_evolution(small: Panel) -> None:
    small.choose_run("broken/cnnviz")
    small.click_tile(3)
    expect(small.part("no-evolution")).to_contain_text("a single epoch")
