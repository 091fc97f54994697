"""A video of the clip: its length, its sound, and the cursor where the sound is."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from .browser import PATIENCE, Opener
from .conftest import show_trained
from .experiment import SECONDS, SILENT_CLIP, STEPS
from .panel import Panel
from .tensorboard import TensorBoard

MOMENTS = (0.8, 1.5, 2.2)

# The file is chosen as a user chooses one: what a page makes of it can be read back.
_WATCH = """async moments => {
  const file = document.querySelector("input").files[0];
  const sound = await new OfflineAudioContext(1, 1, 48000).decodeAudioData(await file.arrayBuffer()).catch(() => null);
  const heard = sound?.getChannelData(0) ?? [];
  const video = document.createElement("video");
  const told = type => new Promise((done, fail) => {
    video.addEventListener(type, done, { once: true });
    video.addEventListener("error", () => fail(new Error(video.error?.message)), { once: true });
  });
  const seek = async time => { const there = told("seeked"); video.currentTime = time; await there; };
  const ready = told("loadeddata");
  video.src = URL.createObjectURL(file);
  await ready;
  // A recording tells its length only once its end was looked for.
  await seek(1e6);
  const duration = video.currentTime;
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  const context = canvas.getContext("2d");
  const frames = [];
  for (const moment of moments) {
    await seek(moment);
    context.drawImage(video, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    let text = "";
    for (let at = 0; at < data.length; at += 32768) text += String.fromCharCode(...data.subarray(at, at + 32768));
    frames.push(btoa(text));
  }
  // Passages through zero, upwards, in the first and the last tenth of a second that is heard.
  const loud = [...heard.keys()].filter(at => Math.abs(heard[at]) > 0.1);
  const hertz = loud.length === 0 ? [] : [loud[0], loud.at(-1) - 4800].map(from => {
    let rises = 0;
    for (let at = from; at < from + 4800; at++) if (heard[at] < 0 && heard[at + 1] >= 0) rises++;
    return rises * 10;
  });
  const loudness = Math.sqrt(heard.reduce((sum, value) => sum + value * value, 0) / heard.length);
  const { width, height } = canvas;
  return { duration, width, height, frames, sound: sound?.duration ?? null, loudness, hertz };
}"""


def watched(browser: Browser, path: Path, moments: tuple[float, ...] = MOMENTS) -> dict[str, Any]:
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    try:
        page = context.new_page()
        page.set_content("<input type=file>")
        page.set_input_files("input", path)
        answer: dict[str, Any] = page.evaluate(_WATCH, list(moments))
    finally:
        context.close()
    return answer


def test_the_video_has_the_clips_length_its_sound_and_the_cursor_in_its_place(
    open_panel: Opener, browser: Browser, tensorboard: TensorBoard, tmp_path: Path
) -> None:
    panel = show_trained(open_panel(tensorboard, tab=True)).choose_clip("violin").choose_layer("conv2")
    track = panel.part("spectrogram").bounding_box()
    grid = panel.part("grid-scroller").bounding_box()
    assert track is not None
    assert grid is not None
    panel.part("export-button").click()

    # A recording that is cancelled leaves no file.
    panel.part("export-video").click()
    panel.part("export-cancel").click()
    expect(panel.part("export-video-said")).to_have_count(0)

    with panel.page.expect_download() as download:
        panel.part("export-video").click()
        expect(panel.part("export-video-said")).to_contain_text("Recording")
    expect(panel.part("export-video-said")).to_contain_text("Saved")
    name = download.value.suggested_filename
    assert name.rpartition(".")[0] == f"trained-cnnviz-conv2-violin-epoch-{STEPS[-1]}"
    assert name.endswith((".mp4", ".webm"))
    path = tmp_path / name
    download.value.save_as(path)

    seen = watched(browser, path)
    assert SECONDS <= seen["duration"] < SECONDS + 1
    assert abs(seen["sound"] - seen["duration"]) < 0.5
    assert seen["loudness"] > 0.01
    assert seen["width"] % 2 == seen["height"] % 2 == 0
    start, end = panel.handle("seconds")
    behind = []
    # The picture begins where the grid does.
    left = round(track["x"] - grid["x"])
    for moment, text in zip(MOMENTS, seen["frames"], strict=True):
        frame = np.frombuffer(base64.b64decode(text), np.uint8).reshape(seen["height"], seen["width"], 4)
        # Over the scores of all classes, below the bracket, only the cursor is white from top to bottom.
        tracks = frame[248:368, left : left + round(track["width"]), :3].min(axis=(0, 2))
        assert tracks.max() > 150
        share = (int(tracks.argmax()) + 0.5) / len(tracks)
        behind.append(moment - (start + share * (end - start)))
    # The clip begins a tenth of a second after the recording, which takes a frame or two to begin.
    assert all(-0.15 < late < 0.6 for late in behind), behind
    assert max(behind) - min(behind) < 0.25, behind


def recorded(panel: Panel, folder: Path) -> Path:
    """Where the video lies that the menu saves."""
    panel.part("export-button").click()
    with panel.page.expect_download() as download:
        panel.part("export-video").click()
    expect(panel.part("export-video-said")).to_contain_text("Saved")
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def assert_words(seen: dict[str, Any]) -> None:
    """Run, layer and clip stand in every picture's first line, dark on light."""
    for text in seen["frames"]:
        frame = np.frombuffer(base64.b64decode(text), np.uint8).reshape(seen["height"], seen["width"], 4)
        ink = (frame[4:28, :400, :3].max(axis=-1) < 110).sum()
        assert 100 < ink < 4000, ink


# Notes all that is written on canvases from now on: the text, and its box in the canvas's pixels.
_NOTE_WORDS = """() => {
  window.written = [];
  for (const { prototype } of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
    const { fillText } = prototype;
    prototype.fillText = function (text, x, y, ...more) {
      const of = this.measureText(text);
      const { a, e, f } = this.getTransform();
      const left = x - of.actualBoundingBoxLeft, top = y - of.actualBoundingBoxAscent;
      const size = [x + of.actualBoundingBoxRight - left, y + of.actualBoundingBoxDescent - top];
      window.written.push([text, a * left + e, a * top + f, ...size.map(length => a * length)]);
      return fillText.call(this, text, x, y, ...more);
    };
  }
}"""


def test_epoch_scale_and_time_stand_in_the_picture(
    open_panel: Opener, browser: Browser, tensorboard: TensorBoard, tmp_path: Path
) -> None:
    panel = show_trained(open_panel(tensorboard)).choose_clip("violin").choose_layer("conv2").repeat(1.0, 1.6)
    panel.frame.evaluate(_NOTE_WORDS)
    seen = watched(browser, recorded(panel, tmp_path), (0.3,))
    written = panel.frame.evaluate("window.written")
    frame = np.frombuffer(base64.b64decode(seen["frames"][0]), np.uint8).reshape(seen["height"], seen["width"], 4)
    for words in (
        f"^EPOCH {STEPS[-1]}$",
        r"^layer conv2, 32 filters\b",
        r"\bclip violin\b",
        r"\brun trained/cnnviz\b",
        r"^scale per filter\b",
        r"\blayer \S+ to \S+\b.*\bmagma\b",
        r"^0:01\.\d\d / 0:03\.00 .* window \d+ of 22$",
    ):
        boxes = [box for text, *box in written if re.search(words, text)]
        assert boxes, words
        x, y, width, height = (round(length) for length in boxes[-1])
        ink = np.ptp(frame[y : y + height, x : x + width, :3].min(axis=-1).astype(int), axis=0)
        assert (ink > 60).mean() > 0.5, words


@pytest.mark.parametrize("kind", ["mp4", "webm"])
def test_of_a_part_that_repeats_the_video_has_its_pictures_and_its_sound_alone(
    open_panel: Opener, browser: Browser, tensorboard: TensorBoard, tmp_path: Path, kind: str
) -> None:
    panel = show_trained(open_panel(tensorboard)).choose_clip("rising tone").choose_layer("conv2")
    room = panel.part("grid").bounding_box()
    assert room is not None
    if kind == "webm":
        # The inspector takes room of the grid's, and none of the picture's.
        panel.page.keyboard.press("i")
        expect(panel.part("inspector-title")).to_be_visible()
        # As a browser that records no MP4.
        panel.frame.evaluate("() => { MediaRecorder.isTypeSupported = type => type.startsWith('video/webm'); }")
    elif not panel.frame.evaluate("MediaRecorder.isTypeSupported('video/mp4')"):
        pytest.skip("this browser records no MP4")
    panel.repeat(0.5, 1.5)
    start, end = panel.handle("loop")
    path = recorded(panel, tmp_path)
    head = path.read_bytes()[:8]
    assert (head[4:] == b"ftyp") if kind == "mp4" else (head[:4] == b"\x1a\x45\xdf\xa3")
    seen = watched(browser, path, (0.6,))
    assert end - start - 0.05 <= seen["duration"] < end - start + 1
    assert seen["width"] == pytest.approx(room["width"], abs=2)
    assert abs(seen["sound"] - seen["duration"]) < 0.5
    assert_words(seen)
    # A tone that rises tells at which of the clip's seconds the sound begins and ends.
    octaves = np.log2(6000 / 200) / 2
    first, last = (np.log2(hertz / 200) / octaves for hertz in seen["hertz"])
    assert first == pytest.approx(start, abs=0.15)
    assert last == pytest.approx(end, abs=0.15)


def test_a_clip_without_sound_gives_a_video_without_a_sound_track(
    open_panel: Opener, browser: Browser, tensorboard: TensorBoard, tmp_path: Path
) -> None:
    panel = show_trained(open_panel(tensorboard)).choose_clip(SILENT_CLIP).choose_layer("conv2")
    path = recorded(panel, tmp_path)
    expect(panel.part("export-video-said")).to_contain_text("without sound")
    seen = watched(browser, path)
    assert SECONDS - 0.1 <= seen["duration"] < SECONDS + 1
    assert seen["sound"] is None
    assert_words(seen)
