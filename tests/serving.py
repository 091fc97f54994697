"""Starts TensorBoard by a command, as a user does."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def serving(command: Sequence[str | Path], folder: Path) -> Iterator[str]:
    """Run a command that starts TensorBoard, in a folder and on a free port; gives the address that it prints."""
    process = subprocess.Popen([*command, "--port=0"], cwd=folder, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        printed = ""
        for line in process.stderr:
            printed += line
            if found := re.search(r"at (http://\S+)", line):
                yield found[1]
                return
        raise AssertionError(f"TensorBoard ended with status {process.wait()}: {printed}")
    finally:
        process.terminate()
        process.communicate()
