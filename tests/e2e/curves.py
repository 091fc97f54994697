"""The training curves as a hand uses them: by them an epoch is chosen, and dragged."""

from __future__ import annotations

from typing import Any

from .experiment import STEPS
from .panel import Panel

# A hand that goes on, in the page's own time; returns the longest time between two frames, in which steps are chosen.
_DRAG = """async shares => {
  const plot = document.querySelector('[data-testid="curves"] .curve-plot');
  const box = plot.querySelector(".u-over").getBoundingClientRect();
  let [last, longest, goes] = [performance.now(), 0, true];
  const look = () => {
    [longest, last] = [Math.max(longest, performance.now() - last), performance.now()];
    if (goes) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  for (const share of shares) {
    const at = { clientX: box.left + share * box.width, clientY: box.top + box.height / 2 };
    plot.dispatchEvent(new PointerEvent("pointermove", { ...at, bubbles: true, pointerId: 1, buttons: 1 }));
    await new Promise(done => setTimeout(done, 25));
  }
  goes = false;
  look();
  return longest;
}"""


def share(step: int) -> float:
    """Where a step of the trained run stands on the curves' axis."""
    return 0.01 + 0.98 * STEPS.index(step) / (len(STEPS) - 1)


def point(panel: Panel, step: int) -> None:
    """Move the pointer to a step."""
    box = panel.part("curves").locator(".u-over").first.bounding_box()
    assert box is not None
    panel.page.mouse.move(box["x"] + share(step) * box["width"], box["y"] + box["height"] / 2)


def grip(panel: Panel, step: int) -> None:
    point(panel, step)
    panel.page.mouse.down()


def drag(panel: Panel, *steps: int) -> Any:
    """Go through steps as a quick hand does; milliseconds that the longest frame took meanwhile."""
    return panel.frame.evaluate(_DRAG, [share(step) for step in steps])
