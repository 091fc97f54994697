"""Keeps the project's own virtual environment, `.venv`, in step with what it must hold.

As a program: `environment.py KIND` installs what is missing for a kind of `REQUIREMENTS`.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"

_EXAMPLE = "examples/instrument_recognition/requirements.txt"
EXAMPLE_REQUIREMENTS = ROOT / _EXAMPLE
_IRMAS = "examples/instrument_recognition/requirements-irmas.txt"
REQUIREMENTS = {
    "demo": ["--editable", ".", "--requirement", _EXAMPLE],
    "test": ["--editable", ".[test]", "--requirement", _EXAMPLE, "--requirement", _IRMAS],
}
_DECIDES = ["pyproject.toml", "setup.py", _EXAMPLE, _IRMAS]


def is_current(kind: str) -> bool:
    """Tell whether the environment holds what `kind` needs, as the project's files say it now."""
    return _is_usable() and _stamp(kind).exists() and _stamp(kind).read_text() == _digest(kind)


def steps(kind: str) -> list[list[str]]:
    """List the commands, to be run in the project's folder, that bring the environment up to date; none where it is."""
    if is_current(kind):
        return []
    make = [] if _is_usable() else [[sys.executable, "-m", "venv", "--clear", str(VENV)]]
    # Python compiles what it imports; compiling everything beforehand takes as long as all the rest.
    return [*make, [str(PYTHON), "-m", "pip", "install", "--no-compile", *REQUIREMENTS[kind]]]


def mark_current(kind: str) -> None:
    """Remember that the commands of `steps` went through."""
    _stamp(kind).write_text(_digest(kind))


def _stamp(kind: str) -> Path:
    return VENV / f"installed-for-{kind}"


def _digest(kind: str) -> str:
    files = {name: (ROOT / name).read_text() for name in _DECIDES}
    decides = json.dumps([str(ROOT), REQUIREMENTS[kind], files])
    return hashlib.sha256(decides.encode()).hexdigest()


def _is_usable() -> bool:
    """Tell whether the environment runs, has pip, and belongs to the interpreter that runs this."""
    script = "import pip, sys; print(sys.base_prefix, sys.version)"
    try:
        answer = subprocess.run([PYTHON, "-c", script], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return answer.returncode == 0 and answer.stdout == f"{sys.base_prefix} {sys.version}\n"


def _main() -> int:
    kind = sys.argv[1]
    for step in steps(kind):
        status = subprocess.run(step, cwd=ROOT, check=False).returncode
        if status:
            print(f"Failed with status {status}: {' '.join(step)}", file=sys.stderr)
            return 1
    mark_current(kind)
    return 0


if __name__ == "__main__":
    sys.exit(_main())
