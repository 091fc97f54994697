"""A trained model, logged once, in a notebook's frame: all of it in view, nothing to scroll, nothing cut off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from .browser import Opener
from .notebook import HEIGHT, MARGIN, WIDTH, notebook
from .panel import Panel
from .placed import misplaced
from .tensorboard import TensorBoard
from .test_layout import BOXES, check_places

ONCE = "once/cnnviz"

# A line that has not the room ends in dots, and is whole where the pointer rests on it.
FITS_OR_IS_TOLD = """line => line.scrollWidth <= line.clientWidth
  || getComputedStyle(line).textOverflow === "ellipsis" && line.title.startsWith(line.textContent)"""


@pytest.fixture
def framed_panel(open_panel: Opener, tensorboard: TensorBoard) -> Iterator[Panel]:
    with notebook(tensorboard) as address:
        panel = open_panel(
            tensorboard, notebook=address, width=WIDTH + 2 * MARGIN, height=HEIGHT + 2 * MARGIN, motion=False
        )
        panel.part("run").select_option(ONCE)
        yield panel.wait_shown(run=ONCE, step=0)
        # The page is closed before its server.
        panel.page.goto("about:blank")


def test_one_epoch_is_whole_in_a_notebooks_frame(framed_panel: Panel) -> None:
    width, height = framed_panel.frame.evaluate("[innerWidth, innerHeight]")
    assert width == WIDTH
    assert HEIGHT - 80 < height < HEIGHT, "TensorBoard's own header stands above the panel"
    for layer, mode in (("conv2", "strip"), ("conv8", "window"), ("dense", "raster"), ("instruments", "raster")):
        framed_panel.frame.locator(".compact-choice select").nth(1).select_option(layer)
        framed_panel.wait_shown(layer=layer).choose_mode(mode)
        check_places(framed_panel, width, height, {"header", "input", "prediction", "grid"})
        assert not misplaced(framed_panel, width, height)
        assert framed_panel.part("grid-caption").evaluate(FITS_OR_IS_TOLD)
        assert framed_panel.frame.evaluate("document.querySelector('.app').scrollHeight") <= height
    for part in ("epoch", "follow", "curves", "curves-to-come", "clips", "layers"):
        expect(framed_panel.part(part).and_(framed_panel.frame.locator(":visible"))).to_have_count(0)
    boxes = framed_panel.frame.evaluate(BOXES)
    assert boxes["prediction"][1] >= boxes["input"][3] - 1, "the prediction stands under the input"
    assert boxes["grid"][3] == pytest.approx(height, abs=1)


def test_every_filter_is_seen_at_first_sight(framed_panel: Panel) -> None:
    assert framed_panel.state()["layer"] == "conv2"
    scroller = framed_panel.part("grid-scroller")
    width, height, top = scroller.evaluate("area => [area.clientWidth, area.clientHeight, area.scrollTop]")
    tiles = framed_panel.handle("tiles")
    assert (len(tiles), top) == (32, 0)
    assert all(tile["x"] + tile["width"] <= width and tile["y"] + tile["height"] <= height for tile in tiles)
    assert scroller.evaluate("area => area.getBoundingClientRect().bottom <= innerHeight")


def test_the_clip_is_played_in_a_frame_of_a_frame(framed_panel: Panel) -> None:
    framed_panel.part("play").click()
    framed_panel.wait_until("() => document.querySelector('audio').currentTime > 0.5")
    expect(framed_panel.part("play")).to_contain_text("Pause")
    framed_panel.wait_until("() => window.cnnviz.state.window > 0")
    framed_panel.part("play").click()
    expect(framed_panel.part("play")).to_contain_text("Play with sound")
