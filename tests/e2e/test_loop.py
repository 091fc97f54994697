"""The part that repeats: chosen, moved, cleared; heard from edge to edge by the wall's clock; and the pitch stays."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from .experiment import SECONDS
from .laws import window_at
from .panel import Panel

WINDOWS = 22
START, END = 1.0, 1.6

# At each frame: the wall's clock in seconds, the panel's moment and the sound's own, until so many passes have ended.
RECORD = """passes => new Promise(done => {
  const audio = document.querySelector("audio");
  const goal = window.cnnviz.passes + passes;
  const moments = [];
  const look = () => {
    moments.push([performance.now() / 1000, window.cnnviz.state.time, audio.currentTime]);
    if (window.cnnviz.passes >= goal) done(moments);
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})"""

# What the ear gets: the loudest frequency at each moment of playing, in hertz.
LISTEN = """until => new Promise(done => {
  const audio = document.querySelector("audio");
  window.heard ??= (() => {
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 4096, smoothingTimeConstant: 0 });
    context.createMediaElementSource(audio).connect(analyser).connect(context.destination);
    return { context, analyser };
  })();
  const { context, analyser } = window.heard;
  const levels = new Float32Array(analyser.frequencyBinCount);
  const moments = [];
  const look = () => {
    analyser.getFloatFrequencyData(levels);
    const loudest = levels.reduce((best, level, bin) => (level > levels[best] ? bin : best), 0);
    moments.push([audio.currentTime, (loudest * context.sampleRate) / 4096, levels[loudest]]);
    if (audio.currentTime > until) done(moments);
    else requestAnimationFrame(look);
  };
  context.resume().then(() => requestAnimationFrame(look));
})"""


def x_of(panel: Panel, seconds: float) -> float:
    box = panel.part("seconds").bounding_box()
    assert box is not None
    start, end = panel.handle("seconds")
    return float(box["x"] + (seconds - start) / (end - start) * box["width"])


def drag(panel: Panel, part: str, first: float, last: float) -> None:
    """Along the seconds, from one time to another, at the height of a part."""
    box = panel.part(part).bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    panel.page.mouse.move(x_of(panel, first), middle)
    panel.page.mouse.down()
    panel.page.mouse.move(x_of(panel, last), middle, steps=4)
    panel.page.mouse.up()
    panel.settle()


def pixel(panel: Panel) -> float:
    """Seconds of one along the axis."""
    return 1 / (x_of(panel, 1) - x_of(panel, 0))


def test_a_part_is_chosen_moved_and_cleared_by_the_pointer_and_by_keys(panel: Panel) -> None:
    panel.choose_clip("violin")
    near = pixel(panel) * 1.5
    drag(panel, "seconds", END, START)
    assert panel.handle("loop") == pytest.approx([START, END], abs=near)
    assert panel.state()["time"] == pytest.approx(START, abs=near), "the moment goes to where the part begins"
    expect(panel.part("loop-clear")).to_contain_text("1.6")
    drag(panel, "loop-bar", 1.3, 1.8)
    assert panel.handle("loop") == pytest.approx([START + 0.5, END + 0.5], abs=2 * near)

    start, end = panel.part("loop-start"), panel.part("loop-end")
    before = panel.handle("loop")
    start.press("ArrowLeft")
    start.press("Shift+ArrowLeft")
    end.press("ArrowRight")
    assert panel.handle("loop") == pytest.approx([before[0] - 0.11, before[1] + 0.01])
    expect(start).to_have_attribute("aria-valuenow", str(round(before[0] - 0.11, 3)))
    end.press("Home")
    assert panel.handle("loop")[1] - panel.handle("loop")[0] == pytest.approx(0.02), "edges never meet"
    end.press("Delete")
    assert panel.handle("loop") == [0, SECONDS]
    panel.part("loop").click()
    assert panel.handle("loop") is None

    drag(panel, "seconds", START, END)
    panel.part("loop-clear").click()
    assert panel.handle("loop") == [0, SECONDS]
    expect(panel.part("loop-clear")).to_have_count(0)
    panel.part("seconds").click(position={"x": x_of(panel, 2) - x_of(panel, panel.handle("seconds")[0]), "y": 12})
    assert panel.state()["time"] == pytest.approx(2, abs=near), "a click is no drag"
    assert panel.handle("loop") == [0, SECONDS]


def test_what_repeats_is_marked_beside_the_labels_of_the_seconds(panel: Panel) -> None:
    panel.choose_clip("violin")
    labels = [label.bounding_box() for label in panel.part("seconds").locator("b").all()]
    assert len(labels) >= 3
    panel.part("loop").click()
    for part in (None, (START, END)):
        if part is not None:
            drag(panel, "seconds", *part)
        for name in ("loop-bar", "loop-start", "loop-end"):
            box = panel.part(name).bounding_box()
            assert box is not None
            assert all(label is not None and box["y"] + box["height"] <= label["y"] for label in labels), name
            if name != "loop-bar":
                assert box["width"] >= 8
                assert box["height"] >= 12


def test_steps_go_round_the_windows_of_the_part(panel: Panel) -> None:
    panel.choose_clip("violin")
    drag(panel, "seconds", START, END)
    start, end = panel.handle("loop")
    shown = list(range(window_at(start, WINDOWS), window_at(end, WINDOWS) + 1))
    seen = []
    for _ in range(len(shown) + 1):
        panel.page.keyboard.press("ArrowRight")
        assert start <= panel.state()["time"] <= end
        seen.append(panel.state()["window"])
    assert seen == [*shown[1:], *shown[:2]]
    panel.page.keyboard.press("ArrowLeft")
    panel.page.keyboard.press("ArrowLeft")
    assert panel.state()["window"] == shown[-1]


@pytest.mark.parametrize("clip", ["violin", "no sound"])
def test_a_part_repeats_from_edge_to_edge_in_step_with_the_walls_clock(panel: Panel, clip: str) -> None:
    panel.choose_clip(clip)
    drag(panel, "seconds", START, END)
    start, end = panel.handle("loop")
    panel.part("play").click()
    for speed in ("1", "2"):
        panel.part("speed").select_option(speed)
        panel.frame.evaluate(RECORD, 1)
        moments = np.array(panel.frame.evaluate(RECORD, 3))
        check_passes(moments, start, end, float(speed), panel.frame.evaluate("document.querySelector('audio').src"))
    panel.part("play").click()
    assert panel.state()["playing"] is False


def check_passes(moments: np.ndarray, start: float, end: float, speed: float, source: Any) -> None:
    """Whatever a busy machine's frames leave unseen, `late` seconds of the clip at most, may be missing at an edge."""
    wall, shown, heard = moments.T
    late = float(np.diff(wall).max()) * speed + 0.03
    assert shown.min() >= start - 1e-5
    assert shown.max() <= end + 1e-5
    if source:
        assert heard.max() <= end + late
    ends = np.flatnonzero(np.diff(shown) < -(end - start) / 3) + 1
    assert len(ends) >= 3
    whole = [np.arange(first, last) for first, last in pairwise(ends)]
    for frames in whole:
        assert shown[frames[0]] <= start + late
        assert shown[frames[-1]] >= end - late
        # A sound needs a moment to begin anew, so what follows is in step.
        inner = frames[shown[frames] > start + 0.25 * (end - start)]
        strayed = (shown[inner] - shown[inner[0]]) - speed * (wall[inner] - wall[inner[0]])
        assert np.abs(strayed).max() <= late
    length = (end - start) / speed
    for frames in whole:
        assert length - late <= wall[frames[-1] + 1] - wall[frames[0]] <= length + late + 0.15


@pytest.mark.parametrize("speed", ["0.5", "2"])
def test_the_pitch_stays_at_any_speed(panel: Panel, speed: str) -> None:
    panel.choose_clip("rising tone").seek(0.6)
    panel.part("speed").select_option(speed)
    panel.part("play").click()
    panel.wait_until("() => window.cnnviz.state.playing && window.cnnviz.state.time > 0.62")
    moments = np.array(panel.frame.evaluate(LISTEN, 1.7))
    time, hertz = moments[moments[:, 2] > -60][:, :2].T
    assert len(time) > 5
    # 200 Hz to 6 kHz in two seconds; without kept pitch the octave would be one off.
    octaves = np.log2(hertz / 200) - time * np.log2(6000 / 200) / 2
    assert abs(np.median(octaves)) < 0.5
