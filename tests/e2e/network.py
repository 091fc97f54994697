"""What the panel asks of the server, in order, and a link as slow as wanted."""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable, Collection
from typing import NamedTuple

from playwright.sync_api import Page, Request, Route

# Routes of which a step's picture is made.
ARRAYS = ("manifest", "member", "numbers", "glance")
# All but those that look for what is new.
EVERYTHING = (*ARRAYS, "statistics", "over_steps", "audio")


class Asked(NamedTuple):
    """One request for something of a bundle; `name` is that of a member, else that of the route."""

    file: str
    name: str
    request: Request

    @property
    def step(self) -> int | None:
        stem = self.file.rpartition("-")[0]
        return None if stem in ("", "probes") else int(stem)

    @property
    def kind(self) -> str:
        """`strip`, `envelope`, `windows`, `predictions`, `numbers`, `manifest`, …"""
        return self.name.rpartition("/")[2].partition(".")[0]


def parse_request(request: Request, routes: Collection[str] = ARRAYS) -> Asked | None:
    url = urllib.parse.urlparse(request.url)
    route = url.path.rpartition("/")[2]
    if "/plugin/cnnviz/" not in url.path or route not in routes:
        return None
    query = dict(urllib.parse.parse_qsl(url.query))
    # A glance is a manifest with more.
    name = query.get("name", "manifest" if route == "glance" else route)
    return Asked(query.get("file", ""), name, request)


class Traffic:
    """Requests for what bundles hold: all since `clear`, and how many of a kind were under way at once.

    `trips` tells which round trip each is part of: the one after the last that had ended when it was asked for.
    """

    def __init__(self, page: Page, routes: Collection[str] = ARRAYS) -> None:
        self._routes = routes
        self.asked: list[Asked] = []
        self.trips: dict[Request, int] = {}
        self._ended = 0
        self._under_way: dict[Request, Asked] = {}
        self.most_at_once: dict[str, int] = {}
        page.on("request", self._request)
        page.on("requestfinished", self._forget)
        page.on("requestfailed", self._forget)

    def clear(self) -> None:
        self.asked, self.trips, self._ended, self.most_at_once = [], {}, 0, {}

    def of(self, *kinds: str, step: int | None = None) -> list[Asked]:
        return [each for each in self.asked if each.kind in kinds and step in (None, each.step)]

    def _request(self, request: Request) -> None:
        asked = parse_request(request, self._routes)
        if asked is None:
            return
        self.asked.append(asked)
        self.trips[request] = self._ended + 1
        self._under_way[request] = asked
        now = sum(each.kind == asked.kind for each in self._under_way.values())
        self.most_at_once[asked.kind] = max(now, self.most_at_once.get(asked.kind, 0))

    def _forget(self, request: Request) -> None:
        self._under_way.pop(request, None)
        self._ended = max(self._ended, self.trips.get(request, 0))


def hold(page: Page, wanted: Callable[[Asked], bool]) -> Callable[[], None]:
    """Let the server answer nothing that is wanted here: who asks for it waits, until what is returned is called."""
    held: list[Route] = []
    holding = True

    def answer(route: Route) -> None:
        asked = parse_request(route.request)
        if asked is None or not holding or not wanted(asked):
            route.continue_()
        else:
            held.append(route)

    def let_go() -> None:
        nonlocal holding
        holding = False
        for route in held:
            route.continue_()

    page.route("**/plugin/cnnviz/**", answer)
    return let_go


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
