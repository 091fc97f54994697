"""Observes a model's response to the probes: which layers, and their quantised outputs, whenever asked."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import keras
import numpy as np
import numpy.typing as npt

from tensorboard_plugin_cnnviz.encode import Columns
from tensorboard_plugin_cnnviz.errors import CNNVizError
from tensorboard_plugin_cnnviz.inputs import axes_by_name, by_name
from tensorboard_plugin_cnnviz.layers import LayerSpec, QuantisedResponse
from tensorboard_plugin_cnnviz.memory import share_out
from tensorboard_plugin_cnnviz.probes import Probe
from tensorboard_plugin_cnnviz.timing import strip_grid

from .findings import Findings, Plan
from .forward import ForwardPass, Stretch
from .kernels import Kernel
from .messages import cause_of
from .parts import find_parts
from .selection import Layers, find_part, select


class _Part(NamedTuple):
    """Windows `first` to `last` of a probe."""

    probe: Probe
    first: int
    last: int


class Observer:
    """Runs a model on probes and gives what its layers answer, now and after any training step.

    The model is traced at construction, once for each shape of windows among the probes, and never again.

    Args:
        model: a built model; it is left as it is.
        probes: the clips.
        layers: names or a predicate; None is the default choice.
        layer_axes: axes by layer name.
        output: name of the output that is the prediction.
        memory_budget: bytes that logging may take in all; a block of windows, while it is computed, has its share.

    Attributes:
        specs: the recorded layers, as the first probe sees them. Where it depends on the sound which layers the model
            calls, a response may have others.
        output: name of the layer that the predictions come from, or None.
        classes: number of classes, or None.
        notes: what could not be recorded or placed, for the user.

    Raises:
        CNNVizError: for layers, axes or outputs that the model does not have, or probes that it cannot be called with.
    """

    def __init__(
        self,
        model: keras.Model,
        probes: Sequence[Probe],
        *,
        layers: Layers = None,
        layer_axes: Mapping[str, Sequence[str]] | None = None,
        output: str | None = None,
        memory_budget: int,
    ) -> None:
        parts = find_parts(model)
        axes = {find_part(parts, name).name: tuple(given) for name, given in (layer_axes or {}).items()}
        plan = Plan(model, parts, select(parts, layers), axes, output)
        self._probes = tuple(probes)
        self._budget = share_out(memory_budget).block
        self._passes: dict[Any, ForwardPass] = {}
        self._kernels: dict[str, Kernel] = {}
        for probe in self._probes:
            key = _key(probe)
            if key not in self._passes:
                self._passes[key] = _forward_pass(plan, probe)
        first = self._passes[_key(self._probes[0])].findings
        self.specs = first.specs
        self.output = first.output
        self.classes = first.classes
        self.notes = _notes(first)
        if not self.specs:
            raise CNNVizError(f"none of the layers of model {model.name!r} can be recorded; {'; '.join(self.notes)}")

    def observe(self) -> Iterator[QuantisedResponse]:
        """Give each probe's response with the model's present weights, in as many parts as it has blocks of windows.

        The model runs when a part is asked for that it has not given yet, with as many probes at once as there is room
        for; none of it is kept here.
        """
        return itertools.chain.from_iterable(map(self._called, self._calls()))

    def windows_at_a_time(self, probe: Probe) -> int:
        """Count the windows that the model runs on at a time."""
        forward = self._passes[_key(probe)]
        return forward.windows or max(1, self._budget // forward.findings.bytes_per_window)

    def kernels(self) -> dict[str, npt.NDArray[np.float32]]:
        """Give the kernels to keep, as they are now, by layer name."""
        for forward in self._passes.values():
            self._kernels.update(forward.findings.kernels)
        return {name: kernel.values() for name, kernel in self._kernels.items()}

    def _calls(self) -> Iterator[list[_Part]]:
        """Give what the model is called with: a call of few windows costs more for each of them."""
        for key, probes in itertools.groupby(self._probes, _key):
            forward = self._passes[key]
            call: list[_Part] = []
            room = 0
            for part in self._parts(probes):
                windows = part.last - part.first
                if call and (forward.alone or windows > room):
                    yield call
                    call = []
                if not call:
                    room = self.windows_at_a_time(part.probe)
                call.append(part)
                room -= windows
            yield call

    def _parts(self, probes: Iterable[Probe]) -> Iterator[_Part]:
        for probe in probes:
            windows, size = len(probe.times), self.windows_at_a_time(probe)
            for first in range(0, windows, size):
                yield _Part(probe, first, min(first + size, windows))

    def _called(self, parts: Sequence[_Part]) -> Iterator[QuantisedResponse]:
        forward = self._passes[_key(parts[0].probe)]
        inputs = [
            keras.tree.map_structure(lambda array, part=part: array[part.first : part.last], part.probe.inputs)
            for part in parts
        ]
        edges = list(itertools.accumulate((part.last - part.first for part in parts), initial=0))
        stretches = [
            Stretch(slice(*span), partial(self._columns, part))
            for part, span in zip(parts, itertools.pairwise(edges), strict=True)
        ]
        joined = inputs[0] if len(parts) == 1 else keras.tree.map_structure(lambda *each: np.concatenate(each), *inputs)
        blocks = forward.run(joined, stretches)
        self._kernels.update(forward.findings.kernels)
        for (probe, first, last), (layers, predictions) in zip(parts, blocks, strict=True):
            specs = [spec for spec in forward.findings.specs if spec.name in layers]
            yield QuantisedResponse(probe.name, specs, [layers[s.name] for s in specs], predictions, (first, last))

    def _columns(self, part: _Part, spec: LayerSpec) -> Columns:
        """Give the columns of a strip that lie in a part's windows, counted from its first."""
        probe, first, last = part
        if probe.detail == "summary":
            return np.zeros((0, 2), np.int32)
        grid = strip_grid(probe.times, probe.seconds, spec.time)
        windows, numbers = (np.asarray(each, np.int32) for each in (grid.windows, grid.columns))
        here = (windows >= first) & (windows < last)
        return np.stack([windows[here] - first, numbers[here]], axis=-1)


def _forward_pass(plan: Plan, probe: Probe) -> ForwardPass:
    try:
        return ForwardPass(plan, probe.inputs, probe.input_axes, whole=_wants_maps(probe))
    except CNNVizError:
        raise
    except Exception as error:
        shapes = keras.tree.map_structure(lambda array: ("windows", *array.shape[1:]), probe.inputs)
        raise CNNVizError(
            f"model {plan.model.name!r} cannot be called with probe {probe.name!r}, inputs {shapes}: {cause_of(error)}"
        ) from error


def _wants_maps(probe: Probe) -> bool:
    return probe.detail == "windows"


def _key(probe: Probe) -> Any:
    """What probes have in common that share a forward pass."""
    axes = axes_by_name(probe.input_axes, probe.inputs)
    arrays = sorted(by_name(probe.inputs).items())
    return _wants_maps(probe), *((name, array.shape[1:], array.dtype.str, axes[name]) for name, array in arrays)


def _notes(found: Findings) -> list[str]:
    notes = [f"layer {name!r} is not logged: {reason}" for name, reason in found.missing.items()]
    unplaced = [spec.name for spec in found.specs if "time" in spec.axes and spec.time is None]
    if unplaced:
        names = ", ".join(map(repr, unplaced[:5])) + (", ..." if len(unplaced) > 5 else "")
        notes.append(
            f"where the columns of {names} lie in time cannot be known; they are shown without a time axis. "
            "Name the axes of each input where its windows are made (LogMel(axes=...), Windows(..., input_axes=...) or "
            "Probe(..., input_axes=...)), or the layer's own (layer_axes={...}): columns then fill the window evenly"
        )
    if found.classes is None:
        notes.append(
            "no predictions are logged: the model's output is not [windows, classes]; "
            "where it has another that is, name it with output=..."
        )
    return notes
