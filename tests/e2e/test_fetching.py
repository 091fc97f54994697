"""What is fetched when: cheap arrays in a drag, the whole at rest, ahead while idle, and what a click breaks off."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from .browser import Opener
from .conftest import show_trained
from .experiment import RUN, STEPS
from .network import Asked, Traffic, hold, slow_down
from .panel import Panel
from .tensorboard import TensorBoard

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
_REST = 80  # milliseconds


@pytest.fixture
def panel(open_panel: Opener, tensorboard: TensorBoard) -> Panel:
    """The newest epoch of the trained run, in TensorBoard's own tab."""
    return show_trained(open_panel(tensorboard, tab=True)).choose_clip("rising tone").choose_layer("conv5")


def share(step: int) -> float:
    """Where a step stands on the curves' axis."""
    return 0.01 + 0.98 * STEPS.index(step) / (len(STEPS) - 1)


# Whether an array of the first step has come that only rest asks for.
_WHOLE_HAS_COME = """whole => performance.getEntriesByType("resource")
  .some(({ name }) => name.includes("file=0-") && name.includes(whole))"""


@pytest.mark.parametrize("mode", ["strip", "window"])
def test_a_drag_asks_for_cheap_arrays_one_step_at_a_time_and_rest_for_the_whole(panel: Panel, mode: str) -> None:
    if mode == "window":
        panel.choose_mode("window")
    whole = {"strip": "strip", "window": "windows"}[mode]
    plot = panel.part("curves").locator(".u-over").first
    box = plot.bounding_box()
    assert box is not None
    traffic = Traffic(panel.page)
    panel.page.mouse.move(box["x"] + share(2) * box["width"], box["y"] + box["height"] / 2)
    panel.page.mouse.down()
    traffic.clear()
    # A run that is still being read shows its first steps too: what has come for them does not count.
    panel.frame.evaluate("performance.clearResourceTimings()")
    longest = panel.frame.evaluate(_DRAG, [share(step) for step in (1, 0, -1, 0, 1, 0, -1, 0, 1, 0)])
    in_passing = list(traffic.asked)
    assert in_passing
    # On a machine that is so busy a step may have rested.
    rested = longest > 0.8 * _REST
    assert rested or {each.kind for each in in_passing} <= {"manifest", "numbers", "envelope", "predictions"}
    assert traffic.most_at_once.get("envelope", 1) == 1
    assert traffic.most_at_once["manifest"] == 1

    # The hand holds still: the whole comes though the button is down. What is drawn in passing is of this step too.
    panel.wait_until(_WHOLE_HAS_COME, whole)
    panel.wait_shown(step=0, mode=mode)
    steps = {each.step for each in traffic.of(whole)}
    assert 0 in steps
    assert rested or steps == {0}
    panel.page.mouse.up()
    panel.wait_shown(step=0, mode=mode)
    assert not traffic.of(*({"strip", "windows"} - {whole})), "what is not shown is not asked for"


# Whether the answers that a picture of this step needs have come.
_HAS_COME = """step => {
  const come = performance.getEntriesByType("resource").map(({ name }) => name);
  const own = come.filter(name => name.includes(`trained%2Fcnnviz&file=${step}-`));
  return ["manifest", "numbers", "predictions", "strip"].every(part => own.some(name => name.includes(part)));
}"""


def test_the_next_step_in_the_direction_of_travel_is_fetched_ahead(panel: Panel) -> None:
    panel.choose_step(1)
    panel.wait_until(_HAS_COME, 0)
    traffic = Traffic(panel.page)
    panel.choose_step(0)
    assert not [each for each in traffic.asked if each.step == 0]
    # Back again: what lies behind is known, and nothing is fetched twice.
    panel.choose_step(1)
    assert not [each for each in traffic.asked if each.step in (0, 1)]


def test_a_click_breaks_off_what_is_fetched_ahead(panel: Panel) -> None:
    hold(panel.page, lambda asked: asked.step == 0)
    with panel.page.expect_request(lambda request: "file=0-" in request.url):
        panel.choose_step(1)
    with panel.page.expect_event("requestfailed") as broken_off:
        panel.part("grid-scroller").click()
    assert "file=0-" in broken_off.value.url
    panel.wait_shown(step=1, layer="conv5")


def test_no_more_is_fetched_ahead_than_the_link_brings_in_300_ms(panel: Panel, experiment: Path) -> None:
    # A fifth of this would do for what fits: a busy machine sees the link slower than it is.
    rate = 1_200_000
    slow_down(panel.page, bytes_per_second=rate, latency=40)
    for clip, layer, fits in (("rising tone", "conv3", True), ("violin", "conv2", False)):
        panel.choose_clip(clip).choose_layer(layer)
        traffic = Traffic(panel.page)
        panel.choose_step(1)
        if fits:
            panel.wait_until(_HAS_COME, 0)
        # Long enough for what does not fit to be asked for.
        panel.page.wait_for_timeout(800)
        ahead = [each for each in traffic.asked if each.step in (0, -1)]
        assert any(each.kind == "strip" for each in ahead) is fits
        assert sum(wire_bytes(experiment, each) for each in ahead) <= 0.3 * rate
        panel.choose_step(2)


def wire_bytes(experiment: Path, asked: Asked) -> int:
    """Of a member as it is stored; of what the server makes for the occasion, a bound."""
    if asked.name in ("manifest", "numbers"):
        return 8_000
    with zipfile.ZipFile(experiment / "logs" / RUN / "plugins" / "cnnviz" / asked.file) as bundle:
        return bundle.getinfo(asked.name).file_size
