"""Files that come after their records, as while a run is being copied: shown as soon as they are there."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from .arrays import RUN, write_run
from .browser import Opener
from .panel import Panel
from .tensorboard import TensorBoard
from .test_states import NOT_FOUND

NEWEST = 2


class Copied:
    """A run of which one file is still being copied."""

    def __init__(self, logdir: Path, kind: str, share: float) -> None:
        """`kind` is how the file's name starts, `share` how much of it is there; none is no file."""
        self._file = next(write_run(logdir).glob(f"{kind}-*.zip"))
        self._whole = self._file.read_bytes()
        self._file.unlink()
        if share > 0:
            self._file.write_bytes(self._whole[: round(share * len(self._whole))])

    @property
    def name(self) -> str:
        return self._file.name

    def finish(self) -> None:
        self._file.write_bytes(self._whole)


def open_without(copied: Copied, opens: Opener, serve: Callable[..., TensorBoard], logdir: Path) -> Panel:
    """A panel that says that the file cannot be read."""
    tensorboard = serve(logdir)
    tensorboard.wait_for(RUN, NEWEST)
    panel = opens(tensorboard)
    panel.watch.expect(NOT_FOUND)
    expect(panel.part("notice").first).to_contain_text(copied.name)
    return panel


@pytest.mark.parametrize(("kind", "share"), [(NEWEST, 0.0), (NEWEST, 0.5), ("probes", 0.0)])
def test_a_file_that_comes_late_is_shown_without_a_click(
    open_panel: Opener, serve: Callable[..., TensorBoard], tmp_path: Path, kind: str, share: float
) -> None:
    copied = Copied(tmp_path, kind, share)
    panel = open_without(copied, open_panel, serve, tmp_path)
    assert panel.state()["mode"] is None
    copied.finish()
    panel.wait_shown(run=RUN, step=NEWEST, clip="first")
    expect(panel.part("notice")).to_have_count(0)
    expect(panel.part("verdict")).to_be_visible()
    # The clip's small curve, too, reaches to this epoch.
    expect(panel.row("clips", "first").locator(".margin")).to_have_attribute("data-value", re.compile(r"\d"))


def test_other_epochs_that_come_late_are_taken_up_while_one_is_shown(
    open_panel: Opener, serve: Callable[..., TensorBoard], tmp_path: Path
) -> None:
    copied = Copied(tmp_path, "1", 0)
    tensorboard = serve(tmp_path)
    tensorboard.wait_for(RUN, NEWEST)
    panel = open_panel(tensorboard).wait_shown(run=RUN, step=NEWEST)
    panel.watch.expect(NOT_FOUND)
    curve = panel.row("clips", "first").locator(".margin path")
    # A line breaks off at a gap, and begins anew behind it.
    expect(curve).to_have_attribute("d", re.compile("M.*M"))
    panel.page.keyboard.press("c")
    expect(panel.part("notice")).to_contain_text(copied.name)
    copied.finish()
    expect(panel.part("notice")).to_have_count(0)
    expect(curve).to_have_attribute("d", re.compile("^M[^M]*$"))


def test_try_again_asks_at_once(open_panel: Opener, serve: Callable[..., TensorBoard], tmp_path: Path) -> None:
    copied = Copied(tmp_path, "probes", 0)
    panel = open_without(copied, open_panel, serve, tmp_path)
    # From here on the panel waits for an answer that never comes, and does nothing by itself.
    panel.page.route("**/plugin/cnnviz/index", lambda route: None)
    with panel.page.expect_request(re.compile("/index$")):
        pass
    copied.finish()
    panel.part("notice").get_by_role("button", name="Try again").click()
    panel.wait_shown(run=RUN, step=NEWEST)
    expect(panel.part("notice")).to_have_count(0)
