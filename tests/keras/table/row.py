"""What a row of the table holds, and how its reference is reckoned: with Keras alone, never with the package's code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import keras
import numpy as np

TIME_FREQUENCY = ("time", "frequency", "channel")
TIME = ("time", "channel")
TRAINED_WINDOWS = 4

Reference: TypeAlias = Callable[[keras.Model, Any], Mapping[str, Any]]


@dataclass(frozen=True)
class Row:
    """One kind of model.

    Attributes:
        build: makes the model.
        shape: of one window of its input; a tuple or dict of shapes where it has several.
        axes: names of the axes of the (first) input.
        reference: takes the model and inputs; gives each logged layer's values `[windows, ...]` by its name.
        layers: the option of that name.
        order: axes of a layer's values without windows, where they are not the input's.
        output: the option of that name.
        prediction: the same for the prediction; None where there is none.
        named: what cannot be recorded, with the words that say why.
        precision: relative distance of neighbouring numbers of the layers' type, where it is coarser than float32.
        integers: the input is one of whole numbers below 10.
        windows: how many each of the two probes has.
        batch: windows that it is trained on at a time.
        trains: whether it can be trained.
    """

    build: Callable[[], keras.Model]
    shape: Any
    axes: tuple[str, ...]
    reference: Reference
    layers: Any = None
    order: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    output: str | None = None
    prediction: Callable[[keras.Model, Any], Any] | None = lambda model, inputs: model(inputs, training=False)
    named: Mapping[str, str] = field(default_factory=dict)
    precision: float = 0.0
    integers: bool = False
    windows: tuple[int, int] = (5, 3)
    batch: int = TRAINED_WINDOWS
    trains: bool = True

    def axes_of(self, name: str, rank: int) -> tuple[str, ...]:
        """Axes of a layer's values without windows, of which there are `rank`."""
        if name in self.order:
            return self.order[name]
        if rank == len(self.axes) > 1:
            return tuple("filter" if axis == "channel" else axis for axis in self.axes)
        return ("frequency", "time", "filter")[3 - max(rank, 1) :]

    def inputs(self, windows: int, *, seed: int) -> Any:
        """Noise for the model, `[windows, ...]`."""
        rng = np.random.default_rng(seed)

        def one(shape: tuple[int, ...]) -> Any:
            if self.integers:
                return rng.integers(0, 10, (windows, *shape)).astype(np.int32)
            return rng.normal(size=(windows, *shape)).astype(np.float32)

        if isinstance(self.shape, dict):
            return {name: one(shape) for name, shape in self.shape.items()}
        return tuple(map(one, self.shape)) if isinstance(self.shape[0], tuple) else one(self.shape)

    def by_batch(self, model: keras.Model, inputs: Any) -> Any:
        """What the model gives for `TRAINED_WINDOWS` windows, `batch` at a time, as arrays."""
        parts = []
        for first in range(0, TRAINED_WINDOWS, self.batch):
            one = keras.tree.map_structure(lambda array, at=first: array[at : at + self.batch], inputs)
            parts.append(model(one, training=False))
        return keras.tree.map_structure(lambda *each: np.concatenate(list(map(np.asarray, each))), *parts)


def by_graph(*names: str) -> Reference:
    """The outputs of a Functional or Sequential model's layers of these names."""

    def reference(model: keras.Model, inputs: Any) -> Mapping[str, Any]:
        outputs = [model.get_layer(name).output for name in names]
        outputs = [each[0] if isinstance(each, list | tuple) else each for each in outputs]
        # Called, not `predict`, which calls a model twice at first.
        given = keras.Model(model.inputs, outputs)(inputs, training=False)
        return dict(zip(names, given if isinstance(given, list | tuple) else [given], strict=True))

    return reference


def chain(shape: tuple[int, ...], *stack: Any, name: str | None = None, **options: Any) -> keras.Model:
    """A model of these layers in a row, with the mean over all places and a dense layer `out` at the end."""
    x = inputs = keras.Input(shape, **options)
    for layer in stack:
        x = layer(x)
    pooling = {4: keras.layers.GlobalAveragePooling2D, 3: keras.layers.GlobalAveragePooling1D}
    if len(x.shape) in pooling:
        x = pooling[len(x.shape)](data_format=getattr(stack[-1], "data_format", None))(x)
    return keras.Model(inputs, keras.layers.Dense(2, name="out")(x), name=name)
