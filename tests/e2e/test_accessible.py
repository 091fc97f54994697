"""axe-core finds nothing serious in any state, light or dark.

Odd runs: `test_odd.py`; curves: `test_curves.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

from playwright.sync_api import expect

from .arrays import NAMED, RUN, write_run
from .axe import problems
from .browser import TAB, Opener, framed
from .conftest import show_trained
from .experiment import CLIPS, STEPS
from .network import hold
from .notebook import HEIGHT, MARGIN, WIDTH, notebook
from .panel import Panel
from .tensorboard import TensorBoard
from .test_states import NOT_FOUND, UNREACHABLE
from .views import every_view

# The element that has the focus, by its name for tests or its words, and how thick its outline is in CSS pixels.
_FOCUSED = """() => {
  const element = document.activeElement;
  if (element === document.body) return [null, 0];
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  return [
    element.dataset.testid ?? element.outerHTML,
    outlineStyle === "none" ? 0 : parseFloat(outlineWidth),
  ];
}"""
_REACHED = {
    *("run", "epoch-before", "follow", "export-button", "copy-link", "help-button", "clip-filter", "clips", "layers"),
    *("play", "loop", "speed", "view", "mode-strip", "sort", "scale", "colours", "find-open", "tile-size"),
    "grid-scroller",
}
SUMMARY = next(clip.name for clip in CLIPS if clip.detail == "summary")


def test_a_run_is_accessible_in_every_view(open_panel: Opener, tensorboard: TensorBoard) -> None:
    panel = show_trained(open_panel(tensorboard, tab=True, width=1024, height=640))
    found = [
        problem for view in chain(every_view(panel), around(panel), closely(panel)) for problem in problems(panel, view)
    ]
    panel.page.set_viewport_size({"width": 700, "height": 900})
    panel.settle()
    found += problems(panel, "narrow")
    assert not found, "\n".join(found)


def around(panel: Panel) -> Iterator[str]:
    """What stands around the filters: lists, the sound, a link; yields the name of each while it is shown."""
    panel.part("clip-order").select_option("wrong")
    for words in ("o", "no such clip"):
        panel.part("clip-filter").fill(words)
        panel.settle()
        yield f"clips with {words}"
    panel.part("clip-filter").fill("")
    panel.choose_clip(SUMMARY)
    yield "a summary"
    for number in ("0", "999"):
        panel.part("find-open").click()
        panel.part("find-field").fill(number)
        panel.settle()
        yield f"find {number}"
        panel.page.keyboard.press("Escape")
    panel.repeat(0.9, 1.8)
    yield "a part that repeats"
    panel.part("play").click()
    panel.wait_until("() => window.cnnviz.state.playing")
    yield "playing"
    panel.part("play").click()
    panel.part("copy-link").click()
    expect(panel.part("copied").or_(panel.part("link-field")).first).to_be_attached()
    panel.settle()
    yield "a link"


def closely(panel: Panel) -> Iterator[str]:
    """A kernel, pinned filters, and two runs; yields the name of each while it is shown."""
    panel.choose_clip(CLIPS[0].name).choose_layer("conv1")
    panel.page.keyboard.press("i")
    expect(panel.part("inspector-kernel")).to_be_visible()
    for _ in range(2):
        panel.part("inspector-pin").click()
        panel.page.keyboard.press(".")
    panel.settle()
    yield "a kernel and pins"
    panel.page.keyboard.press("Escape")
    panel.page.keyboard.press("c")
    panel.part("compare-kind").select_option("run")
    expect(panel.part("compare-rows").locator(".pair").first).to_be_visible()
    panel.settle()
    yield "compare runs"
    panel.page.keyboard.press("c")


def test_what_has_the_focus_is_outlined_and_all_of_it_is_reached_by_the_tab_key(panel: Panel) -> None:
    reached: list[str] = []
    while True:
        panel.page.keyboard.press("Tab")
        name, outline = panel.frame.evaluate(_FOCUSED)
        if name is None or name in reached:
            break
        assert outline >= 2, name
        reached.append(name)
    assert set(reached) >= _REACHED


def test_playing_and_the_epoch_are_announced(panel: Panel) -> None:
    said = panel.frame.get_by_role("status")
    expect(said.and_(panel.part("epoch"))).to_contain_text(f"EPOCH {STEPS[-1]}")
    panel.page.keyboard.press("Shift+ArrowLeft")
    expect(said.and_(panel.part("epoch"))).to_contain_text(f"EPOCH {STEPS[-2]}")
    told = said.and_(panel.part("playing-told"))
    expect(told).to_have_text("")
    panel.page.keyboard.press("Space")
    expect(told).to_have_text("Playing")
    panel.page.keyboard.press("Space")
    expect(told).to_have_text(re.compile(r"^Stopped at 0:0\d\.\d\d$"))


def test_a_notebooks_frame_is_accessible(open_panel: Opener, tensorboard: TensorBoard) -> None:
    with notebook(tensorboard) as address:
        panel = open_panel(tensorboard, notebook=address, width=WIDTH + 2 * MARGIN, height=HEIGHT + 2 * MARGIN)
        found = problems(show_trained(panel), "notebook")
        # The page is closed before its server.
        panel.page.goto("about:blank")
    assert not found, "\n".join(found)


def test_what_is_damaged_is_told_accessibly(open_panel: Opener, small_tensorboard: TensorBoard) -> None:
    panel = open_panel(small_tensorboard, tab=True)
    panel.watch.expect(NOT_FOUND)
    found = []
    for run in ("truncated", "missing", "newer", "cut"):
        panel.part("run").select_option(f"{run}/cnnviz")
        expect(panel.part("notice").first).to_be_visible()
        panel.settle()
        found += problems(panel, run)
    for run in ("broken/cnnviz", NAMED):
        found += problems(panel.choose_run(run), run)
    lacking = open_panel(small_tensorboard, tab=True, fragment="cnnviz&p.cnnviz.layer=conv99&p.cnnviz.step=77")
    expect(lacking.part("link-problem")).to_be_visible()
    found += problems(lacking, "a link that names what is not there")
    assert not found, "\n".join(found)


def test_what_is_unfinished_is_told_accessibly(
    open_panel: Opener, serve: Callable[..., TensorBoard], tmp_path: Path
) -> None:
    write_run(tmp_path, (0,))
    tensorboard = serve(tmp_path)
    tensorboard.wait_for(RUN, 0)
    panel = open_panel(tensorboard, tab=True).wait_shown(run=RUN, step=0)
    found = problems(panel, "one epoch")
    hold(panel.page, lambda asked: asked.kind in ("strip", "windows", "envelope"))
    panel = anew(panel)
    expect(panel.part("loading")).to_be_visible()
    found += problems(panel, "loading")
    panel.page.route(re.compile("/plugin/cnnviz/index$"), lambda _: None)
    panel = anew(panel)
    expect(panel.part("connecting")).to_be_visible()
    found += problems(panel, "connecting")
    panel.watch.expect(*UNREACHABLE)
    panel.page.unroute_all(behavior="ignoreErrors")
    panel = anew(panel)
    panel.wait_shown(run=RUN, step=0)
    tensorboard.stop()
    expect(panel.part("server-gone")).to_be_visible()
    found += problems(panel, "server gone")
    assert not found, "\n".join(found)


def anew(panel: Panel) -> Panel:
    """The page once more, with the panel in a frame of its own."""
    panel.page.reload()
    return Panel(panel.page, framed(panel.page.main_frame, TAB), panel.watch)


def test_nothing_logged_is_told_accessibly(
    open_panel: Opener, serve: Callable[..., TensorBoard], tmp_path: Path
) -> None:
    panel = open_panel(serve(tmp_path), tab=True)
    expect(panel.part("empty")).to_be_visible()
    found = problems(panel, "nothing logged")
    assert not found, "\n".join(found)
    for width in (1280, 700):
        panel.page.set_viewport_size({"width": width, "height": 800})
        panel.settle()
        for part in (panel.part("empty"), panel.part("empty").locator("pre")):
            assert part.evaluate("part => part.scrollWidth <= part.clientWidth"), "what is read is not cut"
