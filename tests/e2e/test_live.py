"""Epochs arrive while the page is open, without a reload, and whoever looks at something keeps looking at it."""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from .arrays import CLIPS, LAYERS, RUN
from .browser import Opener
from .conftest import ROOT
from .panel import READ_CANVAS, Panel
from .tensorboard import DATA_SERVERS, TensorBoard
from .views import COMPARED, choose_view


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
        # The program logs where it is watched.
        expect(panel.part("empty").locator("pre")).to_contain_text(f"logdir = {json.dumps(str(tmp_path / 'run1'))}")
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


# Of each frame from now on: what the grid's pixels are and of which epoch, and all that must not come and go.
_WATCH_FRAMES = f"""() => {{
  const read = {READ_CANVAS};
  const seen = window.frames_seen = [];
  let stale = 0;
  const look = now => {{
    const {{ data }} = read("grid", null);
    const hash = new Uint32Array(data.buffer).reduce((sum, pixel) => (Math.imul(sum, 31) + pixel) | 0, 0);
    const part = name => document.querySelector(`[data-testid="${{name}}"]`);
    stale = window.cnnviz.state.stale ? stale || now : 0;
    seen.push({{
      hash,
      step: part("grid").dataset.step,
      verdict: part("verdict")?.textContent ?? "",
      dimmed: stale === 0 && getComputedStyle(document.querySelector(".sheet")).opacity < 1,
      notices: document.querySelectorAll('[data-testid="notice"], [data-testid="connecting"]').length,
      tracks: document.querySelectorAll('[data-testid="classes"]').length,
      tiles: window.cnnviz.tiles.map(({{ filter, x, y, width }}) => [filter, x, y, width].join(" ")).join(),
    }});
    requestAnimationFrame(look);
  }};
  requestAnimationFrame(look);
}}"""


def test_an_epoch_that_is_followed_takes_the_place_of_the_former_at_once(
    open_panel: Opener, serve: Callable[..., TensorBoard], tmp_path: Path
) -> None:
    tensorboard = serve(tmp_path)
    with two_epochs(open_panel, tensorboard, tmp_path) as (trained, panel):
        panel.frame.evaluate(_WATCH_FRAMES)
        for step, mode in ((2, "strip"), (3, "raster")):
            panel.choose_mode(mode)
            panel.frame.evaluate("window.frames_seen.length = 0")
            trained.log(step)
            panel.wait_shown(step=step, mode=mode)
            seen = panel.frame.evaluate("window.frames_seen")
            assert distinct(seen, "step") == [str(step - 1), str(step)]
            # Two pictures, and neither an empty nor another one in between.
            assert len(distinct(seen, "hash")) == 2
            assert len(distinct(seen, "verdict")) <= 2
            assert "" not in distinct(seen, "verdict")
            for same in ("notices", "tracks", "tiles", "dimmed"):
                assert len(distinct(seen, same)) == 1, same


def distinct(seen: list[dict[str, Any]], name: str) -> list[Any]:
    """The values in their order, each as often as it took another's place."""
    return [value for value, _ in itertools.groupby(frame[name] for frame in seen)]


# Where parts stand; curves grow, and since when a clip is taken for something may be said anew.
_PLACES = """() => [...document.querySelectorAll("section [data-testid]")]
  .filter(part => part.closest(".curves-slot, .clip-span") === null)
  .map(part => {
    const { x, y, width, height } = part.getBoundingClientRect();
    return [part.dataset.testid, x, y, width, height].join(" ");
  })"""


def test_nothing_moves_in_any_view_when_an_epoch_arrives_while_another_is_looked_at(
    open_panel: Opener, serve: Callable[..., TensorBoard], tmp_path: Path
) -> None:
    tensorboard = serve(tmp_path)
    with two_epochs(open_panel, tensorboard, tmp_path) as (trained, panel):
        trained.log(2)
        panel.wait_shown(step=2).choose_step(1)
        panel.frame.evaluate(_NOTE_DRAWING)
        moved = {}
        for step, view in enumerate(looked_at(panel), start=3):
            panel.settle()
            places = panel.frame.evaluate(_PLACES)
            panel.frame.evaluate("window.drawn = []")
            with panel.page.expect_response(lambda answer, step=step: is_of_clips(answer.url, step)):
                trained.log(step)
            expect(panel.part("epoch")).to_contain_text(f"of {step + 1} logged")
            panel.settle()
            moved[view] = [
                *panel.frame.evaluate("window.drawn"),
                *sorted(set(panel.frame.evaluate(_PLACES)).symmetric_difference(places)),
            ]
            assert panel.state()["step"] == 1
        assert {view: what for view, what in moved.items() if what} == {}


def is_of_clips(url: str, step: int) -> bool:
    """Whether this is the last of what is asked for when an epoch has come: the clips' small curves are made of it."""
    return f"file={step}-" in url and "predictions.npy" in url


def looked_at(panel: Panel) -> Iterator[str]:
    """Bring up what an epoch is looked at with; yields the name of each while it is shown."""
    panel.page.keyboard.press("i")
    for step in range(3):
        expect(panel.frame.get_by_test_id(re.compile(f"^evolution-said-{step}-"))).to_have_text(re.compile("onset"))
    yield "inspector"
    panel.page.keyboard.press("Escape")
    panel.page.keyboard.press("c")
    panel.wait_until(COMPARED)
    yield "compare"
    choose_view(panel, "classes")
    expect(panel.part("classes-scroller")).to_be_visible()
    yield "classes"
    choose_view(panel, "filters")
    panel.choose_mode("raster")
    yield "raster"
