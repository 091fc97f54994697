"""One clock: what is drawn is where the audio element is, in every tile and track, and a click anywhere moves all."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

from .browser import Opener
from .conftest import show_trained
from .cursors import record
from .experiment import RUN, SECONDS, SILENT_CLIP
from .laws import FRAME, window_at, window_edges
from .panel import Panel
from .tensorboard import TensorBoard

WINDOWS = 22

# Seconds by which what glides may be ahead of a sound that falters, until it is corrected.
ASTRAY = 0.002

# How much of the clip is listened to at each speed, in its seconds.
SPEEDS = {"0.1": 0.1, "0.25": 0.2, "0.5": 0.6, "0.75": 0.6, "1": 0.6, "1.5": 0.6, "2": 0.6}


# From the first moment: a sweep that a busy machine is late to ask for has passed.
_WATCH_TIME = """() => {
  window.farthest = 0;
  const look = () => {
    window.farthest = Math.max(window.farthest, window.cnnviz?.state.time ?? 0);
    requestAnimationFrame(look);
  };
  look();
}"""


@pytest.mark.parametrize("speed", ["0.1", "0.25", "0.5", "1", "1.5", "2"])
def test_every_cursor_stands_where_the_sound_is(panel: Panel, speed: str) -> None:
    panel.choose_clip("violin").choose_layer("conv2").choose_tile_size(200)
    assert panel.part("speed").locator("option").evaluate_all("all => all.map(({ value }) => value)") == list(SPEEDS)
    panel.part("speed").select_option(speed)
    panel.part("play").click()
    panel.wait_until("() => document.querySelector('audio').currentTime > 0.1")
    assert panel.frame.evaluate(
        "[document.querySelector('audio').playbackRate, document.querySelector('audio').preservesPitch]"
    ) == [
        float(speed),
        True,
    ]
    # A busy machine begins late and has few frames.
    heard = f"audio.currentTime > moments[0].audio + {SPEEDS[speed]}"
    moments = record(panel, f"(moments.length > 4 && {heard}) || audio.ended")
    assert len(moments) > 4
    for at in range(2, len(moments)):
        earliest, latest = moments[at - 2]["audio"], moments[at]["audio"]
        for key, pixel in (("input", 0.01), ("tile", moments[at]["pixel"])):
            assert earliest - pixel - ASTRAY <= moments[at][key] <= latest + pixel + ASTRAY
        assert moments[at]["window"] in range(window_at(earliest, WINDOWS), window_at(latest, WINDOWS) + 1)
    assert moments[-1]["audio"] > moments[0]["audio"]


@pytest.mark.parametrize("where", ["spectrogram", "waveform", "classes", "tile"])
def test_a_click_in_any_track_or_tile_moves_everything(panel: Panel, where: str) -> None:
    panel.choose_clip("violin").choose_layer("conv2").choose_tile_size(200)
    wanted = 1.75
    if where == "tile":
        tile = panel.tile(panel.handle("order")[1])
        start, end = panel.handle("seconds")
        x = tile.x + (wanted - start) / (end - start) * tile.width
        panel.part("grid-scroller").click(position={"x": x, "y": tile.y + 10})
    else:
        panel.seek(wanted, where)
    moment = record(panel, "moments.length > 2")[-1]
    assert moment["audio"] == pytest.approx(wanted, abs=moment["pixel"])
    assert moment["input"] == pytest.approx(moment["audio"], abs=0.01)
    assert moment["tile"] == pytest.approx(moment["audio"], abs=moment["pixel"])
    assert moment["window"] == window_at(moment["audio"], WINDOWS)
    assert not moment["playing"]
    expect(panel.part("time")).to_contain_text(f"0:0{int(moment['audio'] * 100) / 100:.2f}")


def test_dragging_the_cursor_in_a_track_or_over_tiles_goes_through_the_moments(panel: Panel) -> None:
    panel.choose_clip("violin").choose_layer("conv2").choose_tile_size(200)
    start, end = panel.handle("seconds")
    tile, grid = panel.tile(panel.handle("order")[1]), panel.part("grid").bounding_box()
    assert grid is not None
    places = {track: panel.part(track).bounding_box() for track in ("spectrogram", "waveform", "classes")}
    places["tile"] = {"x": grid["x"] + tile.x, "y": grid["y"] + tile.y, "width": tile.width, "height": tile.height}
    for where, box in places.items():
        assert box is not None
        middle = box["y"] + box["height"] / 2
        x_of = [box["x"] + (seconds - start) / (end - start) * box["width"] for seconds in (0.6, 1.1, 2.3, 1.4)]
        pixel = (end - start) / box["width"]
        panel.page.mouse.move(x_of[0], middle)
        panel.page.mouse.down()
        for seconds, x in zip((0.6, 1.1, 2.3, 1.4), x_of, strict=True):
            panel.page.mouse.move(x, middle)
            moment = record(panel, "moments.length > 2")[-1]
            assert moment["audio"] == pytest.approx(seconds, abs=pixel), where
            assert moment["input"] == pytest.approx(seconds, abs=pixel + 0.01), where
            assert moment["tile"] == pytest.approx(seconds, abs=pixel + moment["pixel"]), where
            assert moment["window"] == window_at(moment["audio"], WINDOWS), where
        panel.page.mouse.up()
        # The button is up: the pointer moves nothing, and nothing was clicked.
        panel.page.mouse.move(x_of[0], middle)
        panel.settle()
        assert panel.state()["time"] == pytest.approx(1.4, abs=pixel), where
        assert panel.state()["inspected"] is None, where


@pytest.mark.parametrize("seconds", [0.0, 0.8, 1.6, 2.99])
def test_the_bracket_is_the_window_whose_centre_is_nearest(panel: Panel, seconds: float) -> None:
    panel.choose_clip("violin").seek(seconds)
    at = panel.state()["time"]
    edges = window_edges(WINDOWS)[window_at(at, WINDOWS)]
    overlay = panel.pixels("input-cursor").astype(int)
    spectrogram = panel.part("spectrogram").bounding_box()
    assert spectrogram is not None
    row = overlay[round(spectrogram["height"] / 2)]
    bright = np.flatnonzero((row[:, :3].min(axis=1) > 200) & (row[:, 3] > 100))
    start, end = panel.handle("seconds")
    lines = np.split(bright, np.flatnonzero(np.diff(bright) > 1) + 1)
    found = [start + (line.mean() + 0.5) / len(row) * (end - start) for line in lines]
    pixel = (end - start) / len(row)
    for expected in (*edges, at):
        assert min(abs(time - expected) for time in found) <= 2 * pixel
    assert len(found) <= 3


def test_the_clip_ends_by_itself_and_starts_again_from_the_beginning(panel: Panel) -> None:
    panel.choose_clip("violin").seek(2.7)
    panel.part("play").click()
    panel.wait_until("() => window.cnnviz.state.playing")
    panel.wait_until("() => !window.cnnviz.state.playing")
    assert panel.state()["time"] == pytest.approx(SECONDS, abs=0.01)
    panel.part("play").click()
    panel.wait_until("() => window.cnnviz.state.playing && window.cnnviz.state.time < 2")


def test_the_whole_clip_repeats(panel: Panel) -> None:
    panel.choose_clip("violin")
    panel.part("loop").click()
    panel.seek(2.7)
    panel.part("play").click()
    panel.wait_until("() => window.cnnviz.state.playing")
    moments = record(panel, "moments.length > 2 && audio.currentTime < 1")
    assert moments[0]["audio"] > 2
    assert moments[-1]["playing"]


def test_a_dragged_part_repeats(panel: Panel) -> None:
    panel.choose_clip("violin")
    box = panel.part("seconds").bounding_box()
    assert box is not None
    start, end = panel.handle("seconds")
    first, last = (box["x"] + (time - start) / (end - start) * box["width"] for time in (1.0, 1.6))
    middle = box["y"] + box["height"] / 2
    panel.page.mouse.move(first, middle)
    panel.page.mouse.down()
    panel.page.mouse.move(last, middle, steps=4)
    panel.page.mouse.up()
    # So slowly that even a busy machine has a frame of its end.
    panel.part("speed").select_option("0.25")
    panel.seek(1.5)
    panel.part("play").click()
    jumped = "moments.length > 1 && audio.currentTime < moments[moments.length - 2].audio"
    moments = record(panel, jumped)
    assert moments[-1]["audio"] == pytest.approx(1.0, abs=0.25)
    assert moments[-1]["playing"]
    assert max(moment["audio"] for moment in moments) >= 1.49
    panel.part("play").click()


def test_the_space_bar_plays_and_pauses(panel: Panel) -> None:
    panel.choose_clip("violin")
    panel.page.keyboard.press("Space")
    panel.wait_until("() => !document.querySelector('audio').paused && document.querySelector('audio').currentTime > 0")
    panel.page.keyboard.press("Space")
    panel.wait_until("() => document.querySelector('audio').paused")
    assert panel.state()["playing"] is False
    moment = record(panel, "moments.length > 2")[-1]
    assert moment["input"] == pytest.approx(moment["audio"], abs=0.01)


def test_a_clip_without_sound_runs_on_a_timer(panel: Panel) -> None:
    panel.choose_clip(SILENT_CLIP).choose_layer("conv2")
    expect(panel.part("play")).to_have_accessible_name("Play without sound")
    assert panel.frame.evaluate("document.querySelector('audio').getAttribute('src')") is None
    panel.part("speed").select_option("0.5")
    panel.part("play").click()
    panel.wait_until("() => window.cnnviz.state.playing")
    enough = "moments.length > 4 && window.cnnviz.state.time > 0.8"
    moments = record(panel, f"({enough}) || !window.cnnviz.state.playing")
    cursor = [moment["tile"] for moment in moments if moment["tile"] is not None]
    assert cursor == sorted(cursor)
    assert cursor[-1] > cursor[0]
    panel.wait_until("() => !window.cnnviz.state.playing")
    assert panel.state()["time"] == pytest.approx(window_edges(WINDOWS)[-1, 1], abs=FRAME)


def test_leaving_the_tab_pauses_the_sound(open_panel: Opener, tensorboard: TensorBoard) -> None:
    panel = show_trained(open_panel(tensorboard, tab=True)).choose_clip("violin")
    panel.part("loop").click()
    panel.part("play").click()
    panel.wait_until("() => !document.querySelector('audio').paused")
    panel.page.get_by_role("tab", name="Time Series").click()
    panel.wait_until("() => document.querySelector('audio').paused && !window.cnnviz.state.playing")
    panel.page.get_by_role("tab", name="CNN Audio").click()
    panel.wait_until("() => window.innerHeight > 0")
    panel.wait_shown(run=RUN, clip="violin", playing=False)


def test_at_first_sight_the_cursor_sweeps_once_and_silently(open_panel: Opener, tensorboard: TensorBoard) -> None:
    panel = open_panel(tensorboard, motion=True)
    panel.frame.evaluate(_WATCH_TIME)
    show_trained(panel)
    panel.wait_until("() => window.farthest > 1")
    assert panel.frame.evaluate("document.querySelector('audio').paused")
    panel.wait_until("() => window.cnnviz.state.time === 0")
