"""Steps as they were logged: from TensorBoard's data to records, and what is wrong with a step or its file."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from tensorboard_plugin_cnnviz.bundle import FILE_NAME
from tensorboard_plugin_cnnviz.bundle_files import changed_at, sizes
from tensorboard_plugin_cnnviz.records import FormatError, Record, parse_record

from .directories import DirectoryError

_TELLING_NANOSECONDS = 3 * 10**9  # more than any file system's clock is coarse
_MOST_DIRECTORIES = 32


class LoggedStep(NamedTuple):
    """One step as logged.

    `json` is the record's own text; `problem` says why there is no record, or why its arrays cannot be read.
    """

    step: int
    wall_time: float
    record: Record | None
    json: bytes
    problem: str | None


def newest_per_step(data: Iterable[Any]) -> list[Any]:
    """By ascending step; of equal steps (a run that was resumed from an earlier one) the one written last."""
    newest = {datum.step: datum for datum in sorted(data, key=lambda datum: datum.wall_time)}
    return [newest[step] for step in sorted(newest)]


def create_step(datum: Any) -> LoggedStep:
    """From one datum of TensorBoard's; whatever it holds."""
    step, wall_time = int(datum.step), float(datum.wall_time)
    text = datum.numpy.item() if datum.numpy.size == 1 else None
    if not isinstance(text, bytes):
        return LoggedStep(step, wall_time, None, b"null", "the record is damaged: it is not one string")
    try:
        record = parse_record(text)
    except FormatError as error:
        return LoggedStep(step, wall_time, None, b"null", str(error))
    problem = next(
        (f"{file!r} is not the name of a bundle" for file in _files(record) if not FILE_NAME.fullmatch(file)), None
    )
    return LoggedStep(step, wall_time, record, text, problem)


def _files(record: Record) -> list[str]:
    return [record.probes] if record.bundle is None else [record.bundle.file, record.probes]


def _sizes(directory: Path) -> dict[str, int]:
    try:
        return sizes(directory)
    except OSError as error:
        raise DirectoryError(f"{directory} cannot be read: {error.strerror}") from error


class FileCheck:
    """Tells where a step's bundle is missing or not of the size that its record says.

    Not looked at again while neither the steps nor the directory change. A bundle whose size is right never changes;
    one that is being copied grows, of which its directory knows nothing. Each look at a file gives the interpreter
    away, and may wait for it while TensorBoard reads its logs.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[Path, _Checked] = OrderedDict()
        self._lock = Lock()

    def __call__(self, steps: tuple[LoggedStep, ...], directory: Path) -> tuple[LoggedStep, ...]:
        """The same steps, with a `problem` where there is one."""
        changed = changed_at(directory)
        with self._lock:
            kept = self._kept.get(directory)
        if kept is not None and kept.of is steps and kept.changed == changed:
            return kept.steps
        found = _sizes(directory)
        checked = tuple(_with_problem(step, found) for step in steps)
        # A change right after this look may bear the same time as the one before it.
        settled = changed is not None and time.time_ns() - changed > _TELLING_NANOSECONDS
        if changed is not None and settled and not any(_has_another_size(step.record, found) for step in steps):
            with self._lock:
                self._kept[directory] = _Checked(steps, changed, checked)
                self._kept.move_to_end(directory)
                while len(self._kept) > _MOST_DIRECTORIES:
                    self._kept.popitem(last=False)
        return checked


class _Checked(NamedTuple):
    of: tuple[LoggedStep, ...]
    changed: int
    steps: tuple[LoggedStep, ...]


def _has_another_size(record: Record | None, found: dict[str, int]) -> bool:
    """Whether a step's bundle is there, but not as its record has it."""
    bundle = None if record is None else record.bundle
    return bundle is not None and found.get(bundle.file, bundle.bytes) != bundle.bytes


def _with_problem(step: LoggedStep, found: dict[str, int]) -> LoggedStep:
    problem = step.problem or _file_problem(step.record, found)
    return step if problem == step.problem else step._replace(problem=problem)


def _file_problem(record: Record | None, found: dict[str, int]) -> str | None:
    if record is None or record.bundle is None:
        return None
    bundle = record.bundle
    if bundle.file not in found:
        return f"{bundle.file} is missing: deleted by keep, or not copied with the run"
    if _has_another_size(record, found):
        return f"{bundle.file} is damaged: it has {found[bundle.file]} bytes, its record says {bundle.bytes}"
    return None
