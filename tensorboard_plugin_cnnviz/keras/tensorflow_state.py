"""Keeps the state that layers hold in TensorFlow's own objects, of which Keras knows nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import tensorflow as tf


@contextmanager
def kept(layers: Iterable[Any]) -> Iterator[int]:
    """Put back the value of every `tf.Variable`, random generators' too, in the attributes of the layers.

    Yields how many there are. While a function is traced, its graph reads and puts them back each time it runs.
    """
    variables = {id(each): each for layer in layers for each in _variables(list(vars(layer).values()))}.values()
    before = [variable.read_value() for variable in variables]
    try:
        yield len(before)
    finally:
        for variable, value in zip(variables, before, strict=True):
            variable.assign(value)


def _variables(value: Any) -> Iterator[tf.Variable]:
    if isinstance(value, tf.Variable):
        yield value
    elif isinstance(value, tf.random.Generator):
        yield value.state
    elif isinstance(value, tf.Module):
        yield from value.variables
    elif isinstance(value, list | tuple | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _variables(each)
