"""Looks one step back from a tensor in a TensorFlow graph.

What happens between two layers (casts of mixed precision, operators in a subclassed model, `keras.ops`) and inside a
user's own leaves its mark in the graph only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import tensorflow as tf

from . import graph_steps as steps
from .dimensions import FIXED
from .graph_steps import Part, Step
from .joining import concatenated, joined


@dataclass(frozen=True)
class StepBack:
    """How a tensor came from others.

    Attributes:
        sources: the tensors it came from.
        step: follows the axes from them.
        unchanged: it is its only source, of another type at most.
    """

    sources: Sequence[Any]
    step: Step
    unchanged: bool = False


Reader: TypeAlias = Callable[[Any], StepBack]
Key: TypeAlias = Sequence[slice | int | None]


def step_back(tensor: Any) -> StepBack | None:
    """Tell how a tensor came about; None for eager tensors, of which nothing is known."""
    if not tf.is_symbolic_tensor(tensor):
        return None
    operation = tensor.op
    sources = tuple(operation.inputs)
    if not sources or operation.type in _FIXED:
        return StepBack((), lambda _sources, _after: FIXED)
    if operation.type in _UNCHANGED:
        at = tensor.value_index if operation.type == "IdentityN" else 0
        return StepBack(sources[at : at + 1], steps.unchanged, unchanged=True)
    if operation.type in _CELL_BY_CELL:
        return StepBack(sources, joined)
    if operation.type in _MOVES_CELLS:
        return StepBack(sources, steps.scrambled)
    try:
        return _READERS[operation.type](tensor) if operation.type in _READERS else StepBack(sources, steps.guess)
    except _NotStaticError:
        return StepBack(sources, steps.unknown)


class _NotStaticError(Exception):
    """What an operation does is known only when it runs, or it does it to the windows."""


def _constant(tensor: Any) -> Any:
    """Give the value of an operand: a number or nested lists."""
    value = tf.get_static_value(tensor)
    if value is None:
        raise _NotStaticError
    return value.tolist()


def _axes(numbers: Any, rank: int) -> list[int]:
    """Number axes without the windows' axis."""
    axes = [axis % rank - 1 for axis in (numbers if isinstance(numbers, list) else [numbers])]
    if -1 in axes:
        raise _NotStaticError
    return axes


def _batch_normalisation(tensor: Any) -> StepBack:
    constants = not tensor.op.get_attr("is_training")
    return StepBack(tuple(tensor.op.inputs), steps.unchanged if constants else steps.guess)


def _reshape(tensor: Any) -> StepBack:
    source = tensor.op.inputs[0]
    if source.op.type == "MatMul" and source.op.inputs[0].op.type == "Reshape":
        # As `tf.tensordot` does it, cells of all windows were made rows for a matrix product, and are put back.
        cells, weights = source.op.inputs[0].op.inputs[0], source.op.inputs[1]
        if cells.shape[1:-1] == tensor.shape[1:-1] and cells.shape[-1] == weights.shape[0]:
            return StepBack((cells, weights), steps.product)
    return StepBack((source,), steps.reshaped)


def _new_axis(tensor: Any) -> StepBack:
    source, axis = tensor.op.inputs
    (along,) = _axes(_constant(axis), tensor.shape.rank)
    return _sliced(source, [slice(None)] * (along + 1) + [None])


def _squeeze(tensor: Any) -> StepBack:
    (source,) = tensor.op.inputs
    named = _axes(list(tensor.op.get_attr("squeeze_dims")), source.shape.rank)
    gone = [i in named if named else size == 1 for i, size in enumerate(source.shape[1:])]
    return _sliced(source, [slice(None), *(0 if each else slice(None) for each in gone)])


def _transpose(tensor: Any) -> StepBack:
    source, order = tensor.op.inputs
    first, *others = _constant(order)
    if first != 0:
        raise _NotStaticError
    return StepBack((source,), steps.transposed([axis - 1 for axis in others]))


def _reduction(tensor: Any) -> StepBack:
    source, axes = tensor.op.inputs
    keepdims = tensor.shape.rank == source.shape.rank
    return StepBack((source,), steps.reduced(_axes(_constant(axes), source.shape.rank), keepdims=keepdims))


def _accumulation(tensor: Any) -> StepBack:
    source, axis = tensor.op.inputs
    return StepBack((source,), steps.mixed(_axes(_constant(axis), source.shape.rank)))


def _softmax(tensor: Any) -> StepBack:
    return StepBack(tuple(tensor.op.inputs), steps.mixed([tensor.shape.rank - 2]))


def _concatenation(tensor: Any) -> StepBack:
    *sources, axis = tensor.op.inputs
    (along,) = _axes(_constant(axis), tensor.shape.rank)
    return StepBack(sources, lambda given, after: concatenated(given, along, after))


def _stack(tensor: Any) -> StepBack:
    (along,) = _axes(tensor.op.get_attr("axis"), tensor.shape.rank)
    return StepBack(tuple(tensor.op.inputs), steps.stacked(along))


def _padding(tensor: Any) -> StepBack:
    source, widths, *_ = tensor.op.inputs
    first, *others = _constant(widths)
    if any(first):
        raise _NotStaticError
    mirrored = tensor.op.type == "MirrorPad"
    return StepBack((source,), steps.padded([(before, after) for before, after in others], mirrored=mirrored))


def _strided_slice(tensor: Any) -> StepBack:
    source, *edges = tensor.op.inputs
    names = ("begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask")
    masks = [tensor.op.get_attr(name) for name in names]
    key: list[slice | int | None] = []
    entries = list(zip(*map(_constant, edges), strict=True))
    for i, (begin, end, step) in enumerate(entries):
        open_begin, open_end, ellipsis, new, single = (mask >> i & 1 for mask in masks)
        if ellipsis:
            named = len(entries) - 1 - bin(masks[3]).count("1")
            key += [slice(None)] * (source.shape.rank - named)
        else:
            cells = slice(None if open_begin else begin, None if open_end else end, step)
            key.append(None if new else begin if single else cells)
    return _sliced(source, key)


def _slice(tensor: Any) -> StepBack:
    source, begins, sizes = tensor.op.inputs
    pairs = zip(_constant(begins), _constant(sizes), strict=True)
    return _sliced(source, [slice(begin, None if size < 0 else begin + size) for begin, size in pairs])


def _split(tensor: Any) -> StepBack:
    even = tensor.op.type == "Split"
    axis, source = (tensor.op.inputs[i] for i in ((0, 1) if even else (2, 0)))
    (along,) = _axes(_constant(axis), source.shape.rank)
    i = tensor.value_index
    begin = i * tensor.shape[along + 1] if even else sum(_constant(tensor.op.inputs[1])[:i])
    return _sliced(source, [slice(None)] * (along + 1) + [slice(begin, begin + tensor.shape[along + 1])])


def _unstack(tensor: Any) -> StepBack:
    (source,) = tensor.op.inputs
    (along,) = _axes(tensor.op.get_attr("axis"), source.shape.rank)
    return _sliced(source, [slice(None)] * (along + 1) + [tensor.value_index])


def _gather(tensor: Any) -> StepBack:
    source, indices, axis = tensor.op.inputs
    (along,) = _axes(_constant(axis), source.shape.rank)
    chosen = _constant(indices)
    parts: list[Part] = [(0, 1)] * along
    if isinstance(chosen, list):
        step = chosen[1] - chosen[0] if len(chosen) > 1 else 1
        in_order = step > 0 and chosen == list(range(chosen[0], chosen[-1] + 1, step))
        parts.append((chosen[0], step if in_order else 0))
    else:
        parts.append(chosen)
    return StepBack((source,), steps.sliced(parts))


def _sliced(source: Any, key: Key) -> StepBack:
    """Give the step of numpy's indexing; each axis is named or left out at the end."""
    windows, *others = key
    if not isinstance(windows, slice) or windows.indices(7) != (0, 7, 1):
        raise _NotStaticError
    sizes = iter(source.shape[1:])
    parts: list[Part] = []
    for entry in others:
        if isinstance(entry, slice):
            cells = range(next(sizes))[entry]
            parts.append((cells.start, cells.step))
        else:
            parts.append(entry)
            if entry is not None:
                next(sizes)
    return StepBack((source,), steps.sliced(parts))


def _resizing(tensor: Any) -> StepBack:
    source, _ = tensor.op.inputs
    if tensor.op.get_attr("align_corners") or not tensor.op.get_attr("half_pixel_centers"):
        raise _NotStaticError
    return StepBack((source,), steps.resized([0, 1], _RESIZING_REACH[tensor.op.type]))


def _kernel(tensor: Any) -> StepBack:
    """Read a convolution, a transposed one or a pool."""
    operation = tensor.op
    pool, transposed = operation.type in _POOLS, operation.type.endswith("BackpropInput")
    source = operation.inputs[2 if transposed else 0]
    channels_first = operation.get_attr("data_format").decode()[1] == "C"
    spatial = range(2, source.shape.rank) if channels_first else range(1, source.shape.rank - 1)
    taps = [operation.get_attr("ksize")[axis] for axis in spatial] if pool else operation.inputs[1].shape
    strides = operation.get_attr("strides")
    dilations = [1] * source.shape.rank if pool else operation.get_attr("dilations")
    padding = operation.get_attr("padding").decode().lower()
    explicit = operation.get_attr("explicit_paddings") if padding == "explicit" else []
    if explicit and transposed:
        raise _NotStaticError
    kernels = {
        axis - 1: (
            taps[i],
            strides[axis],
            dilations[axis],
            (explicit[2 * axis], explicit[2 * axis + 1]) if explicit else padding,
        )
        for i, axis in enumerate(spatial)
    }
    channel = None if pool else 0 if channels_first else source.shape.rank - 2
    sources = (source,) if pool else (source, operation.inputs[1])
    return StepBack(sources, steps.slid(kernels, channel=channel, transposed=transposed))


def _matrix_product(tensor: Any) -> StepBack:
    if tensor.op.type != "MatMul" and tensor.op.get_attr("adj_x"):
        raise _NotStaticError
    return StepBack(tuple(tensor.op.inputs), steps.product)


def _einsum(tensor: Any) -> StepBack:
    return StepBack(tuple(tensor.op.inputs), steps.einsum(tensor.op.get_attr("equation").decode()))


_KINDS = {
    "fixed": "OnesLike Rank Shape ShapeN Size ZerosLike",
    "unchanged": "Cast CheckNumerics EnsureShape Identity IdentityN PreventGradient Snapshot StopGradient",
    "cell by cell": """
        Abs Acos Acosh Add AddN AddV2 Asin Asinh Atan Atan2 Atanh BiasAdd BroadcastTo Ceil Clip ClipByValue Cos Cosh
        Digamma Div DivNoNan Elu Equal Erf Erfc Exp Expm1 Floor FloorDiv FloorMod Greater GreaterEqual Inv IsFinite
        IsInf IsNan LeakyRelu Less LessEqual Lgamma Log Log1p LogicalAnd LogicalNot LogicalOr Maximum Minimum Mod Mul
        MulNoNan Neg NextAfter NotEqual Pow RealDiv Reciprocal Relu Relu6 Rint Round Rsqrt Select SelectV2 Selu Sigmoid
        Sign Sin Sinh Softplus Softsign Sqrt Square SquaredDifference Sub Tan Tanh TruncateDiv TruncateMod Xdivy Xlog1py
        Xlogy
    """,
    "moves cells": "GatherNd RandomShuffle Reverse ReverseSequence ReverseV2 Roll TopKV2",
}
_FIXED, _UNCHANGED, _CELL_BY_CELL, _MOVES_CELLS = (frozenset(names.split()) for names in _KINDS.values())
_POOLS = ("AvgPool", "AvgPool3D", "MaxPool", "MaxPool3D")
_RESIZING_REACH = {"ResizeBicubic": 2.0, "ResizeBilinear": 1.0, "ResizeNearestNeighbor": 0.5}
_READERS: dict[str, Reader] = {
    name: reader
    for names, reader in (
        ("FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3", _batch_normalisation),
        ("ExpandDims", _new_axis),
        ("Reshape", _reshape),
        ("Squeeze", _squeeze),
        ("Transpose", _transpose),
        ("All Any ArgMax ArgMin EuclideanNorm Max Mean Min Prod Sum", _reduction),
        ("Cumprod Cumsum CumulativeLogsumexp", _accumulation),
        ("LogSoftmax Softmax", _softmax),
        ("ConcatV2", _concatenation),
        ("Pack", _stack),
        ("MirrorPad Pad PadV2", _padding),
        ("StridedSlice", _strided_slice),
        ("Slice", _slice),
        ("Split SplitV", _split),
        ("Unpack", _unstack),
        ("GatherV2", _gather),
        (" ".join(_RESIZING_REACH), _resizing),
        ("Conv2D Conv3D DepthwiseConv2dNative Conv2DBackpropInput", _kernel),
        (" ".join(_POOLS), _kernel),
        ("BatchMatMul BatchMatMulV2 BatchMatMulV3 MatMul", _matrix_product),
        ("Einsum", _einsum),
    )
    for name in names.split()
}
