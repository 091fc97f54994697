"""The parts of a model: every layer and operation that can be recorded, with a unique name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import keras

from . import kinds


@dataclass(frozen=True, eq=False)
class Part:
    """One layer or operation of a model.

    Attributes:
        operation: the layer or operation itself.
        name: path of names from the model's child to it (``"encoder/conv1"``); unique.
        container: other parts make up what it does.
        inner: belongs to a layer of Keras's own that is shown as a whole.
        hidden: why it cannot be recorded, or None.
    """

    operation: Any
    name: str
    container: bool = False
    inner: bool = False
    hidden: str | None = None

    @property
    def kind(self) -> str:
        """Name of its class, for people."""
        return type(self.operation).__name__


def find_parts(model: keras.Model) -> tuple[Part, ...]:
    """List the parts of a model, each once, in the model's own order."""
    parts: list[Part] = []
    names: set[str] = set()
    seen = {id(model)}

    def walk(parent: Any, prefix: str, inner: bool, hidden: str | None) -> None:
        for operation in _children(parent):
            if id(operation) in seen:
                continue
            seen.add(id(operation))
            name = unique(prefix + operation.name, names)
            container = _is_container(operation)
            reason = "it is an input of the model" if isinstance(operation, kinds.INPUTS) else hidden
            parts.append(Part(operation, name, container, inner, reason))
            below = hidden
            if below is None and isinstance(operation, kinds.HIDES_CHILDREN):
                below = f"it runs inside {name!r}; select that layer"
            walk(operation, f"{name}/", inner or not container, below)

    walk(model, "", False, None)
    return tuple(parts)


def _children(parent: Any) -> Iterator[Any]:
    if isinstance(parent, keras.Model):
        # A functional graph holds operations that are no layers.
        yield from getattr(parent, "operations", ())
        yield from parent.layers
    elif kinds.is_layer(parent):
        # Layers have no public list of their sublayers; this is the one that `Model.layers` is made of.
        yield from parent._flatten_layers(include_self=False, recursive=False)


def _is_container(operation: Any) -> bool:
    if isinstance(operation, keras.Model):
        return True
    if not kinds.is_layer(operation) or isinstance(operation, kinds.HIDES_CHILDREN):
        return False
    if kinds.is_built_in(operation) and not isinstance(operation, kinds.PASSES_ON):
        return False
    return next(_children(operation), None) is not None


def unique(name: str, names: set[str]) -> str:
    """Make a name unlike those in `names`, and add it to them."""
    candidate, number = name, 2
    while candidate in names:
        candidate, number = f"{name} ({number})", number + 1
    names.add(candidate)
    return candidate
