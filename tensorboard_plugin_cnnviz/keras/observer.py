"""Observes a model's response to the probes: which layers, and their quantised outputs, whenever asked."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

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
from .forward import ForwardPass
from .kernels import Kernel
from .messages import cause_of
from .parts import find_parts
from .selection import Layers, find_part, select


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

        The model runs when a part is asked for; none of it is kept here.
        """
        return itertools.chain.from_iterable(map(self._parts, self._probes))

    def windows_at_a_time(self, probe: Probe) -> int:
        """Count the windows that the model runs on at a time."""
        forward = self._passes[_key(probe)]
        return forward.windows or max(1, self._budget // forward.findings.bytes_per_window)

    def kernels(self) -> dict[str, npt.NDArray[np.float32]]:
        """Give the kernels to keep, as they are now, by layer name."""
        for forward in self._passes.values():
            self._kernels.update(forward.findings.kernels)
        return {name: kernel.values() for name, kernel in self._kernels.items()}

    def _parts(self, probe: Probe) -> Iterator[QuantisedResponse]:
        forward = self._passes[_key(probe)]
        windows = len(probe.times)
        size = self.windows_at_a_time(probe)
        for first in range(0, windows, size):
            last = min(first + size, windows)
            yield self._part(forward, probe, first, last)

    def _part(self, forward: ForwardPass, probe: Probe, first: int, last: int) -> QuantisedResponse:
        inputs = keras.tree.map_structure(lambda array: array[first:last], probe.inputs)
        layers, predictions = forward.run(inputs, lambda spec: self._columns(probe, spec, first, last))
        self._kernels.update(forward.findings.kernels)
        specs = [spec for spec in forward.findings.specs if spec.name in layers]
        return QuantisedResponse(probe.name, specs, [layers[s.name] for s in specs], predictions, (first, last))

    def _columns(self, probe: Probe, spec: LayerSpec, first: int, last: int) -> Columns:
        """Give the columns of a strip that lie in windows `first` to `last`, counted from `first`."""
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
