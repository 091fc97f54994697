"""The bars of the classes: as long as the scores, in step with the sound; words and numbers as fast as can be read."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

from .bars import bar_shares
from .browser import Opener
from .conftest import Reference, show_trained
from .experiment import CLASSES
from .panel import Panel
from .tensorboard import TensorBoard

CLIP = "violin"


@pytest.fixture
def panel(open_panel: Opener, tensorboard: TensorBoard) -> Panel:
    return show_trained(open_panel(tensorboard, tab=True)).choose_clip(CLIP)


def lengths(panel: Panel) -> np.ndarray:
    shares = bar_shares(panel)
    return np.array([shares[name] for name in CLASSES])


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1024, 640), (700, 800)])
def test_bars_are_as_long_as_the_present_windows_scores(
    panel: Panel, reference: Reference, width: int, height: int
) -> None:
    scores = reference.predictions(panel.state()["step"], CLIP)
    panel.page.set_viewport_size({"width": width, "height": height})
    for seconds in (0.4, 1.3, 2.6):
        panel.seek(seconds).settle()
        # Two pixels of a bar of some 180.
        np.testing.assert_allclose(lengths(panel), scores[panel.state()["window"]], atol=0.012)


def test_while_it_plays_bars_keep_up_with_the_sound_and_numbers_can_be_read(panel: Panel, reference: Reference) -> None:
    scores = reference.predictions(panel.state()["step"], CLIP)
    panel.part("loop").click()
    panel.part("play").click()
    panel.wait_until("() => window.cnnviz.state.playing")
    read = """async () => {
      const numbers = () => [...document.querySelectorAll(".bars .value")].map(each => each.textContent);
      const told = new Set(), windows = new Set(), end = performance.now() + 2000;
      while (performance.now() < end) {
        told.add(numbers().join());
        windows.add(window.cnnviz.state.window);
        await new Promise(requestAnimationFrame);
      }
      return [told.size, windows.size];
    }"""
    told, windows = panel.frame.evaluate(read)
    assert windows > 10
    # Every 0.4 s, and what the two seconds begin with.
    assert 2 <= told <= 6
    for _ in range(10):
        before = panel.state()["window"]
        seen = lengths(panel)
        after = panel.state()["window"]
        # The painter may be a frame behind.
        around = [(before - 1) % len(scores), before, after]
        assert min(np.abs(scores[window] - seen).max() for window in around) < 0.012
    panel.part("play").click()
    best = CLASSES[int(scores[panel.state()["window"]].argmax())]
    expect(panel.part("verdict")).to_contain_text(best)
    values = (
        panel.part("prediction")
        .locator(".bars [data-class]")
        .evaluate_all("bars => bars.map(({ dataset }) => [dataset.class, Number(dataset.score)])")
    )
    assert dict(values) == pytest.approx(
        dict(zip(CLASSES, scores[panel.state()["window"]].tolist(), strict=True)), abs=1e-4
    )
