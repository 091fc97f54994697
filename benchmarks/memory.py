"""How much memory logging takes beside a plain forward pass, for many clips and for large models."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.e2e.browser import launch, opener
from tests.e2e.tensorboard import TensorBoard

from .memory_case import CASES, LARGEST, STEPS
from .panel.epochs import change
from .panel.playing import AT_MOST, measure_playing
from .results import Report, Result

BUDGET = 512  # MB


def run(repeats: int) -> Report:  # noqa: ARG001
    """Log each model in a process of its own, run it without logging in another, and look at the largest log."""
    results: list[Result] = []
    with tempfile.TemporaryDirectory() as folder:
        for name in CASES:
            logged = case("log", name, folder)
            plain = case("plain", name, folder, *map(str, logged["blocks"]))
            extra = (logged["peak"] - plain["peak"]) / 1e6
            note = f"{logged['blocks'][0]} windows at a time; {plain['peak'] / 1e6:,.0f} MB without logging"
            results.append(Result(f"{name}: more memory than the plain passes", extra, "MB", at_most=BUDGET, note=note))
            layers = Result(f"{name}: layers kept whole", logged["kept"], "", at_least=logged["layers"])
            results += [layers, Result(f"{name}: a step on disk", logged["bytes"] / 1e6, "MB")]
        results += look(Path(folder))
    return Report("What logging takes of memory", _ABOUT, results)


_ABOUT = (
    f"Peaks of resident memory over {STEPS} steps logged one right after the other, each in a process of its own, less "
    "the peak of as many plain forward passes over the same blocks of windows. Default layers, `memory_budget` 512 MB; "
    "clips of 22 windows. ResNet50 and VGG16 (`keras.applications`, untaught) see 224 x 224."
)


def case(*arguments: str) -> dict[str, Any]:
    """Run `memory_case`; returns what it printed last."""
    command = [sys.executable, "-m", f"{__package__}.memory_case", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def look(folder: Path) -> list[Result]:
    """What the panel makes of the largest layer of the large network: other epochs, and how smoothly it plays."""
    results = []
    with TensorBoard(folder) as server, sync_playwright() as playwright:
        run, layer = f"{LARGEST}/cnnviz", "conv1_relu"
        server.wait_for(run, STEPS - 1)
        browser = launch(playwright)
        with opener(browser) as opens:
            for mode in AT_MOST:
                panel = opens(server)
                panel.choose_run(run).choose_layer(layer).choose_mode(mode)
                waits = [change(panel) for _ in range(STEPS - 1)]
                what = f"{LARGEST}, {layer} as {mode}s: another epoch, the first and the next"
                results.append(Result(what, waits[0], "ms", note=", ".join(f"{wait:.0f} ms" for wait in waits[1:])))
                panel.part("loop").click()
                smooth, _ = measure_playing(browser, panel, mode, f"{LARGEST}, {layer} as {mode}s")
                results.append(smooth)
                panel.page.close()
        browser.close()
    return results
