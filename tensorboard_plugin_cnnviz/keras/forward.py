"""One forward pass over windows of one shape: the model is called once, then its layers' outputs are encoded."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any, NamedTuple

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


class Stretch(NamedTuple):
    """Windows of one clip, among those that the model is called with.

    Attributes:
        windows: where they stand.
        columns: gives the columns of a layer whose codes are wanted.
    """

    windows: slice
    columns: Callable[[LayerSpec], Columns]


_WHOLE = Stretch(slice(None), lambda _: np.zeros((0, 2), np.int32))


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
        alone: whether what it gives of some windows may depend on others, called with them or before: it draws or
            remembers, takes a number of windows of its own, or runs eagerly, when it may call other layers.

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
        self._changes = False
        arrays = keras.tree.flatten(inputs)
        traced = self._traced(arrays)
        self.alone = self._changes or self.windows is not None
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
        else:
            self.alone = True

    def run(self, inputs: Any, stretches: Sequence[Stretch] = (_WHOLE,)) -> list[tuple[dict[str, QuantisedLayer], Any]]:
        """Call the model once, and record each stretch of its windows as a block.

        Args:
            inputs: as at construction; any number of windows, at most `windows` where that is set.
            stretches: what to record of them.

        Returns:
            layers: of each stretch by name, each of one block.
            predictions: float32 `[windows, classes]`, or None.
        """
        arrays = keras.tree.flatten(inputs)
        count = len(arrays[0])
        if self.windows is not None:
            arrays = [np.resize(array, (self.windows, *array.shape[1:])) for array in arrays]
        outputs, predictions = self._run(np.int32(count), *arrays)
        specs = self.findings.specs

        def encoded(stretch: Stretch, spec: LayerSpec, output: Any) -> QuantisedLayer:
            return encode(np.asarray(output)[stretch.windows], spec, None if self._whole else stretch.columns(spec))

        with ThreadPoolExecutor(os.cpu_count()) as threads:
            layers = [threads.map(partial(encoded, stretch), specs, outputs) for stretch in stretches]
            names = [spec.name for spec in specs]
            blocks = [dict(zip(names, each, strict=True)) for each in layers]
        if self.findings.classes is None:
            return [(block, None) for block in blocks]
        scores = np.asarray(predictions)
        return [(block, scores[stretch.windows]) for block, stretch in zip(blocks, stretches, strict=True)]

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
            untouched(plan.model) as changes,
            tensorflow_tracer.inner_functions(inline=True),
        ):
            outputs = _call(plan.model, inputs)
            self._changes = changes()
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
