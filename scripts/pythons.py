"""Finds the supported Pythons of this machine: on the PATH, in pyenv's folder, and those that uv has installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

SUPPORTED = ("3.10", "3.11", "3.12", "3.13")


def find_pythons() -> dict[str, Path]:
    """Map each supported version that is here, such as "3.12", to an interpreter that can make environments."""
    found = {}
    for version in SUPPORTED:
        usable = next((path for path in _candidates(version) if _makes_environments(path, version)), None)
        if usable is not None:
            found[version] = usable
    return found


def _candidates(version: str) -> Iterator[Path]:
    name = f"python{version}"
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        yield Path(folder or ".").absolute() / name
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(pyenv.glob(f"versions/{version}.*/bin/{name}"), reverse=True)
    if uv := shutil.which("uv"):
        # Its own only, for it gives up at a broken shim on the PATH; and without downloading one that is not here.
        command = [uv, "python", "find", "--managed-python", "--no-python-downloads", "--system", version]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
        if answer.returncode == 0:
            yield Path(answer.stdout.strip())


def _makes_environments(python: Path, version: str) -> bool:
    """Being there is not enough: shims of version managers may point nowhere, and Debian splits ensurepip off."""
    script = "import ensurepip, sys, venv; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run([python, "-c", script], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return answer.returncode == 0 and answer.stdout.strip() == version
