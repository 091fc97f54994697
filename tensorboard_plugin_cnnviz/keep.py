"""Which bundles stay."""

from __future__ import annotations

import re
from pathlib import Path

from .errors import CNNVizError


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

    def __str__(self) -> str:
        return f'keep="every {self._number}"' if self._rule == "every" else f"keep={self._number}"

    @property
    def written(self) -> int:
        """Bundles of this writer that are there."""
        return len(self._written)

    def at_once(self, steps: int | None) -> int | None:
        """Most bundles that are there at once, of so many steps; None where that grows with steps that are not known.

        A new bundle is written before an old one goes.
        """
        if self._rule == "last":
            return self._number + 1 if steps is None else min(steps, self._number + 1)
        if steps is None or self._rule == "all":
            return steps
        return min(steps, -(-(steps - 2) // self._number) + 2)

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
