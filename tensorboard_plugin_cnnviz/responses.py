"""Arrays of any framework to quantised responses, checked against their probes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from . import quantise
from .axis import Axis
from .checks import first_repeated, suggestion
from .errors import CNNVizError
from .layers import LayerSpec, QuantisedLayer, QuantisedResponse
from .probes import Probe

_DEFAULT_AXES = {1: ("filter",), 2: ("time", "filter"), 3: ("frequency", "time", "filter")}


@dataclass(frozen=True)
class Response:
    """What one probe gave at one step, as arrays.

    Attributes:
        probe: name of the probe.
        activations: layer name to float array ``[windows, frequency, time, filters]``, ``[windows, time, filters]`` or
            ``[windows, filters]`` (another order by the writer's ``layer_axes``).
        predictions: float ``[windows, classes]``, or None.
    """

    probe: str
    activations: Mapping[str, npt.ArrayLike]
    predictions: npt.ArrayLike | None = None


class Quantiser:
    """Quantises the responses of a step.

    Args:
        probes: by whose names and windows responses are checked.
        layer_axes: layer name to the order of its axes after the windows axis.
        centres: layer name to the centres of its columns, in seconds from the window's start.
    """

    def __init__(
        self,
        probes: Sequence[Probe],
        *,
        layer_axes: Mapping[str, Sequence[str]] | None,
        centres: Mapping[str, Sequence[float]] | None,
    ) -> None:
        self._probes = {probe.name: probe for probe in probes}
        self._layer_axes = {name: tuple(axes) for name, axes in (layer_axes or {}).items()}
        self._centres = {name: tuple(map(float, seconds)) for name, seconds in (centres or {}).items()}

    def __call__(self, responses: Sequence[Response]) -> tuple[Sequence[LayerSpec], list[QuantisedResponse]]:
        """The layers of a step and its responses; the given arrays may then be changed.

        Raises:
            CNNVizError: where names or shapes do not fit.
        """
        names = list(dict.fromkeys(name for response in responses for name in response.activations))
        for name in names:
            if not isinstance(name, str):
                raise CNNVizError(f"a layer is named {name!r}; give a text")
        for option, given in (("layer_axes", self._layer_axes), ("centres", self._centres)):
            for name in given:
                if name not in names:
                    raise CNNVizError(
                        f"{option} names layer {name!r}, which no response holds{suggestion(name, names)}"
                    )
        quantised = [self._response(response, names) for response in responses]
        # The first response's specs are the step's; a probe whose windows have another length keeps its own.
        specs = (quantised[0].specs if quantised else None) or ()
        return specs, [replace(r, specs=None) if r.specs == specs else r for r in quantised]

    def _response(self, response: Response, names: Sequence[str]) -> QuantisedResponse:
        probe = find_probe(response.probe, self._probes)
        specs: list[LayerSpec] = []
        layers: list[QuantisedLayer | None] = []
        for name in names:
            if name not in response.activations:
                raise CNNVizError(
                    f"the response of probe {probe.name!r} lacks layer {name!r}: "
                    "give every response of a step the same layers"
                )
            values = np.asarray(response.activations[name], np.float32)
            spec = self._spec(name, values, probe)
            codes, ranges = quantise.quantise(values, filter_axis=1 + spec.axes.index("filter"))
            specs.append(spec)
            layers.append(QuantisedLayer(codes if spec.map_axes else values.copy(), ranges[np.newaxis]))
        predictions = None if response.predictions is None else np.array(response.predictions, np.float32)
        return QuantisedResponse(probe.name, layers, predictions, (0, len(probe.times)), specs)

    def _spec(self, name: str, values: npt.NDArray[np.float32], probe: Probe) -> LayerSpec:
        axes = self._layer_axes.get(name) or _DEFAULT_AXES.get(values.ndim - 1)
        if axes is None or len(axes) != values.ndim - 1 or values.shape[0] != len(probe.times) or values.size == 0:
            expected = "[windows, frequency, time, filters], [windows, time, filters] or [windows, filters]"
            if name in self._layer_axes:
                expected = f"[windows, {', '.join(self._layer_axes[name])}]"
            raise CNNVizError(
                f"layer {name!r} of probe {probe.name!r} has shape {values.shape}; expected {expected} with "
                f"{len(probe.times)} windows"
            )
        size = dict(zip(axes, values.shape[1:], strict=True))
        time = Axis.even(size["time"]) if "time" in size else None
        if name in self._centres:
            time = self._given_centres(name, size.get("time"), probe)
        frequency = Axis.even(size["frequency"]) if "frequency" in size else None
        return LayerSpec(name, "array", axes, time, frequency)

    def _given_centres(self, name: str, columns: int | None, probe: Probe) -> Axis:
        seconds = np.asarray(self._centres[name])
        if columns is None or len(seconds) != columns or not np.all(np.diff(seconds) > 0):
            raise CNNVizError(
                f"centres[{name!r}] has {len(seconds)} seconds for {columns or 'no'} columns: give one per column, "
                "ascending"
            )
        start, end = probe.times[0]
        cells = seconds / (end - start) * columns - 0.5
        stride = float(np.median(np.diff(cells))) if columns > 1 else float(columns)
        return Axis(columns, tuple(cells.tolist()), stride, stride)


def find_probe(name: str, probes: Mapping[str, Probe]) -> Probe:
    """The probe of that name; raises `CNNVizError`."""
    if name not in probes:
        raise CNNVizError(f"there is no probe {name!r}{suggestion(name, list(probes))}")
    return probes[name]


def check_responses(
    specs: Sequence[LayerSpec],
    responses: Sequence[QuantisedResponse],
    probes: Mapping[str, Probe],
    class_names: Sequence[str] | None,
) -> tuple[str, ...]:
    """The names of the classes, numbers by default, if the responses of a step fit together; raises `CNNVizError`."""
    if not responses:
        raise CNNVizError("a step needs at least one response")
    repeated = first_repeated([response.probe for response in responses])
    if repeated is not None:
        raise CNNVizError(f"probe {repeated!r} has two responses in one step")
    columns = {r.predictions.shape[-1] if r.predictions.ndim else 0 for r in responses if r.predictions is not None}
    if len(columns) > 1:
        raise CNNVizError(f"predictions have {sorted(columns)} classes: every response needs the same classes")
    classes = tuple(class_names or (str(i) for i in range(next(iter(columns), 0))))
    filters: dict[str, tuple[int, str]] = {}
    for response in responses:
        expected = (len(find_probe(response.probe, probes).times), len(classes))
        if response.predictions is not None and response.predictions.shape != expected:
            raise CNNVizError(
                f"predictions of probe {response.probe!r} have shape {response.predictions.shape}; "
                f"expected {expected}: {expected[0]} windows and {expected[1]} class names"
            )
        for spec, layer in zip(specs, response.layers, strict=True):
            if layer is None:
                continue
            here = layer.ranges.shape[1]
            there, other = filters.setdefault(spec.name, (here, response.probe))
            if here != there:
                raise CNNVizError(
                    f"layer {spec.name!r} has {here} filters for probe {response.probe!r} and {there} for {other!r}"
                )
    return classes if columns else ()
