"""Which of a model's outputs is the prediction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

import keras

from tensorboard_plugin_cnnviz.errors import CNNVizError


def choose_output(model: keras.Model, outputs: Any, wanted: str | None, *, maker: Callable[[Any], str | None]) -> Any:
    """Choose one of the outputs that a call of the model gave.

    Args:
        model: the model.
        outputs: a tensor, or a dict, tuple or list of them.
        wanted: a key of the dict, or the name of the layer that gives the output; None for the first.
        maker: tells the name of the layer that made a tensor, or None.

    Returns:
        tensor: the output.

    Raises:
        CNNVizError: there is no output of that name.
    """
    tensors = list(outputs.values()) if isinstance(outputs, Mapping) else keras.tree.flatten(outputs)
    names = _names(model, outputs) or [maker(tensor) or f"output {i}" for i, tensor in enumerate(tensors)]
    if wanted is None:
        return tensors[0]
    if wanted not in names:
        near = get_close_matches(wanted, names) or names
        raise CNNVizError(f"the model has no output {wanted!r}; it has {', '.join(map(repr, near))}")
    return tensors[names.index(wanted)]


def _names(model: keras.Model, outputs: Any) -> list[str] | None:
    if isinstance(outputs, Mapping):
        return [str(key) for key in outputs]
    # Functional models alone name their outputs.
    names = list(getattr(model, "output_names", None) or ())
    return names if len(names) == len(keras.tree.flatten(outputs)) else None
