"""The page that needs no server: opened from disk, off the network, it shows what the log holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from .arrays import NAMED, NAMES
from .arrays import RUN as SMALL_RUN
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
    with panel.page.expect_download() as download:
        panel.part("export-page").click()
    expect(panel.part("export-page-said")).to_contain_text("Saved")
    said = panel.part("export-size").inner_text()
    panel.page.keyboard.press("Escape")
    download.value.save_as(path)
    size, unit = said.split()[1:3]
    about = float(size) * {"MB:": 1e6, "kB:": 1e3}[unit]
    assert about / 1.6 < path.stat().st_size < 1.6 * about, (said, path.stat().st_size)
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
    bars = page.part("prediction").locator("li")
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
