"""A Chromium page on the panel, and what must not happen in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Frame, Page, Playwright, Request, expect

from .panel import Panel
from .tensorboard import TensorBoard

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Chromium asks for a gesture before sound; a click of the test counts, but not in every frame.
    "--autoplay-policy=user-gesture-required",
)
# Kept from the first moment on: what the browser says has jumped, and what it was.
_OBSERVE_SHIFTS = """window.layoutShifts = [];
new PerformanceObserver(list => list.getEntries().forEach(({ value, hadRecentInput, sources }) => {
  const names = sources.map(({ node }) => node?.parentElement?.className + " > " + (node?.className ?? node?.nodeName));
  if (!hadRecentInput) window.layoutShifts.push({ value, names });
})).observe({ type: "layout-shift", buffered: true });"""
TAB = "iframe[src*='name=cnnviz']"
PATIENCE = 60_000  # milliseconds; only what never happens takes as long


def launch(playwright: Playwright) -> Browser:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    return playwright.chromium.launch(executable_path=chromium, args=list(QUIET))


class Watch:
    """Notes console errors (a breach of the Content-Security-Policy is one), uncaught errors, foreign requests."""

    def __init__(self, context: BrowserContext, *hosts: str) -> None:
        self.problems: list[str] = []
        self._known = (*hosts, "blob:", "data:")
        self._expected: tuple[str, ...] = ()
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"uncaught: {error.error}"))
        context.on("request", self._request)
        context.on("dialog", lambda dialog: (self.problems.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def expect(self, *texts: str) -> None:
        """Let console errors pass that hold one of these texts: those of a failure that the test brings about."""
        self._expected += texts

    def check(self) -> None:
        # Also what came before it was expected: a page's own errors come as it is opened.
        left = [problem for problem in self.problems if not any(text in problem for text in self._expected)]
        assert not left, "\n".join(left)

    def _console(self, message: ConsoleMessage) -> None:
        url = message.location.get("url", "")
        # The browser's own wish, of a page that is a frame elsewhere.
        wished = url.endswith("/favicon.ico")
        if message.type == "error" and not wished and not any(text in message.text for text in self._expected):
            self.problems.append(f"console: {message.text} ({url})")

    def _request(self, request: Request) -> None:
        if not request.url.startswith(self._known):
            self.problems.append(f"foreign request: {request.url}")


class Opener:
    """Opens panels, each in a context of its own; all are watched until `close`."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._open: list[tuple[BrowserContext, Watch]] = []

    def __call__(
        self,
        tensorboard: TensorBoard,
        *,
        tab: bool = False,
        fragment: str = "cnnviz",
        notebook: str = "",
        width: int = 1280,
        height: int = 800,
        ratio: float = 1,
        motion: bool = False,
    ) -> Panel:
        """Open the panel by itself, as TensorBoard frames it, or in TensorBoard's own tab.

        `fragment` is what stands behind the `#` of TensorBoard's address.
        `notebook` is the address of a page whose first frame is TensorBoard with that tab open.
        Without `motion` the first sight's sweep does not move the cursor.
        """
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=ratio,
            reduced_motion="no-preference" if motion else "reduce",
        )
        context.set_default_timeout(PATIENCE)
        watch = Watch(context, tensorboard.host, *([notebook] if notebook else []))
        self._open.append((context, watch))
        context.add_init_script(_OBSERVE_SHIFTS)
        page = context.new_page()
        if tab or notebook:
            page.goto(notebook or f"{tensorboard.url}/#{fragment}")
            host = framed(page.main_frame, "iframe") if notebook else page.main_frame
            return Panel(page, framed(host, TAB), watch)
        page.goto(f"{tensorboard.url}/data/plugin_entry.html?name=cnnviz")
        return Panel(page, page.main_frame, watch)

    def close(self) -> None:
        opened, self._open = self._open, []
        for context, _ in opened:
            context.close()
        for _, watch in opened:
            watch.check()


def framed(frame: Frame, selector: str) -> Frame:
    """What a frame of a page (or of another frame) holds."""
    element = frame.wait_for_selector(selector, state="attached")
    content = element.content_frame() if element is not None else None
    assert content is not None
    return content


@contextmanager
def opener(browser: Browser) -> Iterator[Opener]:
    expect.set_options(timeout=PATIENCE)
    opens = Opener(browser)
    try:
        yield opens
    finally:
        opens.close()


__all__ = ["Opener", "Page", "Watch", "launch", "opener"]
