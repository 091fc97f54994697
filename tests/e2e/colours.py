"""The documented colours, and which of them a value may have. Nothing of the panel is used.

Zero is black, positive values run up magma, negative ones from black to rgb(0, 153, 173) (other maps:
`test_sorts_and_scales.py`); both are divided by the same divisor and clipped. Per filter the divisor is the filter's
largest positive value over the clip, or the layer's largest magnitude where it has none; per layer the layer's largest
positive value.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

# As matplotlib has it; by Nathaniel J. Smith and Stéfan van der Walt, CC0. Six hexadecimal digits a colour.
_MAGMA = (
    "00000401000501010601010802010902020b02020d03030f03031204041405041606051806051a07061c08071e0907200a08220b0924"
    "0c09260d0a290e0b2b100b2d110c2f120d31130d34140e36150e38160f3b180f3d19103f1a10421c10441d11471e114920114b21114e"
    "22115024125325125527125829115a2a115c2c115f2d11612f116331116533106734106936106b38106c390f6e3b0f703d0f713f0f72"
    "400f74420f75440f764510774710784910784a10794c117a4e117b4f127b51127c52137c54137d56147d57157e59157e5a167e5c167f"
    "5d177f5f187f601880621980641a80651a80671b80681c816a1c816b1d816d1d816e1e81701f81721f81732081752181762181782281"
    "7922827b23827c23827e24828025828125818326818426818627818827818928818b29818c29818e2a81902a81912b81932b80942c80"
    "962c80982d80992d809b2e7f9c2e7f9e2f7fa02f7fa1307ea3307ea5317ea6317da8327daa337dab337cad347cae347bb0357bb2357b"
    "b3367ab5367ab73779b83779ba3878bc3978bd3977bf3a77c03a76c23b75c43c75c53c74c73d73c83e73ca3e72cc3f71cd4071cf4070"
    "d0416fd2426fd3436ed5446dd6456cd8456cd9466bdb476adc4869de4968df4a68e04c67e24d66e34e65e44f64e55064e75263e85362"
    "e95462ea5661eb5760ec5860ed5a5fee5b5eef5d5ef05f5ef1605df2625df2645cf3655cf4675cf4695cf56b5cf66c5cf66e5cf7705c"
    "f7725cf8745cf8765cf9785df9795df97b5dfa7d5efa7f5efa815ffb835ffb8560fb8761fc8961fc8a62fc8c63fc8e64fc9065fd9266"
    "fd9467fd9668fd9869fd9a6afd9b6bfe9d6cfe9f6dfea16efea36ffea571fea772fea973feaa74feac76feae77feb078feb27afeb47b"
    "feb67cfeb77efeb97ffebb81febd82febf84fec185fec287fec488fec68afec88cfeca8dfecc8ffecd90fecf92fed194fed395fed597"
    "fed799fed89afdda9cfddc9efddea0fde0a1fde2a3fde3a5fde5a7fde7a9fde9aafdebacfcecaefceeb0fcf0b2fcf2b4fcf4b6fcf6b8"
    "fcf7b9fcf9bbfcfbbdfcfdbf"
)
MAGMA = np.frombuffer(bytes.fromhex(_MAGMA), np.uint8).reshape(256, 3)
NEGATIVE_END = np.array([0, 153, 173])
NAN_COLOUR = (128, 128, 128)
LARGEST_CODE = 252


def _signed() -> np.ndarray:
    """Colours of -255 to 255, `[511, 3]`."""
    negative = np.floor(np.arange(255, 0, -1)[:, np.newaxis] / 255 * NEGATIVE_END + 0.5)
    return np.concatenate([negative, [[0, 0, 0]], MAGMA[1:]]).astype(np.int64)


SIGNED = _signed()


class Scale(NamedTuple):
    """What a layer's values are divided by, `[filters]`, and how far apart two of its codes are, `[filters]`."""

    divisors: np.ndarray
    code: np.ndarray


def scale_of(activations: np.ndarray, mode: str) -> Scale:
    """The scale of a clip's activations `[filters, windows, frequency, time]`."""
    flat = activations.reshape(len(activations), -1).astype(np.float64)
    highest, lowest = flat.max(axis=1), flat.min(axis=1)
    magnitude = max(abs(highest.max()), abs(lowest.min()))
    if mode == "layer":
        divisors = np.full(len(flat), highest.max() if highest.max() > 0 else magnitude)
    else:
        divisors = np.where(highest > 0, highest, magnitude)
    return Scale(divisors, (highest - lowest) / LARGEST_CODE)


def matches(pixels: np.ndarray, values: np.ndarray, *, divisor: float, code: float) -> np.ndarray:
    """Tell of each pixel `[..., 3]` whether it has a colour that a value within half a code of `values` has.

    A thousandth of the divisor is left to two forward passes' different order of summation.
    """
    slack = code / 2 + divisor / 1000
    index = lambda value: np.floor(np.abs(np.clip(value / divisor, -1, 1)) * 255 + 0.5) * np.sign(value)  # noqa: E731
    lowest, highest = (index(values + sign * slack).astype(np.int64) + 255 for sign in (-1, 1))
    found = np.zeros(values.shape, bool)
    for further in range(int((highest - lowest).max(initial=0)) + 1):
        candidate = np.minimum(lowest + further, highest)
        found |= (SIGNED[candidate] == pixels).all(axis=-1)
    return found


def signed_colours(shares: np.ndarray) -> np.ndarray:
    """The colours of exact shares of the divisor from -1 to 1: `[..., 3]`."""
    colours: np.ndarray = SIGNED[(np.floor(np.abs(shares) * 255 + 0.5) * np.sign(shares)).astype(np.int64) + 255]
    return colours


def brightness(colours: np.ndarray) -> np.ndarray:
    """How much light colours `[..., 3]` give, by which one of those that share a pixel is chosen."""
    light: np.ndarray = colours @ np.array([2, 5, 1])
    return light


def sequential_matches(pixels: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Tell of each pixel whether it is magma's colour of a share from 0 to 1, or that of a neighbour."""
    index = np.floor(np.clip(shares, 0, 1) * 255 + 0.5).astype(np.int64)
    found = np.zeros(shares.shape, bool)
    for further in (-1, 0, 1):
        found |= (MAGMA[np.clip(index + further, 0, 255)] == pixels).all(axis=-1)
    return found
