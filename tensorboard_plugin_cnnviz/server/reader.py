"""What TensorBoard's data provider knows of this plugin's runs: index, steps and the training curves beside them.

Works on `context.data_provider` alone, and so with both of TensorBoard's data servers.
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from tensorboard.data.provider import RunTagFilter
from tensorboard.errors import NotFoundError

from tensorboard_plugin_cnnviz.bundle import DIRECTORY
from tensorboard_plugin_cnnviz.bundle_files import is_there
from tensorboard_plugin_cnnviz.records import PLUGIN_NAME

from .directories import DirectoryError, Root, run_directories, sibling_parent
from .sentences import quote
from .steps import LoggedStep, create_step, newest_per_step

_EVERYTHING = (1 << 31) - 1
_MOST_POINTS = 1000
_STEPS_REMEMBERED = 32_000  # some 2 kB each
_SCALARS = "scalars"


class Experiment(NamedTuple):
    """Whose data is asked for: TensorBoard's request context and experiment id."""

    context: Any
    id: str


class RunSummary(NamedTuple):
    """One run that has steps of this plugin; `wall_time` is when it was last written to."""

    run: str
    last_step: int
    wall_time: float


class Curve(NamedTuple):
    """One scalar of one run: points of step, wall time, value, by ascending step."""

    run: str
    tag: str
    points: list[tuple[int, float, float]]


class LogReader:
    """Reads runs through a data provider; keeps each run's steps until a newer one arrives."""

    def __init__(self, provider: Any, roots: tuple[Root, ...]) -> None:
        self._provider = provider
        self._roots = roots
        self._steps: OrderedDict[tuple[str, str], tuple[object, tuple[LoggedStep, ...]]] = OrderedDict()
        self._known: set[tuple[str, str]] = set()
        self._lock = Lock()

    def index(self, experiment: Experiment) -> list[RunSummary]:
        """All runs of this plugin, by name."""
        summaries = []
        for run, tags in self._list(experiment).items():
            logged = [series for series in tags.values() if series.max_step is not None]
            if logged:
                last_step = max(int(series.max_step) for series in logged)
                # Of a run that was gone on with from an earlier step, the last step is not what was written last.
                wall_time = max(float(series.max_wall_time) for series in logged)
                summaries.append(RunSummary(_as_text(run), last_step, wall_time))
        return sorted(summaries)

    def steps(self, experiment: Experiment, run: str) -> tuple[LoggedStep, ...]:
        """All steps of a run, ascending; where one was logged twice the newest stands.

        Raises:
            NotFoundError: TensorBoard knows no such run of this plugin.
        """
        tags = self._list(experiment, run).get(run)
        if not tags:
            raise _unknown(run)
        signature = sorted((tag, series.max_step, series.max_wall_time) for tag, series in tags.items())
        key = (experiment.id, run)
        with self._lock:
            kept = self._steps.get(key)
            if kept is not None and kept[0] == signature:
                self._steps.move_to_end(key)
                return kept[1]
        steps = self._read_steps(experiment, run)
        with self._lock:
            self._steps[key] = (signature, steps)
            self._steps.move_to_end(key)
            while len(self._steps) > 1 and sum(len(kept) for _, kept in self._steps.values()) > _STEPS_REMEMBERED:
                self._steps.popitem(last=False)
        return steps

    def directory(self, experiment: Experiment, run: str) -> Path:
        """Where the bundles of a run lie.

        Raises:
            NotFoundError: TensorBoard knows no such run of this plugin.
            DirectoryError: its directory cannot be known, is remote or does not exist.
        """
        self._require(experiment, run)
        candidates = [directory / DIRECTORY for directory in run_directories(run, self._roots)]
        for candidate in candidates:
            if is_there(candidate):
                return candidate
        gone = f"the arrays of run {quote(run)} are gone: {candidates[0]} does not exist; copy the whole run"
        raise DirectoryError(gone)

    def curves(self, experiment: Experiment, run: str) -> list[Curve]:
        """The scalars of the runs beside `run`, at most 1,000 points each.

        Raises:
            NotFoundError: TensorBoard knows no such run of this plugin.
        """
        self._require(experiment, run)
        parent = sibling_parent(run)
        if parent is None:
            return []
        runs = self._provider.list_runs(experiment.context, experiment_id=experiment.id)
        siblings = [other.run_name for other in runs if sibling_parent(other.run_name) == parent]
        if not siblings:
            return []
        series = self._provider.read_scalars(
            experiment.context,
            experiment_id=experiment.id,
            plugin_name=_SCALARS,
            downsample=_MOST_POINTS,
            run_tag_filter=RunTagFilter(runs=siblings),
        )
        return [
            Curve(_as_text(name), tag, [(d.step, d.wall_time, d.value) for d in newest_per_step(data)])
            for name, tags in sorted(series.items())
            for tag, data in sorted(tags.items())
        ]

    def _require(self, experiment: Experiment, run: str) -> None:
        key = (experiment.id, run)
        if key not in self._known:
            if run not in self._list(experiment, run):
                raise _unknown(run)
            self._known.add(key)

    def _list(self, experiment: Experiment, run: str | None = None) -> dict[str, dict[str, Any]]:
        listed: dict[str, dict[str, Any]] = self._provider.list_tensors(
            experiment.context,
            experiment_id=experiment.id,
            plugin_name=PLUGIN_NAME,
            run_tag_filter=None if run is None else RunTagFilter(runs=[run]),
        )
        return listed

    def _read_steps(self, experiment: Experiment, run: str) -> tuple[LoggedStep, ...]:
        series = self._provider.read_tensors(
            experiment.context,
            experiment_id=experiment.id,
            plugin_name=PLUGIN_NAME,
            downsample=_EVERYTHING,
            run_tag_filter=RunTagFilter(runs=[run]),
        )
        data = [datum for tag in series.get(run, {}).values() for datum in tag]
        return tuple(create_step(datum) for datum in newest_per_step(data))


def _unknown(run: str) -> NotFoundError:
    return NotFoundError(f"TensorBoard knows no CNN Audio run {quote(run)}")


def _as_text(name: str) -> str:
    """A run's name as JSON can hold it: directories may be named by bytes that are no text."""
    return name.encode("utf-8", "replace").decode()
