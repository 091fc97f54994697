"""Prints the path of a Chromium that runs: $CHROMIUM, one on the PATH, the distribution's, or Playwright's own.

What is printed on the way goes to stderr.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from environment import PYTHON

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def main() -> int:
    """Give 0 where a path was printed."""
    named = os.environ.get("CHROMIUM")
    if named:
        if not _runs(named):
            return _fail(f"CHROMIUM={named} does not run with --version; name another, or leave CHROMIUM unset.")
        print(shutil.which(named))
        return 0
    found = _on_path() or _from_apt() or _from_playwright()
    if not found:
        return _fail("No Chromium runs here, and none could be installed: install one, or set CHROMIUM to its path.")
    print(found)
    return 0


def _runs(path: str) -> bool:
    """Tell whether a browser answers: a wrapper of an app store that is not there is found on the PATH all the same."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, check=False, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _on_path() -> str | None:
    candidates = (shutil.which(name, path=folder) for name in _NAMES for folder in os.get_exec_path())
    return next((path for path in candidates if path and _runs(path)), None)


def _from_apt() -> str | None:
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return None
    _say("No Chromium on the PATH: installing the distribution's")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        if not _went_through(["apt-get", *arguments], quiet):
            return None
    return _on_path()


def _from_playwright() -> str | None:
    _say("Asking Playwright for its own Chromium")
    playwright = [str(PYTHON), "-m", "playwright"]
    if shutil.which("apt-get") and os.geteuid() == 0:
        # Where that fails, the libraries may be there all the same.
        _went_through([*playwright, "install-deps", "chromium"], None)
    if not _went_through([*playwright, "install", "chromium"], None):
        return None
    script = (
        "from playwright.sync_api import sync_playwright as start\nwith start() as p: print(p.chromium.executable_path)"
    )
    answer = subprocess.run([PYTHON, "-c", script], capture_output=True, text=True, check=False)
    path = answer.stdout.strip()
    return path if path and _runs(path) else None


def _went_through(command: list[str], environment: dict[str, str] | None) -> bool:
    return subprocess.run(command, stdout=sys.stderr, env=environment, check=False).returncode == 0


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _fail(text: str) -> int:
    _say(text)
    return 1


if __name__ == "__main__":
    sys.exit(main())
