"""What the panel says where something is missing, damaged or gone: the cause, in its place; the rest works on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tensorboard_plugin_cnnviz import Response, SummaryWriter
from tensorboard_plugin_cnnviz.events import EventWriter

from .arrays import CLASSES, FILTERS, ROWS, RUN, activations, probes, write_run
from .browser import Opener
from .cells import pick
from .colours import NAN_COLOUR
from .tensorboard import TensorBoard

# The browser itself notes each answer that is an error.
NOT_FOUND = "404"
UNREACHABLE = "ERR_CONNECTION_REFUSED"


def newest_bundle(bundles: Path, step: int) -> Path:
    return next(bundles.glob(f"{step}-*.zip"))


@pytest.mark.parametrize("damage", ["truncated", "missing"])
def test_a_damaged_or_missing_bundle_is_named_and_other_epochs_work(
    open_panel: Opener, tmp_path: Path, damage: str
) -> None:
    bundle = newest_bundle(write_run(tmp_path), 2)
    if damage == "missing":
        bundle.unlink()
    else:
        bundle.write_bytes(bundle.read_bytes()[: bundle.stat().st_size // 2])
    with TensorBoard(tmp_path) as tensorboard:
        tensorboard.wait_for(RUN, 2)
        panel = open_panel(tensorboard)
        panel.watch.expect(NOT_FOUND, "400")
        expect(panel.part("notice").first).to_contain_text(bundle.name)
        expect(panel.part("epoch")).to_contain_text("EPOCH 2")
        panel.part("epoch-before").click()
        panel.wait_shown(run=RUN, step=1, clip="first")
        expect(panel.part("notice")).to_have_count(0)
        expect(panel.part("verdict")).to_be_visible()


def test_a_record_of_a_newer_format_is_said_to_be_so_and_older_epochs_work(open_panel: Opener, tmp_path: Path) -> None:
    write_run(tmp_path, (0, 1))
    events = EventWriter(tmp_path / RUN)
    events.write(2, b'{"version": [2, 0]}', wall_time=4e9)
    events.close()
    with TensorBoard(tmp_path) as tensorboard:
        tensorboard.wait_for(RUN, 2)
        panel = open_panel(tensorboard)
        expect(panel.part("notice").first).to_contain_text("format version 2.0")
        panel.part("epoch-before").click()
        panel.wait_shown(run=RUN, step=1)


def test_a_server_that_goes_is_told_and_nothing_is_lost(open_panel: Opener, tmp_path: Path) -> None:
    write_run(tmp_path)
    with TensorBoard(tmp_path) as tensorboard:
        tensorboard.wait_for(RUN, 2)
        panel = open_panel(tensorboard)
        panel.watch.expect(UNREACHABLE, "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE", "ERR_SOCKET_NOT_CONNECTED")
        panel.wait_shown(run=RUN, step=2)
        panel.choose_clip("second").choose_layer("deep").choose_step(1)
        drawn = panel.tile_pixels(0)

        tensorboard.stop()
        expect(panel.part("server-gone")).to_be_visible()
        assert panel.state() | {"run": RUN, "step": 1, "clip": "second", "layer": "deep"} == panel.state()
        np.testing.assert_array_equal(panel.tile_pixels(0), drawn)

        tensorboard.start()
        tensorboard.wait_for(RUN, 2)
        panel.part("retry").click()
        expect(panel.part("server-gone")).to_have_count(0)
        panel.wait_shown(run=RUN, step=1, clip="second", layer="deep")
        panel.choose_step(0)


def test_numbers_that_are_not_finite_are_drawn_as_such_and_leave_the_rest_alone(
    open_panel: Opener, tmp_path: Path
) -> None:
    broken = activations(0)
    broken[:, 0, :, 1], broken[:, 1, :, 1], broken[:, 2, :, 1] = np.nan, np.inf, -np.inf
    broken[..., 2] = np.nan
    with SummaryWriter(tmp_path / RUN, probes(), class_names=CLASSES) as writer:
        writer.write(0, [Response("first", {"conv": broken}, np.full((len(broken), len(CLASSES)), np.nan))])
    with TensorBoard(tmp_path) as tensorboard:
        tensorboard.wait_for(RUN, 0)
        panel = open_panel(tensorboard).wait_shown(run=RUN, clip="first", layer="conv").choose_sort("index")
        rows = 1 - (np.arange(ROWS) + 0.5) / ROWS
        middle = np.array([0.5])
        assert panel.handle("order") == list(range(FILTERS))
        spoilt = pick(panel.tile_pixels(1), middle, rows)[:, 0].tolist()
        assert tuple(spoilt[0]) == NAN_COLOUR
        assert spoilt[1] == [255, 255, 255]
        assert spoilt[2] == [70, 90, 255]
        assert (pick(panel.tile_pixels(2), middle, rows) == NAN_COLOUR).all()
        sound = pick(panel.tile_pixels(3), middle, rows)[:, 0].astype(int).sum(axis=1)
        assert sound.argmax() == 3
        expect(panel.part("verdict")).to_contain_text("No score")
        assert float(panel.part("legend").get_attribute("data-highest") or "nan") < 20


NAMES = (
    "a/b c",
    "höhe 音 ♫",
    "\"quoted\" 'single' `tick`",
    "<script>window.ran = true</script>",
    "<img src=x onerror='window.ran = true'>",
    "&amp; %2F ?run=.#x",
)


def test_names_are_shown_as_they_are_and_never_run(open_panel: Opener, tmp_path: Path) -> None:
    run = "<b onclick='window.ran=true'> & \"ünï\"/cnnviz"
    classes = NAMES[:2]
    labels = [classes[0]] * len(NAMES)
    scores = np.random.default_rng(0).random((5, 2))
    with SummaryWriter(tmp_path / run, probes(NAMES, labels=labels), class_names=classes) as writer:
        for step in (0, 1):
            told = [Response(name, {layer: activations(step) for layer in NAMES}, scores) for name in NAMES]
            writer.write(step, told, logs={NAMES[3]: 1.0, "loss": 1.0})
    with TensorBoard(tmp_path) as tensorboard:
        tensorboard.wait_for(run, 1)
        panel = open_panel(tensorboard).wait_shown(run=run, step=1)
        for name in NAMES:
            expect(panel.row("clips", name)).to_contain_text(name)
            expect(panel.row("layers", name)).to_contain_text(name)
            panel.choose_clip(name).choose_layer(name)
            expect(panel.part("grid-title")).to_contain_text(name)
        expect(panel.part("run")).to_have_value(run)
        bars = panel.part("prediction").locator("[data-class]")
        shown = set(bars.evaluate_all("bars => bars.map(bar => bar.dataset.class)"))
        assert shown == set(classes)
        assert panel.frame.evaluate("window.ran") is None
        expect(panel.frame.locator("#cnnviz :is(script, img, b[onclick])")).to_have_count(0)


def test_light_and_dark_follow_tensorboard_and_leave_the_maps_alone(open_panel: Opener, tmp_path: Path) -> None:
    write_run(tmp_path)
    with TensorBoard(tmp_path) as tensorboard:
        tensorboard.wait_for(RUN, 2)
        panel = open_panel(tensorboard, tab=True).wait_shown(run=RUN, step=2)
        background = "getComputedStyle(document.body).backgroundColor"
        light = panel.frame.evaluate(background)
        tile = panel.tile_pixels(3)
        panel.page.evaluate("document.body.classList.add('dark-mode')")
        panel.wait_until("() => document.documentElement.dataset.theme === 'dark'")
        panel.settle()
        dark = panel.frame.evaluate(background)
        assert brightness(light) > 200 > 60 > brightness(dark)
        np.testing.assert_array_equal(panel.tile_pixels(3), tile)
        panel.page.evaluate("document.body.classList.remove('dark-mode')")
        panel.wait_until("() => document.documentElement.dataset.theme === 'light'")
        assert panel.frame.evaluate(background) == light


def brightness(colour: str) -> float:
    numbers = colour[colour.index("(") + 1 : -1].split(",")
    return sum(float(number) for number in numbers[:3]) / 3


def test_the_popover_explains_and_closes(open_panel: Opener, tmp_path: Path) -> None:
    write_run(tmp_path, (0,))
    with TensorBoard(tmp_path) as tensorboard:
        tensorboard.wait_for(RUN, 0)
        panel = open_panel(tensorboard).wait_shown(run=RUN)
        panel.part("help-button").click()
        expect(panel.part("help")).to_contain_text("One tile is one filter")
        panel.page.keyboard.press("Escape")
        expect(panel.part("help")).to_have_count(0)
