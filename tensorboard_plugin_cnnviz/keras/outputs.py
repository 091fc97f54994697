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
        outputs: a tensor, or any structure of dicts, tuples and lists of them.
        wanted: a key of the dict, or the name of the layer that gives the output; None for the first.
        maker: tells the name of the layer that made a tensor, or None.

    Returns:
        tensor: the output.

    Raises:
        CNNVizError: there is no output of that name.
    """
    if isinstance(outputs, Mapping):
        # Not `keras.tree.flatten`, which sorts the keys: the first is the one that the model gives first.
        named = [(str(key), tensor) for key, value in outputs.items() for tensor in keras.tree.flatten(value)]
    else:
        tensors = keras.tree.flatten(outputs)
        # Functional models alone name their outputs.
        names = getattr(model, "output_names", None) or ()
        if len(names) != len(tensors):
            names = [maker(tensor) or f"output {i}" for i, tensor in enumerate(tensors)]
        named = list(zip(names, tensors, strict=True))
    if wanted is None:
        return named[0][1]
    for name, tensor in named:
        if name == wanted:
            return tensor
    names = [name for name, _ in named]
    near = get_close_matches(wanted, names, n=1)
    meant = f"; did you mean {near[0]!r}?" if near else ""
    raise CNNVizError(f"the model has no output {wanted!r}; it has {', '.join(map(repr, names))}{meant}")
