"""The layout of a step, as it comes to light response by response."""

from __future__ import annotations

from collections.abc import Sequence

from .axis import Axis
from .gathering import GatheredLayer, GatheredResponse
from .layers import LayerSpec
from .probes import Probe
from .records import Layer, Layout, Maps, ProbeLayout
from .timing import StripGrid, strip_grid


class StepLayout:
    """Every probe of the writer, and every layer that any response so far has.

    A layer is described as the first response that has it shows it; other probes note where theirs differs.

    Args:
        probes: of the writer.
        max_map_size: cells per axis above which the maps of single windows are pooled.

    Attributes:
        layers: the layers, in the order in which they came.
    """

    def __init__(self, probes: Sequence[Probe], *, max_map_size: int) -> None:
        self.layers: list[Layer] = []
        self._probes = {probe.name: probe for probe in probes}
        self._max_map_size = max_map_size
        self._numbers: dict[str, int] = {}
        self._maps: dict[str, dict[int, Maps]] = {probe.name: {} for probe in probes}
        self._grids: dict[tuple[str, Axis | None], StripGrid] = {}

    @property
    def filters(self) -> int:
        """Filters of all layers."""
        return sum(layer.filters for layer in self.layers)

    def add(self, response: GatheredResponse) -> list[int]:
        """Take in a response; returns the number of each of its layers."""
        return [self._add(layer, self._probes[response.probe]) for layer in response.layers]

    def grid(self, probe: str, time: Axis | None) -> StripGrid:
        """What the strips of a probe's layers are laid on, where their columns lie as `time` says."""
        if (probe, time) not in self._grids:
            of = self._probes[probe]
            self._grids[probe, time] = strip_grid(of.times, of.seconds, time)
        return self._grids[probe, time]

    def whole(self, classes: Sequence[str], output: str | None) -> Layout:
        """The layout, once it knows all responses."""
        grids: dict[StripGrid, int] = {}
        entries: list[ProbeLayout] = []
        for probe in self._probes.values():
            maps = [self._maps[probe.name].get(number, _maps_of(layer)) for number, layer in enumerate(self.layers)]
            entries.append(
                ProbeLayout(
                    name=probe.name,
                    identity=probe.identity,
                    labels=probe.labels,
                    detail=probe.detail,
                    windows=len(probe.times),
                    first_window=entries[-1].first_window + entries[-1].windows if entries else 0,
                    grids=tuple(grids.setdefault(self.grid(probe.name, own.time), len(grids)) for own in maps),
                    maps={
                        str(number): own
                        for number, (own, layer) in enumerate(zip(maps, self.layers, strict=True))
                        if own != _maps_of(layer)
                    },
                )
            )
        return Layout(
            layers=tuple(self.layers), output=output, classes=tuple(classes), probes=tuple(entries), grids=tuple(grids)
        )

    def _add(self, layer: GatheredLayer, probe: Probe) -> int:
        spec, (filters, _, width, height) = layer.spec, layer.shape
        own = Maps(
            shape=(height, width),
            map_shape=(pooled_size(height, self._max_map_size), pooled_size(width, self._max_map_size)),
            time=spec.time,
            frequency=spec.frequency,
        )
        number = self._numbers.setdefault(spec.name, len(self.layers))
        if number == len(self.layers):
            self.layers.append(
                Layer(
                    name=spec.name,
                    kind=spec.kind,
                    filters=filters,
                    first_filter=self.filters,
                    axes=spec.map_axes,
                    shape=own.shape,
                    map_shape=own.map_shape,
                    time=own.time,
                    frequency=own.frequency,
                    hertz=_hertz(spec, probe),
                )
            )
        self._maps[probe.name][number] = own
        return number


def pooled_size(size: int, limit: int) -> int:
    """Cells that `codes.pool_by_magnitude` leaves of `size`."""
    return -(-size // -(-size // limit))


def _hertz(spec: LayerSpec, probe: Probe) -> tuple[float, ...] | None:
    """Frequencies of the rows that the network makes, by the windows of the probe that `spec` describes."""
    if spec.cycles is None or spec.time is None:
        return None
    start, end = probe.times[0]
    rate = float(spec.time.cells / (end - start))
    return tuple(cycles * rate for cycles in spec.cycles)


def _maps_of(layer: Layer) -> Maps:
    return Maps(shape=layer.shape, map_shape=layer.map_shape, time=layer.time, frequency=layer.frequency)
