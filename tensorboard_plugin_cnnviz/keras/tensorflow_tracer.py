"""Runs a forward pass under TensorFlow: traced once for any number of windows, eagerly where tracing hides layers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import tensorflow as tf


def trace(
    forward: Callable[..., Any], inputs: Sequence[np.ndarray[Any, Any]], *, windows: int | None
) -> Callable[..., Any]:
    """Trace `forward(count, *tensors)` for inputs like these, and an int32 `count`.

    They have `windows` windows, any number where None.

    Raises what `forward` raises.
    """
    of_inputs = (tf.TensorSpec((windows, *array.shape[1:]), array.dtype) for array in inputs)
    signature = [tf.TensorSpec((), tf.int32), *of_inputs]
    # Never compiled by XLA: it would compile again for every number of windows. Keras does not use autograph either.
    function = tf.function(forward, autograph=False, jit_compile=False)
    traced: Callable[..., Any] = function.get_concrete_function(*signature)
    return lambda *arrays: traced(*map(tf.convert_to_tensor, arrays))


def eagerly(forward: Callable[..., Any]) -> Callable[..., Any]:
    """Give a function that runs `forward` without tracing."""
    return lambda *arrays: forward(*map(tf.convert_to_tensor, arrays))


def tracing() -> bool:
    """Tell whether what is called now is traced, so that a tensor is held no longer than it is needed."""
    return not tf.executing_eagerly()


@contextmanager
def inner_functions(*, inline: bool) -> Iterator[None]:
    """Run every `tf.function` that is called as part of its caller, or as a function of its own.

    A model's own functions keep what they are traced to: traced while we call the model, they would give the user's
    later calls a function that records for us and updates no state.
    """
    before = tf.config.functions_run_eagerly()
    tf.config.run_functions_eagerly(inline)
    try:
        yield
    finally:
        tf.config.run_functions_eagerly(before)


def outermost() -> Callable[[Any], bool]:
    """Give a test whether a tensor belongs to the computation that is going on now, not to a graph within it."""
    if tf.executing_eagerly():
        return lambda tensor: isinstance(tensor, tf.Tensor) and not tf.is_symbolic_tensor(tensor)
    graph = tf.compat.v1.get_default_graph()
    return lambda tensor: tf.is_symbolic_tensor(tensor) and tensor.graph is graph
