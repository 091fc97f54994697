"""How much disk a run may use, and what is kept of a step when it runs out."""

from __future__ import annotations

import re
from pathlib import Path

from .errors import CNNVizError

DETAILS = ("windows", "strip", "summary")  # from all to least
# Share of the budget up to which each detail may be written.
_SHARES = {"windows": 0.70, "strip": 0.95, "summary": 1.0}
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


def used_bytes(directory: Path) -> int:
    """Bytes of all files in a run's bundle directory."""
    return sum(path.stat().st_size for path in directory.glob("*.zip"))


class Budget:
    """Chooses the greatest detail that `limit` bytes still allow, given what earlier steps took."""

    def __init__(self, limit: int, *, used: int) -> None:
        self.limit = limit
        self.used = used
        self._last = dict.fromkeys(DETAILS, 0)

    def detail(self) -> str | None:
        """The most that the next step may keep; None where only its record may be written."""
        for detail in DETAILS:
            if self.used + self._last[detail] <= _SHARES[detail] * self.limit:
                return detail
        return None

    def admit(self, detail: str, size: int) -> bool:
        """Count a step that was written at `detail`; False where it is more than `detail` may take, and is not counted.

        What a step takes is not known before the first one.
        """
        self._last[detail] = size
        admitted = self.used + size <= _SHARES[detail] * self.limit
        if admitted:
            self.used += size
        return admitted

    def release(self, size: int) -> None:
        """Count a bundle that was deleted."""
        self.used -= size


class Keep:
    """Which of the bundles that a writer wrote stay: all, the last N, or every k-th and the newest."""

    def __init__(self, keep: int | str | None) -> None:
        match = re.fullmatch(r"(last|every) (\d+)", f"last {keep}" if type(keep) is int else str(keep))
        if keep in (None, "all"):
            self._rule, self._number = "all", 1
        elif match is not None and int(match[2]) > 0:
            self._rule, self._number = match[1], int(match[2])
        else:
            raise CNNVizError(f'keep={keep!r} is not a rule: give None, a number (the last N), "last N" or "every N"')
        self._written: list[Path] = []
        self._count = 0

    def add(self, path: Path) -> list[Path]:
        """Count a new bundle; returns the older ones that must go."""
        self._written.append(path)
        self._count += 1
        if self._rule == "last":
            gone, self._written = self._written[: -self._number], self._written[-self._number :]
            return gone
        if self._rule == "every" and len(self._written) > 1 and (self._count - 2) % self._number != 0:
            return [self._written.pop(-2)]
        return []
