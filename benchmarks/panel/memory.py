"""What a page holds while its reader goes through epochs, layers and clips for hours."""

from __future__ import annotations

from benchmarks.results import Result
from tests.e2e.browser import Opener
from tests.e2e.tensorboard import TensorBoard

from . import logs

LIMIT = 256  # MB: the cache's
PORTION = 250

# Keys, as a reader presses them: mostly epochs, in windows, which are the largest arrays.
_CHOOSE = """async ([from, count]) => {
  const epoch = ["ArrowLeft", true];
  const keys = [epoch, epoch, epoch, ["ArrowDown"], epoch, ["]"], epoch, ["ArrowUp"], ["["]];
  for (let choice = from; choice < from + count; choice++) {
    let [key, shiftKey = false] = keys[choice % keys.length];
    if (key === "ArrowLeft" && Math.floor(choice / 300) % 2 === 1) key = "ArrowRight";
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey, bubbles: true }));
    for (let wait = 0; wait < 8 && window.cnnviz.state.stale; wait++) await new Promise(done => setTimeout(done, 15));
  }
}"""


def measure(opens: Opener, server: TensorBoard, *, selections: int) -> list[Result]:
    """Heap and arrays after a collection, every few hundred selections."""
    panel = opens(server)
    panel.choose_run(logs.EPOCHS).choose_layer("wide").choose_mode("window")
    session = panel.page.context.new_cdp_session(panel.page)
    session.send("HeapProfiler.enable")

    def held() -> float:
        session.send("HeapProfiler.collectGarbage")
        usage = session.send("Runtime.getHeapUsage")
        return (usage["usedSize"] + usage.get("backingStorageSize", 0)) / 1e6

    begun = held()
    seen = []
    for made in range(0, selections, PORTION):
        panel.frame.evaluate(_CHOOSE, [made, min(PORTION, selections - made)])
        seen.append(held())
    panel.page.close()
    return [
        Result("held at first sight", begun, "MB"),
        Result(
            f"most that is held over {selections:,} selections",
            max(seen),
            "MB",
            # Beside the cache: the page itself, and the arrays of what is shown.
            at_most=LIMIT * 1.048576 + begun,
            note=f"after a collection; at the end {seen[-1]:.0f} MB; the cache's limit is {LIMIT} MiB",
        ),
    ]
