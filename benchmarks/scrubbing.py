"""Plain clients that ask what the panel asks while its epoch is dragged; a process of its own (`python -m`).

Reads its order as JSON from standard input, writes what it saw as JSON to standard output.
"""

from __future__ import annotations

import http.client
import json
import random
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypedDict


class Order(TypedDict):
    """What to do.

    `clients` holds for each client what it asks at each epoch: paths that are asked at once. An epoch begins half to
    one and a half times `pace` seconds after the last did, or when that has come. `form` is posted to `beside` all the
    time, by one more client.
    """

    host: str
    port: int
    clients: list[list[list[str]]]
    pace: float
    seconds: float
    beside: str
    form: str


class Seen(TypedDict):
    """Milliseconds of each request, what went wrong, and the seconds that this process was at work itself."""

    arrays: list[float]
    beside: list[float]
    problems: list[str]
    processor: float


def scrub(order: Order) -> Seen:
    """Go there and back through the epochs until the time is up; nothing is kept, as if each layer were new."""
    seen = Seen(arrays=[], beside=[], problems=[], processor=0)
    end = time.monotonic() + order["seconds"]

    def ask(path: str, waits: list[float], form: str | None = None) -> None:
        start = time.perf_counter()
        try:
            connection = http.client.HTTPConnection(order["host"], order["port"], timeout=60)
            headers = {"Accept-Encoding": "gzip", "Content-Type": "application/x-www-form-urlencoded"}
            connection.request("GET" if form is None else "POST", path, form, headers)
            answer = connection.getresponse()
            answer.read()
            connection.close()
        except OSError as error:
            seen["problems"].append(repr(error))
            return
        waits.append(1e3 * (time.perf_counter() - start))
        if answer.status != 200:
            seen["problems"].append(f"{answer.status} {path}")

    def client(number: int, epochs: list[list[str]]) -> None:
        # Hands have no common beat: in step with one another all would ask at the same instant, and wait in one line.
        chance = random.Random(number)
        time.sleep(chance.uniform(0, order["pace"]))
        there_and_back = epochs + epochs[-2:0:-1]
        turn = 0
        with ThreadPoolExecutor(6) as connections:  # as many as a browser opens
            while time.monotonic() < end:
                begun = time.monotonic()
                list(
                    connections.map(lambda path: ask(path, seen["arrays"]), there_and_back[turn % len(there_and_back)])
                )
                turn += 1
                time.sleep(max(0, begun + order["pace"] * chance.uniform(0.5, 1.5) - time.monotonic()))

    def reader() -> None:
        while time.monotonic() < end:
            ask(order["beside"], seen["beside"], order["form"])
            time.sleep(order["pace"])

    threads = [threading.Thread(target=client, args=each) for each in enumerate(order["clients"])]
    threads.append(threading.Thread(target=reader))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seen["processor"] = time.process_time()
    return seen


if __name__ == "__main__":
    given: Any = json.load(sys.stdin)
    json.dump(scrub(given), sys.stdout)
