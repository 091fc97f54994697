"""A comparison of two epochs of the small run of `arrays.py`, and the bundles that it is made of."""

from __future__ import annotations

from pathlib import Path

from .arrays import CLIPS, RUN
from .browser import Opener
from .differences import Bundle
from .panel import Panel
from .tensorboard import TensorBoard

SHOWN = """wanted => Object.entries(wanted)
  .every(([key, value]) => document.querySelector('[data-testid=grid]')?.dataset[key] === value)"""
CLIP, LAYER = CLIPS[0], "conv"


def compare_epochs(open_panel: Opener, tensorboard: TensorBoard) -> Panel:
    """Epoch 2 as B, compared with the one before."""
    panel = open_panel(tensorboard, width=1600, height=1200)
    panel.choose_run(RUN).choose_clip(CLIP).choose_layer(LAYER)
    panel.page.keyboard.press("c")
    return wait_compared(panel)


def wait_compared(panel: Panel, showing: str = "difference", against: int = 1) -> Panel:
    panel.wait_until(SHOWN, {"showing": showing, "against": str(against)})
    panel.settle()
    return panel


def bundle(tensorboard: TensorBoard, step: int, run: str = RUN) -> Bundle:
    return Bundle(Path(tensorboard.logdir) / run, step)
