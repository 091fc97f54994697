"""The responses of a step, each put together from its parts.

A response that comes whole is read from memory. The parts of one that does not are put away in stored order, and read
back a few filters at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .layers import LayerSpec, QuantisedLayer, QuantisedResponse, Summary, joined
from .spool import Spool

Array = npt.NDArray[Any]


class _Piece(NamedTuple):
    """What a part of a response holds of one layer; `shape` is ``[filters, windows, time, frequency]`` of its maps."""

    ranges: npt.NDArray[np.float32]
    summary: Summary | None
    columns: bool
    shape: tuple[int, ...]
    bytes: int
    values: Callable[[slice], Array]


class GatheredLayer:
    """What one probe gave in one layer.

    Attributes:
        spec: the layer.
        ranges: float32 ``[blocks, filters, 2]``.
        shape: ``[filters, windows, time, frequency]``.
        bytes_per_filter: bytes of one filter's values in all windows.
        summary: of all windows; None where the layer gives one number per window.
        columns: whether the values are of a strip's columns alone.
    """

    def __init__(self, spec: LayerSpec, pieces: Sequence[_Piece]) -> None:
        filters, _, *maps = pieces[0].shape
        self.spec = spec
        self.ranges = np.concatenate([piece.ranges for piece in pieces])
        self.shape = (filters, sum(piece.shape[1] for piece in pieces), *maps)
        self.bytes_per_filter = sum(piece.bytes for piece in pieces) // filters
        summaries = [piece.summary for piece in pieces if piece.summary is not None]
        self.summary = joined(summaries) if len(summaries) == len(pieces) else None
        self.columns = pieces[0].columns
        self._pieces = pieces

    def values(self, filters: slice) -> Array:
        """Of some filters the codes, or of a layer of one number per window these: of shape `shape` but for them.

        Where they are of a strip's columns alone, ``[filters, columns, 1, frequency]``: block by block, each in order.
        """
        read = [piece.values(filters) for piece in self._pieces]
        return read[0] if len(read) == 1 else np.concatenate(read, axis=1)


class GatheredResponse(NamedTuple):
    """What one probe gave at one step: the layers that all its parts have; for the rest see `QuantisedResponse`.

    `error` is None, or why the values cannot be read: they had to be put away, and the disk was full.
    """

    probe: str
    layers: tuple[GatheredLayer, ...]
    predictions: npt.NDArray[np.float32] | None
    blocks: tuple[int, ...]
    error: OSError | None


class Gathering:
    """The responses of a step, one after the other; the values of each can be read until the next is asked for.

    Args:
        parts: of the responses, in order; all of a probe's follow one another.
        windows: how many each probe has, by its name.
        memory: bytes up to which parts that must wait for others are held in memory.
        directory: where a temporary file may lie otherwise.

    Attributes:
        wanted: whether anybody will read values.
    """

    def __init__(
        self, parts: Iterable[QuantisedResponse], windows: Mapping[str, int], *, memory: int, directory: Path
    ) -> None:
        self.wanted = True
        self._parts = iter(parts)
        self._windows = windows
        self._memory = memory
        self._directory = directory

    def __iter__(self) -> Iterator[GatheredResponse]:
        for part in self._parts:
            windows = self._windows[part.probe]
            whole = part.blocks[-1] == windows
            size = 0 if whole or not self.wanted else part.bytes * windows // part.blocks[-1]
            with closing(Spool(size, memory=self._memory, directory=self._directory)) as spool:
                gathered = _Gathered()
                while True:
                    gathered.add(part, _held if whole else partial(_put_away, spool if self.wanted else None))
                    if part.blocks[-1] == windows:
                        break
                    del part  # while the next one is waited for, its arrays must not stay
                    part = next(self._parts)
                yield gathered.response(spool.error)
            del part, gathered


class _Gathered:
    """The parts of one response so far."""

    def __init__(self) -> None:
        self._pieces: dict[LayerSpec, list[_Piece]] = {}
        self._predictions: list[npt.NDArray[np.float32] | None] = []
        self._blocks = [0]

    def add(self, part: QuantisedResponse, put: Callable[[LayerSpec, QuantisedLayer], _Piece]) -> None:
        for spec, layer in zip(part.specs, part.layers, strict=True):
            self._pieces.setdefault(spec, []).append(put(spec, layer))
        self._predictions.append(part.predictions)
        self._blocks += part.blocks[1:]
        self._probe = part.probe

    def response(self, error: OSError | None) -> GatheredResponse:
        layers = (GatheredLayer(spec, pieces) for spec, pieces in self._pieces.items())
        given = [each for each in self._predictions if each is not None]
        return GatheredResponse(
            self._probe,
            tuple(layer for layer in layers if layer.shape[1] == self._blocks[-1]),
            np.concatenate(given) if len(given) == len(self._predictions) else None,
            tuple(self._blocks),
            error,
        )


def _held(spec: LayerSpec, layer: QuantisedLayer) -> _Piece:
    axis = 1 + spec.axes.index("filter")

    def values(filters: slice) -> Array:
        return spec.stored(layer.values[(slice(None),) * axis + (filters,)])

    return _piece(spec, layer, values)


def _put_away(spool: Spool | None, spec: LayerSpec, layer: QuantisedLayer) -> _Piece:
    shape, dtype = spec.stored_shape(layer.values.shape), layer.values.dtype
    place = 0 if spool is None else spool.put(spec.stored(layer.values))

    def values(filters: slice) -> Array:
        assert spool is not None
        return spool.rows(place, shape, dtype, filters)

    return _piece(spec, layer, values)


def _piece(spec: LayerSpec, layer: QuantisedLayer, values: Callable[[slice], Array]) -> _Piece:
    shape = spec.stored_shape(layer.shape)
    return _Piece(layer.ranges, layer.summary, layer.columns, shape, layer.values.nbytes, values)
