"""Training curves: their marks, which of them are shown, and those of a run that is logged by batches."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import expect

from .axe import problems
from .browser import Opener
from .conftest import run_program
from .curve_runs import (
    BATCH_STEPS,
    BY_BATCHES,
    EXAMPLES,
    LAST_BATCHES,
    NORM,
    RATES,
    RUN,
    STEPS,
    write_curves,
)
from .panel import Panel
from .placed import misplaced
from .tensorboard import TensorBoard
from .test_layout import check_still
from .test_link import copied, open_link

# --epoch and --accent of the light theme.
EPOCH_COLOUR, TRAIN_COLOUR = (217, 95, 2), (43, 91, 132)
# The axis reaches by this share of its length beyond the first and the last step.
MARGIN = 0.015
FIRST, SECOND = "first-curve", "second-curve"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TensorBoard]:
    logdir = tmp_path_factory.mktemp("curves")
    write_curves(logdir)
    run_program("curve_runs", logdir)
    with TensorBoard(logdir) as server:
        server.wait_for(RUN, STEPS[-1])
        server.wait_for(BY_BATCHES, BATCH_STEPS[-1])
        # The scalars are read by the same pass as the steps, but run after run.
        server.wait_until(lambda: len(tags_of(server)) == 4)
        yield server


def tags_of(server: TensorBoard) -> set[str]:
    return {series["tag"] for series in server.read("scalars", run=RUN)["series"]}


@pytest.fixture
def curves(open_panel: Opener, served: TensorBoard) -> Panel:
    return open_panel(served).choose_run(RUN)


class Plot:
    """What is drawn of one pane: columns counted from the left edge of its axis."""

    def __init__(self, panel: Panel, title: str) -> None:
        canvas = panel.part(f"plot-{title}")
        place = canvas.evaluate(
            """canvas => {
              const [whole, axis] = [canvas, canvas.closest(".uplot").querySelector(".u-over")].map(
                element => element.getBoundingClientRect());
              return [axis.left - whole.left, axis.top - whole.top, axis.width, axis.height].map(Math.round);
            }"""
        )
        left, top, self.width, height = place
        self.pixels = panel.pixels(f"plot-{title}")[top : top + height, left : left + self.width]

    def rows_of(self, colour: tuple[int, int, int]) -> np.ndarray:
        """How many pixels of each column have the colour."""
        near = np.abs(self.pixels[..., :3].astype(int) - colour).max(axis=-1) <= 3
        counts: np.ndarray = (near & (self.pixels[..., 3] > 200)).sum(axis=0)
        return counts

    @property
    def chosen(self) -> list[float]:
        """Columns of the marks that are as high as the plot."""
        return middles(self.rows_of(EPOCH_COLOUR) >= 0.9 * len(self.pixels))

    @property
    def ticks(self) -> list[float]:
        """Columns of all marks that stand on the axis."""
        bottom = self.pixels[-3]
        near = np.abs(bottom[:, :3].astype(int) - EPOCH_COLOUR).max(axis=-1) <= 3
        return middles(near & (bottom[:, 3] > 200))

    def column(self, step: float, steps: tuple[int, ...]) -> float:
        """Where a step stands on the axis of these."""
        length = steps[-1] - steps[0]
        return (step - steps[0] + MARGIN * length) / (length * (1 + 2 * MARGIN)) * self.width


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1024, 640)])
@pytest.mark.parametrize("title", ["loss", "accuracy"])
def test_two_values_or_more_are_told_beside_a_curve(curves: Panel, title: str, width: int, height: int) -> None:
    curves.page.set_viewport_size({"width": width, "height": height})
    curves.settle()
    seen = curves.part(f"plot-{title}")
    left = seen.evaluate("canvas => canvas.closest('.uplot').querySelector('.u-over').offsetLeft")
    written = (curves.pixels(f"plot-{title}")[:, : left - 2, 3] > 60).any(axis=1)
    # The lowest line of text is "before training".
    assert len(middles(written)) >= 3


def middles(marked: np.ndarray) -> list[float]:
    """The middle of each stretch of columns that is marked, as a place between 0 and their number."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], marked.astype(int), [0]])))
    return [(start + end) / 2 for start, end in edges.reshape(-1, 2)]


@pytest.mark.parametrize("title", ["loss", "accuracy"])
def test_logged_epochs_are_ticked_and_the_chosen_one_is_marked(curves: Panel, title: str) -> None:
    for step in (STEPS[-1], STEPS[1], STEPS[0]):
        curves.choose_step(step)
        plot = Plot(curves, title)
        assert plot.ticks == pytest.approx([plot.column(each, STEPS) for each in STEPS], abs=1.5)
        assert plot.chosen == pytest.approx([plot.column(step, STEPS)], abs=1.5)


def test_before_training_is_a_tick_left_of_zero_without_a_value(curves: Panel) -> None:
    plot = Plot(curves.choose_step(STEPS[-1]), "loss")
    line = np.flatnonzero(plot.rows_of(TRAIN_COLOUR))
    # The line begins with the dot of epoch 0, two pixels left of its middle.
    assert line[0] == pytest.approx(plot.column(0, STEPS), abs=4)
    assert plot.ticks[0] == pytest.approx(plot.column(-1, STEPS), abs=1.5)
    assert plot.ticks[0] < line[0] - 20
    curves.choose_step(-1)
    assert curves.part("curve-loss").locator(".curve-line b").all_inner_texts() == ["", ""]
    expect(curves.part("curves").get_by_role("slider")).to_have_attribute("aria-valuetext", "before training")


@pytest.mark.parametrize("title", ["loss", "accuracy"])
def test_under_the_pointer_stand_the_values_of_both_panes(curves: Panel, title: str) -> None:
    axis = curves.part(f"curve-{title}").locator(".u-over")
    column = Plot(curves, title).column
    pointed = curves.part("curve-pointed")
    expect(pointed).to_have_count(0)
    # Step 3 was not logged; the learning rate alone, which neither pane shows, knows of it.
    for step, place in ((4, 4), (0, 0.4), (2, 2.4), (4, 3.2)):
        axis.hover(position={"x": column(place, STEPS), "y": 20})
        expect(pointed).to_have_text(
            [
                f"epoch {step}train {number(1 / (step + 2))}validation {number(2 / (step + 2))}",
                f"epoch {step}train {number(step / 8)}",
            ]
        )
        for pane in ("loss", "accuracy"):
            plot = curves.part(f"curve-{pane}").locator(".curve-plot").bounding_box()
            label = curves.part(f"curve-{pane}").locator(".curve-pointer p").bounding_box()
            assert plot is not None
            assert label is not None
            assert plot["x"] <= label["x"]
            assert label["x"] + label["width"] <= plot["x"] + plot["width"]
    axis.hover(position={"x": column(-1, STEPS), "y": 20})
    expect(pointed).to_have_text(["before training", "before training"])
    curves.page.mouse.down()
    expect(pointed).to_have_count(2)
    curves.page.mouse.move(0, 300)
    expect(pointed).to_have_count(0)
    curves.page.mouse.up()


def number(value: float) -> str:
    """As the panel writes it."""
    return f"{value:.3g}"


def options(panel: Panel, curve: str) -> dict[str, list[str]]:
    """The titles that can be chosen, by the heading that they stand under."""
    told: dict[str, list[str]] = panel.part(curve).evaluate(
        "select => Object.fromEntries([...select.children].map("
        "group => [group.label, [...group.children].map(({ value }) => value)]))"
    )
    return told


def test_either_pane_shows_any_scalar_that_counts_epochs(curves: Panel) -> None:
    offered = {"Losses and metrics": ["loss", "accuracy"], "Other scalars": [NORM, "learning rate"]}
    assert EXAMPLES not in str(offered)
    for curve, title in ((FIRST, "loss"), (SECOND, "accuracy")):
        expect(curves.part(curve)).to_have_value(title)
        assert options(curves, curve) == offered
    curves.frame.evaluate("window.layoutShifts = []")
    curves.part(SECOND).select_option("learning rate")
    pane = curves.part("curve-learning rate")
    for step in (4, 1):
        curves.choose_step(step)
        expect(pane).to_contain_text(f"metrics {RATES[step]:.3g}")
    assert len(middles(Plot(curves, "learning rate").rows_of(TRAIN_COLOUR) > 0)) >= 1
    # What is chosen where the other stands takes its place.
    curves.part(FIRST).select_option("learning rate")
    expect(curves.part(SECOND)).to_have_value("loss")
    curves.part(SECOND).select_option(NORM)
    expect(curves.part(SECOND)).to_have_attribute("title", f"{NORM}\nChoose the second curve")
    check_still(curves)


def test_a_curve_is_chosen_by_the_keyboard(curves: Panel) -> None:
    select = curves.part(SECOND)
    select.focus()
    step = curves.state()["step"]
    for title in (NORM, "learning rate"):
        curves.page.keyboard.press("ArrowDown")
        expect(select).to_have_value(title)
        expect(select).to_be_focused()
    expect(curves.part("plot-learning rate")).to_be_visible()
    assert curves.state()["step"] == step


@pytest.mark.parametrize(("width", "height"), [(1024, 640), (700, 800)])
def test_long_tags_leave_the_rest_its_room(open_panel: Opener, served: TensorBoard, width: int, height: int) -> None:
    panel = open_panel(served, width=width, height=height).choose_run(RUN)
    panel.part(FIRST).select_option(NORM)
    panel.settle()
    assert misplaced(panel, width, height) == []
    expect(panel.part("what-changed")).to_be_in_viewport(ratio=1)


def test_a_link_keeps_both_curves(open_panel: Opener, served: TensorBoard) -> None:
    panel = open_panel(served, tab=True).choose_run(RUN)
    panel.part(SECOND).select_option("learning rate")
    panel.part(FIRST).select_option(NORM)
    link = copied(panel)
    other = open_link(open_panel, served, link)
    expect(other.part(FIRST)).to_have_value(NORM)
    expect(other.part(SECOND)).to_have_value("learning rate")
    expect(other.part("link-problem")).to_have_count(0)


def test_a_run_logged_by_batches_speaks_of_steps(open_panel: Opener, served: TensorBoard) -> None:
    panel = open_panel(served).choose_run(BY_BATCHES).wait_shown(step=BATCH_STEPS[-1])
    slider = panel.part("curves").get_by_role("slider")
    for step in reversed(BATCH_STEPS):
        panel.choose_step(step)
        words = "before training" if step < 0 else f"step {step}"
        expect(panel.part("epoch").locator("strong")).to_have_text(words.upper())
        expect(slider).to_have_attribute("aria-valuetext", words)
        expect(slider).to_have_accessible_name("Step")
        for button, words in (("epoch-before", "Logged step before"), ("play-epochs", "Play steps")):
            expect(panel.part(button)).to_have_accessible_name(words)
    plot = Plot(panel, "loss")
    assert plot.ticks == pytest.approx([plot.column(each, BATCH_STEPS) for each in BATCH_STEPS], abs=1.5)


def test_a_link_to_a_step_that_is_gone_calls_it_a_step(open_panel: Opener, served: TensorBoard) -> None:
    fragment = f"cnnviz&p.cnnviz.run={BY_BATCHES.replace('/', '%2F')}&p.cnnviz.step=3"
    expect(open_panel(served, tab=True, fragment=fragment).part("link-problem")).to_contain_text("step 3")


def test_scalars_of_epochs_stand_at_their_last_batch(open_panel: Opener, served: TensorBoard) -> None:
    panel = open_panel(served).choose_run(BY_BATCHES).wait_shown(step=BATCH_STEPS[-1])
    series = served.read("scalars", run=BY_BATCHES)["series"]
    (points,) = [
        each["points"] for each in series if each["run"].endswith("validation") and each["tag"] == "epoch_loss"
    ]
    assert [step for step, _, _ in points] == list(range(len(LAST_BATCHES)))
    losses = {batch: value for batch, (_, _, value) in zip(LAST_BATCHES, points, strict=True)}
    validation = panel.part("curve-loss").locator(".curve-line", has_text="validation").locator("b")
    for step in BATCH_STEPS:
        panel.choose_step(step)
        expect(validation).to_have_text(f"{losses[step]:.3g}" if step in losses else "")


def test_a_choice_of_curves_is_accessible(curves: Panel) -> None:
    curves.part(SECOND).select_option(NORM)
    curves.part(FIRST).focus()
    curves.settle()
    found = problems(curves, "curves chosen") + problems(curves.choose_run(BY_BATCHES), "logged by batches")
    assert not found, "\n".join(found)
