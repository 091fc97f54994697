"""Builds the panel anew and compares it with the built one that is kept in the package, byte by byte."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from environment import ROOT

KEPT = ROOT / "tensorboard_plugin_cnnviz" / "static"


def main() -> int:
    """Give 1 where the two differ."""
    with tempfile.TemporaryDirectory() as folder:
        npm = Path(__file__).with_name("npm.py")
        built = subprocess.run([sys.executable, npm, "run", "build", "--", folder], check=False)
        if built.returncode:
            return built.returncode
        kept, fresh = _contents(KEPT), _contents(Path(folder))
    differing = sorted(name for name in kept.keys() | fresh.keys() if kept.get(name) != fresh.get(name))
    if differing:
        print(f"{KEPT} is not what frontend/ builds; run `make build` and commit {', '.join(differing)}.")
        return 1
    print(f"The built panel is up to date: {', '.join(sorted(kept))}")
    return 0


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


if __name__ == "__main__":
    sys.exit(main())
