"""Strips: every cell that is drawn is what the network computed at that second and frequency, and its tile says which filter."""

from __future__ import annotations

import numpy as np
import pytest

from .browser import Opener
from .colours import matches, scale_of
from .conftest import RUN, Reference, show_trained
from .experiment import CLASSES, N_MELS, STEPS
from .laws import FRAME, centres, onset_score, strides, strip_pairs
from .panel import Panel
from .tensorboard import TensorBoard

NEWEST = STEPS[-1]
LARGE = 420


def drawn_cells(panel: Panel, filter_number: int, times: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Colours in the middle of cells: `[rows, times, 3]`, rows as positions on the input's frequency axis."""
    pixels = panel.tile_pixels(filter_number)[..., :3]
    height, width = pixels.shape[:2]
    start, end = panel.handle("seconds")
    x = np.floor((times - start) / (end - start) * width).astype(int)
    y = np.floor((1 - (rows + 0.5) / N_MELS) * height).astype(int)
    return pixels[y[:, np.newaxis], x[np.newaxis]]


def inner_rows(layer: str, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Numbers and positions of the rows that are centred on the input's frequency axis."""
    at = centres(layer, count)
    inside = np.flatnonzero((at >= -0.5) & (at <= N_MELS - 0.5))
    return inside, at[inside]


def frame_times(count: int = 130) -> np.ndarray:
    return np.arange(count) * FRAME


def strips(activations: np.ndarray, layer: str, times: np.ndarray) -> np.ndarray:
    """The reference's strips by the law: `[filters, rows, times]`, rows centred on the frequency axis only."""
    _, windows, rows, columns = activations.shape
    window, column, _ = strip_pairs(layer, columns, windows, times)
    inside, _ = inner_rows(layer, rows)
    return activations[:, window, :, column].transpose(1, 2, 0)[:, inside]


def share(panel: Panel, strip: np.ndarray, *, layer: str, number: int, scale: object, rows: np.ndarray) -> float:
    divisor, code = scale.divisors[number], scale.code[number]  # type: ignore[attr-defined]
    drawn = drawn_cells(panel, number, frame_times(strip.shape[1]), rows)
    return float(matches(drawn, strip, divisor=divisor, code=code).mean())


@pytest.mark.parametrize("clip", ["violin", "rising tone", "piano"])
@pytest.mark.parametrize("mode", ["filter", "layer"])
def test_a_shallow_layers_strips_are_the_reference_cell_by_cell(
    open_panel: Opener, tensorboard: TensorBoard, reference: Reference, clip: str, mode: str
) -> None:
    panel = show_trained(open_panel(tensorboard, width=1600, height=1200, ratio=2))
    panel.choose_clip(clip).choose_layer("conv2").choose_scale(mode).choose_tile_size(LARGE)
    activations = reference.activations(NEWEST, clip, "conv2")
    scale = scale_of(activations, mode)
    expected = strips(activations, "conv2", frame_times())
    _, rows = inner_rows("conv2", activations.shape[2])
    for number in (0, 7, 31):
        drawn = drawn_cells(panel, number, frame_times(), rows)
        fits = matches(drawn, expected[number], divisor=scale.divisors[number], code=scale.code[number])
        assert fits.all(), f"filter {number}: {np.argwhere(~fits)[:5].tolist()} of {(~fits).sum()} cells"
