"""How much of one step the disk has room for: the greatest detail, and less as it turns out to be too much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from .disk import FULL, Budget, Limit, size_text, space_of


class NothingFitsError(Exception):
    """There is no room for a step, not even with the least detail."""


class Allotment:
    """What a step may take.

    Args:
        budget: of the run.
        details: to be tried in turn.
        directory: where bundles lie.

    Attributes:
        detail: what is tried now.
        room: bytes that the step may take with it.
        limit: that there is not more, and which limit it is.
        cause: the same for people.
    """

    def __init__(self, budget: Budget, details: Sequence[str], directory: Path) -> None:
        space = space_of(directory)
        self.limit = budget.limit(space)
        self.detail: str | None = None
        self.room = 0
        self._budget = budget
        self._directory = directory
        self._left = iter(details)
        if self.limit.why == "max_disk" or space is None:
            self.cause = f"max_disk: {size_text(budget.used)} of {size_text(self.limit.bytes)} are used"
        else:
            free, reserve = size_text(space.free), size_text(space.reserve)
            self.cause = f"{free} of the disk are free, and the last {reserve} are left to checkpoints"

    def next(self) -> None:
        """Go on to the next detail that there may be room for; raises `NothingFitsError`."""
        for detail in self._left:
            room = self._budget.room(detail, self.limit)
            if room is not None:
                self.detail, self.room = detail, room
                return
        self.detail = None
        raise NothingFitsError

    def refuse(self) -> None:
        """Go on since a step with the present detail takes more than its room."""
        assert self.detail is not None
        self._budget.refuse(self.detail, self.room)
        self.next()

    def fail(self, error: OSError) -> None:
        """Go on since the disk is full, by a quota or by another process: less may still fit."""
        self.limit = Limit(self.limit.bytes, "free_disk")
        self.cause = cause_of(error, self._directory)
        self.next()

    def nothing(self, error: OSError) -> None:
        """Give up since the disk is too full for what even the least detail needs; raises `NothingFitsError`."""
        self._left = iter(())
        self.fail(error)

    @contextmanager
    def until_full(self) -> Iterator[None]:
        """Give up where an error says that the disk is full."""
        try:
            yield
        except OSError as error:
            if error.errno not in FULL:
                raise
            self.nothing(error)


def cause_of(error: OSError, directory: Path) -> str:
    """Why the disk failed; without the file's name, which is another at each step: the same cause is told once."""
    return f"{error.strerror} in {str(directory)!r}"
