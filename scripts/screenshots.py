"""Takes the README's pictures, `docs/images/panel.png` and `panel-dark.png`, of a real run of the example.

What is in $LOGDIR is pictured; where there is no run yet, the example is trained into it first.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from environment import PYTHON, ROOT
from PIL import Image

# The browser, the server and the panel's controls are handled as in the end-to-end tests.
sys.path.insert(0, str(ROOT))

from playwright.sync_api import sync_playwright

from tests.e2e.browser import launch, opener
from tests.e2e.panel import Panel
from tests.e2e.tensorboard import TensorBoard

IMAGES = ROOT / "docs" / "images"
WIDTH, HEIGHT = 1440, 900
EPOCHS = 8
CLIP, LAYER, SECONDS = "violin", "conv2", 1.28
LARGEST_BYTES = 400_000


def main() -> None:
    """Take both pictures."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with TensorBoard(logdir_with_run()) as tensorboard, sync_playwright() as playwright:
        browser = launch(playwright)
        with opener(browser) as opens:
            tensorboard.wait_for_runs()
            panel = opens(tensorboard, tab=True, width=WIDTH, height=HEIGHT)
            arrange(panel)
            take(panel, IMAGES / "panel.png")
            panel.page.evaluate("document.body.classList.add('dark-mode')")
            panel.wait_until("() => document.documentElement.dataset.theme === 'dark'")
            panel.settle()
            take(panel, IMAGES / "panel-dark.png")
        browser.close()


def logdir_with_run() -> Path:
    """$LOGDIR, trained into where there is no run yet."""
    logdir = Path(os.environ.get("LOGDIR", "logs")).expanduser().absolute()
    if not any(logdir.glob("**/plugins/cnnviz/*.zip")):
        train = ROOT / "examples" / "instrument_recognition" / "train.py"
        subprocess.run([PYTHON, train, "--logdir", logdir, "--epochs", str(EPOCHS)], cwd=ROOT, check=True)
    return logdir


def arrange(panel: Panel) -> None:
    """Show a clip in the middle of its sound, with every filter of a layer that still sees fine detail."""
    panel.wait_shown()
    panel.choose_clip(CLIP).choose_layer(LAYER)
    panel.seek(SECONDS)
    # The pointer would leave its mark where it clicked.
    panel.page.mouse.move(0, 0)
    panel.settle()


def take(panel: Panel, path: Path) -> None:
    """Save the page as it is; with a palette where that alone keeps the file small."""
    panel.page.screenshot(path=path)
    with Image.open(path) as taken:
        picture = taken.convert("RGB")
    picture.save(path, optimize=True)
    if path.stat().st_size > LARGEST_BYTES:
        picture.quantize(colors=256, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
