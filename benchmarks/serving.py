"""Twenty readers who drag through the epochs at once, and TensorBoard's own scalars beside them."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlparse

from playwright.sync_api import Request, sync_playwright
from tensorboard.summary import Writer

from tests.e2e.browser import Opener, launch, opener
from tests.e2e.network import parse_request
from tests.e2e.panel import Panel
from tests.e2e.tensorboard import HOST, TensorBoard

from . import long_log
from .panel.figures import percentile, spread
from .results import Report, Result
from .scrubbing import Order, Seen

READERS, PAGES, STEPS = 20, 2, 12
PACE = (
    0.07  # seconds from one epoch to the next: less than what the panel takes for a rest, after which it asks for more
)
_SCALARS = "/experiment/defaultExperimentId/data/plugin/timeseries/timeSeries"

_CAUGHT_UP = (
    """() => document.querySelector('[data-testid="grid"]').dataset.step === String(window.cnnviz.state.step)"""
)

# A hand that goes through these shares of the curves' width, in the page's own time.
_SCRUB = """async ([shares, pause]) => {
  const plot = document.querySelector('[data-testid="curves"] .curve-plot');
  const box = plot.querySelector(".u-over").getBoundingClientRect();
  for (const share of shares) {
    const at = { clientX: box.left + share * box.width, clientY: box.top + box.height / 2 };
    plot.dispatchEvent(new PointerEvent("pointermove", { ...at, bubbles: true, pointerId: 1, buttons: 1 }));
    await new Promise(done => setTimeout(done, pause));
  }
}"""


def run(repeats: int) -> Report:
    """Learn from one page what a drag asks, then let clients ask it: one, and twenty."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        long_log.write_real(folder / "real", steps=STEPS)
        runs = long_log.write_long(folder / "real", folder / "logs", runs=READERS, steps=STEPS)
        _write_scalars(folder / "logs" / "scalars")
        with TensorBoard(folder / "logs") as server:
            server.wait_for(runs[-1], STEPS - 1)
            browser = launch(playwright)
            with opener(browser) as opens:
                asked = _learn(opens, server, runs[0])
            seconds = float(max(5, repeats))
            alone, together = (_scrub(server, asked, runs[:count], seconds) for count in (1, READERS))
            with opener(browser) as opens:
                _drag_beside(opens, server, asked, runs)
            browser.close()
    return Report("Twenty readers at once", _ABOUT, _results(alone, together, asked, seconds))


_ABOUT = (
    f"{READERS} clients, each with a run of its own, that ask TensorBoard for what a real page was seen to ask while"
    f" a hand drags the epoch there and back without a rest: {1 / PACE:.0f} epochs a second in the mean, each at "
    "a beat of its own, where the answers come in time, later where they do not. They are plain HTTP clients in a "
    "process of their own, as as many browsers would take both cores; they keep nothing, so that each epoch is asked "
    f"for again. Then {PAGES} of them are real Chromium pages, and nothing may fail. *Scalars* is what TensorBoard's "
    "own Time Series tab asks for a curve."
)
_WHY_IN_LINE = (
    "TensorBoard answers from one Python interpreter, and takes a new connection and a new thread for each request: "
    "1.2 ms of it where next to nothing is read (two fifths for accepting and the thread, two fifths for HTTP and "
    "routing, an eighth for this plugin), so that some 450 answers a second are all that it gives. All that a step in "
    "passing needs comes with one request in place of four."
)


def _write_scalars(folder: Path) -> None:
    writer = Writer(str(folder))
    for step in range(1000):
        writer.add_scalar("epoch_loss", 1 / (step + 1), step)
    writer.close()


def _drag(panel: Panel) -> None:
    """Through all epochs there and back, no faster than each is drawn in passing."""
    box = panel.part("curves").locator(".u-over").first.bounding_box()
    assert box is not None
    places = [box["x"] + 2 + share / (3 * STEPS) * (box["width"] - 4) for share in range(3 * STEPS + 1)]
    y = box["y"] + box["height"] / 2
    panel.page.mouse.move(places[-1], y)
    panel.page.mouse.down()
    for x in (*reversed(places), *places):
        panel.page.mouse.move(x, y)
        panel.wait_until(_CAUGHT_UP)
    panel.page.mouse.up()


def _learn(opens: Opener, server: TensorBoard, run: str) -> list[list[str]]:
    """What a page asks for at each epoch that a hand passes without a rest."""
    panel = opens(server).choose_run(run).choose_layer("wide")
    asked: dict[int, list[str]] = {}

    def note(request: Request) -> None:
        one = parse_request(request)
        if one is not None and one.step is not None:
            asked.setdefault(one.step, []).append(request.url.removeprefix(server.host))

    box = panel.part("curves").locator(".u-over").first.bounding_box()
    assert box is not None
    panel.page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2)
    panel.page.mouse.down()
    panel.page.on("request", note)
    panel.frame.evaluate(_SCRUB, [[step / (STEPS - 1) for step in reversed(range(STEPS))], 1e3 * PACE])
    panel.page.remove_listener("request", note)
    panel.page.mouse.up()
    panel.page.close()
    return [asked[step] for step in sorted(asked)]


def _scrub(server: TensorBoard, asked: list[list[str]], runs: list[str], seconds: float) -> Seen:
    with _start(server, asked, runs, seconds) as process:
        return _end(process)


def _start(server: TensorBoard, asked: list[list[str]], runs: list[str], seconds: float) -> subprocess.Popen[str]:
    order = Order(
        host=HOST,
        port=int(server.host.rpartition(":")[2]),
        clients=[[[_of_run(path, run) for path in paths] for paths in asked] for run in runs],
        pace=PACE,
        seconds=seconds,
        beside=_SCALARS,
        form=urlencode({"requests": json.dumps([{"plugin": "scalars", "tag": "epoch_loss"}])}),
    )
    command = [sys.executable, "-m", f"{__package__}.scrubbing"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    process.stdin.write(json.dumps(order))
    process.stdin.close()
    return process


def _end(process: subprocess.Popen[str]) -> Seen:
    assert process.stdout is not None
    seen: Seen = json.loads(process.stdout.read())
    return seen


def _of_run(path: str, run: str) -> str:
    url = urlparse(path)
    return f"{url.path}?{urlencode({**dict(parse_qsl(url.query)), 'run': run})}"


def _drag_beside(opens: Opener, server: TensorBoard, asked: list[list[str]], runs: list[str]) -> None:
    """Real pages among the clients: a failure of theirs is raised when `opens` is closed."""
    panels = [opens(server).choose_run(run).choose_layer("wide") for run in runs[-PAGES:]]
    with _start(server, asked, runs[:-PAGES], 10.0 * PAGES) as process:
        for panel in panels:
            _drag(panel)
            panel.wait_shown()
        problems = _end(process)["problems"]
    assert not problems, problems[:3]


def _results(alone: Seen, together: Seen, asked: list[list[str]], seconds: float) -> list[Result]:
    ratio = percentile(together["arrays"]) / percentile(alone["arrays"])
    each = sum(map(len, asked)) / len(asked)
    return [
        Result("requests that failed", len(alone["problems"]) + len(together["problems"]), "requests", at_most=0),
        spread("an array, one reader", alone["arrays"], "ms"),
        spread(f"an array, {READERS} readers", together["arrays"], "ms"),
        Result(f"95th percentile of {READERS} readers beside one's", ratio, "ratio", at_most=5, why=_WHY_IN_LINE),
        spread("scalars, one reader", alone["beside"], "ms"),
        spread(f"scalars, {READERS} readers", together["beside"], "ms"),
        Result(
            "asked by one reader", 1 / PACE * each, "requests/s", note=f"{each:.1f} an epoch, {1 / PACE:.1f} epochs/s"
        ),
        Result(f"answered to {READERS} readers", len(together["arrays"]) / seconds, "requests/s"),
        Result("the clients' own processor time", together["processor"] / seconds, "cores"),
    ]
