"""The one root of all errors that this package raises; imports nothing."""

from __future__ import annotations


class CNNVizError(ValueError):
    """A mistake that the caller can mend: the message names the bad value and the remedy."""


class CNNVizWarning(UserWarning):
    """Something was not logged, or not as asked; training is not touched by it."""
