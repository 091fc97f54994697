"""The parts have their places at every size: nothing overlaps, nothing is cut off, nothing jumps while arrays load."""

from __future__ import annotations

from itertools import combinations

import pytest
from playwright.sync_api import expect

from .arrays import NAMED
from .arrays import RUN as SMALL_RUN
from .browser import Opener
from .conftest import show_trained
from .experiment import CLASSES, STEPS
from .panel import Panel
from .placed import misplaced
from .tensorboard import TensorBoard
from .views import COMPARED, every_view

SIZES = [(1024, 640), (1280, 800), (1440, 900), (1920, 1080)]
NARROW = (700, 800)
# TensorBoard's own, above the panel.
TABS = 64

BOXES = """() => Object.fromEntries(Object.entries({
  header: ".header", curves: '[data-testid="curves"]', clips: '[data-testid="clips"]', layers: '[data-testid="layers"]',
  input: 'section[aria-label="Input"]', prediction: '[data-testid="prediction"]', grid: 'section[aria-label="Filters"]',
}).map(([name, selector]) => {
  const box = document.querySelector(selector)?.getBoundingClientRect();
  return [name, box === undefined ? null : [box.left, box.top, box.right, box.bottom]];
}))"""


def check_places(panel: Panel, width: int, height: int, parts: set[str]) -> None:
    assert panel.frame.evaluate("document.documentElement.scrollWidth") <= width
    boxes = panel.frame.evaluate(BOXES)
    shown = {name: box for name, box in boxes.items() if box and min(box[2] - box[0], box[3] - box[1]) > 1}
    assert parts <= set(shown), f"not to be seen: {parts - set(shown)}"
    for name, (left, top, right, _) in shown.items():
        assert left >= -0.5, name
        assert right <= width + 0.5, name
        assert top < height, name
    for (one, first), (other, second) in combinations(shown.items(), 2):
        across = min(first[2], second[2]) - max(first[0], second[0])
        down = min(first[3], second[3]) - max(first[1], second[1])
        assert min(across, down) <= 0.5, f"{one} and {other} overlap by {across} x {down}"


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_all_parts_are_on_one_screen(open_panel: Opener, tensorboard: TensorBoard, width: int, height: int) -> None:
    panel = show_trained(open_panel(tensorboard, width=width, height=height))
    parts = {"header", "curves", "clips", "layers", "input", "prediction", "grid"}
    above = panel.frame.locator(".u-over").evaluate_all("all => all.map(({ offsetTop }) => offsetTop)")
    assert min(above) >= 6, "half of the number beside the topmost line stands above it"
    lines = panel.frame.locator(".time").evaluate("({ clientHeight }) => clientHeight")
    assert lines <= 20, "what was played and the clip's length stand on one line"
    sizes = panel.part("layers").locator(".detail")
    cut = sizes.evaluate_all("all => all.filter(each => each.scrollWidth > each.clientWidth).map(each => each.title)")
    assert not cut, "each layer's columns and rows are read whole"
    words = panel.part("epoch-per-loop").inner_text()
    assert words.strip() == ("Epoch per loop" if width > 1440 else "+1"), "it looks like no other loop"
    for below_the_tabs in (False, True):
        if below_the_tabs:
            panel.page.set_viewport_size({"width": width, "height": height - TABS})
            panel.settle()
        hidden = panel.frame.locator(".bars").evaluate("bars => bars.scrollHeight - bars.clientHeight")
        assert hidden <= 0, f"all {len(CLASSES)} classes are in view"
    panel.page.set_viewport_size({"width": width, "height": height})
    panel.settle()
    for layer, mode in (("conv2", "strip"), ("conv8", "window"), ("dense", "strip"), ("dense", "raster")):
        panel.choose_layer(layer).choose_mode(mode)
        check_places(panel, width, height, parts)
        assert panel.frame.evaluate("document.documentElement.scrollHeight") <= height
        assert len(panel.handle("tiles")) > 0
        if mode == "raster":
            continue
        smallest = min(panel.handle("tiles"), key=lambda tile: tile["width"] * tile["height"])
        assert smallest["width"] >= 36
        assert smallest["height"] >= 26


def test_a_narrow_frame_has_selects_in_the_lists_place(open_panel: Opener, tensorboard: TensorBoard) -> None:
    width, height = NARROW
    panel = show_trained(open_panel(tensorboard, width=width, height=height))
    check_places(panel, width, 10_000, {"header", "curves", "input", "prediction", "grid"})
    boxes = panel.frame.evaluate(BOXES)
    assert boxes["prediction"][1] >= boxes["input"][3] - 1, "the prediction goes under the input"
    header = panel.frame.locator(".header")
    for step in (-1, 0):
        panel.choose_step(step)
        assert header.evaluate("header => header.clientHeight") < 80, "two lines, also before training"
    clips, layers = panel.frame.locator(".compact-choice select").all()
    clips.select_option("piano")
    layers.select_option("conv8")
    panel.wait_shown(clip="piano", layer="conv8")
    readout = panel.part("readout")
    longest = "Now: column 111 of 122 in window 14, centred at 10.60 s; the prediction is of window 12"
    readout.evaluate("(readout, longest) => { readout.textContent = longest; }", longest)
    assert readout.evaluate("readout => readout.scrollWidth <= readout.clientWidth"), "it has a line of its own"


def test_every_view_has_its_place_at_every_size(open_panel: Opener, tensorboard: TensorBoard) -> None:
    panel = show_trained(open_panel(tensorboard))
    found = []
    for width, height in (*SIZES, (2560, 1440), NARROW):
        panel.page.set_viewport_size({"width": width, "height": height})
        panel.settle()
        for view in every_view(panel):
            check_places(panel, width, 10_000 if (width, height) == NARROW else height, {"header", "input"})
            found += [f"{width}, {view}: {problem}" for problem in misplaced(panel, width, height)]
    assert not found, "\n".join(found)


# Left, top, right and bottom of the inspector's maps, and of what is seen of its body.
INSPECTED = """() => Object.fromEntries(["strip", "window", "body"].map(part => {
  const canvas = `[data-testid="inspector-${part}"]`;
  const { left, top, right, bottom } = document.querySelector(part === "body" ? ".inspector-body" : canvas)
    .getBoundingClientRect();
  return [part, [left, top, right, bottom].map(Math.round)];
}))"""


def inspect_first(panel: Panel) -> dict[str, list[int]]:
    """A click on the first filter's tile; where the inspector's maps are then."""
    panel.click_tile(panel.handle("order")[0])
    expect(panel.part("inspector-window")).to_be_visible()
    panel.settle()
    boxes: dict[str, list[int]] = panel.frame.evaluate(INSPECTED)
    return boxes


@pytest.mark.parametrize(("width", "height"), [*SIZES, (2560, 1440)])
def test_the_inspectors_maps_are_seen_at_once_and_level(
    open_panel: Opener, tensorboard: TensorBoard, width: int, height: int
) -> None:
    panel = show_trained(open_panel(tensorboard, width=width, height=height))
    for layer in ("conv2", "conv8"):
        panel.choose_layer(layer)
        boxes = inspect_first(panel)
        strip, window, body = boxes["strip"], boxes["window"], boxes["body"]
        assert strip[3] - strip[1] >= 96
        assert (strip[1], strip[3]) == (window[1], window[3]), "the same Hz stand level"
        assert strip[2] - strip[0] >= 200
        assert max(strip[3], window[3]) <= body[3], "both are whole without scrolling"
        panel.page.keyboard.press("Escape")
        expect(panel.part("inspector")).to_have_count(0)
        assert panel.part("curves").is_visible()


def test_three_filters_are_followed_beside_each_other(open_panel: Opener, tensorboard: TensorBoard) -> None:
    panel = show_trained(open_panel(tensorboard, width=1024, height=640)).choose_layer("conv3")
    panel.page.keyboard.press("i")
    for _ in range(2):
        panel.part("inspector-pin").click()
        panel.page.keyboard.press(".")
    said = panel.frame.locator(f"[data-testid^=evolution-said-{STEPS[-1]}-]")
    expect(said).to_have_count(3)
    table = panel.frame.locator(".evolution-table")
    assert table.evaluate("table => table.scrollWidth <= table.clientWidth"), "none is scrolled to"


def test_in_a_narrow_frame_the_inspector_comes_into_view_and_scrolls_with_the_page(
    open_panel: Opener, tensorboard: TensorBoard
) -> None:
    width, height = NARROW
    panel = show_trained(open_panel(tensorboard, width=width, height=height))
    boxes = inspect_first(panel)
    title = panel.part("inspector-title").bounding_box()
    assert title is not None
    assert title["y"] < 20, "it begins at the frame's top"
    assert boxes["window"][3] < height
    body = panel.frame.locator(".inspector-body")
    assert body.evaluate("body => body.scrollHeight <= body.clientHeight"), "one thing scrolls, the page"
    panel.part("inspector-close").click()
    expect(panel.part("inspector")).to_have_count(0)
    assert panel.frame.evaluate(BOXES)["grid"][3] <= height + 1, "the tiles are in view again"


@pytest.mark.parametrize(("width", "height"), [*SIZES, NARROW])
def test_long_names_leave_the_rest_its_room(
    open_panel: Opener, small_tensorboard: TensorBoard, width: int, height: int
) -> None:
    panel = open_panel(small_tensorboard, width=width, height=height).choose_run(NAMED)
    assert len(NAMED) > 30
    problems = misplaced(panel, width, height)
    assert not problems, "\n".join(problems)
    if (width, height) != NARROW:
        verdicts = panel.frame.locator(".clip .verdict.wrong").evaluate_all("all => all.map(each => each.clientWidth)")
        assert min(verdicts) >= 40, "what a clip was taken for can be read"


@pytest.mark.parametrize(("width", "height"), [*SIZES, NARROW])
def test_names_of_classes_stand_whole_beside_their_scores(
    open_panel: Opener, tensorboard: TensorBoard, width: int, height: int
) -> None:
    panel = show_trained(open_panel(tensorboard, width=width, height=height))
    names = panel.frame.locator(".axis.third:not(.axis-width) span")
    whole = "all => all.map(({ title, scrollWidth, clientWidth }) => [title.split(':')[0], scrollWidth <= clientWidth])"
    seen = dict(names.evaluate_all(whole))
    assert seen
    assert set(seen) <= set(CLASSES)
    assert all(seen.values()), seen


# Whether the text of what is chosen stands whole in a select.
WHOLE = """select => {
  const { font, paddingLeft, paddingRight } = getComputedStyle(select);
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  context.font = font;
  const { width } = context.measureText(select.selectedOptions[0].text);
  return Math.floor(width + parseFloat(paddingLeft) + parseFloat(paddingRight)) <= select.clientWidth;
}"""


@pytest.mark.parametrize(("width", "height"), [*SIZES, (1241, 800), (1681, 900)])
def test_the_grids_controls_stand_on_one_line_whatever_is_chosen(
    open_panel: Opener, tensorboard: TensorBoard, width: int, height: int
) -> None:
    panel = show_trained(open_panel(tensorboard, width=width, height=height))
    bar = panel.frame.locator(".grid-bar")
    found = []
    # Class scores are on the layer's scale whatever is chosen.
    for layer, mode, scales in (
        ("conv2", "strip", ("filter", "layer", "layer-epochs")),
        ("instruments", "raster", ("layer", "layer-epochs")),
    ):
        panel.choose_layer(layer).choose_mode(mode)
        for sort in ("strength", "taken", "change"):
            panel.choose_sort(sort)
            if sort == "change":
                panel.part("since").select_option("0")
            for scale in scales:
                panel.choose_scale(scale).settle()
                state = f"{layer}, {sort}, {scale}"
                assert bar.evaluate("bar => bar.clientHeight") < 40, state
                assert bar.evaluate("bar => bar.scrollWidth <= bar.clientWidth"), state
                assert panel.part("scale").evaluate(WHOLE), state
                told = panel.part("legend").get_attribute("title") or ""
                assert (panel.part("legend").locator(".soft").text_content() or "?") in told, state
                found += [f"{state}: {problem}" for problem in misplaced(panel, width, height)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("width", "height"), [*SIZES, NARROW])
def test_what_is_pointed_at_in_the_input_is_read_whole_also_beside_a_loop(
    open_panel: Opener, tensorboard: TensorBoard, width: int, height: int
) -> None:
    panel = show_trained(open_panel(tensorboard, width=width, height=height))
    caption, row = panel.part("input-caption"), panel.frame.locator(".transport")
    whole = "caption => caption.scrollWidth <= caption.clientWidth"
    for looped in (False, True):
        if looped:
            panel.page.keyboard.press("a")
            for _ in range(4):
                panel.page.keyboard.press("ArrowRight")
            panel.page.keyboard.press("b")
            panel.settle()
            # Whole, or not there: three letters of it are only in the way.
            place, own = caption.bounding_box(), row.bounding_box()
            assert place is not None
            assert own is not None
            assert caption.evaluate(whole) or place["y"] >= own["y"] + own["height"] + 3
        panel.part("spectrogram").locator("xpath=..").hover(position={"x": 200, "y": 30})
        expect(caption).to_contain_text("Hz")
        assert caption.evaluate(whole)
        read, speed = caption.bounding_box(), panel.part("speed").bounding_box()
        assert read is not None
        assert speed is not None
        covered = read["x"] < speed["x"] + speed["width"] and read["y"] < speed["y"] + speed["height"]
        if covered:
            expect(panel.part("speed")).to_have_css("opacity", "0")
        panel.page.mouse.move(0, 0)
        expect(caption).to_contain_text("Input")
        expect(panel.part("speed")).to_have_css("opacity", "1")


@pytest.mark.parametrize(("width", "height"), [*SIZES, (1240, 800)])
def test_two_epochs_are_compared_below_one_line_of_controls(
    open_panel: Opener, tensorboard: TensorBoard, width: int, height: int
) -> None:
    panel = show_trained(open_panel(tensorboard, width=width, height=height))
    panel.page.keyboard.press("c")
    panel.wait_until(COMPARED)
    panel.settle()
    bar, legend = panel.frame.locator(".compare-bar"), panel.part("legend")
    for show in ("a", "difference"):
        panel.part(f"show-{show}").click()
        panel.settle()
        assert bar.evaluate("bar => bar.clientHeight") < 40
        assert legend.evaluate("legend => legend.scrollWidth <= legend.clientWidth"), "no number is cut"
        problems = misplaced(panel, width, height)
        assert not problems, "\n".join(problems)
    assert panel.part("compare-epoch").evaluate(WHOLE)


@pytest.mark.parametrize("width", [700, 1024, 1280])
def test_numbers_beside_the_curves_are_whole(open_panel: Opener, tensorboard: TensorBoard, width: int) -> None:
    panel = show_trained(open_panel(tensorboard, width=width, height=800))
    numbers = panel.frame.locator(".curve-line b")
    assert len([words for words in numbers.all_inner_texts() if words]) == 4
    numbers.evaluate_all("all => all.forEach(each => { each.textContent = '0.0862'; })")
    room = """all => all.map(each => {
      const next = each.parentElement.nextElementSibling, title = each.closest(".curve-title");
      const ends = [next?.getBoundingClientRect().left ?? title.getBoundingClientRect().right];
      for (let around = each; around !== title; around = around.parentElement) {
        if (getComputedStyle(around).overflowX !== "visible") ends.push(around.getBoundingClientRect().right);
      }
      return Math.min(...ends) - each.getBoundingClientRect().right;
    })"""
    assert all(left >= -0.5 for left in numbers.evaluate_all(room))


def test_a_run_that_is_named_by_its_time_is_told_from_the_next(open_panel: Opener, tensorboard: TensorBoard) -> None:
    panel = show_trained(open_panel(tensorboard, width=1024, height=640))
    name = "select => { select.selectedOptions[0].text = '20261129-120526/validation'; }"
    panel.part("run").evaluate(name)
    assert panel.part("run").evaluate("select => select.clientWidth") >= 160, "date and time are in view"


def check_still(panel: Panel) -> None:
    """Nothing has moved that a user did not move; what browsers add up should stay below 0.1, they say."""
    shifts = [shift for shift in panel.frame.evaluate("window.layoutShifts") if shift["value"] > 0.001]
    assert sum(shift["value"] for shift in shifts) < 0.01, shifts


def test_nothing_jumps_while_the_page_opens(open_panel: Opener, small_tensorboard: TensorBoard) -> None:
    check_still(open_panel(small_tensorboard).wait_shown(run=SMALL_RUN, step=2))


def test_nothing_jumps_while_arrays_load(panel: Panel) -> None:
    panel.frame.evaluate("window.layoutShifts = []")
    panel.choose_clip("violin").choose_layer("conv2").choose_mode("window").choose_mode("strip").choose_step(0)
    check_still(panel)
