"""Compare: B - A of two epochs is exact in each cell, B blinks on A's scale, and what cannot be subtracted is said."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

from . import inspected
from .arrays import FILTERS, RUN, WINDOWS
from .arrays import probes as small_probes
from .browser import Opener
from .cells import drawn_window, fitting, pick
from .colours import Scale
from .compared import CLIP, LAYER, SHOWN, bundle, compare_epochs, wait_compared
from .differences import colours
from .panel import Panel
from .tensorboard import TensorBoard

LARGE = 300
MINUS = "\N{MINUS SIGN}"


@pytest.fixture
def compared(open_panel: Opener, small_tensorboard: TensorBoard) -> Panel:
    """Epoch 2 as B, compared with the one before."""
    return compare_epochs(open_panel, small_tensorboard)


def strip_cells(panel: Panel, number: int, shape: tuple[int, ...]) -> np.ndarray:
    """Colours in the middle of a strip's cells, `[rows, columns, 3]`."""
    grid = panel_grid(panel)
    start, end = panel.handle("seconds")
    times = grid["start"] + (np.arange(shape[1]) + 0.5) * grid["step"]
    seen = (times > start) & (times < end)
    assert seen.all()
    return pick(panel.tile_pixels(number), (times - start) / (end - start), 1 - (np.arange(shape[0]) + 0.5) / shape[0])


_GRIDS: dict[str, dict[str, float]] = {}


def panel_grid(panel: Panel) -> dict[str, float]:
    return _GRIDS[panel.state()["layer"]]


@pytest.fixture(autouse=True)
def _grids(small_tensorboard: TensorBoard) -> None:
    layout = small_tensorboard.read("steps", run=RUN)["layout"]
    for number, layer in enumerate(layout["layers"]):
        _GRIDS[layer["name"]] = layout["grids"][layout["probes"][0]["grids"][number]]


def check_difference(drawn: np.ndarray, differences: np.ndarray, limit: float, noise: float) -> None:
    """Each cell has its exact colour; that of a neighbour where rounding could go either way."""
    slack = limit * 1e-6
    either = [colours(differences + way, limit, noise) for way in (-slack, 0, slack)]
    fits = np.any([(one == drawn).all(axis=-1) for one in either], axis=0)
    where = np.argwhere(~fits)[:3]
    assert fits.all(), [(tuple(at), differences[tuple(at)], drawn[tuple(at)]) for at in where]


def test_every_cell_of_a_strip_is_the_exact_difference(compared: Panel, small_tensorboard: TensorBoard) -> None:
    panel = compared.choose_tile_size(LARGE)
    expect(panel.part("compare-b")).to_have_text("epoch 2")
    a, b = (bundle(small_tensorboard, step).maps(CLIP, LAYER) for step in (1, 2))
    differences = b.values - a.values
    limit = float(np.percentile(np.abs(differences), 99))
    assert float(panel.part("legend").get_attribute("data-limit") or 0) == pytest.approx(limit, rel=1e-6)
    legend = panel.part("legend")
    expect(legend).to_contain_text(f"+{limit:.3g}")
    # The longest numbers that there are: the ramp gives way to them.
    words = legend.locator("span:not(.ramp)")
    for place, text in ((0, "\N{MINUS SIGN}0.00537"), (1, "+0.00537")):
        words.nth(place).evaluate("(span, text) => { span.textContent = text }", text)
    assert legend.evaluate("scale => scale.scrollWidth <= scale.clientWidth"), "half of a number would be another one"
    largest = np.abs(differences).max(axis=(1, 2))
    assert panel.handle("order") == np.argsort(-largest, kind="stable").tolist()
    noise = np.minimum(a.half_step, b.half_step)
    some_grey = False
    for number in range(FILTERS):
        drawn = strip_cells(panel, number, differences[number].shape)
        check_difference(drawn, differences[number], limit, noise[number])
        some_grey |= bool((np.abs(differences[number]) < noise[number]).any())
    assert some_grey, "the log should hold differences that codes cannot tell"


def test_single_windows_too_and_the_other_epochs(compared: Panel, small_tensorboard: TensorBoard) -> None:
    panel = compared
    panel.part("compare-epoch").select_option("0")
    wait_compared(panel, against=0)
    panel.part("mode-window").click()
    panel.wait_until(SHOWN, {"mode": "window", "against": "0"})
    panel.settle()
    edges = np.asarray(small_probes()[0].times)
    window = panel.state()["window"]
    assert 0 <= window < WINDOWS == len(edges)
    a, b = (bundle(small_tensorboard, step).maps(CLIP, LAYER, windows=True) for step in (0, 2))
    differences = b.values - a.values
    limit = float(np.percentile(np.abs(differences), 99))
    assert float(panel.part("legend").get_attribute("data-limit") or 0) == pytest.approx(limit, rel=1e-6)
    panel.choose_tile_size(LARGE)
    _, _, rows, columns = differences.shape
    noise = np.minimum(a.half_step, b.half_step)
    for number in (0, 5):
        drawn = drawn_window(panel, number, rows, columns)
        check_difference(drawn, differences[number, window], limit, noise[number])


def test_the_pointer_reads_both_sides_and_their_difference(compared: Panel, small_tensorboard: TensorBoard) -> None:
    panel = compared.choose_tile_size(LARGE)
    a, b = (bundle(small_tensorboard, step).maps(CLIP, LAYER).values for step in (1, 2))
    number = 3
    box, shape = panel.tile(number), a[number].shape
    grid, (start, end) = panel_grid(panel), panel.handle("seconds")
    column = shape[1] // 2
    x = (grid["start"] + (column + 0.5) * grid["step"] - start) / (end - start)
    y = 1 - (number + 0.5) / shape[0]
    panel.part("grid-scroller").hover(position={"x": box.x + x * box.width, "y": box.y + y * box.height})
    readout = panel.part("readout")
    expect(readout).to_contain_text(f"Filter {number}")
    at = (number, number, column)
    expect(readout).to_contain_text(f"A {a[at]:.3g} ±")
    expect(readout).to_contain_text(f"B {b[at]:.3g} ±")
    expect(readout).to_contain_text(f"B {MINUS} A +{b[at] - a[at]:.3g}")


def test_x_blinks_b_in_place_on_as_scale(compared: Panel, small_tensorboard: TensorBoard) -> None:
    panel = compared.choose_tile_size(LARGE)
    a, b = (bundle(small_tensorboard, step).maps(CLIP, LAYER) for step in (1, 2))
    # Each filter's largest value over the whole clip, of A.
    divisors = bundle(small_tensorboard, 1).statistics(CLIP, LAYER)[:, 1].astype(np.float64)
    scale = Scale(divisors, np.zeros(FILTERS))
    before = [panel.tile(number) for number in range(FILTERS)]

    def check(values: np.ndarray) -> None:
        for number in (0, FILTERS - 1):
            assert panel.tile(number) == before[number]
            drawn = strip_cells(panel, number, values[number].shape)
            assert fitting(drawn, values[number], scale, number).all()

    panel.page.keyboard.down("x")
    wait_compared(panel, "b")
    expect(panel.part("readout")).to_contain_text("on A's scale")
    check(b.values)
    panel.page.keyboard.up("x")
    wait_compared(panel)
    # From A, by the button: what blinks is the other epoch alone.
    panel.part("show-a").click()
    wait_compared(panel, "a")
    check(a.values)
    button = panel.part("blink").bounding_box()
    assert button is not None
    panel.page.mouse.move(button["x"] + 5, button["y"] + 5)
    panel.page.mouse.down()
    wait_compared(panel, "b")
    check(b.values)
    panel.page.mouse.move(5, 5)
    panel.page.mouse.up()
    wait_compared(panel, "a")


def test_filters_keep_their_places_until_they_are_sorted_again(
    open_panel: Opener, small_tensorboard: TensorBoard
) -> None:
    panel = open_panel(small_tensorboard).choose_run(inspected.RUN).choose_layer("dense")
    panel.page.keyboard.press("c")
    newest = inspected.STEPS[-1]
    orders = {}
    for step in (newest, newest - 1):
        differences = np.abs(inspected.numbers(step) - inspected.numbers(step - 1)).max(axis=0)
        orders[step] = np.argsort(-differences, kind="stable").tolist()
    assert orders[newest] != orders[newest - 1]
    wait_compared(panel, against=newest - 1)
    again = panel.part("compare-sort-again")
    assert panel.handle("order") == orders[newest]
    expect(again).to_be_hidden()
    panel.part("epoch-before").click()
    wait_compared(panel, against=newest - 2)
    assert panel.handle("order") == orders[newest]
    again.click()
    panel.settle()
    assert panel.handle("order") == orders[newest - 1]
    expect(again).to_be_hidden()


def test_what_cannot_be_subtracted_is_said_and_compared_by_its_numbers(
    open_panel: Opener, small_tensorboard: TensorBoard
) -> None:
    panel = open_panel(small_tensorboard)
    panel.part("run").select_option("cut/cnnviz")
    # Epochs 0 and 1 of this run are whole, 2 is strips, 3 a summary; of 4 there is the record alone.
    expect(panel.part("notice")).to_contain_text("No maps were kept at this epoch.")
    panel.page.keyboard.press("Shift+ArrowLeft")
    panel.wait_shown(step=3, mode="raster").choose_clip(CLIP).choose_layer(LAYER)
    panel.page.keyboard.press("c")
    # Rows of each window's largest value both have.
    wait_compared(panel, against=2)
    panel.choose_step(2)
    wait_compared(panel, against=1)
    panel.part("compare-epoch").select_option("3")
    expect(panel.part("compare-why")).to_contain_text("of A there are no strips: max_disk reached")
    expect(panel.part("compare-rows").locator(".pair")).to_have_count(FILTERS)
    panel.part("mode-raster").click()
    wait_compared(panel, against=3)
    expect(panel.part("compare-why")).to_have_count(0)
    # The same epoch twice, and an epoch before the first.
    panel.part("mode-strip").click()
    panel.part("compare-epoch").select_option("2")
    expect(panel.part("notice")).to_contain_text("A and B are the same epoch.")
    panel.part("compare-epoch").select_option("")
    wait_compared(panel, against=1)
    panel.page.keyboard.press("Shift+ArrowLeft")
    panel.page.keyboard.press("Shift+ArrowLeft")
    expect(panel.part("notice")).to_contain_text("No maps were kept before this epoch.")


def test_other_filters_other_clips_and_single_epochs_are_told(
    open_panel: Opener, small_tensorboard: TensorBoard
) -> None:
    panel = open_panel(small_tensorboard)
    panel.choose_run("changed/cnnviz").choose_clip("second").choose_layer("conv")
    panel.page.keyboard.press("c")
    expect(panel.part("notice")).to_contain_text("Layer conv has 6 filters in A and 4 in B: they are not the same.")
    panel.part("run").select_option("broken/cnnviz")
    # One epoch: another clip can be compared, but there is none that was logged.
    expect(panel.part("compare-kind")).to_have_value("clip")
    option = panel.part("compare-kind").get_by_role("option", name="epoch")
    expect(option).to_have_attribute("title", "only one epoch of this run holds maps")
    expect(option).to_be_disabled()
    expect(panel.part("notice")).to_contain_text("This clip was not logged at this epoch.")


def test_an_array_that_is_missing_is_named(open_panel: Opener, small_tensorboard: TensorBoard) -> None:
    panel = open_panel(small_tensorboard)
    panel.watch.expect("404", "500", "502")
    panel.part("run").select_option("missing/cnnviz")
    expect(panel.part("notice").first).to_be_visible()
    panel.choose_step(1).choose_clip(CLIP).choose_layer(LAYER)
    panel.page.keyboard.press("c")
    wait_compared(panel, against=0)
    panel.part("compare-epoch").select_option("2")
    expect(panel.part("notice")).to_contain_text("A cannot be shown.")
    expect(panel.part("notice")).to_contain_text(bundle_name(small_tensorboard))
    panel.part("compare-epoch").select_option("0")
    wait_compared(panel, against=0)


def bundle_name(tensorboard: TensorBoard) -> str:
    steps = tensorboard.read("steps", run="missing/cnnviz")["steps"]
    name: str = steps[-1]["record"]["bundle"]["file"]
    return name
