"""Who writes into a run: one writer at a time, as far as the file system can tell.

The lock belongs to the process and ends with it, however it ends: the file that carries it may be left over, and says
nothing then.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from pathlib import Path
from threading import Lock

from .errors import CNNVizError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_NAME = "writer.lock"
_HELD = (errno.EACCES, errno.EAGAIN)
# The system does not tell writers of one process apart: what this process holds, by device and inode. A descriptor of a
# file that is held must not be opened again, since closing any of them ends the lock.
_own: set[tuple[int, int]] = set()
_mutex = Lock()


class RunInUseError(CNNVizError):
    """A run that another writer writes into at this moment."""


class RunLock:
    """Held from construction to `close`.

    Args:
        directory: where the lock's file lies; it exists.

    Attributes:
        certain: False where the file system has no locks: then another process may be writing too.

    Raises:
        RunInUseError: another writer holds it.
        OSError: the directory cannot be written to.
    """

    def __init__(self, directory: Path) -> None:
        self._path = directory / _NAME
        with _mutex:
            self._file, self._identity, self.certain = _acquire(self._path)

    def close(self) -> None:
        """Give it up."""
        with _mutex:
            # Windows removes no open file, and then it stays. Where the run was moved, another's may lie at the path.
            with contextlib.suppress(OSError):
                if _identity(self._path.stat()) == self._identity:
                    self._path.unlink()
            _own.discard(self._identity)
            with contextlib.suppress(OSError):
                _unlock(self._file)
            os.close(self._file)


def _acquire(path: Path) -> tuple[int, tuple[int, int], bool]:
    while True:
        with contextlib.suppress(FileNotFoundError):
            if _identity(path.stat()) in _own:
                raise RunInUseError(f"{_run(path)} is being written to by another writer of this process")
        file = os.open(path, os.O_RDWR | os.O_CREAT)
        certain = True
        try:
            _lock(file)
        except OSError as error:
            if error.errno in _HELD:
                os.close(file)
                raise RunInUseError(f"{_run(path)} is being written to by another process") from None
            certain = False
        identity = _identity(os.fstat(file))
        with contextlib.suppress(FileNotFoundError):
            if _identity(path.stat()) == identity:
                _own.add(identity)
                return file, identity, certain
        # Who held it gave it up, and removed the file, after it was opened here.
        os.close(file)


def _run(path: Path) -> Path:
    return path.parents[2]


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


if sys.platform == "win32":

    def _lock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

    def _unlock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

else:

    def _lock(file: int) -> None:
        # Of the process, unlike flock: workers that were forked from it cannot hold it longer than that.
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(file: int) -> None:
        fcntl.lockf(file, fcntl.LOCK_UN)
