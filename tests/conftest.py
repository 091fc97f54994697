"""What holds for every test, and what several need."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tensorboard_plugin_cnnviz.warn import logger

from .small_disk import NotAllowedError, SmallDisk, small_disk

# A deadline would test the machine, and what else runs on it, instead of the code.
settings.register_profile("cnnviz", deadline=None)
settings.load_profile("cnnviz")

# Of librosa's functions that two processes compile at the same moment a cache may remain that crashes whoever loads it
# (numba): each process that tests has one of its own, until it ends.
_COMPILED = tempfile.TemporaryDirectory(prefix="numba-")
os.environ["NUMBA_CACHE_DIR"] = _COMPILED.name

BUILD_WHEEL = Path(__file__).resolve().parent.parent / "scripts" / "build_wheel.py"


@pytest.fixture(autouse=True)
def no_warning_passes_unseen(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """While a model trains our warnings are logged where they would be errors, as they are in these tests."""
    yield
    assert [each.getMessage() for each in caplog.get_records("call") if each.name == logger.name] == []


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package's wheel, built of the files as they are."""
    build = [sys.executable, BUILD_WHEEL, tmp_path_factory.mktemp("wheel")]
    return Path(subprocess.run(build, check=True, capture_output=True, text=True).stdout.strip())


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A file system of 800 kB."""
    (tmp_path / "disk").mkdir()
    try:
        with small_disk(tmp_path / "disk", 800_000) as mounted:
            yield mounted
    except NotAllowedError as error:
        pytest.skip(str(error))
