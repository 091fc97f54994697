"""`make demo` and what it is made of: the choice of an interpreter, mistakes told early, and nothing left running."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"
REAL = f'#!/bin/sh\nexec "{sys.executable}" "$@"\n'
BROKEN_SHIM = "#!/bin/sh\necho 'the version manager has no such version' >&2\nexit 127\n"
TOO_OLD = "#!/bin/sh\nexit 1\n"
WITHOUT_ENSUREPIP = f'#!/bin/sh\ncase "$2" in *ensurepip*) exit 1 ;; esac\nexec "{sys.executable}" "$@"\n'


def _find_python(folder: Path, programs: dict[str, str], python: str = "") -> subprocess.CompletedProcess[str]:
    """Run the search where nothing but `programs`, given by their paths below `folder`, is on the PATH."""
    paths = []
    for name, text in programs.items():
        program = folder / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(text)
        program.chmod(0o755)
        if str(program.parent) not in paths:
            paths.append(str(program.parent))
    environment = {"PATH": os.pathsep.join(paths), "PYTHON": python}
    shell = shutil.which("sh")
    assert shell is not None
    return subprocess.run(
        [shell, SCRIPTS / "find_python.sh"], env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("programs", "chosen"),
    [
        ({"a/python3": REAL}, "a/python3"),
        ({"a/python3": BROKEN_SHIM, "b/python3": REAL}, "b/python3"),
        ({"a/python3": TOO_OLD, "a/python3.12": REAL}, "a/python3.12"),
        ({"a/python3.11": REAL, "a/python3.13": REAL}, "a/python3.13"),
        ({"a/python3": WITHOUT_ENSUREPIP, "a/python": REAL}, "a/python"),
        ({"a b/python3": BROKEN_SHIM, "c d/python3": REAL}, "c d/python3"),
    ],
)
def test_the_first_interpreter_that_really_works_is_chosen(tmp_path, programs, chosen):
    found = _find_python(tmp_path, programs)
    assert (found.returncode, found.stdout, found.stderr) == (0, f"{tmp_path / chosen}\n", "")


@pytest.mark.parametrize(
    ("programs", "named"),
    [
        ({"a/python3": BROKEN_SHIM}, "Python 3.10 to 3.13"),
        ({"a/python3": BROKEN_SHIM, "a/apt-get": REAL}, "apt-get install python3-venv"),
        (
            {"a/python3": WITHOUT_ENSUREPIP, "a/apt-get": REAL},
            f"apt-get install python{sys.version_info[0]}.{sys.version_info[1]}-venv",
        ),
        ({"a/brew": REAL}, "brew install python@3"),
    ],
)
def test_without_an_interpreter_one_line_names_the_package(tmp_path, programs, named):
    found = _find_python(tmp_path, programs)
    assert (found.returncode, found.stdout) == (1, "")
    assert named in found.stderr
    assert found.stderr.count("\n") == 1


def test_the_interpreter_asked_for_is_taken_or_refused(tmp_path):
    programs = {"a/python3": REAL, "other/mine": REAL, "other/broken": BROKEN_SHIM}
    assert _find_python(tmp_path, programs, str(tmp_path / "other/mine")).stdout == f"{tmp_path / 'other/mine'}\n"
    refused = _find_python(tmp_path, programs, str(tmp_path / "other/broken"))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert f"PYTHON={tmp_path / 'other/broken'}" in refused.stderr


def _demo(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, SCRIPTS / "demo.py", *options], capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize(
    "options",
    [
        ("--port", "0"),
        ("--port", "65536"),
        ("--port", "http"),
        ("--epochs", "0"),
        ("--epochs", "2.5"),
        ("--epochs", ""),
        ("--logdir", ""),
        ("--logdir", " "),
    ],
)
def test_a_setting_out_of_range_is_named(options):
    answer = _demo(*options)
    assert (answer.returncode, answer.stdout) == (1, "")
    setting = f"{options[0].removeprefix('--').upper()}={options[1]}"
    assert answer.stderr.startswith(f"\nmake demo: {setting} ")
    assert "usage" not in answer.stderr


def test_a_port_in_use_is_refused_before_anything_is_done(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        answer = _demo("--port", str(port), "--logdir", str(tmp_path / "logs"))
    assert (answer.returncode, answer.stdout) == (1, "")
    assert f"port {port} is in use" in answer.stderr
    assert not (tmp_path / "logs").exists()


def test_a_log_folder_that_cannot_be_written_to_is_named(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    answer = _demo("--port", str(port), "--logdir", str(tmp_path / "file" / "logs"))
    assert (answer.returncode, answer.stdout) == (1, "")
    assert f"LOGDIR={tmp_path / 'file' / 'logs'}" in answer.stderr


GRANDPARENT = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from supervisor import FailedError, StoppedError, Supervisor

    with Supervisor() as supervisor:
        try:
            beside = supervisor.start(["sh", "-c", sys.argv[1]], cwd=Path.cwd())
            supervisor.run(["sh", "-c", sys.argv[2]], cwd=Path.cwd(), beside=[beside])
        except FailedError as failure:
            sys.exit(str(failure))
        except StoppedError as stopped:
            sys.exit(stopped.status)
    """
)
# The grandchild holds the pipe open: reading it to its end is waiting for every process to be gone.
GRANDCHILD = "echo started; sleep 1000; true"


def _supervise(beside: str, main: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", GRANDPARENT, beside, main],
        cwd=SCRIPTS,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_every_descendant(number):
    supervised = _supervise(GRANDCHILD, GRANDCHILD)
    assert supervised.stdout is not None
    assert [supervised.stdout.readline(), supervised.stdout.readline()] == ["started\n", "started\n"]
    os.killpg(supervised.pid, number)
    supervised.communicate(timeout=60)
    assert supervised.returncode == 128 + number


def test_a_failed_program_is_told_and_ends_the_other():
    supervised = _supervise(GRANDCHILD, "exit 3")
    _, told = supervised.communicate(timeout=60)
    assert supervised.returncode == 1
    assert "failed with status 3: sh -c exit 3" in told


def test_the_end_of_a_program_that_should_go_on_is_told_and_ends_the_main_one():
    supervised = _supervise("exit 0", GRANDCHILD)
    _, told = supervised.communicate(timeout=60)
    assert supervised.returncode == 1
    assert "ended by itself with status 0" in told


def test_a_program_that_ignores_polite_signals_is_killed(tmp_path):
    ready = tmp_path / "ready"
    stubborn = f"trap '' INT TERM; touch '{ready}'; while :; do sleep 1; done"
    supervised = _supervise(stubborn, f"until [ -e '{ready}' ]; do sleep 0.1; done")
    supervised.communicate(timeout=60)
    assert supervised.returncode == 0
