"""Where windows, columns and strips lie on the seconds of a clip.

Conventions. A window lasts from its start to its end edge, in seconds of the clip; the middle of the two is its
centre. Its `cells` (columns of the model's input) fill it evenly: cell `i` is centred at
`start + (i + 1/2) / cells * (end - start)`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .axis import TOLERANCE, Axis, Floats, Integers
from .errors import CNNVizError

MAX_STRIP_COLUMNS = 2048

# Grid times x windows compared at once; bounds the memory of clips with many thousand windows.
_PAIRS_AT_ONCE = 1 << 20


@dataclass(frozen=True)
class StripGrid:
    """The time grid of a strip, and which window and column it shows at each of its times.

    Column `i` stands at `start + (i + 1/2) * step` seconds and shows column `columns[i]` of window `windows[i]`, truly
    centred at `centres[i]` seconds. `approximate`: no column is centred inside its own window, so that the one nearest
    its window's centre is shown.
    """

    start: float
    step: float
    windows: tuple[int, ...]
    columns: tuple[int, ...]
    centres: tuple[float, ...]
    approximate: bool

    @property
    def times(self) -> Floats:
        """Middle of each strip column in seconds, float64 `[columns]`."""
        return self.start + (np.arange(len(self.windows)) + 0.5) * self.step


def column_seconds(axis: Axis, window_times: ArrayLike) -> Floats:
    """Give the centre of every column in seconds: float64 `[..., columns]` for windows' edges `[..., 2]`."""
    edges = np.asarray(window_times, np.float64)
    start, end = edges[..., :1], edges[..., 1:]
    return start + (np.asarray(axis.centres) + 0.5) / axis.cells * (end - start)


def strip_columns(axis: Axis) -> Integers:
    """Give the numbers of the columns that strips show, int64 ascending.

    Those centred inside their own window; where none is, the one nearest the window's centre.
    """
    inside = np.flatnonzero(axis.inside())
    from_centre = np.abs(np.asarray(axis.centres) - (axis.cells - 1) / 2)
    return inside if inside.size else np.argmin(from_centre, keepdims=True)


def strip_grid(times: ArrayLike, seconds: float, time: Axis | None) -> StripGrid:
    """Lay a layer's columns from all windows onto one grid over the clip.

    The grid starts at the earliest window's start and covers the clip in steps of the layer's stride or the windows'
    hop, whichever is shorter, in at most 2,048 columns. At each grid time stands, of all columns that are centred
    inside their own window, the one centred nearest; of several the one whose window is centred nearest, then the
    earlier. Where none is, the window centred nearest shows its column nearest its centre, marked approximate.

    Args:
        times: outer edges of the windows in seconds, `[windows, 2]`.
        seconds: length of the clip.
        time: the layer's time axis; None for one number per window, centred on its window.
    """
    edges = _edges(times)
    return _strip_grid(edges.tobytes(), float(seconds), time)


# Every step of a run asks for the same again.
@functools.lru_cache(maxsize=1024)
def _strip_grid(times: bytes, seconds: float, time: Axis | None) -> StripGrid:
    edges = np.frombuffer(times).reshape(-1, 2)
    axis = Axis.even(1) if time is None else time
    start, step, count = _extent(edges, seconds, axis)
    # The law's "earlier" means in time; the search takes the first.
    order = np.lexsort((edges[:, 1], edges[:, 0]))
    grid = start + (np.arange(count) + 0.5) * step
    approximate = not axis.inside().any()
    # A field centred outside its window sees only what the window holds, so its window's centre is the better guide.
    placed = Axis.even(1) if approximate else axis
    runs = zip(*_nearest(grid, edges[order], placed, TOLERANCE * step), strict=True)
    windows, columns = (np.concatenate(parts) for parts in runs)
    windows = order[windows]
    if approximate:
        columns = np.full(count, strip_columns(axis)[0])
    centres = column_seconds(axis, edges)[windows, columns]
    return StripGrid(
        start=start,
        step=step,
        windows=tuple(windows.tolist()),
        columns=tuple(columns.tolist()),
        centres=tuple(centres.tolist()),
        approximate=approximate,
    )


def _nearest(grid: Floats, edges: Floats, axis: Axis, tolerance: float) -> Iterator[tuple[Integers, Integers]]:
    """Yield, for runs of grid times, window and column of the pair that the law chooses."""
    usable = strip_columns(axis)
    usable = usable[np.argsort(np.asarray(axis.centres)[usable], kind="stable")]
    cell = (edges[:, 1] - edges[:, 0]) / axis.cells
    middles = edges.mean(axis=1)
    positions = np.asarray(axis.centres)[usable]
    rows = max(1, _PAIRS_AT_ONCE // len(edges))
    for first in range(0, len(grid), rows):
        at = grid[first : first + rows, np.newaxis]
        wanted = (at - edges[:, 0]) / cell - 0.5
        after = np.searchsorted(positions, wanted).clip(0, len(positions) - 1)
        before = (after - 1).clip(0)
        distance_before = np.abs(wanted - positions[before]) * cell
        distance_after = np.abs(wanted - positions[after]) * cell
        column = np.where(distance_before <= distance_after + tolerance, before, after)
        distance = np.minimum(distance_before, distance_after)
        tied = distance <= distance.min(axis=1, keepdims=True) + tolerance
        to_window = np.where(tied, np.abs(middles - at), np.inf)
        window = np.argmax(to_window <= to_window.min(axis=1, keepdims=True) + tolerance, axis=1)
        yield window, usable[column[np.arange(len(at)), window]]


def _extent(edges: Floats, seconds: float, axis: Axis) -> tuple[float, float, int]:
    """Choose start, step and number of columns of the grid."""
    shortest = _shortest(edges)
    gaps = np.diff(np.sort(edges.mean(axis=1)))
    gaps = gaps[gaps > TOLERANCE * shortest]
    hop = gaps.min() if gaps.size else shortest
    start = float(edges[:, 0].min())
    length = max(seconds - start, 0.0)
    step = float(max(min(axis.stride / axis.cells * shortest, hop), length / MAX_STRIP_COLUMNS))
    count = int(np.ceil(length / step - TOLERANCE))
    return start, step, min(max(count, 1), MAX_STRIP_COLUMNS)


def _edges(times: ArrayLike) -> Floats:
    edges = np.asarray(times, np.float64)
    if edges.ndim != 2 or edges.shape[1] != 2 or not len(edges):
        raise CNNVizError(
            f"times has shape {edges.shape}; give [windows, 2], the start and end of each window in seconds"
        )
    if not np.all(edges[:, 1] > edges[:, 0]):
        window = int(np.argmin(edges[:, 1] > edges[:, 0]))
        raise CNNVizError(
            f"window {window} lasts from {edges[window, 0]} to {edges[window, 1]} s; its end must come after its start"
        )
    return edges


def _shortest(edges: Floats) -> float:
    return float((edges[:, 1] - edges[:, 0]).min())
