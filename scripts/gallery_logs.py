"""States of the panel that small logs show, of what no training does."""

from __future__ import annotations

import sys
from pathlib import Path
from subprocess import run

from environment import ROOT
from gallery_states import Group, States, rest
from playwright.sync_api import Browser, expect

from tests.e2e import arrays, curve_runs, network, odd, rows, test_headers
from tests.e2e.browser import TAB, Opener, framed, opener
from tests.e2e.panel import Panel
from tests.e2e.tensorboard import TensorBoard

# What the browser itself says of the failures that are pictured.
EXPECTED = (
    "404",
    "ERR_CONTENT_DECODING_FAILED",
    "ERR_CONNECTION_REFUSED",
    "ERR_CONNECTION_RESET",
    "ERR_EMPTY_RESPONSE",
    "ERR_SOCKET_NOT_CONNECTED",
)


def odd_runs(browser: Browser, folder: Path) -> States:
    """Runs that are odd in one way each."""
    odd.write_odd(folder)
    rows.write_rows(folder / rows.RUN)
    test_headers.write_heads(folder / test_headers.RUN)
    with TensorBoard(folder) as server, opener(browser) as opens:
        for each in odd.SHAPES:
            server.wait_for(each, odd.STEPS[-1])
        server.wait_for(rows.RUN, rows.STEPS[-1])
        server.wait_for(test_headers.RUN, 0)
        panel = opens(server, tab=True)
        panel.wait_shown()
        for each in (*odd.SHAPES, odd.MANY, rows.RUN, test_headers.RUN):
            panel.choose_run(each)
            yield each.partition("/")[0], panel


def raw_sound(browser: Browser, folder: Path) -> States:
    """Layers of one axis."""
    # It brings Keras.
    from tests.e2e.clicked import Clicked

    clicked = Clicked(folder, "raw sound")
    with TensorBoard(folder) as server, opener(browser) as opens:
        server.wait_for_runs()
        panel = opens(server, tab=True)
        panel.wait_shown()
        panel.seek(0.6)
        for layer in ("front", "causal", "out"):
            panel.choose_layer(layer)
            rest(panel)
            yield f"raw sound {layer}", panel
        panel.choose_layer(clicked.layers[0]).choose_mode("window")
        yield "raw sound window", panel
        panel.page.keyboard.press("i")
        expect(panel.part("inspector-title")).to_be_visible()
        panel.settle()
        yield "raw sound inspector", panel


def curves(browser: Browser, folder: Path) -> States:
    """A choice of curves, and a run that is logged by batches."""
    curve_runs.write_curves(folder)
    run([sys.executable, "-m", "tests.e2e.curve_runs", folder], cwd=ROOT, check=True)
    with TensorBoard(folder) as server, opener(browser) as opens:
        server.wait_for(curve_runs.RUN, curve_runs.STEPS[-1])
        server.wait_for(curve_runs.BY_BATCHES, curve_runs.BATCH_STEPS[-1])
        panel = opens(server, tab=True)
        panel.choose_run(curve_runs.BY_BATCHES)
        yield "logged by batches", panel
        panel.choose_run(curve_runs.RUN)
        panel.part("second-curve").select_option(curve_runs.NORM)
        panel.part("first-curve").focus()
        panel.settle()
        yield "curves chosen", panel


def failures(browser: Browser, folder: Path) -> States:
    """Bundles that are damaged, missing, newer or cut, and a server that is gone."""
    next(arrays.write_run(folder, run="late/cnnviz").glob("probes-*.zip")).unlink()
    # The run that is written last is shown first.
    arrays.write_small_runs(folder)
    with TensorBoard(folder) as server, opener(browser) as opens:
        for each, step in arrays.SMALL_RUNS.items():
            server.wait_for(each, step)
        server.wait_for("late/cnnviz", 2)
        panel = opens(server, tab=True)
        panel.watch.expect(*EXPECTED)
        panel.wait_shown()
        for name in ("truncated", "missing", "newer", "late"):
            panel.part("run").select_option(f"{name}/cnnviz")
            panel.part("notice").first.wait_for()
            yield name, panel
        panel.part("run").select_option("spoilt/cnnviz")
        panel.row("layers", "conv").click()
        panel.part("notice").first.wait_for()
        panel.settle()
        yield "damaged arrays", panel
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


def unfinished(browser: Browser, folder: Path) -> States:
    """Before anything is logged, one epoch alone, and while something is awaited."""
    folder.mkdir()
    with TensorBoard(folder) as server, opener(browser) as opens:
        panel = opens(server, tab=True, fragment="cnnviz")
        panel.part("empty").wait_for()
        yield "nothing logged", panel
    for step, state in ((-1, "before training"), (0, "one epoch")):
        arrays.write_run(folder / state, (step,))
        with TensorBoard(folder / state) as server, opener(browser) as opens:
            server.wait_for(arrays.RUN, step)
            panel = opens(server, tab=True)
            panel.wait_shown()
            yield state, panel
            if step == 0:
                yield "loading", loading(opens, server)
                yield "connecting", connecting(opens, server)


def loading(opens: Opener, server: TensorBoard) -> Panel:
    """Arrays that do not come."""
    panel = opens(server, tab=True)
    panel.wait_shown()
    network.hold(panel.page, lambda asked: asked.kind in ("strip", "windows", "envelope"))
    panel = again(panel)
    panel.part("loading").wait_for()
    panel.wait_until("() => getComputedStyle(document.querySelector('[data-testid=loading]')).opacity === '1'")
    return panel


def connecting(opens: Opener, server: TensorBoard) -> Panel:
    """A server that does not answer."""
    panel = opens(server, tab=True)
    panel.wait_shown()
    panel.page.route("**/plugin/cnnviz/index", lambda _: None)
    panel = again(panel)
    panel.part("connecting").wait_for()
    return panel


def again(panel: Panel) -> Panel:
    """The page anew, with the panel in a frame of its own."""
    panel.page.reload()
    return Panel(panel.page, framed(panel.page.main_frame, TAB), panel.watch)


LOGS: tuple[Group, ...] = (odd_runs, raw_sound, curves, failures, unfinished)
