"""Arrays to bundles and records: what any framework can call.

`SummaryWriter.write` quantises, then returns; transposing, strips, statistics, compression and all writing happen in a
background thread. Its queue is bounded: who writes faster than the disk waits, and nothing is dropped. Trouble with the
disk never raises: the step is skipped and one `CNNVizWarning` tells why.
"""

from __future__ import annotations

import atexit
import contextlib
import time
import warnings
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from . import bundle
from .background import Background
from .bundle_files import make_directory, remove_unfinished
from .bundle_store import DISK_FULL, BundleStore, Note, cause_of
from .checks import check_class_names, check_probes, foreign_labels
from .disk import DETAILS, FULL, parse_size
from .errors import CNNVizError, CNNVizWarning
from .events import EventWriter
from .keep import Keep
from .kernels import check_kernels
from .layers import LayerSpec, QuantisedResponse
from .leftovers import find_unrecorded
from .probe_bundle import write_probe_bundle
from .probes import Probe
from .records import Record, create_logs, create_record, short_logs
from .responses import Quantiser, Response, check_responses
from .run_lock import RunLock
from .step_bundle import Step, create_layout
from .warn import warn

__all__ = ["Response", "SummaryWriter"]

_QUEUED_STEPS = 2


class SummaryWriter:
    """Writes steps of one run, from construction to `close`.

    A run that holds steps already is gone on with: nothing of it is lost, and of two records of one step the newer
    counts. Only one writer at a time writes into a run.

    Args:
        directory: the run; created if need be. A step's record goes into its event file, the arrays below
            ``plugins/cnnviz``.
        probes: the clips that are watched; their names are unique.
        class_names: names of the predictions' columns, each another; numbers by default. A probe's label that is not
            among them is warned of.
        layer_axes: layer name to the order of its axes after the windows axis, such as ``{"conv": ("filter",
            "time")}``.
        centres: layer name to the centres of its columns, in seconds from the window's start; without it the columns
            fill the window evenly.
        max_map_size: cells per axis above which the maps of single windows are pooled by magnitude.
        max_disk: bytes that the run's bundles may take, those already there counted: bytes or a text like ``"10GB"``.
            As it runs out, or the disk does but for 1 GB (a twentieth of one below 20 GB), less is kept of each step.
        keep: bundles that stay of those that this writer writes: None (all), a number or ``"last N"``, ``"every N"``.

    Raises:
        CNNVizError: for anything above that cannot be right, a directory that cannot be written to, or one that another
            writer, here or in another process, has not closed (`RunInUseError`).
    """

    def __init__(
        self,
        directory: str | Path,
        probes: Sequence[Probe],
        *,
        class_names: Sequence[str] | None = None,
        layer_axes: Mapping[str, Sequence[str]] | None = None,
        centres: Mapping[str, Sequence[float]] | None = None,
        max_map_size: int = 256,
        max_disk: str | int = "10GB",
        keep: int | str | None = None,
    ) -> None:
        self.directory = Path(directory).expanduser()
        self._probes = check_probes(probes)
        self._classes = None if class_names is None else check_class_names(class_names)
        self._quantise = Quantiser(self._probes, layer_axes=layer_axes, centres=centres)
        if not isinstance(max_map_size, int) or max_map_size < 1:
            raise CNNVizError(f"max_map_size={max_map_size!r} must be a whole number of at least 1")
        self._max_map_size = max_map_size
        rule, limit = Keep(keep), parse_size(max_disk, option="max_disk")
        # Absolute: training may change its working directory.
        self._bundles = (self.directory / bundle.DIRECTORY).absolute()
        if self._classes is not None and (note := foreign_labels(self._probes, self._classes)):
            warnings.warn(note, CNNVizWarning, stacklevel=2)
        try:
            make_directory(self._bundles)
            self._lock = RunLock(self._bundles)
            with contextlib.ExitStack() as undo:
                undo.callback(self._lock.close)
                self._open(limit, rule)
                undo.pop_all()
        except OSError as error:
            raise CNNVizError(
                f"cannot write to {str(self.directory)!r}: {error.strerror or error}; "
                f"{'make room or ' * (error.errno in FULL)}choose another directory"
            ) from error
        self._warned: set[str] = set()
        self._closed = False
        self._background = Background(capacity=_QUEUED_STEPS, name="cnnviz writer")
        atexit.register(self.close)

    @property
    def last_bundle_bytes(self) -> int | None:
        """Bytes of the newest step that was written; None before the first."""
        return self._store.last_bytes

    @property
    def used_bytes(self) -> int:
        """Bytes that all bundles of this run take."""
        return self._store.used_bytes

    def disk_message(self, steps: int | None = None) -> str | None:
        """Tell what a step takes, and whether the disk will hold the run.

        Args:
            steps: all that this writer will write, where that is known.

        Returns:
            message: one line, or two where the disk will not hold them whole; None before the first step is written.
        """
        return self._store.message(str(self.directory), steps)

    def write(
        self,
        step: int,
        responses: Sequence[Response],
        *,
        logs: Mapping[str, float] | None = None,
        epoch: int | None = None,
        batch: int | None = None,
        output: str | None = None,
        kernels: Mapping[str, npt.ArrayLike] | None = None,
    ) -> None:
        """Log one step.

        The arrays are quantised before this returns and may then be changed. Steps should ascend.

        Args:
            step: on TensorBoard's step axis.
            responses: of any of the probes; each with the same layers.
            logs: training curves' values at this step.
            epoch: 0-based number, if the step ends one; by default the step.
            batch: set where steps count batches.
            output: the layer that the predictions come from.
            kernels: layer name to the kernel of its convolution, float ``[filters, channels, frequency, time]`` (the
                axes as those of the layer's maps, in their order). Kept where a filter sees at most three channels.

        Raises:
            CNNVizError: where names or shapes do not fit; nothing of the step is written then.
        """
        specs, quantised = self._quantise(responses)
        if epoch is None and batch is None:
            epoch = step
        kept = check_kernels(kernels or {}, specs, quantised)
        self.write_quantised(step, specs, quantised, output=output, kernels=kept, logs=logs, epoch=epoch, batch=batch)

    def write_quantised(
        self,
        step: int,
        specs: Sequence[LayerSpec],
        responses: Sequence[QuantisedResponse],
        *,
        output: str | None = None,
        kernels: Mapping[str, npt.NDArray[np.float32]] | None = None,
        logs: Mapping[str, Any] | None = None,
        epoch: int | None = None,
        batch: int | None = None,
    ) -> None:
        """Log one step from arrays that are quantised already and will not be changed.

        Args:
            step: on TensorBoard's step axis.
            specs: the layers; each is recorded in at least one response.
            responses: of any of the probes.
            output: the layer that the predictions come from.
            kernels: layer name to float32 ``[filters, channels, frequency, time]``.
            logs: training curves' values at this step.
            epoch: 0-based number, or None.
            batch: set where steps count batches.

        Raises:
            CNNVizError: where a response does not fit its probe or the specs, or the writer is closed.
        """
        self._tell()
        if self._closed:
            raise CNNVizError("this writer is closed: make a new one to go on")
        step = _check_whole("step", step)
        epoch = None if epoch is None else _check_whole("epoch", epoch)
        batch = None if batch is None else _check_whole("batch", batch)
        classes = check_responses(specs, responses, {probe.name: probe for probe in self._probes}, self._classes)
        wall_time = self._events.recorded.after(time.time())
        job = Step(
            step,
            epoch,
            batch,
            wall_time,
            create_logs(logs or {}),
            tuple(specs),
            output,
            tuple(responses),
            kernels or {},
        )
        self._background.submit(lambda: self._write_step(job, classes))

    def flush(self) -> None:
        """Return when everything written so far is on disk."""
        self._background.wait()
        self._tell()

    def close(self) -> None:
        """Write what is queued and end; may be called again."""
        if self._closed:
            return
        self._closed = True
        atexit.unregister(self.close)
        self._background.submit(self._write_records)
        self._background.close()
        if self._waiting:
            lost = ", ".join(str(step) for step, _, _ in self._waiting)
            text = f"steps {lost} were not logged: until the end there was no room for their records"
            self._store.notes.append(Note("records lost", text))
        try:
            self._events.close()
        finally:
            self._lock.close()
            self._tell()

    def __enter__(self) -> SummaryWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _open(self, max_disk: int, keep: Keep) -> None:
        """Put in order what an earlier writer left in the run, and open the files of this one."""
        if self._lock.certain:
            remove_unfinished(self._bundles)
        self._probes_file = write_probe_bundle(self._bundles, self._probes, max_disk=max_disk)
        self._store = BundleStore(
            self._bundles,
            max_disk=max_disk,
            keep=keep,
            detail=min((probe.detail for probe in self._probes), key=DETAILS.index),
            max_map_size=self._max_map_size,
        )
        self._events = EventWriter(self.directory, alone=self._lock.certain)
        self._waiting: deque[tuple[int, float, Record]] = deque()
        for step, wall_time, record in find_unrecorded(self._bundles, self._events.recorded.bundles):
            self._events.write(step, create_record(record), wall_time=wall_time)

    def _write_step(self, step: Step, classes: tuple[str, ...]) -> None:
        layout = create_layout(step, self._probes, classes, max_map_size=self._max_map_size)
        reference, why = self._store.write(step, layout, probes_file=self._probes_file)
        record = Record(
            layout=layout.digest(),
            bundle=reference,
            probes=self._probes_file,
            epoch=step.epoch,
            batch=step.batch,
            logs=short_logs(step.logs),
            why=why,
        )
        self._waiting.append((step.step, step.wall_time, record))
        try:
            self._write_records()
        except OSError as error:
            if reference is not None:
                self._store.take_back(reference)
            self._waiting.pop()
            if error.errno not in FULL:
                raise
            self._waiting.append(
                (step.step, step.wall_time, msgspec.structs.replace(record, bundle=None, why="free_disk"))
            )
            cause = cause_of(error, self._bundles)
            text = f"{cause}: from step {step.step} on records wait until there is room for them, without arrays"
            self._store.notes.append(Note("records wait", f"{text}. Make room; training goes on"))
        else:
            if reference is not None:
                self._store.settle(reference)

    def _write_records(self) -> None:
        """Write the records that wait, in their order; one that a full disk refuses stays."""
        while self._waiting:
            step, wall_time, record = self._waiting[0]
            self._events.write(step, create_record(record), wall_time=wall_time)
            self._waiting.popleft()

    def _tell(self) -> None:
        """Warn, in the caller's thread, of what went wrong in the background; of each cause once."""
        notes = self._store.notes
        told = [notes.popleft() for _ in range(len(notes))]
        told += [self._note_of(error) for error in self._background.errors()]
        for note in told:
            if note.key not in self._warned:
                self._warned.add(note.key)
                warn(note.text, stacklevel=4)

    def _note_of(self, error: Exception) -> Note:
        full = isinstance(error, OSError) and error.errno in FULL
        cause = cause_of(error, self._bundles) if isinstance(error, OSError) else repr(error)
        text = f"a step was not logged: {cause}{': make room' * full}; training goes on, later steps are tried again"
        return Note(DISK_FULL if full else cause, text)


def _check_whole(what: str, number: Any) -> int:
    if isinstance(number, bool) or not isinstance(number, (int, np.integer)) or abs(int(number)) >= 10**12:
        raise CNNVizError(f"{what}={number!r} is not a whole number of at most 12 digits")
    return int(number)
