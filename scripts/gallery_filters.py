"""States of the filters of a real training: how they are drawn, sorted, looked at closely and compared."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from gallery_states import CLIP, LAYER, SECONDS, Group, States, rest, trained
from playwright.sync_api import Browser, Locator, expect
from screenshots import logdir_with_run

from tests.e2e.browser import opener
from tests.e2e.tensorboard import TensorBoard
from tests.e2e.views import COMPARED, choose_view, every_view

WRONG = "saxophone"


def views(browser: Browser, _: Path) -> States:
    """The views, and layers of every shape."""
    with TensorBoard(logdir_with_run()) as server, opener(browser) as opens:
        server.wait_for_runs()
        panel = opens(server, tab=True)
        panel.wait_shown()
        yield "first sight", panel
        panel.choose_clip(CLIP).choose_layer(LAYER).seek(SECONDS)
        rest(panel)
        for view in every_view(panel):
            rest(panel)
            yield view, panel
        for layer in ("conv1", "conv8", "dense"):
            panel.choose_layer(layer)
            for mode in ("strip", "window", "raster"):
                panel.choose_mode(mode)
                rest(panel)
                yield f"{layer} {mode}", panel


def sorts_and_scales(browser: Browser, _: Path) -> States:
    """What is chosen in the grid's bar."""
    with trained(browser) as panel:
        for scale in ("layer", "layer-epochs", "filter-epochs"):
            panel.choose_scale(scale).wait_shown()
            yield f"scale {scale}", panel
        panel.choose_scale("filter")
        for colours in ("viridis", "cividis"):
            panel.part("colours").select_option(colours)
            panel.settle()
            yield colours, panel
        panel.part("colours").select_option("magma")
        panel.choose_sort("selectivity")
        yield "sorted by selectivity", panel
        panel.choose_tile_size(300)
        yield "large tiles", panel
        panel.part("tile-fit").click()
        panel.choose_clip(WRONG).choose_step(0)
        if panel.part("why").is_visible():
            panel.part("why").click()
            expect(panel.part("grid-caption")).to_contain_text("goes with")
            rest(panel)
            yield "goes with", panel
        panel.choose_sort("change").choose_step(-1)
        yield "first epoch", panel


def pointing(browser: Browser, _: Path) -> States:
    """What follows the pointer and the keyboard's focus."""
    with trained(browser) as panel:
        panel.choose_layer("conv5")
        tile = panel.tile(panel.handle("order")[3])
        over(panel.part("grid-scroller"), tile.x + 0.6 * tile.width, tile.y + 0.4 * tile.height)
        expect(panel.part("readout")).to_contain_text("Filter")
        panel.settle()
        yield "pointed cell", panel
        over(panel.part("spectrogram").locator("xpath=.."), 200, 30)
        panel.settle()
        yield "pointed input", panel
        rest(panel)
        for name in ("mode-strip", "grid-scroller", "clips", "tile-size"):
            panel.part(name).focus()
            # By the keyboard, which makes it visible.
            panel.page.keyboard.press("Shift")
            panel.settle()
            yield f"focus {name}", panel


def over(part: Locator, x: float, y: float) -> None:
    """Put the pointer there."""
    part.hover(position={"x": x, "y": y})


def inspecting(browser: Browser, _: Path) -> States:
    """Filters looked at closely."""
    with trained(browser) as panel:
        panel.choose_layer("conv1")
        panel.page.keyboard.press("i")
        panel.part("inspector-kernel").scroll_into_view_if_needed()
        panel.settle()
        yield "inspector kernel", panel
        panel.page.keyboard.press("Escape")
        panel.choose_layer("conv3")
        panel.page.keyboard.press("i")
        for _times in range(2):
            panel.part("inspector-pin").click()
            panel.page.keyboard.press(".")
        rest(panel)
        said = panel.frame.get_by_test_id(re.compile("^evolution-said-7-"))
        expect(said).to_have_count(3)
        said.last.scroll_into_view_if_needed()
        panel.settle()
        yield "inspector pins", panel
        panel.page.keyboard.press("Escape")
        panel.choose_layer("dense")
        panel.page.keyboard.press("i")
        panel.settle()
        yield "inspector row", panel


def comparing(browser: Browser, folder: Path) -> States:
    """Two epochs in each mode, B in A's place, and two runs."""
    (run,) = (each for each in logdir_with_run().iterdir() if (each / "cnnviz").is_dir())
    for name in ("wide", "narrow"):
        shutil.copytree(run, folder / name)
    with TensorBoard(folder) as server, opener(browser) as opens:
        server.wait_for_runs()
        panel = opens(server, tab=True)
        panel.choose_run("wide/cnnviz").choose_clip(CLIP).choose_layer(LAYER).seek(SECONDS)
        panel.page.keyboard.press("c")
        for mode in ("window", "raster", "strip"):
            panel.part(f"mode-{mode}").click()
            panel.wait_until(f"() => document.querySelector('[data-testid=grid]')?.dataset.mode === '{mode}'")
            panel.wait_until(COMPARED)
            rest(panel)
            yield f"compare {mode}", panel
        panel.page.keyboard.down("x")
        panel.wait_until("() => document.querySelector('[data-testid=grid]')?.dataset.showing === 'b'")
        panel.settle()
        yield "compare blink", panel
        panel.page.keyboard.up("x")
        panel.part("compare-kind").select_option("run")
        panel.part("compare-run-epoch").select_option("0")
        expect(panel.part("compare-rows").locator(".pair").first).to_be_visible()
        panel.settle()
        yield "compare runs", panel


def classes(browser: Browser, _: Path) -> States:
    """The table of filters by classes."""
    with trained(browser) as panel:
        choose_view(panel, "classes")
        expect(panel.part("class-table")).to_be_visible()
        over(panel.part("classes-scroller"), 300, 60)
        panel.settle()
        yield "classes cell", panel
        rest(panel)
        panel.row("layers", "dense").click()
        panel.wait_until("() => document.querySelector('[data-testid=class-table]').dataset.layer === 'dense'")
        rest(panel)
        yield "classes wide", panel
        panel.row("layers", "instruments").click()
        panel.wait_until("() => document.querySelector('[data-testid=class-table]').dataset.layer === 'instruments'")
        if panel.part("classes-parted").is_enabled():
            panel.part("classes-parted").click()
        rest(panel)
        yield "classes right and wrong", panel


FILTERS: tuple[Group, ...] = (views, sorts_and_scales, pointing, inspecting, comparing, classes)
