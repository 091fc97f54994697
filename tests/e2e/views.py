"""A walk through all that the panel can show of a run, one view after the other, for laws that hold in each."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import expect

from .panel import Panel

COMPARED = """() => document.querySelector('[data-testid="grid"]')?.dataset.showing === "difference"
  && document.querySelector('[data-testid="compare"]').ariaBusy === "false" """


def every_view(panel: Panel) -> Iterator[str]:
    """Bring the trained run's views up in turn; yields the name of each while it is shown."""
    for mode in ("window", "raster", "strip"):
        panel.choose_mode(mode)
        yield mode
    panel.choose_sort("change")
    yield "sorted by change"
    panel.choose_sort("onset")
    yield from _inspector(panel)
    yield from _finding(panel)
    yield from _dialogs(panel)
    yield from _comparing(panel)
    yield from _classes(panel)


def _inspector(panel: Panel) -> Iterator[str]:
    panel.click_tile(panel.handle("order")[0])
    expect(panel.part("inspector-title")).to_be_visible()
    panel.settle()
    yield "inspector"
    panel.page.keyboard.press("Escape")
    expect(panel.part("inspector-title")).to_have_count(0)


def _finding(panel: Panel) -> Iterator[str]:
    panel.part("find-open").click()
    panel.settle()
    yield "find"
    panel.page.keyboard.press("Escape")


def _dialogs(panel: Panel) -> Iterator[str]:
    for name, button in (("help", "help-button"), ("export", "export-button")):
        panel.part(button).click()
        expect(panel.part(name)).to_be_visible()
        panel.settle()
        yield name
        panel.page.keyboard.press("Escape")
        expect(panel.part(name)).to_have_count(0)


def _comparing(panel: Panel) -> Iterator[str]:
    panel.page.keyboard.press("c")
    panel.wait_until(COMPARED)
    panel.settle()
    yield "compare epochs"
    panel.part("compare-kind").select_option("clip")
    expect(panel.part("compare-rows").locator(".pair").first).to_be_visible()
    panel.settle()
    yield "compare clips"
    panel.part("compare-kind").select_option("epoch")
    panel.page.keyboard.press("c")
    panel.wait_shown()


def _classes(panel: Panel) -> Iterator[str]:
    choose_view(panel, "classes")
    expect(panel.part("classes-scroller")).to_be_visible()
    panel.settle()
    yield "classes"
    choose_view(panel, "filters")
    panel.wait_shown()


def choose_view(panel: Panel, view: str) -> None:
    """By the buttons or, where there is less room, the select."""
    button = panel.part(f"view-{view}")
    if button.is_visible():
        button.click()
    else:
        panel.part("view").select_option(view)
