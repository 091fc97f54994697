"""What a step's bundle holds of one layer and probe: windows, strip, envelope and statistics, all from the codes."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

from . import quantise
from .bundle import BundleWriter
from .layers import LayerSpec, QuantisedLayer
from .outside import maxima_outside
from .records import LayerArrays, Member
from .timing import StripGrid

FILTERS_PER_MEMBER = 32


def write_layer(
    bundle: BundleWriter,
    prefix: str,
    spec: LayerSpec,
    layer: QuantisedLayer,
    blocks: tuple[int, ...],
    *,
    grid: StripGrid,
    kept: str,
    max_map_size: int,
) -> tuple[LayerArrays, quantise.Floats]:
    """Add the members of one layer of one response.

    Args:
        bundle: where to.
        prefix: of the members' names.
        spec: the layer, as this probe's windows show it.
        layer: what it gave.
        blocks: edges of the blocks of windows.
        grid: that its strip is laid on.
        kept: detail to keep of it.
        max_map_size: cells per axis of a map in the windows members.

    Returns:
        members: what was added.
        statistics: float32 ``[filters, 6]``, as `quantise.statistics`.
    """
    values = spec.stored(layer.values)
    if not spec.map_axes:
        numbers = LayerArrays(windows=_add_windows(bundle, prefix, values), strip=None, envelope=None)
        return numbers, quantise.statistics_of_numbers(values[:, :, 0, 0])
    windows = strip = None
    if kept == "windows":
        pooled = quantise.pool_by_magnitude(values, layer.ranges, blocks, max_map_size)
        windows = _add_windows(bundle, prefix, pooled)
    # Columns of unknown place in time cannot be laid along the clip.
    if kept != "summary" and (spec.time is not None or values.shape[3] == 1):
        strip = add_member(bundle, f"{prefix}/strip.npy.gz", _strip(values, grid))
    envelope = add_member(bundle, f"{prefix}/envelope.npy.gz", quantise.envelope(values, layer.ranges, blocks))
    marks = maxima_outside(values, spec.time, spec.frequency)
    outside = None if marks is None else add_member(bundle, f"{prefix}/outside.npy.gz", marks)
    members = LayerArrays(windows=windows, strip=strip, envelope=envelope, outside=outside)
    return members, quantise.statistics(values, layer.ranges, blocks)


def add_member(
    bundle: BundleWriter, name: str, array: npt.NDArray[Any], *, filters: tuple[int, int] | None = None
) -> Member:
    """Add an array to a bundle; returns what its manifest says of it."""
    stored, inflated = bundle.add_array(name, array)
    return Member(name=name, bytes=stored, inflated=inflated, filters=filters)


def _strip(values: quantise.Codes, grid: StripGrid) -> quantise.Codes:
    """``[filters, windows, frequency, time]`` to ``[filters, frequency, columns]``, as the strip law says."""
    columns: quantise.Codes = values[:, grid.windows, :, grid.columns]  # [columns, filters, frequency]
    return columns.transpose(1, 2, 0)


def _add_windows(bundle: BundleWriter, prefix: str, values: npt.NDArray[Any]) -> tuple[Member, ...]:
    return tuple(
        add_member(
            bundle,
            f"{prefix}/windows.{chunk}.npy.gz",
            values[first : first + FILTERS_PER_MEMBER],
            filters=(first, min(first + FILTERS_PER_MEMBER, len(values))),
        )
        for chunk, first in enumerate(range(0, len(values), FILTERS_PER_MEMBER))
    )
