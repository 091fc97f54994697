"""Since which epoch a clip is taken for what it is: said beside the prediction and with the clip's verdict."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tensorboard_plugin_cnnviz import Probe, Response, SummaryWriter

from .browser import Opener
from .panel import Panel
from .tensorboard import TensorBoard

RUN = "spans/cnnviz"
CLASSES = ("sax", "clarinet", "flute")
STEPS = (-1, 0, 1, 2, 3)
# What each clip is taken for at each step by the mean of its windows; None: no predictions at that step.
TAKEN: dict[str, tuple[str | None, ...]] = {
    "turned": ("flute", "sax", "clarinet", None, "clarinet"),
    "late": ("clarinet", "clarinet", "clarinet", None, "sax"),
    "duo": ("flute", "sax", "flute", None, "clarinet"),
    "free": ("flute", "flute", "flute", None, "flute"),
}
LABELS: dict[str, tuple[str, ...]] = {"turned": ("sax",), "late": ("sax",), "duo": ("sax", "clarinet"), "free": ()}


def scores_for(name: str) -> np.ndarray:
    """The first window is the highest for another class than the mean is."""
    own = np.eye(len(CLASSES))[CLASSES.index(name)]
    others = np.eye(len(CLASSES))[(CLASSES.index(name) + 1) % len(CLASSES)]
    return np.stack([0.4 * own + 0.5 * others, 0.9 * own, 0.8 * own + 0.1 * others])


@pytest.fixture
def spans(open_panel: Opener, serve: Callable[..., TensorBoard], tmp_path: Path) -> Panel:
    inputs, times = np.zeros((3, 4, 4, 1), np.float32), np.array([[0.0, 0.5], [0.5, 1.0], [1.0, 1.5]])
    probes = [Probe(name, inputs, times, label=LABELS[name] or None) for name in TAKEN]
    maps = np.random.default_rng(0).normal(size=(3, 4, 4, 2)).astype(np.float32)
    with SummaryWriter(tmp_path / RUN, probes, class_names=CLASSES) as writer:
        for place, step in enumerate(STEPS):
            told = []
            for name, taken in TAKEN.items():
                verdict = taken[place]
                told.append(Response(name, {"conv": maps}, None if verdict is None else scores_for(verdict)))
            writer.write(step, told)
    tensorboard = serve(tmp_path)
    tensorboard.wait_for(RUN, STEPS[-1])
    return open_panel(tensorboard).wait_shown(run=RUN, step=STEPS[-1], clip="turned")


def test_the_span_of_a_verdict_is_said_in_words(spans: Panel) -> None:
    said = spans.part("clip-span")
    expect(said).to_have_text("Clip taken for clarinet since epoch 1, but for 1 epoch without predictions")
    # For each clip in view, with its verdict.
    for name, span in {
        "turned": "taken for clarinet since epoch 1, but",
        "late": "ok since epoch 3 or before",
        "duo": "ok since epoch 3 or before",
        "free": "taken for flute at every logged epoch that has predictions",
    }.items():
        spans.choose_clip(name)
        expect(said).to_contain_text(span)
        expect(spans.row("clips", name).locator(".verdict")).to_have_attribute("title", re.compile(re.escape(span)))


def test_the_span_is_of_the_epoch_that_is_shown(spans: Panel) -> None:
    said = spans.part("clip-span")
    spans.choose_step(0)
    expect(said).to_have_text("Clip ok only at epoch 0")
    spans.choose_step(-1)
    expect(said).to_have_text("Clip taken for flute only before training")
    spans.choose_clip("late")
    expect(said).to_have_text("Clip taken for clarinet from before training to epoch 1 or later")
    spans.choose_step(2)
    expect(said).to_have_count(0)
