"""States of what stands around the filters of a real training: sound, lists, links, a notebook's frame."""

from __future__ import annotations

from pathlib import Path

from gallery_states import CLIP, Group, States, rest, trained
from playwright.sync_api import Browser, expect
from screenshots import logdir_with_run

from tests.e2e.browser import opener
from tests.e2e.notebook import HEIGHT, MARGIN, WIDTH, notebook
from tests.e2e.tensorboard import TensorBoard


def sounding(browser: Browser, _: Path) -> States:
    """A part that repeats, and playing."""
    with trained(browser) as panel:
        panel.repeat(0.9, 1.8)
        rest(panel)
        yield "loop", panel
        panel.part("play").click()
        panel.wait_until("() => window.cnnviz.state.playing && window.cnnviz.state.time > 1.3")
        panel.page.mouse.move(0, 0)
        yield "playing", panel


def lists(browser: Browser, _: Path) -> States:
    """Clips and filters that are looked for."""
    with trained(browser) as panel:
        panel.part("clip-order").select_option("wrong")
        panel.settle()
        yield "clips wrong first", panel
        for words, state in (("violin", "clips filtered"), ("no such clip", "clips none")):
            panel.part("clip-filter").fill(words)
            panel.settle()
            yield state, panel
        panel.part("clip-filter").fill(CLIP)
        # Of the clips of one instrument the first is watched, the others are listed only.
        panel.part("clips").locator("[data-name]").nth(1).click()
        panel.wait_shown()
        rest(panel)
        yield "summary clip", panel
        panel.part("clip-filter").fill("")
        panel.part("clip-order").select_option("logged")
        panel.choose_clip(CLIP)
        for number, state in (("17", "find found"), ("999", "find none")):
            if panel.part("find-field").count() == 0:
                panel.part("find-open").click()
            panel.part("find-field").fill(number)
            panel.settle()
            yield state, panel


def links(browser: Browser, _: Path) -> States:
    """A link that was copied, and one that names what the log has not."""
    with TensorBoard(logdir_with_run()) as server, opener(browser) as opens:
        server.wait_for_runs()
        panel = opens(server, tab=True)
        panel.wait_shown()
        panel.part("copy-link").click()
        expect(panel.part("copied").or_(panel.part("link-field")).first).to_be_attached()
        panel.settle()
        yield "link copied", panel
        run = panel.state()["run"].replace("/", "%2F")
        lacking = opens(server, tab=True, fragment=f"cnnviz&p.cnnviz.run={run}&p.cnnviz.layer=conv99&p.cnnviz.step=77")
        expect(lacking.part("link-problem")).to_be_visible()
        lacking.settle()
        yield "link lacking", lacking


def framed_in_a_notebook(browser: Browser, _: Path) -> States:
    """In the frame that `%tensorboard` makes."""
    with TensorBoard(logdir_with_run()) as server, opener(browser) as opens:
        server.wait_for_runs()
        with notebook(server) as address:
            panel = opens(server, notebook=address, width=WIDTH + 2 * MARGIN, height=HEIGHT + 2 * MARGIN)
            panel.wait_shown()
            yield "notebook frame", panel
            panel.page.goto("about:blank")


AROUND: tuple[Group, ...] = (sounding, lists, links, framed_in_a_notebook)
