"""Builds the package's wheel as `pip install .` does: `build_wheel.py FOLDER` puts it there and prints its path."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from environment import ROOT

PACKAGE = "tensorboard_plugin_cnnviz"


def build_wheel(folder: Path) -> Path:
    """Build the wheel of the files as they are, into `folder`."""
    with tempfile.TemporaryDirectory() as copy:
        # From a copy: setuptools builds in the source folder, and what an older build left there would get into it.
        shutil.copytree(ROOT / PACKAGE, Path(copy) / PACKAGE, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
            shutil.copy(ROOT / name, copy)
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, copy]
        subprocess.run(command, check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


if __name__ == "__main__":
    print(build_wheel(Path(sys.argv[1])))
