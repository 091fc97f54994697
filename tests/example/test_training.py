"""The commands of the example's README, run on little sound, and what the training script says and leaves."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
from clips import CLASSES

from scripts.environment import REQUIREMENTS
from tests.e2e.tensorboard import TensorBoard

from . import EXAMPLE, irmas_tree

ROOT = EXAMPLE.parents[1]
README = (EXAMPLE / "README.md").read_text(encoding="utf-8")
RENDERED, IRMAS = (block.splitlines() for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL))
TRAIN = "examples/instrument_recognition/train.py"

UNTIL_IT_RISES = ["--epochs", "30", "--patience", "0"]

# Runs the script as typed, with a few short sounds instead of many long ones.
ON_LITTLE_SOUND = """
import functools, pathlib, runpy, sys
sys.path.insert(0, str(pathlib.Path(sys.argv[1]).parent))
import rendered, sounds
rendered.Phrases = functools.partial(sounds.Phrases, training=2, validation=2, seconds=1.1)
rendered.Excerpts = functools.partial(rendered.Excerpts, number=6, seconds=(1.5, 4.0))
rendered.load.__kwdefaults__["cache"] = pathlib.Path("cache")
del sys.argv[0]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def _run(command: list[str | Path], folder: Path) -> str:
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _arguments(line: str, program: str) -> list[str]:
    typed, *arguments = shlex.split(line)
    assert typed == program
    return arguments


def test_what_is_installed_is_what_the_tests_have():
    for line, files in ((RENDERED[0], ["requirements.txt"]), (IRMAS[0], ["requirements-irmas.txt"])):
        arguments = _arguments(line, "pip")
        named = [argument for argument in arguments if argument.endswith(".txt")]
        assert [Path(name).name for name in named] == files
        assert set(named) <= set(REQUIREMENTS["test"])
        assert arguments[: len(arguments) - 2] in (["install", "."], ["install"])


def test_rendered_sound_is_trained_on_tested_on_and_shown(tmp_path):
    """Until the validation loss rises for the first time."""
    train, tensorboard = RENDERED[1:]
    script, *options = _arguments(train, "python")
    assert script == TRAIN
    said = _run([sys.executable, "-c", ON_LITTLE_SOUND, ROOT / script, *options, *UNTIL_IT_RISES], tmp_path)
    epochs = re.findall(r"val_accuracy: (\S+) - val_loss: (\S+)", said)
    losses = [float(loss) for _, loss in epochs]
    assert len(epochs) < 30
    assert losses[-1] >= losses[-2] == min(losses)
    # The best weights are back.
    accuracy = float(epochs[-2][0])
    assert f"Validation accuracy: {accuracy:.2f} (11 classes, chance is 0.09)" in said
    check_report(said, excerpts=6, data="rendered phrases")
    [run] = (tmp_path / "logs").iterdir()
    check_model(run)
    assert _arguments(tensorboard, "tensorboard") == ["--logdir", "logs"]
    with TensorBoard(tmp_path / "logs") as served:
        served.wait_for(f"{run.name}/cnnviz", len(epochs) - 1)
        layout = served.read("steps", run=f"{run.name}/cnnviz")["layout"]
    assert [probe["detail"] for probe in layout["probes"]] == [*details(), *["summary"] * 22]


def test_irmas_is_downloaded_and_trained_on(tmp_path):
    """Zenodo's part is played by a small tree's archives; one epoch instead of many."""
    irmas_tree.write(tmp_path)
    irmas_tree.pack(tmp_path)
    on_tree = [sys.executable, "-m", "tests.example.irmas_tree", tmp_path]
    download, train = IRMAS[1:]
    _run([*on_tree, *_arguments(download, "python")], tmp_path)
    script, *options = _arguments(train, "python")
    assert script == TRAIN
    said = _run([*on_tree, ROOT / script, *options, "--epochs", "1"], tmp_path)
    check_report(said, excerpts=len(irmas_tree.TEST), data="IRMAS")
    [run] = (tmp_path / "logs").iterdir()
    check_model(run)
    with TensorBoard(tmp_path / "logs") as served:
        served.wait_for(f"{run.name}/cnnviz", 0)
        shown = served.read("steps", run=f"{run.name}/cnnviz")
        record = shown["steps"][-1]["record"]
        probes = served.read("manifest", run=f"{run.name}/cnnviz", file=record["probes"])["probes"]
    listed = irmas_tree.PARTS * 11 - 11
    assert [probe["detail"] for probe in probes] == [*details(), *["summary"] * listed]
    assert {probe["metadata"]["drums"] for probe in probes} == {None, True, False}
    assert {probe["metadata"]["genre"] for probe in probes} == {"pop_roc", "jaz_blu", "cla", "cou_fol", "lat_sou"}


def details() -> list[str]:
    """Of the eleven watched clips, in the order of the classes."""
    return ["windows" if name in {"clarinet", "piano", "violin"} else "strip" for name in CLASSES]


def check_report(said: str, *, excerpts: int, data: str) -> None:
    assert f"{excerpts} excerpts ({data})" in said
    for row in ("This model, S1 ", "This model, S2, by maximum ", "Gomez's reproduction of Han, S1 ", "voice "):
        assert re.search(rf"^{row}.*\.\d\d\d", said, re.MULTILINE), row


def check_model(run: Path) -> None:
    model = keras.models.load_model(run / "model.keras")
    assert model.predict_on_batch(np.zeros((1, 43, 128, 1), np.float32)).shape == (1, 11)


def test_an_incomplete_irmas_is_told_in_one_line(tmp_path):
    tree = irmas_tree.write(tmp_path, seconds=0.1)
    shutil.rmtree(tree / "IRMAS-TestingData-Part3")
    done = subprocess.run(
        [sys.executable, "-m", "tests.example.irmas_tree", tmp_path, ROOT / TRAIN, "--irmas", tree],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    told = [line for line in done.stderr.splitlines() if line.startswith("train.py: ")]
    assert len(told) == 1, done.stderr
    assert "2 of IRMAS-TestingData-Part3" in told[0]
    assert "Traceback" not in done.stderr


def test_no_progress_bar_counts_the_loading_of_librosa(tmp_path):
    """The first bar over clips asks whether librosa is in use by then, and ends the script."""
    asks = "lambda *_, **__: sys.exit('librosa.feature.spectral' not in sys.modules)"
    program = f"import features, probes\nprobes.tqdm = features.tqdm = {asks}\n"
    script = ON_LITTLE_SOUND.replace("del sys.argv[0]\n", f"{program}del sys.argv[0]\n")
    _run([sys.executable, "-c", script, ROOT / TRAIN, "--logdir", "unused"], tmp_path)


def test_the_training_script_reads_as_documentation():
    assert len((EXAMPLE / "train.py").read_text().splitlines()) < 100
