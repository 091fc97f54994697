"""One forward pass over windows of one shape: the model is called once, then its layers' outputs are encoded."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import keras
import numpy as np

from tensorboard_plugin_cnnviz.encode import Columns, encode
from tensorboard_plugin_cnnviz.errors import CNNVizError
from tensorboard_plugin_cnnviz.features import InputAxes
from tensorboard_plugin_cnnviz.inputs import axes_by_name
from tensorboard_plugin_cnnviz.layers import LayerSpec, QuantisedLayer

from . import kinds, tensorflow_tracer
from .dimensions import of_input
from .findings import Findings, Plan, find
from .flow import Flow
from .recording import Recording
from .tensorflow_graph import step_back
from .untouched import untouched

_NONE = np.zeros((0, 2), np.int32)


class ForwardPass:
    """The model's forward pass, traced for inputs like those given, with any number of windows.

    Where tracing hides layers, or the model cannot be traced, it runs eagerly.

    Args:
        plan: what to record.
        inputs: the model's inputs, one array `[windows, ...]` or a dict or tuple of them.
        input_axes: names of the axes of the inputs, without windows, as in `Probe`.
        whole: whether the codes of whole maps are wanted, not only of the columns that strips show. Where it runs
            eagerly they are given all the same.

    Attributes:
        findings: which layers are recorded, and what the predictions are. Of a model that runs eagerly those of its
            last run, since what it calls may depend on what it is given.
        windows: the number of windows that the model takes at a time; None where any number will do.

    Raises:
        Exception: whatever the model raises where it cannot be called with these inputs.
    """

    def __init__(self, plan: Plan, inputs: Any, input_axes: InputAxes | None, *, whole: bool = True) -> None:
        self.findings = Findings()
        self._plan = plan
        self._inputs = inputs
        axes = axes_by_name(input_axes, inputs)
        self._axes = [axes[name] for name in keras.tree.flatten({name: name for name in axes})]
        self.windows = _fixed_windows(plan.model)
        self._whole = whole
        arrays = keras.tree.flatten(inputs)
        traced = self._traced(arrays)
        if traced is not None and not self.findings.missing:
            self._run = traced
            return
        found = self.findings
        self._whole = True
        self._run = tensorflow_tracer.eagerly(self._forward)
        try:
            # At least two, so that what is one per window can be told from what is one for all.
            self.run(keras.tree.map_structure(lambda array: array[: self.windows or 2], inputs))
        except Exception:
            if traced is None:
                raise
        if traced is not None and len(self.findings.missing) >= len(found.missing):
            self._run, self.findings = traced, found
            self._whole = whole

    def run(
        self, inputs: Any, columns: Callable[[LayerSpec], Columns] | None = None
    ) -> tuple[dict[str, QuantisedLayer], Any]:
        """Record one block.

        Args:
            inputs: as at construction; any number of windows, at most `windows` where that is set.
            columns: gives the columns of a layer whose codes are wanted; none by default.

        Returns:
            layers: by name, each of one block.
            predictions: float32 `[windows, classes]`, or None.
        """
        arrays = keras.tree.flatten(inputs)
        count = len(arrays[0])
        if self.windows is not None:
            arrays = [np.resize(array, (self.windows, *array.shape[1:])) for array in arrays]
        outputs, predictions = self._run(np.int32(count), *arrays)
        specs = self.findings.specs

        def encoded(spec: LayerSpec, output: Any) -> QuantisedLayer:
            wanted = None if self._whole else _NONE if columns is None else columns(spec)
            return encode(np.asarray(output), spec, wanted)

        with ThreadPoolExecutor(os.cpu_count()) as threads:
            layers = dict(zip((spec.name for spec in specs), threads.map(encoded, specs, outputs), strict=True))
        return layers, None if self.findings.classes is None else np.asarray(predictions)

    def _traced(self, arrays: Sequence[Any]) -> Callable[..., Any] | None:
        try:
            return tensorflow_tracer.trace(self._forward, arrays, windows=self.windows)
        except CNNVizError:
            raise
        except Exception:
            # A model that reads its tensors' values can only be run eagerly; what is wrong otherwise shows there again.
            return None

    def _forward(self, count: Any, *tensors: Any) -> Any:
        plan = self._plan
        belongs = tensorflow_tracer.outermost()
        inputs = keras.tree.pack_sequence_as(self._inputs, list(tensors))
        with (
            Recording(plan.parts, belongs=belongs, around=_around) as recording,
            untouched(plan.model),
            tensorflow_tracer.inner_functions(inline=True),
        ):
            outputs = _call(plan.model, inputs)
        named = [(one, of_input(axes, one.shape[1:])) for one, axes in zip(tensors, self._axes, strict=True)]
        flow = Flow(named, recording.calls, step_back=step_back)
        windows = tensors[0].shape[0] or len(keras.tree.flatten(self._inputs)[0])
        self.findings, chosen, prediction = find(
            plan, recording, flow, outputs, windows=windows, traced=tensorflow_tracer.tracing()
        )
        # Windows that only fill up the model's batch have no part in a filter's range.
        kept = slice(None) if self.windows is None else slice(count)
        outputs = [_values(call.output[kept], spec) for call, spec in zip(chosen, self.findings.specs, strict=True)]
        return outputs, [] if prediction is None else keras.ops.cast(prediction[kept], "float32")


def _values(output: Any, spec: LayerSpec) -> Any:
    """A layer's output as float32 ``[windows, *axes]``."""
    one_number = len(spec.axes) == len(output.shape)
    return keras.ops.cast(keras.ops.expand_dims(output, -1) if one_number else output, "float32")


def _fixed_windows(model: keras.Model) -> int | None:
    """Give the number of windows that a model with a batch size of its own takes; None where any number will do."""
    sizes = {tensor.shape[0] for tensor in getattr(model, "inputs", None) or ()}
    states = (layer.states for layer in model._flatten_layers() if getattr(layer, "stateful", False))
    sizes |= {state.shape[0] for state in keras.tree.flatten(list(states)) if state is not None}
    sizes.discard(None)
    return sizes.pop() if len(sizes) == 1 else None


def _around(operation: Any) -> AbstractContextManager[None]:
    if isinstance(operation, kinds.CONVOLUTIONS) and kinds.is_built_in(operation):
        return tensorflow_tracer.inner_functions(inline=False)
    return nullcontext()


def _call(model: keras.Model, inputs: Any) -> Any:
    parameters = inspect.signature(model.call).parameters.values()
    takes_training = any(each.name == "training" or each.kind is each.VAR_KEYWORD for each in parameters)
    return model(inputs, training=False) if takes_training else model(inputs)
