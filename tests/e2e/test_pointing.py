"""A cell that is pointed at draws its own stretch and its receptive field on the input, and says how much it sees."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

from .browser import Opener
from .cells import across, down, grid_times, inner
from .conftest import Reference
from .experiment import N_MELS, RUN, STEPS, WINDOW, WINDOW_HOP
from .laws import FRAME, centres, field, strides, strip_pairs
from .panel import Panel
from .tensorboard import TensorBoard

CLIP = "violin"
WHOLE = "sees the whole window"
LENGTH = "sees the window's whole length"


class Cell:
    """The middle row's cell near 0.8 s of a layer's strips: where it lies and what it sees by the laws alone."""

    def __init__(self, tensorboard: TensorBoard, reference: Reference, layer: str) -> None:
        times = grid_times(tensorboard, CLIP, layer)
        self.drawn_at = times[[np.abs(times - 0.8).argmin()]]
        _, windows, rows, columns = reference.activations(STEPS[-1], CLIP, layer).shape
        window, column, true = strip_pairs(layer, columns, windows, self.drawn_at)
        self.layer, self.window, self.seconds = layer, int(window[0]), float(true[0])
        self.frame = float(centres(layer, columns)[column[0]])
        kept = inner(layer, rows, N_MELS)
        self.band = float(centres(layer, rows)[kept[len(kept) // 2]])

    def span(self, centre: float, width: float, cells: int) -> np.ndarray:
        return np.clip([centre - width / 2, centre + width / 2], -0.5, cells - 0.5)

    def shares(self, width: float) -> np.ndarray:
        """Left, right, top and bottom of what is as wide and high as this in cells, as shares of the spectrogram."""
        frames, bands = self.span(self.frame, width, WINDOW), self.span(self.band, width, N_MELS)
        return np.concatenate([across((WINDOW_HOP * self.window + frames) * FRAME), down(bands)[::-1]])

    @property
    def sight(self) -> str | None:
        frames, bands = (
            self.span(self.frame, field(self.layer), WINDOW),
            self.span(self.band, field(self.layer), N_MELS),
        )
        if np.ptp(frames) < WINDOW:
            return None
        return WHOLE if np.ptp(bands) == N_MELS else LENGTH

    def point(self, panel: Panel) -> None:
        tile = panel.tile(panel.handle("order")[0])
        x, y = across(self.drawn_at)[0], down(np.array([self.band]))[0]
        panel.part("grid-scroller").hover(position={"x": tile.x + x * tile.width, "y": tile.y + y * tile.height})
        expect(panel.part("readout")).to_contain_text(f"{self.seconds:.2f} s")
        panel.settle()


def box_of(light: np.ndarray) -> np.ndarray:
    """Left, right, top and bottom of what is light, outer edges in pixels."""
    y, x = np.nonzero(light)
    return np.array([x.min(), x.max() + 1, y.min(), y.max() + 1])


def side_of(light: np.ndarray, box: np.ndarray) -> float:
    """How much of a box's left side is drawn."""
    left, _, top, bottom = box
    return float(light[top:bottom, left : left + 2].any(axis=1).mean())


@pytest.fixture
def pointing(open_panel: Opener, tensorboard: TensorBoard) -> Panel:
    panel = open_panel(tensorboard, width=1600, height=1000)
    panel.part("run").select_option(RUN)
    # The cursor and its window stand elsewhere.
    return panel.wait_shown(run=RUN).choose_clip(CLIP).seek(2.9)


def test_a_cells_stretch_and_receptive_field_are_drawn_on_the_input(
    pointing: Panel, tensorboard: TensorBoard, reference: Reference
) -> None:
    track = pointing.part("spectrogram").bounding_box()
    assert track is not None
    for layer in ("conv5", "conv8"):
        pointing.choose_layer(layer).choose_tile_size(160)
        cell = Cell(tensorboard, reference, layer)
        cell.point(pointing)
        drawn = pointing.pixels("input-cursor").astype(int)[:, : round(track["width"] * 0.6)]
        light = (drawn[..., :3].min(axis=-1) > 150) & (drawn[..., 3] > 60)
        size = np.array([track["width"], track["width"], track["height"], track["height"]])
        outer = box_of(light)
        np.testing.assert_allclose(outer, cell.shares(field(layer)) * size, atol=1.6, err_msg=layer)
        # Within it the stretch, of an unbroken line.
        left, right, top, bottom = outer
        own = box_of(light[top + 3 : bottom - 3, left + 3 : right - 3]) + np.array([left, left, top, top]) + 3
        np.testing.assert_allclose(own, cell.shares(strides(layer)) * size, atol=1.6, err_msg=layer)
        assert side_of(light, outer) < 0.9 < side_of(light, own), "only the field's line is dashed"
    pointing.page.mouse.move(2, 2)
    pointing.settle()
    drawn = pointing.pixels("input-cursor")[:, : round(track["width"] * 0.6)]
    assert not drawn[..., 3].any()


def test_a_cell_says_how_much_of_the_window_it_sees(
    pointing: Panel, tensorboard: TensorBoard, reference: Reference
) -> None:
    readout = pointing.part("readout")
    said = set()
    for layer in ("conv2", "conv5", "conv8"):
        pointing.choose_layer(layer).choose_tile_size(160)
        cell = Cell(tensorboard, reference, layer)
        cell.point(pointing)
        for words in (WHOLE, LENGTH):
            if words == cell.sight:
                expect(readout).to_contain_text(words)
            else:
                expect(readout).not_to_contain_text(words)
        expect(readout).not_to_contain_text("approximate")
        said.add(cell.sight)
    assert {None, WHOLE} <= said
