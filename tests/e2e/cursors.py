"""Where every cursor stands, frame by frame, read back from the pixels."""

from __future__ import annotations

from typing import Any

from .panel import READ_CANVAS, Panel

# At each frame: where the audio element is, and where the white line stands in the input's lowest track and in a tile.
# The frame's own drawing may come before or after this.
RECORD = """() => new Promise(done => {
  const audio = document.querySelector("audio");
  const white = (testId, [x, y, width]) => {
    const pixels = new Uint32Array((READ_CANVAS)(testId, [x, y, width, 1]).data.buffer);
    const at = pixels.indexOf(0xffffffff);
    return at < 0 ? null : (at + 0.5) / width;
  };
  const input = document.querySelector('[data-testid="input-cursor"]');
  const moments = [];
  const look = () => {
    const [tile] = window.cnnviz.tiles;
    moments.push({
      audio: audio.currentTime,
      input: white("input-cursor", [0, input.height - 2, input.width]),
      tile: white("grid-cursor", [Math.round(tile.x), Math.round(tile.y + tile.height / 2), Math.round(tile.width)]),
      pixel: 1 / Math.round(tile.width),
      window: window.cnnviz.state.window,
      playing: !audio.paused,
    });
    if (UNTIL) done(moments);
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})"""


def record(panel: Panel, until: str) -> list[dict[str, Any]]:
    """One entry a frame until a condition on `audio` and `moments` holds; shares have become seconds."""
    moments: list[dict[str, Any]] = panel.frame.evaluate(
        RECORD.replace("READ_CANVAS", READ_CANVAS).replace("UNTIL", until)
    )
    start, end = panel.handle("seconds")
    for moment in moments:
        for key in ("input", "tile"):
            if moment[key] is not None:
                moment[key] = start + moment[key] * (end - start)
        moment["pixel"] *= end - start
    return moments
