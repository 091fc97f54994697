"""What the panel asks of the server, in order, and a link as slow as wanted."""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable
from typing import NamedTuple

from playwright.sync_api import Page, Request, Route

# Routes of which a step's picture is made.
ARRAYS = ("manifest", "member", "numbers", "glance")


class Asked(NamedTuple):
    """One request for something of a bundle; `name` is that of a member, else that of the route."""

    file: str
    name: str
    request: Request

    @property
    def step(self) -> int | None:
        stem = self.file.rpartition("-")[0]
        return None if stem == "probes" else int(stem)

    @property
    def kind(self) -> str:
        """`strip`, `envelope`, `windows`, `predictions`, `numbers`, `manifest`, …"""
        return self.name.rpartition("/")[2].partition(".")[0]


def parse_request(request: Request) -> Asked | None:
    url = urllib.parse.urlparse(request.url)
    route = url.path.rpartition("/")[2]
    if "/plugin/cnnviz/" not in url.path or route not in ARRAYS:
        return None
    query = dict(urllib.parse.parse_qsl(url.query))
    # A glance is a manifest with more.
    name = query.get("name", "manifest" if route == "glance" else route)
    return Asked(query["file"], name, request)


class Traffic:
    """Requests for what bundles hold: all since `clear`, and how many of a kind were under way at once."""

    def __init__(self, page: Page) -> None:
        self.asked: list[Asked] = []
        self._under_way: dict[Request, Asked] = {}
        self.most_at_once: dict[str, int] = {}
        page.on("request", self._request)
        page.on("requestfinished", self._forget)
        page.on("requestfailed", self._forget)

    def clear(self) -> None:
        self.asked, self.most_at_once = [], {}

    def of(self, *kinds: str, step: int | None = None) -> list[Asked]:
        return [each for each in self.asked if each.kind in kinds and step in (None, each.step)]

    def _request(self, request: Request) -> None:
        asked = parse_request(request)
        if asked is None:
            return
        self.asked.append(asked)
        self._under_way[request] = asked
        now = sum(each.kind == asked.kind for each in self._under_way.values())
        self.most_at_once[asked.kind] = max(now, self.most_at_once.get(asked.kind, 0))

    def _forget(self, request: Request) -> None:
        self._under_way.pop(request, None)


def hold(page: Page, wanted: Callable[[Asked], bool]) -> None:
    """Never let the server answer what is wanted here: who asks for it waits until they give up."""

    def answer(route: Route) -> None:
        asked = parse_request(route.request)
        if asked is None or not wanted(asked):
            route.continue_()

    page.route("**/plugin/cnnviz/**", answer)


def slow_down(page: Page, *, bytes_per_second: float, latency: float) -> None:
    """The page's link, frames of the same origin included; `latency` in milliseconds."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": latency,
            "downloadThroughput": bytes_per_second,
            "uploadThroughput": bytes_per_second,
        },
    )
