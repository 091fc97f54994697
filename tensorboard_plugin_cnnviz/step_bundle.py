"""Quantised responses of one step to a bundle: transpose, strips, envelopes and statistics, all from the codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from . import quantise
from .bundle import MANIFEST, BundleWriter, create_bundle
from .disk import DETAILS
from .layers import LayerSpec, QuantisedLayer, QuantisedResponse
from .probes import Probe
from .records import (
    Arrays,
    BundleReference,
    Layer,
    LayerArrays,
    Layout,
    Maps,
    Member,
    Number,
    ProbeLayout,
    ResponseArrays,
    StepManifest,
    create_step_manifest,
)
from .timing import StripGrid, strip_grid

FILTERS_PER_MEMBER = 32


@dataclass(frozen=True)
class Step:
    """Everything of one step that its bundle keeps."""

    step: int
    epoch: int | None
    batch: int | None
    wall_time: float
    logs: Mapping[str, Number]
    specs: Sequence[LayerSpec]
    output: str | None
    responses: Sequence[QuantisedResponse]


def pooled_size(size: int, limit: int) -> int:
    """Cells that `quantise.pool_by_magnitude` leaves of `size`."""
    return -(-size // -(-size // limit))


def create_layout(step: Step, probes: Sequence[Probe], classes: Sequence[str], *, max_map_size: int) -> Layout:
    """The layout of a step: every probe of the writer, every layer that any response holds."""
    by_probe = {response.probe: response for response in step.responses}
    grids: dict[StripGrid, int] = {}
    layers = []
    first_filter = 0
    for index, spec in enumerate(step.specs):
        recorded = next((r.layers[index] for r in step.responses if r.layers[index] is not None), None)
        own = next((r for r in step.responses if r.specs is None and r.layers[index] is not None), None)
        shown = recorded if own is None else own.layers[index]
        assert shown is not None, f"no response holds layer {spec.name!r}"
        filters, *_ = _stored_shape(spec, shown)
        maps = _maps(spec, shown, max_map_size)
        layers.append(
            Layer(
                name=spec.name,
                kind=spec.kind,
                filters=filters,
                first_filter=first_filter,
                axes=spec.map_axes,
                shape=maps.shape,
                map_shape=maps.map_shape,
                time=maps.time,
                frequency=maps.frequency,
            )
        )
        first_filter += filters
    entries = []
    first_window = 0
    for probe in probes:
        response = by_probe.get(probe.name)
        specs = step.specs if response is None or response.specs is None else response.specs
        differing = {}
        if response is not None:
            for index, (spec, quantised) in enumerate(zip(specs, response.layers, strict=True)):
                if quantised is not None and (own_maps := _maps(spec, quantised, max_map_size)) != Maps(
                    shape=layers[index].shape,
                    map_shape=layers[index].map_shape,
                    time=layers[index].time,
                    frequency=layers[index].frequency,
                ):
                    differing[str(index)] = own_maps
        entries.append(
            ProbeLayout(
                name=probe.name,
                labels=probe.labels,
                detail=probe.detail,
                windows=len(probe.times),
                first_window=first_window,
                grids=tuple(
                    grids.setdefault(strip_grid(probe.times, probe.seconds, spec.time), len(grids)) for spec in specs
                ),
                maps=differing,
            )
        )
        first_window += len(probe.times)
    return Layout(
        layers=tuple(layers), output=step.output, classes=tuple(classes), probes=tuple(entries), grids=tuple(grids)
    )


def _stored_shape(spec: LayerSpec, layer: QuantisedLayer) -> tuple[int, int, int]:
    """Filters, frequency, time."""
    size = dict(zip(spec.axes, layer.values.shape[1:], strict=True))
    return size["filter"], size.get("frequency", 1), size.get("time", 1)


def _maps(spec: LayerSpec, layer: QuantisedLayer, max_map_size: int) -> Maps:
    _, frequency, time = _stored_shape(spec, layer)
    return Maps(
        shape=(frequency, time),
        map_shape=(pooled_size(frequency, max_map_size), pooled_size(time, max_map_size)),
        time=spec.time,
        frequency=spec.frequency,
    )


def write_step_bundle(
    path: Path, step: Step, layout: Layout, *, probes_file: str, detail: str, max_map_size: int
) -> tuple[BundleReference, str]:
    """Write the bundle of one step.

    Args:
        path: where; its name is in the record that refers to it.
        step: what to write.
        layout: of `create_layout`.
        probes_file: name of the probe bundle.
        detail: the most that disk space allows; a probe keeps the lesser of this and its own.
        max_map_size: cells per axis of a map in the windows members.

    Returns:
        The reference for the record, and the greatest detail that was kept.
    """
    filters = sum(layer.filters for layer in layout.layers)
    windows = sum(probe.windows for probe in layout.probes)
    statistics = np.full((len(layout.probes), filters, 6), np.nan, np.float32)
    predictions = np.full((windows, len(layout.classes)), np.nan, np.float32)
    ranges: list[npt.NDArray[np.float32]] = []
    responses: list[ResponseArrays | None] = []
    by_probe = {response.probe: response for response in step.responses}
    with create_bundle(path) as bundle:
        for p, probe in enumerate(layout.probes):
            response = by_probe.get(probe.name)
            if response is None:
                responses.append(None)
                continue
            kept = max(probe.detail, detail, key=DETAILS.index)
            first_block = sum(map(len, ranges))
            block_ranges = np.full((len(response.blocks) - 1, filters, 2), np.nan, np.float32)
            arrays: list[LayerArrays | None] = []
            specs = step.specs if response.specs is None else response.specs
            for index, (spec, quantised) in enumerate(zip(specs, response.layers, strict=True)):
                if quantised is None:
                    arrays.append(None)
                    continue
                layer = layout.layers[index]
                columns = slice(layer.first_filter, layer.first_filter + layer.filters)
                block_ranges[:, columns] = quantised.ranges
                values = spec.stored(quantised.values)
                prefix = f"p{p}/l{index}"
                if not spec.map_axes:
                    statistics[p, columns] = quantise.statistics_of_numbers(values[:, :, 0, 0])
                    arrays.append(LayerArrays(windows=_add_windows(bundle, prefix, values), strip=None, envelope=None))
                    continue
                blocks = response.blocks
                statistics[p, columns] = quantise.statistics(values, quantised.ranges, blocks)
                grid = layout.grids[probe.grids[index]]
                pooled = quantise.pool_by_magnitude(values, quantised.ranges, blocks, max_map_size)
                arrays.append(
                    LayerArrays(
                        windows=_add_windows(bundle, prefix, pooled) if kept == "windows" else None,
                        strip=_add(bundle, f"{prefix}/strip.npy.gz", _strip(values, grid))
                        if kept != "summary"
                        else None,
                        envelope=_add(
                            bundle, f"{prefix}/envelope.npy.gz", quantise.envelope(values, quantised.ranges, blocks)
                        ),
                    )
                )
            if response.predictions is not None:
                predictions[probe.first_window : probe.first_window + probe.windows] = response.predictions
            ranges.append(block_ranges)
            responses.append(
                ResponseArrays(
                    kept=kept,
                    why=None if kept == probe.detail else "max_disk",
                    blocks=response.blocks,
                    first_block=first_block,
                    layers=tuple(arrays),
                )
            )
        bundle.add_array("statistics.npy", statistics)
        bundle.add_array("predictions.npy", predictions)
        bundle.add_array("ranges.npy", np.concatenate([*ranges, np.empty((0, filters, 2), np.float32)]))
        manifest = StepManifest(
            step=step.step,
            epoch=step.epoch,
            batch=step.batch,
            wall_time=step.wall_time,
            logs=dict(step.logs),
            probes=probes_file,
            layout=layout,
            responses=tuple(responses),
        )
        bundle.add(MANIFEST, create_step_manifest(manifest))
        size, checksum = bundle.finish()
    arrays_at = Arrays(
        statistics=bundle.spans["statistics.npy"],
        predictions=bundle.spans["predictions.npy"],
        ranges=bundle.spans["ranges.npy"],
    )
    most = min((r.kept for r in responses if r is not None), key=DETAILS.index, default="summary")
    return BundleReference(file=path.name, bytes=size, crc32=f"{checksum:08x}", arrays=arrays_at), most


def _strip(values: npt.NDArray[np.uint8], grid: StripGrid) -> npt.NDArray[np.uint8]:
    """``[filters, windows, frequency, time]`` to ``[filters, frequency, columns]``, as the strip law says."""
    columns: npt.NDArray[np.uint8] = values[:, grid.windows, :, grid.columns]  # [columns, filters, frequency]
    return columns.transpose(1, 2, 0)


def _add(bundle: BundleWriter, name: str, array: npt.NDArray[Any], *, filters: tuple[int, int] | None = None) -> Member:
    stored, inflated = bundle.add_array(name, array)
    return Member(name=name, bytes=stored, inflated=inflated, filters=filters)


def _add_windows(bundle: BundleWriter, prefix: str, values: npt.NDArray[Any]) -> tuple[Member, ...]:
    return tuple(
        _add(
            bundle,
            f"{prefix}/windows.{chunk}.npy.gz",
            values[first : first + FILTERS_PER_MEMBER],
            filters=(first, min(first + FILTERS_PER_MEMBER, len(values))),
        )
        for chunk, first in enumerate(range(0, len(values), FILTERS_PER_MEMBER))
    )
