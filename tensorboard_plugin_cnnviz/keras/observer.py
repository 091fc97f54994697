"""Observes a model's response to the probes: which layers, and their quantised outputs, whenever asked."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from tensorboard_plugin_cnnviz.errors import CNNVizError
from tensorboard_plugin_cnnviz.inputs import axes_by_name, by_name
from tensorboard_plugin_cnnviz.layers import LayerSpec, QuantisedLayer, QuantisedResponse
from tensorboard_plugin_cnnviz.probes import Probe

from .findings import Findings, Plan
from .forward import ForwardPass
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
        memory_budget: bytes that one block of windows may take while it is computed.

    Attributes:
        specs: the recorded layers, as the first probe sees them that has them; those of the last `observe` where it
            depends on the sound which layers the model calls.
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
        self._budget = memory_budget
        self._passes: dict[Any, ForwardPass] = {}
        for probe in self._probes:
            key = _shapes(probe)
            if key not in self._passes:
                self._passes[key] = _forward_pass(plan, probe)
        first = self._passes[_shapes(self._probes[0])].findings
        self.specs = first.specs
        self.output = first.output
        self.classes = first.classes
        self.notes = _notes(first)
        if not self.specs:
            raise CNNVizError(f"none of the layers of model {model.name!r} can be recorded; {'; '.join(self.notes)}")

    def observe(self) -> list[QuantisedResponse]:
        """Give each probe's response with the model's present weights."""
        answers = [self._answer(probe) for probe in self._probes]
        specs: dict[str, LayerSpec] = {}
        for answer in answers:
            for name, spec in answer.specs.items():
                specs.setdefault(name, spec)
        self.specs = tuple(specs.values())
        return [self._response(answer) for answer in answers]

    def kernels(self) -> dict[str, npt.NDArray[np.float32]]:
        """Give the kernels of those of `specs` that have one to keep, as they are now."""
        found = {name: kernel for forward in self._passes.values() for name, kernel in forward.findings.kernels.items()}
        return {spec.name: found[spec.name].values() for spec in self.specs if spec.name in found}

    def _answer(self, probe: Probe) -> _Answer:
        forward = self._passes[_shapes(probe)]
        windows = len(probe.times)
        size = forward.windows or max(1, self._budget // forward.findings.bytes_per_window)
        edges = (*range(0, windows, size), windows)
        blocks = [
            forward.run(keras.tree.map_structure(lambda array, a=a, b=b: array[a:b], probe.inputs))
            for a, b in itertools.pairwise(edges)
        ]
        recorded = [layers for layers, _ in blocks]
        specs = {spec.name: spec for spec in forward.findings.specs if all(spec.name in layers for layers in recorded)}
        return _Answer(
            probe.name,
            specs,
            {name: _joined([layers[name] for layers in recorded]) for name in specs},
            None if forward.findings.classes is None else np.concatenate([given for _, given in blocks]),
            edges,
        )

    def _response(self, answer: _Answer) -> QuantisedResponse:
        own = tuple(answer.specs.get(spec.name, spec) for spec in self.specs)
        return QuantisedResponse(
            answer.probe,
            [answer.layers.get(spec.name) for spec in self.specs],
            answer.predictions,
            answer.edges,
            None if own == self.specs else own,
        )


@dataclass(frozen=True)
class _Answer:
    """What one probe gave: specs and layers by name, predictions, and the edges of its blocks."""

    probe: str
    specs: dict[str, LayerSpec]
    layers: dict[str, QuantisedLayer]
    predictions: Any
    edges: tuple[int, ...]


def _forward_pass(plan: Plan, probe: Probe) -> ForwardPass:
    try:
        return ForwardPass(plan, probe.inputs, probe.input_axes)
    except CNNVizError:
        raise
    except Exception as error:
        shapes = keras.tree.map_structure(lambda array: ("windows", *array.shape[1:]), probe.inputs)
        raise CNNVizError(
            f"model {plan.model.name!r} cannot be called with probe {probe.name!r}, inputs {shapes}: {cause_of(error)}"
        ) from error


def _shapes(probe: Probe) -> Any:
    axes = axes_by_name(probe.input_axes, probe.inputs)
    arrays = sorted(by_name(probe.inputs).items())
    return tuple((name, array.shape[1:], array.dtype.str, axes[name]) for name, array in arrays)


def _joined(blocks: Sequence[QuantisedLayer]) -> QuantisedLayer:
    if len(blocks) == 1:
        return blocks[0]
    return QuantisedLayer(
        np.concatenate([block.values for block in blocks]), np.concatenate([block.ranges for block in blocks])
    )


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
