"""Arrays put away for a while: in memory up to a size, beyond it in a temporary file without a name."""

from __future__ import annotations

import contextlib
import errno
import io
import math
import os
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from .bundle_files import create_scratch_file
from .disk import FULL, space_of


class Spool:
    """Holds arrays until it is closed.

    Args:
        size: bytes that all of them will take, about.
        memory: bytes up to which they are held in memory.
        directory: where a file may lie otherwise. It takes what is free on the disk there, but for the reserve.

    Attributes:
        error: why nothing that was put away can be read: the disk was full.
    """

    def __init__(self, size: int, *, memory: int, directory: Path) -> None:
        self.error: OSError | None = None
        self._file: BinaryIO = io.BytesIO()
        self._end = 0
        if size > memory:
            space = space_of(directory)
            if space is not None and size > space.free - space.reserve:
                self.error = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            else:
                self._file = create_scratch_file(directory)

    def put(self, array: npt.NDArray[Any]) -> int:
        """Put an array away; returns its place."""
        place = self._end
        if self.error is None:
            try:
                self._file.write(np.ascontiguousarray(array).data)
            except OSError as error:
                if error.errno not in FULL:
                    raise
                self.error = error
        self._end += array.nbytes
        return place

    def rows(self, place: int, shape: tuple[int, ...], dtype: npt.DTypeLike, some: slice) -> npt.NDArray[Any]:
        """Some rows of the array of this shape and type that was put at a place."""
        size = math.prod(shape[1:]) * np.dtype(dtype).itemsize
        first, last, _ = some.indices(shape[0])
        self._file.seek(place + first * size)
        data = self._file.read((last - first) * size)
        return np.frombuffer(data, dtype).reshape(last - first, *shape[1:])

    def close(self) -> None:
        """Forget all of it."""
        # What a full disk did not take is tried once more here, and is not needed.
        with contextlib.suppress(OSError):
            self._file.close()
