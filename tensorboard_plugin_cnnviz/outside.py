"""The cells that strips leave out; a window whose largest value lies there cannot be told from its strip.

Strips leave out columns centred outside their own window and rows centred outside the frequency axis: padding's
children, of which deep layers have many.
"""

from __future__ import annotations

import numpy as np

from .axis import Axis, Integers
from .timing import strip_columns


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
