"""A click at a known second lights the column that is centred there, in every layer of every kind that has columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from .browser import Opener
from .clicked import RUNS, SECOND, Clicked, Column
from .panel import Box, Panel
from .tensorboard import TensorBoard

# The sound's click, and a moment of silence.
SECONDS = (SECOND, 1.117)
TILE = 300
Served = tuple[TensorBoard, dict[str, Clicked]]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    logdir = tmp_path_factory.mktemp("clicked")
    runs = {kind: Clicked(logdir, kind) for kind in RUNS}
    with TensorBoard(logdir) as server:
        for each in runs.values():
            server.wait_for(each.run, 0)
        yield server, runs


@pytest.mark.parametrize("kind", RUNS)
def test_a_click_lights_the_column_centred_there_in_every_layer(open_panel: Opener, served: Served, kind: str) -> None:
    tensorboard, runs = served
    clicked = runs[kind]
    panel = open_panel(tensorboard, height=1000).choose_run(clicked.run).choose_sort("index")
    for name in clicked.layers:
        panel.choose_layer(name)
        if clicked.layer(name)["time"] is None:
            check_rows(panel, clicked)
            continue
        assert panel.state()["mode"] == "strip", name
        panel.choose_tile_size(TILE)
        check_strips(panel, clicked, name)
        panel.choose_mode("window")
        check_windows(panel, clicked, name)
        panel.choose_mode("strip")


def check_strips(panel: Panel, clicked: Clicked, name: str) -> None:
    layer, grid, columns = clicked.layer(name), clicked.grid(name), clicked.columns(name)
    tile = panel.tile(0)
    pixel = float(np.ptp(panel.handle("seconds"))) / tile.width
    if layer["axes"] == ["time"]:
        pixels = panel.tile_pixels(0)
        assert (pixels == pixels[:1]).all(), f"{name} has no rows: along its strips runs time alone"
    for second in SECONDS:
        for click in (lambda second: click_tile(panel, tile, second), panel.seek):
            click(second)
            at = panel.state()["time"]
            assert at == pytest.approx(second, abs=2 * pixel), name
            lit = check_lit(panel, columns)
            # A strip takes the column centred nearest to each place of its grid, the panel the nearest of these.
            away = min(abs(each.seconds - at) for each in columns)
            assert abs(lit.seconds - at) <= away + grid["step"] + 1e-9, name
            assert abs(lit.seconds - at) <= np.abs(np.asarray(grid["centres"]) - at).min() + 1e-9, name
            marked = seconds_at(panel, tile, marked_at(panel, tile))
            assert marked == pytest.approx(lit.seconds, abs=max(grid["step"], away + grid["step"] / 2) + 2 * pixel), (
                name
            )
        check_told(panel, lit, column_of(lit, layer))
    caption = panel.part("grid-caption")
    if (inside := count_inside(layer["time"])) < len(layer["time"]["centres"]):
        expect(caption).to_contain_text(f"{lies(inside, layer)} in the window")
    assert ("places in time approximate" in caption.inner_text()) == layer["time"]["approximate"], name
    panel.part("grid-scroller").hover(position={"x": marked_at(panel, tile), "y": tile.y + tile.height / 2})
    expect(panel.part("readout")).to_contain_text(re.compile("^Filter 0\\b"))
    exact = not any(axis["approximate"] for axis in (layer["time"], layer["frequency"]) if axis is not None)
    assert ("place approximate" in panel.part("readout").inner_text()) != exact, name
    if answers_most_where_it_is_centred(layer["time"]):
        brightest = brightest_seconds(panel, tile, grid["start"], grid["start"] + len(grid["centres"]) * grid["step"])
        reach = layer["time"]["stride"] / layer["time"]["cells"] * np.ptp(clicked.times[0])
        assert np.median(brightest) == pytest.approx(SECOND, abs=reach + pixel), name


def check_windows(panel: Panel, clicked: Clicked, name: str) -> None:
    layer = clicked.layer(name)
    for second in SECONDS:
        panel.seek(second)
        at = panel.state()["time"]
        window = clicked.present_window(at)
        panel.wait_shown(window=window)
        own = [each for each in clicked.columns(name) if each.window == window]
        nearest = min(own, key=lambda each: round(abs(each.seconds - at), 9))
        lit = check_lit(panel, [nearest])
        tile = panel.tile(0)
        middle = (nearest.column + 0.5) / len(layer["time"]["centres"])
        assert (marked_at(panel, tile) - tile.x) / tile.width == pytest.approx(middle, abs=2 / tile.width), name
        check_told(panel, lit, column_of(lit, layer))
    if (inside := count_inside(layer["time"])) < len(layer["time"]["centres"]):
        expect(panel.part("grid-caption")).to_contain_text(f"{lies(inside, layer)} in the window")


def check_rows(panel: Panel, clicked: Clicked) -> None:
    """One number per window: each filter is a row of the clip, and lights the window that is centred nearest."""
    assert panel.state()["mode"] == "raster"
    rows = panel.handle("tiles")
    assert len({(row["x"], row["width"]) for row in rows}) == 1
    assert len({row["y"] for row in rows}) == len(rows)
    for second in SECONDS:
        panel.seek(second)
        window = clicked.present_window(panel.state()["time"])
        lit = check_lit(panel, [Column(window, None, float(clicked.times[window].mean()))])
        check_told(panel, lit, f"window {window + 1}")


def check_lit(panel: Panel, columns: list[Column]) -> Column:
    """The column that the panel lights is one of these; returns it."""
    told = panel.handle("lit")
    lit = next((each for each in columns if (each.window, each.column) == (told["window"], told["column"])), None)
    assert lit is not None, (told, columns[:5])
    assert told["seconds"] == pytest.approx(lit.seconds, abs=1e-6)
    return lit


def check_told(panel: Panel, lit: Column, what: str) -> None:
    expect(panel.part("readout")).to_contain_text(f"Now: {what}, centred at ")
    told, _, predicted = panel.part("readout").inner_text().partition("; the prediction is of window ")
    assert float(told.removesuffix(" s").rpartition(" ")[2]) == pytest.approx(lit.seconds, abs=0.005 + 1e-9)
    # Where the two windows are not the same, both are told apart.
    present = panel.state()["window"]
    assert predicted == ("" if present == lit.window else str(present + 1))


def column_of(lit: Column, layer: Any) -> str:
    assert lit.column is not None
    return f"column {lit.column + 1} of {len(layer['time']['centres'])} in window {lit.window + 1}"


def count_inside(axis: Any) -> int:
    return sum(-0.5 <= centre <= axis["cells"] - 0.5 for centre in axis["centres"])


def lies(inside: int, layer: Any) -> str:
    return f"{inside} of {len(layer['time']['centres'])} columns {'lies' if inside == 1 else 'lie'}"


def answers_most_where_it_is_centred(axis: Any) -> bool:
    """Whether columns near the windows' edges, which see less of the sound, are few."""
    return not axis["approximate"] and axis["field"] <= axis["cells"] / 4


def click_tile(panel: Panel, tile: Box, second: float) -> None:
    start, end = panel.handle("seconds")
    x = tile.x + (second - start) / (end - start) * tile.width
    panel.part("grid-scroller").click(position={"x": x, "y": tile.y + tile.height / 2})
    # The click has opened the inspector, which takes room from the tiles.
    panel.page.keyboard.press("Escape")
    expect(panel.part("inspector")).to_have_count(0)
    panel.settle()


def seconds_at(panel: Panel, tile: Box, x: Any) -> Any:
    """Seconds of the clip at places on a tile, CSS pixels of the canvas."""
    start, end = panel.handle("seconds")
    return start + (x - tile.x) / tile.width * (end - start)


def marked_at(panel: Panel, tile: Box) -> float:
    """The middle of the mark at the tile's upper edge."""
    drawn = panel.pixels("grid-cursor", Box(tile.x - 4, tile.y, tile.width + 8, 2))
    white = np.flatnonzero((drawn[0] == 255).all(axis=1))
    assert len(white)
    return tile.x - 4 + float(white[0] + white[-1] + 1) / 2 / float(panel.handle("ratio"))


def brightest_seconds(panel: Panel, tile: Box, start: float, end: float) -> np.ndarray:
    """Where the first filter is drawn brightest, in seconds of the clip."""
    pixels = panel.tile_pixels(0)
    light = pixels[..., :3].sum(axis=(0, 2), dtype=int)
    seconds = seconds_at(panel, tile, tile.x + (np.arange(len(light)) + 0.5) / float(panel.handle("ratio")))
    light[(seconds < start) | (seconds > end)] = 0
    return seconds[light >= light.max() - np.ptp(light) / 50]
