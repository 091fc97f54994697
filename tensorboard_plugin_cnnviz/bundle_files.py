"""The files of a run's bundles: all access to them, the server's too.

A file appears whole or not at all, under a name that is never given twice, and is never appended to or changed: an
object store could keep them as well as a file system. Event files, which grow, are TensorBoard's; the lock is a file
system's by nature.
"""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

from .errors import CNNVizError

_UNFINISHED = ".part"


class BundleError(CNNVizError):
    """A bundle that is missing, damaged or not what its record says."""


def make_directory(directory: Path) -> None:
    """Make a run's directory of bundles, unless it is there."""
    directory.mkdir(parents=True, exist_ok=True)


def is_there(directory: Path) -> bool:
    """Tell whether a run has a directory of bundles."""
    return directory.is_dir()


def sizes(directory: Path) -> dict[str, int]:
    """Bytes of every file, by name, those of a writer that was killed included."""
    found = {}
    with os.scandir(directory) as entries:
        for entry in entries:
            # Another writer may delete or rename its files meanwhile.
            with suppress(FileNotFoundError):
                found[entry.name] = entry.stat().st_size
    return found


def changed_at(directory: Path) -> int | None:
    """When a file came, went or was renamed last, in ns of the file system's clock; None where that is not known."""
    try:
        return directory.stat().st_mtime_ns
    except OSError:
        return None


def free_and_total(directory: Path) -> tuple[int, int] | None:
    """Bytes of what holds a directory; None where the directory is gone or nobody knows its size."""
    try:
        usage = shutil.disk_usage(directory)
    except OSError:
        return None
    return (usage.free, usage.total) if usage.total else None


class WholeWrites(io.FileIO):
    """A file that keeps nothing back: what `write` was given is in it when that returns; it raises otherwise.

    Other than of a buffered file, nothing waits in memory of what a full disk refused.
    """

    def write(self, data: Any) -> int:
        """Write all of `data`."""
        rest = memoryview(data).cast("B")
        size = len(rest)
        while rest:
            rest = rest[super().write(rest) :]
        return size


@contextmanager
def create_file(path: Path) -> Iterator[BinaryIO]:
    """A stream whose file appears at `path` complete and synced, or not at all."""
    temporary = path.with_name(f".{path.name}{_UNFINISHED}")
    try:
        with WholeWrites(temporary, "w+b") as stream:
            yield cast(BinaryIO, stream)
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_directory(path.parent)


def create_scratch_file(directory: Path) -> BinaryIO:
    """A file that is gone when it is closed."""
    # Where files cannot be without a name, it has one by which `remove_unfinished` knows it.
    return cast(BinaryIO, tempfile.TemporaryFile(dir=directory, prefix=".", suffix=f".zip{_UNFINISHED}"))


def cut(stream: BinaryIO) -> None:
    """End a file that is written where its stream stands."""
    stream.truncate()


def sync(stream: BinaryIO) -> None:
    """Return when the disk has all that was written."""
    os.fsync(stream.fileno())


def remove_unfinished(directory: Path) -> None:
    """Remove what was half written; only for one who knows that nobody else is writing."""
    for path in directory.glob(f".*.zip{_UNFINISHED}"):
        # What cannot be removed is in nobody's way.
        with suppress(OSError):
            path.unlink()


def delete(path: Path) -> int:
    """Delete a file; returns its bytes, 0 where it is gone already."""
    try:
        size = path.stat().st_size
        path.unlink()
    except FileNotFoundError:
        return 0
    return size


def open_file(path: Path, *, buffering: int = -1) -> BinaryIO:
    """A file to read from, buffered as of `open`; raises `BundleError` where it is missing or cannot be opened."""
    try:
        return path.open("rb", buffering=buffering)
    except OSError as error:
        raise _unreadable(path, error) from error


@contextmanager
def opened(path: Path, *, buffering: int = -1) -> Iterator[BinaryIO]:
    """`open_file` for a while; raises `BundleError` also where it cannot be read meanwhile."""
    with open_file(path, buffering=buffering) as file:
        try:
            yield file
        except OSError as error:
            raise _unreadable(path, error) from error


def read_at(path: Path, offset: int, size: int) -> bytes:
    """Bytes of a file, fewer where it ends before; raises `BundleError` where it is missing or cannot be read."""
    with opened(path, buffering=0) as file:
        file.seek(offset)
        return file.read(size)


def _unreadable(path: Path, error: OSError) -> BundleError:
    missing = isinstance(error, FileNotFoundError)
    return BundleError(f"{path.name} {'is missing' if missing else f'cannot be read: {error.strerror or error}'}")


def _sync_directory(path: Path) -> None:
    """Make a rename in `path` durable, where the system can open directories."""
    if os.name != "posix":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
