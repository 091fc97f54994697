"""While the epoch is dragged nothing waits: the hand goes on, and passing epochs' maxima and scores are drawn."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

from .bars import bar_shares
from .browser import Opener
from .cells import across, check, pick
from .colours import scale_of, sequential_matches
from .conftest import Reference, show_trained
from .curves import grip, point
from .experiment import CLASSES
from .laws import window_edges
from .network import hold, slow_down
from .panel import Panel
from .tensorboard import TensorBoard

CLIP, LAYER = "violin", "conv5"


@pytest.fixture
def panel(open_panel: Opener, tensorboard: TensorBoard) -> Panel:
    return show_trained(open_panel(tensorboard, tab=True)).choose_clip(CLIP).choose_layer(LAYER)


@pytest.mark.parametrize("mode", ["strip", "window"])
def test_passing_epochs_maxima_and_scores_are_drawn(panel: Panel, reference: Reference, mode: str) -> None:
    panel.seek(1.3).choose_mode(mode).choose_tile_size(160 if mode == "strip" else 60)
    window = panel.state()["window"]
    slow_down(panel.page, bytes_per_second=5_000_000, latency=40)
    # The whole never comes while the button is down: whatever is drawn is drawn in passing.
    let_go = hold(panel.page, lambda asked: asked.kind in ("strip", "windows"))
    grip(panel, 2)
    for step in (1, 0, -1):
        point(panel, step)
        panel.wait_shown(step=step, mode=mode)
        check_maxima(panel, reference, step, mode, window)
        check_scores(panel, reference, step, window)
    let_go()
    panel.page.mouse.up()
    panel.wait_until("() => window.cnnviz.tiles.length > 0")
    expect(panel.part("grid-caption")).not_to_contain_text("largest")


def check_maxima(panel: Panel, reference: Reference, step: int, mode: str, window: int) -> None:
    """Over its whole height a tile shows the window's largest value, at the clip's own scale of this step."""
    activations = reference.activations(step, CLIP, LAYER)
    maxima, scale = activations.max(axis=(2, 3)), scale_of(activations, "filter")
    centres = window_edges(maxima.shape[1]).mean(axis=1)
    # In the middle of what a window has of a strip, beside the cursor.
    shown = np.flatnonzero(np.abs(centres - 1.3) > 0.1) if mode == "strip" else np.array([window])
    x = across(centres[shown]) if mode == "strip" else np.array([0.5])
    for number in panel.handle("order")[:4]:
        values = maxima[number][shown]
        drawn = pick(panel.tile_pixels(number), x, np.array([0.2, 0.8]))
        check(drawn, np.stack([values, values]), scale._replace(code=np.zeros(len(activations))), number)


def check_scores(panel: Panel, reference: Reference, step: int, window: int) -> None:
    """Of the present window in the bars' lengths, of every window in the track of classes."""
    scores = reference.predictions(step, CLIP)
    shares = bar_shares(panel)
    lengths = np.array([shares[name] for name in CLASSES])
    np.testing.assert_allclose(lengths / lengths.max(), scores[window] / scores[window].max(), atol=0.02)
    rows = (np.arange(len(CLASSES)) + 0.5) / len(CLASSES)
    drawn = pick(panel.pixels("classes"), across(window_edges(len(scores)).mean(axis=1)), rows)
    assert sequential_matches(drawn, scores.T).all()


def test_the_hand_and_the_sound_go_on_though_nothing_comes(panel: Panel) -> None:
    hold(panel.page, lambda asked: asked.step in (-1, 0, 1))
    panel.part("loop").click()
    panel.part("play").click()
    panel.wait_until("() => window.cnnviz.state.playing")
    box = panel.tile(panel.handle("order")[0])
    grip(panel, 2)
    for step in (0, -1, 1):
        point(panel, step)
        expect(panel.part("epoch")).to_contain_text("BEFORE TRAINING" if step < 0 else f"EPOCH {step}")
        assert panel.state()["step"] == step
        # Over the epoch that was there before the cursor goes on.
        before = panel.pixels("grid-cursor", box)
        panel.wait_until("from => Math.abs(window.cnnviz.state.time - from) > 0.2", panel.state()["time"])
        panel.settle()
        assert (panel.pixels("grid-cursor", box) != before).any()
        assert panel.part("grid").get_attribute("data-step") == "2"
        assert panel.state()["stale"] is True
    point(panel, 2)
    panel.page.mouse.up()
    panel.wait_shown(step=2)
