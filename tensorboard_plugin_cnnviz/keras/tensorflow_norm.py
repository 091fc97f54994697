"""A reduction that TensorFlow makes in one pass over the values, and `keras.ops` by way of a copy of them."""

from __future__ import annotations

from typing import Any

import tensorflow as tf


def euclidean_norm(values: Any, *, axis: int, keepdims: bool) -> Any:
    """Root of the sum of squares along an axis."""
    return tf.math.reduce_euclidean_norm(values, axis=axis, keepdims=keepdims)
