"""Links: opened in another browser they show what was shown, and name what the log has not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from .browser import Opener
from .conftest import show_trained
from .experiment import RUN, STEPS
from .links import copied, in_tab, open_link
from .tensorboard import TensorBoard

# All that a link keeps, as it can be seen.
SEEN = """() => {
  const { state, loop, order } = window.cnnviz;
  const { run, step, clip, layer, mode, window: number, time } = state;
  const chosen = name => document.querySelector(`[data-testid="${name}"]`)?.value ?? null;
  const parts = ["sort", "since", "scale", "colours", "speed", "tile-size"];
  const selects = Object.fromEntries(parts.map(part => [part, chosen(part)]));
  return { run, step, clip, layer, mode, number, time: time.toFixed(3), loop, order, ...selects };
}"""


def with_part(link: str, key: str, value: str) -> str:
    parts = link.split("&")
    return "&".join(f"p.cnnviz.{key}={value}" if part.startswith(f"p.cnnviz.{key}=") else part for part in parts)


def test_a_link_shows_elsewhere_what_was_shown_and_survives_a_reload(
    open_panel: Opener, either_tensorboard: TensorBoard
) -> None:
    panel = show_trained(in_tab(open_panel, either_tensorboard))
    panel.choose_clip("rising tone").choose_layer("conv5").choose_step(STEPS[2]).choose_mode("window")
    panel.choose_scale("layer").choose_sort("change").choose_tile_size(120)
    panel.part("since").select_option(str(STEPS[1]))
    panel.part("colours").select_option("cividis")
    panel.part("speed").select_option("0.5")
    panel.part("loop").click()
    panel.part("loop-end").press("Shift+ArrowLeft")
    panel.seek(1.3).wait_shown()
    seen = panel.frame.evaluate(SEEN)
    assert seen["loop"] == pytest.approx([0, 2.9])
    link = copied(panel)
    assert "#cnnviz&p.cnnviz.run=" in link

    other = open_link(open_panel, either_tensorboard, link)
    other.wait_until(f"wanted => JSON.stringify(({SEEN})()) === wanted", json.dumps(seen, separators=(",", ":")))
    other.wait_shown(step=STEPS[2], clip="rising tone", layer="conv5", mode="window")
    assert other.state()["following"] is False, "what was linked to stays"
    expect(other.part("link-problem")).to_have_count(0)
    assert other.page.url == link, "TensorBoard leaves it alone"

    other.page.get_by_role("tab", name="Time Series").click()
    other.page.get_by_role("tab", name="CNN Audio").click()
    assert other.frame.evaluate(SEEN) == seen


# What is looked at closely, and how the clips stand.
CLOSE = """() => {
  const part = name => document.querySelector(`[data-testid="${name}"]`);
  const heads = [...document.querySelectorAll(".evolution-filter")];
  return {
    inspected: window.cnnviz.state.inspected,
    pinned: heads.map(head => head.textContent),
    search: part("clip-filter").value,
    order: part("clip-order").value,
    clips: [...part("clips").querySelectorAll("[data-name]")].map(row => row.dataset.name),
  };
}"""


def test_a_link_keeps_what_is_looked_at_closely_and_how_the_clips_stand(
    open_panel: Opener, tensorboard: TensorBoard
) -> None:
    panel = show_trained(in_tab(open_panel, tensorboard)).choose_layer("conv3")
    panel.page.keyboard.press("i")
    for _ in range(2):
        panel.part("inspector-pin").click()
        panel.page.keyboard.press(".")
    panel.part("clip-filter").fill("o")
    panel.part("clip-order").select_option("wrong")
    expect(panel.frame.locator(".evolution-filter")).to_have_count(3)
    seen = panel.frame.evaluate(CLOSE)
    assert seen["inspected"] is not None
    assert 0 < len(seen["clips"]) < 6

    other = open_link(open_panel, tensorboard, copied(panel))
    other.wait_shown(layer="conv3")
    other.wait_until(f"wanted => JSON.stringify(({CLOSE})()) === wanted", json.dumps(seen, separators=(",", ":")))
    expect(other.part("link-problem")).to_have_count(0)


def test_a_link_keeps_an_order_that_was_made_for_another_epoch(open_panel: Opener, tensorboard: TensorBoard) -> None:
    panel = show_trained(in_tab(open_panel, tensorboard)).choose_layer("conv5").choose_step(STEPS[0])
    panel.choose_sort("strength")
    order = panel.handle("order")
    panel.choose_step(STEPS[-1])
    assert panel.handle("order") == order

    other = open_link(open_panel, tensorboard, copied(panel))
    other.wait_shown(step=STEPS[-1], layer="conv5")
    assert other.handle("order") == order
    expect(other.part("sort-again")).to_be_visible()
    other.part("sort-again").click()
    assert other.handle("order") != order
    expect(other.part("link-problem")).to_have_count(0)


def test_a_link_keeps_what_is_compared_with(open_panel: Opener, tensorboard: TensorBoard) -> None:
    panel = show_trained(in_tab(open_panel, tensorboard)).choose_step(STEPS[1])
    panel.page.keyboard.press("c")
    panel.part("compare-kind").select_option("run")
    panel.part("compare-run-epoch").select_option(index=1)
    expect(panel.part("compare-rows").locator(".pair").first).to_be_visible()
    panel.part("measure-mean").click()
    chosen = panel.part("compare-run-epoch").input_value()

    link = copied(panel)
    other = open_link(open_panel, tensorboard, link)
    expect(other.part("compare-rows").locator(".pair").first).to_be_visible()
    expect(other.part("compare-kind")).to_have_value("run")
    expect(other.part("compare-run-epoch")).to_have_value(chosen)
    expect(other.part("measure-mean")).to_have_attribute("aria-pressed", "true")
    expect(other.part("link-problem")).to_have_count(0)

    # An epoch that the other run has not is named in the comparison's place.
    gone = open_link(open_panel, tensorboard, with_part(link, "against-run-step", "77%3Aonce%2Fcnnviz"))
    expect(gone.part("compare")).to_contain_text("77")


@pytest.mark.parametrize(
    ("key", "value", "named"),
    [
        ("clip", "no%20such%20clip", "clip no such clip"),
        ("layer", "conv99", "layer conv99"),
        ("step", "77", "epoch 77"),
        ("run", "gone%2Fcnnviz", "run gone/cnnviz"),
        ("mode", "hologram", "mode hologram"),
        ("filter", "32", "filter 32 of layer conv2"),
        ("order", "0123", "the order of the filters of layer conv2"),
        ("pins", "3-99-x", "pinned filter 99, x of layer conv2"),
        ("against-run", "gone%2Fcnnviz", "run gone/cnnviz, which was compared with"),
    ],
)
def test_what_a_link_names_and_the_log_has_not_is_named(
    open_panel: Opener, tensorboard: TensorBoard, key: str, value: str, named: str
) -> None:
    asked = {"run": RUN.replace("/", "%2F"), "step": "0", "clip": "piano", "layer": "conv2", "mode": "strip"}
    fragment = "&".join(["cnnviz", *(f"p.cnnviz.{name}={text}" for name, text in {**asked, key: value}.items())])
    panel = open_panel(tensorboard, tab=True, fragment=fragment)
    expect(panel.part("link-problem")).to_contain_text(named)
    if key == "run":
        return
    # The rest is shown as the link has it; of an epoch that is gone the newest, by its own name.
    wanted: dict[str, Any] = {"run": RUN, "step": 0, "clip": "piano", "layer": "conv2"}
    wanted |= {"step": STEPS[-1]} if key == "step" else {key: value.replace("%20", " ")} if key in wanted else {}
    panel.wait_until(
        "wanted => Object.entries(wanted).every(([part, value]) => window.cnnviz.state[part] === value)", wanted
    )
    expect(panel.part("inspector")).to_have_count(0)
    panel.part("link-problem").get_by_role("button").click()
    expect(panel.part("link-problem")).to_have_count(0)


def test_where_the_clipboard_is_refused_the_link_is_selected(open_panel: Opener, tensorboard: TensorBoard) -> None:
    panel = show_trained(open_panel(tensorboard, tab=True))
    panel.frame.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    panel.part("copy-link").click()
    field = panel.part("link-field")
    expect(field).to_be_focused()
    assert field.input_value() == panel.page.url
    selected = "field => field.value.slice(field.selectionStart, field.selectionEnd) === field.value"
    assert field.evaluate(selected)
    panel.page.keyboard.press("Escape")
    expect(field).to_have_count(0)
