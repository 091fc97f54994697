"""Arrays to bundles and records: what any framework can call.

`SummaryWriter.write` quantises, then returns; transposing, strips, statistics, compression and all writing happen in a
background thread, response by response. What is on the way to it is bounded in bytes: who writes faster than the disk
waits, and nothing is dropped. Trouble with the disk never raises: the step is skipped, and one `CNNVizWarning` tells
why.
"""

from __future__ import annotations

import atexit
import contextlib
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from . import bundle
from .allotment import cause_of
from .background import Background
from .bundle_files import make_directory, remove_unfinished
from .bundle_store import DISK_FULL, BundleStore, Note
from .checks import check_class_names, check_probes, foreign_labels
from .disk import DETAILS, FULL, parse_size
from .errors import CNNVizError, CNNVizWarning
from .events import EventWriter
from .gathering import Gathering
from .keep import Keep
from .kernels import check_kernels
from .layers import QuantisedResponse
from .leftovers import find_unrecorded
from .memory import share_out, under_way
from .probe_bundle import write_probe_bundle
from .probes import Probe
from .records import Record, create_logs, create_record, short_logs
from .response_checks import ResponseChecks
from .responses import Quantiser, Response
from .run_lock import RunLock
from .step_content import Options, Step
from .stream import AbandonedError, Allowance, Stream
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
        memory_budget: bytes that logging may take beside the arrays that it is given: a number or a text like
            ``"512MB"``.

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
        memory_budget: str | int = "512MB",
    ) -> None:
        self.directory = Path(directory).expanduser()
        watched = check_probes(probes)
        classes = None if class_names is None else check_class_names(class_names)
        self._budget = parse_size(memory_budget, option="memory_budget")
        self._memory = share_out(self._budget)
        self._quantise = Quantiser(watched, layer_axes=layer_axes, centres=centres, memory=self._memory.block)
        if not isinstance(max_map_size, int) or max_map_size < 1:
            raise CNNVizError(f"max_map_size={max_map_size!r} must be a whole number of at least 1")
        rule, limit = Keep(keep), parse_size(max_disk, option="max_disk")
        # Absolute: training may change its working directory.
        self._bundles = (self.directory / bundle.DIRECTORY).absolute()
        if classes is not None and (note := foreign_labels(watched, classes)):
            warnings.warn(note, CNNVizWarning, stacklevel=2)
        try:
            make_directory(self._bundles)
            self._lock = RunLock(self._bundles)
            with contextlib.ExitStack() as undo:
                undo.callback(self._lock.close)
                self._open(watched, limit, rule)
                undo.pop_all()
        except OSError as error:
            raise CNNVizError(
                f"cannot write to {str(self.directory)!r}: {error.strerror or error}; "
                f"{'make room or ' * (error.errno in FULL)}choose another directory"
            ) from error
        self._options = Options(watched, self._probes_file, classes, max_map_size, self._memory.filters)
        self._under_way = Allowance(0)
        self._one_step = threading.Lock()
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
        layers, quantised = self._quantise(responses)
        if epoch is None and batch is None:
            epoch = step
        kept = check_kernels(kernels or {}, layers)
        self.write_quantised(step, quantised, output=output, kernels=lambda: kept, logs=logs, epoch=epoch, batch=batch)

    def write_quantised(
        self,
        step: int,
        responses: Iterable[QuantisedResponse],
        *,
        output: str | None = None,
        kernels: Callable[[], Mapping[str, npt.NDArray[np.float32]]] = dict,
        logs: Mapping[str, Any] | None = None,
        epoch: int | None = None,
        batch: int | None = None,
    ) -> None:
        """Log one step from arrays that are quantised already and will not be changed.

        Each response is written while the next is computed, and forgotten then.

        Args:
            step: on TensorBoard's step axis.
            responses: of any of the probes, whole or in parts; those of one probe follow one another.
            output: the layer that the predictions come from.
            kernels: gives, after the last response, float32 ``[filters, channels, frequency, time]`` by layer name.
            logs: training curves' values at this step.
            epoch: 0-based number, or None.
            batch: set where steps count batches.

        Raises:
            CNNVizError: where a response does not fit its probe or those before, or the writer is closed.
            Exception: whatever `responses` or `kernels` raise. Nothing of the step is written in either case.
        """
        self._tell()
        if self._closed:
            raise CNNVizError("this writer is closed: make a new one to go on")
        step = _check_whole("step", step)
        epoch = None if epoch is None else _check_whole("epoch", epoch)
        batch = None if batch is None else _check_whole("batch", batch)
        wall_time = self._events.recorded.after(time.time())
        job = Step(step, epoch, batch, wall_time, create_logs(logs or {}), output)
        checks = ResponseChecks({probe.name: probe for probe in self._options.probes}, self._options.class_names)
        stream: Stream[QuantisedResponse] = Stream(self._under_way)
        with self._one_step:
            parts = checks.checked(responses)
            first = next(parts)
            self._under_way.size = under_way(self._budget, layers=len(first.specs))
            try:
                self._background.submit(lambda: self._write_step(job, stream))
                stream.put(first, first.bytes)
                del first  # what waits for the next one must not keep it
                for part in parts:
                    stream.put(part, part.bytes)
                    del part
                job.kernels.update(kernels())
            except BaseException:
                stream.end(abandoned=True)
                raise
            stream.end()

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

    def _open(self, probes: Sequence[Probe], max_disk: int, keep: Keep) -> None:
        """Put in order what an earlier writer left in the run, and open the files of this one."""
        if self._lock.certain:
            remove_unfinished(self._bundles)
        self._probes_file = write_probe_bundle(self._bundles, probes, max_disk=max_disk)
        detail = min((probe.detail for probe in probes), key=DETAILS.index)
        self._store = BundleStore(self._bundles, max_disk=max_disk, keep=keep, detail=detail)
        self._events = EventWriter(self.directory, alone=self._lock.certain)
        self._waiting: deque[tuple[int, float, Record]] = deque()
        for step, wall_time, record in find_unrecorded(self._bundles, self._events.recorded.bundles):
            self._events.write(step, create_record(record), wall_time=wall_time)

    def _write_step(self, step: Step, stream: Stream[QuantisedResponse]) -> None:
        windows = {probe.name: len(probe.times) for probe in self._options.probes}
        try:
            responses = Gathering(stream, windows, memory=self._memory.spool, directory=self._bundles)
            layout, reference, why = self._store.write(step, responses, self._options)
        except AbandonedError:
            return
        finally:
            stream.leave()
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
