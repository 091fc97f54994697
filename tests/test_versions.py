"""Which versions are supported is said alike everywhere, and `make versions` tries those that are on the machine."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ROOT / "scripts"
PROJECT = (ROOT / "pyproject.toml").read_text()
SUPPORTED = ["3.10", "3.11", "3.12", "3.13"]
HERE = "{}.{}".format(*sys.version_info)
OTHER = "3.12" if HERE != "3.12" else "3.11"
REAL = f'#!/bin/sh\nexec "{sys.executable}" "$@"\n'
BROKEN_SHIM = "#!/bin/sh\necho 'the version manager has no such version' >&2\nexit 127\n"
UV = f"""#!/bin/sh
[ "$*" = "python find --managed-python --no-python-downloads --system {HERE}" ] && echo {sys.executable}
"""
WITHOUT_ENSUREPIP = f'#!/bin/sh\ncase "$2" in *ensurepip*) exit 1 ;; esac\nexec "{sys.executable}" "$@"\n'


def _run(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program among the scripts."""
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=SCRIPTS,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("programs", "found"),
    [
        ({}, None),
        ({f"bin/python{HERE}": REAL}, f"bin/python{HERE}"),
        ({f"bin/python{HERE}": BROKEN_SHIM}, None),
        ({f"bin/python{HERE}": WITHOUT_ENSUREPIP}, None),
        ({f"bin/python{OTHER}": REAL}, None),
        (
            {f"bin/python{HERE}": BROKEN_SHIM, f"pyenv/versions/{HERE}.2/bin/python{HERE}": REAL},
            f"pyenv/versions/{HERE}.2/bin/python{HERE}",
        ),
        ({"bin/uv": UV}, sys.executable),
        ({"bin/uv": BROKEN_SHIM}, None),
    ],
)
def test_the_pythons_that_really_work_are_found(tmp_path, programs, found):
    for name, text in programs.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)
    said = _run(
        "import json, pythons; print(json.dumps(pythons.find_pythons(), default=str))",
        PATH=str(tmp_path / "bin"),
        HOME=str(tmp_path),
        PYENV_ROOT=str(tmp_path / "pyenv"),
    )
    assert (said.stderr, json.loads(said.stdout)) == ("", {} if found is None else {HERE: str(tmp_path / found)})


def test_all_that_is_supported_is_checked_with_the_lowest_and_without_the_rest(wheel):
    said = _run(
        "import json, pathlib; from check_versions import list_checks; "
        f"print(json.dumps(list_checks(pathlib.Path({str(wheel)!r}))))"
    )
    *newest, lowest, alone = json.loads(said.stdout)
    assert [check[1] for check in newest] == [version for version in SUPPORTED if version != HERE]
    assert all(check[2][0] == str(wheel) and "keras>=3.12" in check[2] for check in newest)
    pins = wheel.with_name("lowest.txt")
    assert (lowest[1], lowest[2][-2:]) == (SUPPORTED[0], ["--constraint", str(pins)])
    needs = PROJECT.partition("dependencies = [")[2].partition("test = [")[0]
    bounds = re.findall(r'"([\w-]+)>=([\d.]+)', needs)
    assert sorted({"tensorflow-cpu==2.21", *(f"{name}=={bound}" for name, bound in bounds)}) == pins.read_text().split()
    assert alone[1:] == [HERE, [str(wheel)], ["isal", "keras", "tensorflow"]]


def test_a_python_that_is_not_there_is_named_and_a_check_that_fails_fails_all():
    said = _run(
        "import check_versions as c\n"
        "c.build_wheel = lambda folder: None\n"
        "old, now = c.Check('of old', '3.9', []), c.Check('of now', c.HERE, ['--no-such-option'])\n"
        "c.list_checks = lambda wheel: [old, now]\n"
        "raise SystemExit(c.main())"
    )
    assert said.returncode == 1
    assert re.search(r"FAILED of now: .*\n(.*\n)*no such option: --no-such-option", said.stdout)
    assert "SKIPPED of old: no Python 3.9" in said.stdout


def test_the_supported_pythons_are_named_alike_everywhere():
    classifiers = re.findall(r"Python :: (3\.\d+)", PROJECT)
    assert classifiers == SUPPORTED
    assert f'requires-python = ">={SUPPORTED[0]}"' in PROJECT
    (matrix,) = re.findall(r"python: (\[.*\])", (ROOT / ".github" / "workflows" / "ci.yml").read_text())
    assert json.loads(matrix) == SUPPORTED
    first, last = (version.split(".")[1] for version in (SUPPORTED[0], SUPPORTED[-1]))
    assert f"(3, {first}) <= sys.version_info[:2] <= (3, {last})" in (SCRIPTS / "find_python.sh").read_text()
    said = f"Python {SUPPORTED[0]} to {SUPPORTED[-1]}"
    assert all(said in (ROOT / name).read_text() for name in ("README.md", "CONTRIBUTING.md", "scripts/find_python.sh"))
