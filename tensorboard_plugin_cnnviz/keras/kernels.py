"""The kernels of convolutions that see few channels, in the stored order of axes whatever the layer's own."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from tensorboard_plugin_cnnviz.kernels import is_kept, stored_kernel
from tensorboard_plugin_cnnviz.layers import LayerSpec

from . import kinds, rules
from .flow import Flow
from .recording import Call


def _plain(layer: Any) -> Any:
    return layer.kernel  # [taps, channels, filters]


def _transposed(layer: Any) -> Any:
    return keras.ops.swapaxes(layer.kernel, -2, -1)  # [taps, filters, channels]


def _depthwise(layer: Any) -> Any:
    kernel = layer.kernel  # [taps, channels, multiplier], and the filters of a channel stand together
    return keras.ops.reshape(kernel, (*layer.kernel_size, 1, -1))


def _separable(layer: Any) -> Any:
    each, mix = layer.depthwise_kernel, layer.pointwise_kernel
    mix = keras.ops.reshape(mix, (*each.shape[-2:], -1))
    return keras.ops.einsum("...cm,cmf->...cf", each, mix)


# Each gives [taps along the layer's axes, channels that a filter sees, filters].
_READERS: tuple[tuple[tuple[type, ...], Callable[[Any], Any]], ...] = (
    (kinds.classes("DepthwiseConv1D", "DepthwiseConv2D"), _depthwise),
    (kinds.classes("SeparableConv1D", "SeparableConv2D"), _separable),
    (kinds.classes("Conv1DTranspose", "Conv2DTranspose"), _transposed),
    (kinds.classes("Conv1D", "Conv2D"), _plain),
)


@dataclass(frozen=True)
class Kernel:
    """The kernel of one recorded layer; `axes` are those of its taps."""

    layer: Any
    read: Callable[[Any], Any]
    axes: tuple[str, ...]

    def values(self) -> npt.NDArray[np.float32]:
        """Float32 ``[filters, channels, frequency, time]``, as it is now."""
        kernel = keras.ops.convert_to_numpy(keras.ops.cast(self.read(self.layer), "float32"))
        return stored_kernel(np.moveaxis(kernel, (-1, -2), (0, 1)), self.axes)


def find_kernels(specs: Mapping[Call, LayerSpec], flow: Flow) -> dict[str, Kernel]:
    """Find the kernels to keep, by layer name; of an activation or normalisation that of the convolution before it."""
    kernels = {}
    for call, spec in specs.items():
        maker: Call | None = call
        while maker is not None and kinds.refines(maker.part.operation):
            before = flow.maker(maker.inputs[0]) if maker.inputs else None
            # One that changes nothing, as a linear activation, gives its own input and passes for the maker of it.
            maker = None if before is maker else before
        kernel = None if maker is None else _kernel_of(maker, spec)
        if kernel is not None:
            kernels[spec.name] = kernel
    return kernels


def _kernel_of(call: Call, spec: LayerSpec) -> Kernel | None:
    layer = call.part.operation
    read = next((read for kind, read in _READERS if isinstance(layer, kind)), None)
    # What a user's own subclass does with its kernel is not known.
    if read is None or not rules.works_as_keras(layer) or not call.inputs:
        return None
    channel = 0 if layer.data_format == "channels_first" else len(spec.axes) - 1
    axes = spec.axes[:channel] + spec.axes[channel + 1 :]
    if spec.axes[channel] != "filter" or len(axes) != layer.rank:
        return None
    given, filters = call.inputs[0].shape[1 + channel], call.output.shape[1 + channel]
    channels = 1 if read is _depthwise else given // getattr(layer, "groups", 1)
    return Kernel(layer, read, axes) if is_kept(filters, channels, math.prod(layer.kernel_size)) else None
