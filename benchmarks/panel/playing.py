"""The main thread while the sound plays, and when what is shown is sorted, scaled or coloured anew."""

from __future__ import annotations

from playwright.sync_api import Browser

from benchmarks.results import Result
from tests.e2e.browser import Opener
from tests.e2e.panel import Panel
from tests.e2e.tensorboard import TensorBoard

from . import logs, trace
from .figures import spread

PLAYED = 6.0  # seconds
TIMES = 22

# Asks for no frames of its own: each would count as a picture that costs nothing.
_PLAY = """async seconds => {
  performance.mark("play");
  await new Promise(done => setTimeout(done, 1000 * seconds));
  performance.mark("stop");
}"""

# Milliseconds of the main thread that a picture may take in each mode.
AT_MOST = {"strip": 4, "window": 8}
# Why what is missed is missed, from profiles.
_WHY = {
    "strip": (
        "In the picture in which the window changes its marks are moved: style, layers, commit; in another one, of one "
        "window in four, words and numbers are laid out and painted."
    ),
    "window": (
        "In the picture in which the window changes its marks are moved; in the one after it the next window's cells, "
        "2.1 MB, are cut out and handed to the worker, which pools and colours them."
    ),
}

# Each choice is marked from the moment it is made until two frames have passed.
# Returns milliseconds until each is drawn.
_CHOOSE = """async ([part, values, times]) => {
  const frame = () => new Promise(done => requestAnimationFrame(done));
  const waits = [];
  const select = document.querySelector(`[data-testid="${part}"]`);
  for (let time = 0; time < times; time++) {
    for (let rest = 0; rest < 3; rest++) await frame();
    select.value = values[time % values.length];
    const begun = performance.now();
    performance.mark(`${part} ${time}`);
    select.dispatchEvent(new Event("change", { bubbles: true }));
    const drawn = frame().then(() => window.cnnviz.settled()).then(() => waits.push(performance.now() - begun));
    await frame();
    await frame();
    performance.mark(`${part} ${time} drawn`);
    await drawn;
  }
  return waits;
}"""


def measure(browser: Browser, opens: Opener, server: TensorBoard) -> list[Result]:
    """With 512 filters on screen."""
    panel = opens(server, width=2560, height=1440)
    panel.choose_run(logs.MANY)
    # All of them at once, none to scroll to.
    panel.choose_tile_size(36)
    panel.wait_until("() => window.cnnviz.tiles.length === 512")
    panel.part("loop").click()
    results: list[Result] = []
    longest: list[float] = []
    for mode in AT_MOST:
        result, tasks = measure_playing(browser, panel, mode, f"512 {mode}s on screen")
        results.append(result)
        longest += tasks
    results.append(
        Result("longest task of the main thread while playing, processor time", max(longest), "ms", at_most=50)
    )
    panel.choose_mode("strip")
    for part, values in (
        ("sort", ["index", "strength", "onset"]),
        ("scale", ["layer", "filter"]),
        ("colours", ["viridis", "magma"]),
    ):
        trace.start(browser, panel.page)
        waits = panel.frame.evaluate(_CHOOSE, [part, values, TIMES])
        seen = trace.stop(browser)
        spent = [
            sum(task.spent for task in seen.between(f"{part} {time}", f"{part} {time} drawn")) for time in range(TIMES)
        ]
        what = f"another {part}, 512 strips on screen, main thread"
        results.append(spread(what, spent[2:], "ms", 16))
        results.append(spread(f"another {part}, 512 strips on screen, until it is drawn", waits[2:], "ms"))
    panel.page.close()
    return results


def measure_playing(browser: Browser, panel: Panel, mode: str, what: str) -> tuple[Result, list[float]]:
    """What a picture takes in a mode; and processor time of each task, milliseconds."""
    panel.choose_mode(mode)
    pictures, tasks = play(browser, panel)
    if mode == "window":
        # Between two windows only the cursor moves: what counts is when the maps change.
        pictures = sorted(pictures)[-round(PLAYED / logs.HOP) :]
    told = f"a picture while playing, {what}, main thread"
    return spread(told, pictures, "ms", AT_MOST[mode], _WHY[mode]), tasks


def play(browser: Browser, panel: Panel) -> tuple[list[float], list[float]]:
    """Processor time of each picture and of each task, milliseconds."""
    panel.part("play").click()
    panel.wait_until("() => window.cnnviz.state.playing")
    trace.start(browser, panel.page)
    panel.frame.evaluate(_PLAY, PLAYED)
    seen = trace.stop(browser)
    panel.part("play").click()
    return seen.pictures("play", "stop"), [task.spent for task in seen.between("play", "stop")]
