"""Whether probes fit a model's inputs; told before training, with both shapes and, where one is near, the remedy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import Any, TypeAlias

import keras

from tensorboard_plugin_cnnviz.errors import CNNVizError
from tensorboard_plugin_cnnviz.inputs import axes_by_name, by_name
from tensorboard_plugin_cnnviz.probes import Probe

# One window's shape; None where the model takes any size.
Shape: TypeAlias = tuple[int | None, ...]


def check_probe_inputs(model: keras.Model, probes: Sequence[Probe]) -> None:
    """Raise where a probe's windows do not have the shape that the model takes, as far as the model tells it."""
    expected = _expected(model)
    if expected is None:
        return
    for probe in probes:
        given = by_name(probe.inputs)
        wanted = expected if len(given) > 1 or isinstance(probe.inputs, dict) else dict(enumerate(expected.values()))
        if isinstance(probe.inputs, tuple):
            wanted = dict(enumerate(expected.values()))
        if set(given) != set(wanted):
            raise CNNVizError(
                f"probe {probe.name!r} gives inputs {_names(given)}, model {model.name!r} takes {_names(wanted)}: "
                "give each input of the model once"
            )
        for name, shape in wanted.items():
            if not _fits(given[name].shape[1:], shape):
                raise _misfit(model, probe, name, f" of input {name!r}" if len(wanted) > 1 else "", shape)


def _misfit(model: keras.Model, probe: Probe, name: Any, which: str, wanted: Shape) -> CNNVizError:
    given = by_name(probe.inputs)[name].shape[1:]
    axes = axes_by_name(probe.input_axes, probe.inputs)[name]
    named = "" if axes is None else f" ({', '.join(axes)})"
    return CNNVizError(
        f"probe {probe.name!r}: one window{which} has shape {given}{named}, but model {model.name!r} takes {wanted}"
        f"{_remedy(axes, given, wanted)}"
    )


def _remedy(axes: tuple[str, ...] | None, given: tuple[int, ...], wanted: Shape) -> str:
    # What has no frequency axis is not of LogMel.
    if axes is not None and "frequency" in axes:
        for candidate, shape in _orders(axes, given):
            if _fits(shape, wanted):
                quoted = ", ".join(f'"{axis}"' for axis in candidate)
                change = "the transpose" if len(candidate) == len(axes) else "other axes"
                return f"; {change} would fit: LogMel(axes=({quoted}{',' * (len(candidate) == 1)}))"
    for order in permutations(range(len(given))):
        if _fits(tuple(given[i] for i in order), wanted):
            moved = (0, *(i + 1 for i in order))
            return f"; the transpose would fit: inputs.transpose{moved}"
    if _fits((*given, 1), wanted):
        return "; a channel axis would fit: inputs[..., np.newaxis]"
    return "; cut windows of that shape, or give the model an input of the probe's"


def _orders(axes: tuple[str, ...], given: tuple[int, ...]) -> Iterator[tuple[tuple[str, ...], tuple[int, ...]]]:
    size = dict(zip(axes, given, strict=True))
    choices = [axes]
    if size.get("channel", 1) == 1:
        without = tuple(axis for axis in axes if axis != "channel")
        choices += [without, (*without, "channel")]
    for choice in choices:
        for order in permutations(choice):
            yield order, tuple(size.get(axis, 1) for axis in order)


def _fits(given: tuple[int, ...], wanted: Shape) -> bool:
    return len(given) == len(wanted) and all(b in (None, a) for a, b in zip(given, wanted, strict=True))


def _expected(model: keras.Model) -> dict[Any, Shape] | None:
    """Give one window's shape for each input of the model; None where the model does not tell."""
    tensors = getattr(model, "inputs", None)
    if tensors:
        structure = getattr(model, "input", None)
        named = structure.items() if isinstance(structure, dict) else ((each.name, each) for each in tensors)
        return {name: tuple(tensor.shape[1:]) for name, tensor in named}
    try:
        shape = (model.get_build_config() or {}).get("input_shape")
    except Exception:
        # A model may override this with anything; the forward pass will tell then.
        return None
    if isinstance(shape, list | tuple) and shape and all(n is None or isinstance(n, int) for n in shape):
        return {0: tuple(shape[1:])}
    return None


def _names(inputs: dict[Any, Any]) -> str:
    return f"{len(inputs)} ({', '.join(map(repr, inputs))})"
