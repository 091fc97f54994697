"""How smooth the panel is: headless Chromium without a GPU, a real TensorBoard, logs of real sizes."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.results import Report, Result
from tests.e2e.browser import launch, opener
from tests.e2e.tensorboard import TensorBoard

from . import epochs, logs, memory, playing

STEPS = 40
SELECTIONS = 10_000


def run(repeats: int, selections: int = SELECTIONS) -> Report:
    """Write the logs, then measure one thing after the other."""
    results: list[Result] = []
    with tempfile.TemporaryDirectory() as folder:
        logs.write(Path(folder), steps=STEPS)
        with TensorBoard(Path(folder)) as server, sync_playwright() as playwright:
            server.wait_for(logs.EPOCHS, STEPS - 1)
            server.wait_for(logs.MANY, 1)
            browser = launch(playwright)
            with opener(browser) as opens:
                results += playing.measure(browser, opens, server)
                results += epochs.measure(opens, server, changes=min(2 * repeats, STEPS - 4))
                results += memory.measure(opens, server, selections=selections)
            browser.close()
    return Report("How smooth the panel is", _ABOUT, results)


_ABOUT = (
    "Headless Chromium without a GPU. Times *of the main thread* are processor time of all its tasks; the "
    "others are waits, from the click to the frame that shows what was chosen. What is held is the page's JavaScript "
    "heap; pictures and the painter's worker are not in it."
)
