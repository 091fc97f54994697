"""From a clip that is taken for another class to what may say why: maps of its label, filters, changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tensorboard_plugin_cnnviz import Probe, Response, SummaryWriter
from tests.server.conftest import write_scalars

from .browser import Opener
from .panel import Box, Panel
from .tensorboard import TensorBoard

RUN = "why/cnnviz"
CLASSES = ("sax", "clarinet", "organ")
DETAILS = {"sax 1": "summary", "sax 2": "windows", "clarinet": "strip", "organ": "summary", "short": "summary"}
LABELS = {"sax 1": "sax", "sax 2": "sax", "clarinet": "clarinet", "organ": "organ", "short": "organ"}
# Of the short clip: too few to tell what goes with what.
SHORT = 2
WINDOWS, FILTERS, ROWS, COLUMNS = 6, 5, 3, 4
CLARINET = np.array([0.6, 0.9, 0.55, 0.8, 0.7, 0.95])


def maps(step: int) -> np.ndarray:
    """`[windows, rows, columns, filters]`: filter 3 goes with the clarinet's score, 1 against it, 2 is flat."""
    peaks = np.stack(
        [
            np.random.default_rng(1).uniform(size=WINDOWS),
            2 - CLARINET,
            np.full(WINDOWS, 0.5),
            3 * CLARINET,
            np.random.default_rng(2).uniform(size=WINDOWS),
        ],
        axis=1,
    )
    values = np.zeros((WINDOWS, ROWS, COLUMNS, FILTERS), np.float32)
    values[:, 1, 2] = peaks
    # From step 0 to 1 the second filter changes in each of its cells, and nothing else does.
    values[..., 1] += 0.5 * (step == 1)
    return values


def correlations() -> np.ndarray:
    peaks = maps(1).max(axis=(1, 2))
    return np.array(
        [np.corrcoef(peaks[:, each], CLARINET)[0, 1] if np.ptp(peaks[:, each]) else np.nan for each in range(FILTERS)]
    )


@pytest.fixture
def why(open_panel: Opener, serve: Callable[..., TensorBoard], tmp_path: Path) -> Panel:
    starts = 0.25 * np.arange(WINDOWS)
    times = np.stack([starts, starts + 0.5], axis=1)
    inputs = np.zeros((WINDOWS, COLUMNS, ROWS, 1), np.float32)
    windows = {name: SHORT if name == "short" else WINDOWS for name in DETAILS}
    probes = [
        Probe(name, inputs[: windows[name]], times[: windows[name]], label=LABELS[name], detail=detail)
        for name, detail in DETAILS.items()
    ]
    scores = np.stack([1 - CLARINET, CLARINET, np.zeros(WINDOWS)], axis=1)
    with SummaryWriter(tmp_path / RUN, probes, class_names=CLASSES) as writer:
        for step in (0, 1, 2):
            responses = [
                Response(name, {"conv": maps(step)[:count]}, scores[:count]) for name, count in windows.items()
            ]
            writer.write(step, responses)
    write_scalars(tmp_path / "why" / "train", "epoch_loss", {0: 0.5, 1: 2.0, 2: 0.4})
    tensorboard = serve(tmp_path)
    tensorboard.wait_for(RUN, 2)
    return open_panel(tensorboard).wait_shown(run=RUN, step=2, clip="sax 1")


def test_clips_with_maps_are_marked_and_a_summary_leads_to_those_of_its_label(why: Panel) -> None:
    for name, detail in DETAILS.items():
        mark = why.row("clips", name).locator("[data-kept]")
        expect(mark).to_have_attribute("data-kept", detail)
        said = "no maps kept" if detail == "summary" else "maps kept: strips"
        expect(mark).to_have_attribute("aria-label", re.compile(said))
        expect(mark.locator("title")).to_have_text(re.compile(said))
    note = why.part("summary-note")
    expect(note).to_contain_text("it was logged as a summary.")
    expect(note).to_contain_text("Maps of sax:")
    note.get_by_role("button").click()
    why.wait_shown(clip="sax 2", mode="strip")
    expect(note).to_have_count(0)
    # Where no clip of its label has maps: how to have them.
    why.choose_clip("organ")
    expect(note).to_contain_text('Probe(…, detail="strip")')


def test_filters_are_sorted_by_what_goes_with_the_class_that_the_clip_is_taken_for(why: Panel) -> None:
    why.choose_step(1)
    expect(why.part("sort").locator("option[value=taken]")).to_have_text("goes with clarinet")
    # Of a summary, by each window's largest value; from whatever is shown.
    why.page.keyboard.press("c")
    why.part("why").click()
    expected = [int(each) for each in np.argsort(-correlations(), kind="stable")]
    why.wait_until("first => window.cnnviz.order[0] === first", 3)
    assert why.handle("order") == expected
    expect(why.part("grid-caption")).to_contain_text(f"{why.state()['layer']} alone, sorted by what goes with clarinet")
    # Rows show what the order is by, whatever strips leave out.
    assert why.state()["mode"] == "raster"
    why.page.keyboard.press("i")
    expect(why.part("inspector-title")).to_contain_text("goes with clarinet +1.00")
    why.page.keyboard.press("Escape")
    why.choose_sort("index")
    why.page.keyboard.press("w")
    why.wait_until("first => window.cnnviz.order[0] === first", 3)
    # A clip that is right has no such question.
    why.choose_clip("clarinet")
    expect(why.part("why")).to_have_count(0)
    # Of maps the same; the order is frozen while clips and epochs go by.
    why.choose_clip("sax 2").choose_step(2)
    assert why.handle("order") == expected
    tile = why.tile(1)
    why.part("grid-scroller").hover(position={"x": tile.x + 5, "y": tile.y + tile.height / 2})
    readout = why.part("readout")
    expect(readout).to_contain_text(re.compile("goes with clarinet .1.00"))
    for width in (1280, 1024):
        why.page.set_viewport_size({"width": width, "height": 800})
        assert readout.evaluate("output => output.scrollWidth <= output.clientWidth"), width


# Of tiles this wide and rows this high, beside whose bars there are words.
BAR_WIDTH, BAR_GAP, HEADER = 64, 6, 15
BAR = (109, 130, 153)


def bar(panel: Panel, number: int) -> tuple[int, int] | None:
    """The pixels that the bar of a row or tile begins and ends at; None where there is none."""
    x, y, width, height = panel.tile(number)
    place = (
        Box(x + width + BAR_GAP, y, BAR_WIDTH, height)
        if panel.state()["mode"] == "raster"
        else Box(x + width - BAR_WIDTH, y - HEADER, BAR_WIDTH, HEADER)
    )
    pixels = panel.pixels("grid", place)
    columns = np.flatnonzero((np.abs(pixels[..., :3].astype(int) - BAR).max(axis=-1) <= 2).any(axis=0))
    return (int(columns[0]), int(columns[-1]) + 1) if columns.size else None


def test_bars_are_what_filters_are_sorted_by(why: Panel) -> None:
    why.choose_clip("sax 2").choose_step(1).choose_mode("raster").choose_sort("index")
    strengths = [bar(why, number) for number in range(FILTERS)]
    assert strengths[3] == (0, BAR_WIDTH), "the strongest"
    why.part("why").click()
    why.wait_until("first => window.cnnviz.order[0] === first", 3)
    why.settle()
    # Zero stands in the middle, since what goes against the score is below it.
    middle = BAR_WIDTH // 2
    for number, value in enumerate(correlations()):
        found = bar(why, number)
        if np.isnan(value):
            assert found is None
            continue
        expected = sorted((middle, middle + middle * value))
        assert found == pytest.approx(tuple(expected), abs=1.5), (number, value)
    why.part("what-changed").click()
    why.wait_until("() => window.cnnviz.order[0] === 1")
    why.settle()
    for mode in ("raster", "strip", "window"):
        # The other epoch's maps come after the present one's.
        why.choose_mode(mode).page.wait_for_timeout(500)
        why.settle()
        assert [bar(why, number) for number in range(FILTERS)] == [None, (0, BAR_WIDTH), None, None, None], mode
    why.choose_mode("raster")
    # Another order has no scores of its own.
    why.choose_sort("strength").settle()
    assert [bar(why, number) for number in range(FILTERS)] == strengths


def test_a_wrong_clip_is_compared_with_one_that_is_rightly_what_it_is_taken_for(why: Panel) -> None:
    why.page.keyboard.press("c")
    why.part("compare-kind").select_option("clip")
    # Not with the one listed next, which is of its own class.
    expect(why.part("compare-clip")).to_have_value("clarinet")
    why.row("clips", "clarinet").click()
    expect(why.part("compare-clip")).to_have_value("organ")


def test_a_clip_of_too_few_windows_leads_to_the_right_and_wrong_clips_of_its_class(why: Panel) -> None:
    why.choose_clip("short")
    why.part("why").click()
    expect(why.part("classes-title")).to_be_visible()
    expect(why.part("why")).to_have_attribute("title", re.compile("at least 5 windows"))
    why.page.keyboard.press("t")
    expect(why.part("classes-title")).to_have_count(0)
    why.page.keyboard.press("w")
    expect(why.part("classes-title")).to_be_visible()


def test_whoever_asked_comes_back_to_what_was_shown(why: Panel) -> None:
    why.choose_clip("sax 2").choose_mode("window").choose_sort("strength")
    before = why.handle("order")
    for question, key, answer in (("why", "w", "raster"), ("what-changed", "d", "window")):
        button = why.part(question)
        expect(button).to_have_attribute("aria-pressed", "false")
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        why.wait_shown(mode=answer)
        why.page.keyboard.press(key)
        expect(button).to_have_attribute("aria-pressed", "false")
        why.wait_shown(mode="window").settle()
        assert why.part("sort").input_value() == "strength"
        assert why.handle("order") == before
    # Of another epoch, or where something else was chosen since, it is asked anew.
    why.part("why").click()
    why.wait_shown(mode="raster").choose_step(1)
    expect(why.part("why")).to_have_attribute("aria-pressed", "false")
    why.page.keyboard.press("w")
    why.settle()
    assert (why.state()["mode"], why.part("sort").input_value()) == ("raster", "taken")


def test_a_jump_of_the_loss_leads_to_the_filters_that_changed(why: Panel) -> None:
    why.choose_clip("sax 2")
    why.page.keyboard.press("c")
    plot = why.part("curve-loss").locator(".u-over")
    box = plot.bounding_box()
    assert box is not None
    plot.dblclick(position={"x": box["width"] / 2, "y": box["height"] / 2})
    why.wait_shown(step=1)
    why.wait_until("() => window.cnnviz.order[0] === 1")
    values = maps(1)
    size = np.sqrt((values.astype(float) ** 2).mean())
    share = round(100 * 0.5 / size)
    tile = why.tile(1)
    why.part("grid-scroller").hover(position={"x": tile.x + 5, "y": tile.y + tile.height / 2})
    expect(why.part("readout")).to_contain_text(
        re.compile(rf"changed by 0\.(5|499|501) since epoch 0, {share} % of the layer.s root mean square")
    )
    expect(why.part("grid-caption")).to_contain_text(re.compile(r"the most by 0\.(5|499|501), the mean filter by 0\.1"))

    # The same by a button and a key, of the epoch that is shown then.
    why.choose_sort("index").choose_step(2)
    why.part("what-changed").click()
    why.wait_until("() => window.cnnviz.order[0] === 1")
    why.choose_step(0)
    expect(why.part("what-changed")).to_be_disabled()
    why.choose_step(1).choose_sort("index")
    why.page.keyboard.press("d")
    why.wait_until("() => window.cnnviz.order[0] === 1")


def test_the_bars_say_what_they_stand_by(why: Panel) -> None:
    said = why.part("bars-order")
    expect(said).to_have_text("order: mean score, epoch 2")
    # Epochs go by without bars changing places.
    why.choose_step(0)
    expect(said).to_have_text("order: mean score, epoch 2")
    why.choose_clip("organ")
    expect(said).to_have_text("order: mean score, epoch 0")


# Writes a name and a verdict into a row of the clips, and answers their widths: natural and as they are shown.
SHARES = """(row, [name, verdict]) => {
  const parts = [[".name", name], [".verdict", verdict]].map(([part, text]) => {
    const own = row.querySelector(part);
    own.textContent = text;
    return own;
  });
  return parts.map(part => [part.scrollWidth, part.clientWidth]);
}"""


@pytest.mark.parametrize(
    ("name", "verdict", "whole"),
    [("n" * 40, "v" * 40, None), ("n" * 40, "→ organ", 1), ("sax 1", "v" * 40, 0), ("sax 1", "→ organ", 2)],
    ids=["both long", "long name", "long verdict", "both short"],
)
def test_a_clips_name_and_its_verdict_share_the_row(why: Panel, name: str, verdict: str, whole: int | None) -> None:
    shares = why.row("clips", "sax 1").evaluate(SHARES, [name, verdict])
    for place, (natural, shown) in enumerate(shares):
        assert shown >= min(natural, 50), "something of both is read"
        assert (natural <= shown) == (whole in (place, 2))
    if whole is None:
        assert shares[0][1] == pytest.approx(shares[1][1], abs=8)
