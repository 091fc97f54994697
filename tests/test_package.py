"""`pip install .` alone gives a working plugin: the wheel holds the panel, and TensorBoard finds it there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = "tensorboard_plugin_cnnviz"


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """The wheel's content, as pip puts it into a folder."""
    site = tmp_path_factory.mktemp("site")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", site, wheel]
    subprocess.run(install, check=True, capture_output=True)
    return site


def test_nothing_is_missing(installed):
    here = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / PACKAGE).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert here <= {path.relative_to(installed).as_posix() for path in installed.rglob("*") if path.is_file()}
    assert f"{PACKAGE}/static/index.js" in here


def test_the_installed_plugin_serves_its_panel(installed):
    program = f"""
import sys
sys.path.insert(0, {str(installed)!r})
import {PACKAGE}
assert {PACKAGE}.__file__.startswith({str(installed)!r})
from importlib.metadata import distribution
(entry,) = [e for e in distribution({PACKAGE!r}).entry_points if e.group == "tensorboard_plugins"]
from tensorboard import plugin_util
from tensorboard.backend.application import TensorBoardWSGIApp
from tensorboard.plugins.core.core_plugin import CorePluginLoader
from tensorboard.backend.event_processing.data_provider import MultiplexerDataProvider
from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer
from argparse import Namespace
from werkzeug.test import Client
flags = Namespace(logdir="logs", logdir_spec="", samples_per_plugin={{}}, path_prefix="", generic_data="auto",
                  window_title="", host="localhost", bind_all=False, reload_interval=5)
provider = MultiplexerDataProvider(EventMultiplexer(), "logs")
app = TensorBoardWSGIApp(flags, [entry.load()(), CorePluginLoader()], provider)
answer = Client(app).get("/data/plugin/cnnviz/index.js")
assert answer.status_code == 200, answer.status
assert len(answer.data) > 10_000
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_wheel_needs_no_node(installed):
    assert not list(installed.rglob("*.ts"))
    assert not list(installed.rglob("package.json"))
