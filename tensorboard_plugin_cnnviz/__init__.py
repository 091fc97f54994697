"""See and hear what every filter of a network trained on sound does, in TensorBoard's CNN Audio tab.

Public names are loaded on first use: TensorBoard imports this package to find the plugin, and must not wait for Keras
or librosa.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .errors import CNNVizError as CNNVizError
    from .keras.callback import CNNVizCallback as CNNVizCallback
    from .keras.log_model import log_model as log_model
    from .probes import LogMel as LogMel
    from .probes import Probe as Probe
    from .probes import Windows as Windows
    from .writer import Response as Response
    from .writer import SummaryWriter as SummaryWriter

_HOMES = {
    "CNNVizCallback": ".keras.callback",
    "CNNVizError": ".errors",
    "LogMel": ".probes",
    "Probe": ".probes",
    "Response": ".writer",
    "SummaryWriter": ".writer",
    "Windows": ".probes",
    "log_model": ".keras.log_model",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        home = importlib.import_module(_HOMES[name], __name__)
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in ("keras", "tensorflow"):
            raise
        raise ModuleNotFoundError(
            f'{name} needs Keras and TensorFlow, but {missing} is not installed: pip install "{__name__}[keras]"',
            name=missing,
        ) from error
    return getattr(home, name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
