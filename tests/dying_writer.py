"""A process that writes steps of a run and is killed, as the system kills, at a chosen point of the last one.

``python -m tests.dying_writer DIRECTORY POINT`` writes steps 0 and 1, and dies in step 2:

* ``bundle``: with the bundle half written,
* ``record``: with the bundle in place and nothing of its record,
* ``cut``: with half of the record in the event file,
* ``holding``: not by itself; it says "ready" after step 2 and waits with the run open.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from tensorboard_plugin_cnnviz import Probe, Response, SummaryWriter, bundle, events

WINDOWS = 3
TIMES = np.stack([np.arange(WINDOWS) * 0.5, np.arange(WINDOWS) * 0.5 + 1], axis=1)


def make_probe(name: str = "clip", *, level: float = 0.0, **options: Any) -> Probe:
    return Probe(name, np.full((WINDOWS, 5, 4, 1), level, np.float32), TIMES, **options)


def make_response(step: int, name: str = "clip", *, layer: str = "conv", filters: int = 3) -> Response:
    rng = np.random.default_rng([step + 1, filters])
    return Response(name, {layer: rng.normal(size=(WINDOWS, 4, 5, filters)).astype(np.float32)}, np.eye(WINDOWS, 2))


def die() -> None:
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def run_until_dead(directory: Path, point: str) -> None:
    """Start a process that writes into `directory`, and wait for its end."""
    done = subprocess.run([sys.executable, "-m", __name__, str(directory), point], check=False, timeout=60)
    assert done.returncode not in (0, 1), "it ended in order"


def start_holding(directory: Path) -> subprocess.Popen[str]:
    """A living process that has the run in `directory` open."""
    process = subprocess.Popen(
        [sys.executable, "-m", __name__, str(directory), "holding"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def main(directory: str, point: str) -> None:
    writer = SummaryWriter(directory, [make_probe()], class_names=["a", "b"])
    for step in (0, 1):
        writer.write(step, [make_response(step)])
    writer.flush()
    add, append = bundle.BundleWriter.add, events.EventWriter._append

    def add_and_die(self: Any, name: str, data: bytes) -> None:
        add(self, name, data)
        self._stream.flush()
        die()

    def append_half_and_die(self: Any, event: Any) -> None:
        start = self._stream.tell()
        append(self, event)
        self._stream.truncate((start + self._stream.tell()) // 2)
        die()

    if point == "bundle":
        bundle.BundleWriter.add = add_and_die  # type: ignore[method-assign]
    elif point == "record":
        events.EventWriter.write = lambda *_, **__: die()  # type: ignore[method-assign]
    elif point == "cut":
        events.EventWriter._append = append_half_and_die  # type: ignore[method-assign]
    writer.write(2, [make_response(2)])
    writer.flush()
    print("ready", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
