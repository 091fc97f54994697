"""Which pixel of a tile shows which cell, and what the reference says should be drawn there."""

from __future__ import annotations

import numpy as np

from .colours import Scale, matches
from .experiment import HOP, N_MELS, RATE, RUN, SECONDS, WINDOW_HOP
from .laws import FRAME, centres, strip_pairs
from .panel import Panel
from .tensorboard import TensorBoard

FRAMES = 1 + round(SECONDS * RATE) // HOP
FRAME_TIMES = np.arange(FRAMES) * FRAME
# What every time axis shows: the outer edges of the spectrogram's frames.
AXIS = (-FRAME / 2, (FRAMES - 0.5) * FRAME)


def inner(layer: str, count: int, cells: int) -> np.ndarray:
    """Numbers of the columns (or rows) that are centred on the input's `cells`."""
    at = centres(layer, count)
    return np.flatnonzero((at >= -0.5) & (at <= cells - 0.5))


def pick(pixels: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Colours `[y, x, 3]` at shares of a picture's width and height, from its top left corner."""
    height, width = pixels.shape[:2]
    across, down = np.floor(x * width).astype(int), np.floor(y * height).astype(int)
    colours: np.ndarray = pixels[down[:, np.newaxis], across[np.newaxis], :3]
    return colours


def across(times: np.ndarray) -> np.ndarray:
    """Where seconds lie on a tile's width."""
    shares: np.ndarray = (times - AXIS[0]) / (AXIS[1] - AXIS[0])
    return shares


def down(bands: np.ndarray) -> np.ndarray:
    """Where the input's mel bands lie on a tile's height: the lowest at the bottom."""
    return 1 - (bands + 0.5) / N_MELS


def grid_times(tensorboard: TensorBoard, clip: str, layer: str) -> np.ndarray:
    """The seconds at which a strip's columns are drawn, as the server tells them; those that show something."""
    layout = tensorboard.read("steps", run=RUN)["layout"]
    probe = next(each for each in layout["probes"] if each["name"] == clip)
    grid = layout["grids"][probe["grids"][[each["name"] for each in layout["layers"]].index(layer)]]
    times: np.ndarray = grid["start"] + (np.arange(len(grid["windows"])) + 0.5) * grid["step"]
    # At the clip's ends a deep layer has no column near enough: there its tiles stay empty.
    reached = np.abs(times - grid["centres"]) <= max(grid["step"], WINDOW_HOP * FRAME) + 1e-9
    assert reached.mean() > 0.6
    return times[reached]


def strips(activations: np.ndarray, layer: str, times: np.ndarray = FRAME_TIMES) -> np.ndarray:
    """The reference's strips by the law: `[filters, rows, times]`, the rows that are centred on the input only."""
    _, windows, rows, columns = activations.shape
    window, column, _ = strip_pairs(layer, columns, windows, times)
    return activations[:, window, :, column].transpose(1, 2, 0)[:, inner(layer, rows, N_MELS)]


def drawn_strip(panel: Panel, number: int, layer: str, rows: int, times: np.ndarray = FRAME_TIMES) -> np.ndarray:
    """Colours of a strip's tile in the middle of its cells: `[rows, times, 3]`, as `strips`."""
    bands = centres(layer, rows)[inner(layer, rows, N_MELS)]
    return pick(panel.tile_pixels(number), across(times), down(bands))


def drawn_window(panel: Panel, number: int, rows: int, columns: int) -> np.ndarray:
    """Colours of a single window's tile in the middle of its cells: `[rows, columns, 3]`, row 0 the lowest."""
    x, y = (np.arange(columns) + 0.5) / columns, 1 - (np.arange(rows) + 0.5) / rows
    return pick(panel.tile_pixels(number), x, y)


def fitting(drawn: np.ndarray, values: np.ndarray, scale: Scale, number: int) -> np.ndarray:
    """Tell of each cell whether its colour is that of the reference's value."""
    return matches(drawn, values, divisor=scale.divisors[number], code=scale.code[number])


def check(drawn: np.ndarray, values: np.ndarray, scale: Scale, number: int) -> None:
    """Every cell has the colour of the reference's value."""
    fits = fitting(drawn, values, scale, number)
    where = np.argwhere(~fits)
    samples = [f"{tuple(at)}: {values[tuple(at)]} drawn as {drawn[tuple(at)]}" for at in where[:3]]
    assert fits.all(), f"filter {number}: {len(where)} of {fits.size} cells differ, such as {samples}"
