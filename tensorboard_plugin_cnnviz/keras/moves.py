"""How kernels, paddings and reductions move one axis; shared by layers and by bare operations of a graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tensorboard_plugin_cnnviz.axis import Axis

from .dimensions import CHANNEL, NOT_KNOWN, Dimension, Dimensions, Shape

# Columns on either side of a place that an interpolation there is made of.
INTERPOLATION_REACH = {"nearest": 0.5, "bilinear": 1.0, "bicubic": 2.0, "lanczos3": 3.0, "lanczos5": 5.0}


def slid(axis: Axis, kernel: int, stride: int, dilation: int, padding: str | tuple[int, int], size: int) -> Axis:
    """Follow an axis through a kernel or pool that slides over it.

    Args:
        axis: where the columns that go in lie.
        kernel: taps.
        stride: columns from one output to the next.
        dilation: columns from one tap to the next.
        padding: "valid", "same", "causal", or columns before and after.
        size: columns that come out.

    Raises:
        ValueError: another number of columns would come out.
    """
    columns, reach = len(axis.centres), (kernel - 1) * dilation
    if padding == "same":
        total = max((-(-columns // stride) - 1) * stride + reach + 1 - columns, 0)
        before, after = total // 2, total - total // 2
    elif padding == "causal":
        before, after = reach, 0
    else:
        before, after = (0, 0) if isinstance(padding, str) else padding
    if size != (columns + before + after - reach - 1) // stride + 1:
        raise ValueError(f"{columns} columns do not become {size}")
    return axis.through(kernel=kernel, stride=stride, dilation=dilation, pad_before=before, size=size)


def unslid(axis: Axis, kernel: int, stride: int, dilation: int, padding: str | tuple[int, int], size: int) -> Axis:
    """Follow an axis through a transposed kernel; approximate where neighbours see different numbers of columns.

    Column `o` is computed from the columns `i` with `o = i * stride + tap * dilation - cropped`.
    """
    reach = (kernel - 1) * dilation
    columns = len(axis.centres)
    cropped = max((columns - 1) * stride + reach + 1 - size, 0) // 2 if padding == "same" else 0
    if stride == 1:
        return axis.through(kernel=kernel, dilation=dilation, pad_before=reach - cropped, size=size)
    return axis.resampled(first=(cropped - reach / 2) / stride, step=1 / stride, reach=reach / 2 / stride, size=size)


def adapted(axis: Axis, size: int) -> Axis:
    """Follow an axis through pooling to `size` columns; approximate where their pools differ in size."""
    columns = len(axis.centres)
    if columns % size == 0:
        return axis.through(kernel=columns // size, stride=columns // size, size=size)
    pools = [(i * columns // size, -(-(i + 1) * columns // size) - 1) for i in range(size)]
    middles = [(i + 0.5) * columns / size - 0.5 for i in range(size)]
    reach = max(max(at - first, last - at) for at, (first, last) in zip(middles, pools, strict=True))
    return axis.resized(size, reach=reach)


def reduced(dimensions: Dimensions, axes: Sequence[int], *, keepdims: bool) -> Dimensions:
    """Follow axes through a sum, mean or maximum along some of them."""
    if not keepdims:
        return tuple(dimension for i, dimension in enumerate(dimensions) if i not in axes)
    return tuple(
        replace(dimension, axis=dimension.axis and dimension.axis.pooled()) if i in axes else dimension
        for i, dimension in enumerate(dimensions)
    )


def reshaped(dimensions: Dimensions, before: Shape, after: Shape) -> Dimensions | None:
    """Follow axes through a reshape that adds or takes away axes of one cell, merges axes or splits them."""
    if tuple(before) == tuple(after):
        return dimensions
    pairs = list(zip(dimensions, before, strict=True))
    long = [dimension for dimension, size in pairs if size != 1]
    single = [dimension for dimension, size in pairs if size == 1] if len(after) < len(before) else []
    regrouped = _regrouped(tuple(long), [n for n in before if n != 1], [n for n in after if n != 1])
    if regrouped is None:
        return None
    kept = list(regrouped)
    result = []
    for size in after:
        source = kept if size != 1 else single
        result.append(source.pop(0) if source else CHANNEL)
    return tuple(result)


def _regrouped(dimensions: Dimensions, before: Shape, after: Shape) -> Dimensions | None:
    """Merge and split axes; None where a new axis has parts of several old ones."""
    result: list[Dimension] = []
    rest = list(zip(dimensions, before, strict=True))
    sizes = list(after)
    while rest and sizes:
        (dimension, size), wanted = rest.pop(0), sizes.pop(0)
        if size == wanted:
            result.append(dimension)
        elif size < wanted:
            # Merged axes count filters, whatever they were.
            while size < wanted and rest:
                size *= rest.pop(0)[1]
            result.append(CHANNEL)
        else:
            parts = [wanted]
            while wanted < size and sizes:
                parts.append(sizes.pop(0))
                wanted *= parts[-1]
            result += _split(dimension, parts)
        if size != wanted:
            return None
    return None if rest or sizes else tuple(result)


def _split(dimension: Dimension, parts: list[int]) -> list[Dimension]:
    """Split an axis: the cells of the first part see all of their piece, whose inner places count as filters."""
    if dimension.axis is None:
        return [dimension] * (len(parts) - 1) + [CHANNEL]
    if len(parts) > 2:
        return [NOT_KNOWN] * (len(parts) - 1) + [CHANNEL]
    pieces, length = parts
    return [replace(dimension, axis=dimension.axis.through(kernel=length, stride=length, size=pieces)), CHANNEL]
