"""The packages that we are set beside, in a folder of their own: the tests' environment never sees them."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from .subject import CACHE

_REQUIREMENTS = Path(__file__).parent / "requirements.txt"


def add() -> None:
    """Make them importable, after all that is installed anyway; install them first where they are not there."""
    digest = hashlib.sha256(_REQUIREMENTS.read_bytes()).hexdigest()[:16]
    folder = CACHE / f"peers-{sys.version_info.major}.{sys.version_info.minor}-{digest}"
    if not folder.exists():
        unfinished = folder.with_suffix(".part")
        command = [sys.executable, "-m", "pip", "install", "--no-deps", "--target", unfinished, "-r", _REQUIREMENTS]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        unfinished.rename(folder)
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
