"""What a step's bundle holds: the members of each response, and what tells of them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .bundle import MANIFEST, BundleWriter
from .disk import DETAILS
from .gathering import GatheredResponse
from .layer_members import LayerMembers
from .probes import Probe
from .records import Layout, Number, ResponseArrays, StepManifest, create_step_manifest
from .step_file import StepFile, add_member
from .step_layout import StepLayout


@dataclass(frozen=True)
class Step:
    """Everything of one step but the responses; `kernels` is filled when the last of them has come."""

    step: int
    epoch: int | None
    batch: int | None
    wall_time: float
    logs: Mapping[str, Number]
    output: str | None
    kernels: dict[str, npt.NDArray[np.float32]] = field(default_factory=dict)


@dataclass(frozen=True)
class Options:
    """What is the same for all steps of a writer.

    Attributes:
        probes: the clips.
        probes_file: name of their bundle.
        class_names: names of the predictions' columns; None for their numbers.
        max_map_size: cells per axis of a map in the windows members.
        memory: bytes of codes to work on at a time.
    """

    probes: Sequence[Probe]
    probes_file: str
    class_names: Sequence[str] | None
    max_map_size: int
    memory: int


class _Written(NamedTuple):
    """What a response has in the bundle: the members of its layers, by their numbers."""

    layers: dict[int, LayerMembers]
    blocks: tuple[int, ...]


class StepContent:
    """What a step's bundle holds.

    Args:
        step: the step.
        options: of the writer.
    """

    def __init__(self, step: Step, options: Options) -> None:
        self._step = step
        self._options = options
        self._layout = StepLayout(options.probes, max_map_size=options.max_map_size)
        self._places = {probe.name: place for place, probe in enumerate(options.probes)}
        self._numbers: list[int] = []
        self._written: dict[str, _Written] = {}
        self._predictions: dict[str, npt.NDArray[np.float32]] = {}

    def see(self, response: GatheredResponse) -> None:
        """Take in what the layout has to know of a response."""
        self._numbers = self._layout.add(response)
        if response.predictions is not None:
            self._predictions[response.probe] = response.predictions

    def write(self, response: GatheredResponse, file: StepFile) -> None:
        """Add the members of the response that was seen last."""
        place = self._places[response.probe]
        layers = {
            number: LayerMembers(
                file,
                f"p{place}/l{number}",
                layer,
                response.blocks,
                grid=self._layout.grid(response.probe, layer.spec.time),
                detail=self._options.probes[place].detail,
                max_map_size=self._options.max_map_size,
                memory=self._options.memory,
            )
            for number, layer in zip(self._numbers, response.layers, strict=True)
        }
        self._written[response.probe] = _Written(layers, response.blocks)

    def layout(self) -> Layout:
        """The layout, once all responses were seen."""
        columns = next((given.shape[1] for given in self._predictions.values()), 0)
        names = self._options.class_names or [str(column) for column in range(columns)]
        return self._layout.whole(names if columns else (), self._step.output)

    def finish(self, bundle: BundleWriter, file: StepFile, *, why: str) -> None:
        """Add what tells of all responses.

        Args:
            bundle: where to.
            file: the same; it knows which members are still there.
            why: the limit that is to blame where a probe keeps less than its own detail.
        """
        layout = self.layout()
        filters = self._layout.filters
        statistics = np.full((len(layout.probes), filters, 6), np.nan, np.float32)
        predictions = np.full((sum(each.windows for each in layout.probes), len(layout.classes)), np.nan, np.float32)
        ranges = [np.empty((0, filters, 2), np.float32)]
        responses: list[ResponseArrays | None] = []
        for place, probe in enumerate(layout.probes):
            if probe.name in self._predictions:
                predictions[probe.first_window :][: probe.windows] = self._predictions[probe.name]
            if probe.name not in self._written:
                responses.append(None)
                continue
            layers, blocks = self._written[probe.name]
            own = np.full((len(blocks) - 1, filters, 2), np.nan, np.float32)
            for number, members in layers.items():
                layer = layout.layers[number]
                columns = slice(layer.first_filter, layer.first_filter + layer.filters)
                own[:, columns] = members.ranges
                statistics[place, columns] = members.statistics
            kept = max(probe.detail, file.detail, key=DETAILS.index)
            responses.append(
                ResponseArrays(
                    kept=kept,
                    why=None if kept == probe.detail else why,
                    blocks=blocks,
                    first_block=sum(map(len, ranges)),
                    layers=tuple(
                        layers[number].arrays() if number in layers else None for number in range(len(layout.layers))
                    ),
                )
            )
            ranges.append(own)
        kernels = {
            str(number): add_member(bundle, f"l{number}/kernel.npy.gz", self._step.kernels[layer.name])
            for number, layer in enumerate(layout.layers)
            if layer.name in self._step.kernels
        }
        bundle.add_array("statistics.npy", statistics)
        bundle.add_array("predictions.npy", predictions)
        bundle.add_array("ranges.npy", np.concatenate(ranges))
        manifest = StepManifest(
            step=self._step.step,
            epoch=self._step.epoch,
            batch=self._step.batch,
            wall_time=self._step.wall_time,
            logs=dict(self._step.logs),
            probes=self._options.probes_file,
            layout=layout,
            responses=tuple(responses),
            kernels=kernels,
        )
        bundle.add(MANIFEST, create_step_manifest(manifest))
