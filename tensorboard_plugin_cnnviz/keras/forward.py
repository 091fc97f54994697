"""One forward pass over windows of one shape: the model called once, its layers recorded and quantised on the way."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from tensorboard_plugin_cnnviz.errors import CNNVizError
from tensorboard_plugin_cnnviz.layers import LayerSpec, QuantisedLayer
from tensorboard_plugin_cnnviz.timing import Axis

from . import selection, tensorflow_tracer
from .dimensions import Dimensions, describe, of_input
from .flow import Flow
from .outputs import choose_output
from .parts import Part, unique
from .quantising import quantise_tensor
from .recording import Call, Recording
from .tensorflow_graph import step_back
from .untouched import untouched

# Copies of a layer's output that the quantiser holds while it works.
_WORKING_COPIES = 4


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


class ForwardPass:
    """The model's forward pass, traced for inputs like those given, with any number of windows.

    Args:
        plan: what to record.
        inputs: the model's inputs, one array `[windows, ...]` or a dict or tuple of them.
        input_axes: names of the axes of the inputs, without windows.

    Attributes:
        specs: the recorded layers.
        output: name of the layer or output that the predictions come from, or None without predictions.
        classes: number of classes, or None without predictions.
        missing: the parts that should have been recorded but were not, with the reason.
        bytes_per_window: memory that one window takes, roughly.
    """

    def __init__(self, plan: Plan, inputs: Any, input_axes: Sequence[str] | None) -> None:
        self.specs: tuple[LayerSpec, ...] = ()
        self.output: str | None = None
        self.classes: int | None = None
        self.missing: dict[str, str] = {}
        self.bytes_per_window = 1
        self._plan = plan
        self._inputs = inputs
        self._input_axes = input_axes
        arrays = keras.tree.flatten(inputs)
        try:
            self._run = tensorflow_tracer.trace(self._forward, arrays)
            if not self.missing:
                return
            traced = self._run, dict(vars(self))
        except CNNVizError:
            raise
        except Exception:
            # Models that read their tensors' values cannot be traced; where they cannot be called either, that raises.
            traced = None
        eager = tensorflow_tracer.eagerly(self._forward)
        eager(*(array[:1] for array in arrays))
        if traced is not None and len(self.missing) >= len(traced[1]["missing"]):
            vars(self).update(traced[1])
        else:
            self._run = eager

    def run(self, inputs: Any) -> tuple[list[QuantisedLayer], Any]:
        """Record one block.

        Args:
            inputs: as at construction, any number of windows.

        Returns:
            layers: parallel to `specs`, each of one block.
            predictions: float32 `[windows, classes]`, or None.
        """
        encoded, predictions = self._run(*keras.tree.flatten(inputs))
        layers = []
        for _spec, arrays in zip(self.specs, encoded, strict=True):
            values, ranges = (np.asarray(array) for array in arrays)
            layers.append(QuantisedLayer(values, ranges[np.newaxis]))
        return layers, None if self.classes is None else np.asarray(predictions)

    def _forward(self, *tensors: Any) -> Any:
        plan = self._plan
        belongs = tensorflow_tracer.outermost()
        inputs = keras.tree.pack_sequence_as(self._inputs, list(tensors))
        with Recording(plan.parts, belongs=belongs) as recording, untouched(plan.model):
            outputs = _call(plan.model, inputs)
        named = [(tensor, of_input(self._input_axes, tensor.shape[1:])) for tensor in tensors]
        flow = Flow(named, recording.calls, step_back=step_back)
        if plan.chosen is None:
            calls = selection.default_calls(recording.calls, flow)
        else:
            calls = [call for call in recording.calls if call.part in plan.chosen]
        self.missing = self._find_missing(recording)
        names: set[str] = set()
        specs, encoded = {}, []
        for call in calls:
            name = unique(call.part.name + (f":{call.index}" if call.index else ""), names)
            spec = self._describe(name, call, flow.dimensions(call.output))
            if spec is not None:
                specs[call] = spec
                encoded.append(_encode(call.output, spec))
        self.specs = tuple(specs.values())
        self.bytes_per_window = _bytes_per_window(recording.calls)
        name, prediction = choose_output(plan.model, outputs, plan.output)
        maker = flow.maker(prediction)
        self.output = specs[maker].name if maker in specs else name
        if len(prediction.shape) == 1:
            prediction = keras.ops.expand_dims(prediction, -1)
        if len(prediction.shape) != 2:
            self.output = self.classes = None
            return encoded, []
        self.classes = int(prediction.shape[-1])
        return encoded, keras.ops.cast(prediction, "float32")

    def _describe(self, name: str, call: Call, dimensions: Dimensions | None) -> LayerSpec | None:
        shape = tuple(call.output.shape[1:])
        part = call.part
        channels_first = getattr(part.operation, "data_format", None) == "channels_first"
        axes = self._plan.layer_axes.get(part.name)
        if axes is not None:
            return _as_told(name, part.kind, axes, shape, describe(name, part.kind, shape, dimensions, channels_first))
        spec = describe(name, part.kind, shape, dimensions, channels_first)
        if spec is None:
            self.missing[part.name] = f"its output {('windows', *shape)} has more axes than frequency, time and filter"
        return spec

    def _find_missing(self, recording: Recording) -> dict[str, str]:
        recorded = {call.part for call in recording.calls}
        wanted = self._plan.chosen or [part for part in self._plan.parts if selection.is_default(part)]
        return {
            part.name: "it runs in a graph of its own (a tf.function or a loop)"
            if part in recording.unreadable
            else "it was not called when the model ran on the probes"
            for part in wanted
            if part not in recorded
        }


def _call(model: keras.Model, inputs: Any) -> Any:
    parameters = inspect.signature(model.call).parameters.values()
    takes_training = any(each.name == "training" or each.kind is each.VAR_KEYWORD for each in parameters)
    return model(inputs, training=False) if takes_training else model(inputs)


def _bytes_per_window(calls: Sequence[Call]) -> int:
    """Estimate from above: all outputs at once, and the greatest of them being quantised."""
    outputs = {id(call.output): call.output for call in calls}.values()
    cells = [int(np.prod([size or 1 for size in output.shape[1:]])) for output in outputs]
    return 4 * (sum(cells) + _WORKING_COPIES * max(cells, default=1))


def _encode(tensor: Any, spec: LayerSpec) -> tuple[Any, Any]:
    if len(spec.axes) == len(tensor.shape):
        tensor = keras.ops.expand_dims(tensor, -1)
    codes, ranges = quantise_tensor(tensor, filter_axis=1 + spec.axes.index("filter"))
    return (codes if spec.map_axes else keras.ops.cast(tensor, "float32")), ranges


def _as_told(name: str, kind: str, axes: tuple[str, ...], shape: tuple[int, ...], found: LayerSpec | None) -> LayerSpec:
    if len(axes) != len(shape):
        raise CNNVizError(
            f"layer_axes[{name!r}] names {len(axes)} axes {axes}, but the layer's output is {('windows', *shape)}"
        )
    if found is not None and found.axes == axes:
        return found
    even: dict[str, Axis] = {axis: Axis.even(size) for axis, size in zip(axes, shape, strict=True)}
    return LayerSpec(name, kind, axes, even.get("time"), even.get("frequency"))
