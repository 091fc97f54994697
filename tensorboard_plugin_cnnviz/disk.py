"""How much disk a run may use, and what is kept of a step when it runs out.

Two limits hold, and the lesser counts: `max_disk`, and the disk itself less a reserve. The reserve is never filled with
bundles, so that a training's checkpoints still find room: a checkpoint that fails ends the training.
"""

from __future__ import annotations

import errno
import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from .bundle_files import free_and_total, sizes
from .errors import CNNVizError

DETAILS = ("windows", "strip", "summary")  # from all to least
# Share of the limit up to which each detail may be written.
_SHARES = {"windows": 0.70, "strip": 0.95, "summary": 1.0}
_RESERVE, _RESERVED_SHARE = 10**9, 20  # the lesser of these bytes and one part in so many of the file system
FULL = (errno.ENOSPC, errno.EDQUOT)  # how the system says that a disk or a quota is full
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}


def parse_size(text: str | int, *, option: str) -> int:
    """Bytes from ``"10GB"``, ``"512 MB"`` or a plain number; units are powers of 1,000."""
    if isinstance(text, int) and not isinstance(text, bool) and text > 0:
        return text
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kmgt]?)b?\s*", text, re.IGNORECASE) if isinstance(text, str) else None
    if match is None or float(match[1]) <= 0:
        raise CNNVizError(f'{option}={text!r} is not a size: give bytes or a text like "512MB" or "10GB"')
    return int(float(match[1]) * _UNITS[match[2].lower()])


def size_text(size: int) -> str:
    """Bytes in the unit that leaves one to three digits before the point."""
    value = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.3g} {unit}"
        value /= 1000
    return f"{value:.3g} TB"


class Space(NamedTuple):
    """Bytes of a file system."""

    free: int
    total: int

    @property
    def reserve(self) -> int:
        """Bytes that stay free: 1 GB, or a twentieth of a file system below 20 GB."""
        return min(_RESERVE, self.total // _RESERVED_SHARE)


def space_of(directory: Path) -> Space | None:
    """The file system that holds a directory; None where the directory is gone or its file system tells no size."""
    usage = free_and_total(directory)
    return None if usage is None else Space(*usage)


def used_bytes(directory: Path, pattern: str = "*") -> int:
    """Bytes of the files in a run's bundle directory, those of a writer that was killed included."""
    return sum(size for name, size in sizes(directory).items() if fnmatchcase(name, pattern))


class Limit(NamedTuple):
    """Bytes that a run's bundles may take in all, and which limit that is: ``"max_disk"`` or ``"free_disk"``."""

    bytes: int
    why: str

    def up_to(self, detail: str) -> int:
        """Bytes up to which steps of `detail` may be written."""
        return int(_SHARES[detail] * self.bytes)

    @staticmethod
    def share(detail: str) -> float:
        """The share of it that `up_to` gives."""
        return _SHARES[detail]


class Budget:
    """What the next step may take, given what is there already."""

    def __init__(self, max_disk: int, *, used: int) -> None:
        self.max_disk = max_disk
        self.used = used
        self._least = dict.fromkeys(DETAILS, 1)

    def limit(self, space: Space | None) -> Limit:
        """The limit that counts, of a disk in its present state."""
        if space is not None and (own := self.used + space.free - space.reserve) < self.max_disk:
            return Limit(own, "free_disk")
        return Limit(self.max_disk, "max_disk")

    def room(self, detail: str, limit: Limit) -> int | None:
        """Bytes that a step of `detail` may take; None where, as far as is known, it takes more."""
        room = limit.up_to(detail) - self.used
        return room if room >= self._least[detail] else None

    def add(self, detail: str, size: int) -> None:
        """Count a step that was written; the next one of this detail is taken to be as large."""
        self.used += size
        self._least[detail] = size

    def refuse(self, detail: str, room: int) -> None:
        """Note that a step of `detail` takes more than `room`: it is tried again where there is more."""
        self._least[detail] = room + 1

    def release(self, size: int) -> None:
        """Count a bundle that was deleted."""
        self.used -= size
