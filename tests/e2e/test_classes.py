"""The table of filters by classes: its colours against z-scores from the bundles, and where its cells lead."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from tensorboard_plugin_cnnviz import Probe, Response, SummaryWriter

from .browser import Opener
from .experiment import CLASSES as INSTRUMENTS
from .laws import class_selectivity
from .panel import Panel
from .placed import misplaced
from .tensorboard import TensorBoard

RUN, NAMED = "classes/cnnviz", "named/cnnviz"
STEPS = (0, 1)
CLASSES = ("flute", "organ", "sax")
# Labels and whether the network gets it right: of organ too few clips for a class, one of two labels, one of none.
CLIPS = (
    *[(("sax",), number < 5) for number in range(9)],
    *[(("flute",), True) for _ in range(7)],
    *[(("organ",), True) for _ in range(3)],
    (("flute", "sax"), True),
    ((), True),
)
NAMES = [f"clip {number}" for number in range(len(CLIPS))]
FILTERS, WIDE, WINDOWS = 30, 1024, 2
BELOW, ABOVE, LARGEST_Z = np.array([33, 102, 172]), np.array([178, 24, 43]), 2.0


def write_run(directory: Path) -> None:
    inputs, times = np.zeros((WINDOWS, 4, 3, 1), np.float32), np.array([[0.0, 1.0], [0.5, 1.5]])
    probes = [
        Probe(name, inputs, times, label=labels or None, detail="summary")
        for name, (labels, _) in zip(NAMES, CLIPS, strict=True)
    ]
    with SummaryWriter(directory, probes, class_names=CLASSES) as writer:
        for step in STEPS:
            random = np.random.default_rng(step)
            liking = {name: random.normal(size=FILTERS) for name in CLASSES}
            told = []
            for name, (labels, right) in zip(NAMES, CLIPS, strict=True):
                maps = random.normal(size=(WINDOWS, 3, 4, FILTERS)) + sum(liking[label] for label in labels)
                maps[..., 7] = 0.5
                scores = np.tile([float(each in labels[:1]) == right for each in CLASSES], (WINDOWS, 1))
                numbers = random.normal(size=(WINDOWS, WIDE))
                told.append(Response(name, {"maps": maps.astype(np.float32), "wide": numbers}, scores.astype(float)))
            writer.write(step, told)


def write_named(directory: Path) -> None:
    """As many classes as the instruments have, with their names."""
    inputs, times = np.zeros((WINDOWS, 4, 3, 1), np.float32), np.array([[0.0, 1.0], [0.5, 1.5]])
    probes = [Probe(name, inputs, times, label=name, detail="summary") for name in INSTRUMENTS]
    random = np.random.default_rng(0)
    with SummaryWriter(directory, probes, class_names=INSTRUMENTS) as writer:
        scores = np.eye(len(INSTRUMENTS))
        maps = random.normal(size=(len(INSTRUMENTS), WINDOWS, 3, 4, FILTERS)).astype(np.float32)
        told = zip(INSTRUMENTS, maps, scores, strict=True)
        writer.write(0, [Response(name, {"maps": own}, np.tile(score, (WINDOWS, 1))) for name, own, score in told])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TensorBoard]:
    logdir = tmp_path_factory.mktemp("classes")
    write_named(logdir / NAMED)
    write_run(logdir / RUN)
    with TensorBoard(logdir) as server:
        server.wait_for(NAMED, 0)
        server.wait_for(RUN, STEPS[-1])
        yield server


@pytest.fixture
def table(open_panel: Opener, served: TensorBoard) -> Panel:
    panel = open_panel(served).choose_run(RUN).wait_shown(step=STEPS[-1]).choose_layer("maps")
    panel.part("view").select_option("classes")
    return wait_drawn(panel, STEPS[-1], "maps")


def wait_drawn(panel: Panel, step: int, layer: str, columns: int = len(CLASSES)) -> Panel:
    panel.wait_until(
        """([step, layer, columns]) => {
          const drawn = document.querySelector('[data-testid="class-table"]')?.dataset;
          return drawn?.step === String(step) && drawn.layer === layer && drawn.columns === String(columns);
        }""",
        [step, layer, columns],
    )
    panel.settle()
    return panel


def drawn(panel: Panel) -> dict[str, Any]:
    data: dict[str, str] = panel.part("class-table").evaluate("canvas => ({ ...canvas.dataset })")
    order = [int(number) for number in data["order"].split()]
    return {**{key: float(data[key]) for key in ("left", "columnWidth", "rowHeight", "top")}, "order": order}


def means_of(served: TensorBoard, step: int, layer: str) -> np.ndarray:
    """The mean of each filter over each clip `[clips, filters]`, as the bundle holds them."""
    path = next((served.logdir / RUN / "plugins" / "cnnviz").glob(f"{step}-*.zip"))
    with zipfile.ZipFile(path) as archive:
        statistics = np.load(io.BytesIO(archive.read("statistics.npy")))
        layers = json.loads(archive.read("manifest.json"))["layout"]["layers"]
    entry = next(each for each in layers if each["name"] == layer)
    means: np.ndarray = statistics[:, entry["first_filter"] : entry["first_filter"] + entry["filters"], 2]
    return means.astype(np.float64)


def members(name: str, right: bool | None = None) -> list[int]:
    return [
        clip for clip, (labels, is_right) in enumerate(CLIPS) if name in labels and (right is None or is_right == right)
    ]


def z_scores(means: np.ndarray, columns: list[list[int]]) -> np.ndarray:
    """`[filters, columns]`: means of z over a column's clips, z over all labelled clips; NaN without spread."""
    labelled = means[[clip for clip, (labels, _) in enumerate(CLIPS) if labels]]
    spread = labelled.std(axis=0)
    z = (means - labelled.mean(axis=0)) / np.where(spread > 1e-6, spread, np.nan)
    return np.stack([z[own].mean(axis=0) for own in columns], axis=1)


def colours(z: np.ndarray) -> np.ndarray:
    share = np.clip(np.abs(z) / LARGEST_Z, 0, 1)[..., np.newaxis]
    return 255 + share * (np.where((z < 0)[..., np.newaxis], BELOW, ABOVE) - 255)


def check_cells(panel: Panel, z: np.ndarray, *, outlined: Collection[int] = ()) -> None:
    """Each cell in view has the colour of its z in the middle, within a step; not of filters under an outline."""
    shown = drawn(panel)
    pixels = panel.pixels("class-table")[..., :3].astype(int)
    checked = 0
    for row, number in enumerate(shown["order"]):
        y = (row + 0.5) * shown["rowHeight"] - shown["top"]
        if not 0 <= y < len(pixels) or number in outlined:
            continue
        for column, value in enumerate(z[number]):
            x = shown["left"] + (column + 0.5) * shown["columnWidth"]
            pixel = pixels[int(y), int(x)]
            if np.isnan(value):
                assert len(set(pixel)) == 1
                assert pixel[0] < 255
            else:
                assert np.abs(pixel - colours(value)).max() <= 1, (number, column, value, pixel)
            checked += 1
    assert checked > 20


def expected_order(z: np.ndarray) -> list[int]:
    """By preferred class, then by that z; last those without."""
    known = np.nan_to_num(z, nan=-np.inf)
    first = np.where(np.isnan(z).all(axis=1), z.shape[1], known.argmax(axis=1))
    return [int(number) for number in np.lexsort((np.arange(len(z)), -known.max(axis=1), first))]


def test_cells_are_the_classes_z_scores_in_the_order_of_the_preferred_class(table: Panel, served: TensorBoard) -> None:
    z = z_scores(means_of(served, 1, "maps"), [members(name) for name in CLASSES])
    assert drawn(table)["order"] == expected_order(z)
    check_cells(table, z)
    heads = table.frame.locator(".class-heads > [data-class]")
    assert heads.all_inner_texts() == [f"{name}\nn {len(members(name))}" for name in CLASSES]
    expect(table.part("classes-caption")).to_have_text(
        "compares clips, not classes: organ has fewer than 5 clips", use_inner_text=True
    )
    expect(heads.nth(1)).to_have_attribute("title", "organ: 3 clips. Fewer than 5: this compares clips, not classes")


def test_right_and_wrong_clips_are_told_apart_where_there_are_three_of_both(table: Panel, served: TensorBoard) -> None:
    table.part("classes-parted").click()
    wait_drawn(table, 1, "maps", 4)
    parts = [members("flute"), members("organ"), members("sax", True), members("sax", False)]
    check_cells(table, z_scores(means_of(served, 1, "maps"), parts))
    heads = table.frame.locator(".class-heads [data-part]")
    assert heads.evaluate_all("all => all.map(({ dataset }) => [dataset.part, Number(dataset.clips)])") == [
        ["all", 8],
        ["all", 3],
        ["right", 6],
        ["wrong", 4],
    ]
    # Of the clip that is shown: why its class is left whole, or nothing where it is not.
    for clip, told in ((members("sax")[0], "compares clips"), (members("flute")[0], "flute is not told apart")):
        table.row("clips", NAMES[clip]).click()
        expect(table.part("classes-caption")).to_contain_text(told)


@pytest.mark.parametrize(("width", "height"), [(700, 736), (1024, 576), (1280, 736)])
def test_names_of_classes_are_read_whole_above_their_cells(
    open_panel: Opener, served: TensorBoard, width: int, height: int
) -> None:
    panel = open_panel(served, width=width, height=height).choose_run(NAMED)
    panel.part("view").select_option("classes")
    wait_drawn(panel, 0, "maps", len(INSTRUMENTS))
    names = panel.frame.locator(".class-heads > [data-class] > span")
    assert names.all_inner_texts() == list(INSTRUMENTS)
    cut = "all => all.filter(each => each.scrollWidth > each.clientWidth || each.scrollHeight > each.clientHeight + 1)"
    assert names.evaluate_all(f"{cut}.map(each => each.textContent)") == []
    # What they take is not the rows'.
    assert panel.part("classes-scroller").evaluate("area => area.clientHeight") >= 100
    assert not misplaced(panel, width, 10_000 if width == 700 else height)


def test_the_order_stays_until_it_is_asked_for_again(table: Panel, served: TensorBoard) -> None:
    before = drawn(table)["order"]
    table.part("epoch-before").click()
    wait_drawn(table, 0, "maps")
    z = z_scores(means_of(served, 0, "maps"), [members(name) for name in CLASSES])
    assert drawn(table)["order"] == before != expected_order(z)
    check_cells(table, z)
    table.part("classes-again").click()
    table.settle()
    assert drawn(table)["order"] == expected_order(z)
    expect(table.part("classes-again")).to_have_count(0)


def test_a_cell_says_what_it_is_and_leads_to_its_filter_and_clip(table: Panel, served: TensorBoard) -> None:
    means = means_of(served, 1, "maps")
    z = z_scores(means, [members(name) for name in CLASSES])
    shown = drawn(table)
    number = shown["order"][2]
    clip = NAMES[max(members("sax"), key=lambda each: means[each, number])]
    cell = {"x": shown["left"] + 2.5 * shown["columnWidth"], "y": 2.5 * shown["rowHeight"]}
    table.part("classes-scroller").hover(position=cell)
    readout = table.part("classes-readout")
    expect(readout).to_contain_text(f"Filter {number}, sax")
    text = " ".join(readout.inner_text().split()).replace("\N{MINUS SIGN}", "-")
    read = {part.split()[0]: part.split()[1] for part in text.split(" \N{MIDDLE DOT} ")}
    assert float(read["z"]) == pytest.approx(z[number, 2], abs=6e-3)
    assert float(read["mean"]) == pytest.approx(means[members("sax"), number].mean(), abs=6e-3)
    assert text.endswith(f"most in {clip}")
    assert "of n = 10" in text
    by_class = np.stack([np.maximum(means[members(name)], 0).mean(axis=0) for name in CLASSES], axis=1)
    assert float(read["selectivity"]) == pytest.approx(class_selectivity(by_class)[number], abs=6e-3)

    table.part("classes-scroller").click(position=cell)
    table.wait_shown(layer="maps", clip=clip)
    expect(table.part("class-table")).to_have_count(0)
    table.wait_until("number => window.cnnviz.tiles.some(tile => tile.filter === number)", number)


def test_a_click_leads_to_the_row_that_is_pointed_at_between_two_pixels(table: Panel) -> None:
    table.row("layers", "wide").click()
    wait_drawn(table, 1, "wide")
    shown = drawn(table)
    # As below a bar that is no whole number of pixels high: a row begins within a pixel.
    table.part("classes-scroller").evaluate("area => { area.style.translate = '0 0.5px'; }")
    box = table.part("classes-scroller").bounding_box()
    assert box is not None
    row = 3
    table.page.mouse.move(box["x"] + shown["left"] + 5, box["y"] + row * shown["rowHeight"] + 0.2)
    expect(table.part("classes-readout")).to_contain_text(f"Filter {shown['order'][row]},")
    table.page.mouse.down()
    table.page.mouse.up()
    table.wait_until("number => window.cnnviz.found === number", shown["order"][row])


def test_every_cell_of_a_wide_layer_is_reached_by_keys_and_little_is_fetched(
    open_panel: Opener, served: TensorBoard
) -> None:
    panel = open_panel(served).wait_shown(run=RUN, step=STEPS[-1])
    asked: list[str] = []
    panel.page.on("request", lambda request: asked.append(request.url))
    panel.part("view").select_option("classes")
    panel.row("layers", "wide").click()
    wait_drawn(panel, 1, "wide")
    assert sum("/statistics?" in url and "layer=wide" in url for url in asked) == 1
    assert not any("statistics.npy" in url for url in asked)
    means = means_of(served, 1, "wide")
    z = z_scores(means, [members(name) for name in CLASSES])
    order = drawn(panel)["order"]
    assert order == expected_order(z)

    area = panel.part("classes-scroller")
    area.focus()
    for key in ("ArrowDown", "End", "ArrowUp", "ArrowRight"):
        area.press(key)
    panel.settle()
    assert drawn(panel)["top"] > 1000
    check_cells(panel, z, outlined=order[-5:])
    number = order[-2]
    expect(panel.part("classes-readout")).to_contain_text(f"Filter {number}, organ")
    area.press("Enter")
    clip = NAMES[max(members("organ"), key=lambda each: means[each, number])]
    panel.wait_shown(layer="wide", clip=clip)
