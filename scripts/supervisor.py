"""Starts programs, and ends every one of them, with all their own children, whatever happens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO

_STOPPED_BY = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_POLL_SECONDS = 0.1


class FailedError(Exception):
    """A step failed; the message is for the user."""


class StoppedError(Exception):
    """A signal asked this program to end."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.status = 128 + number


class Supervisor:
    """A scope of child processes: on leaving it, each of them and all of their descendants have ended.

    Each child leads a session of its own, so that a Ctrl-C in the terminal reaches this process only. A signal is
    noted, and raised by the next `pause`: at once, it could fall between the start of a child and its entry here.
    """

    def __init__(self) -> None:
        self._children: list[subprocess.Popen[bytes]] = []
        self._asked_with: dict[int, signal.Signals] = {}
        self._signal: int | None = None

    def __enter__(self) -> Supervisor:
        for number in _STOPPED_BY:
            signal.signal(number, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number in _STOPPED_BY:
            signal.signal(number, signal.SIG_IGN)
        self._end(self._children)

    def start(
        self,
        command: Sequence[str | Path],
        *,
        cwd: Path,
        output: IO[bytes] | None = None,
        ask_with: signal.Signals = signal.SIGTERM,
    ) -> subprocess.Popen[bytes]:
        """Start a program that goes on beside this one.

        `output` takes what it prints, instead of the terminal; `ask_with` is the signal that asks it to end.
        """
        sys.stdout.flush()
        child = subprocess.Popen(
            command,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            start_new_session=True,
        )
        self._children.append(child)
        self._asked_with[child.pid] = ask_with
        return child

    def run(
        self,
        command: Sequence[str | Path],
        *,
        cwd: Path,
        beside: Sequence[subprocess.Popen[bytes]] = (),
        ask_with: signal.Signals = signal.SIGTERM,
    ) -> None:
        """Run a program to its end.

        Raises:
            FailedError: it ended with a status other than 0, or one of `beside` ended meanwhile.
            StoppedError: a signal came.
        """
        child = self.start(command, cwd=cwd, ask_with=ask_with)
        while child.poll() is None:
            self.pause(beside=beside)
        self._end([child])
        if child.returncode:
            how = f"status {child.returncode}" if child.returncode > 0 else signal.Signals(-child.returncode).name
            raise FailedError(f"failed with {how}: {' '.join(map(str, command))}")

    def pause(self, *, beside: Sequence[subprocess.Popen[bytes]] = ()) -> None:
        """Wait a moment.

        Raises:
            FailedError: one of the programs `beside` has ended.
            StoppedError: a signal came.
        """
        time.sleep(_POLL_SECONDS)
        if self._signal is not None:
            raise StoppedError(self._signal)
        for child in beside:
            if child.poll() is not None:
                raise FailedError(f"ended by itself with status {child.returncode}: {child.args!r}")

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self._signal = number

    def _end(self, children: list[subprocess.Popen[bytes]]) -> None:
        """End each child's whole process group: politely first, so that files are closed and temporary ones removed."""
        ending = list(children)
        for numbers, seconds in ((self._asked_with, 10.0), ({}, 3.0)):
            for child in ending:
                _signal_group(child, numbers.get(child.pid, signal.SIGKILL))
            deadline = time.monotonic() + seconds
            while ending and time.monotonic() < deadline:
                ending = [child for child in ending if _group_lives(child)]
                if ending:
                    time.sleep(_POLL_SECONDS)
        self._children = [child for child in self._children if child not in children]


def _signal_group(child: subprocess.Popen[bytes], number: int) -> bool:
    try:
        os.killpg(child.pid, number)
    except (ProcessLookupError, PermissionError):  # macOS refuses where only zombies are left
        return False
    return True


def _group_lives(child: subprocess.Popen[bytes]) -> bool:
    child.poll()  # a child that ended, but was not waited for, would still count as a member
    return _signal_group(child, 0)
