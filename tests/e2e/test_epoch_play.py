"""Epochs as a film: in their order, each drawn before the next, one per pass of the sound where that is asked for."""

from __future__ import annotations

from itertools import groupby, pairwise

import pytest
from playwright.sync_api import expect

from .experiment import STEPS
from .panel import Panel

# At each frame which step is chosen, which is drawn and how many passes have been heard, until a condition holds.
RECORD = """() => new Promise(done => {
  const moments = [];
  const look = () => {
    const { state, passes } = window.cnnviz;
    const drawn = Number(document.querySelector('[data-testid="grid"]').dataset.step);
    moments.push([state.step, drawn, passes]);
    if (UNTIL) done(moments);
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})"""


def record(panel: Panel, until: str) -> list[tuple[int, int, int]]:
    return [(step, drawn, passes) for step, drawn, passes in panel.frame.evaluate(RECORD.replace("UNTIL", until))]


def check_order(moments: list[tuple[int, int, int]]) -> list[int]:
    """Each step was drawn before the next was chosen; returns the steps as they were chosen."""
    turns = [(step, list(frames)) for step, frames in groupby(moments, key=lambda moment: moment[0])]
    for step, frames in turns[:-1]:
        assert frames[-1][1] == step
    return [step for step, _ in turns]


@pytest.fixture
def panel(panel: Panel) -> Panel:
    return panel.choose_clip("violin").choose_layer("conv5").seek(1.3)


def test_play_epochs_shows_each_in_its_order_and_ends_by_itself_or_by_a_choice(panel: Panel) -> None:
    button, told = panel.part("play-epochs"), panel.part("epochs-told")
    moment = panel.state()["time"]
    button.click()
    expect(told).to_contain_text(f"Plays the {len(STEPS)} logged epochs")
    expect(button).to_have_attribute("aria-pressed", "true")
    moments = record(panel, """document.querySelector('[data-testid="play-epochs"]').ariaPressed === "false" """)
    assert check_order(moments) == list(STEPS)
    expect(told).to_have_text("All logged epochs have been played.")
    assert panel.state()["time"] == moment
    assert panel.state()["following"] is False

    button.click()
    panel.wait_until("step => window.cnnviz.state.step === step", STEPS[1])
    panel.part("epoch-before").click()
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(told).to_contain_text("one was chosen")
    panel.page.wait_for_timeout(1500)
    assert panel.state()["step"] == STEPS[0]


def test_one_epoch_per_loop_goes_on_with_each_pass_and_round(panel: Panel) -> None:
    button = panel.part("epoch-per-loop")
    panel.part("speed").select_option("2")
    button.click()
    assert panel.handle("loop") == [0, 3], "it needs a loop"
    # A part repeats sooner.
    panel.part("loop-end").press("Home")
    for _ in range(5):
        panel.part("loop-end").press("Shift+ArrowRight")
    panel.wait_until("() => !document.querySelector('audio').paused")
    first = panel.handle("passes")
    moments = record(panel, f"passes > {first + len(STEPS) + 3}")
    chosen = check_order(moments)
    ring = [*STEPS, *STEPS, *STEPS]
    start = ring.index(chosen[0])
    assert len(chosen) >= len(STEPS)
    assert chosen == ring[start : start + len(chosen)]
    for before, now in pairwise(moments):
        assert now[0] == before[0] or now[2] > before[2], "an epoch stays until the pass ends"
    button.click()
    expect(panel.part("epochs-told")).to_have_text("Epochs no longer play.")
    step, passes = panel.state()["step"], panel.handle("passes")
    panel.wait_until("passes => window.cnnviz.passes > passes + 1", passes)
    assert panel.state()["step"] == step
    assert panel.state()["playing"] is True, "the sound goes on"
    button.click()
    panel.part("loop").click()
    expect(button).to_have_attribute("aria-pressed", "false")
