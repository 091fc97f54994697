"""Runs a forward pass under TensorFlow: traced once for any number of windows, eagerly where tracing hides layers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf


def trace(
    forward: Callable[..., Any], inputs: Sequence[np.ndarray[Any, Any]], *, windows: int | None
) -> Callable[..., Any]:
    """Trace `forward(*tensors)` for inputs like these with `windows` windows, any number where None.

    Raises what `forward` raises.
    """
    signature = [tf.TensorSpec((windows, *array.shape[1:]), array.dtype) for array in inputs]
    # Never compiled by XLA: it would compile again for every number of windows. Keras does not use autograph either.
    function = tf.function(forward, autograph=False, jit_compile=False)
    traced: Callable[..., Any] = function.get_concrete_function(*signature)
    return lambda *arrays: traced(*map(tf.convert_to_tensor, arrays))


def eagerly(forward: Callable[..., Any]) -> Callable[..., Any]:
    """Give a function that runs `forward`, and every `tf.function` within, without tracing."""

    def run(*arrays: np.ndarray[Any, Any]) -> Any:
        before = tf.config.functions_run_eagerly()
        tf.config.run_functions_eagerly(True)
        try:
            return forward(*map(tf.convert_to_tensor, arrays))
        finally:
            tf.config.run_functions_eagerly(before)

    return run


def outermost() -> Callable[[Any], bool]:
    """Give a test whether a tensor belongs to the computation that is going on now, not to a graph within it."""
    if tf.executing_eagerly():
        return lambda tensor: isinstance(tensor, tf.Tensor) and not tf.is_symbolic_tensor(tensor)
    graph = tf.compat.v1.get_default_graph()
    return lambda tensor: tf.is_symbolic_tensor(tensor) and tensor.graph is graph
