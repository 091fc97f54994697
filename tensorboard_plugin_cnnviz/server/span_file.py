"""A run of bytes of a file, as a file of its own."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

from tensorboard_plugin_cnnviz.bundle import Span
from tensorboard_plugin_cnnviz.bundle_files import BundleError, open_file


class SpanFile(io.RawIOBase):
    """Reads one member of a bundle without loading it: sound may be long, and players ask for a stretch at a time."""

    def __init__(self, path: Path, span: Span) -> None:
        super().__init__()
        self._span = span
        self._position = 0
        self._file = open_file(path, buffering=0)
        if self._file.seek(0, os.SEEK_END) < span.offset + span.bytes:
            self._file.close()
            raise BundleError(f"{path.name} is cut short")

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """Bytes from the start of the span."""
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to `offset` from the span's start, the current position or the span's end."""
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._span.bytes}[whence]
        self._position = max(0, origin + offset)
        return self._position

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer`; 0 at the span's end."""
        view = memoryview(buffer).cast("B")
        size = min(len(view), self._span.bytes - self._position)
        if size <= 0:
            return 0
        self._file.seek(self._span.offset + self._position)
        data = self._file.read(size)
        view[: len(data)] = data
        self._position += len(data)
        return len(data)

    def close(self) -> None:
        """Close the file beneath."""
        if not self.closed:
            self._file.close()
        super().close()
