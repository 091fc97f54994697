"""Window mode: the whole map that the network computed for the window at hand, and nothing where none was kept."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

from .browser import Opener
from .cells import check, drawn_window, inner
from .colours import scale_of
from .conftest import Reference, show_trained
from .experiment import N_MELS, SECONDS, STEPS, WINDOW
from .laws import FRAME, window_at, window_edges
from .panel import Panel
from .tensorboard import TensorBoard

NEWEST = STEPS[-1]


@pytest.mark.parametrize(("layer", "numbers"), [("conv2", (0, 9, 31)), ("conv8", (0, 100, 255))])
def test_each_cell_of_the_present_window_is_the_reference(
    open_panel: Opener, tensorboard: TensorBoard, reference: Reference, layer: str, numbers: tuple[int, ...]
) -> None:
    panel = show_trained(open_panel(tensorboard, width=1600, height=1200, ratio=2))
    panel.choose_clip("rising tone").choose_layer(layer).choose_mode("window").choose_tile_size(300)
    activations = reference.activations(NEWEST, "rising tone", layer)
    _, windows, rows, columns = activations.shape
    scale = scale_of(activations, "filter")
    # Cells centred outside the window are hatched.
    up, along = inner(layer, rows, N_MELS), inner(layer, columns, WINDOW)
    seen = set()
    for seconds in (0.1, 0.9, 1.5, 2.05, SECONDS):
        panel.seek(seconds)
        at = panel.state()["time"]
        assert at == pytest.approx(seconds, abs=0.02)
        window = window_at(at, windows)
        panel.wait_shown(window=window)
        seen.add(window)
        for number in numbers:
            drawn = drawn_window(panel, number, rows, columns)
            check(drawn[np.ix_(up, along)], activations[number, window][np.ix_(up, along)], scale, number)
    assert len(seen) == 5


def test_the_keys_go_from_window_to_window_and_the_bars_with_them(panel: Panel, reference: Reference) -> None:
    panel.choose_clip("violin").choose_layer("conv5").choose_mode("window").seek(1.0)
    activations = reference.activations(NEWEST, "violin", "conv5")
    scale = scale_of(activations, "filter")
    first = panel.state()["window"]
    for distance, key in ((1, "ArrowRight"), (2, "ArrowRight"), (1, "ArrowLeft")):
        panel.page.keyboard.press(key)
        panel.wait_shown(window=first + distance)
        assert panel.state()["time"] == pytest.approx(window_edges(22)[first + distance].mean(), abs=1e-3)
        rows, columns = activations.shape[2:]
        up, along = inner("conv5", rows, N_MELS), inner("conv5", columns, WINDOW)
        panel.choose_tile_size(150)
        drawn = drawn_window(panel, 3, rows, columns)
        check(drawn[np.ix_(up, along)], activations[3, first + distance][np.ix_(up, along)], scale, 3)


def test_columns_outside_the_window_are_counted_and_hatched(panel: Panel, reference: Reference) -> None:
    panel.choose_clip("violin").choose_layer("conv8").choose_mode("window").choose_tile_size(120).seek(1.5)
    expect(panel.part("grid-caption")).to_contain_text("2 of 7 columns lie in the window")
    activations = reference.activations(NEWEST, "violin", "conv8")
    _, _, rows, columns = activations.shape
    number = int(activations.std(axis=(1, 2, 3)).argmax())
    pixels = panel.tile_pixels(number)[..., :3].astype(int)
    inside = set(inner("conv8", columns, WINDOW))
    row = rows - 1 - int(inner("conv8", rows, N_MELS)[0])
    band = slice(row * pixels.shape[0] // rows + 2, (row + 1) * pixels.shape[0] // rows - 2)
    for column in range(columns):
        cell = pixels[band, column * pixels.shape[1] // columns + 2 : (column + 1) * pixels.shape[1] // columns - 2]
        assert (np.ptp(cell.reshape(-1, 3), axis=0).max() > 20) == (column not in inside), column


@pytest.mark.parametrize(("clip", "reason"), [("piano", "logged as strips"), ("cello", "logged as summary")])
def test_window_mode_is_refused_with_the_reason_and_returns_where_there_are_windows(
    panel: Panel, clip: str, reason: str
) -> None:
    panel.choose_layer("conv2").choose_clip("violin").choose_mode("window")
    panel.choose_clip(clip).wait_shown(mode="strip")
    expect(panel.part("mode-window")).to_be_disabled()
    assert reason in (panel.part("mode-window").get_attribute("title") or "")
    expect(panel.part("grid-caption")).to_contain_text(reason)
    panel.choose_clip("rising tone").wait_shown(mode="window")


def test_hovering_tells_filter_place_and_value(panel: Panel, reference: Reference) -> None:
    panel.choose_clip("violin").choose_layer("conv2").choose_tile_size(300)
    activations = reference.activations(NEWEST, "violin", "conv2")
    tile = panel.tile(5)
    panel.part("grid").hover(position={"x": tile.x + tile.width / 2, "y": tile.y + tile.height / 2}, force=True)
    expect(panel.part("readout")).to_contain_text("5")
    text = panel.part("readout").inner_text()
    assert " Hz" in text
    assert " s" in text
    value = float(text.replace("−", "-").rsplit(" ", 1)[-1].strip("."))
    assert activations[5].min() - 1e-3 <= value <= activations[5].max() + 1e-3
    assert FRAME > 0
