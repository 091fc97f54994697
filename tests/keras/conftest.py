"""TensorFlow with two threads and without its start-up messages; models trained in many ways."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.once import made_once

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

ROOT = Path(__file__).parents[2]
FOUND = "found.json"


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Where `tests.keras.training` trained, and what it found of each way."""
    directory = made_once(tmp_path_factory, "training", train)
    return directory, json.loads((directory / FOUND).read_text())


def train(directory: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.keras.training", str(directory)],
        cwd=ROOT,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    (directory / FOUND).write_text(done.stdout.splitlines()[-1])
