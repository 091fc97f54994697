"""Takes pictures of all that the panel can show, light and dark, at several sizes: `docs/images/states/`.

`gallery.py [STATE ...]` takes those of these states alone. A real run of the example is pictured, the one in $LOGDIR or
one that is trained for it, and small logs from arrays for what no training shows.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from screenshots import IMAGES, logdir_with_run

from tests.e2e import arrays, network, odd, rows
from tests.e2e.browser import TAB, Opener, framed, launch, opener
from tests.e2e.panel import Panel
from tests.e2e.tensorboard import TensorBoard
from tests.e2e.views import every_view

STATES = IMAGES / "states"
# A notebook's frame is the narrow one.
SIZES = ((1024, 640), (1280, 800), (1920, 1080), (2560, 1440), (700, 800))
THEMES = ("light", "dark")
QUALITY = 80
CLIP, SECONDS = "violin", 1.28
# What the browser itself says of the failures that are pictured.
EXPECTED = ("404", "ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE", "ERR_SOCKET_NOT_CONNECTED")


def main(wanted: set[str]) -> None:
    """Go through the states; of each, all sizes and both themes."""
    STATES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = launch(playwright)
        for states in (trained, odd_runs, failures, unfinished):
            for state, panel in states(browser, Path(folder) / states.__name__):
                name = state.replace(" ", "-")
                if not wanted or name in wanted:
                    take(panel, name)
        browser.close()


def trained(browser: Browser, _: Path) -> Iterator[tuple[str, Panel]]:
    """What a reader sees of a training: the views, and layers of every shape."""
    with TensorBoard(logdir_with_run()) as server, opener(browser) as opens:
        server.wait_for_runs()
        panel = opens(server, tab=True)
        panel.wait_shown()
        yield "first sight", panel
        panel.choose_clip(CLIP).choose_layer("conv2").seek(SECONDS)
        for view in every_view(panel):
            yield view, panel
        for layer in ("conv1", "conv8", "dense"):
            panel.choose_layer(layer)
            for mode in ("strip", "window"):
                panel.choose_mode(mode)
                yield f"{layer} {mode}", panel
        panel.choose_mode("strip")
        # Of the clips of one instrument the first is watched, the others are listed only.
        panel.part("clip-filter").fill(CLIP)
        panel.part("clips").locator("[data-name]").nth(1).click()
        panel.wait_shown()
        yield "summary clip", panel


def odd_runs(browser: Browser, folder: Path) -> Iterator[tuple[str, Panel]]:
    """Runs that are odd in one way each."""
    odd.write_odd(folder)
    rows.write_rows(folder / rows.RUN)
    with TensorBoard(folder) as server, opener(browser) as opens:
        for run in odd.SHAPES:
            server.wait_for(run, odd.STEPS[-1])
        server.wait_for(rows.RUN, rows.STEPS[-1])
        panel = opens(server, tab=True)
        panel.wait_shown()
        for run in (*odd.SHAPES, odd.MANY, rows.RUN):
            panel.choose_run(run)
            yield run.partition("/")[0], panel


def failures(browser: Browser, folder: Path) -> Iterator[tuple[str, Panel]]:
    """Bundles that are damaged, missing, newer or cut, and a server that is gone."""
    arrays.write_small_runs(folder)
    with TensorBoard(folder) as server, opener(browser) as opens:
        for run, step in arrays.SMALL_RUNS.items():
            server.wait_for(run, step)
        panel = opens(server, tab=True)
        panel.watch.expect(*EXPECTED)
        panel.wait_shown()
        for run in ("truncated/cnnviz", "missing/cnnviz", "newer/cnnviz"):
            panel.part("run").select_option(run)
            panel.part("notice").first.wait_for()
            yield run.partition("/")[0], panel
        panel.choose_run("broken/cnnviz")
        yield "not finite", panel
        panel.choose_run(arrays.NAMED)
        yield "names", panel
        panel.part("run").select_option("cut/cnnviz")
        panel.part("notice").first.wait_for()
        yield "record only", panel
        for kept in ("summary only", "strips only"):
            panel.part("epoch-before").click()
            panel.wait_shown()
            yield kept, panel
        server.stop()
        panel.part("server-gone").wait_for()
        yield "server gone", panel


def unfinished(browser: Browser, folder: Path) -> Iterator[tuple[str, Panel]]:
    """Before anything is logged, one epoch alone, and while arrays are awaited."""
    folder.mkdir()
    with TensorBoard(folder) as server, opener(browser) as opens:
        panel = opens(server, tab=True, fragment="cnnviz")
        panel.part("empty").wait_for()
        yield "nothing logged", panel
    arrays.write_run(folder, (0,))
    with TensorBoard(folder) as server, opener(browser) as opens:
        server.wait_for(arrays.RUN, 0)
        panel = opens(server, tab=True)
        panel.wait_shown()
        yield "one epoch", panel
        yield "loading", _loading(opens, server)


def _loading(opens: Opener, server: TensorBoard) -> Panel:
    panel = opens(server, tab=True)
    panel.wait_shown()
    network.hold(panel.page, lambda asked: asked.kind in ("strip", "windows", "envelope"))
    panel.page.reload()
    return Panel(panel.page, framed(panel.page.main_frame, TAB), panel.watch)


def take(panel: Panel, state: str) -> None:
    """Save a state at every size, light and dark."""
    before = panel.page.viewport_size
    for width, height in SIZES:
        panel.page.set_viewport_size({"width": width, "height": height})
        for theme in THEMES:
            panel.page.evaluate(f"document.body.classList.toggle('dark-mode', {str(theme == 'dark').lower()})")
            panel.wait_until("theme => document.documentElement.dataset.theme === theme", theme)
            panel.settle()
            path = STATES / f"{state}-{width}-{theme}.webp"
            panel.page.screenshot(path=path.with_suffix(".png"))
            with Image.open(path.with_suffix(".png")) as picture:
                picture.convert("RGB").save(path, quality=QUALITY, method=6)
            path.with_suffix(".png").unlink()
    panel.page.evaluate("document.body.classList.remove('dark-mode')")
    assert before is not None
    panel.page.set_viewport_size(before)
    panel.settle()
    print(state, flush=True)


if __name__ == "__main__":
    main(set(sys.argv[1:]))
