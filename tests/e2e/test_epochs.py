"""Epochs: whichever way one is chosen, pixels, bars and words become that epoch's."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from .browser import Opener
from .cells import across, check, drawn_strip, grid_times, pick, strips
from .colours import scale_of, sequential_matches
from .conftest import Reference, show_trained
from .experiment import CLASSES, CLIPS, EPOCHS, STEPS
from .laws import window_edges
from .panel import Panel
from .tensorboard import TensorBoard

ONCE = "once/cnnviz"


def check_epoch(panel: Panel, tensorboard: TensorBoard, reference: Reference, step: int, clip: str = "violin") -> None:
    """The grid shows conv5 of this step."""
    panel.wait_shown(step=step, clip=clip, layer="conv5")
    activations = reference.activations(step, clip, "conv5")
    times = grid_times(tensorboard, clip, "conv5")
    strip, scale = strips(activations, "conv5", times), scale_of(activations, "filter")
    for number in panel.handle("order")[:3]:
        check(drawn_strip(panel, number, "conv5", activations.shape[2], times), strip[number], scale, number)


@pytest.fixture
def conv5(open_panel: Opener, either_tensorboard: TensorBoard) -> Panel:
    panel = show_trained(open_panel(either_tensorboard))
    return panel.choose_clip("violin").choose_layer("conv5").choose_tile_size(160)


def test_buttons_and_keys_go_through_the_epochs_under_both_data_servers(
    conv5: Panel, either_tensorboard: TensorBoard, reference: Reference
) -> None:
    order = conv5.handle("order")
    for step in reversed(STEPS):
        check_epoch(conv5, either_tensorboard, reference, step)
        words = "BEFORE TRAINING" if step < 0 else f"EPOCH {step}"
        expect(conv5.part("epoch")).to_contain_text(words)
        expect(conv5.part("epoch")).to_contain_text(f"of {len(STEPS)} logged")
        expect(conv5.part("epoch")).to_have_attribute("title", re.compile("count from 0.*“Epoch 1” is epoch 0"))
        if step != STEPS[0]:
            conv5.part("epoch-before").click()
    expect(conv5.part("epoch-before")).to_be_disabled()
    conv5.page.keyboard.press("Shift+ArrowRight")
    check_epoch(conv5, either_tensorboard, reference, 0)
    assert conv5.handle("order") == order, "tiles keep their places while epochs go by"
    conv5.part("follow").click()
    check_epoch(conv5, either_tensorboard, reference, STEPS[-1])


def test_a_click_or_a_drag_in_the_curves_chooses_the_epoch(
    panel: Panel, tensorboard: TensorBoard, reference: Reference
) -> None:
    panel.choose_clip("violin").choose_layer("conv5").choose_tile_size(160)
    plot = panel.part("curves").locator(".u-over").first
    box = plot.bounding_box()
    assert box is not None
    plot.click(position={"x": 3, "y": box["height"] / 2})
    check_epoch(panel, tensorboard, reference, STEPS[0])
    plot.click(position={"x": box["width"] - 3, "y": box["height"] / 2})
    check_epoch(panel, tensorboard, reference, STEPS[-1])

    middle = box["y"] + box["height"] / 2
    panel.page.mouse.move(box["x"] + box["width"] - 3, middle)
    panel.page.mouse.down()
    seen = []
    for share in np.linspace(0.99, 0.01, 12):
        panel.page.mouse.move(box["x"] + share * box["width"], middle)
        seen.append(panel.state()["step"])
    assert sorted(set(seen)) == list(STEPS)
    assert seen == sorted(seen, reverse=True)
    panel.page.mouse.up()
    check_epoch(panel, tensorboard, reference, STEPS[0])


def test_the_curves_are_a_slider_for_the_keyboard(panel: Panel, tensorboard: TensorBoard, reference: Reference) -> None:
    panel.choose_clip("violin").choose_layer("conv5").choose_tile_size(160)
    slider = panel.part("curves").get_by_role("slider")
    slider.press("Home")
    check_epoch(panel, tensorboard, reference, STEPS[0])
    slider.press("ArrowRight")
    check_epoch(panel, tensorboard, reference, STEPS[1])
    expect(slider).to_have_attribute("aria-valuenow", str(STEPS[1]))
    slider.press("End")
    check_epoch(panel, tensorboard, reference, STEPS[-1])


def test_the_curves_show_losses_and_metrics_of_the_sibling_runs(panel: Panel) -> None:
    expect(panel.part("curve-loss")).to_contain_text("train")
    expect(panel.part("curve-loss")).to_contain_text("validation")
    expect(panel.part("curve-accuracy")).to_be_visible()


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("clip", ["violin", "rising tone", "flute"])
def test_the_bars_are_the_present_windows_prediction(panel: Panel, reference: Reference, step: int, clip: str) -> None:
    panel.choose_step(step).choose_clip(clip).seek(1.3)
    panel.wait_shown(step=step, clip=clip)
    expected = reference.predictions(step, clip)[panel.state()["window"]]
    bars = panel.part("prediction").locator("[data-class]")
    expect(bars).to_have_count(len(CLASSES))
    drawn = dict(bars.evaluate_all("bars => bars.map(bar => [bar.dataset.class, Number(bar.dataset.score)])"))
    assert drawn == pytest.approx(dict(zip(CLASSES, expected.tolist(), strict=True)), abs=1e-4)
    label = next(each.label for each in CLIPS if each.name == clip)
    tagged = "all => all.filter(bar => bar.querySelector('.tag')?.textContent === 'TRUE').map(bar => bar.dataset.class)"
    assert bars.evaluate_all(tagged) == ([] if label is None else [label])
    best = CLASSES[int(expected.argmax())]
    verdict = panel.part("verdict")
    if label is None:
        expect(verdict).to_contain_text(best)
        expect(verdict).to_contain_text("no label")
    elif best == label:
        expect(verdict).to_have_text(f"Right: {best}")
    else:
        expect(verdict).to_contain_text(f"Wrong: {best}")
        expect(verdict).to_contain_text(label)


@pytest.mark.parametrize("step", [STEPS[0], STEPS[-1]])
def test_each_clip_says_what_it_was_taken_for(panel: Panel, reference: Reference, step: int) -> None:
    panel.choose_step(step)
    for clip in CLIPS:
        taken = CLASSES[int(reference.predictions(step, clip.name).mean(axis=0).argmax())]
        words = "ok" if taken == clip.label else f"→ {taken}"
        expect(panel.row("clips", clip.name)).to_contain_text(words)


def test_a_model_logged_once_has_neither_epochs_nor_curves(panel: Panel) -> None:
    panel.choose_run(ONCE)
    panel.wait_shown(run=ONCE, step=0, clip="violin")
    for part in ("epoch", "epoch-before", "follow", "curves"):
        expect(panel.part(part)).to_have_count(0)
    expect(panel.part("verdict")).to_contain_text(re.compile("Right|Wrong"))
    assert EPOCHS > 1


def test_class_times_time_is_the_prediction_of_each_window(panel: Panel, reference: Reference) -> None:
    panel.choose_clip("violin")
    expected = reference.predictions(STEPS[-1], "violin")
    times = window_edges(len(expected)).mean(axis=1)
    rows = (np.arange(len(CLASSES)) + 0.5) / len(CLASSES)
    drawn = pick(panel.pixels("classes"), across(times), rows)
    assert sequential_matches(drawn, expected.T).all()
