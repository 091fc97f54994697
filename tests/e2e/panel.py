"""The panel as a test uses it: chooses as a user does, and reads back the pixels that a user sees."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

import numpy as np
from playwright.sync_api import Frame, Locator, Page

if TYPE_CHECKING:
    from .browser import Watch

Theme = Literal["dark", "light"]
THEMES: tuple[Theme, ...] = get_args(Theme)

# A function in JavaScript: the pixels of a box of a canvas, with what moves over it where it stands now.
READ_CANVAS = """(testId, box) => {
  const canvas = document.querySelector(`[data-testid="${testId}"]`);
  const [x, y, width, height] = box ?? [0, 0, canvas.width, canvas.height];
  const seen = new OffscreenCanvas(width, height).getContext("2d");
  for (const each of [canvas, ...document.querySelectorAll(`[data-with="${testId}"]`)]) {
    if (each.hidden || each.width * each.height === 0) continue;
    const moved = new DOMMatrix(getComputedStyle(each).transform).e * window.devicePixelRatio;
    seen.drawImage(each, Math.round(moved) - x, -y);
  }
  return seen.getImageData(0, 0, width, height);
}"""

_READ_PIXELS = f"""([testId, box]) => {{
  const {{ width, height, data }} = ({READ_CANVAS})(testId, box);
  let text = "";
  for (let at = 0; at < data.length; at += 32768) text += String.fromCharCode(...data.subarray(at, at + 32768));
  return {{ width, height, data: btoa(text) }};
}}"""

# Whatever a change has set off is drawn at the frame after it; the second one has then begun.
# What a worker draws comes a little later.
_SETTLED = """async () => {
  const frame = () => new Promise(done => requestAnimationFrame(done));
  await frame();
  await frame();
  await window.cnnviz?.settled();
  await frame();
}"""

# What was drawn last stands in the canvas's data attributes; a strip holds all windows.
_SHOWS = """wanted => {
  const state = window.cnnviz?.state;
  const drawn = document.querySelector('[data-testid="grid"]')?.dataset;
  if (!state?.mode || !drawn || state.stale) return false;
  const parts = ["run", "step", "clip", "layer", "mode", ...(state.mode === "window" ? ["window"] : [])];
  return parts.every(part => drawn[part] === String(state[part]))
    && Object.entries(wanted).every(([part, value]) => state[part] === value);
}"""

# Above each map stand its number and its strength.
HEADER = 20
# Over the rows there their seconds stand.
FOOT = 12


class Box(NamedTuple):
    """CSS pixels from the canvas's top left corner."""

    x: float
    y: float
    width: float
    height: float


class Panel:
    """A page with the panel; `frame` is the frame that it runs in."""

    def __init__(self, page: Page, frame: Frame, watch: Watch) -> None:
        self.page = page
        self.frame = frame
        self.watch = watch

    def part(self, test_id: str) -> Locator:
        return self.frame.get_by_test_id(test_id)

    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = self.frame.evaluate("window.cnnviz.state")
        return state

    def handle(self, name: str) -> Any:
        return self.frame.evaluate(f"window.cnnviz.{name}")

    def wait_until(self, condition: str, argument: Any = None) -> None:
        """Wait for a condition in JavaScript; it is asked at every frame."""
        self.frame.wait_for_function(condition, arg=argument)

    def wait_shown(self, **wanted: Any) -> Panel:
        """Wait until the grid's pixels show this run, step, clip, layer, mode."""
        self.wait_until(_SHOWS, wanted)
        self.settle()
        return self

    def settle(self) -> None:
        self.frame.evaluate(_SETTLED)

    # What a user chooses.

    def choose_theme(self, theme: Theme) -> Panel:
        """As TensorBoard's own switch does, in whose page the panel is; by itself the panel is as the system is."""
        host = self.frame.parent_frame
        if host is None:
            self.page.emulate_media(color_scheme=theme)
        else:
            host.evaluate("dark => document.body.classList.toggle('dark-mode', dark)", theme == "dark")
        self.wait_until("theme => document.documentElement.dataset.theme === theme", theme)
        return self

    def choose_run(self, run: str) -> Panel:
        self.part("run").select_option(run)
        return self.wait_shown(run=run)

    def choose_clip(self, name: str) -> Panel:
        self.row("clips", name).click()
        return self.wait_shown(clip=name)

    def choose_layer(self, name: str) -> Panel:
        self.row("layers", name).click()
        return self.wait_shown(layer=name)

    def row(self, test_id: str, name: str) -> Locator:
        return self.part(test_id).locator(f"[data-name={json.dumps(name, ensure_ascii=False)}]")

    def choose_mode(self, mode: str) -> Panel:
        self.part(f"mode-{mode}").click()
        return self.wait_shown(mode=mode)

    def choose_sort(self, sort: str) -> Panel:
        self.part("sort").select_option(sort)
        return self.wait_ordered()

    def wait_ordered(self) -> Panel:
        """An order may be of what is still to be fetched."""
        self.wait_until("() => !window.cnnviz.state.ordering")
        self.settle()
        return self

    def choose_scale(self, scale: str) -> Panel:
        """Per filter or per layer, where it ends with `-epochs` as far as any epoch's values reach."""
        self.part("scale").select_option(scale)
        self.wait_until("scale => document.querySelector('[data-testid=\"grid\"]').dataset.scale === scale", scale)
        return self

    def choose_step(self, step: int) -> Panel:
        """By the buttons, as often as it takes."""
        steps = self.frame.evaluate("window.cnnviz.state.step")
        while steps != step:
            self.part("epoch-before" if steps > step else "epoch-after").click()
            steps = self.frame.evaluate("window.cnnviz.state.step")
        return self.wait_shown(step=step)

    def repeat(self, first: float, last: float) -> Panel:
        """Drag along the seconds from one to the other: the part between them repeats."""
        bounds = self.part("seconds").bounding_box()
        start, end = self.handle("seconds")
        assert bounds is not None
        at = [bounds["x"] + (time - start) / (end - start) * bounds["width"] for time in (first, last)]
        self.page.mouse.move(at[0], bounds["y"] + 5)
        self.page.mouse.down()
        self.page.mouse.move(at[1], bounds["y"] + 5, steps=5)
        self.page.mouse.up()
        return self

    def choose_tile_size(self, width: int) -> Panel:
        self.part("tile-size").fill(str(width))
        self.settle()
        return self

    def seek(self, seconds: float, track: str = "spectrogram") -> Panel:
        """Click a track of the input at a time of the clip."""
        box = self.part(track).bounding_box()
        assert box is not None
        start, end = self.handle("seconds")
        x = (seconds - start) / (end - start) * box["width"]
        self.part(track).locator("xpath=..").click(position={"x": x, "y": box["height"] / 2})
        self.settle()
        return self

    # What a user sees.

    def pixels(self, test_id: str, box: Box | None = None) -> np.ndarray:
        """Read back a canvas, or a part of it, with what moves over it: uint8 `[y, x, 4]`, the canvas's own pixels."""
        ratio = self.handle("ratio")
        asked = None if box is None else [round(length * ratio) for length in box]
        answer = self.frame.evaluate(_READ_PIXELS, [test_id, asked])
        data = np.frombuffer(base64.b64decode(answer["data"]), np.uint8)
        return data.reshape(answer["height"], answer["width"], 4)

    def tile(self, filter_number: int) -> Box:
        """Where a filter's map stands on the grid's canvas, after scrolling to it where it is out of view."""
        for _ in range(200):
            for tile in self.handle("tiles"):
                if tile["filter"] == filter_number and self._whole(tile):
                    return Box(tile["x"], tile["y"], tile["width"], tile["height"])
            self._scroll_towards(filter_number)
        raise AssertionError(f"the tile of filter {filter_number} does not come into view")

    def tile_pixels(self, filter_number: int) -> np.ndarray:
        return self.pixels("grid", self.tile(filter_number))

    def on_tile(self, filter_number: int, across: float = 0.5, down: float = 0.5) -> tuple[float, float]:
        """A place on a filter's map, as the pointer finds it on the page."""
        # What a change left to the next frame may move the tiles.
        self.settle()
        tile, grid = self.tile(filter_number), self.part("grid").bounding_box()
        assert grid is not None
        return grid["x"] + tile.x + across * tile.width, grid["y"] + tile.y + down * tile.height

    def click_tile(self, filter_number: int, across: float = 0.5) -> None:
        self.page.mouse.click(*self.on_tile(filter_number, across))

    def _whole(self, tile: dict[str, float]) -> bool:
        height = self.part("grid-scroller").evaluate("area => area.clientHeight")
        return tile["y"] >= 0 and tile["y"] + tile["height"] <= height - FOOT

    def _scroll_towards(self, filter_number: int) -> None:
        tiles, order = self.handle("tiles"), self.handle("order")
        first = tiles[0]
        across = sum(tile["y"] == first["y"] for tile in tiles)
        below = next((tile["y"] for tile in tiles if tile["y"] > first["y"]), first["y"] + first["height"])
        rows = order.index(filter_number) // across - order.index(first["filter"]) // across
        by = first["y"] + rows * (below - first["y"]) - HEADER
        self.part("grid-scroller").evaluate("(area, by) => area.scrollBy(0, by)", by)
        self.settle()
