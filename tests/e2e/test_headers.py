"""Heads of tiles: each filter's number, its strength against the strongest, and what marks one that has none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tensorboard_plugin_cnnviz import Response, SummaryWriter

from .arrays import CLASSES, CLIPS, COLUMNS, ROWS, WINDOWS, probes
from .browser import Opener
from .panel import HEADER, Box, Panel
from .tensorboard import TensorBoard

RUN = "heads/cnnviz"
# By filter: the largest value over the first clip. Filter 2 is above zero in the second clip alone.
LARGEST = (4.0, 1.0, 0.0, -0.5, 0.0, 0.5, -0.5)
ACTIVE, SILENT, CONSTANT = (0, 1, 2), (3, 4), (5, 6)
STRENGTHS = {0: 1.0, 1: 0.25, 2: 0.0}
MEANINGS = re.compile("silent: never above 0.*constant: one value other than 0", re.DOTALL)
# --bar and --bar-soft of the light theme.
BAR, BAR_SOFT = (109, 130, 153), (213, 220, 227)


def activations(clip: int) -> np.ndarray:
    """`[windows, frequency, time, filters]`."""
    values = np.random.default_rng(clip).uniform(-3, -1, size=(WINDOWS, ROWS, COLUMNS, len(LARGEST)))
    values[2, 3, 4] = LARGEST
    values[..., 4] = 0
    values[..., 5], values[..., 6] = LARGEST[5], LARGEST[6]
    if clip == 1:
        values[0, 0, 0, 2] = 2
    return values.astype(np.float32)


def write_heads(directory: Path) -> None:
    scores = np.full((WINDOWS, len(CLASSES)), 0.5)
    with SummaryWriter(directory, probes(), class_names=CLASSES) as writer:
        writer.write(0, [Response(name, {"conv": activations(at)}, scores) for at, name in enumerate(CLIPS)])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TensorBoard]:
    logdir = tmp_path_factory.mktemp("heads")
    write_heads(logdir / RUN)
    with TensorBoard(logdir) as server:
        server.wait_for(RUN, 0)
        yield server


@pytest.fixture
def heads(open_panel: Opener, served: TensorBoard) -> Panel:
    return open_panel(served).wait_shown(run=RUN, clip=CLIPS[0]).choose_sort("index")


def head(panel: Panel, number: int) -> np.ndarray:
    tile = panel.tile(number)
    return panel.pixels("grid", Box(tile.x, tile.y - HEADER, tile.width, HEADER))


def bars(pixels: np.ndarray) -> tuple[int, int]:
    """Columns that the strength takes, and those of the whole bar."""
    of = lambda colour: (np.abs(pixels[..., :3].astype(int) - colour).max(axis=-1) <= 2) & (pixels[..., 3] == 255)  # noqa: E731
    strength, rest = (int(of(colour).any(axis=0).sum()) for colour in (BAR, BAR_SOFT))
    return strength, strength + rest


def ink(pixels: np.ndarray) -> np.ndarray:
    """Columns that anything is drawn in, of what stands where there is no bar."""
    return np.flatnonzero((pixels[..., 3] > 40).any(axis=0))


def number_width(panel: Panel) -> int:
    """Columns that one digit takes at the left of a head, before the gap that follows it."""
    columns = ink(head(panel, 0))
    return int(columns[np.flatnonzero(np.diff(columns) > 3)[0]]) + 1


@pytest.mark.parametrize("mode", ["strip", "window"])
def test_every_tile_has_its_number_and_its_strength(heads: Panel, mode: str) -> None:
    panel = heads.choose_mode(mode)
    shapes = {}
    for number, share in STRENGTHS.items():
        pixels = head(panel, number)
        strength, whole = bars(pixels)
        assert whole == pytest.approx(64, abs=1)
        assert strength == pytest.approx(share * whole, abs=1.5)
        shapes[number] = pixels[:, : number_width(panel), 3].astype(int)
        assert (shapes[number] > 128).sum() > 5, "a number is written"
    assert np.abs(shapes[0] - shapes[1]).max() > 128, "numbers differ"


@pytest.mark.parametrize("mode", ["strip", "window"])
def test_silent_and_constant_filters_are_told_apart(heads: Panel, mode: str) -> None:
    panel = heads.choose_mode(mode)
    marks = {}
    for number in (*SILENT, *CONSTANT):
        pixels = head(panel, number)
        assert bars(pixels) == (0, 0), "what never fires has no strength"
        columns = ink(pixels)
        assert columns[-1] > number_width(panel) + 10, "a word stands beside the number"
        marks[number] = int(columns[-1])
    for alike in (SILENT, CONSTANT):
        assert marks[alike[0]] == pytest.approx(marks[alike[1]], abs=1)
    assert marks[CONSTANT[0]] > marks[SILENT[0]] + 5, "“constant” is the longer word"
    caption = panel.part("grid-caption")
    expect(caption).to_contain_text(f"{len(SILENT)} silent (\N{EMPTY SET})")
    expect(caption).to_contain_text(f"{len(CONSTANT)} constant (=)")
    expect(caption).to_have_attribute("title", MEANINGS)


def test_small_tiles_have_signs_in_the_words_place(heads: Panel) -> None:
    width = {number: ink(head(heads, number))[-1] for number in (SILENT[0], CONSTANT[0])}
    heads.choose_tile_size(60)
    for number, words in width.items():
        assert number_width(heads) < ink(head(heads, number))[-1] < words - 10
