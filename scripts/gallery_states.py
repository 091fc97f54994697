"""What groups of states have in common: each is a generator of their names and the panel that shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser
from screenshots import logdir_with_run

from tests.e2e.browser import opener
from tests.e2e.panel import Panel
from tests.e2e.tensorboard import TensorBoard

CLIP, LAYER, SECONDS = "violin", "conv2", 1.28
States = Iterator[tuple[str, Panel]]
# The folder is the group's own, and not there yet.
Group = Callable[[Browser, Path], States]


@contextmanager
def trained(browser: Browser) -> Iterator[Panel]:
    """A clip in the middle of its sound, with every filter of a layer that still sees fine detail."""
    with TensorBoard(logdir_with_run()) as server, opener(browser) as opens:
        server.wait_for_runs()
        panel = opens(server, tab=True)
        panel.wait_shown().choose_clip(CLIP).choose_layer(LAYER).seek(SECONDS)
        rest(panel)
        yield panel


def rest(panel: Panel) -> None:
    """The pointer would leave its mark where it clicked."""
    panel.page.mouse.move(0, 0)
    panel.settle()
