"""Other ways of storing the maps of single windows: what each would save, and at what price."""

from __future__ import annotations

import statistics
import time
import zlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from tensorboard_plugin_cnnviz.bundle import compress
from tensorboard_plugin_cnnviz.keras.observer import Observer
from tensorboard_plugin_cnnviz.layer_members import FILTERS_PER_MEMBER

from . import arranging, peer_packages, subject
from .arranging import Codes, Maps
from .bytes import MEMORY_BUDGET
from .results import Report, Result

CLIPS = 3


class Way(NamedTuple):
    """How maps are laid out, and how the bytes are compressed."""

    arrange: Callable[[Maps], Codes]
    pack: Callable[[bytes], bytes]


def run(repeats: int) -> Report:
    """Store the same maps in every way, in turns."""
    peer_packages.add()
    import zstandard
    from isal import igzip

    observer = Observer(subject.model(), subject.probes("windows")[:CLIPS], memory_budget=MEMORY_BUDGET)
    members = [
        Maps(codes[first : first + FILTERS_PER_MEMBER], spec.time)
        for response in observer.observe()
        for spec, layer in zip(response.specs, response.layers, strict=True)
        if spec.time is not None
        for codes in (spec.stored(layer.values),)
        for first in range(0, len(codes), FILTERS_PER_MEMBER)
    ]
    zstd = zstandard.ZstdCompressor(level=1).compress
    ways = {
        "as it is": Way(arranging.as_it_is, compress),
        "frequency before time": Way(arranging.frequency_first, compress),
        "time before windows": Way(lambda maps: maps.codes.swapaxes(1, 2), compress),
        "filters last, as the network gives them": Way(lambda maps: np.moveaxis(maps.codes, 0, -1), compress),
        "filters by their mean": Way(arranging.filters_by_mean, compress),
        "upper and lower halves of bytes apart": Way(arranging.halves, compress),
        "less the window before": Way(arranging.less_window_before, compress),
        "less the same sound, a window or more before": Way(arranging.less_same_sound, compress),
        "isal, level 1": Way(arranging.as_it_is, lambda data: igzip.compress(data, 1)),
        "isal, level 3": Way(arranging.as_it_is, lambda data: igzip.compress(data, 3)),
        "zlib, level 1": Way(arranging.as_it_is, lambda data: zlib.compress(data, 1)),
        "zlib, level 1, with a dictionary": Way(arranging.as_it_is, Primed()),
        "zlib, level 6": Way(arranging.as_it_is, lambda data: zlib.compress(data, 6)),
        "zstd, level 1": Way(arranging.as_it_is, zstd),
    }
    costs = _compare(members, ways, turns=max(1, repeats // 5))
    today = costs["as it is"]
    results = [
        Result(name, size / today[0], "ratio", note=f"{seconds / today[1]:.2f} x the processor time")
        for name, (size, seconds) in costs.items()
    ]
    return Report("Other ways to store windows", _ABOUT, results)


_ABOUT = (
    f"Bytes of the `windows` members of {CLIPS} clips, stored otherwise, as multiples of what they are; and the "
    "processor time of arranging and compressing as a multiple of today's. A dictionary is the end of the member "
    "before. A browser inflates gzip, deflate, brotli and, not all of them, zstd, none of it with a dictionary; "
    "Python reads zstd from 3.14 on."
)


class Primed:
    """Compresses with the end of what came before as its dictionary."""

    def __init__(self) -> None:
        self._before = b""

    def __call__(self, data: bytes) -> bytes:
        """One zlib stream."""
        packer = zlib.compressobj(1, zdict=self._before)
        self._before = data[-32768:]
        return packer.compress(data) + packer.flush()


def _compare(members: Sequence[Maps], ways: dict[str, Way], *, turns: int) -> dict[str, tuple[int, float]]:
    """Bytes and median processor seconds of each way."""
    sizes: dict[str, int] = {}
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(turns):
        for name, way in ways.items():
            begun = time.thread_time()
            sizes[name] = sum(len(way.pack(np.ascontiguousarray(way.arrange(maps)).tobytes())) for maps in members)
            seconds[name].append(time.thread_time() - begun)
    return {name: (sizes[name], statistics.median(own)) for name, own in seconds.items()}
