"""What the user is told, in words."""

from __future__ import annotations

import re

_COLOUR = re.compile("\x1b\\[[0-9;]*m")


def cause_of(error: Exception) -> str:
    """An exception on one line; Keras's own have several, and colours."""
    return f"{type(error).__name__}: {' '.join(_COLOUR.sub('', str(error)).split())}"


def say(message: str) -> None:
    """Print a message beside the progress bar."""
    # The progress bar may have left the cursor in the middle of a line.
    lines = "".join(f"\ncnnviz: {line}" for line in message.splitlines())
    print(lines, flush=True)  # noqa: T201
