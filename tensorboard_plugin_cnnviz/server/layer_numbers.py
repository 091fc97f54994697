"""What the panel needs of one layer or clip beside its maps, cut out of arrays that grow with clips and layers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
from tensorboard.errors import NotFoundError

from .bundles import BundleStore
from .plain_array import read_part
from .sentences import quote

_STATISTICS = 6


def statistics_of_layer(store: BundleStore, path: Path, *, layer: str) -> npt.NDArray[np.float32]:
    """The statistics of a layer's filters over each probe: float32 ``[probes, filters, 6]``.

    Raises:
        NotFoundError: the bundle has no such layer or no statistics.
        BundleError: the file cannot be read, or is not what its manifest says.
    """
    columns = _columns(store, path, layer)
    return read_part(path, store.span(path, "statistics.npy"), rows=None, columns=columns, last=_STATISTICS)


def statistics_of_probe(store: BundleStore, path: Path, *, probe: str) -> npt.NDArray[np.float32]:
    """The statistics of all layers' filters over a probe: float32 ``[1, filters of all layers, 6]``.

    Raises:
        NotFoundError: the bundle has no such probe or no statistics.
        BundleError: the file cannot be read, or is not what its manifest says.
    """
    layout = store.layout(path).layout
    index = next((i for i, entry in enumerate(layout.probes) if entry.name == probe), None)
    if index is None:
        raise NotFoundError(f"{path.name} holds no probe {quote(probe)}")
    columns = range(sum(layer.filters for layer in layout.layers))
    return read_part(path, store.span(path, "statistics.npy"), rows=[index], columns=columns, last=_STATISTICS)


def numbers_of_layer(store: BundleStore, path: Path, *, probe: str, layer: str) -> npt.NDArray[np.float32]:
    """All that stands beside a layer's maps for a probe: float32 ``[8 + 2 * blocks, filters]``.

    Rows 0 to 5 are the statistics over the probe, 6 and 7 the least and the largest value over all probes (NaN where
    none was logged), then lo and hi of each of the probe's blocks.

    Raises:
        NotFoundError: the bundle has no such layer or probe.
        BundleError: the file cannot be read, or is not what its manifest says.
    """
    columns = _columns(store, path, layer)
    encoded = store.layout(path)
    index = next((i for i, entry in enumerate(encoded.layout.probes) if entry.name == probe), None)
    if index is None or index >= len(encoded.blocks):
        raise NotFoundError(f"{path.name} holds no probe {quote(probe)}")
    statistics = statistics_of_layer(store, path, layer=layer)
    if index >= len(statistics):
        raise NotFoundError(f"{path.name} holds no statistics of probe {quote(probe)}")
    own = encoded.blocks[index]
    ranges = read_part(path, store.span(path, "ranges.npy"), rows=own, columns=columns, last=2)
    # fmin and fmax: what was not logged counts for nothing.
    least = np.fmin.reduce(statistics[..., 0], axis=0)
    largest = np.fmax.reduce(statistics[..., 1], axis=0)
    blocks = ranges.transpose(0, 2, 1).reshape(2 * len(own), len(columns))
    return np.concatenate([statistics[index].T, [least, largest], blocks])


def _columns(store: BundleStore, path: Path, name: str) -> range:
    layer = next((entry for entry in store.layout(path).layout.layers if entry.name == name), None)
    if layer is None:
        raise NotFoundError(f"{path.name} holds no layer {quote(name)}")
    return range(layer.first_filter, layer.first_filter + layer.filters)
