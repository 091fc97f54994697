"""Other orders of the cells of a member, and what is left of them once they are guessed."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_cnnviz.axis import Axis

HOP = 4  # cells of the input from one window to the next

Codes = npt.NDArray[np.uint8]


class Maps(NamedTuple):
    """A member's maps, ``[filters, windows, time, frequency]``, and where their columns lie."""

    codes: Codes
    time: Axis


def as_it_is(maps: Maps) -> Codes:
    """As it is stored."""
    return maps.codes


def frequency_first(maps: Maps) -> Codes:
    """Row after row."""
    return maps.codes.swapaxes(2, 3)


def filters_by_mean(maps: Maps) -> Codes:
    """Like beside like."""
    return maps.codes[np.argsort(maps.codes.reshape(len(maps.codes), -1).mean(axis=1))]


def less_window_before(maps: Maps) -> Codes:
    """Less the cell of the window before."""
    return np.concatenate([maps.codes[:, :1], maps.codes[:, 1:] - maps.codes[:, :-1]], axis=1)


def less_same_sound(maps: Maps) -> Codes:
    """Less the cell of the same moment in the last window that begins a whole number of columns before."""
    stride = round(maps.time.stride)
    back = stride // math.gcd(stride, HOP)
    shift = back * HOP // stride
    rest = maps.codes.copy()
    if back < rest.shape[1] and shift < rest.shape[2]:
        rest[:, back:, :-shift] -= maps.codes[:, :-back, shift:]
    return rest


def halves(maps: Maps) -> Codes:
    """The upper four bits of all codes, then the lower ones."""
    return np.stack([maps.codes >> 4, maps.codes & 15])
