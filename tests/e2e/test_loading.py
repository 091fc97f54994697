"""What is said while maps are on their way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .experiment import RUN
from .network import slow_down
from .panel import Panel
from .tensorboard import TensorBoard

# Each time that it changes: the words, and what the bar shows.
_NOTE_LOADING = """() => {
  window.said = [];
  const look = () => {
    const said = document.querySelector('[data-testid="loading"]');
    const bar = said?.querySelector("progress") ?? null;
    window.said.push([said?.textContent ?? null, bar?.value ?? null, bar?.max ?? null]);
  };
  const all = { subtree: true, childList: true, characterData: true, attributes: true };
  new MutationObserver(look).observe(document.body, all);
}"""


def test_what_is_on_its_way_is_told_with_its_size_and_how_much_has_come(panel: Panel, tensorboard: TensorBoard) -> None:
    layer, clip = "conv3", "rising tone"
    panel.choose_clip(clip)
    size = strip_bytes(tensorboard, panel.state()["step"], clip, layer)
    slow_down(panel.page, bytes_per_second=100_000, latency=0)
    panel.frame.evaluate(_NOTE_LOADING)
    panel.choose_layer(layer).wait_shown(clip=clip)
    expect(panel.part("loading")).to_have_count(0)
    said = [moment for moment in panel.frame.evaluate("window.said") if moment[0] is not None]
    assert {words.split(":")[0].rstrip("\N{HORIZONTAL ELLIPSIS}") for words, _, _ in said} == {f"Loading layer {layer}"}
    sizes = [moment for moment in said if moment[1]]
    assert len({words for words, _, _ in sizes}) > 2
    for words, received, total in sizes:
        assert total == size
        told = re.fullmatch(rf"Loading layer {layer}: (\d+) kB of (\d+) kB", words)
        assert told is not None, words
        assert [int(number) for number in told.groups()] == pytest.approx([received / 1000, total / 1000], abs=0.51)
    come = [received for _, received, _ in sizes]
    assert come == sorted(come)
    assert 0 < come[0] < come[-1] <= size


def strip_bytes(tensorboard: TensorBoard, step: int, clip: str, layer: str) -> int:
    """Of a strip once it is inflated, as the manifest says."""
    steps = tensorboard.read("steps", run=RUN)["steps"]
    file = next(entry["record"]["bundle"]["file"] for entry in steps if entry["step"] == step)
    manifest = tensorboard.read("manifest", run=RUN, file=file)
    at = [
        [entry["name"] for entry in manifest["layout"][kind]].index(name)
        for kind, name in (("probes", clip), ("layers", layer))
    ]
    size: int = manifest["responses"][at[0]]["layers"][at[1]]["strip"]["inflated"]
    return size
