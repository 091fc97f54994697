"""Which layers are logged: those the user names, or those that show most for the least bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from typing import Any, TypeAlias

from tensorboard_plugin_cnnviz.errors import CNNVizError

from . import kinds
from .flow import Flow
from .parts import Part
from .recording import Call

Layers: TypeAlias = Sequence[str] | Callable[[Any], bool] | None


def check_layers(layers: Layers) -> Layers:
    """Give `layers` back where it is None, a predicate, or at least one name; raise where it is not."""
    if layers is None or callable(layers):
        return layers
    names = () if isinstance(layers, str) or not isinstance(layers, Iterable) else tuple(layers)
    if not names or not all(isinstance(name, str) for name in names):
        raise CNNVizError(f"layers={layers!r}: give a list of layer names, or a function that takes a layer")
    return names


def select(parts: Sequence[Part], layers: Layers) -> tuple[Part, ...] | None:
    """Find the parts that the user asks for; None means the default choice.

    Raises:
        CNNVizError: for a name that is not there or cannot be recorded, or a predicate that chooses nothing.
    """
    if layers is None:
        return None
    if callable(layers):
        chosen = tuple(
            part for part in parts if part.hidden is None and kinds.is_layer(part.operation) and layers(part.operation)
        )
        if not chosen:
            raise CNNVizError(f"layers={layers!r} chooses none of this model's layers")
        return chosen
    return tuple(dict.fromkeys(find_part(parts, name) for name in layers))


def find_part(parts: Sequence[Part], name: str) -> Part:
    """Find a part by its path, or by its own name where only one has it."""
    found = [part for part in parts if part.name == name] or [part for part in parts if part.operation.name == name]
    if not found:
        names = [part.name for part in parts if part.hidden is None]
        near = get_close_matches(name, names, cutoff=0.5) or names[:5]
        raise CNNVizError(f"the model has no layer {name!r}; near it are {', '.join(map(repr, near))}")
    if len(found) > 1:
        paths = ", ".join(repr(part.name) for part in found)
        raise CNNVizError(f"the model has several layers {name!r}; name one of {paths}")
    if found[0].hidden is not None:
        raise CNNVizError(f"layer {name!r} cannot be recorded: {found[0].hidden}")
    return found[0]


def is_default(part: Part) -> bool:
    """Tell a part that is logged by default, unless a later one shows it better."""
    if part.container or part.inner or part.hidden is not None:
        return False
    if kinds.is_layer(part.operation):
        return not isinstance(part.operation, kinds.SECONDARY)
    return kinds.is_activation(part.operation)


def default_calls(calls: Iterable[Call], flow: Flow) -> list[Call]:
    """Choose calls by default; of a layer and the activations or normalisations after it, the last of the chain."""
    candidates = [call for call in calls if is_default(call.part)]
    replaced = {flow.maker(call.inputs[0]) for call in candidates if call.inputs and kinds.refines(call.part.operation)}
    return [call for call in candidates if call not in replaced]
