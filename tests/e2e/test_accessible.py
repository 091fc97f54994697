"""axe-core, which knows what screen readers and weak eyes need, finds nothing serious in any view, light or dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from .browser import Opener
from .conftest import ROOT, show_trained
from .panel import Panel
from .tensorboard import TensorBoard
from .test_states import NOT_FOUND
from .views import every_view

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
# Without its own requests for stylesheets: those in the page are enough.
FIND = """async () => (await window.axe.run(document, { preload: false, resultTypes: ["violations"] })).violations
  .filter(({ impact }) => impact === "serious" || impact === "critical")
  .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\\n  ${failureSummary}`))"""
THEMES = {"light": "remove", "dark": "add"}


def listen(panel: Panel) -> Panel:
    assert AXE.exists(), f"{AXE} is missing: run `npm ci` in frontend/"
    # Evaluated, as the page's content policy lets no foreign script in.
    panel.frame.evaluate(AXE.read_text(encoding="utf-8"))
    return panel


def problems(panel: Panel, view: str) -> list[str]:
    found = []
    for theme, change in THEMES.items():
        panel.page.evaluate(f"document.body.classList.{change}('dark-mode')")
        panel.wait_until("theme => document.documentElement.dataset.theme === theme", theme)
        found += [f"{view}, {theme}: {problem}" for problem in panel.frame.evaluate(FIND)]
    return found


def test_a_run_is_accessible_in_every_view(open_panel: Opener, tensorboard: TensorBoard) -> None:
    panel = listen(show_trained(open_panel(tensorboard, tab=True, width=1024, height=640)))
    found = [problem for view in every_view(panel) for problem in problems(panel, view)]
    panel.page.set_viewport_size({"width": 700, "height": 900})
    panel.settle()
    found += problems(panel, "narrow")
    assert not found, "\n".join(found)


def test_what_is_damaged_is_told_accessibly(open_panel: Opener, small_tensorboard: TensorBoard) -> None:
    panel = open_panel(small_tensorboard, tab=True)
    panel.watch.expect(NOT_FOUND)
    panel.part("run").select_option("truncated/cnnviz")
    expect(panel.part("notice").first).to_be_visible()
    found = problems(listen(panel), "notice")
    assert not found, "\n".join(found)


def test_nothing_logged_is_told_accessibly(
    open_panel: Opener, serve: Callable[..., TensorBoard], tmp_path: Path
) -> None:
    panel = open_panel(serve(tmp_path), tab=True)
    expect(panel.part("empty")).to_be_visible()
    found = problems(listen(panel), "nothing logged")
    assert not found, "\n".join(found)
    for width in (1280, 700):
        panel.page.set_viewport_size({"width": width, "height": 800})
        panel.settle()
        for part in (panel.part("empty"), panel.part("empty").locator("pre")):
            assert part.evaluate("part => part.scrollWidth <= part.clientWidth"), "what is read is not cut"
