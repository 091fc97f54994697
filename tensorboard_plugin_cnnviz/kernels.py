"""Kernels to keep: the weights by which a convolution's filters weigh few input channels, as people can read them.

Stored is float32 ``[filters, channels, frequency, time]``: the channels are those that a filter sees, row 0 is the
lowest frequency and column 0 the earliest time, as in maps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from .checks import suggestion
from .errors import CNNVizError
from .layers import LayerSpec

MAX_CHANNELS = 3
MAX_BYTES = 1 << 20  # of a layer and step: beside the maps they must not count
_AXES = ("frequency", "time")


def is_kept(filters: int, channels: int, taps: int) -> bool:
    """Tell whether a kernel is kept: where it has at most three input channels, and takes at most 1 MB."""
    return channels <= MAX_CHANNELS and 4 * filters * channels * taps <= MAX_BYTES


def stored_kernel(kernel: npt.ArrayLike, axes: Sequence[str]) -> npt.NDArray[np.float32]:
    """``[filters, channels, *axes]`` in stored order; `axes` are ``"frequency"`` and ``"time"``, any, in any order."""
    values = np.asarray(kernel, np.float32)
    moved = np.moveaxis(values, [2 + axes.index(axis) for axis in _AXES if axis in axes], range(2, values.ndim))
    sizes = [values.shape[2 + axes.index(axis)] if axis in axes else 1 for axis in _AXES]
    return np.array(moved.reshape(*values.shape[:2], *sizes))


def check_kernels(
    kernels: Mapping[str, Any], layers: Mapping[str, tuple[LayerSpec, int]]
) -> dict[str, npt.NDArray[np.float32]]:
    """Those of the given kernels that are kept, in stored order, by layer name.

    Args:
        kernels: layer name to float ``[filters, channels, *axes]``, `axes` as those of the layer's maps.
        layers: of the step by name, with the number of filters.

    Raises:
        CNNVizError: for a layer that is not there, or a kernel whose shape does not fit it.
    """
    kept = {}
    for name, given in kernels.items():
        if name not in layers:
            raise CNNVizError(f"kernels names layer {name!r}, which no response holds{suggestion(name, list(layers))}")
        spec, filters = layers[name]
        axes = tuple(axis for axis in spec.axes if axis != "filter")
        kernel = np.asarray(given, np.float32)
        if not axes or kernel.ndim != 2 + len(axes) or len(kernel) != filters or kernel.size == 0:
            expected = f"[{filters} filters, channels, {', '.join(axes)}]" if axes else "none: it has no map"
            raise CNNVizError(f"the kernel of layer {name!r} has shape {kernel.shape}; expected {expected}")
        if is_kept(filters, kernel.shape[1], kernel[0, 0].size):
            kept[name] = stored_kernel(kernel, axes)
    return kept
