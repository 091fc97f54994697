"""The page that needs no server: opened from disk, off the network, it shows what the log holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from .arrays import NAMED, NAMES
from .arrays import RUN as SMALL_RUN
from .axe import problems
from .browser import PATIENCE, Opener, Watch
from .cells import check, drawn_strip, strips
from .colours import scale_of
from .conftest import Reference, show_trained
from .experiment import RUN
from .panel import Panel
from .tensorboard import TensorBoard

SIZE = {"width": 1280, "height": 800}


@pytest.fixture
def from_disk(browser: Browser) -> Iterator[Callable[[Path], Panel]]:
    """Opens a file without a network; what must not happen in a panel must not happen here either."""
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_file(path: Path) -> Panel:
        context = browser.new_context(viewport=SIZE, offline=True, reduced_motion="reduce")  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        watch = Watch(context, path.as_uri())
        opened.append((context, watch))
        page = context.new_page()
        page.goto(path.as_uri())
        return Panel(page, page.main_frame, watch)

    yield open_file
    for context, _ in opened:
        context.close()
    for _, watch in opened:
        watch.check()


def saved_page(panel: Panel, path: Path, *, layers: str, epochs: str | None = None) -> str:
    """What the file is called that the menu saves, with the single windows."""
    panel.part("export-button").click()
    panel.part("export-layers").select_option(layers)
    if epochs is not None:
        panel.part("export-epochs").fill(epochs)
    panel.part("export-windows").check()
    expect(panel.part("export-size")).to_contain_text("About")
    said = panel.part("export-size").inner_text()
    with panel.page.expect_download() as download:
        panel.part("export-page").click()
    expect(panel.part("export-page-said")).to_contain_text("Saved")
    panel.page.keyboard.press("Escape")
    download.value.save_as(path)
    size, unit = said.split()[1:3]
    about = float(size) * {"MB:": 1e6, "kB:": 1e3}[unit]
    # Of what is said with one decimal.
    assert abs(path.stat().st_size - about) < 0.05 * about + 5e4, (said, path.stat().st_size)
    return download.value.suggested_filename


def test_a_saved_page_shows_every_epoch_and_layer_that_it_holds_and_plays(
    open_panel: Opener,
    tensorboard: TensorBoard,
    reference: Reference,
    from_disk: Callable[[Path], Panel],
    tmp_path: Path,
) -> None:
    live = show_trained(open_panel(tensorboard, tab=True)).choose_clip("violin").choose_layer("conv2")
    live.choose_step(1)
    name = saved_page(live, tmp_path / "page.html", layers="all", epochs="before training, 1, 2")
    assert name == "trained-cnnviz-all-layers-violin-epoch-1.html"

    page = from_disk(tmp_path / "page.html").wait_shown(run=RUN, clip="violin", layer="conv2", step=1)
    # What would need a server is not there.
    expect(page.part("follow")).to_have_count(0)
    expect(page.part("export-page")).to_have_count(0)
    expect(page.part("server-gone")).to_have_count(0)
    expect(page.part("notice")).to_have_count(0)
    expect(page.part("clips").locator("[data-name]")).to_have_count(1)
    expect(page.part("epoch")).to_contain_text("2nd of 3 logged")
    expect(page.part("curves")).to_be_visible()
    page.choose_tile_size(300)
    for step in (1, -1, 2):
        page.choose_step(step)
        activations = reference.activations(step, "violin", "conv2")
        expected = strips(activations, "conv2")
        drawn = drawn_strip(page, 7, "conv2", activations.shape[2])
        check(drawn, expected[7], scale_of(activations, "filter"), 7)
    bars = page.part("prediction").locator("[data-class]")
    page.seek(1.5)
    window = page.state()["window"]
    shown = {
        bar["className"]: bar["score"]
        for bar in bars.evaluate_all(
            "bars => bars.map(({ dataset }) => ({ className: dataset.class, score: Number(dataset.score) }))"
        )
    }
    told = reference.predictions(2, "violin")[window]
    np.testing.assert_allclose(sorted(shown.values()), np.sort(told), atol=1e-4)

    # Pixel by pixel the panel that it was saved from.
    page.part("tile-fit").click()
    for layer, mode in (("conv5", "window"), ("conv2", "raster")):
        pictures = []
        for panel in (open_panel(tensorboard), page):
            if panel is not page:
                show_trained(panel).choose_clip("violin")
            panel.choose_layer(layer).choose_mode(mode).choose_sort("strength").seek(1.0)
            panel.page.mouse.move(0, 0)
            panel.settle()
            pictures.append({tile["filter"]: panel.tile_pixels(tile["filter"]) for tile in panel.handle("tiles")[:6]})
        assert pictures[0].keys() == pictures[1].keys()
        for filter_number, pixels in pictures[0].items():
            assert np.array_equal(pixels, pictures[1][filter_number]), (layer, filter_number)

    page.part("play").click()
    page.wait_until("() => window.cnnviz.state.playing && window.cnnviz.state.time > 1.3")
    assert page.frame.evaluate("document.querySelector('audio').error") is None
    assert page.frame.evaluate("document.querySelector('audio').currentTime") > 1.3


def test_a_saved_page_opens_as_what_was_seen(
    open_panel: Opener, tensorboard: TensorBoard, from_disk: Callable[[Path], Panel], tmp_path: Path
) -> None:
    live = show_trained(open_panel(tensorboard)).choose_clip("violin").choose_layer("conv3").choose_step(1)
    live.choose_sort("selectivity").choose_step(2)
    live.page.keyboard.press("i")
    live.part("inspector-after").click()
    live.part("inspector-pin").click()
    live.part("loop").click()
    live.part("loop-end").press("Shift+ArrowLeft")
    live.seek(1.3).wait_shown()
    seen, order, loop = live.state(), live.handle("order"), live.handle("loop")
    assert seen["inspected"] is not None
    assert loop is not None
    saved_page(live, tmp_path / "page.html", layers="one", epochs="0, 2")

    page = from_disk(tmp_path / "page.html").wait_shown(step=2, layer="conv3")
    page.wait_until("filter => window.cnnviz.state.inspected === filter", seen["inspected"])
    page.wait_until("() => window.cnnviz.loop !== null")
    assert page.state() == seen | {"time": pytest.approx(seen["time"], abs=1e-4), "following": False}
    assert page.handle("loop") == pytest.approx(loop, abs=1e-4)
    # A page of one clip could not make this order.
    expect(page.part("sort")).to_have_value("selectivity")
    assert page.handle("order") == order
    expect(page.frame.locator(".evolution-filter")).to_have_count(1)
    expect(page.part("link-problem")).to_have_count(0)


def test_every_view_of_a_saved_page_works_or_says_that_it_is_not_in_the_page(
    open_panel: Opener, tensorboard: TensorBoard, from_disk: Callable[[Path], Panel], tmp_path: Path
) -> None:
    live = show_trained(open_panel(tensorboard)).choose_clip("violin").choose_layer("conv8")
    saved_page(live, tmp_path / "page.html", layers="all", epochs="1, 2")
    page = from_disk(tmp_path / "page.html").wait_shown(run=RUN, clip="violin", layer="conv8")
    expect(page.part("grid-caption")).to_contain_text("of windows the maximum lies outside (lines)")

    # Orders and scales: all but what needs several clips, which says so.
    for sort in ("strength", "change", "index", "onset"):
        page.choose_sort(sort)
        assert sorted(page.handle("order")) == list(range(256))
    selectivity = page.part("sort").locator("option[value=selectivity]")
    expect(selectivity).to_be_disabled()
    expect(selectivity).to_have_attribute("title", re.compile("this page holds one clip"))
    for scale in ("layer", "filter-epochs", "layer-epochs", "filter"):
        page.choose_scale(scale)

    # Keys, and the inspector, whose large maps they open.
    for key, mode in (("2", "window"), ("3", "raster"), ("1", "strip")):
        page.page.keyboard.press(key)
        page.wait_shown(mode=mode)
    page.page.keyboard.press("i")
    expect(page.part("inspector-strip")).to_be_visible()
    found = problems(page, "a saved page")
    assert not found, "\n".join(found)
    page.page.keyboard.press("Escape")

    # Two epochs are compared; clips and runs are those of the page.
    page.page.keyboard.press("c")
    page.wait_until("() => document.querySelector('[data-testid=\"grid\"]')?.dataset.showing === 'difference'")
    expect(page.part("readout")).to_contain_text("epoch 2 minus epoch 1")
    expect(page.part("grid-caption")).not_to_contain_text("lines")
    for kind, why in (("clip", "this page holds one clip"), ("run", "this page holds one run")):
        # A value that is its text is no attribute.
        option = page.part("compare-kind").locator("option", has_text=re.compile(f"^{kind}$"))
        expect(option).to_be_disabled()
        expect(option).to_have_attribute("title", why)
    page.page.keyboard.press("c")
    page.part("view").select_option("classes")
    expect(page.frame.get_by_text("this page holds one clip")).to_be_visible()
    page.part("view").select_option("filters")

    # A part repeats, and dark follows the system.
    bounds = page.part("seconds").bounding_box()
    assert bounds is not None
    page.page.mouse.move(bounds["x"] + bounds["width"] / 3, bounds["y"] + 5)
    page.page.mouse.down()
    page.page.mouse.move(bounds["x"] + bounds["width"] / 2, bounds["y"] + 5, steps=4)
    page.page.mouse.up()
    page.part("speed").select_option("2")
    page.part("play").click()
    page.wait_until("() => window.cnnviz.passes > 0 && document.querySelector('audio').error === null")
    sound = "(({ playbackRate, preservesPitch }) => [playbackRate, preservesPitch])(document.querySelector('audio'))"
    assert page.frame.evaluate(sound) == [2, True]
    page.part("play").click()
    # Steps from window to window go round in it.
    start, end = page.handle("loop")
    windows = set()
    for _ in range(8):
        page.page.keyboard.press("ArrowRight")
        assert start - 1e-5 <= page.state()["time"] <= end + 1e-5
        windows.add(page.state()["window"])
    assert 1 < len(windows) < 8
    page.page.emulate_media(color_scheme="dark")
    page.wait_until("() => document.querySelector('[data-testid=\"grid\"]').dataset.theme === 'dark'")


def test_the_worst_of_names_stay_text_in_a_saved_page(
    open_panel: Opener, small_tensorboard: TensorBoard, from_disk: Callable[[Path], Panel], tmp_path: Path
) -> None:
    live = open_panel(small_tensorboard).wait_shown(run=SMALL_RUN)
    live.choose_run(NAMED).choose_clip(NAMES[3]).choose_layer(NAMES[4])
    name = saved_page(live, tmp_path / "page.html", layers="all")
    assert not set(name) & set("/\\<>:\"'|?* ")
    page = from_disk(tmp_path / "page.html").wait_shown(run=NAMED, clip=NAMES[3], layer=NAMES[4])
    expect(page.row("clips", NAMES[3])).to_contain_text(NAMES[3])
    expect(page.row("layers", NAMES[4])).to_contain_text(NAMES[4])
    assert page.frame.evaluate("window.ran") is None
    assert page.frame.evaluate("[...document.scripts].filter(script => script.type === 'module').length") == 1
    # A script that data brought in by whatever way would not run: the page lets only its own.
    page.watch.expect("Content Security Policy")
    page.frame.evaluate("""() => {
      const script = document.createElement("script");
      script.textContent = "window.ran = true";
      document.body.append(script);
    }""")
    assert page.frame.evaluate("window.ran") is None


def test_epochs_that_were_not_logged_are_refused_with_a_sentence(open_panel: Opener, tensorboard: TensorBoard) -> None:
    panel = show_trained(open_panel(tensorboard))
    panel.part("export-button").click()
    panel.part("export-epochs").fill("0, 99")
    expect(panel.part("export-size")).to_have_text("99 is not among the logged epochs.")
    expect(panel.part("export-page")).to_be_disabled()
    panel.part("export-all-epochs").click()
    expect(panel.part("export-page")).to_be_enabled()
