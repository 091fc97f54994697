"""What a recorded forward pass shows: the layers to log, described, and the predictions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import keras
import numpy as np

from tensorboard_plugin_cnnviz.axis import Axis
from tensorboard_plugin_cnnviz.errors import CNNVizError
from tensorboard_plugin_cnnviz.layers import LayerSpec

from .dimensions import describe
from .flow import Flow
from .kernels import Kernel, find_kernels
from .outputs import choose_output
from .parts import Part, unique
from .recording import Call, Recording
from .selection import default_calls, is_default


@dataclass(frozen=True)
class Plan:
    """What to record of a model; the same for all probes.

    Attributes:
        model: the model.
        parts: all its parts.
        chosen: the parts the user asked for, or None for the default choice.
        layer_axes: axes by layer name, where the user knows better.
        output: name of the output that is the prediction, or None for the first.
    """

    model: keras.Model
    parts: tuple[Part, ...]
    chosen: tuple[Part, ...] | None
    layer_axes: Mapping[str, tuple[str, ...]]
    output: str | None


@dataclass(frozen=True)
class Findings:
    """What is recorded of one forward pass.

    Attributes:
        specs: the recorded layers.
        output: name of the layer or output that the predictions come from, or None without predictions.
        classes: number of classes, or None without predictions.
        missing: the layers that should have been recorded but were not, with the reason.
        bytes_per_window: memory that one window takes beside a plain call of the model, at most.
        kernels: those to keep, by layer name.
    """

    specs: tuple[LayerSpec, ...] = ()
    output: str | None = None
    classes: int | None = None
    missing: Mapping[str, str] = field(default_factory=dict)
    bytes_per_window: int = 1
    kernels: Mapping[str, Kernel] = field(default_factory=dict)


def find(
    plan: Plan, recording: Recording, flow: Flow, outputs: Any, *, windows: int, traced: bool
) -> tuple[Findings, list[Call], Any]:
    """Choose and describe what to log of a pass over `windows` windows, or over any number.

    `traced` tells that outputs which nobody records are held no longer than a plain call of the model holds them.

    Returns:
        findings: the description.
        chosen: the calls to log, parallel to its specs.
        prediction: tensor `[windows, classes]`, or None.
    """
    specs, unfit = _describe_calls(plan, recording, flow, windows)
    made_by = {id(call): spec.name for call, spec in specs.items()}

    def maker(tensor: Any) -> str | None:
        call = flow.maker(tensor)
        return None if call is None else made_by.get(id(call), call.part.name)

    prediction = choose_output(plan.model, outputs, plan.output, maker=maker)
    if len(prediction.shape) == 1:
        prediction = keras.ops.expand_dims(prediction, -1)
    has_classes = len(prediction.shape) == 2
    findings = Findings(
        specs=tuple(specs.values()),
        output=maker(prediction) if has_classes else None,
        classes=int(prediction.shape[-1]) if has_classes else None,
        missing={**_not_recorded(plan, recording), **unfit},
        bytes_per_window=_bytes_per_window(specs if traced else recording.calls, specs),
        kernels=find_kernels(specs, flow),
    )
    return findings, list(specs), prediction if has_classes else None


def _describe_calls(
    plan: Plan, recording: Recording, flow: Flow, windows: int
) -> tuple[dict[Call, LayerSpec], dict[str, str]]:
    if plan.chosen is None:
        calls = default_calls(recording.calls, flow)
    else:
        calls = [call for call in recording.calls if call.part in plan.chosen]
    names: set[str] = set()
    specs: dict[Call, LayerSpec] = {}
    unfit: dict[str, str] = {}
    for call in calls:
        part = call.part
        name = unique(part.name + (f":{call.index}" if call.index else ""), names)
        problem = _problem(call.output, windows)
        if problem is not None:
            unfit[name] = problem
            continue
        shape = tuple(call.output.shape[1:])
        channels_first = getattr(part.operation, "data_format", None) == "channels_first"
        spec = describe(name, part.kind, shape, flow.dimensions(call.output), channels_first)
        if part.name in plan.layer_axes:
            spec = _as_told(name, part.kind, plan.layer_axes[part.name], shape, spec)
        if spec is None:
            unfit[name] = f"its output {('windows', *shape)} has more axes than frequency, time and filter"
        else:
            specs[call] = spec
    return specs, unfit


def _problem(output: Any, windows: int) -> str | None:
    """Say why a layer's output cannot be logged, or None."""
    dtype = keras.backend.standardize_dtype(output.dtype)
    if dtype == "string" or dtype.startswith("complex"):
        return f"its output is of type {dtype}"
    if output.shape.rank is None:
        return "the number of its output's axes is not known"
    if output.shape.rank == 0 or output.shape[0] not in (None, windows):
        return f"its output {tuple(output.shape)} is not one per window"
    if 0 in output.shape[1:]:
        return f"its output {tuple(output.shape)} is empty"
    return None


def _as_told(name: str, kind: str, axes: tuple[str, ...], shape: tuple[int, ...], found: LayerSpec | None) -> LayerSpec:
    if len(axes) != len(shape):
        raise CNNVizError(
            f"layer_axes[{name!r}] names {len(axes)} axes {axes}, but the layer's output is {('windows', *shape)}"
        )
    even = {axis: Axis.even(size) for axis, size in zip(axes, shape, strict=True)}
    if found is not None and found.axes == axes:
        time, frequency = found.time or even.get("time"), found.frequency or even.get("frequency")
        return replace(found, time=time, frequency=frequency)
    return LayerSpec(name, kind, axes, even.get("time"), even.get("frequency"))


def _not_recorded(plan: Plan, recording: Recording) -> dict[str, str]:
    recorded = {call.part for call in recording.calls}
    wanted = plan.chosen or [part for part in plan.parts if is_default(part)]
    return {
        part.name: "it gives no tensor, or one of a graph of its own (a tf.function or a loop)"
        if part in recording.unreadable
        else "it was not called when the model ran on the probes"
        for part in wanted
        if part not in recorded
    }


def _bytes_per_window(held: Iterable[Call], recorded: Mapping[Call, LayerSpec]) -> int:
    """Estimate from above: all that is held, and of what is recorded the codes and copies with their axes moved."""
    cells, codes = (sum(_cells(output) for output in _outputs(some)) for some in (held, recorded))
    moved = sum(_cells(call.output) for call, spec in recorded.items() if spec.axes[-1] != "filter")
    return max(1, 4 * (cells + moved) + codes)


def _outputs(calls: Iterable[Call]) -> Iterable[Any]:
    return {id(call.output): call.output for call in calls if call.output.shape.rank}.values()


def _cells(output: Any) -> int:
    """Of one window."""
    return int(np.prod([size or 1 for size in output.shape[1:]]))
