"""Arrays of any framework to quantised responses."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .axis import Axis
from .checks import suggestion
from .errors import CNNVizError
from .layers import LayerSpec, QuantisedLayer, QuantisedResponse
from .probes import Probe
from .response_checks import find_probe

_BYTES_PER_CELL = 8  # of the layer that is being quantised: its values as float32, and with its axes in another order
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
        memory: bytes that quantising may take at a time: so many windows of a response, at least one.
    """

    def __init__(
        self,
        probes: Sequence[Probe],
        *,
        layer_axes: Mapping[str, Sequence[str]] | None,
        centres: Mapping[str, Sequence[float]] | None,
        memory: int,
    ) -> None:
        self._probes = {probe.name: probe for probe in probes}
        self._layer_axes = {name: tuple(axes) for name, axes in (layer_axes or {}).items()}
        self._memory = memory
        self._centres = {name: tuple(map(float, seconds)) for name, seconds in (centres or {}).items()}

    def __call__(
        self, responses: Sequence[Response]
    ) -> tuple[dict[str, tuple[LayerSpec, int]], Iterator[QuantisedResponse]]:
        """Describe the layers of a step, and quantise its responses.

        Returns:
            layers: by name, as the first response shows them, with the number of filters.
            quantised: the responses, in parts that are quantised when they are asked for.

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
        specs = [self._specs(response, names) for response in responses]
        layers = {}
        for spec in specs[0] if specs else ():
            shape = _shape(responses[0].activations[spec.name])
            layers[spec.name] = (spec, shape[1 + spec.axes.index("filter")])
        return layers, itertools.chain.from_iterable(map(self._parts, responses, specs))

    def _specs(self, response: Response, names: Sequence[str]) -> list[LayerSpec]:
        probe = find_probe(response.probe, self._probes)
        for name in names:
            if name not in response.activations:
                raise CNNVizError(
                    f"the response of probe {probe.name!r} lacks layer {name!r}: "
                    "give every response of a step the same layers"
                )
        return [self._spec(name, _shape(response.activations[name]), probe) for name in names]

    def _parts(self, response: Response, specs: Sequence[LayerSpec]) -> Iterator[QuantisedResponse]:
        windows = len(self._probes[response.probe].times)
        arrays = [np.asarray(response.activations[spec.name]) for spec in specs]
        predictions = None if response.predictions is None else np.array(response.predictions, np.float32)
        cells = [array[0].size for array in arrays]
        size = max(1, self._memory // max(1, sum(cells) + _BYTES_PER_CELL * max(cells, default=0)))
        for first in range(0, windows, size):
            last = min(first + size, windows)
            some = slice(first, last)
            given = predictions if predictions is None or predictions.shape[:1] != (windows,) else predictions[some]
            yield QuantisedResponse(
                response.probe,
                specs,
                [_quantised(array[some], spec) for array, spec in zip(arrays, specs, strict=True)],
                given,
                (first, last),
            )

    def _spec(self, name: str, shape: tuple[int, ...], probe: Probe) -> LayerSpec:
        axes = self._layer_axes.get(name) or _DEFAULT_AXES.get(len(shape) - 1)
        if axes is None or len(axes) != len(shape) - 1 or shape[0] != len(probe.times) or 0 in shape:
            expected = "[windows, frequency, time, filters], [windows, time, filters] or [windows, filters]"
            if name in self._layer_axes:
                expected = f"[windows, {', '.join(self._layer_axes[name])}]"
            raise CNNVizError(
                f"layer {name!r} of probe {probe.name!r} has shape {shape}; expected {expected} with "
                f"{len(probe.times)} windows"
            )
        size = dict(zip(axes, shape[1:], strict=True))
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


def _shape(array: npt.ArrayLike) -> tuple[int, ...]:
    return tuple(np.shape(array))  # a framework's own shape may be of another type


def _quantised(given: npt.NDArray[Any], spec: LayerSpec) -> QuantisedLayer:
    from .encode import encode

    values = np.array(given, np.float32) if not spec.map_axes else np.asarray(given, np.float32)
    return encode(values, spec)
