"""From the click on the next epoch to the frame that shows its grid: here, on a slow link, and fetched ahead."""

from __future__ import annotations

import time
from collections.abc import Set

from benchmarks.results import Result
from tests.e2e.browser import Opener
from tests.e2e.network import slow_down
from tests.e2e.panel import Panel
from tests.e2e.tensorboard import TensorBoard

from . import logs
from .figures import spread

PATIENCE = 2  # seconds
_WHY_FRAMES = (
    "Besides what comes over the link: what is drawn is found in some 5 ms, the worker colours and draws its cells, "
    "which where they were not fetched ahead are pooled first in 10 to 20 ms, while on the same two cores the page is "
    "laid out; and the frame after that shows it."
)

_CHANGE = """async () => {
  const frame = () => new Promise(done => requestAnimationFrame(done));
  const drawn = document.querySelector('[data-testid="grid"]').dataset;
  const from = drawn.step;
  const start = performance.now();
  document.querySelector('[data-testid="epoch-before"]').click();
  while (drawn.step === from) await frame();
  return performance.now() - start;
}"""

# What a step needs to be drawn, as it stands in requests.
_PARTS = ("numbers", "predictions", "strip")

# A hand that drags through the epochs and back: the frames' distances meanwhile.
_DRAG = """async moves => {
  const plot = document.querySelector('[data-testid="curves"] .curve-plot');
  const box = plot.querySelector(".u-over").getBoundingClientRect();
  const seen = new Set(), drawn = document.querySelector('[data-testid="grid"]').dataset, gaps = [];
  let last = performance.now();
  for (let move = 0; move < moves; move++) {
    const share = Math.abs(1 - ((2 * move) / moves));
    const at = { clientX: box.left + share * box.width, clientY: box.top + box.height / 2 };
    plot.dispatchEvent(new PointerEvent("pointermove", { ...at, bubbles: true, pointerId: 1, buttons: 1 }));
    await new Promise(done => requestAnimationFrame(done));
    seen.add(drawn.step);
    gaps.push(performance.now() - last);
    last = performance.now();
  }
  return { gaps, seen: seen.size };
}"""


def measure(opens: Opener, server: TensorBoard, *, changes: int) -> list[Result]:
    """Of a layer of 32 maps of 132 x 47."""
    results = []
    for link, slow, targets in (("localhost", False, (100, 40)), ("5 MB/s and 40 ms", True, (250, 40))):
        for ahead, at_most in zip((False, True), targets, strict=True):
            panel = show(opens, server)
            # As the network tells: the page's own list holds those that were broken off too.
            come: set[str] = set()
            panel.page.on("requestfinished", lambda request, come=come: come.add(request.url))
            if slow:
                slow_down(panel.page, bytes_per_second=5e6, latency=40)
            # The first tells the direction.
            change(panel)
            waits = []
            for _ in range(changes):
                as_wanted = not ahead or has_come(panel, come)
                wait = change(panel)
                if as_wanted:
                    waits.append(wait)
            how = ", fetched ahead" if ahead else ""
            if waits:
                results.append(spread(f"another epoch, {link}{how}", waits, "ms", at_most, _WHY_FRAMES))
            if ahead:
                results.append(Result(f"fetched ahead within {PATIENCE} s, {link}", len(waits) / changes, "ratio"))
            panel.page.close()
    return [*results, *drag(show(opens, server))]


def has_come(panel: Panel, come: Set[str]) -> bool:
    """Whether the next epoch is fetched ahead before long: no more is than the link was seen to bring in 300 ms."""
    file = f"&file={panel.state()['step'] - 1}-"
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        own = [url for url in come if file in url]
        if all(any(part in url for url in own) for part in _PARTS):
            panel.settle()
            return True
        panel.page.wait_for_timeout(20)
    return False


def change(panel: Panel) -> float:
    """Go to the epoch before; returns how long it takes until it is drawn, in milliseconds."""
    wait: float = panel.frame.evaluate(_CHANGE)
    return wait


def show(opens: Opener, server: TensorBoard) -> Panel:
    """The newest epoch in a browser that knows nothing yet."""
    panel = opens(server)
    panel.choose_run(logs.EPOCHS)
    return panel.choose_layer("wide")


def drag(panel: Panel) -> list[Result]:
    """Through all epochs and back over the slow link."""
    slow_down(panel.page, bytes_per_second=5e6, latency=40)
    box = panel.part("curves").locator(".u-over").first.bounding_box()
    assert box is not None
    panel.page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2)
    panel.page.mouse.down()
    found = panel.frame.evaluate(_DRAG, 180)
    panel.page.mouse.up()
    panel.page.close()
    return [
        spread("between two frames of a drag, 5 MB/s and 40 ms", found["gaps"], "ms", 50),
        Result("epochs drawn in passing", found["seen"], "epochs", at_least=2, note="180 moves, one a frame"),
    ]
