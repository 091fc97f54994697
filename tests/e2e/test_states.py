"""What the panel says where something is missing, damaged or gone: the cause, in its place; the rest works on."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Route, expect

from .arrays import FILTERS, NAMED, NAMES, ROWS, RUN, write_run
from .browser import Opener
from .cells import pick
from .colours import NAN_COLOUR
from .panel import Panel
from .tensorboard import TensorBoard

# The browser itself notes each answer that is an error.
NOT_FOUND = "404"
UNREACHABLE = (
    *("ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE", "ERR_SOCKET_NOT_CONNECTED"),
    # A server that goes while it answers.
    *("ERR_CONTENT_LENGTH_MISMATCH", "ERR_INCOMPLETE_CHUNKED_ENCODING"),
)


@pytest.fixture
def small(open_panel: Opener, small_tensorboard: TensorBoard) -> Panel:
    return open_panel(small_tensorboard).wait_shown(run=RUN, step=2)


@pytest.mark.parametrize("damage", ["truncated", "missing"])
def test_a_damaged_or_missing_bundle_is_named_and_other_epochs_work(
    small: Panel, small_tensorboard: TensorBoard, damage: str
) -> None:
    run = f"{damage}/cnnviz"
    file = small_tensorboard.read("steps", run=run)["steps"][-1]["record"]["bundle"]["file"]
    small.watch.expect(NOT_FOUND)
    small.part("run").select_option(run)
    expect(small.part("notice").first).to_contain_text(file)
    expect(small.part("epoch")).to_contain_text("EPOCH 2")
    small.part("epoch-before").click()
    small.wait_shown(run=run, step=1, clip="first")
    expect(small.part("notice")).to_have_count(0)
    expect(small.part("verdict")).to_be_visible()


@pytest.mark.parametrize("held", ["index", "steps"])
def test_until_the_log_is_read_that_is_said(small: Panel, held: str) -> None:
    waiting: list[Route] = []
    asked = re.compile(rf"/plugin/cnnviz/{held}(\?|$)")
    small.page.route(asked, lambda route: waiting.append(route))
    with small.page.expect_request(asked):
        small.page.reload()
    said = small.part("connecting")
    expect(said).to_have_text("Reading the log\N{HORIZONTAL ELLIPSIS}")
    expect(said).to_have_attribute("aria-busy", "true")
    expect(small.part("run")).to_have_count(0)
    waiting[-1].continue_()
    small.page.unroute(asked)
    small.wait_shown(run=RUN, step=2)
    expect(said).to_have_count(0)


def test_a_run_copied_without_its_arrays_says_how_to_copy_it_and_shows_no_sound(
    open_panel: Opener, serve: Callable[..., TensorBoard], tmp_path: Path
) -> None:
    shutil.rmtree(write_run(tmp_path))
    tensorboard = serve(tmp_path)
    tensorboard.wait_for(RUN, 2)
    panel = open_panel(tensorboard)
    panel.watch.expect(NOT_FOUND)
    expect(panel.part("notice").first).to_contain_text("copy the whole run")
    for part in ("spectrogram", "classes"):  # black would look like silence
        expect(panel.part(part)).to_have_count(0)


def test_a_record_of_a_newer_format_is_said_to_be_so_and_older_epochs_work(small: Panel) -> None:
    small.part("run").select_option("newer/cnnviz")
    expect(small.part("notice").first).to_contain_text("format version 3.0")
    expect(small.part("spectrogram")).to_have_count(0)  # black would look like silence
    small.part("epoch-before").click()
    small.wait_shown(run="newer/cnnviz", step=1)


def test_a_bundle_of_a_newer_format_under_a_record_that_can_be_read_is_named_and_older_epochs_work(
    small: Panel, small_tensorboard: TensorBoard
) -> None:
    run = "newer inside/cnnviz"
    file = small_tensorboard.read("steps", run=run)["steps"][-1]["record"]["bundle"]["file"]
    small.watch.expect(NOT_FOUND)
    small.part("run").select_option(run)
    notice = small.part("notice")
    expect(notice).to_contain_text(file)
    expect(notice).to_contain_text("format version 3.0")
    expect(small.part("epoch")).to_contain_text("EPOCH 2")
    assert small.handle("tiles") == []
    small.part("epoch-before").click()
    small.wait_shown(run=run, step=1)
    expect(notice).to_have_count(0)
    expect(small.part("verdict")).to_be_visible()


def test_damaged_arrays_are_named_each_in_its_place_and_the_rest_works(
    small: Panel, small_tensorboard: TensorBoard
) -> None:
    run = "spoilt/cnnviz"
    record = small_tensorboard.read("steps", run=run)["steps"][-1]["record"]
    bundle, clips = record["bundle"]["file"], record["probes"]
    small.watch.expect(NOT_FOUND, "ERR_CONTENT_DECODING_FAILED")
    # Maps of another layer are whole.
    small.choose_run(run).wait_shown(step=1, clip="first", layer="deep")
    expect(small.part("notice")).to_have_count(0)
    told = small.frame.get_by_label("Input")
    for what, name in (("spectrogram", "p0/image.npy.gz"), ("sound", "p0/waveform.npy.gz")):
        expect(told).to_contain_text(f"The {what} of this clip cannot be shown: {name} of {clips} ")
    before = small.page.viewport_size
    assert before is not None
    small.page.set_viewport_size({"width": 1024, "height": 640})
    hidden = told.locator(".absent").evaluate_all("all => all.map(each => each.scrollHeight - each.clientHeight)")
    assert max(hidden) <= 0, "what is said in a track is not cut"
    small.page.set_viewport_size(before)
    for place in (small.part("prediction"), told):
        expect(place).to_contain_text(f"Predictions: predictions.npy of {bundle} ")
    expect(small.part("spectrogram")).to_have_count(0)  # black would look like silence
    small.row("layers", "conv").click()
    notice = small.part("notice")
    expect(notice).to_contain_text(f"Layer conv cannot be shown for clip first ({bundle}).")
    expect(notice).to_contain_text(f"p0/l0/strip.npy.gz of {bundle} ")
    assert small.handle("tiles") == []

    small.choose_mode("window")
    expect(notice).to_have_count(0)
    small.part("mode-strip").click()
    expect(notice).to_be_visible()
    small.choose_clip("second").wait_shown(layer="conv", mode="strip")
    expect(notice).to_have_count(0)
    for part in ("spectrogram", "waveform"):
        expect(small.part(part)).to_be_visible()
    small.choose_step(0).choose_clip("first").wait_shown(layer="conv", mode="strip")
    expect(small.part("verdict")).to_be_visible()
    expect(notice).to_have_count(0)


def test_a_run_that_reached_max_disk_says_at_each_epoch_what_it_lacks(small: Panel) -> None:
    small.part("run").select_option("cut/cnnviz")
    expect(small.part("notice").first).to_contain_text("Only its losses and metrics were: max_disk reached.")
    small.part("epoch-before").click()
    small.wait_shown(run="cut/cnnviz", step=3)
    expect(small.part("grid-caption")).to_contain_text("no strips: max_disk reached")
    small.part("epoch-before").click()
    small.wait_shown(run="cut/cnnviz", step=2)
    expect(small.part("mode-window")).to_be_disabled()
    expect(small.part("mode-window")).to_have_attribute("title", re.compile("max_disk reached"))
    small.part("epoch-before").click()
    small.wait_shown(run="cut/cnnviz", step=1)
    expect(small.part("mode-window")).to_be_enabled()


def test_a_server_that_goes_is_told_and_nothing_is_lost(
    open_panel: Opener, serve: Callable[..., TensorBoard], tmp_path: Path
) -> None:
    write_run(tmp_path)
    tensorboard = serve(tmp_path)
    tensorboard.wait_for(RUN, 2)
    panel = open_panel(tensorboard).wait_shown(run=RUN, step=2)
    panel.watch.expect(*UNREACHABLE)
    panel.choose_clip("second").choose_layer("deep").choose_step(1)
    drawn = panel.tile_pixels(0)

    tensorboard.stop()
    expect(panel.part("server-gone")).to_be_visible()
    chosen = {"run": RUN, "step": 1, "clip": "second", "layer": "deep"}
    assert chosen.items() <= panel.state().items()
    np.testing.assert_array_equal(panel.tile_pixels(0), drawn)

    # While it is gone: once it is back the panel finds out by itself, perhaps before a click could.
    with panel.page.expect_request(re.compile("/index$")):
        panel.part("retry").click()
    expect(panel.part("server-gone")).to_be_visible()

    tensorboard.start()
    tensorboard.wait_for(RUN, 2)
    expect(panel.part("server-gone")).to_have_count(0)
    panel.wait_shown(**chosen)
    panel.choose_step(0)


def test_numbers_that_are_not_finite_are_drawn_as_such_and_leave_the_rest_alone(small: Panel) -> None:
    small.choose_run("broken/cnnviz").wait_shown(clip="first", layer="conv", step=0)
    small.choose_sort("index")
    assert small.handle("order") == list(range(FILTERS))
    rows = 1 - (np.arange(ROWS) + 0.5) / ROWS
    middle = np.array([0.5])
    spoilt = pick(small.tile_pixels(1), middle, rows)[:, 0].tolist()
    assert [tuple(colour) for colour in spoilt[:3]] == [NAN_COLOUR, (255, 255, 255), (70, 90, 255)]
    assert (pick(small.tile_pixels(2), middle, rows) == NAN_COLOUR).all()
    sound = pick(small.tile_pixels(3), middle, rows)[:, 0].astype(int).sum(axis=1)
    assert sound.argmax() == 3
    expect(small.part("verdict")).to_contain_text("No score")
    assert float(small.part("legend").get_attribute("data-highest") or "nan") < 20


def test_names_are_shown_as_they_are_and_never_run(small: Panel) -> None:
    small.choose_run(NAMED)
    for name in NAMES:
        expect(small.row("clips", name)).to_contain_text(name)
        expect(small.row("layers", name)).to_contain_text(name)
        small.choose_clip(name).choose_layer(name)
        expect(small.part("grid-title")).to_contain_text(name)
    expect(small.part("run")).to_have_value(NAMED)
    bars = small.part("prediction").locator("[data-class]")
    assert set(bars.evaluate_all("bars => bars.map(bar => bar.dataset.class)")) == set(NAMES[:2])
    assert small.frame.evaluate("window.ran") is None
    expect(small.frame.locator("#cnnviz :is(script, img, b[onclick])")).to_have_count(0)


def test_light_and_dark_follow_tensorboard_and_leave_the_maps_alone(
    open_panel: Opener, small_tensorboard: TensorBoard
) -> None:
    panel = open_panel(small_tensorboard, tab=True).wait_shown(run=RUN, step=2)
    background = "getComputedStyle(document.body).backgroundColor"
    light = panel.frame.evaluate(background)
    tile = panel.tile_pixels(3)
    panel.page.evaluate("document.body.classList.add('dark-mode')")
    panel.wait_until("() => document.documentElement.dataset.theme === 'dark'")
    panel.settle()
    assert brightness(light) > 200
    assert brightness(panel.frame.evaluate(background)) < 60
    np.testing.assert_array_equal(panel.tile_pixels(3), tile)
    panel.page.evaluate("document.body.classList.remove('dark-mode')")
    panel.wait_until("() => document.documentElement.dataset.theme === 'light'")
    assert panel.frame.evaluate(background) == light


def brightness(colour: str) -> float:
    """The mean of red, green and blue of what a style says, such as "rgb(250, 250, 250)"."""
    return sum(float(number) for number in colour[colour.index("(") + 1 : -1].split(",")[:3]) / 3


def test_the_popover_explains_and_closes(small: Panel) -> None:
    small.part("help-button").click()
    for words in (
        "One tile is one filter",
        "Across is seconds, up is Hz",
        "Black is zero, bright is strong",
        "Teal is below zero",
    ):
        expect(small.part("help")).to_contain_text(words)
    small.page.keyboard.press("Escape")
    expect(small.part("help")).to_have_count(0)
