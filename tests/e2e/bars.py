"""How long the bars of the classes are, read back from the pixels."""

from __future__ import annotations

from .panel import READ_CANVAS, Panel

_SHARES = f"""() => {{
  const canvas = document.querySelector('[data-testid="bar-lengths"]');
  const {{ width, data }} = ({READ_CANVAS})("bar-lengths", null);
  const colours = new Uint32Array(data.buffer), ratio = window.devicePixelRatio;
  const filled = new OffscreenCanvas(1, 1).getContext("2d");
  filled.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--ground");
  filled.fillRect(0, 0, 1, 1);
  const [ground] = new Uint32Array(filled.getImageData(0, 0, 1, 1).data.buffer);
  const origin = canvas.getBoundingClientRect();
  return Object.fromEntries([...document.querySelectorAll(".bars [data-class]")].map(bar => {{
    const box = bar.getBoundingClientRect();
    const [left, end] = [box.left - origin.left, box.right - origin.left].map(x => Math.round(x * ratio));
    const row = Math.floor((box.top + box.height / 2 - origin.top) * ratio) * width;
    const line = colours.subarray(row + left, row + end);
    const rest = line.indexOf(ground);
    return [bar.dataset.class, (rest < 0 ? line.length : rest) / line.length];
  }}));
}}"""


def bar_shares(panel: Panel) -> dict[str, float]:
    """Of the longest that there is room for, by class."""
    shares: dict[str, float] = panel.frame.evaluate(_SHARES)
    return shares
