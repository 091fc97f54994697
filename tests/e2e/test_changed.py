"""A run that was gone on with: each epoch is shown as it was logged, and what it lacks of the choice is named."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

from .arrays import FILTERS, ROWS
from .browser import Opener
from .cells import pick
from .panel import Panel
from .tensorboard import TensorBoard

CHANGED = "changed/cnnviz"


@pytest.fixture
def changed(open_panel: Opener, small_tensorboard: TensorBoard) -> Panel:
    """At its newest epoch, logged with clips and layers of its own."""
    return open_panel(small_tensorboard).choose_run(CHANGED).wait_shown(step=2)


def names(panel: Panel, part: str) -> list[str]:
    listed: list[str] = (
        panel.part(part).locator("[data-name]").evaluate_all("rows => rows.map(row => row.dataset.name)")
    )
    return listed


def classes(panel: Panel) -> set[str]:
    return set(
        panel.part("prediction").locator("[data-class]").evaluate_all("bars => bars.map(bar => bar.dataset.class)")
    )


def sound(panel: Panel) -> str | None:
    address: str | None = panel.frame.locator("audio").get_attribute("src")
    return address


def seconds_of_sound(panel: Panel) -> float:
    panel.wait_until("() => document.querySelector('audio').readyState > 0")
    length: float = panel.frame.locator("audio").evaluate("audio => audio.duration")
    return length


def brightest_rows(panel: Panel) -> list[int]:
    """Of each filter's tile the brightest row, 0 the lowest."""
    rows = 1 - (np.arange(ROWS) + 0.5) / ROWS
    tiles = [pick(panel.tile_pixels(number), np.array([0.5]), rows)[:, 0] for number in sorted(panel.handle("order"))]
    return [int(tile.astype(int).sum(axis=1).argmax()) for tile in tiles]


def test_an_epoch_is_shown_with_its_own_filters_classes_and_sound(
    changed: Panel, small_tensorboard: TensorBoard
) -> None:
    changed.choose_clip("second").choose_layer("conv")
    probes = [step["record"]["probes"] for step in small_tensorboard.read("steps", run=CHANGED)["steps"]]
    assert probes[0] == probes[1] != probes[2]
    for step, filters, file, length, known in (
        (2, 4, probes[2], 2.0, {"drum", "oboe", "lute"}),
        (1, FILTERS, probes[1], 1.5, {"sax", "flute"}),
        (2, 4, probes[2], 2.0, {"drum", "oboe", "lute"}),
    ):
        changed.choose_step(step)
        assert sorted(changed.handle("order")) == list(range(filters))
        assert brightest_rows(changed) == list(range(filters))
        assert names(changed, "clips") == (["second", "third"] if step == 2 else ["first", "second"])
        assert names(changed, "layers") == (["conv", "last"] if step == 2 else ["conv", "deep"])
        assert classes(changed) == known
        assert file in (sound(changed) or "")
        assert seconds_of_sound(changed) == pytest.approx(length, abs=0.01)
        expect(changed.part("notice")).to_have_count(0)


def test_a_clip_keeps_its_place_when_another_epochs_sound_takes_over(changed: Panel) -> None:
    changed.choose_clip("second").choose_layer("conv").seek(1.0, track="waveform")
    before = changed.state()["time"]
    assert before == pytest.approx(1.0, abs=0.02)
    changed.choose_step(1)
    seconds_of_sound(changed)
    assert changed.state()["time"] == pytest.approx(before, abs=0.02)
    assert changed.frame.locator("audio").evaluate("audio => audio.currentTime") == pytest.approx(before, abs=0.02)


def test_a_layer_that_an_epoch_lacks_is_named_and_another_can_be_chosen(changed: Panel) -> None:
    changed.choose_clip("second").choose_layer("last")
    changed.part("epoch-before").click()
    expect(changed.part("notice")).to_contain_text("Layer last was not logged at this epoch.")
    expect(changed.part("grid-title")).to_have_text("last")
    assert names(changed, "layers") == ["conv", "deep"]
    expect(changed.part("layers").locator("[aria-selected=true]")).to_have_count(0)
    assert changed.handle("tiles") == []
    # The rest of the epoch works on.
    assert classes(changed) == {"sax", "flute"}
    changed.page.keyboard.press("Shift+ArrowRight")
    changed.wait_shown(step=2, layer="last")
    expect(changed.part("notice")).to_have_count(0)
    changed.page.keyboard.press("Shift+ArrowLeft")
    changed.choose_layer("deep")
    expect(changed.part("notice")).to_have_count(0)
    assert brightest_rows(changed) == list(range(FILTERS))


def test_a_clip_that_an_epoch_lacks_is_named_and_is_silent(changed: Panel) -> None:
    changed.choose_layer("conv").choose_clip("third")
    changed.part("epoch-before").click()
    expect(changed.part("notice")).to_contain_text("Clip third was not logged at this epoch.")
    expect(changed.frame.get_by_label("Input")).to_contain_text("Clip third was not logged at this epoch.")
    assert sound(changed) is None
    expect(changed.part("clips").locator("[aria-selected=true]")).to_have_count(0)
    changed.page.set_viewport_size({"width": 700, "height": 900})
    expect(changed.frame.get_by_role("combobox", name="Clip").locator("option:checked")).to_have_text(
        "third (not at this epoch)"
    )
    changed.page.keyboard.press("]")
    changed.wait_shown(step=1, clip="first", layer="conv")
    assert seconds_of_sound(changed) == pytest.approx(1.5, abs=0.01)
