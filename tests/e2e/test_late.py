"""Files that come after their records, as while a run is being copied: shown as soon as they are there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from .arrays import write_run
from .browser import Opener
from .panel import Panel
from .tensorboard import TensorBoard
from .test_states import NOT_FOUND

NEWEST = 2


class Copied(NamedTuple):
    """A run of which one file is still being copied: how its name starts, and how much of it is there (0: no file)."""

    run: str
    start: str
    share: float


class Copying:
    """A file that is being copied."""

    def __init__(self, logdir: Path, copied: Copied) -> None:
        self._file = next(write_run(logdir, run=copied.run).glob(f"{copied.start}-*.zip"))
        self._whole = self._file.read_bytes()
        self._file.unlink()
        if copied.share > 0:
            self._file.write_bytes(self._whole[: round(copied.share * len(self._whole))])

    @property
    def name(self) -> str:
        return self._file.name

    def finish(self) -> None:
        self._file.write_bytes(self._whole)


SHOWN = [Copied("missing/cnnviz", "2", 0), Copied("begun/cnnviz", "2", 0.5), Copied("clips/cnnviz", "probes", 0)]
OTHER = Copied("other/cnnviz", "1", 0)
BUTTON = Copied("button/cnnviz", "probes", 0)


class Served(NamedTuple):
    tensorboard: TensorBoard
    copying: dict[Copied, Copying]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    logdir = tmp_path_factory.mktemp("late")
    copying = {copied: Copying(logdir, copied) for copied in (*SHOWN, OTHER, BUTTON)}
    with TensorBoard(logdir) as server:
        for copied in copying:
            server.wait_for(copied.run, NEWEST)
        yield Served(server, copying)


def open_run(opens: Opener, tensorboard: TensorBoard, run: str) -> Panel:
    panel = opens(tensorboard)
    panel.watch.expect(NOT_FOUND)
    panel.part("run").select_option(run)
    return panel


@pytest.mark.parametrize("copied", SHOWN, ids=lambda copied: copied.run.split("/")[0])
def test_what_comes_late_is_shown_without_a_click(open_panel: Opener, served: Served, copied: Copied) -> None:
    panel = open_run(open_panel, served.tensorboard, copied.run)
    file = served.copying[copied]
    expect(panel.part("notice").first).to_contain_text(file.name)
    assert panel.state()["mode"] is None
    file.finish()
    panel.wait_shown(run=copied.run, step=NEWEST, clip="first")
    expect(panel.part("notice")).to_have_count(0)
    expect(panel.part("verdict")).to_be_visible()
    # The clip's small curve, too, reaches to this epoch.
    expect(panel.row("clips", "first").locator(".margin")).to_have_attribute("data-value", re.compile(r"\d"))


def test_other_epochs_that_come_late_are_taken_up_while_one_is_shown(open_panel: Opener, served: Served) -> None:
    panel = open_run(open_panel, served.tensorboard, OTHER.run).wait_shown(run=OTHER.run, step=NEWEST)
    curve = panel.row("clips", "first").locator(".margin path")
    # A line breaks off at a gap, and begins anew behind it.
    expect(curve).to_have_attribute("d", re.compile("M.*M"))
    panel.page.keyboard.press("c")
    file = served.copying[OTHER]
    expect(panel.part("notice")).to_contain_text(file.name)
    file.finish()
    expect(panel.part("notice")).to_have_count(0)
    expect(curve).to_have_attribute("d", re.compile("^M[^M]*$"))


def test_try_again_asks_at_once(open_panel: Opener, served: Served) -> None:
    panel = open_run(open_panel, served.tensorboard, BUTTON.run)
    file = served.copying[BUTTON]
    expect(panel.part("notice").first).to_contain_text(file.name)
    # From here on the panel waits for an answer that never comes, and does nothing by itself.
    panel.page.route("**/plugin/cnnviz/index", lambda route: None)
    with panel.page.expect_request(re.compile("/index$")):
        pass
    file.finish()
    panel.part("notice").get_by_role("button", name="Try again").click()
    panel.wait_shown(run=BUTTON.run, step=NEWEST)
    expect(panel.part("notice")).to_have_count(0)
