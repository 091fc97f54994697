"""The keyboard: every key that the sheet lists does what it says, and the sheet lists no other and no less."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .browser import Opener
from .conftest import show_trained
from .experiment import CLASSES, CLIPS, STEPS
from .panel import Panel
from .tensorboard import TensorBoard

LAYERS = ("conv1", "conv2", "conv3")

# A key as the sheet shows it: what to press, and what holds then, in JavaScript, of the state `before` it was pressed.
# Keys are pressed in this order, from conv2, the second clip, the second epoch and 1.3 s.
PRESSED: dict[str, tuple[str, str]] = {
    "Space": ("Space", "cnnviz.state.playing"),
    "←": ("ArrowLeft", "cnnviz.state.window === before.window - 1"),
    "→": ("ArrowRight", "cnnviz.state.window === before.window + 1"),
    "Shift + ←": ("Shift+ArrowLeft", f"cnnviz.state.step === {STEPS[0]}"),
    "Shift + →": ("Shift+ArrowRight", f"cnnviz.state.step === {STEPS[1]}"),
    "↑": ("ArrowUp", f"cnnviz.state.layer === '{LAYERS[0]}'"),
    "↓": ("ArrowDown", f"cnnviz.state.layer === '{LAYERS[1]}'"),
    "l": ("l", "cnnviz.loop !== null && cnnviz.loop[0] === 0"),
    "a": ("a", "Math.abs(cnnviz.loop[0] - cnnviz.state.time) < 1e-6 && cnnviz.loop[1] > cnnviz.state.time"),
    "b": ("b", "cnnviz.loop[0] === 0 && Math.abs(cnnviz.loop[1] - cnnviz.state.time) < 1e-6"),
    "[": ("[", f"cnnviz.state.clip === '{CLIPS[0].name}'"),
    "]": ("]", f"cnnviz.state.clip === '{CLIPS[1].name}'"),
    "i": ("i", "cnnviz.state.inspected === cnnviz.order[0]"),
    ".": (".", "cnnviz.state.inspected === cnnviz.order[1]"),
    ",": (",", "cnnviz.state.inspected === cnnviz.order[0]"),
    "Escape": ("Escape", "cnnviz.state.inspected === null"),
    "2": ("2", "cnnviz.state.mode === 'window'"),
    "3": ("3", "cnnviz.state.mode === 'raster'"),
    "1": ("1", "cnnviz.state.mode === 'strip'"),
    "\N{MINUS SIGN}": ("-", "cnnviz.tiles[0].width < before.width"),
    "+": ("+", "cnnviz.tiles[0].width > before.width"),
    "/": ("/", "document.activeElement?.dataset.testid === 'find-field'"),
    "d": ("d", "document.querySelector('[data-testid=sort]').value === 'change'"),
    "w": ("w", "document.querySelector('[data-testid=sort]').value === 'taken'"),
    "c": ("c", "document.querySelector('[data-testid=grid]')?.dataset.showing === 'difference'"),
    "x": ("x", "document.querySelector('[data-testid=grid]')?.dataset.showing === 'difference'"),
    "t": ("t", "document.querySelector('[data-testid=classes-title]') !== null"),
    "?": ("?", "document.querySelector('[data-testid=help]') !== null"),
}


@pytest.fixture
def panel(open_panel: Opener, tensorboard: TensorBoard) -> Panel:
    panel = show_trained(open_panel(tensorboard))
    return panel.choose_layer(LAYERS[1]).choose_clip(CLIPS[1].name).choose_step(STEPS[1]).seek(1.3)


def test_the_sheet_lists_exactly_the_keys_that_work(panel: Panel) -> None:
    panel.page.keyboard.press("?")
    assert sorted(panel.part("keys").locator("kbd").all_inner_texts()) == sorted(PRESSED)
    before = panel.state()
    for key in ("[", "1", "Shift+ArrowLeft"):
        panel.page.keyboard.press(key)
    panel.settle()
    assert panel.state() == before, "below the open sheet nothing moves"
    panel.page.keyboard.press("?")
    expect(panel.part("help")).to_have_count(0)
    for key, holds in PRESSED.values():
        before = {**panel.state(), "width": panel.handle("tiles")[0]["width"]}
        panel.page.keyboard.press(key)
        panel.wait_until(f"before => {{ const {{ cnnviz }} = window; return {holds}; }}", before)
        panel.settle()
        if key in ("Space", "t"):
            panel.page.keyboard.press(key)
            panel.wait_shown()
        if key == "/":
            panel.page.keyboard.press("Escape")


def test_the_sheet_keeps_the_focus_and_gives_it_back(panel: Panel) -> None:
    button = panel.part("help-button")
    button.focus()
    button.press("Enter")
    inside = "document.querySelector('[data-testid=help]').contains(document.activeElement)"
    for key in ("Tab", "Tab", "Shift+Tab", "Tab"):
        panel.page.keyboard.press(key)
        # Between the last and the first stands the browser's own bar, where the page has no focus.
        assert panel.frame.evaluate(f"{inside} || document.activeElement === document.body")
    panel.page.keyboard.press("Escape")
    expect(panel.part("help")).to_have_count(0)
    expect(button).to_be_focused()
    button.press("Enter")
    panel.page.mouse.click(5, 5)
    expect(panel.part("help")).to_have_count(0)


def test_a_filter_is_found_by_its_number_scrolled_to_and_marked(panel: Panel) -> None:
    panel.choose_tile_size(200)
    last = panel.handle("order")[-1]
    assert last not in [tile["filter"] for tile in panel.handle("tiles")]
    panel.page.keyboard.press("/")
    # At once: a digit that was too early would choose a mode.
    panel.page.keyboard.type(str(last))
    panel.wait_until("filter => window.cnnviz.tiles.some(tile => tile.filter === filter)", last)
    panel.settle()
    assert panel.handle("found") == last
    expect(panel.part("found")).to_have_text(f"Filter {last}")
    box = panel.tile(last)
    edge = panel.pixels("grid-cursor")[round(box.y + box.height / 2), round(box.x) - 2]
    assert edge[3] == 255, "the mark stands around the tile"
    panel.part("find-field").fill("99999")
    expect(panel.part("found")).to_contain_text("No such filter: they are 0 to")
    panel.page.keyboard.press("Escape")
    expect(panel.part("find")).to_have_count(0)
    assert panel.handle("found") is None


def test_a_filter_of_the_output_is_found_by_its_class(panel: Panel) -> None:
    panel.choose_layer("conv1")
    panel.part("find-open").click()
    expect(panel.part("find-field")).to_have_attribute("placeholder", "Filter number")
    panel.page.keyboard.press("Escape")
    panel.choose_layer("instruments")
    panel.part("find-open").click()
    expect(panel.part("find-field")).to_have_attribute("placeholder", "Filter number or class")
    panel.page.keyboard.type("guitar")
    guitars = [index for index, name in enumerate(CLASSES) if "guitar" in name]
    for number, filter_number in enumerate([*guitars, guitars[0]]):
        expect(panel.part("found")).to_have_text(f"Filter {filter_number}, {number % 2 + 1} of 2")
        assert panel.handle("found") == filter_number
        panel.page.keyboard.press("Enter")


def test_whoever_goes_through_the_views_by_keys_stays_among_them(panel: Panel) -> None:
    """At 1280 they are a select; each view's bar has one of its own."""
    view = panel.part("view")
    view.focus()
    for key, chosen in (
        ("ArrowDown", "compare"),
        ("ArrowDown", "classes"),
        ("ArrowUp", "compare"),
        ("Home", "filters"),
    ):
        panel.page.keyboard.press(key)
        expect(view).to_have_value(chosen)
        expect(view).to_be_focused()
    assert panel.state()["layer"] == LAYERS[1]
