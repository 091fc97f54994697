"""The lists of clips and layers: what each row draws, against numbers from the reference; long lists keep few rows."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from tensorboard_plugin_cnnviz import Probe, Response, SummaryWriter

from .browser import Opener
from .conftest import Reference
from .experiment import CLASSES, CLIPS, STEPS
from .panel import Panel
from .tensorboard import TensorBoard

WIDTH, HEIGHT, EDGE = 46, 24, 3  # of a sparkline, CSS pixels
LABELLED = [clip for clip in CLIPS if clip.label]
MANY, MANY_STEPS = 211, (0, 1, 2)
MANY_RUN = "many/cnnviz"


def margin(scores: np.ndarray, label: int) -> float:
    """True score minus the best other, of the means of `[windows, classes]` over windows."""
    means = scores.mean(axis=0)
    return float(means[label] - np.delete(means, label).max())


def drawn_line(panel: Panel, clip: str) -> dict[float, float]:
    """What the sparkline of a clip draws, read back from its path: margin by step's share of the axis."""
    line = panel.row("clips", clip).locator("svg.margin")
    limit = float(line.get_attribute("data-limit") or "nan")
    points = re.findall(r"([\d.]+) ([\d.]+)", line.locator("path").get_attribute("d") or "")
    middle = HEIGHT / 2
    up = {round((float(x) - EDGE) / (WIDTH - 2 * EDGE), 2): (middle - float(y)) / (middle - EDGE) for x, y in points}
    return {share: math.copysign(height**2, height) * limit for share, height in up.items()}


@pytest.mark.parametrize("step", [STEPS[0], STEPS[-1]])
def test_each_clip_draws_its_margin_over_the_epochs(panel: Panel, reference: Reference, step: int) -> None:
    panel.choose_step(step)
    for clip in LABELLED:
        assert clip.label is not None
        margins = [margin(reference.predictions(each, clip.name), CLASSES.index(clip.label)) for each in STEPS]
        line = panel.row("clips", clip.name).locator("svg.margin")
        expect(line.locator("path")).to_have_attribute("d", re.compile("M"))
        shares = [round((each - STEPS[0]) / (STEPS[-1] - STEPS[0]), 2) for each in STEPS]
        assert drawn_line(panel, clip.name) == pytest.approx(dict(zip(shares, margins, strict=True)), abs=2e-3)
        now = margins[STEPS.index(step)]
        assert float(line.get_attribute("data-value") or "nan") == pytest.approx(now, abs=1e-4)
        dot = line.locator("circle")
        share = (step - STEPS[0]) / (STEPS[-1] - STEPS[0])
        assert float(dot.get_attribute("cx") or "nan") == pytest.approx(EDGE + share * (WIDTH - 2 * EDGE), abs=0.01)
        orange = panel.frame.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--epoch')")
        red, green, blue = (int(orange.strip()[at : at + 2], 16) for at in (1, 3, 5))
        expect(dot).to_have_css("fill", f"rgb({red}, {green}, {blue})")


def test_a_clip_without_a_label_draws_none(panel: Panel) -> None:
    expect(panel.row("clips", "violin").locator("svg.margin")).to_have_count(1)
    expect(panel.row("clips", "rising tone").locator("svg.margin")).to_have_count(0)


def true_scores(step: int) -> np.ndarray:
    """The true class's score of each clip, the other's is the rest: every third is wrong."""
    scores = np.random.default_rng(step).uniform(0.6, 0.9, MANY)
    scores[::3] = np.random.default_rng(10 + step).uniform(0.1, 0.4, len(scores[::3]))
    return scores


def genre_of(number: int) -> str:
    return "jazz" if number % 7 == 0 else "pop"


@pytest.fixture(scope="module")
def many_tensorboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TensorBoard]:
    """211 clips of which summaries are kept: every third is taken for another class."""
    logdir: Path = tmp_path_factory.mktemp("many")
    inputs, times = np.zeros((1, 4, 4, 1), np.float32), np.array([[0.0, 1.0]])
    names = [f"clip {number:03}" for number in range(MANY)]
    labels = [("sax", "flute")[number % 2] for number in range(MANY)]
    said = [{"genre": genre_of(number), "drums": number % 2 == 0} for number in range(MANY)]
    probes = [
        Probe(name, inputs, times, label=label, metadata=metadata, detail="summary")
        for name, label, metadata in zip(names, labels, said, strict=True)
    ]
    random = np.random.default_rng(0)
    with SummaryWriter(logdir / MANY_RUN, probes, class_names=("sax", "flute")) as writer:
        for step in MANY_STEPS:
            told = []
            for number, (name, right) in enumerate(zip(names, true_scores(step), strict=True)):
                scores = np.array([[right, 1 - right]])[:, :: 1 if number % 2 == 0 else -1]
                told.append(Response(name, {"conv": random.normal(size=(1, 4, 4, 2)).astype(np.float32)}, scores))
            writer.write(step, told)
    with TensorBoard(logdir) as server:
        server.wait_for(MANY_RUN, MANY_STEPS[-1])
        yield server


@pytest.fixture
def many(open_panel: Opener, many_tensorboard: TensorBoard) -> Panel:
    return open_panel(many_tensorboard).wait_shown(run=MANY_RUN, clip="clip 000")


def test_of_211_clips_few_rows_are_in_the_page_and_few_are_asked_for(
    open_panel: Opener, many_tensorboard: TensorBoard
) -> None:
    panel = open_panel(many_tensorboard)
    asked: set[str] = set()
    panel.page.on("request", lambda request: asked.add(request.url) if "over_steps" in request.url else None)
    panel.wait_shown(run=MANY_RUN, clip="clip 000")
    rows = panel.part("clips").get_by_role("option")
    in_view = panel.part("clips").evaluate("list => Math.ceil(list.clientHeight / 28)")
    expect(panel.part("clips").locator("svg.margin")).to_have_count(in_view)
    assert rows.count() <= in_view + 2 * 8 + 1
    assert len(asked) <= in_view

    panel.part("clips").evaluate("list => { list.scrollTop = 100 * 28; }")
    expect(panel.row("clips", "clip 100").locator("svg.margin")).to_have_count(1)
    assert rows.count() <= in_view + 2 * 8 + 2
    assert len(asked) <= 2 * in_view + 1
    # The chosen row stays, or a screen reader would lose it.
    expect(panel.row("clips", "clip 000")).to_have_attribute("aria-selected", "true")
    expect(panel.row("clips", "clip 100")).to_have_attribute("aria-posinset", "101")
    expect(panel.row("clips", "clip 100")).to_have_attribute("aria-setsize", str(MANY))


def test_keys_go_through_a_long_list_and_keep_the_chosen_clip_in_view(many: Panel) -> None:
    clips = many.part("clips")
    for key, name in (
        ("End", "clip 210"),
        ("ArrowUp", "clip 209"),
        ("Home", "clip 000"),
        ("ArrowDown", "clip 001"),
        ("ArrowUp", "clip 000"),
    ):
        clips.press(key)
        many.wait_shown(clip=name)
        row = many.row("clips", name)
        expect(clips).to_have_attribute("aria-activedescendant", row.get_attribute("id") or "")
        assert is_in_view(row)
    clips.press("PageDown")
    assert many.state()["clip"] > "clip 002"


def is_in_view(row: Locator) -> bool:
    seen: bool = row.evaluate(
        "row => { const a = row.getBoundingClientRect(), b = row.parentElement.getBoundingClientRect();"
        " return a.top >= b.top - 1 && a.bottom <= b.bottom + 1; }"
    )
    return seen


def test_a_name_that_has_no_room_keeps_the_number_at_its_end(many: Panel) -> None:
    name = many.row("clips", "clip 003").locator(".name")
    name.evaluate("name => { name.style.width = '34px'; }")
    start, end = (name.locator(f":scope > :{place}-child") for place in ("first", "last"))
    assert start.evaluate("start => start.scrollWidth > start.clientWidth")
    assert end.inner_text().strip() == "003"
    assert end.evaluate(
        "end => end.getBoundingClientRect().right <= end.parentElement.getBoundingClientRect().right + 0.5"
    )


def test_a_lower_list_keeps_the_chosen_clip_in_view_and_otherwise_stays_where_it_is(many: Panel) -> None:
    clips, height = many.part("clips"), "list => list.clientHeight"
    high = clips.evaluate(height)
    lowest = next(name for name in reversed(listed(many)) if is_in_view(many.row("clips", name)))
    many.choose_clip(lowest).page.set_viewport_size({"width": 1440, "height": 700})
    many.settle()
    assert clips.evaluate(height) < high
    assert is_in_view(many.row("clips", lowest))
    clips.evaluate("list => { list.scrollTop = 100 * 28; }")
    many.page.set_viewport_size({"width": 1440, "height": 660})
    many.settle()
    assert clips.evaluate("list => list.scrollTop") == 100 * 28


def listed(panel: Panel) -> list[str]:
    """The names in view, from above."""
    names: list[str] = panel.part("clips").evaluate("""list => {
      const [top, end] = [list.scrollTop, list.scrollTop + list.clientHeight];
      const rows = [...list.querySelectorAll("[data-name]")].filter(row => row.offsetTop >= top && row.offsetTop < end);
      return rows.sort((a, b) => a.offsetTop - b.offsetTop).map(row => row.dataset.name);
    }""")
    return names


def worst(step: int) -> list[str]:
    """The clips as they stand with the farthest from right first: of two classes, those of the smallest true score."""
    return [f"clip {number:03}" for number in true_scores(step).argsort()]


def test_the_wrong_come_first_and_keep_their_places_until_asked_again(many: Panel) -> None:
    many.choose_clip("clip 003")
    many.part("clip-order").select_option("wrong")
    many.settle()
    in_view = len(listed(many))
    assert in_view > 3
    assert listed(many) == worst(2)[:in_view]
    first, second, third = worst(2)[:3]
    many.choose_clip(first)
    for key, name in (("]", second), ("]", third), ("[", second)):
        many.page.keyboard.press(key)
        many.wait_shown(clip=name)

    many.choose_step(1)
    assert listed(many) == worst(2)[:in_view]
    assert worst(1)[:in_view] != worst(2)[:in_view]
    many.part("clips-again").click()
    many.settle()
    assert listed(many) == worst(1)[:in_view]
    expect(many.part("clips-again")).to_have_count(0)
    many.part("clip-order").select_option("logged")
    many.settle()
    assert listed(many) == [f"clip {number:03}" for number in range(in_view)]


def test_clips_are_searched_for_by_name_label_and_metadata(many: Panel) -> None:
    jazz = [number for number in range(MANY) if genre_of(number) == "jazz"]
    flutes = [number for number in jazz if number % 2]
    wrong = [number for number, score in enumerate(true_scores(MANY_STEPS[-1])) if score < 0.5]
    saxes = [number for number in wrong if number % 2]
    for words, numbers in (
        ("JAZZ", jazz),
        ("jazz flute", flutes),
        ("jazz 007", [7]),
        ("->", wrong),
        ("→ sax", saxes),
        ("jazz -> SAX", [number for number in saxes if number in jazz]),
        ("", range(MANY)),
    ):
        many.part("clip-filter").fill(words)
        count = str(MANY) if not words else f"{len(numbers)} of {MANY}"
        expect(many.part("clip-count")).to_have_text(count)
        expect(many.part("clips").get_by_role("option").first).to_have_attribute("aria-setsize", str(len(numbers)))
        assert listed(many) == [f"clip {number:03}" for number in numbers][: len(listed(many))]
    many.part("clip-filter").fill("no such clip")
    expect(many.part("clips").get_by_role("option")).to_have_count(0)
    expect(many.part("clip-count")).to_have_text(f"0 of {MANY}")
    expect(many.frame.get_by_text("No clip has these words.")).to_be_visible()
    many.part("clip-filter").fill("→ no such class")
    expect(many.frame.get_by_text("No clip is wrongly taken for this class at this epoch.")).to_be_visible()
    # What is typed are no commands, and the chosen clip stays chosen until one of those that are found is asked for.
    many.part("clip-filter").press("]")
    many.part("clip-filter").press("Enter")
    assert many.state()["clip"] == "clip 000"
    many.part("clip-filter").fill("jazz")
    for key, number in (("Enter", jazz[0]), ("ArrowDown", jazz[1]), ("ArrowDown", jazz[2]), ("ArrowUp", jazz[1])):
        many.part("clip-filter").press(key)
        many.wait_shown(clip=f"clip {number:03}")
    expect(many.part("clip-filter")).to_be_focused()
    many.part("clip-filter").press("Escape")
    expect(many.part("clip-count")).to_have_text(str(MANY))


def test_what_was_logged_with_a_clip_is_told(many: Panel) -> None:
    name = many.row("clips", "clip 002").locator(".name")
    expect(name).to_have_attribute("title", "clip 002\nlabelled sax\ngenre: pop\ndrums: yes")
    many.choose_clip("clip 007")
    expect(many.part("clip-facts")).to_have_text("labelled flute · genre: jazz · drums: no")


def change(now: np.ndarray, then: np.ndarray) -> float:
    """The documented measure of two epochs' activations of a clip `[filters, windows, frequency, time]`."""
    moments = [np.stack([each.mean(axis=(1, 2, 3)), each.std(axis=(1, 2, 3))]) for each in (now, then)]
    size = sum(float(np.sqrt((each**2).sum())) for each in moments)
    return float(np.sqrt(((moments[0] - moments[1]) ** 2).sum()) / size)


@pytest.mark.parametrize(("step", "before"), [(STEPS[-1], STEPS[-2]), (STEPS[1], STEPS[0])])
def test_each_layer_has_a_bar_for_its_change_since_the_epoch_before(
    panel: Panel, reference: Reference, step: int, before: int
) -> None:
    panel.choose_clip("violin").choose_step(step)
    said = "before training" if before < 0 else f"epoch {before}"
    for layer in ("conv2", "conv8", "dense"):
        expected = change(*(reference.activations(each, "violin", layer) for each in (step, before)))
        bar = panel.row("layers", layer).locator(".change.known")
        expect(bar).to_have_attribute("title", re.compile(f"since {said} for clip violin"))
        assert float(bar.get_attribute("data-change") or "nan") == pytest.approx(expected, abs=5e-3)
        widths = bar.evaluate("bar => [bar.firstChild.getBoundingClientRect().width, bar.clientWidth]")
        assert widths[0] == pytest.approx(expected * widths[1], abs=0.5)


def test_the_first_epoch_has_no_change_and_the_bars_follow_the_clip(panel: Panel) -> None:
    bar = panel.row("layers", "conv8").locator(".change")
    changes = []
    for clip in ("violin", "piano"):
        panel.choose_clip(clip)
        expect(bar).to_have_attribute("title", re.compile(f"clip {clip}"))
        changes.append(bar.get_attribute("data-change"))
    assert changes[0] != changes[1]
    panel.choose_step(STEPS[0])
    expect(panel.part("layers").locator(".change.known")).to_have_count(0)
