"""A picture of the present moment: the pixels that are on the screen, and the rows that are not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from .arrays import NAMED, NAMES, RUN
from .browser import Opener
from .conftest import show_trained
from .experiment import STEPS
from .panel import Box, Panel
from .tensorboard import TensorBoard
from .views import choose_view


def saved_picture(panel: Panel, folder: Path) -> tuple[str, np.ndarray]:
    """Name and pixels, uint8 `[y, x, 3]`, of the picture that the menu saves."""
    panel.part("export-button").click()
    with panel.page.expect_download() as download:
        panel.part("export-png").click()
    expect(panel.part("export-png-said")).to_contain_text("Saved")
    panel.page.keyboard.press("Escape")
    expect(panel.part("export")).to_have_count(0)
    path = folder / "picture.png"
    download.value.save_as(path)
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGB"))
    return download.value.suggested_filename, pixels


def place_of(part: np.ndarray, picture: np.ndarray) -> tuple[int, int]:
    """Where a part's pixels stand in a picture, from its top left: there and nowhere else."""
    height, width = part.shape[:2]
    # Looked for by its brightest pixel: there are few of them.
    below, right = np.unravel_index(part.sum(axis=2, dtype=int).argmax(), (height, width))
    alike = (picture == part[below, right]).all(axis=-1)
    found = [
        (int(y - below), int(x - right))
        for y, x in np.argwhere(alike)
        if y >= below and x >= right and np.array_equal(picture[y - below :, x - right :][:height, :width], part)
    ]
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(("ratio", "tab"), [(1, True), (1.5, False)], ids=["in its tab", "sharp screen"])
def test_the_picture_has_the_tiles_pixels_at_the_same_moment(
    open_panel: Opener, tensorboard: TensorBoard, tmp_path: Path, ratio: float, tab: bool
) -> None:
    panel = show_trained(open_panel(tensorboard, ratio=ratio, tab=tab))
    panel.choose_clip("violin").choose_layer("conv2").choose_tile_size(150).seek(1.3)
    panel.page.mouse.move(0, 0)
    panel.settle()
    tiles = panel.handle("tiles")
    screen, cursors = panel.pixels("grid"), panel.pixels("grid-cursor")
    name, picture = saved_picture(panel, tmp_path)
    assert name == f"trained-cnnviz-conv2-violin-epoch-{STEPS[-1]}.png"

    # All of the grid is there, though the screen holds but some rows of it.
    order = panel.handle("order")
    assert len(tiles) < len(order)
    across = sum(tile["y"] == tiles[0]["y"] for tile in tiles)
    pitch = tiles[across]["y"] - tiles[0]["y"]
    pixels = lambda tile: tuple(int(tile[side] * ratio + 0.5) for side in ("x", "y", "width", "height"))  # noqa: E731
    free = cursors[..., 3] == 0
    x, y, width, height = pixels(tiles[0])
    columns = np.flatnonzero(free[y : y + height, x : x + width].all(axis=0))
    # Left of the cursor nothing covers the map.
    left = int(np.flatnonzero(np.diff(columns) > 1)[0]) + 1
    top, start = place_of(screen[y : y + height, x : x + left, :3], picture)
    offset = np.array([top - y, start - x])
    assert picture.shape[0] >= top + (len(order) // across - 1) * pitch * ratio + height

    for number in (0, 3, across + 1):
        x, y, width, height = pixels(tiles[number])
        height = min(height, screen.shape[0] - y)
        shown = screen[y : y + height, x : x + width, :3]
        drawn = picture[offset[0] + y : offset[0] + y + height, offset[1] + x : offset[1] + x + width]
        clear = free[y : y + height, x : x + width]
        assert (drawn == shown)[clear].all()
        covered = cursors[y : y + height, x : x + width]
        white = (covered == 255).all(axis=-1)
        assert white.any()
        assert (drawn[white] == 255).all()
    if ratio != 1:
        # Whether half a pixel is rounded up depends on where the screen was scrolled to.
        return
    # The rows below are those that scrolling shows.
    last = order[-1]
    box = panel.tile(last)
    panel.settle()
    # Without its edge: to which pixel half ones were rounded there is another question.
    scrolled = panel.pixels("grid", Box(box.x, box.y, left / ratio, box.height))[1:-1, 1:-1, :3]
    row, column = divmod(len(order) - 1, across)
    at_y = offset[0] + round((tiles[0]["y"] + row * pitch) * ratio)
    at_x = offset[1] + round(tiles[column]["x"] * ratio)
    place_of(scrolled, picture[at_y - 1 : at_y + scrolled.shape[0] + 3, at_x - 1 : at_x + scrolled.shape[1] + 3])


def test_the_picture_is_dark_where_the_screen_is_and_shows_windows_and_rows(
    open_panel: Opener, tensorboard: TensorBoard, tmp_path: Path
) -> None:
    panel = show_trained(open_panel(tensorboard, tab=True)).choose_clip("violin").choose_layer("conv5")
    for mode, dark in (("window", False), ("raster", True)):
        panel.choose_mode(mode).seek(2.0)
        panel.page.evaluate("dark => document.body.classList.toggle('dark-mode', dark)", dark)
        panel.wait_until(
            "theme => document.querySelector('[data-testid=\"grid\"]').dataset.theme === theme",
            "dark" if dark else "light",
        )
        panel.page.mouse.move(0, 0)
        panel.settle()
        tile = panel.handle("tiles")[0]
        # Left of the cursor, and between the marks at its edges.
        height = 40 if mode == "raster" else tile["height"] / 2
        part = panel.pixels("grid", Box(tile["x"], tile["y"] + 4, tile["width"] / 4, height))[..., :3]
        assert len(np.unique(part.reshape(-1, 3), axis=0)) > 10
        _, picture = saved_picture(panel, tmp_path)
        place_of(part, picture)
        assert tuple(picture[2, 2]) == ((48, 48, 48) if dark else (255, 255, 255))


def test_of_a_comparison_or_a_table_no_picture_is_made_and_it_is_said_why(
    open_panel: Opener, small_tensorboard: TensorBoard
) -> None:
    panel = open_panel(small_tensorboard).wait_shown(run=RUN)
    for view, drawn in (("compare", "grid"), ("classes", "classes-scroller"), ("filters", "grid")):
        choose_view(panel, view)
        expect(panel.part(drawn)).to_be_visible()
        panel.part("export-button").click()
        for kind, files in (("png", "Pictures"), ("video", "Videos")):
            save = panel.part(f"export-{kind}")
            if view == "filters":
                expect(save).to_be_enabled()
            else:
                expect(save).to_be_disabled()
                expect(save).to_have_attribute("title", f"{files} are of the filters: go back to them")
        panel.page.keyboard.press("Escape")


def test_the_worst_of_names_stay_text_and_make_a_plain_file_name(
    open_panel: Opener, small_tensorboard: TensorBoard, tmp_path: Path
) -> None:
    panel = open_panel(small_tensorboard).wait_shown(run=RUN)
    panel.choose_run(NAMED).choose_clip(NAMES[4])
    name, picture = saved_picture(panel, tmp_path)
    assert name.endswith("-img-src-x-onerror-window.ran-true-epoch-1.png")
    assert not set(name) & set("/\\<>:\"'|?* ")
    assert picture.size > 0
    assert panel.frame.evaluate("window.ran") is None


@pytest.mark.parametrize("mode", ["strip", "raster"])
def test_the_picture_is_the_same_whether_the_inspector_is_open_or_not(
    open_panel: Opener, tensorboard: TensorBoard, tmp_path: Path, mode: str
) -> None:
    panel = show_trained(open_panel(tensorboard)).choose_layer("conv3").choose_mode(mode).seek(1.0)
    panel.page.mouse.move(0, 0)
    _, alone = saved_picture(panel, tmp_path)
    panel.page.keyboard.press("i")
    panel.settle()
    _, beside = saved_picture(panel, tmp_path)
    assert np.array_equal(alone, beside)
