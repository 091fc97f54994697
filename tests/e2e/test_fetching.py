"""What is fetched when: a click's few arrays, cheap ones in a drag, the whole at rest."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from .browser import Opener
from .conftest import show_trained
from .curves import drag, grip
from .experiment import CLIPS
from .network import EVERYTHING, Traffic, slow_down
from .panel import Panel
from .tensorboard import TensorBoard

_REST = 80  # milliseconds


@pytest.fixture
def panel(open_panel: Opener, tensorboard: TensorBoard) -> Panel:
    """The newest epoch of the trained run, in TensorBoard's own tab."""
    return show_trained(open_panel(tensorboard, tab=True)).choose_clip("rising tone").choose_layer("conv5")


# Whether an array of the first step has come that only rest asks for.
_WHOLE_HAS_COME = """whole => performance.getEntriesByType("resource")
  .some(({ name }) => name.includes("file=0-") && name.includes(whole))"""


@pytest.mark.parametrize("mode", ["strip", "window"])
def test_a_drag_asks_for_cheap_arrays_one_step_at_a_time_and_rest_for_the_whole(panel: Panel, mode: str) -> None:
    if mode == "window":
        panel.choose_mode("window")
    whole = {"strip": "strip", "window": "windows"}[mode]
    traffic = Traffic(panel.page)
    grip(panel, 2)
    traffic.clear()
    # A run that is still being read shows its first steps too: what has come for them does not count.
    panel.frame.evaluate("performance.clearResourceTimings()")
    longest = drag(panel, 1, 0, -1, 0, 1, 0, -1, 0, 1, 0)
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


# What a first click asks for, and in how many round trips.
CLICKS: dict[str, tuple[Callable[[Panel], Panel], set[str], int]] = {
    "step": (lambda panel: panel.choose_step(1), {"manifest", "predictions", "strip", "outside", "numbers"}, 1),
    "layer": (lambda panel: panel.choose_layer("conv3"), {"strip", "outside", "numbers"}, 1),
    "clip": (
        lambda panel: panel.choose_clip("piano"),
        {"strip", "outside", "numbers", "image", "waveform", "audio"},
        1,
    ),
}


@pytest.mark.parametrize("axis", CLICKS)
def test_a_click_takes_no_more_than_the_link_brings_in_250_ms_and_the_grid_comes_first(
    open_panel: Opener, tensorboard: TensorBoard, axis: str
) -> None:
    # Nothing has been chosen before: nothing is fetched ahead.
    panel = show_trained(open_panel(tensorboard, tab=True), layer="conv2", clip="violin")
    click, kinds, trips = CLICKS[axis]
    rate, latency = 5_000_000, 0.040
    slow_down(panel.page, bytes_per_second=rate, latency=1000 * latency)
    # What the lists show of the choice before may still be on its way.
    expect(panel.row("layers", "conv2").locator(".change")).to_have_class("change known")
    expect(panel.part("clips").locator("svg.margin")).to_have_count(sum(clip.label is not None for clip in CLIPS))
    traffic = Traffic(panel.page, EVERYTHING)
    click(panel)
    # The browser asks for the sound when it likes.
    asked = [each for each in traffic.asked if traffic.trips[each.request] <= trips or each.kind == "audio"]
    assert {each.kind for each in asked} == kinds
    assert len(asked) == len(kinds)
    transferred = sum(each.request.sizes()["responseBodySize"] for each in asked)
    assert transferred / rate + trips * latency <= 0.25
