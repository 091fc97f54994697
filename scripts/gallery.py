"""Takes pictures of all that the panel can show, light and dark, at several sizes: `docs/images/states/`.

`gallery.py [NAME ...] [--widths WIDTH ...]` takes those of these states, or groups of states, alone. A real run of the
example is pictured, the one in $LOGDIR or one that is trained for it, and small logs for what no training shows.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Collection
from pathlib import Path

from gallery_around import AROUND
from gallery_filters import FILTERS
from gallery_logs import LOGS
from PIL import Image
from playwright.sync_api import sync_playwright
from screenshots import IMAGES

from tests.e2e.browser import launch
from tests.e2e.panel import THEMES, Panel

STATES = IMAGES / "states"
# A notebook's frame is the narrow one.
SIZES = {1024: 640, 1280: 800, 1920: 1080, 2560: 1440, 700: 800}
# Text stays sharp; more would double what the repository carries.
QUALITY = 50


def main(names: Collection[str], widths: Collection[int]) -> None:
    """Go through the states; of each, all sizes and both themes."""
    STATES.mkdir(parents=True, exist_ok=True)
    groups = {group.__name__: group for group in (*FILTERS, *AROUND, *LOGS)}
    wanted_groups = [name for name in groups if not names or name in names] or list(groups)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = launch(playwright)
        for group in wanted_groups:
            for state, panel in groups[group](browser, Path(folder) / group):
                name = state.replace(" ", "-")
                if not names or name in names or group in names:
                    take(panel, name, widths)
        browser.close()


def take(panel: Panel, state: str, widths: Collection[int]) -> None:
    """Save a state at every size, light and dark."""
    before = panel.page.viewport_size
    for width in widths:
        panel.page.set_viewport_size({"width": width, "height": SIZES[width]})
        for theme in THEMES:
            panel.choose_theme(theme).settle()
            path = STATES / f"{state}-{width}-{theme}.webp"
            panel.page.screenshot(path=path.with_suffix(".png"))
            with Image.open(path.with_suffix(".png")) as picture:
                picture.convert("RGB").save(path, quality=QUALITY, method=6)
            path.with_suffix(".png").unlink()
    panel.choose_theme("light")
    assert before is not None
    panel.page.set_viewport_size(before)
    panel.settle()
    print(state, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="states as their files are named, or groups")
    parser.add_argument("--widths", nargs="+", type=int, choices=SIZES, default=list(SIZES))
    given = parser.parse_args()
    main(given.names, given.widths)
