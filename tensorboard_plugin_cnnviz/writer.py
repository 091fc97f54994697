"""Arrays to bundles and records: what any framework can call.

`SummaryWriter.write` quantises, then returns; transposing, strips, statistics, compression and all writing happen in a
background thread. Its queue is bounded: who writes faster than the disk waits, and nothing is dropped. Trouble with the
disk never raises: the step is skipped and one `CNNVizWarning` tells why.
"""

from __future__ import annotations

import atexit
import time
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt

from . import bundle, quantise
from .background import Background
from .disk import Budget, Keep, parse_size, used_bytes
from .errors import CNNVizError, CNNVizWarning
from .events import EventWriter
from .layers import LayerSpec, QuantisedLayer, QuantisedResponse
from .probe_bundle import write_probe_bundle
from .probes import Probe
from .records import BundleReference, Record, create_logs, create_record, short_logs
from .step_bundle import Step, create_layout, write_step_bundle
from .timing import Axis

_QUEUED_STEPS = 2
_DEFAULT_AXES = {1: ("filter",), 2: ("time", "filter"), 3: ("frequency", "time", "filter")}


@dataclass(frozen=True)
class Response:
    """What one probe gave at one step, as arrays.

    Attributes:
        probe: name of the probe.
        activations: layer name to float array ``[windows, frequency, time, filters]``, ``[windows, time, filters]`` or
            ``[windows, filters]`` (another order by the writer's ``layer_axes``).
        predictions: float ``[windows, classes]``, or None.
    """

    probe: str
    activations: Mapping[str, npt.ArrayLike]
    predictions: npt.ArrayLike | None = None


class SummaryWriter:
    """Writes steps of one run.

    Args:
        directory: the run; created if need be. A step's record goes into its event file, the arrays below
            ``plugins/cnnviz``.
        probes: the clips that are watched; their names are unique.
        class_names: names of the predictions' columns; numbers by default.
        layer_axes: layer name to the order of its axes after the windows axis, such as ``{"conv": ("filter",
            "time")}``.
        centres: layer name to the centres of its columns, in seconds from the window's start; without it the columns
            fill the window evenly.
        max_map_size: cells per axis above which the maps of single windows are pooled by magnitude.
        max_disk: bytes this run may use, files already there counted: bytes or a text like ``"10GB"``.
        keep: bundles that stay: None (all), a number or ``"last N"``, ``"every N"``.

    Raises:
        CNNVizError: for anything above that cannot be right, or a directory that cannot be written to.
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
        self._layer_axes = {name: tuple(axes) for name, axes in (layer_axes or {}).items()}
        self._centres = {name: tuple(map(float, seconds)) for name, seconds in (centres or {}).items()}
        if not isinstance(max_map_size, int) or max_map_size < 1:
            raise CNNVizError(f"max_map_size={max_map_size!r} must be a whole number of at least 1")
        self._max_map_size = max_map_size
        self._keep = Keep(keep)
        limit = parse_size(max_disk, option="max_disk")
        self._bundles = self.directory / bundle.DIRECTORY
        self._probes_file = bundle.file_name("probes")
        try:
            self._bundles.mkdir(parents=True, exist_ok=True)
            size = write_probe_bundle(self._bundles / self._probes_file, self._probes)
            self._events = EventWriter(self.directory)
        except OSError as error:
            raise CNNVizError(
                f"cannot write to {str(self.directory)!r}: {error.strerror or error}; choose another directory"
            ) from error
        self._budget = Budget(limit, used=used_bytes(self._bundles))
        self.probe_bundle_bytes = size
        self._last_bundle_bytes: int | None = None
        self._warned: set[str] = set()
        self._notes: list[str] = []
        self._detail: str | None = "windows"
        self._closed = False
        self._background = Background(capacity=_QUEUED_STEPS, name="cnnviz writer")
        atexit.register(self.close)

    @property
    def last_bundle_bytes(self) -> int | None:
        """Bytes of the newest step that was written; None before the first."""
        return self._last_bundle_bytes

    @property
    def used_bytes(self) -> int:
        """Bytes that all bundles of this run take."""
        return self._budget.used

    def write(
        self,
        step: int,
        responses: Sequence[Response],
        *,
        logs: Mapping[str, float] | None = None,
        epoch: int | None = None,
        batch: int | None = None,
        output: str | None = None,
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

        Raises:
            CNNVizError: where names or shapes do not fit; nothing of the step is written then.
        """
        names = list(dict.fromkeys(name for response in responses for name in response.activations))
        for option, given in (("layer_axes", self._layer_axes), ("centres", self._centres)):
            for name in given:
                if name not in names:
                    raise CNNVizError(
                        f"{option} names layer {name!r}, which no response holds{suggestion(name, names)}"
                    )
        quantised = [self._quantise(response, names) for response in responses]
        specs = quantised[0].specs if quantised and quantised[0].specs is not None else []
        # The specs of the first response are the step's; a probe whose windows have another length keeps its own.
        quantised = [_without_equal_specs(response, specs) for response in quantised]
        if epoch is None and batch is None:
            epoch = step
        self.write_quantised(step, specs, quantised, output=output, logs=logs, epoch=epoch, batch=batch)

    def write_quantised(
        self,
        step: int,
        specs: Sequence[LayerSpec],
        responses: Sequence[QuantisedResponse],
        *,
        output: str | None = None,
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
            logs: training curves' values at this step.
            epoch: 0-based number, or None.
            batch: set where steps count batches.

        Raises:
            CNNVizError: where a response does not fit its probe or the specs, or the writer is closed.
        """
        self._tell()
        if self._closed:
            raise CNNVizError("this writer is closed: make a new one to go on")
        if isinstance(step, bool) or not isinstance(step, (int, np.integer)) or abs(step) >= 10**12:
            raise CNNVizError(f"step={step!r} is not a whole number of at most 12 digits")
        classes = self._check(specs, responses)
        job = Step(
            int(step), epoch, batch, time.time(), create_logs(logs or {}), tuple(specs), output, tuple(responses)
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
        self._background.close()
        try:
            self._events.close()
        finally:
            self._tell()

    def __enter__(self) -> SummaryWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _quantise(self, response: Response, names: Sequence[str]) -> QuantisedResponse:
        probe = self._probe(response.probe)
        windows = len(probe.times)
        specs: list[LayerSpec] = []
        layers: list[QuantisedLayer | None] = []
        for name in names:
            if name not in response.activations:
                raise CNNVizError(
                    f"the response of probe {probe.name!r} lacks layer {name!r}: "
                    "give every response of a step the same layers"
                )
            values = np.asarray(response.activations[name], np.float32)
            spec = self._spec(name, values, probe)
            specs.append(spec)
            if spec.map_axes:
                codes, ranges = quantise.quantise(values, filter_axis=1 + spec.axes.index("filter"))
                layers.append(QuantisedLayer(codes, ranges[np.newaxis]))
            else:
                _, ranges = quantise.quantise(values)
                layers.append(QuantisedLayer(values.copy(), ranges[np.newaxis]))
        predictions = None if response.predictions is None else np.array(response.predictions, np.float32)
        return QuantisedResponse(probe.name, layers, predictions, (0, windows), specs)

    def _spec(self, name: str, values: npt.NDArray[np.float32], probe: Probe) -> LayerSpec:
        axes = self._layer_axes.get(name) or _DEFAULT_AXES.get(values.ndim - 1)
        if axes is None or len(axes) != values.ndim - 1 or values.shape[0] != len(probe.times) or values.size == 0:
            expected = "[windows, frequency, time, filters], [windows, time, filters] or [windows, filters]"
            if name in self._layer_axes:
                expected = f"[windows, {', '.join(self._layer_axes[name])}]"
            raise CNNVizError(
                f"layer {name!r} of probe {probe.name!r} has shape {values.shape}; expected {expected} with "
                f"{len(probe.times)} windows"
            )
        size = dict(zip(axes, values.shape[1:], strict=True))
        time_axis = Axis.even(size["time"]) if "time" in size else None
        if name in self._centres:
            time_axis = self._given_centres(name, size.get("time"), probe)
        frequency = Axis.even(size["frequency"]) if "frequency" in size else None
        return LayerSpec(name, "array", axes, time_axis, frequency)

    def _given_centres(self, name: str, columns: int | None, probe: Probe) -> Axis:
        seconds = np.asarray(self._centres[name])
        if columns is None or len(seconds) != columns or not np.all(np.diff(seconds) > 0):
            raise CNNVizError(
                f"centres[{name!r}] has {len(seconds)} seconds for {columns or 'no'} columns: give one per column, "
                "ascending"
            )
        start, end = probe.times[0]
        cells = seconds / (end - start) * columns - 0.5
        stride = float(np.median(np.diff(cells))) if columns > 1 else float(columns)
        return Axis(columns, tuple(cells.tolist()), stride, stride)

    def _probe(self, name: str) -> Probe:
        names = [probe.name for probe in self._probes]
        if name not in names:
            raise CNNVizError(f"there is no probe {name!r}{suggestion(name, names)}")
        return self._probes[names.index(name)]

    def _check(self, specs: Sequence[LayerSpec], responses: Sequence[QuantisedResponse]) -> tuple[str, ...]:
        """Raise where a step would not fit together; returns the class names."""
        if not responses:
            raise CNNVizError("a step needs at least one response")
        repeated = _first_repeated([response.probe for response in responses])
        if repeated is not None:
            raise CNNVizError(f"probe {repeated!r} has two responses in one step")
        columns = {r.predictions.shape[-1] for r in responses if r.predictions is not None}
        if len(columns) > 1:
            raise CNNVizError(f"predictions have {sorted(columns)} classes: every response needs the same classes")
        classes = self._classes or tuple(str(i) for i in range(next(iter(columns), 0)))
        for response in responses:
            windows = len(self._probe(response.probe).times)
            shape = None if response.predictions is None else response.predictions.shape
            if shape is not None and shape != (windows, len(classes)):
                raise CNNVizError(
                    f"predictions of probe {response.probe!r} have shape {shape}; expected {(windows, len(classes))}: "
                    f"{windows} windows and {len(classes)} class names"
                )
            filters = [None if layer is None else layer.ranges.shape[1] for layer in response.layers]
            first = [None if layer is None else layer.ranges.shape[1] for layer in responses[0].layers]
            for spec, here, there in zip(specs, filters, first, strict=True):
                if None not in (here, there) and here != there:
                    raise CNNVizError(
                        f"layer {spec.name!r} has {here} filters for probe {response.probe!r} and {there} for "
                        f"{responses[0].probe!r}"
                    )
        return classes if columns else ()

    def _write_step(self, step: Step, classes: tuple[str, ...]) -> None:
        layout = create_layout(step, self._probes, classes, max_map_size=self._max_map_size)
        detail = self._budget.detail()
        if detail != self._detail:
            self._detail = detail
            self._notes.append(_shortage(detail, step.step, self._budget))
        reference: BundleReference | None = None
        path = self._bundles / bundle.file_name(step.step)
        if detail is not None:
            reference, kept = write_step_bundle(
                path, step, layout, probes_file=self._probes_file, detail=detail, max_map_size=self._max_map_size
            )
            self._budget.spend(kept, reference.bytes)
        record = Record(
            layout=layout.digest(),
            bundle=reference,
            probes=self._probes_file,
            epoch=step.epoch,
            batch=step.batch,
            logs=short_logs(step.logs),
        )
        try:
            self._events.write(step.step, create_record(record), wall_time=step.wall_time)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        if reference is not None:
            self._last_bundle_bytes = reference.bytes
            for old in self._keep.add(path):
                self._budget.release(old.stat().st_size)
                old.unlink()

    def _tell(self) -> None:
        """Warn, in the caller's thread, of what went wrong in the background; of each cause once."""
        notes, self._notes = self._notes, []
        for error in self._background.errors():
            # Without the file's name, which is another at each step: the same cause is told once.
            cause = f"{error.strerror} in {str(self._bundles)!r}" if isinstance(error, OSError) else repr(error)
            notes.append(f"a step was not logged: {cause}; training goes on, later steps are tried again")
        for note in notes:
            if note not in self._warned:
                self._warned.add(note)
                warnings.warn(note, CNNVizWarning, stacklevel=4)


def _shortage(detail: str | None, step: int, budget: Budget) -> str:
    kept = {"strip": "strips without single windows", "summary": "summaries only", None: "records without arrays"}
    if detail == "windows":
        return f"from step {step} on everything is kept again"
    return (
        f"max_disk: {budget.used / 1e6:.0f} of {budget.limit / 1e6:.0f} MB are used; from step {step} on "
        f"{kept[detail]} are kept. "
        "Raise max_disk or set keep"
    )


def check_probes(probes: Sequence[Probe]) -> tuple[Probe, ...]:
    """The probes, if there are any and no two share a name."""
    if not probes or not all(isinstance(probe, Probe) for probe in probes):
        raise CNNVizError(f"probes={probes!r} must be a list of at least one Probe")
    repeated = _first_repeated([probe.name for probe in probes])
    if repeated is not None:
        raise CNNVizError(f"two probes are named {repeated!r}: give each its own name=")
    return tuple(probes)


def check_class_names(names: Sequence[str]) -> tuple[str, ...]:
    """The class names, if they are a list of texts."""
    if isinstance(names, str) or not all(isinstance(name, str) for name in names):
        raise CNNVizError(f"class_names={names!r} must be a list of texts, one per class")
    return tuple(names)


def suggestion(name: str, known: Sequence[str]) -> str:
    """``"; did you mean ...?"`` or the known names, to end an error with."""
    near = get_close_matches(name, known, n=3, cutoff=0.5)
    if near:
        return f"; did you mean {' or '.join(map(repr, near))}?"
    return f"; known: {', '.join(map(repr, known[:20]))}{', ...' if len(known) > 20 else ''}"


def _first_repeated(names: Sequence[str]) -> str | None:
    return next((name for index, name in enumerate(names) if name in names[:index]), None)


def _without_equal_specs(response: QuantisedResponse, specs: Sequence[LayerSpec]) -> QuantisedResponse:
    own = None if response.specs == specs else response.specs
    return QuantisedResponse(response.probe, response.layers, response.predictions, response.blocks, own)
