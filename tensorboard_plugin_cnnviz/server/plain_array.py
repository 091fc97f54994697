"""The plain float32 arrays of a bundle: a layer's part is read where it lies, never the whole for its sake."""

from __future__ import annotations

import ast
import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_cnnviz.bundle import Span
from tensorboard_plugin_cnnviz.bundle_files import BundleError, opened

LONGEST_HEADER = 1024
_MAGIC = b"\x93NUMPY\x01\x00"


class Header(NamedTuple):
    """Length and shape of a plain array."""

    bytes: int
    shape: tuple[int, ...]


def parse_header(start: bytes) -> Header | None:
    """Of the first bytes of a plain float32 array; `None` for anything else."""
    if not start.startswith(_MAGIC):
        return None
    end = 10 + int.from_bytes(start[8:10], "little")
    return _parse_description(start[:end]) if end <= len(start) else None


@lru_cache(maxsize=64)  # the same for every step of a run
def _parse_description(header: bytes) -> Header | None:
    try:
        description = ast.literal_eval(header[10:].decode("latin-1"))
        if description["descr"] != "<f4" or description["fortran_order"]:
            return None
        shape = tuple(int(n) for n in description["shape"])
    except (ValueError, SyntaxError, KeyError, TypeError, MemoryError, RecursionError):
        return None
    return Header(len(header), shape) if all(n >= 0 for n in shape) else None


def read_part(
    path: Path, span: Span, *, rows: Sequence[int] | None, columns: range, last: int
) -> npt.NDArray[np.float32]:
    """Some rows and adjacent columns of an array `[rows, columns, last]`: float32 `[len(rows), len(columns), last]`.

    `rows` is `None` for all of them.

    Raises:
        BundleError: the file is missing or cut short, or the array has not this form or size.
    """
    with opened(path, buffering=0) as file:
        file.seek(span.offset)
        header = parse_header(file.read(min(span.bytes, LONGEST_HEADER)))
        if header is None or span.bytes != header.bytes + 4 * math.prod(header.shape):
            raise BundleError(f"{path.name} holds an array that is damaged")
        if len(header.shape) != 3 or header.shape[2] != last:
            raise BundleError(f"{path.name} holds an array of shape {header.shape}, not (rows, columns, {last})")
        height, width = header.shape[:2]
        wanted = range(height) if rows is None else rows
        if not 0 <= columns.start <= columns.stop <= width or any(not 0 <= row < height for row in wanted):
            raise BundleError(f"{path.name} holds an array of shape {header.shape}: too small for its manifest")
        part = np.empty((len(wanted), len(columns), last), "<f4")
        for values, row in zip(part, wanted, strict=True):
            file.seek(span.offset + header.bytes + 4 * last * (row * width + columns.start))
            data = file.read(values.nbytes)
            if len(data) != values.nbytes:
                raise BundleError(f"{path.name} is cut short")
            values[:] = np.frombuffer(data, "<f4").reshape(values.shape)
    return part
