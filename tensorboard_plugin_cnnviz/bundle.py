"""Bundles: immutable zip files of arrays with a ``manifest.json``.

A bundle is a stored (uncompressed) zip, so that every member is one run of bytes in the file. Arrays are gzip streams
of ``.npy``; the few
that are read over many steps are plain ``.npy``. ``zipfile``, ``gzip`` and ``numpy.load`` read them anywhere.
"""

from __future__ import annotations

import gzip
import io
import os
import re
import secrets
import zipfile
import zlib
from collections.abc import Container, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt

from .bundle_files import BundleError, create_file, cut, opened, sync

try:
    from isal import igzip
except ImportError:
    igzip = None

FILE_NAME = re.compile(r"\A(-?[0-9]{1,12}|probes)-[0-9a-f]{16}\.zip\Z", re.ASCII)
MEMBER_NAME = re.compile(
    r"\A(p[0-9]{1,6}/((l[0-9]{1,6}/)?[a-z]{1,20}(\.[0-9]{1,6})?\.npy\.gz|audio\.wav)|l[0-9]{1,6}/kernel\.npy\.gz|"
    r"[a-z]{1,20}\.npy|manifest\.json)\Z",
    re.ASCII,
)
MANIFEST = "manifest.json"
DIRECTORY = Path("plugins") / "cnnviz"  # below a run's directory
MAX_MANIFEST = 256 << 20
# What a zip puts around its members, at most: before each, for each in the directory, and at the end.
_HEADER, _ENTRY, _END = 50, 74, 98
_EPOCH = (1980, 1, 1, 0, 0, 0)


class NoRoomError(BundleError):
    """A bundle that would take more bytes than it may."""


class Span(NamedTuple):
    """A run of bytes in a file."""

    offset: int
    bytes: int


def file_name(stem: int | str) -> str:
    """A new name for the bundle of a step, or for ``"probes"``; never given twice."""
    return f"{stem}-{secrets.token_hex(8)}.zip"


def create_array(array: npt.NDArray[Any]) -> bytes:
    """A plain ``.npy``."""
    array = np.ascontiguousarray(array)
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, np.lib.format.header_data_from_array_1_0(array))
    return b"".join([header.getvalue(), array.data])  # copied once; NumPy's own way does thrice


def parse_array(data: bytes) -> npt.NDArray[Any]:
    """Inverse of `create_array`; raises `BundleError`."""
    try:
        array: npt.NDArray[Any] = np.lib.format.read_array(io.BytesIO(data), allow_pickle=False)
    except (ValueError, EOFError, OSError, SyntaxError) as error:
        raise BundleError(f"an array of {len(data)} bytes is damaged: {error}") from error
    return array


def compress(data: bytes) -> bytes:
    """One gzip stream, without a time stamp, so that equal arrays give equal bytes."""
    if igzip is not None:
        packed: bytes = igzip.compress(data, compresslevel=2, mtime=0)
        return packed
    return gzip.compress(data, compresslevel=6, mtime=0)


def inflate(data: bytes, *, limit: int) -> bytes:
    """Inverse of `compress`; raises `BundleError` on damage or where more than `limit` bytes would come out."""
    inflater = zlib.decompressobj(wbits=31)
    try:
        plain = inflater.decompress(data, limit + 1)
    except zlib.error as error:
        raise BundleError(f"a compressed array is damaged: {error}") from error
    if len(plain) > limit:
        raise BundleError(f"a compressed array inflates to more than the {limit} bytes declared")
    if not inflater.eof:
        raise BundleError("a compressed array is cut short")
    return plain


class BundleWriter:
    """Collects members in a stream that can be read too; `create_bundle` makes one for a file."""

    def __init__(self, stream: BinaryIO, *, room: int | None = None) -> None:
        self._stream = stream
        self._zip = zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED)
        self._room = room
        self._directory_bytes = _END
        self.spans: dict[str, Span] = {}

    def add(self, name: str, data: bytes) -> None:
        """Add one member; raises `NoRoomError`, before anything is written, where the bundle would become too large."""
        if not MEMBER_NAME.match(name):
            raise BundleError(f"{name!r} is not a member name")
        self._directory_bytes += _ENTRY + len(name)
        size = self._stream.tell() + _HEADER + len(name) + len(data) + self._directory_bytes
        if self._room is not None and size > self._room:
            raise NoRoomError(f"a bundle of at least {size} bytes may take {self._room}")
        self._zip.writestr(zipfile.ZipInfo(name, _EPOCH), data)
        self.spans[name] = Span(self._stream.tell() - len(data), len(data))

    def add_array(self, name: str, array: npt.NDArray[Any]) -> tuple[int, int]:
        """Add one array, compressed if `name` ends in ``.gz``; returns its bytes as stored and inflated."""
        plain = create_array(array)
        stored = compress(plain) if name.endswith(".gz") else plain
        self.add(name, stored)
        return len(stored), len(plain)

    def close(self) -> None:
        """End the zip."""
        self._zip.close()

    def finish(self) -> tuple[int, int]:
        """End the zip; returns its size and CRC-32."""
        self.close()
        return measure(self._stream)

    def give_up(self) -> None:
        """Leave the zip without an end."""
        self._zip.fp = None  # or it would still write one when it is forgotten

    def reduce(self, names: Container[str], *, room: int | None) -> None:
        """Take out all members but those of these `names`, also after an error of the disk; it needs no free space.

        Args:
            names: of the members that stay; they move to where others were.
            room: bytes that the bundle may take from now on.
        """
        self.give_up()
        spans, self.spans, self._directory_bytes, self._room = self.spans, {}, _END, room
        self._stream.seek(0)
        self._zip = zipfile.ZipFile(self._stream, "w", zipfile.ZIP_STORED)
        for name, span in spans.items():
            if name in names:
                end = self._stream.tell()
                self._stream.seek(span.offset)
                data = self._stream.read(span.bytes)
                self._stream.seek(end)
                self.add(name, data)
        cut(self._stream)

    def sync(self) -> None:
        """Return when the disk has all that was written."""
        sync(self._stream)


def measure(stream: BinaryIO) -> tuple[int, int]:
    """Size and CRC-32 of a file."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    checksum = 0
    while chunk := stream.read(1 << 20):
        checksum = zlib.crc32(chunk, checksum)
    return size, checksum


@contextmanager
def create_bundle(path: Path, *, room: int | None = None) -> Iterator[BundleWriter]:
    """A writer whose bundle appears at `path` complete and synced, or not at all.

    Neither it nor its temporary file ever takes more than `room` bytes; `BundleWriter.add` raises `NoRoomError` before.
    """
    with create_file(path) as stream:
        writer = BundleWriter(stream, room=room)
        try:
            yield writer
        except BaseException:
            writer.give_up()
            raise
        writer.close()


def read_directory(path: Path) -> dict[str, Span]:
    """Where each member of a bundle lies; raises `BundleError`."""
    try:
        with opened(path) as stream, zipfile.ZipFile(stream) as archive:
            size = stream.seek(0, os.SEEK_END)
            spans = {}
            for info in archive.infolist():
                stream.seek(info.header_offset)
                header = stream.read(30)
                if len(header) != 30 or header[:4] != b"PK\x03\x04" or info.compress_type != zipfile.ZIP_STORED:
                    raise BundleError(f"{path.name}: member {info.filename!r} is damaged")
                skip = 30 + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
                span = Span(info.header_offset + skip, info.file_size)
                if span.offset + span.bytes > size:
                    raise BundleError(f"{path.name}: member {info.filename!r} ends outside the file")
                spans[info.filename] = span
            return spans
    except BundleError:
        raise
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BundleError(f"{path.name} cannot be read: {error}") from error


def read_span(path: Path, span: Span) -> bytes:
    """One run of bytes; raises `BundleError` if the file is missing or too short."""
    try:
        with opened(path) as stream:
            stream.seek(span.offset)
            data = stream.read(span.bytes)
    except (ValueError, OverflowError) as error:
        raise BundleError(f"{path.name} cannot be read: {error}") from error
    if len(data) != span.bytes:
        raise BundleError(f"{path.name} is cut short: {len(data)} of {span.bytes} bytes at {span.offset}")
    return data


def read_manifest(path: Path, spans: dict[str, Span]) -> bytes:
    """The bundle's ``manifest.json``; raises `BundleError`."""
    span = spans.get(MANIFEST)
    if span is None or span.bytes > MAX_MANIFEST:
        raise BundleError(f"{path.name} has no readable {MANIFEST}")
    return read_span(path, span)
