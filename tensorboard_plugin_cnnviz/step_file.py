"""The file of a step while it is written, with as much of the step as there is room for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy.typing as npt

from .allotment import Allotment
from .bundle import BundleWriter, NoRoomError
from .disk import DETAILS, FULL
from .records import Member

T = TypeVar("T")


class StepFile:
    """Takes members as they come. Where there is no room for one, those that a lesser detail lacks make room.

    What is in it then is what would be, had the lesser detail been known from the start.

    Args:
        bundle: what is written.
        allotment: what there is room for; its first detail is being tried.
    """

    def __init__(self, bundle: BundleWriter, allotment: Allotment) -> None:
        self._bundle = bundle
        self._allotment = allotment
        self._details: dict[str, str] = {}  # of each member the least detail that has it

    @property
    def detail(self) -> str:
        """The detail that is written; less may follow, never more."""
        assert self._allotment.detail is not None
        return self._allotment.detail

    def has(self, member: Member) -> bool:
        """Tell whether a member that was added is still there."""
        return member.name in self._bundle.spans

    def takes(self, least: str) -> bool:
        """Tell whether members are wanted that details down to `least` have."""
        return DETAILS.index(self.detail) <= DETAILS.index(least)

    def add(
        self, name: str, array: npt.NDArray[Any], least: str, *, filters: tuple[int, int] | None = None
    ) -> Member | None:
        """Add an array that details down to `least` have; None where there is no room for those.

        Raises:
            NothingFitsError: where there is no room for anything.
        """
        while self.takes(least):
            member = self._try(lambda: add_member(self._bundle, name, array, filters=filters))
            if member is not None:
                self._details[name] = least
                return member
        return None

    def finish(self, add_rest: Callable[[BundleWriter], None]) -> tuple[int, int]:
        """Write to the end.

        Args:
            add_rest: adds what tells of all members; called again where fewer are left.

        Returns:
            size: of the file.
            checksum: CRC-32.

        Raises:
            NothingFitsError: where there is no room for anything.
        """

        def end() -> tuple[int, int]:
            add_rest(self._bundle)
            measured = self._bundle.finish()
            self._bundle.sync()
            return measured

        while (measured := self._try(end)) is None:
            pass
        return measured

    def _try(self, write: Callable[[], T]) -> T | None:
        """Write, or else make room."""
        try:
            return write()
        except NoRoomError:
            self._allotment.refuse()
        except OSError as error:
            if error.errno not in FULL:
                raise
            self._allotment.fail(error)
        kept = {name for name, least in self._details.items() if self.takes(least)}
        self._bundle.reduce(kept, room=self._allotment.room)
        return None


def add_member(
    bundle: BundleWriter, name: str, array: npt.NDArray[Any], *, filters: tuple[int, int] | None = None
) -> Member:
    """Add an array to a bundle; returns what its manifest says of it."""
    stored, inflated = bundle.add_array(name, array)
    return Member(name=name, bytes=stored, inflated=inflated, filters=filters)
