"""Records in TensorBoard's event files.

Written synchronously in TensorBoard's own record format: an `OSError` reaches the caller with its step, and what was
half written is taken back, so that later records stay readable. (TensorBoard's `EventFileWriter` writes in a thread of
its own.)
"""

from __future__ import annotations

import io
import itertools
import math
import os
import re
import secrets
import socket
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import DATA_CLASS_TENSOR, Summary, SummaryMetadata
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.types_pb2 import DT_STRING
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c
from tensorboard.summary.writer.record_writer import RecordWriter

from .records import PLUGIN_NAME, TAG, VERSION, FormatError, parse_record

_counter = itertools.count()
_PREFIX = "events.out.tfevents."
# Other writers' files in the same directory may be large, and are none of ours.
_SUFFIX = ".cnnviz"


class Recorded(NamedTuple):
    """What the event files of a run hold already.

    `last_step` and `wall_time` are the greatest of any record, None without one; `bundles` are the names of the files
    that records refer to.
    """

    last_step: int | None
    wall_time: float | None
    bundles: frozenset[str]

    def after(self, wall_time: float) -> float:
        """`wall_time`, or where a clock is behind the first moment after all records: the newest must win."""
        return wall_time if self.wall_time is None else max(wall_time, math.nextafter(self.wall_time, math.inf))


def read_recorded(directory: Path) -> Recorded:
    """Go through the records in a run's directory, which need not exist; what is cut short or damaged ends a file."""
    steps: list[int] = []
    times: list[float] = []
    bundles: set[str] = set()
    for path in directory.glob(f"{_PREFIX}*{_SUFFIX}"):
        for event in _read_events(path):
            for value in event.summary.value:
                steps.append(event.step)
                times.append(event.wall_time)
                bundles.update(_bundles(value.tensor))
    return Recorded(max(steps, default=None), max(times, default=None), frozenset(bundles))


def _read_events(path: Path) -> Iterator[Event]:
    """Every event up to the end or the first that is damaged (TensorBoard's own reader would import TensorFlow)."""
    data = path.read_bytes()
    start = 0
    while start + 12 <= len(data):
        size, length_check = struct.unpack_from("<QI", data, start)
        end = start + 12 + size
        if end + 4 > len(data) or masked_crc32c(data[start : start + 8]) != length_check:
            return
        content = data[start + 12 : end]
        if masked_crc32c(content) != struct.unpack_from("<I", data, end)[0]:
            return
        yield Event.FromString(content)
        start = end + 4


def _bundles(tensor: TensorProto) -> list[str]:
    try:
        record = parse_record(tensor.string_val[0])
    except (FormatError, IndexError):
        return []
    return [] if record.bundle is None else [record.bundle.file]


class EventWriter:
    """Appends records to one new event file in a run's directory.

    Args:
        directory: the run; it exists.
        alone: False where other writers may be at work in the run.

    Attributes:
        recorded: what the run held before.
    """

    def __init__(self, directory: Path, *, alone: bool = True) -> None:
        self.recorded = read_recorded(directory)
        self._tag = TAG if alone else _new_tag()
        self._last_step, self._wall_time = self.recorded.last_step, self.recorded.wall_time
        name = f"{_stamp(directory):010d}.{socket.gethostname()}.{os.getpid()}.{next(_counter):04d}"
        # Unbuffered: a buffer would keep what a full disk refuses, and write it once there is room again.
        path = directory / f"{_PREFIX}{name}{_SUFFIX}"
        self._stream = path.open("xb", buffering=0)
        try:
            self._append(Event(wall_time=time.time(), file_version="brain.Event:2"))
        except OSError:
            self._stream.close()
            path.unlink()
            raise

    def write(self, step: int, record: bytes, *, wall_time: float) -> None:
        """Append one step's record; raises `OSError`, and then the file is as it was before."""
        metadata = SummaryMetadata(
            plugin_data=SummaryMetadata.PluginData(
                plugin_name=PLUGIN_NAME, content=msgspec.json.encode({"version": VERSION})
            ),
            data_class=DATA_CLASS_TENSOR,
        )
        tensor = TensorProto(dtype=DT_STRING, string_val=[record])
        tag = self._tag_for(step, wall_time)
        value = Summary.Value(tag=tag, metadata=metadata, tensor=tensor)
        self._append(Event(step=step, wall_time=wall_time, summary=Summary(value=[value])))
        self._tag, self._last_step, self._wall_time = tag, step, wall_time

    def _tag_for(self, step: int, wall_time: float) -> str:
        """The tag to write to: a new one where the steps go back, or an older record follows a newer one.

        One of TensorBoard's data servers drops what a tag holds at a later step or the same one. The reader takes all
        tags together.
        """
        if self._last_step is None or self._wall_time is None:
            return self._tag
        if step > self._last_step or (step == self._last_step and wall_time >= self._wall_time):
            return self._tag
        return _new_tag()

    def _append(self, event: Event) -> None:
        packed = io.BytesIO()
        RecordWriter(packed).write(event.SerializeToString())
        left = packed.getbuffer()
        start = self._stream.tell()
        try:
            while left:
                left = left[self._stream.write(left) :]
        except OSError:
            self._stream.seek(start)
            self._stream.truncate()
            raise

    def close(self) -> None:
        """Close the file."""
        self._stream.close()


def _new_tag() -> str:
    return f"{TAG}-{secrets.token_hex(8)}"


def _stamp(directory: Path) -> int:
    """Seconds for a new file's name, after those of every file that is there.

    TensorBoard reads a run's event files in the order of their names, and does not come back to an earlier one: neither
    a clock that is behind nor two writers within a second may put the new file before the others.
    """
    stamps = (re.match(rf"{re.escape(_PREFIX)}(\d{{1,10}})\.", path.name) for path in directory.glob(f"{_PREFIX}*"))
    return max(int(time.time()), *(int(stamp[1]) + 1 for stamp in stamps if stamp), 0)
