"""A real file system of a few hundred kilobytes, to fill and to lose."""

from __future__ import annotations

import contextlib
import os
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

# The second needs no rights, where the kernel lets users have namespaces.
_NAMESPACES = (["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"])


class NotAllowedError(Exception):
    """Says why there can be no small file system on this machine."""


class SmallDisk:
    """A tmpfs at `path`.

    It is mounted in a namespace of its own and looked at through the process that holds the namespace: once that has
    ended, however the tests ended, nothing is mounted any more.
    """

    def __init__(self, shell: subprocess.Popen[str], place: Path) -> None:
        self._shell = shell
        self._place = place
        self.path = Path(f"/proc/{shell.pid}/root{place}")
        self._others = self.path / "of someone else"

    def fill(self, *, leave: int = 0) -> None:
        """Write another one's file, which leaves `leave` bytes."""
        self._others.write_bytes(bytes(self.free() - leave))

    def empty(self) -> None:
        """Delete that file."""
        self._others.unlink()

    def free(self) -> int:
        _, _, blocks = self._df()
        return blocks * 1024

    def size(self) -> int:
        size, _, _ = self._df()
        return size * 1024

    def lock(self, folder: Path) -> None:
        """Make a folder read-only, as a system does after errors: also for a process that has files open in it."""
        place = shlex.quote(str(self._place / folder.relative_to(self.path)))
        self._run(f"mount --bind {place} {place} && mount -o remount,bind,ro {place}")

    def unlock(self, folder: Path) -> None:
        self._run(f"umount {shlex.quote(str(self._place / folder.relative_to(self.path)))}")

    def _df(self) -> list[int]:
        numbers = self._run(f"df -k {shlex.quote(str(self._place))} | tail -n 1").split()
        return [int(number) for number in numbers[1:4]]

    def _run(self, command: str) -> str:
        assert self._shell.stdin is not None
        assert self._shell.stdout is not None
        # Past Python's buffer: closing one that a shell which has ended did not take would raise.
        os.write(self._shell.stdin.fileno(), f"{{ {command}; }} 2>&1; status=$?; echo; echo end $status\n".encode())
        said = ""
        for line in self._shell.stdout:
            if line.startswith("end "):
                assert line == "end 0\n", said
                return said.strip()
            said += line
        raise RuntimeError(f"the namespace has ended: {said}")


@contextlib.contextmanager
def small_disk(place: Path, size: int) -> Iterator[SmallDisk]:
    """Mount `size` bytes at an empty directory (0: without a limit); raises `NotAllowedError` where that may not be."""
    place = place.resolve()
    refused = []
    for namespace in _NAMESPACES:
        try:
            shell = subprocess.Popen(
                [*namespace, "sh"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        except FileNotFoundError as error:
            raise NotAllowedError(f"a small file system needs Linux's unshare: {error}") from error
        with shell:
            disk = SmallDisk(shell, place)
            try:
                disk._run(f"mount -t tmpfs -o size={size} tmpfs {shlex.quote(str(place))}")
            except (AssertionError, RuntimeError, BrokenPipeError) as error:
                refused.append(str(error))
                shell.kill()
                continue
            try:
                yield disk
            finally:
                shell.kill()
            return
    raise NotAllowedError(f"a small file system may not be mounted here, not even in a user's namespace: {refused}")
