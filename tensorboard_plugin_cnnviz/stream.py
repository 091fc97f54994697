"""Large things on their way from one thread to another: who gives waits while those under way take too much memory."""

from __future__ import annotations

import threading
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class AbandonedError(Exception):
    """Whoever gave the things of a stream has failed before the last."""


class Allowance:
    """Bytes that may be under way at once, in all streams that share it.

    What is larger than all of it goes alone.

    Attributes:
        most: the most bytes that ever were.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.most = 0
        self.changed = threading.Condition()
        self._used = 0

    def fits(self, size: int) -> bool:
        """Tell whether so many bytes more may be under way."""
        return not self._used or self._used + size <= self.size

    def take(self, size: int) -> None:
        """Count bytes."""
        self._used += size
        self.most = max(self.most, self._used)

    def give_back(self, size: int) -> None:
        """Count bytes no longer."""
        self._used -= size
        self.changed.notify_all()


class Stream(Generic[T]):
    """Things that one thread gives and another takes, in order.

    They are taken when all are there, or as soon as one has to wait: while there is room, whoever gives them has the
    processor for itself.
    """

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._changed = allowance.changed
        self._things: deque[tuple[T, int]] = deque()
        self._taken = 0  # bytes of the thing that was taken last
        self._crowded = self._ended = self._abandoned = self._left = False

    def put(self, thing: T, size: int) -> None:
        """Give a thing of `size` bytes; waits until there is room. Where nobody takes any more it is dropped."""
        with self._changed:
            if not self._allowance.fits(size):
                self._crowded = True
                self._changed.notify_all()
            self._changed.wait_for(lambda: self._left or self._allowance.fits(size))
            if not self._left:
                self._allowance.take(size)
                self._things.append((thing, size))
                self._changed.notify_all()

    def end(self, *, abandoned: bool = False) -> None:
        """Give nothing more, since that was all, or (`abandoned`) since the rest cannot be given."""
        with self._changed:
            self._ended, self._abandoned = True, abandoned
            self._changed.notify_all()

    def __iter__(self) -> Stream[T]:
        return self

    def __next__(self) -> T:
        """Take the next thing, whose bytes count until the one after it is asked for: let go of it before.

        Raises:
            AbandonedError: as soon as it is known that some will never come.
        """
        with self._changed:
            self._let_go()
            self._changed.wait_for(lambda: self._ended or (self._crowded and self._things))
            if self._abandoned:
                raise AbandonedError
            if not self._things:
                raise StopIteration
            thing, self._taken = self._things.popleft()
            return thing

    def leave(self) -> None:
        """Take nothing more."""
        with self._changed:
            self._left = True
            self._let_go()
            while self._things:
                _, self._taken = self._things.popleft()
                self._let_go()

    def _let_go(self) -> None:
        self._allowance.give_back(self._taken)
        self._taken = 0
