"""Checks the built package with the supported versions that the tests do not run on.

Each check has an environment of its own, made for it and deleted: every other supported Python of this machine with the
newest packages; the lowest Python with the lowest packages that the wheel allows; and the Python at hand with the
package alone, without Keras, TensorFlow and isal. In each, `log_and_read_back.py` runs.
"""

from __future__ import annotations

import email
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from build_wheel import build_wheel
from environment import EXAMPLE_REQUIREMENTS
from packaging.requirements import Requirement
from pythons import SUPPORTED, find_pythons

AT_A_TIME = 2
PATIENCE = 20 * 60  # seconds for one command; only one that hangs takes as long
HERE = "{}.{}".format(*sys.version_info)
PROGRAM = Path(__file__).with_name("log_and_read_back.py")


class Check(NamedTuple):
    """One environment: the version of its Python, what pip installs, and which modules are not to be there."""

    title: str
    python: str
    install: list[str]
    absent: tuple[str, ...] = ()


def main() -> int:
    """Run the checks for which there is a Python; 1 where one failed."""
    pythons = {**find_pythons(), HERE: Path(sys.executable)}
    with tempfile.TemporaryDirectory() as folder:
        wanted = list_checks(build_wheel(Path(folder)))
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            possible = [check for check in wanted if check.python in pythons]
            passed = list(pool.map(lambda check: run(check, pythons[check.python]), possible))
    for check in wanted:
        if check not in possible:
            print(f"SKIPPED {check.title}: no Python {check.python} on the PATH, in pyenv or in uv")
    return 0 if all(passed) else 1


def list_checks(wheel: Path) -> list[Check]:
    """List what is to be checked, whether its Python is here or not."""
    keras = re.findall(r"^(?:keras|tensorflow).*", EXAMPLE_REQUIREMENTS.read_text(), re.MULTILINE)
    lowest = wheel.with_name("lowest.txt")
    lowest.write_text("\n".join(lowest_versions([*_requirements(wheel), *keras])))
    return [
        *(
            Check(f"Python {python}, newest packages", python, [str(wheel), *keras])
            for python in SUPPORTED
            if python != HERE
        ),
        Check(
            f"Python {SUPPORTED[0]}, lowest packages",
            SUPPORTED[0],
            [str(wheel), *keras, "--constraint", str(lowest)],
        ),
        Check(f"Python {HERE}, the package alone", HERE, [str(wheel)], absent=("isal", "keras", "tensorflow")),
    ]


def lowest_versions(requirements: Iterable[str]) -> list[str]:
    """Pin every requirement that has a lower bound to it."""
    bounds = [
        (requirement.name, specifier.version)
        for requirement in map(Requirement, requirements)
        for specifier in requirement.specifier
        if specifier.operator == ">="
    ]
    return sorted({f"{name}=={version}" for name, version in bounds})


def _requirements(wheel: Path) -> list[str]:
    """List what the wheel asks pip for, its needs for tests left out."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = email.message_from_bytes(archive.read(name))
    return [line for line in metadata.get_all("Requires-Dist", []) if 'extra == "test"' not in line]


def run(check: Check, python: Path) -> bool:
    """Make the environment, run the program in it, and print what it said; False where something failed."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        inside = Path(folder, "environment", "bin", "python")
        # A copy, so that nothing of the repository is on the program's path.
        program = shutil.copy(PROGRAM, folder)
        commands = [
            [python, "-m", "venv", Path(folder, "environment")],
            # Compiling what is never imported would take most of the time.
            [inside, "-m", "pip", "install", "--quiet", "--no-compile", *check.install],
            [inside, program, "--absent", *check.absent],
        ]
        if "isal" in check.absent:
            commands.insert(2, [inside, "-m", "pip", "uninstall", "--quiet", "--yes", "isal"])
        empty = Path(folder, "empty")
        empty.mkdir()
        for command in commands:
            done = _run(command, empty)
            if done.returncode:
                words = " ".join(map(str, command))
                print(f"FAILED {check.title}: {words}\n{done.stdout}{done.stderr}", flush=True)
                return False
    print(f"ok {check.title}, {(time.monotonic() - start) / 60:.1f} min\n{done.stdout}", flush=True)
    return True


def _run(command: Sequence[str | Path], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"}
    for name in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"):
        environment.pop(name, None)
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


if __name__ == "__main__":
    sys.exit(main())
