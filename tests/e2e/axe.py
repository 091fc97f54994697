"""axe-core, which knows what screen readers and weak eyes need, run on what a panel shows."""

from __future__ import annotations

from .conftest import ROOT
from .panel import THEMES, Panel

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
# Without its own requests for stylesheets: those in the page are enough.
FIND = """async () => (await window.axe.run(document, { preload: false, resultTypes: ["violations"] })).violations
  .filter(({ impact }) => impact === "serious" || impact === "critical")
  .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\\n  ${failureSummary}`))"""


def problems(panel: Panel, view: str) -> list[str]:
    """What is serious in what is shown, light and dark."""
    assert AXE.exists(), f"{AXE} is missing: run `npm ci` in frontend/"
    if not panel.frame.evaluate("'axe' in window"):
        # Evaluated, as the page's content policy lets no foreign script in.
        panel.frame.evaluate(AXE.read_text(encoding="utf-8"))
    found = []
    for theme in THEMES:
        panel.choose_theme(theme)
        found += [f"{view}, {theme}: {problem}" for problem in panel.frame.evaluate(FIND)]
    return found
