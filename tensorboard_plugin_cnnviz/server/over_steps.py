"""One array over all steps of a run: one short read per step, at places that the records name.

A record gives the offset of each plain ``.npy`` in its bundle; the layout that the record's digest stands for gives
rows and columns. Opening every bundle's directory instead would take ten times as long.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
from tensorboard.errors import InvalidArgumentError, NotFoundError

from tensorboard_plugin_cnnviz.bundle_files import BundleError, read_at
from tensorboard_plugin_cnnviz.errors import CNNVizError
from tensorboard_plugin_cnnviz.records import BundleReference, Layout

from .bundles import BundleStore
from .plain_array import LONGEST_HEADER, parse_header
from .sentences import quote
from .steps import LoggedStep

_MOST_BYTES = 256 << 20
_READ_THROUGH = 64 << 10
_STATISTICS_PER_FILTER = 6


class Slice(NamedTuple):
    """A run of numbers in a plain array: the whole array's shape, the first number's index, the run's own shape.

    `of` says what the numbers are of; only numbers of the same are joined.
    """

    whole: tuple[int, ...]
    first: int
    shape: tuple[int, int]
    of: tuple[str, ...]


def statistics_over_steps(
    steps: Sequence[LoggedStep], directory: Path, store: BundleStore, *, last: int, probe: str, layer: str
) -> npt.NDArray[np.float32]:
    """A layer's statistics: float32 ``[steps up to and including last, filters, 6]``.

    NaN where a step has no such array, cannot be read, or where layer or probe only share their name with those of the
    newest step: a layer of another kind or number of filters, another clip.

    Raises:
        NotFoundError: `last` is not a step, or no readable step has the layer and the probe.
    """

    def locate(layout: Layout) -> Slice | None:
        p = next((i for i, entry in enumerate(layout.probes) if entry.name == probe), None)
        found = next((entry for entry in layout.layers if entry.name == layer), None)
        if p is None or found is None:
            return None
        of = (found.kind, layout.probes[p].identity)
        columns = sum(entry.filters for entry in layout.layers)
        whole = (len(layout.probes), columns, _STATISTICS_PER_FILTER)
        first = (p * columns + found.first_filter) * _STATISTICS_PER_FILTER
        return Slice(whole, first, (found.filters, _STATISTICS_PER_FILTER), of)

    wanted = f"layer {quote(layer)} and probe {quote(probe)}"
    return _over_steps(steps, directory, store, last, "statistics", locate, wanted)


def predictions_over_steps(
    steps: Sequence[LoggedStep], directory: Path, store: BundleStore, *, last: int, probe: str
) -> npt.NDArray[np.float32]:
    """A probe's predictions: float32 ``[steps up to and including last, windows, classes]``.

    NaN also where the classes are others than at the newest step. Otherwise as `statistics_over_steps`.
    """

    def locate(layout: Layout) -> Slice | None:
        entry = next((entry for entry in layout.probes if entry.name == probe), None)
        classes = len(layout.classes)
        if entry is None or not classes:
            return None
        whole = (sum(other.windows for other in layout.probes), classes)
        of = (entry.identity, *layout.classes)
        return Slice(whole, entry.first_window * classes, (entry.windows, classes), of)

    return _over_steps(steps, directory, store, last, "predictions", locate, f"predictions of probe {quote(probe)}")


class _Locate(Protocol):
    def __call__(self, layout: Layout, /) -> Slice | None: ...


def _over_steps(
    steps: Sequence[LoggedStep],
    directory: Path,
    store: BundleStore,
    last: int,
    array: str,
    locate: _Locate,
    wanted: str,
) -> npt.NDArray[np.float32]:
    if all(step.step != last for step in steps):
        raise NotFoundError(f"the run has no step {last}")
    rows = [step.record.bundle if step.record and step.problem is None else None for step in steps if step.step <= last]
    digests = [step.record.layout if step.record else "" for step in steps if step.step <= last]
    slices = _slices(rows, digests, directory, store, locate)
    newest = next((slices[digest] for digest in reversed(digests) if digest in slices), None)
    if newest is None:
        raise NotFoundError(f"no readable step has {wanted}")
    shape = newest.shape
    if len(rows) * shape[0] * shape[1] * 4 > _MOST_BYTES:
        raise InvalidArgumentError(f"{wanted} over {len(rows)} steps is more than {_MOST_BYTES >> 20} MiB")
    result = np.full((len(rows), *shape), np.nan, np.float32)
    for row, bundle, digest in zip(result, rows, digests, strict=True):
        place = slices.get(digest)
        if bundle is not None and place is not None and (place.shape, place.of) == (shape, newest.of):
            values = _read(directory / bundle.file, bundle, getattr(bundle.arrays, array), place)
            if values is not None:
                row[:] = values
    return result


def _slices(
    bundles: Sequence[BundleReference | None],
    digests: Sequence[str],
    directory: Path,
    store: BundleStore,
    locate: _Locate,
) -> dict[str, Slice]:
    """Where the numbers lie under each layout: the newest readable manifest of a digest speaks for all its steps."""
    slices: dict[str, Slice] = {}
    seen: set[str] = set()
    for bundle, digest in zip(reversed(bundles), reversed(digests), strict=True):
        if bundle is None or digest in seen:
            continue
        try:
            place = locate(store.layout(directory / bundle.file).layout)
        except CNNVizError:
            continue
        seen.add(digest)
        if place is not None and min(place.shape) > 0:
            slices[digest] = place
    return slices


def _read(path: Path, bundle: BundleReference, span: tuple[int, int], place: Slice) -> npt.NDArray[np.float32] | None:
    """The numbers of one step; `None` where the file is not what its record says.

    Each access gives the interpreter away, a thousand times over: mostly one reads header and numbers.
    """
    offset, size = span
    length = size - 4 * math.prod(place.whole)
    count = math.prod(place.shape)
    start, end = length + 4 * place.first, length + 4 * (place.first + count)
    if offset < 0 or offset + size > bundle.bytes:
        return None
    if not 0 < length <= LONGEST_HEADER or not length <= start <= end <= size:
        return None
    try:
        if end <= _READ_THROUGH:
            data = read_at(path, offset, end)
            head, numbers = data[:length], data[start:]
        else:
            head, numbers = read_at(path, offset, length), read_at(path, offset + start, end - start)
    except BundleError:
        return None
    if parse_header(head) != (length, place.whole) or len(numbers) != 4 * count:
        return None
    return np.frombuffer(numbers, "<f4").reshape(place.shape)
