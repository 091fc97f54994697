"""What is fetched ahead: while idle, in the direction of travel, as much as the link brings; a click breaks it off."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from .browser import Opener
from .conftest import show_trained
from .experiment import RUN
from .network import Asked, Traffic, hold, slow_down
from .panel import Panel
from .tensorboard import TensorBoard


@pytest.fixture
def panel(open_panel: Opener, tensorboard: TensorBoard) -> Panel:
    """The newest epoch of the trained run, in TensorBoard's own tab."""
    return show_trained(open_panel(tensorboard, tab=True)).choose_clip("rising tone").choose_layer("conv5")


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


# Of the newest step or of the clips, by the numbers of clip and layer.
_ARRAY_HAS_COME = """array => performance.getEntriesByType("resource")
  .some(({ name }) => /trained%2Fcnnviz&file=(2|probes)-/.test(name) && name.includes(encodeURIComponent(array)))"""


# Clips stand in the order violin, rising tone, piano, flute; of the last two no windows were kept.
WAYS: dict[str, tuple[str, tuple[str, str], tuple[str, ...]]] = {
    "layers": ("strip", ("conv6", "conv7"), ("p1/l6/strip.npy.gz",)),
    "clips": ("strip", ("piano", "flute"), ("p3/l4/strip.npy.gz", "p3/image.npy.gz", "p3/waveform.npy.gz")),
    "clips without windows": ("window", ("rising tone", "piano"), ("p2/l4/strip.npy.gz",)),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_next_layer_or_clip_in_the_direction_of_travel_is_fetched_ahead(panel: Panel, way: str) -> None:
    mode, (first, then), following = WAYS[way]
    choose = panel.choose_layer if way == "layers" else panel.choose_clip
    if mode == "window":
        panel.choose_mode(mode).choose_clip("violin")
    traffic = Traffic(panel.page)
    choose(first)
    for array in following:
        panel.wait_until(_ARRAY_HAS_COME, array)
    traffic.clear()
    choose(then)
    assert not [each for each in traffic.asked if each.name in following]


# A hand that presses a key which does nothing here; returns the longest time between two.
_PRESS = """async () => {
  let [last, longest] = [performance.now(), 0];
  for (let time = 0; time < 12; time++) {
    document.dispatchEvent(new KeyboardEvent("keydown", { key: "F9" }));
    await new Promise(done => setTimeout(done, 40));
    [longest, last] = [Math.max(longest, performance.now() - last), performance.now()];
  }
  return longest;
}"""
_IDLE = 150  # milliseconds


def test_nothing_is_fetched_ahead_while_the_choice_is_on_its_way_or_a_hand_is_at_work(panel: Panel) -> None:
    # By what strips take the link is measured: these must not seem slow.
    let_go = hold(panel.page, lambda asked: asked.step == 1 and asked.kind == "numbers")
    traffic = Traffic(panel.page)
    panel.part("epoch-before").click()
    panel.wait_until("() => performance.getEntriesByType('resource').some(({ name }) => /file=1-.*strip/.test(name))")
    # Several times as long as nothing need happen.
    panel.page.wait_for_timeout(4 * _IDLE)
    assert not traffic.of("manifest", step=0)
    let_go()
    longest = panel.frame.evaluate(_PRESS)
    assert longest > 0.8 * _IDLE or not traffic.of("manifest", step=0)
    # What a busy machine's link seems to bring may be no more than this.
    panel.wait_until(
        "() => performance.getEntriesByType('resource').some(({ name }) => /manifest.*file=0-/.test(name))"
    )


def test_a_click_breaks_off_what_is_fetched_ahead(panel: Panel) -> None:
    hold(panel.page, lambda asked: asked.step == 0)
    broken_off: list[str] = []
    panel.page.on("requestfailed", lambda request: broken_off.append(request.url))
    panel.choose_step(1)
    for _ in range(30):
        # What else is asked for meanwhile breaks it off too: then there is nothing for this click.
        with panel.page.expect_request(lambda request: "file=0-" in request.url):
            panel.page.keyboard.press("F9")
        broken_off.clear()
        panel.part("grid-scroller").click()
        panel.settle()
        if any("file=0-" in url for url in broken_off):
            break
    else:
        raise AssertionError("no click broke it off")
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
