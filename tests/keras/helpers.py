"""What the tests of this folder share: probes of noise, and decoding what an observer gave."""

from __future__ import annotations

from typing import Any

import numpy as np

from tensorboard_plugin_cnnviz.codes import dequantise
from tensorboard_plugin_cnnviz.keras.observer import Observer
from tensorboard_plugin_cnnviz.layers import LayerSpec, QuantisedLayer, QuantisedResponse
from tensorboard_plugin_cnnviz.probes import Probe
from tests.blocks import join_blocks

BUDGET = 10**9


def noise(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def probe_of(inputs: Any, axes: tuple[str, ...] | None = None, *, name: str = "clip", detail: str = "windows") -> Probe:
    first = next(iter(inputs.values())) if isinstance(inputs, dict) else inputs
    first = first[0] if isinstance(first, tuple) else first
    times = [(0.1 * i, 0.1 * i + 1) for i in range(len(first))]
    return Probe(name, inputs, times, input_axes=axes, detail=detail)


def observed(model: Any, probe: Probe, **options: Any) -> tuple[Observer, QuantisedResponse]:
    options = {"memory_budget": BUDGET, **options}
    observer = Observer(model, [probe], **options)
    return observer, responses(observer)[0]


def responses(observer: Observer) -> list[QuantisedResponse]:
    """What an observer gives of each probe, its parts joined."""
    joined: dict[str, QuantisedResponse] = {}
    for part in observer.observe():
        before = joined.get(part.probe)
        joined[part.probe] = part if before is None else _joined(before, part)
    return list(joined.values())


def _joined(before: QuantisedResponse, part: QuantisedResponse) -> QuantisedResponse:
    assert (part.specs, part.blocks[0]) == (before.specs, before.blocks[-1])
    layers = [join_blocks(pair) for pair in zip(before.layers, part.layers, strict=True)]
    predictions = None if part.predictions is None else np.concatenate([before.predictions, part.predictions])
    return QuantisedResponse(part.probe, part.specs, layers, predictions, (*before.blocks, *part.blocks[1:]))


def decoded(spec: LayerSpec, layer: QuantisedLayer, blocks: tuple[int, ...]) -> np.ndarray:
    """Float32 `[windows, *axes]`."""
    if not spec.map_axes:
        return layer.values
    axis = 1 + spec.axes.index("filter")
    return np.concatenate(
        [
            dequantise(layer.values[a:b], ranges, filter_axis=axis)
            for a, b, ranges in zip(blocks[:-1], blocks[1:], layer.ranges, strict=True)
        ]
    )


def half_a_code(layer: QuantisedLayer) -> float:
    """The most that a decoded value may be off."""
    lo, hi = layer.ranges[..., 0].astype(np.float64), layer.ranges[..., 1].astype(np.float64)
    return float((hi - lo).max() / 504 * 1.001 + 1e-6)


def assert_shows(response: QuantisedResponse, name: str, expected: np.ndarray) -> None:
    """Assert that the layer `name` decodes to the float values `expected`, within half a code."""
    index = [spec.name for spec in response.specs].index(name)
    layer = response.layers[index]
    values = decoded(response.specs[index], layer, response.blocks)
    assert values.shape == expected.shape
    np.testing.assert_allclose(values, expected, rtol=1e-5, atol=half_a_code(layer))
