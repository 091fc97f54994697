"""One member of a bundle, found without going through all the others.

A bundle of many clips and layers has thousands of members. To list them takes a read of each one's header, 0.1 s and
more, and the list some MB of memory; to find one takes three reads and a search in the zip's directory.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import BinaryIO

from tensorboard_plugin_cnnviz.bundle import Span, read_directory
from tensorboard_plugin_cnnviz.bundle_files import opened

_END = struct.Struct("<4s8xLLH")  # signature; bytes and offset of the directory, bytes of a comment
_ENTRY = struct.Struct("<4s6xH8xLLHHH8xL")  # signature; method, bytes packed and plain, of name, extra, comment; offset
_HEADER = struct.Struct("<4s22xHH")  # signature; bytes of name and extra
_STORED = 0
_ZIP64 = 0xFFFFFFFF


class _UnusualError(Exception):
    """Not as this package writes it, or larger than 32 bits count."""


def find_member(path: Path, name: str) -> Span | None:
    """Where a member lies; None where the bundle has none of this name. Raises `BundleError`.

    Whatever is damaged or unusual is left to `read_directory`, which knows all that a zip may be.
    """
    try:
        with opened(path, buffering=0) as file:
            return _find(file, name.encode())
    except _UnusualError:
        return read_directory(path).get(name)


def _find(file: BinaryIO, name: bytes) -> Span | None:
    end = file.seek(0, os.SEEK_END) - _END.size
    signature, size, start, comment = _END.unpack(_read(file, end, _END.size))
    if signature != b"PK\x05\x06" or comment or start + size != end:
        raise _UnusualError
    directory = _read(file, start, size)
    at = directory.find(name, _ENTRY.size)
    while at >= 0:
        signature, method, packed, plain, length, _, _, offset = _ENTRY.unpack_from(directory, at - _ENTRY.size)
        # A name may be the beginning or the end of another's.
        if signature == b"PK\x01\x02" and length == len(name):
            if method != _STORED or packed != plain or _ZIP64 in (plain, offset):
                raise _UnusualError
            return Span(_after_header(file, offset), plain)
        at = directory.find(name, at + 1)
    return None


def _after_header(file: BinaryIO, offset: int) -> int:
    signature, name, extra = _HEADER.unpack(_read(file, offset, _HEADER.size))
    if signature != b"PK\x03\x04":
        raise _UnusualError
    return offset + _HEADER.size + int(name) + int(extra)


def _read(file: BinaryIO, offset: int, size: int) -> bytes:
    if offset < 0:
        raise _UnusualError
    file.seek(offset)
    data = file.read(size)
    if len(data) != size:
        raise _UnusualError
    return data
