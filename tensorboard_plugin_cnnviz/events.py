"""Records in TensorBoard's event files.

Written synchronously in TensorBoard's own record format: an `OSError` reaches the caller with its step, and what was
half written is taken back, so that later records stay readable. (TensorBoard's `EventFileWriter` writes in a thread of
its own.)
"""

from __future__ import annotations

import io
import itertools
import os
import socket
import time
from pathlib import Path

import msgspec
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import DATA_CLASS_TENSOR, Summary, SummaryMetadata
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.types_pb2 import DT_STRING
from tensorboard.summary.writer.record_writer import RecordWriter

from .records import PLUGIN_NAME, TAG, VERSION

_counter = itertools.count()


class EventWriter:
    """Appends records to one new event file in a run's directory."""

    def __init__(self, directory: Path) -> None:
        # TensorBoard reads a run's event files in the order of their names.
        name = f"events.out.tfevents.{int(time.time()):010d}.{socket.gethostname()}.{os.getpid()}.{next(_counter):04d}"
        # Unbuffered: a buffer would keep what a full disk refuses, and write it once there is room again.
        self._stream = (directory / name).open("xb", buffering=0)
        try:
            self._append(Event(wall_time=time.time(), file_version="brain.Event:2"))
        except OSError:
            self._stream.close()
            (directory / name).unlink()
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
        value = Summary.Value(tag=TAG, metadata=metadata, tensor=tensor)
        self._append(Event(step=step, wall_time=wall_time, summary=Summary(value=[value])))

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


def last_step(directory: Path) -> int | None:
    """The greatest step recorded in a run's directory, or None."""
    steps = [
        event.step
        for path in sorted(directory.glob("events.out.tfevents.*"))
        for event in EventFileLoader(str(path)).Load()
        if any(value.tag == TAG for value in event.summary.value)
    ]
    return max(steps, default=None)
