"""What Chromium's main thread did, from a trace: processor time, so that what else the machine does hardly counts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page

CATEGORIES = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline", "blink.user_timing"]


class Task(NamedTuple):
    """A task of the main thread: when it began on the trace's clock, and its processor time, in milliseconds."""

    start: float
    spent: float


class Trace:
    """The main thread of the page between `start` and `stop`."""

    def __init__(self, events: Sequence[dict[str, Any]]) -> None:
        marks = [event for event in events if event.get("cat") == "blink.user_timing"]
        ours = {(event["pid"], event["tid"]) for event in marks}
        own = [event for event in events if (event["pid"], event["tid"]) in ours]
        self.tasks = sorted(
            Task(event["ts"] / 1e3, event.get("tdur", event["dur"]) / 1e3)
            for event in own
            if event["name"] == "RunTask" and event.get("ph") == "X"
        )
        self._marks = {event["name"]: event["ts"] / 1e3 for event in marks}
        self._frames = sorted(event["ts"] / 1e3 for event in own if event["name"] == "FireAnimationFrame")

    def between(self, first: str, last: str) -> list[Task]:
        """The tasks that began between two marks."""
        start, end = self._marks[first], self._marks[last]
        return [task for task in self.tasks if start <= task.start < end]

    def pictures(self, first: str, last: str) -> list[float]:
        """Processor time of all tasks of each picture between two marks, milliseconds."""
        start, end = self._marks[first], self._marks[last]
        frames = [frame for frame in self._frames if start <= frame < end]
        spent = [0.0] * max(len(frames) - 1, 0)
        at = 0
        for task in self.tasks:
            # The task that fires the frame begins just before it.
            middle = task.start + task.spent / 2
            while at + 1 < len(frames) and frames[at + 1] <= middle:
                at += 1
            if at < len(spent) and frames and middle >= frames[0]:
                spent[at] += task.spent
        return spent


def start(browser: Browser, page: Page) -> None:
    """Begin to trace."""
    browser.start_tracing(page=page, categories=CATEGORIES)


def stop(browser: Browser) -> Trace:
    """End, and read what was traced."""
    return Trace(json.loads(browser.stop_tracing())["traceEvents"])
