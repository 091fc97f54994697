"""What a hundred runs of a thousand steps ask of TensorBoard, and how long their reader waits."""

from __future__ import annotations

import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import psutil
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.browser import PATIENCE, Opener, launch, opener
from tests.e2e.tensorboard import DATA_SERVERS, TensorBoard

from . import long_log
from .panel.figures import spread
from .results import Report, Result

RUNS, STEPS, FEW = 100, 1000, 10
_NAMES = {"true": "Rust", "false": "Python"}
_CHANGES = 9  # of one visit: fewer than FEW
_RELOADS = 5  # seconds, TensorBoard's own default

# From the click on the tab to the frame after the grid is drawn.
_OPEN = """async tab => {
  const frame = () => new Promise(done => requestAnimationFrame(done));
  const drawn = () => document.querySelector("iframe[src*='name=cnnviz']")?.contentDocument
    ?.querySelector('[data-testid="grid"]')?.dataset.step;
  const start = performance.now();
  tab.querySelector('[data-plugin-id]').click();
  while (drawn() === undefined) await frame();
  return performance.now() - start;
}"""

# What is drawn says the step that the bundle was written for, not the one that it is linked to.
_DRAWN = """layer => document.querySelector('[data-testid="grid"]')?.dataset.layer === layer"""

_CHANGE = """async () => {
  const drawn = document.querySelector('[data-testid="grid"]').dataset, from = drawn.step, start = performance.now();
  document.querySelector('[data-testid="epoch-before"]').click();
  while (drawn.step === from) await new Promise(done => requestAnimationFrame(done));
  return performance.now() - start;
}"""


def run(repeats: int) -> Report:
    """Write the logs, then measure under each of TensorBoard's data servers."""
    results: list[Result] = []
    visits = max(2, repeats // 3)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        long_log.write_real(folder / "real", steps=FEW)
        for log, steps in (("few", FEW), ("many", STEPS)):
            runs = long_log.write_long(folder / "real", folder / log, runs=RUNS, steps=steps)
        browser = launch(playwright)
        for kind in DATA_SERVERS:
            with (
                TensorBoard(folder / "few", load_fast=kind, reload_interval=_RELOADS) as few,
                TensorBoard(folder / "many", load_fast=kind, reload_interval=_RELOADS) as many,
            ):
                found = [*measure_server(few, many, runs, repeats), measure_opening(browser, many, visits)]
                with opener(browser) as opens:
                    found.append(measure_changes(opens, few, many, visits))
            results += [replace(result, what=f"{result.what}, {_NAMES[kind]}") for result in found]
        browser.close()
    return Report(f"A log of {RUNS} runs of {STEPS:,} steps", _ABOUT, results)


_ABOUT = (
    f"{RUNS} runs of {STEPS:,} steps, records as the callback writes them, bundles hard links to ten real ones, "
    "under both data servers of TensorBoard (Rust, the default where there is one, and Python). Waits are those of "
    "one client on the same machine, files in the system's cache. Memory is TensorBoard's and its data server's "
    f"beyond what it takes of as many runs of {FEW} steps."
)
_WHY_LATE = (
    "The median is far below. Every five seconds TensorBoard looks through all files of the log directory, here "
    f"{RUNS * STEPS:,}: 1.1 s of the one interpreter that answers (Python), or of one of two cores (Rust), which "
    "those that came meanwhile shared."
)


def measure_server(few: TensorBoard, many: TensorBoard, runs: list[str], repeats: int) -> list[Result]:
    """Waits for what the panel asks first, and the memory that TensorBoard takes before and after."""
    for server, steps in ((few, FEW), (many, STEPS)):
        _wait_loaded(server, steps)
    thousands = RUNS * (STEPS - FEW) / 1000
    loaded = (_megabytes(many) - _megabytes(few)) / thousands
    answers = _measure_answers(many, runs, repeats)
    for name in runs:
        few.read("steps", run=name)
    looked_at = (_megabytes(many) - _megabytes(few)) / thousands
    return [
        *answers,
        Result("memory of 1,000 steps, loaded", loaded, "MB", at_most=5),
        Result("memory of 1,000 steps, all runs looked at", looked_at, "MB", at_most=5),
    ]


def _wait_loaded(server: TensorBoard, steps: int) -> None:
    def loaded() -> bool:
        ends = [entry["last_step"] for entry in server.read("index")["runs"]]
        return len(ends) == RUNS and min(ends) == steps - 1

    server.wait_until(loaded)


def _megabytes(server: TensorBoard) -> float:
    process = psutil.Process(server.pid)
    return float(sum(each.memory_info().rss for each in (process, *process.children(recursive=True)))) / 1e6


def _measure_answers(server: TensorBoard, runs: list[str], repeats: int) -> list[Result]:
    index = [_ask(server, "index") for _ in range(3 * repeats)]
    steps = [_ask(server, "steps", run=name) for name in runs]
    again = [_ask(server, "steps", run=name) for name in runs[-2 * repeats :]]
    curve = {"last": str(STEPS - 1), "probe": long_log.CLIPS[0], "layer": "many"}
    curves = [_ask(server, "over_steps", run=name, **curve) for name in runs[-2 * repeats :]]
    filters = long_log.LAYERS["many"][-1]
    return [
        spread("`index`", [wait for wait, _ in index], "ms", 150),
        Result("`index` on the wire", index[0][1] / 1e3, "kB", at_most=50),
        spread("`steps` of a run, the first time", [wait for wait, _ in steps], "ms", 150, _WHY_LATE),
        spread("`steps` of a run, again", [wait for wait, _ in again], "ms", 150, _WHY_LATE),
        Result("`steps` on the wire", steps[0][1] / 1e3, "kB"),
        spread(
            f"statistics of {filters} filters over {STEPS:,} steps", [wait for wait, _ in curves], "ms", 300, _WHY_LATE
        ),
    ]


def _ask(server: TensorBoard, route: str, **parameters: str) -> tuple[float, int]:
    """Milliseconds until the last byte, and how many came."""
    url = f"{server.url}/data/plugin/cnnviz/{route}?{urlencode(parameters)}"
    start = time.perf_counter()
    with urlopen(Request(url, headers={"Accept-Encoding": "gzip"})) as answer:
        body = answer.read()
    return 1e3 * (time.perf_counter() - start), len(body)


def measure_opening(browser: Browser, server: TensorBoard, visits: int) -> Result:
    """From another tab of TensorBoard, by a reader who has not been there."""
    waits = []
    for _ in range(visits):
        page = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
        page.set_default_timeout(PATIENCE)
        page.goto(f"{server.url}/#timeseries")
        waits.append(page.get_by_role("tab", name="CNN Audio").evaluate(_OPEN))
        page.close()
    return spread("first grid after the tab's opening", waits, "ms", 1000, _WHY_LATE)


def measure_changes(opens: Opener, few: TensorBoard, many: TensorBoard, visits: int) -> Result:
    """Epoch after epoch without a rest, in turns."""
    waits: dict[TensorBoard, list[float]] = {few: [], many: []}
    for _ in range(visits):
        for server, own in waits.items():
            panel = opens(server)
            panel.wait_until(_DRAWN, "wide")
            own += [panel.frame.evaluate(_CHANGE) for _ in range(_CHANGES)]
            panel.page.close()
    short, long = (statistics.median(own) for own in waits.values())
    note = f"medians {long:.0f} and {short:.0f} ms of {visits * _CHANGES}"
    return Result(f"another epoch of {STEPS:,} beside one of {FEW}", long / short, "ratio", at_most=1.2, note=note)
