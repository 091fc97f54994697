"""Rasters: one row per filter below the input's seconds, each cell what the network gave for that window."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

from .arrays import WINDOWS
from .arrays import probes as small_probes
from .browser import Opener
from .cells import across, check, pick
from .colours import Scale, brightness, scale_of, signed_colours
from .conftest import Reference, show_trained
from .experiment import SECONDS, STEPS
from .laws import turns, window_edges
from .panel import Box, Panel
from .rows import PEAK, RUN, WIDE, window_numbers
from .tensorboard import TensorBoard

NEWEST = STEPS[-1]
MIDDLE = np.array([0.5])


@pytest.fixture
def rows_panel(open_panel: Opener, small_tensorboard: TensorBoard) -> Panel:
    panel = open_panel(small_tensorboard)
    panel.part("run").select_option(RUN)
    return panel.wait_shown(run=RUN, step=1)


def drawn_row(panel: Panel, number: int, times: np.ndarray) -> np.ndarray:
    """Colours of a filter's row at seconds of the clip: `[1, times, 3]`."""
    start, end = panel.handle("seconds")
    return pick(panel.tile_pixels(number), (times - start) / (end - start), MIDDLE)


def test_layers_of_one_number_are_rows_of_each_windows_exact_number(panel: Panel, reference: Reference) -> None:
    panel.choose_clip("violin").choose_layer("dense").choose_sort("index").choose_tile_size(9)
    assert panel.state()["mode"] == "raster"
    activations = reference.activations(NEWEST, "violin", "dense")[:, :, 0, 0]
    scale = scale_of(activations, "filter")._replace(code=np.zeros(len(activations)))
    stretches = turns(window_edges(activations.shape[1]))
    # Near both ends of each window's turn, a pixel and a half from its edges.
    inset = 1.5 * SECONDS / panel.tile(0).width
    for number in (0, 1, 500, 1023):
        for times in (stretches[:, 0] + inset, stretches.mean(axis=1), stretches[:, 1] - inset):
            seen = (times > 0) & (times < SECONDS)
            check(drawn_row(panel, number, times[seen]), activations[number, seen][np.newaxis], scale, number)


def test_rows_of_maps_are_each_windows_maximum_and_say_so(panel: Panel, reference: Reference) -> None:
    panel.choose_clip("violin").choose_layer("conv8")
    panel.page.keyboard.press("3")
    panel.wait_shown(mode="raster").choose_tile_size(8)
    expect(panel.part("grid-caption")).to_contain_text("each window's largest value")
    activations = reference.activations(NEWEST, "violin", "conv8")
    scale, highest = scale_of(activations, "filter"), activations.max(axis=(2, 3))
    middles = turns(window_edges(highest.shape[1])).mean(axis=1)
    order = panel.handle("order")
    for number in (order[0], order[100], order[255]):
        check(drawn_row(panel, number, middles), highest[number][np.newaxis], scale, number)


@pytest.mark.parametrize("width", [1440, 700])
def test_rows_stand_below_the_inputs_seconds_under_one_cursor(panel: Panel, width: int) -> None:
    panel.choose_clip("violin").choose_layer("dense").seek(1.5)
    panel.page.set_viewport_size({"width": width, "height": 900})
    panel.settle()
    row, grid = panel.tile(panel.handle("order")[0]), panel.part("grid").bounding_box()
    spectrogram = panel.part("spectrogram").bounding_box()
    assert grid is not None
    assert spectrogram is not None
    assert grid["x"] + row.x == pytest.approx(spectrogram["x"], abs=0.5)
    assert row.width == pytest.approx(spectrogram["width"], abs=0.5)
    cursor = panel.pixels("grid-cursor")[..., 3]
    inner = cursor[60:-60]
    x = row.x + across(np.array([panel.state()["time"]]))[0] * row.width
    lit = np.flatnonzero((inner == 255).all(axis=0))
    assert list(lit) == pytest.approx([x], abs=1)


def test_a_click_on_a_row_goes_to_its_seconds(panel: Panel) -> None:
    panel.choose_clip("violin").choose_layer("dense").choose_tile_size(10)
    number = panel.handle("order")[3]
    row = panel.tile(number)
    x = row.x + across(np.array([2.1]))[0] * row.width
    panel.part("grid-scroller").click(position={"x": x, "y": row.y + row.height / 2})
    panel.settle()
    assert panel.state()["time"] == pytest.approx(2.1, abs=0.01)
    expect(panel.part("inspector-title")).to_contain_text(f"Filter {number} ")


def test_two_thousand_rows_fit_and_none_of_their_peaks_is_lost(rows_panel: Panel) -> None:
    panel = rows_panel.choose_layer("wide").choose_sort("index")
    assert panel.state()["mode"] == "raster"
    rows = panel.handle("tiles")
    assert [row["filter"] for row in rows] == list(range(WIDE))
    height = panel.part("grid-scroller").evaluate("area => area.clientHeight")
    assert rows[-1]["y"] + rows[-1]["height"] <= height
    expect(panel.part("grid-caption")).to_contain_text("rows share pixels")
    panel.choose_scale("layer")
    number, window = PEAK
    row = panel.tile(number)
    start, end = panel.handle("seconds")
    at = turns(np.asarray(small_probes()[0].times))[window].mean()
    x, y = row.x + (at - start) / (end - start) * row.width, row.y + row.height / 2
    pixels = panel.pixels("grid")[..., :3]
    peak = signed_colours(np.array([1.0]))[0]
    assert (pixels[int(y), int(x)] == peak).all()
    # What stands under the pointer is the row that is seen there, not one of those that share the pixel with it.
    panel.part("grid-scroller").hover(position={"x": x, "y": int(y) + 0.5})
    readout = panel.part("readout")
    expect(readout).to_contain_text(f"Filter {number}")
    expect(readout).to_contain_text(f"window {window + 1} of {WINDOWS}")
    expect(readout).to_contain_text("largest 1")


def test_each_pixel_shows_the_brightest_of_the_rows_that_share_it(rows_panel: Panel) -> None:
    panel = rows_panel.choose_layer("numbers").choose_sort("index").choose_scale("layer")
    values = window_numbers(1, 0).T
    rows = panel.handle("tiles")
    top, pitch = rows[0]["y"], rows[1]["y"] - rows[0]["y"]
    assert pitch < 1
    pixels = panel.pixels("grid")[..., :3]
    start, end = panel.handle("seconds")
    middles = turns(np.asarray(small_probes()[0].times)).mean(axis=1)
    x = (rows[0]["x"] + (middles - start) / (end - start) * rows[0]["width"]).astype(int)
    lines = round(len(values) * pitch)
    colours = signed_colours(np.clip(values / values.max(), -1, 1))
    for line in range(0, lines, 7):
        first, end_row = line * len(values) / lines, (line + 1) * len(values) / lines
        shared = colours[int(first + 1e-6) : int(np.ceil(end_row - 1e-6))]
        best = shared[brightness(shared).argmax(axis=0), np.arange(WINDOWS)]
        np.testing.assert_array_equal(pixels[int(top) + line, x], best)


def test_high_rows_are_scrolled_to_and_numbered(rows_panel: Panel) -> None:
    panel = rows_panel.choose_layer("numbers").choose_sort("index").choose_tile_size(14)
    values = window_numbers(1, 0).T
    scale = Scale(values.max(axis=1), np.zeros(len(values)))
    middles = turns(np.asarray(small_probes()[0].times)).mean(axis=1)
    for number in (0, 320, 599):
        check(drawn_row(panel, number, middles), values[number][np.newaxis], scale, number)
        row = panel.tile(number)
        gutter = panel.pixels("grid", row._replace(x=row.x - 30, width=24))[..., 3]
        assert (gutter > 0).sum() > 10
    panel.part("tile-fit").click()
    panel.settle()
    assert len(panel.handle("tiles")) == len(values)


def test_the_choice_of_rows_is_one_of_its_own(panel: Panel) -> None:
    panel.choose_layer("dense").choose_mode("strip")
    panel.choose_layer("conv5").wait_shown(mode="strip").choose_mode("window")
    panel.choose_layer("dense").wait_shown(mode="strip").choose_mode("raster")
    panel.choose_layer("conv5").wait_shown(mode="window")


@pytest.mark.parametrize("inspector", [False, True])
def test_below_the_last_row_stand_the_rows_own_seconds_and_what_the_bars_are(
    open_panel: Opener, tensorboard: TensorBoard, inspector: bool
) -> None:
    panel = show_trained(open_panel(tensorboard)).choose_layer("conv3").choose_mode("raster")
    if inspector:
        panel.page.keyboard.press("i")
    panel.page.mouse.move(0, 0)
    panel.settle()
    last = panel.handle("tiles")[-1]
    below = last["y"] + last["height"] + 2
    width = panel.part("grid").evaluate("canvas => canvas.clientWidth")
    right = last["x"] + last["width"]
    check_seconds(panel, below)
    heading = panel.pixels("grid", Box(right, below, width - right, 9))
    assert bool((heading != heading[0, 0]).any()) == (not inspector), "where there is room for bars"


def test_rows_that_are_scrolled_to_keep_their_seconds_in_view(panel: Panel) -> None:
    panel.choose_layer("conv3").choose_mode("raster").choose_tile_size(28)
    panel.page.mouse.move(0, 0)
    scroller = panel.part("grid-scroller")
    height, whole = scroller.evaluate("area => [area.clientHeight, area.scrollHeight]")
    assert whole > height, "they do not fit"
    for place in (0, 100, whole):
        scroller.evaluate("(area, place) => area.scrollTo(0, place)", place)
        panel.settle()
        check_seconds(panel, height - 10)
    # A filter that is found does not lie below them.
    for number in panel.handle("order")[::-7]:
        panel.page.keyboard.press("/")
        panel.part("find-field").fill(str(number))
        panel.page.keyboard.press("Enter")
        panel.settle()
        (row,) = (tile for tile in panel.handle("tiles") if tile["filter"] == number)
        assert row["y"] + row["height"] <= height - 12
        panel.page.keyboard.press("Escape")


def check_seconds(panel: Panel, top: float) -> None:
    """From the first second of the clip to the last one, written at this height."""
    last = panel.handle("tiles")[-1]
    seconds = panel.pixels("grid", Box(last["x"], top, last["width"], 9))
    inked = (seconds != seconds[0, 0]).any(axis=(0, 2)).nonzero()[0]
    assert len(inked) < last["width"] / 2, "words, not rows"
    assert inked[0] < 30
    assert inked[-1] > last["width"] - 30
