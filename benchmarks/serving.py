"""Twenty readers who drag through the epochs at once, and TensorBoard's own scalars beside them."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlparse

from playwright.sync_api import sync_playwright
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
DRAG = 4  # seconds there and back
_EPOCHS = "/experiment/defaultExperimentId/data/plugin/timeseries/timeSeries"


def run(repeats: int) -> Report:
    """Learn from one page what a drag asks, then let clients ask it: one, and twenty."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        long_log.write_real(folder / "real", steps=STEPS)
        runs = long_log.write_long(folder / "real", folder / "logs", runs=READERS, steps=STEPS)
        _write_scalars(folder / "logs" / "run000" / "train")
        with TensorBoard(folder / "logs") as server:
            server.wait_for(runs[-1], STEPS - 1)
            browser = launch(playwright)
            with opener(browser) as opens:
                asked, pace = _learn(opens, server, runs[0])
            seconds = float(max(5, repeats))
            alone, together = (_scrub(server, asked, runs[:count], pace, seconds) for count in (1, READERS))
            with opener(browser) as opens:
                _drag_beside(opens, server, asked, runs, pace)
            browser.close()
    return Report("Twenty readers at once", _ABOUT, _results(alone, together, asked, pace, seconds))


_ABOUT = (
    f"{READERS} clients, each with a run of its own, that ask TensorBoard for what a real page was seen to ask while"
    f" a hand drags the epoch there and back in {DRAG} s: at the same pace where the answers come in time, later "
    "where they do not. They are plain HTTP clients in a process of their own, as as many browsers would take both "
    f"cores; they keep nothing, so that each epoch is asked for again. Then {PAGES} of them are real Chromium pages,"
    " and nothing may fail. *Scalars* is what TensorBoard's own Time Series tab asks for a curve."
)


def _write_scalars(folder: Path) -> None:
    writer = Writer(str(folder))
    for step in range(1000):
        writer.add_scalar("epoch_loss", 1 / (step + 1), step)
    writer.close()


def _drag(panel: Panel) -> float:
    """Seconds that it took, by a pointer that moves thirty times a second."""
    box = panel.part("curves").locator(".u-over").first.bounding_box()
    assert box is not None
    x, y, moves = box["x"] + box["width"] - 2, box["y"] + box["height"] / 2, 30 * DRAG
    begun = time.monotonic()
    panel.page.mouse.move(x, y)
    panel.page.mouse.down()
    for move in range(moves):
        panel.page.mouse.move(box["x"] + 2 + abs(1 - 2 * move / moves) * (box["width"] - 4), y)
        panel.page.wait_for_timeout(max(0, 1e3 * (begun + move / 30 - time.monotonic())))
    panel.page.mouse.up()
    return time.monotonic() - begun


def _learn(opens: Opener, server: TensorBoard, run: str) -> tuple[list[list[str]], float]:
    """What a page that knows nothing yet asks for at each epoch of a drag, and the seconds from one to the next."""
    panel = opens(server).choose_run(run).choose_layer("wide")
    asked: dict[int, list[str]] = {}

    def note(request: object) -> None:
        one = parse_request(request)  # type: ignore[arg-type]
        if one is not None and one.step is not None:
            asked.setdefault(one.step, []).append(one.request.url.removeprefix(server.host))

    panel.page.on("request", note)
    seconds = _drag(panel)
    panel.wait_shown()
    panel.page.close()
    return [asked[step] for step in sorted(asked)], seconds / (2 * STEPS)


def _scrub(server: TensorBoard, asked: list[list[str]], runs: list[str], pace: float, seconds: float) -> Seen:
    with _start(server, asked, runs, pace, seconds) as process:
        return _end(process)


def _start(
    server: TensorBoard, asked: list[list[str]], runs: list[str], pace: float, seconds: float
) -> subprocess.Popen[str]:
    order = Order(
        host=HOST,
        port=int(server.host.rpartition(":")[2]),
        clients=[[[_of_run(path, run) for path in paths] for paths in asked] for run in runs],
        pace=pace,
        seconds=seconds,
        beside=_EPOCHS,
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


def _drag_beside(opens: Opener, server: TensorBoard, asked: list[list[str]], runs: list[str], pace: float) -> None:
    """Real pages among the clients: a failure of theirs is raised when `opens` is closed."""
    panels = [opens(server).choose_run(run).choose_layer("wide") for run in runs[-PAGES:]]
    with _start(server, asked, runs[:-PAGES], pace, 3 * DRAG * PAGES) as process:
        for panel in panels:
            _drag(panel)
            panel.wait_shown()
        problems = _end(process)["problems"]
    assert not problems, problems[:3]


def _results(alone: Seen, together: Seen, asked: list[list[str]], pace: float, seconds: float) -> list[Result]:
    ratio = percentile(together["arrays"]) / percentile(alone["arrays"])
    each = sum(map(len, asked)) / len(asked)
    return [
        Result("requests that failed", len(alone["problems"]) + len(together["problems"]), "requests", at_most=0),
        spread("an array, one reader", alone["arrays"], "ms"),
        spread(f"an array, {READERS} readers", together["arrays"], "ms"),
        Result(f"95th percentile of {READERS} readers beside one's", ratio, "ratio", at_most=5),
        spread("scalars, one reader", alone["beside"], "ms"),
        spread(f"scalars, {READERS} readers", together["beside"], "ms"),
        Result(
            "asked by one reader", 1 / pace * each, "requests/s", note=f"{each:.1f} an epoch, {1 / pace:.1f} epochs/s"
        ),
        Result(f"answered to {READERS} readers", len(together["arrays"]) / seconds, "requests/s"),
        Result("the clients' own processor time", together["processor"] / seconds, "cores"),
    ]
