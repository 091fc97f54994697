"""Odd logs: maps of one cell or thousands, one filter or 2,048, no names, many epochs, clips and runs.

Numbers that are not finite, damaged, missing and newer bundles: `test_states.py`. Changed runs: `test_changed.py`.
Epochs that arrive late: `test_late.py`. No window at all cannot be logged: `tests/test_probes.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from .axe import problems
from .browser import Opener, opener
from .cells import check, drawn_window, fitting, pick
from .colours import scale_of
from .laws import turns
from .odd import (
    ALIKE,
    LAYER,
    LONG,
    MANY,
    MANY_CLASSES,
    MANY_SCORES,
    MANY_STEPS,
    RUNS,
    SHAPES,
    STEPS,
    THIRTY,
    edges,
    many_epochs_maps,
    maps,
    run_name,
    write_many_runs,
    write_odd,
)
from .panel import Panel
from .placed import misplaced
from .tensorboard import TensorBoard
from .views import COMPARED, choose_view

WIDTH, HEIGHT = 1280, 800
NEWEST = STEPS[-1]
# What stands below the grid in each mode, besides what every run of maps says.
POOLED, ONE_ROW = "maps pooled by magnitude", "no onset to harmonic: maps of one row"
SAID = {
    "one filter": {"window": "8 of 8 columns lie in the window"},
    "one window": {"window": "8 of 8 columns lie in the window"},
    "one cell": {"strip": ONE_ROW, "window": "1 of 1 column lies in the window", "raster": ONE_ROW},
    "long maps": {"strip": "each pixel shows its brightest cell", "window": POOLED, "raster": ONE_ROW},
    "high maps": {"strip": "each pixel shows its brightest cell", "window": POOLED},
    "many filters": {"window": "4 of 4 columns lie in the window", "raster": "rows share pixels"},
}
TIMES, MINUS = "\N{MULTIPLICATION SIGN}", "\N{MINUS SIGN}"
FILTERS = {"one filter": "1 filter", "many filters": "2,048 filters", "long maps": "3 filters"}
MAPS = {
    "one cell": f"1 column {TIMES} 1 row",
    "long maps": f"4,096 columns {TIMES} 1 row",
    "high maps": f"1 column {TIMES} 4,096 rows",
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TensorBoard]:
    logdir = tmp_path_factory.mktemp("odd")
    write_odd(logdir)
    with TensorBoard(logdir) as server:
        for run in SHAPES:
            server.wait_for(run, NEWEST)
        server.wait_for(MANY, MANY_STEPS[-1])
        yield server


@pytest.fixture(scope="module")
def page(browser: Browser, served: TensorBoard) -> Iterator[Panel]:
    """One page that goes through all runs; whatever its console says in between is told at the end."""
    with opener(browser) as opens:
        yield opens(served, width=WIDTH, height=HEIGHT)


def stored(run: str) -> np.ndarray:
    """What a run's first clip holds at the newest epoch: `[filters, windows, frequency, time]`."""
    return maps(run, NEWEST).transpose(3, 0, 1, 2)


@pytest.mark.parametrize("run", SHAPES)
def test_each_mode_of_an_odd_run_is_drawn_and_described(page: Panel, served: TensorBoard, run: str) -> None:
    page.choose_run(run).wait_shown(step=NEWEST)
    layer = page.row("layers", LAYER)
    expect(layer).to_contain_text(FILTERS.get(run, ""))
    expect(layer).to_contain_text(MAPS.get(run, ""))
    for mode in ("strip", "raster", "window"):
        page.choose_mode(mode)
        expect(page.part("grid-caption")).to_contain_text(SAID.get(run, {}).get(mode, ""))
        assert sorted(page.handle("order")) == list(range(SHAPES[run][-1]))
        assert misplaced(page, WIDTH, HEIGHT) == []
        expect(page.part("notice")).to_have_count(0)
    first = page.handle("order")[0]
    check_window(page, run, first)
    check_row(page.choose_mode("raster"), served, run, first)
    check_strip(page.choose_mode("strip"), served, run, first)


def test_odd_runs_are_accessible(page: Panel) -> None:
    found = [problem for run in (*SHAPES, MANY) for problem in problems(page.choose_run(run), run)]
    assert not found, "\n".join(found)


def check_window(panel: Panel, run: str, number: int) -> None:
    """A single window's cells; of a long axis 16 alike are pooled to the one that is drawn."""
    activations = stored(run)
    window = panel.state()["window"]
    step = [ALIKE if length == LONG else 1 for length in activations.shape[2:]]
    values = activations[number, window, :: step[0], :: step[1]]
    box = panel.tile(number)
    assert min(box.width, box.height) >= 15
    up, along = (told_apart(cells, length) for cells, length in zip(values.shape, (box.height, box.width), strict=True))
    drawn = drawn_window(panel, number, *values.shape)[np.ix_(up, along)]
    check(drawn, values[np.ix_(up, along)], scale_of(activations, "filter"), number)


def told_apart(cells: int, length: float) -> np.ndarray:
    """Cells of an axis that have pixels of their own: none where there are more cells than pixels."""
    return np.arange(cells if 1.2 * cells <= length else 0)


def check_row(panel: Panel, served: TensorBoard, run: str, number: int) -> None:
    """Each window's largest number; maps of one row are strips already, and drawn as such."""
    activations = stored(run)
    panel.choose_tile_size(14)
    if activations.shape[2] == 1:
        check_strip(panel, served, run, number)
    else:
        start, end = panel.handle("seconds")
        middles = turns(edges(activations.shape[1])).mean(axis=1)
        drawn = pick(panel.tile_pixels(number), (middles - start) / (end - start), np.array([0.5]))
        check(
            drawn,
            activations[number].max(axis=(1, 2))[np.newaxis],
            scale_of(activations, "layer" if activations.shape[1] == 1 else "filter"),
            number,
        )
    panel.part("tile-fit").click()
    panel.settle()


def check_strip(panel: Panel, served: TensorBoard, run: str, number: int) -> None:
    """A strip's cells, at the seconds that the server tells; of more cells than pixels the brightest one's colour."""
    activations, (start, end) = stored(run), panel.handle("seconds")
    grid = served.read("steps", run=run)["layout"]["grids"][0]
    strip = activations[number][grid["windows"], :, grid["columns"]].T
    pixels, scale = panel.tile_pixels(number), scale_of(activations, "filter")
    if max(strip.shape) > 256:
        # Each pixel shows the brightest of its cells, so that the largest number is never lost.
        best = strip.max().reshape(1, 1)
        colours = np.unique(pixels[..., :3].reshape(-1, 3), axis=0)
        assert any(fitting(colour.reshape(1, 1, 3), best, scale, number).all() for colour in colours)
        assert len(colours) > 20
        return
    times = grid["start"] + (np.arange(strip.shape[1]) + 0.5) * grid["step"]
    seen = (times > start) & (times < end)
    assert seen.sum() >= strip.shape[1] - 1
    up = 1 - (np.arange(len(strip)) + 0.5) / len(strip)
    check(pick(pixels, (times[seen] - start) / (end - start), up), strip[:, seen], scale, number)


@pytest.mark.parametrize("run", SHAPES)
def test_other_views_of_an_odd_run_open(page: Panel, run: str) -> None:
    page.choose_run(run).wait_shown(step=NEWEST).choose_mode("strip")
    number = page.handle("tiles")[0]["filter"]
    page.click_tile(number)
    expect(page.part("inspector-title")).to_contain_text(re.compile(rf"^Filter {number}\b"))
    expect(page.part("inspector-strip")).to_be_visible()
    page.settle()
    assert misplaced(page, WIDTH, HEIGHT) == []
    page.page.keyboard.press("Escape")

    page.page.keyboard.press("c")
    page.wait_until(COMPARED)
    expect(page.part("compare")).to_contain_text(f"B {MINUS} A: epoch 1 minus epoch 0")
    assert misplaced(page, WIDTH, HEIGHT) == []
    page.page.keyboard.press("c")
    page.wait_shown()

    choose_view(page, "classes")
    if run == "thirty clips":
        expect(page.part("class-table")).to_be_visible()
        expect(page.part("classes-caption")).to_contain_text("means of clips")
    else:
        expect(page.part("notice")).to_contain_text("it needs clips of at least two classes")
        expect(page.part("classes-caption")).to_have_count(0)
    page.settle()
    assert misplaced(page, WIDTH, HEIGHT) == []
    choose_view(page, "filters")
    page.wait_shown()
    page.watch.check()


def test_what_was_not_logged_with_a_clip_is_said_in_its_place(page: Panel) -> None:
    page.choose_run("no labels").wait_shown(step=NEWEST)
    expect(page.frame.get_by_label("Input")).to_contain_text("No spectrogram was logged with this clip.")
    expect(page.frame.get_by_label("Input")).to_contain_text("No sound was logged with this clip.")
    expect(page.part("verdict")).to_have_text("Taken for sax. The clip has no label.")
    page.choose_run("no names").wait_shown(step=NEWEST)
    expect(page.part("verdict")).to_have_text("Taken for 0. The clip has no label.")
    bars = page.part("prediction").locator("[data-class]")
    assert bars.evaluate_all("bars => bars.map(bar => bar.dataset.class)") == ["0", "1"]
    page.choose_run("no scores").wait_shown(step=NEWEST)
    expect(page.part("prediction")).to_contain_text("No predictions were logged.")


def test_of_many_classes_only_those_in_view_are_in_the_page(page: Panel) -> None:
    page.choose_run("many classes").wait_shown(step=NEWEST)
    bars = page.part("prediction").locator(".bars")
    # A screen reader counts items of a list, and takes nothing else in it.
    expect(bars.locator(":scope > :not(li), :scope > [role]")).to_have_count(0)
    best = [MANY_CLASSES[place] for place in MANY_SCORES.argsort()[::-1]]
    named = bars.locator("[data-class]")
    expect(named.first).to_have_attribute("data-class", best[0])
    assert named.count() < 40
    height = bars.evaluate("bars => bars.scrollHeight")
    for share in (0.5, 1):
        bars.evaluate("(bars, share) => { bars.scrollTop = share * bars.scrollHeight }", share)
        page.settle()
        told = named.evaluate_all("bars => bars.map(({ dataset }) => [dataset.class, Number(dataset.score)])")
        first = best.index(told[0][0])
        assert first > 200
        assert [name for name, _ in told] == best[first : first + len(told)]
        scores = [MANY_SCORES[MANY_CLASSES.index(name)] for name, _ in told]
        assert [score for _, score in told] == pytest.approx(scores, abs=1e-6)
        assert bars.evaluate("bars => bars.scrollHeight") == height
    assert told[-1][0] == best[-1]
    last, box = named.last.bounding_box(), bars.bounding_box()
    assert last is not None
    assert box is not None
    assert last["y"] + last["height"] <= box["y"] + box["height"]


def test_thirty_clips_are_told_right_from_wrong_and_gone_through(page: Panel) -> None:
    page.choose_run("thirty clips").wait_shown(step=NEWEST, clip=THIRTY[0])
    expect(page.part("clip-count")).to_have_text("30")
    expect(page.row("clips", THIRTY[0])).to_contain_text("ok")
    expect(page.row("clips", THIRTY[1])).to_contain_text("→ sax")
    page.part("clips").press("End")
    page.wait_shown(clip=THIRTY[-1])
    number = page.handle("order")[0]
    activations = maps("thirty clips", NEWEST, len(THIRTY) - 1).transpose(3, 0, 1, 2)
    page.choose_mode("window")
    drawn = drawn_window(page, number, 6, 8)
    check(drawn, activations[number, page.state()["window"]], scale_of(activations, "filter"), number)
    page.choose_mode("strip")


def test_a_thousand_epochs_with_gaps_are_counted_gone_through_and_compared(page: Panel) -> None:
    page.choose_run(MANY).wait_shown(step=MANY_STEPS[-1], mode="raster")
    expect(page.part("epoch")).to_contain_text("EPOCH 2,397")
    expect(page.part("epoch")).to_contain_text("(1,000th of 1,000 logged)")
    for mode in ("strip", "window"):
        expect(page.part(f"mode-{mode}")).to_be_disabled()
    check_many_epochs(page)
    for key in ("ArrowLeft", "ArrowLeft"):
        page.page.keyboard.press(f"Shift+{key}")
    page.wait_shown(step=2391)
    expect(page.part("epoch")).to_contain_text("(998th of 1,000 logged)")
    check_many_epochs(page)
    assert misplaced(page, WIDTH, HEIGHT) == []

    page.page.keyboard.press("c")
    page.wait_until(COMPARED)
    expect(page.part("compare-b")).to_have_text("epoch 2,391")
    assert page.part("compare-epoch").locator("option:checked").inner_text() == "previous (2,388)"
    assert misplaced(page, WIDTH, HEIGHT) == []
    page.page.keyboard.press("c")
    page.wait_shown()
    page.watch.check()


def check_many_epochs(panel: Panel) -> None:
    activations = many_epochs_maps(panel.state()["step"]).transpose(3, 0, 1, 2)
    scale = scale_of(activations, "layer")
    for number in range(2):
        drawn = pick(panel.tile_pixels(number), np.array([0.5]), np.array([0.5]))
        check(drawn, activations[number].max().reshape(1, 1), scale, number)


def test_three_hundred_runs_are_listed_and_the_last_is_shown(
    open_panel: Opener, serve: Callable[..., TensorBoard], tmp_path: Path
) -> None:
    write_many_runs(tmp_path)
    tensorboard = serve(tmp_path)
    tensorboard.wait_until(lambda: [run["last_step"] for run in tensorboard.read("index")["runs"]] == [NEWEST] * RUNS)
    panel = open_panel(tensorboard, width=WIDTH, height=HEIGHT).wait_shown(step=NEWEST)
    names = panel.part("run").locator("option").evaluate_all("options => options.map(option => option.value)")
    assert sorted(names) == [run_name(number) for number in range(RUNS)]
    for number in (RUNS - 1, 150):
        panel.choose_run(run_name(number)).wait_shown(step=NEWEST)
        check_window(panel.choose_mode("window"), "one window", panel.handle("order")[0])
    assert misplaced(panel, WIDTH, HEIGHT) == []
