"""Calling a model without leaving a trace in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import keras

from tensorboard_plugin_cnnviz.errors import CNNVizError

from . import tensorflow_state


class NotBuiltError(CNNVizError):
    """A layer that the call needs has no variables yet."""


@contextmanager
def untouched(model: keras.Model) -> Iterator[Callable[[], bool]]:
    """Keep variables, states, seeds, losses and attributes of a model as they are, whatever its calls do.

    Yields:
        a test whether they would have left something else in its variables, states or seeds, or may have.

    Raises:
        NotBuiltError: a layer would be built, which training or a call of the user's has to do.
    """
    layers = list(model._flatten_layers())
    # A call drops the losses of the one before; Keras has no public way to keep them.
    losses = [(layer._losses, list(layer._losses)) for layer in layers]
    # A layer may keep a tensor of its last call, or count calls, in an attribute.
    attributes = [(vars(layer), dict(vars(layer))) for layer in layers]
    refused: list[str] = []
    for layer in filter(_would_be_built, layers):
        _refuse_to_build(layer, refused)
    try:
        with keras.StatelessScope() as scope, tensorflow_state.kept(layers) as kept:
            yield lambda: bool(scope.state_mapping) or kept > 0
    except Exception as error:
        if refused:
            raise NotBuiltError(
                f"layer {refused[0]!r} of model {model.name!r} is not built yet: call the model once on a batch"
            ) from error
        raise
    finally:
        for own, before in attributes:
            for added in own.keys() - before.keys():
                del own[added]
            own.update(before)
        for kept, each in losses:
            kept[:] = each


def _would_be_built(layer: Any) -> bool:
    if layer.built:
        return False
    # One without a `build` of its own and without layers inside has nothing that could be built.
    own_build = not getattr(layer.build, "_is_default", False)
    return own_build or not all(inner.built for inner in layer._flatten_layers(include_self=False))


def _refuse_to_build(layer: Any, refused: list[str]) -> None:
    def build(*args: Any, **kwargs: Any) -> None:  # noqa: ARG001
        refused.append(layer.name)
        raise NotBuiltError(layer.name)

    vars(layer)["build"] = build
