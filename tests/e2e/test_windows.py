"""Window mode: the whole map that the network computed for the window at hand, and nothing where none was kept."""

from __future__ import annotations

import librosa
import numpy as np
import pytest
from playwright.sync_api import expect

from .browser import Opener
from .cells import FRAME_TIMES, across, check, down, drawn_window, inner, strips
from .colours import scale_of
from .conftest import Reference, show_trained
from .experiment import N_MELS, RATE, SECONDS, STEPS, WINDOW
from .laws import window_at, window_edges
from .panel import Panel
from .tensorboard import TensorBoard

NEWEST = STEPS[-1]
LARGE = 300


@pytest.mark.parametrize(("layer", "numbers"), [("conv2", (0, 9, 31)), ("conv8", (0, 100, 255))])
def test_each_cell_of_the_present_window_is_the_reference(
    open_panel: Opener, tensorboard: TensorBoard, reference: Reference, layer: str, numbers: tuple[int, ...]
) -> None:
    panel = show_trained(open_panel(tensorboard, width=1600, height=1200, ratio=2))
    panel.choose_clip("rising tone").choose_layer(layer).choose_mode("window").choose_tile_size(150)
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
    panel.choose_clip("violin").choose_layer("conv5").choose_mode("window").choose_tile_size(60)
    # A click outside: the slider of the tiles' size would take the keys for itself.
    panel.seek(1.0)
    activations = reference.activations(NEWEST, "violin", "conv5")
    scale = scale_of(activations, "filter")
    first = panel.state()["window"]
    for distance, key in ((1, "ArrowRight"), (2, "ArrowRight"), (1, "ArrowLeft")):
        panel.page.keyboard.press(key)
        panel.wait_shown(window=first + distance)
        assert panel.state()["time"] == pytest.approx(window_edges(22)[first + distance].mean(), abs=1e-3)
        rows, columns = activations.shape[2:]
        up, along = inner("conv5", rows, N_MELS), inner("conv5", columns, WINDOW)
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


@pytest.mark.parametrize(
    ("clip", "reason", "instead"),
    [("piano", "logged as strips", "strip"), ("cello", "logged as summary", "raster")],
)
def test_window_mode_is_refused_with_the_reason_and_returns_where_there_are_windows(
    panel: Panel, clip: str, reason: str, instead: str
) -> None:
    panel.choose_layer("conv2").choose_clip("violin").choose_mode("window")
    panel.choose_clip(clip).wait_shown(mode=instead)
    expect(panel.part("mode-window")).to_be_disabled()
    title = panel.part("mode-window").get_attribute("title") or ""
    assert reason in title
    assert "Kept of violin, rising tone" in title, "which clips have them"
    expect(panel.part("grid-caption")).to_contain_text(reason)
    panel.choose_clip("rising tone").wait_shown(mode="window")


def test_hovering_tells_filter_place_and_value(panel: Panel, tensorboard: TensorBoard, reference: Reference) -> None:
    panel.choose_clip("violin").choose_layer("conv2").choose_tile_size(LARGE)
    activations = reference.activations(NEWEST, "violin", "conv2")
    strip = strips(activations, "conv2")[5]
    frame, band = 70, 20
    tile = panel.tile(5)
    x, y = tile.x + tile.width * across(FRAME_TIMES)[frame], tile.y + tile.height * down(np.array([band]))[0]
    panel.part("grid-scroller").hover(position={"x": x, "y": y})
    readout = panel.part("readout")
    expect(readout).to_contain_text("Filter 5")
    expect(readout).to_contain_text(f"{FRAME_TIMES[frame]:.2f} s")
    _, hertz, _, value = readout.inner_text().split(" · ")[:4]
    assert float(hertz.removesuffix(" Hz").replace(",", "")) == pytest.approx(mel_hertz(band), abs=0.5)
    told, half_code = (float(number.replace("\N{MINUS SIGN}", "-")) for number in value.split(" ± "))
    assert half_code == pytest.approx(scale_of(activations, "filter").code[5] / 2, rel=0.01)
    assert told == pytest.approx(strip[band, frame], abs=half_code * 1.05 + abs(told) / 100)


def mel_hertz(band: int) -> float:
    """The middle of one of the input's mel bands, by librosa."""
    return float(librosa.mel_frequencies(n_mels=N_MELS + 2, fmin=0, fmax=RATE / 2)[band + 1])
