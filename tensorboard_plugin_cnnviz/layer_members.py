"""What a step's bundle holds of one layer and probe: windows, strip, envelope, statistics and marks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from .codes import Codes, pool_by_magnitude
from .gathering import GatheredLayer
from .moments import envelope_of, statistics_of, statistics_of_numbers
from .records import LayerArrays, Member
from .step_file import StepFile
from .timing import StripGrid

FILTERS_PER_MEMBER = 32


class LayerMembers:
    """Adds the members of one layer of one response to a step's file, a few filters at a time.

    Args:
        file: where to; it says how much of `detail` there is room for.
        prefix: of the members' names.
        layer: what the probe gave.
        blocks: edges of the blocks of windows.
        grid: that the strip is laid on.
        detail: the most to keep.
        max_map_size: cells per axis of a map in the windows members.
        memory: bytes of codes to work on at a time; one filter's at least.

    Attributes:
        ranges: float32 ``[blocks, filters, 2]``.
        statistics: float32 ``[filters, 6]``, as `moments.statistics_of`.
    """

    def __init__(
        self,
        file: StepFile,
        prefix: str,
        layer: GatheredLayer,
        blocks: tuple[int, ...],
        *,
        grid: StripGrid,
        detail: str,
        max_map_size: int,
        memory: int,
    ) -> None:
        self.ranges = layer.ranges
        self._file = file
        self._prefix = prefix
        self._windows: list[Member] = []
        self._strip: Member | None = None
        self._envelope: Member | None = None
        self._outside: Member | None = None
        # Columns of unknown place in time cannot be laid along the clip.
        placed = layer.spec.time is not None or layer.shape[2] == 1
        statistics, strips = [], []
        for some in _runs(layer.shape[0], max(1, memory // max(1, layer.bytes_per_filter))):
            shows_strip = detail != "summary" and placed and file.takes("strip")
            shows_windows = detail == "windows" and not layer.columns and file.takes("windows")
            if layer.spec.map_axes and not shows_strip and not shows_windows:
                break
            values = layer.values(some)
            if not layer.spec.map_axes:
                statistics.append(statistics_of_numbers(values[:, :, 0, 0]))
                self._add_windows(values, some.start, "summary")
                continue
            if shows_windows:
                pooled = pool_by_magnitude(values, layer.ranges[:, some], blocks, max_map_size)
                self._add_windows(pooled, some.start, "windows")
            if shows_strip:
                strips.append(_laid(values, grid, blocks) if layer.columns else _strip(values, grid))
        if strips:
            self._strip = file.add(f"{prefix}/strip.npy.gz", np.concatenate(strips), "strip")
        summary = layer.summary
        if summary is not None:
            statistics.append(statistics_of(summary, layer.ranges, blocks))
            self._envelope = file.add(f"{prefix}/envelope.npy.gz", envelope_of(summary), "summary")
            if summary.outside is not None:
                self._outside = file.add(f"{prefix}/outside.npy.gz", summary.outside.T, "summary")
        self.statistics = np.concatenate(statistics)

    def arrays(self) -> LayerArrays:
        """What is left of the members, of which some may have had to make room for others."""
        windows = tuple(member for member in self._windows if self._file.has(member))
        strip = self._strip if self._strip is not None and self._file.has(self._strip) else None
        return LayerArrays(windows=windows or None, strip=strip, envelope=self._envelope, outside=self._outside)

    def _add_windows(self, values: npt.NDArray[np.generic], first: int, least: str) -> None:
        for begin in range(0, len(values), FILTERS_PER_MEMBER):
            part = values[begin : begin + FILTERS_PER_MEMBER]
            name = f"{self._prefix}/windows.{len(self._windows)}.npy.gz"
            filters = (first + begin, first + begin + len(part))
            if (member := self._file.add(name, part, least, filters=filters)) is not None:
                self._windows.append(member)


def _runs(filters: int, most: int) -> Iterator[slice]:
    """Cut filters into runs of at most so many; of whole members where that may be."""
    size = most if most < FILTERS_PER_MEMBER else most // FILTERS_PER_MEMBER * FILTERS_PER_MEMBER
    return (slice(first, min(first + size, filters)) for first in range(0, filters, size))


def _strip(values: Codes, grid: StripGrid) -> Codes:
    """``[filters, windows, time, frequency]`` to ``[filters, frequency, columns]``, as the strip law says."""
    columns: Codes = values[:, grid.windows, grid.columns]  # [filters, columns, frequency]
    return columns.transpose(0, 2, 1)


def _laid(values: Codes, grid: StripGrid, blocks: tuple[int, ...]) -> Codes:
    """The same of the strip's columns alone, ``[filters, columns, 1, frequency]``, as they come: block by block."""
    block = np.searchsorted(blocks, grid.windows, side="right")
    strip = np.empty((values.shape[0], values.shape[3], values.shape[1]), np.uint8)
    strip[:, :, np.argsort(block, kind="stable")] = values[:, :, 0].transpose(0, 2, 1)
    return strip
