"""What the user is told, in words."""

from __future__ import annotations

import contextlib
import re
import shutil
from pathlib import Path

from tensorboard_plugin_cnnviz.disk import size_text

_COLOUR = re.compile("\x1b\\[[0-9;]*m")


def disk_message(directory: Path, bytes_per_step: int, steps: int | None) -> str:
    """Name the bytes per step, the total where the number of `steps` is known, and the free space."""
    parts = [f"{size_text(bytes_per_step)} per step"]
    if steps:
        parts.append(f"about {size_text(bytes_per_step * steps)} in all for {steps} step{'s' * (steps != 1)}")
    # The directory may be gone already; the message can do without.
    with contextlib.suppress(OSError):
        parts.append(f"{size_text(shutil.disk_usage(directory).free)} free")
    return f"{directory}: {', '.join(parts)}"


def cause_of(error: Exception) -> str:
    """An exception on one line; Keras's own have several, and colours."""
    return f"{type(error).__name__}: {' '.join(_COLOUR.sub('', str(error)).split())}"


def say(message: str) -> None:
    """Print a message beside the progress bar."""
    # The progress bar may have left the cursor in the middle of a line.
    print(f"\ncnnviz: {message}", flush=True)  # noqa: T201
