"""What could be kept elsewhere than in a file system is reached through one module alone."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import tensorboard_plugin_cnnviz

PACKAGE = Path(tensorboard_plugin_cnnviz.__file__).parent
# TensorBoard's own files; a lock; a user's sound; the package's own panel; where runs lie.
OTHERS = {
    "events.py",
    "run_lock.py",
    "audio.py",
    "server/panel_files.py",
    "keras/run_directory.py",
    "keras/options.py",
}
ACCESS = {
    *("open", "exists", "is_file", "is_dir", "stat", "lstat", "fstat", "iterdir", "glob", "rglob", "scandir"),
    *("listdir", "mkdir", "makedirs", "touch", "unlink", "rmdir", "rename", "fsync", "disk_usage", "statvfs"),
    *("truncate", "read_bytes", "write_bytes", "read_text", "write_text"),
}
IN_MEMORY = "wave.open"
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


def accesses(source: str) -> set[str]:
    """The calls in a module that can only be meant for files."""
    calls = [ast.unparse(node.func) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return {call.rpartition(".")[2] for call in calls if call != IN_MEMORY} & ACCESS


@pytest.mark.parametrize("module", sorted({*MODULES} - OTHERS - {"bundle_files.py"}))
def test_no_other_module_touches_a_bundles_file(module: str) -> None:
    assert not accesses((PACKAGE / module).read_text(encoding="utf-8"))


@pytest.mark.parametrize("module", sorted({*OTHERS, "bundle_files.py"}))
def test_an_exception_is_still_one(module: str) -> None:
    assert accesses((PACKAGE / module).read_text(encoding="utf-8"))
