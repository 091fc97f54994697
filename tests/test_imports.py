"""What TensorBoard loads must not wait for, nor fail with, what only the logging side needs."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = ("keras", "librosa", "numba", "soundfile", "tensorflow", "tf_keras")
PACKAGE = "tensorboard_plugin_cnnviz"

_PROBE = """
import importlib, json, sys
for name in sys.argv[1].split():
    importlib.import_module(name)
print(json.dumps(sorted({module.partition(".")[0] for module in sys.modules})))
"""


def imported_by(*modules: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", _PROBE, " ".join(modules)], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


@pytest.mark.parametrize(
    ("modules", "left_out"),
    [
        ([PACKAGE], {*HEAVY, "numpy", "tensorboard"}),
        ([f"{PACKAGE}.errors"], {*HEAVY, "numpy", "tensorboard"}),
        ([f"{PACKAGE}.server.loader"], {*HEAVY, "msgspec"}),
        ([f"{PACKAGE}.server.plugin"], set(HEAVY)),
        ([f"{PACKAGE}.bundle", f"{PACKAGE}.records", f"{PACKAGE}.timing"], {*HEAVY, "tensorboard"}),
        ([f"{PACKAGE}.probes"], {"keras", "librosa", "numba", "tensorflow"}),
        ([f"{PACKAGE}.writer"], {"keras", "librosa", "numba", "tensorflow"}),
    ],
    ids=lambda value: value[-1] if isinstance(value, list) else "",
)
def test_what_stays_out(modules: list[str], left_out: set[str]) -> None:
    assert not imported_by(*modules) & left_out


def test_the_server_never_imports_the_logging_side() -> None:
    code = f"import sys, {PACKAGE}.server.plugin; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    ours = {name for name in done.stdout.split() if name.startswith(f"{PACKAGE}.")}
    allowed = {"axis", "bundle", "bundle_files", "errors", "records", "server", "timing"}
    assert {name.split(".")[1] for name in ours} <= allowed


@pytest.mark.parametrize("missing", ["keras", "tensorflow"])
def test_without_keras_the_remedy_is_named(missing: str) -> None:
    code = f"import sys; sys.modules[{missing!r}] = None\nfrom {PACKAGE} import CNNVizCallback"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    last = done.stderr.strip().splitlines()[-1]
    assert (
        last == f"ModuleNotFoundError: CNNVizCallback needs Keras and TensorFlow, but {missing} is not installed: "
        f'pip install "{PACKAGE}[keras]"'
    )


def test_tensorboard_finds_the_loader() -> None:
    from importlib.metadata import entry_points

    (entry,) = [entry for entry in entry_points(group="tensorboard_plugins") if entry.name == "cnnviz"]
    assert entry.load().__name__ == "CNNVizLoader"
