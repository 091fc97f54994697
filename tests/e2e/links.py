"""Links as they are copied, and opened elsewhere."""

from __future__ import annotations

from playwright.sync_api import expect

from .browser import Opener
from .panel import Panel
from .tensorboard import TensorBoard


def copied(panel: Panel) -> str:
    """The link as the button gives it: from the clipboard where it may be written, else from the field."""
    panel.part("copy-link").click()
    expect(panel.part("copied").or_(panel.part("link-field")).first).to_be_attached()
    panel.settle()
    address: str = panel.page.url
    return address


def in_tab(opens: Opener, tensorboard: TensorBoard, fragment: str = "cnnviz") -> Panel:
    panel = opens(tensorboard, tab=True, fragment=fragment)
    if tensorboard.url != tensorboard.host:
        # TensorBoard's own page asks for its fonts without the path prefix.
        panel.watch.expect("404 (NOT FOUND)")
    return panel


def open_link(opens: Opener, tensorboard: TensorBoard, link: str) -> Panel:
    panel = in_tab(opens, tensorboard, fragment=link.partition("#")[2])
    panel.wait_until("() => window.cnnviz?.state.mode")
    return panel
