"""The quantised responses of one step to a bundle, its layout and its manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .bundle import MANIFEST, Span, create_bundle
from .disk import DETAILS
from .layer_members import add_member, write_layer
from .layers import LayerSpec, QuantisedResponse
from .probes import Probe
from .records import (
    Arrays,
    BundleReference,
    Layer,
    LayerArrays,
    Layout,
    Maps,
    Number,
    ProbeLayout,
    ResponseArrays,
    StepManifest,
    create_step_manifest,
)
from .timing import StripGrid, strip_grid


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
    kernels: Mapping[str, npt.NDArray[np.float32]] = field(default_factory=dict)


def pooled_size(size: int, limit: int) -> int:
    """Cells that `quantise.pool_by_magnitude` leaves of `size`."""
    return -(-size // -(-size // limit))


def create_layout(step: Step, probes: Sequence[Probe], classes: Sequence[str], *, max_map_size: int) -> Layout:
    """The layout of a step: every probe of the writer, every layer that any response holds."""
    maps = {response.probe: _maps(step, response, max_map_size) for response in step.responses}
    first = next(probe for probe in probes if probe.name == step.responses[0].probe)
    layers: list[Layer] = []
    for index, spec in enumerate(step.specs):
        # A layer is described as the first response that holds it shows it; other probes note where theirs differs.
        filters, shown = next(
            (layer.ranges.shape[1], own)
            for response in step.responses
            if (own := maps[response.probe][index]) is not None and (layer := response.layers[index]) is not None
        )
        layers.append(
            Layer(
                name=spec.name,
                kind=spec.kind,
                filters=filters,
                first_filter=layers[-1].first_filter + layers[-1].filters if layers else 0,
                axes=spec.map_axes,
                shape=shown.shape,
                map_shape=shown.map_shape,
                time=shown.time,
                frequency=shown.frequency,
                hertz=_hertz(spec, first),
            )
        )
    grids: dict[StripGrid, int] = {}
    entries: list[ProbeLayout] = []
    for probe in probes:
        own_maps = [
            own or _maps_of(layer)
            for own, layer in zip(maps.get(probe.name, [None] * len(layers)), layers, strict=True)
        ]
        entries.append(
            ProbeLayout(
                name=probe.name,
                identity=probe.identity,
                labels=probe.labels,
                detail=probe.detail,
                windows=len(probe.times),
                first_window=entries[-1].first_window + entries[-1].windows if entries else 0,
                grids=tuple(
                    grids.setdefault(strip_grid(probe.times, probe.seconds, own.time), len(grids)) for own in own_maps
                ),
                maps={
                    str(index): own
                    for index, (own, layer) in enumerate(zip(own_maps, layers, strict=True))
                    if own != _maps_of(layer)
                },
            )
        )
    return Layout(
        layers=tuple(layers), output=step.output, classes=tuple(classes), probes=tuple(entries), grids=tuple(grids)
    )


def _hertz(spec: LayerSpec, probe: Probe) -> tuple[float, ...] | None:
    """Frequencies of the rows that the network makes, by the windows of the probe that `spec` describes."""
    if spec.cycles is None or spec.time is None:
        return None
    start, end = probe.times[0]
    rate = float(spec.time.cells / (end - start))
    return tuple(cycles * rate for cycles in spec.cycles)


def _maps(step: Step, response: QuantisedResponse, max_map_size: int) -> list[Maps | None]:
    """Shape and place of each layer's maps in one response; None where it lacks the layer."""
    specs = step.specs if response.specs is None else response.specs
    maps: list[Maps | None] = []
    for spec, layer in zip(specs, response.layers, strict=True):
        if layer is None:
            maps.append(None)
            continue
        size = dict(zip(spec.axes, layer.values.shape[1:], strict=True))
        shape = (size.get("frequency", 1), size.get("time", 1))
        pooled = (pooled_size(shape[0], max_map_size), pooled_size(shape[1], max_map_size))
        maps.append(Maps(shape=shape, map_shape=pooled, time=spec.time, frequency=spec.frequency))
    return maps


def _maps_of(layer: Layer) -> Maps:
    return Maps(shape=layer.shape, map_shape=layer.map_shape, time=layer.time, frequency=layer.frequency)


def write_step_bundle(
    path: Path,
    step: Step,
    layout: Layout,
    *,
    probes_file: str,
    detail: str,
    max_map_size: int,
    room: int,
    why: str,
) -> BundleReference:
    """Write the bundle of one step; returns the reference for its record.

    Args:
        path: where; its name is in the record that refers to it.
        step: what to write.
        layout: of `create_layout`.
        probes_file: name of the probe bundle.
        detail: the most that disk space allows; a probe keeps the lesser of this and its own.
        max_map_size: cells per axis of a map in the windows members.
        room: bytes that it may take.
        why: the limit that is to blame where a probe keeps less than its own detail.

    Raises:
        NoRoomError: where it would take more; nothing is left of it then.
    """
    filters = sum(layer.filters for layer in layout.layers)
    windows = sum(probe.windows for probe in layout.probes)
    statistics = np.full((len(layout.probes), filters, 6), np.nan, np.float32)
    predictions = np.full((windows, len(layout.classes)), np.nan, np.float32)
    ranges: list[npt.NDArray[np.float32]] = []
    responses: list[ResponseArrays | None] = []
    by_probe = {response.probe: response for response in step.responses}
    with create_bundle(path, room=room) as bundle:
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
                members, statistics[p, columns] = write_layer(
                    bundle,
                    f"p{p}/l{index}",
                    spec,
                    quantised,
                    response.blocks,
                    grid=layout.grids[probe.grids[index]],
                    kept=kept,
                    max_map_size=max_map_size,
                )
                arrays.append(members)
            if response.predictions is not None:
                predictions[probe.first_window : probe.first_window + probe.windows] = response.predictions
            ranges.append(block_ranges)
            responses.append(
                ResponseArrays(
                    kept=kept,
                    why=None if kept == probe.detail else why,
                    blocks=response.blocks,
                    first_block=first_block,
                    layers=tuple(arrays),
                )
            )
        kernels = {
            str(index): add_member(bundle, f"l{index}/kernel.npy.gz", step.kernels[spec.name])
            for index, spec in enumerate(step.specs)
            if spec.name in step.kernels
        }
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
            kernels=kernels,
        )
        bundle.add(MANIFEST, create_step_manifest(manifest))
        size, checksum = bundle.finish()
    return create_reference(path, size, checksum, bundle.spans)


def create_reference(path: Path, size: int, checksum: int, spans: Mapping[str, Span]) -> BundleReference:
    """The reference to a bundle whose members lie at `spans`."""
    arrays = Arrays(
        statistics=spans["statistics.npy"], predictions=spans["predictions.npy"], ranges=spans["ranges.npy"]
    )
    return BundleReference(file=path.name, bytes=size, crc32=f"{checksum:08x}", arrays=arrays)
