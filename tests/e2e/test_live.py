"""Epochs arrive while the page is open, without a reload, and whoever looks at something keeps looking at it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from .arrays import CLIPS, LAYERS, RUN
from .browser import Opener
from .conftest import ROOT
from .panel import Panel
from .tensorboard import DATA_SERVERS, TensorBoard


class Training:
    """A process that logs the next epoch when told to."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def log(self, step: int) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{step}\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline().strip() == str(step)


@contextmanager
def training(logdir: Path, *options: str) -> Iterator[Training]:
    command = [sys.executable, "-m", "tests.e2e.live", str(logdir), *options]
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ.copy(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield Training(process)
    finally:
        process.communicate()


@contextmanager
def two_epochs(
    opens: Opener, tensorboard: TensorBoard, logdir: Path, *options: str
) -> Iterator[tuple[Training, Panel]]:
    """A training that has logged two epochs so far, and a panel that shows the newer one."""
    with training(logdir, *options) as trained:
        trained.log(0)
        trained.log(1)
        yield trained, opens(tensorboard).wait_shown(run=RUN, step=1)


@pytest.mark.parametrize("load_fast", DATA_SERVERS, ids=["rust", "python"])
def test_epochs_arrive_without_a_reload(
    open_panel: Opener, serve: Callable[..., TensorBoard], tmp_path: Path, load_fast: str
) -> None:
    tensorboard = serve(tmp_path, load_fast=load_fast)
    with training(tmp_path) as trained:
        panel = open_panel(tensorboard)
        expect(panel.part("empty")).to_contain_text(str(tmp_path))
        expect(panel.part("empty")).to_contain_text("CNNVizCallback(")
        panel.frame.evaluate("window.notReloaded = true")

        trained.log(-1)
        trained.log(0)
        panel.wait_shown(run=RUN, step=0, following=True)
        expect(panel.part("epoch")).to_contain_text("of 2 logged")
        panel.choose_clip("second").choose_layer("deep").choose_mode("window")
        at = panel.state()["window"]

        trained.log(1)
        panel.wait_shown(run=RUN, step=1, clip="second", layer="deep", mode="window", window=at)
        expect(panel.part("epoch")).to_contain_text("3rd of 3 logged")

        panel.choose_step(0)
        assert panel.state()["following"] is False
        trained.log(2)
        expect(panel.part("epoch")).to_contain_text("of 4 logged")
        panel.settle()
        panel.wait_shown(run=RUN, step=0, clip="second", layer="deep", mode="window", window=at, following=False)

        panel.part("follow").click()
        panel.wait_shown(step=2, clip="second", layer="deep", mode="window", following=True)
        # 1 / (2 + 2), whichever of curve and record told it.
        expect(panel.part("curve-loss")).to_contain_text("0.25")
        assert panel.frame.evaluate("window.notReloaded") is True


# Sizes of the canvases that are drawn on from now on: each is cleared, or has maps put or drawn over what it shows.
_NOTE_DRAWING = """() => {
  window.drawn = [];
  for (const way of ["clearRect", "putImageData", "drawImage"]) {
    const draw = OffscreenCanvasRenderingContext2D.prototype[way];
    OffscreenCanvasRenderingContext2D.prototype[way] = function (...given) {
      window.drawn.push(`${this.canvas.width} x ${this.canvas.height}`);
      return draw.apply(this, given);
    };
  }
  // The grid's picture is drawn by a worker.
  const order = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (told, ...given) {
    if (told.frame) window.drawn.push(`${told.frame.width} x ${told.frame.height} told`);
    return order.call(this, told, ...given);
  };
}"""
_HELD = """() => ({
  grid: document.querySelector('[data-testid="grid-scroller"]').scrollTop,
  focused: document.activeElement.dataset.testid,
})"""


def test_nothing_moves_under_the_hand_when_an_epoch_arrives(
    open_panel: Opener, serve: Callable[..., TensorBoard], tmp_path: Path
) -> None:
    tensorboard = serve(tmp_path)
    with two_epochs(open_panel, tensorboard, tmp_path) as (trained, panel):
        panel.choose_step(0).choose_tile_size(600)
        panel.part("grid-scroller").evaluate("area => area.scrollBy(0, 120)")
        panel.part("sort").focus()
        box = panel.part("grid-scroller").bounding_box()
        assert box is not None
        panel.page.mouse.move(box["x"] + 200, box["y"] + 150)
        panel.settle()
        held = panel.frame.evaluate(_HELD)
        outlined = panel.pixels("grid-cursor")
        assert held["grid"] > 0
        panel.frame.evaluate(_NOTE_DRAWING)

        trained.log(2)
        expect(panel.part("epoch")).to_contain_text("of 3 logged")
        panel.settle()
        assert panel.frame.evaluate(_HELD) == held
        # The clips' small curves are longer by an epoch; nothing else is.
        assert panel.frame.evaluate("window.drawn") == []
        np.testing.assert_array_equal(panel.pixels("grid-cursor"), outlined)


MANY = [f"clip {number:02}" for number in range(40)]
NEXT_RUN = "next/cnnviz"


def test_new_clips_layers_and_runs_appear_without_a_reload(
    open_panel: Opener, serve: Callable[..., TensorBoard], tmp_path: Path
) -> None:
    tensorboard = serve(tmp_path)
    with two_epochs(open_panel, tensorboard, tmp_path) as (_, panel):
        panel.frame.evaluate("window.notReloaded = true")
        panel.choose_clip("second").choose_layer("deep")

    # The run goes on with one more of both.
    with training(tmp_path, "--clips", *CLIPS, "third", "--layers", *LAYERS, "added") as trained:
        trained.log(2)
    panel.wait_shown(run=RUN, step=2, clip="second", layer="deep", following=True)
    expect(panel.part("clip-count")).to_have_text("3")
    panel.choose_clip("third").choose_layer("added")
    # An epoch that has not what is chosen says so; it is there again where it was logged.
    panel.part("epoch-before").click()
    expect(panel.part("notice")).to_contain_text("Clip third and layer added were not logged at this epoch.")
    panel.part("follow").click()
    panel.wait_shown(step=2, clip="third", layer="added")

    with training(tmp_path, "--run", NEXT_RUN) as trained:
        trained.log(0)
    expect(panel.part("run").locator("option")).to_have_count(2)
    panel.wait_shown(run=RUN, step=2, clip="third", layer="added")
    panel.choose_run(NEXT_RUN)
    panel.wait_shown(run=NEXT_RUN, step=0, clip="first", layer="deep")
    assert panel.frame.evaluate("window.notReloaded") is True


# A list that is open stays open as long as it and what can be chosen in it are the same elements.
_HOLD_LISTS = "() => { window.lists = [...document.querySelectorAll('select, option')]; }"
_ARE_THERE = "() => window.lists.every(list => list.isConnected)"
_STANDS = """() => ({
  focused: document.activeElement.dataset.testid,
  clips: document.querySelector('[data-testid="clips"]').scrollTop,
  filter: document.querySelector('[data-testid="clip-filter"]').selectionStart,
})"""


@pytest.mark.parametrize("following", [True, False])
def test_open_lists_the_scrolled_clips_and_the_focus_stay_as_epochs_and_clips_arrive(
    open_panel: Opener, serve: Callable[..., TensorBoard], tmp_path: Path, following: bool
) -> None:
    tensorboard = serve(tmp_path)
    with two_epochs(open_panel, tensorboard, tmp_path, "--clips", *MANY) as (trained, panel):
        panel.wait_shown(clip=MANY[0])
        if not following:
            panel.choose_step(0)
        panel.choose_sort("change" if following else "strength")
        panel.part("clip-filter").fill("clip")
        panel.part("clips").evaluate("list => { list.scrollTop = 300; }")
        panel.part("clip-filter").focus()
        panel.settle()
        stands = panel.frame.evaluate(_STANDS)
        assert stands == {"focused": "clip-filter", "clips": 300, "filter": 4}
        panel.frame.evaluate(_HOLD_LISTS)
        trained.log(2)
        expect(panel.part("epoch")).to_contain_text("of 3 logged")
        shown = 2 if following else 0
        panel.wait_shown(step=shown, following=following)
        assert panel.frame.evaluate(_STANDS) == stands

    with training(tmp_path, "--clips", *MANY, "clip one more") as trained:
        trained.log(3)
    expect(panel.part("epoch")).to_contain_text("of 4 logged")
    panel.wait_shown(step=3 if following else 0, following=following)
    expect(panel.part("clip-count")).to_have_text("41" if following else "40")
    panel.settle()
    assert panel.frame.evaluate(_STANDS) == stands
    assert panel.frame.evaluate(_ARE_THERE)
