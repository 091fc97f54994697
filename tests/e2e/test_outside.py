"""Windows whose largest value a strip leaves out are marked, at their seconds, and told in words."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from .cells import inner
from .colours import scale_of
from .conftest import Reference
from .experiment import N_MELS, STEPS, WINDOW
from .laws import turns, window_edges
from .panel import Box, Panel

NEWEST = STEPS[-1]
MARK = np.array([0xB4, 0x52, 0x7D])
CLIP = "violin"


class Marks:
    """Which windows of a layer must be marked, by the network's own floats; what the codes cannot tell is neither."""

    def __init__(self, reference: Reference, layer: str) -> None:
        activations = reference.activations(NEWEST, CLIP, layer)
        rows, columns = activations.shape[2:]
        inside = np.ix_(
            range(len(activations)),
            range(activations.shape[1]),
            inner(layer, rows, N_MELS),
            inner(layer, columns, WINDOW),
        )
        largest, shown = activations.max(axis=(2, 3)), activations[inside].max(axis=(2, 3))
        code = scale_of(activations, "filter").code[:, np.newaxis]
        self.marked = largest > shown + 1.01 * code
        self.plain = largest == shown
        self.turns = turns(window_edges(activations.shape[1]))
        self.filters = [
            int(number)
            for number in np.argsort(-largest.max(axis=1))
            if self.marked[number].any() and self.plain[number].any()
        ][:4]


@pytest.mark.parametrize("layer", ["conv2", "conv5", "conv8"])
def test_lines_under_strips_stand_at_the_seconds_of_the_windows(panel: Panel, reference: Reference, layer: str) -> None:
    panel.choose_clip(CLIP).choose_layer(layer).choose_tile_size(300)
    marks = Marks(reference, layer)
    assert len(marks.filters) > 1
    expect(panel.part("grid-caption")).to_contain_text("of windows the maximum lies outside (lines)")
    start, end = panel.handle("seconds")
    for number in marks.filters:
        tile = panel.tile(number)
        below = panel.pixels("grid", Box(tile.x, tile.y + tile.height, tile.width, 6))[..., :3].astype(int)
        line = (np.abs(below - MARK).max(axis=-1) <= 2).any(axis=0)
        middles = ((marks.turns.mean(axis=1) - start) / (end - start) * tile.width).astype(int)
        assert line[middles[marks.marked[number]]].all()
        assert not line[middles[marks.plain[number]]].any()


def test_the_readout_says_which_window_it_is(panel: Panel, reference: Reference) -> None:
    panel.choose_clip(CLIP).choose_layer("conv8").choose_tile_size(300)
    marks = Marks(reference, "conv8")
    number = marks.filters[0]
    start, end = panel.handle("seconds")
    for windows, said in ((marks.marked[number], True), (marks.plain[number], False)):
        window = int(np.flatnonzero(windows)[len(np.flatnonzero(windows)) // 2])
        share = (marks.turns[window].mean() - start) / (end - start)
        panel.page.mouse.move(*panel.on_tile(number, share))
        readout = expect(panel.part("readout"))
        readout.to_contain_text(f"Filter {number}")
        words = f"window {window + 1} has its maximum in cells left out"
        readout.to_contain_text(words) if said else readout.not_to_contain_text(words)


def test_the_inspector_tells_in_how_many_of_a_filters_windows_it_is_so(panel: Panel, reference: Reference) -> None:
    panel.choose_clip(CLIP).choose_layer("conv8").choose_tile_size(300)
    marks = Marks(reference, "conv8")
    number = marks.filters[0]
    panel.click_tile(number)
    words = re.compile(r"in (\d+) % of windows the maximum lies outside \(line\)")
    expect(panel.part("inspector")).to_contain_text(words)
    told = words.search(panel.part("inspector").inner_text())
    assert told is not None
    least, most = marks.marked[number].mean(), 1 - marks.plain[number].mean()
    assert round(100 * least) <= int(told[1]) <= round(100 * most)


def test_rows_have_the_line_along_their_lower_edge(panel: Panel, reference: Reference) -> None:
    panel.choose_clip(CLIP).choose_layer("conv8").choose_mode("raster").choose_tile_size(20)
    marks = Marks(reference, "conv8")
    start, end = panel.handle("seconds")
    for number in marks.filters:
        row = panel.tile(number)
        drawn = panel.pixels("grid", row)[..., :3]
        line = (drawn[-2:] == 255).all(axis=(0, 2)) & (drawn[-4] != 255).any(axis=-1)
        middles = ((marks.turns.mean(axis=1) - start) / (end - start) * row.width).astype(int)
        assert line[middles[marks.marked[number]]].all()
        assert not line[middles[marks.plain[number]]].any()


def test_differences_are_drawn_without_lines(panel: Panel, reference: Reference) -> None:
    panel.choose_clip(CLIP).choose_layer("conv8").choose_tile_size(300)
    number = Marks(reference, "conv8").filters[0]
    panel.page.keyboard.press("c")
    panel.wait_until("() => document.querySelector('[data-testid=\"grid\"]')?.dataset.showing === 'difference'")
    panel.settle()
    tile = panel.tile(number)
    below = panel.pixels("grid", Box(tile.x, tile.y + tile.height, tile.width, 6))[..., :3].astype(int)
    assert not (np.abs(below - MARK).max(axis=-1) <= 2).any()
