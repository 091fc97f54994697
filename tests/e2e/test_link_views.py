"""Links keep how each view stands, not only what is chosen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from tensorboard_plugin_cnnviz import Response, SummaryWriter

from .arrays import CLASSES, WINDOWS, activations, probes
from .browser import Opener
from .links import copied, in_tab, open_link
from .panel import Panel
from .tensorboard import TensorBoard
from .views import choose_view

LINKED = "linked/cnnviz"
# More than an evolution shows at once.
STEPS = 14

# What the views keep beside what is chosen.
KEPT = """() => {
  const part = name => document.querySelector(`[data-testid="${name}"]`);
  return {
    curve: document.querySelector("[aria-label='Second curve']").value,
    parted: part("classes-parted")?.ariaPressed ?? null,
    spacing: part("evolution-spacing")?.value ?? null,
    rows: part("tile-size")?.value ?? null,
    mode: window.cnnviz.state.mode,
    showing: part("grid")?.dataset.showing ?? null,
    against: part("grid")?.dataset.against ?? null,
  };
}"""


def write_linked(logdir: Path) -> None:
    """Six clips of one class, three of them taken for the other, and three curves."""
    clips = probes([f"clip {number}" for number in range(6)], labels=CLASSES[:1] * 6)
    with SummaryWriter(logdir / LINKED, clips, class_names=CLASSES) as writer:
        for step in range(STEPS):
            told = [
                Response(clip.name, {"conv": activations(step, seed)}, np.tile(np.eye(2)[seed % 2], (WINDOWS, 1)))
                for seed, clip in enumerate(clips)
            ]
            writer.write(step, told, logs={"loss": 1 / (step + 1), "accuracy": step / STEPS, "recall": step / 20})


def classes_parted(panel: Panel) -> None:
    choose_view(panel, "classes")
    panel.part("classes-parted").click()


def rows_and_an_evolution(panel: Panel) -> None:
    panel.choose_mode("raster").choose_tile_size(21)
    panel.page.keyboard.press("i")
    panel.part("evolution-spacing").select_option("change")


def a_alone(panel: Panel) -> None:
    panel.page.keyboard.press("c")
    panel.part("show-a").click()


@pytest.mark.parametrize(
    ("show", "kept"),
    [
        (classes_parted, {"parted": "true"}),
        (rows_and_an_evolution, {"spacing": "change", "rows": "21", "mode": "raster"}),
        (a_alone, {"showing": "a", "against": str(STEPS - 2)}),
    ],
    ids=["classes", "rows and evolution", "show A"],
)
def test_a_link_keeps_how_each_view_stands(
    open_panel: Opener, serve: Callable[..., TensorBoard], tmp_path: Path, show: Callable[[Panel], None], kept: Any
) -> None:
    write_linked(tmp_path)
    tensorboard = serve(tmp_path)
    tensorboard.wait_for(LINKED, STEPS - 1)
    panel = in_tab(open_panel, tensorboard).wait_shown(run=LINKED, step=STEPS - 1)
    panel.frame.get_by_label("Second curve").select_option("recall")
    show(panel)
    stands = f"wanted => Object.entries(wanted).every(([key, value]) => ({KEPT})()[key] === value)"
    panel.wait_until(stands, kept)
    other = open_link(open_panel, tensorboard, copied(panel))
    other.wait_until(stands, {**kept, "curve": "recall"})
    expect(other.part("link-problem")).to_have_count(0)
