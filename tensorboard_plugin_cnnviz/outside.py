"""Windows whose largest value a strip cannot show, because it lies in cells that strips leave out.

Strips leave out columns centred outside their own window and rows centred outside the frequency axis: padding's
children, of which deep layers have many.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .axis import Axis, Integers
from .quantise import LEVELS, Codes
from .timing import strip_columns


def maxima_outside(codes: Codes, time: Axis | None, frequency: Axis | None) -> Codes | None:
    """Tell of every filter and window whether its largest value lies only in cells that the strip leaves out.

    The codes of one window stand on one range, so that they compare as their values do.

    Args:
        codes: uint8 ``[filters, windows, frequency, time]``, not pooled.
        time: where the columns lie; None where unknown or without a time axis: none is left out then.
        frequency: the same for the rows.

    Returns:
        uint8 ``[filters, windows]``: 1 where every cell that is left in is less than the largest finite one, or not
        finite; 0 where one equals it, or nothing is finite. None where the layer has no cell that is left out.
    """
    shown = shown_cells(codes.shape[2], codes.shape[3], time, frequency)
    if shown is None:
        return None
    rows, columns = shown
    return (_largest(codes) > _largest(codes[:, :, rows, columns])).astype(np.uint8)


def shown_cells(height: int, width: int, time: Axis | None, frequency: Axis | None) -> tuple[slice, slice] | None:
    """Give the rows and columns that strips show of maps of this size; None where they show all."""
    rows = np.arange(height) if frequency is None else np.flatnonzero(frequency.inside())
    columns = np.arange(width) if time is None else strip_columns(time)
    if len(rows) == height and len(columns) == width:
        return None
    # Centres ascend, so that those inside lie side by side.
    return _span(rows), _span(columns)


def _span(indices: Integers) -> slice:
    return slice(int(indices[0]), int(indices[-1]) + 1) if len(indices) else slice(0, 0)


def _largest(codes: Codes) -> npt.NDArray[np.int16]:
    """The largest finite code of each map, ``[filters, windows]``; -1 where there is none."""
    finite = codes.size > 0 and codes.max() <= LEVELS
    cells = codes if finite else np.where(codes <= LEVELS, codes, np.int16(-1))
    largest: npt.NDArray[np.int16] = np.max(cells, axis=(2, 3), initial=0 if finite else -1).astype(np.int16)
    return largest
