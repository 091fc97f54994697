"""What is seen before anything is chosen: the newest, the first, and the filters with all of the input's detail."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .browser import Opener
from .conftest import Reference
from .experiment import CLIPS, N_MELS, RUN, STEPS, WINDOW
from .panel import Panel
from .tensorboard import TensorBoard

# Each frame's moment, from the first that shows tiles on.
_MOMENTS = """() => new Promise(done => {
  const moments = [];
  const look = () => {
    if (window.cnnviz?.tiles.length > 0) moments.push(window.cnnviz.state.time);
    if (moments.length === 40) done(moments);
    else requestAnimationFrame(look);
  };
  look();
})"""

# What would fade while another choice is on its way.
_FADING = """() => {
  for (const each of document.querySelectorAll(".scroller, .now")) each.classList.add("stale");
  return [...document.querySelectorAll("*")].filter(each => {
    const { transitionDuration, animationDuration } = getComputedStyle(each);
    return /[1-9]/.test(transitionDuration + animationDuration);
  }).map(each => each.outerHTML.slice(0, 80));
}"""


@pytest.fixture
def first(open_panel: Opener, tensorboard: TensorBoard) -> Panel:
    """The run alone is chosen."""
    panel = open_panel(tensorboard)
    panel.part("run").select_option(RUN)
    return panel


def test_at_first_sight(first: Panel, reference: Reference) -> None:
    first.wait_shown(run=RUN, step=STEPS[-1], clip=CLIPS[0].name, layer="conv2", mode="strip")
    expect(first.part("sort")).to_have_value("onset")
    assert first.state()["following"] is True
    shape = reference.activations(STEPS[-1], CLIPS[0].name, "conv2").shape
    assert shape[2] >= N_MELS
    assert shape[3] >= WINDOW
    assert reference.activations(STEPS[-1], CLIPS[0].name, "conv5").shape[2] < N_MELS, "deeper ones are coarser"


def test_where_motion_is_reduced_the_cursor_does_not_sweep_and_nothing_fades(first: Panel) -> None:
    assert set(first.frame.evaluate(_MOMENTS)) == {0}
    assert first.frame.evaluate(_FADING) == []
    first.page.emulate_media(reduced_motion="no-preference")
    assert first.frame.evaluate(_FADING) != []


def test_layers_and_scale_are_described_in_words_and_numbers(first: Panel, reference: Reference) -> None:
    first.wait_shown(run=RUN, layer="conv2", clip=CLIPS[0].name)
    for layer in ("conv2", "conv5", "conv8"):
        filters, _, rows, columns = reference.activations(STEPS[-1], CLIPS[0].name, layer).shape
        row = first.row("layers", layer)
        expect(row).to_contain_text("Conv2D")
        expect(row).to_contain_text(f"{filters} filters")
        expect(row).to_contain_text(f"{columns} columns \N{MULTIPLICATION SIGN} {rows} mel rows")
    expect(first.row("layers", "dense")).to_contain_text("Dense")
    expect(first.row("layers", "dense")).to_contain_text("one number per window")

    # How far the layer's values reach is printed, whatever each filter is divided by.
    expect(first.part("scale")).to_have_value("filter")
    activations = reference.activations(STEPS[-1], CLIPS[0].name, "conv2")
    text = first.part("legend").inner_text().replace("\N{MINUS SIGN}", "-")
    printed = re.search(r"(-?[\d.]+) to (-?[\d.]+)", text)
    assert printed is not None, text
    lowest, highest = (float(number) for number in printed.groups())
    assert lowest == pytest.approx(activations.min(), rel=0.01)
    assert highest == pytest.approx(activations.max(), rel=0.01)
