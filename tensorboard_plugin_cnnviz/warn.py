"""Warnings that do not end a training."""

from __future__ import annotations

import logging
import warnings

from .errors import CNNVizWarning

logger = logging.getLogger("tensorboard_plugin_cnnviz")


def warn(message: str, *, stacklevel: int) -> None:
    """Warn at the frame that `warnings.warn` would mean by `stacklevel`; never raises.

    Where warnings are turned into errors (``python -W error``) the message is logged instead: what could not be logged
    of a training is no reason to lose the training.
    """
    try:
        warnings.warn(message, CNNVizWarning, stacklevel=stacklevel + 1)
    except CNNVizWarning:
        logger.warning(message)
