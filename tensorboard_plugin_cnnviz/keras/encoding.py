"""What of a layer's output leaves the traced function: codes, ranges, and what its maps come to."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from keras import ops

from tensorboard_plugin_cnnviz.layers import LayerSpec
from tensorboard_plugin_cnnviz.outside import shown_cells

from .maxima import Shown
from .quantising import encode_tensor, quantise_tensor

Columns = npt.NDArray[np.int32]  # [columns, 2]: the window and the number of each


def encode(tensor: Any, spec: LayerSpec, columns: Any) -> tuple[Any, ...]:
    """Encode a layer's output ``[windows, *axes]``.

    Args:
        tensor: the output; without axes where it is one number for each window.
        spec: the layer.
        columns: int32 tensor ``[columns, 2]``, window and number of each column whose codes are wanted; None for whole
            maps.

    Returns:
        values: as `QuantisedLayer.values`.
        ranges: float32 ``[filters, 2]``.
        rest: of layers that have maps their shape, and moments and outside of `Summary`; at last whether strips leave
            cells out, without which outside says nothing.
    """
    if len(spec.axes) == len(tensor.shape):
        tensor = ops.expand_dims(tensor, -1)
    filter_axis = 1 + spec.axes.index("filter")
    if not spec.map_axes:
        return ops.cast(tensor, "float32"), quantise_tensor(tensor, filter_axis=filter_axis)[1]
    shown = _shown(tensor, spec)
    encoded = encode_tensor(
        tensor,
        filter_axis=filter_axis,
        choose=lambda y: y if columns is None else _take(y, spec, columns),
        shown=shown,
    )
    shape = ops.stack([ops.cast(size, "int32") for size in ops.shape(tensor)[1:]])
    return encoded.codes, encoded.ranges, shape, encoded.moments, encoded.outside, ops.convert_to_tensor(bool(shown))


def _shown(tensor: Any, spec: LayerSpec) -> Shown | None:
    sizes = dict(zip(spec.axes, tensor.shape[1:], strict=True))
    height, width = (sizes.get(axis, 1) for axis in ("frequency", "time"))
    if height is None or width is None:
        return None
    cells = shown_cells(height, width, spec.time, spec.frequency)
    if cells is None:
        return None
    of_axis = dict(zip(("frequency", "time"), cells, strict=True))
    return {1 + axis: of_axis[name] for axis, name in enumerate(spec.axes) if name in of_axis}


def _take(y: Any, spec: LayerSpec, columns: Any) -> Any:
    """Columns ``[columns, *axes]``, each as a map of one column."""
    windows, numbers = columns[:, 0], columns[:, 1]
    if "time" not in spec.axes:
        return ops.take(y, windows, axis=0)
    axis = 1 + spec.axes.index("time")
    shape = ops.shape(y)
    # As rows, so that no more of the values is moved than is taken.
    between = math.prod(shape[1:axis])
    rows = ops.reshape(y, (shape[0] * between * shape[axis], *shape[axis + 1 :]))
    of_window = ops.expand_dims(windows * between, -1) + ops.arange(between, dtype="int32")
    taken = ops.take(rows, of_window * shape[axis] + ops.expand_dims(numbers, -1), axis=0)
    return ops.reshape(taken, (ops.shape(windows)[0], *shape[1:axis], 1, *shape[axis + 1 :]))
