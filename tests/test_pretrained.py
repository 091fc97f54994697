"""`examples/pretrained.py` on models saved here and sound files: what it logs, what it says, and what it refuses."""

from __future__ import annotations

import os
import runpy
import shlex
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import soundfile

from tests.e2e.tensorboard import TensorBoard
from tests.runs import bundles, load, manifest
from tests.sounds import RATE, log_mel_by_librosa, noise

PROGRAM = Path(__file__).parent.parent / "examples" / "pretrained.py"
FEATURES = {"hop_length": 256, "n_mels": 24, "window": 16, "window_hop": 8, "floor": 1e-2}
CLASSES = ["tone", "noise"]

OWN_LAYER = """
import keras
class Halve(keras.layers.Layer):
    def call(self, x):
        return x / 2
"""


def inputs(sound: np.ndarray) -> np.ndarray:
    """Float32 `[windows, frequency, time]`, by librosa alone."""
    options = {name: FEATURES[name] for name in ("hop_length", "n_mels", "floor")}
    frames = log_mel_by_librosa(sound / np.abs(sound).max(), **options)
    starts = range(0, frames.shape[1] - FEATURES["window"] + 1, FEATURES["window_hop"])
    return np.stack([frames[:, start : start + FEATURES["window"]] for start in starts]).astype(np.float32)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sound files, and a model with a layer of its own that has learnt to tell them apart."""
    folder = tmp_path_factory.mktemp("a users")
    tone = np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE).astype(np.float32)
    for name, sound in (("tone", tone), ("noise", noise(1.0))):
        soundfile.write(folder / f"{name}.wav", sound, RATE, subtype="FLOAT")
    (folder / "own.py").write_text(OWN_LAYER)

    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((FEATURES["n_mels"], FEATURES["window"], 1)),
            runpy.run_path(str(folder / "own.py"))["Halve"](),
            keras.layers.Conv2D(3, 3, activation="relu", name="conv"),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(2, activation="softmax", name="classes"),
        ],
        name="listener",
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    windows = np.concatenate([inputs(tone), inputs(noise(1.0))])[..., np.newaxis]
    model.fit(windows, np.repeat([0, 1], len(windows) // 2), epochs=2, verbose=0)
    model.save(folder / "model.keras")
    raw = [keras.Input((RATE, 1)), keras.layers.GlobalMaxPooling1D(), keras.layers.Dense(2)]
    keras.Sequential(raw, name="raw").save(folder / "raw.keras")
    return folder


def options(**others: object) -> list[str]:
    """The features as one types them."""
    given = {**FEATURES, "axes": "frequency,time,channel"} | others
    return [text for name, value in given.items() for text in (f"--{name.replace('_', '-')}", str(value))]


def test_a_saved_model_is_logged_and_the_next_command_shows_it(folder: Path) -> None:
    said = ["--class-names", ",".join(CLASSES), "--labels", "tone,noise", "--custom", "own.py", "--logdir", "the logs"]
    done = subprocess.run(
        [sys.executable, PROGRAM, "model.keras", "tone.wav", "noise.wav", *said, *options()],
        cwd=folder,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr

    first, command, last = done.stdout.strip().splitlines()[-3:]
    assert "2 clips logged to the logs/cnnviz" in first
    assert last == "and choose CNN Audio."
    program, option, logdir = shlex.split(command)
    assert (program, option) == ("tensorboard", "--logdir")
    with TensorBoard(folder / logdir) as server:
        server.wait_for("cnnviz", 0)

    own = {"Halve": runpy.run_path(str(folder / "own.py"))["Halve"]}
    model = keras.saving.load_model(folder / "model.keras", custom_objects=own)
    by_layer = keras.Model(model.inputs, [model.get_layer("conv").output, model.outputs[0]])
    (bundle,) = [path for path in bundles(folder / "the logs" / "cnnviz") if path.name.startswith("0-")]
    content, ranges, predictions = manifest(bundle), load(bundle, "ranges.npy"), load(bundle, "predictions.npy")
    assert content["layout"]["classes"] == CLASSES
    at = [layer["name"] for layer in content["layout"]["layers"]].index("conv")
    filters = content["layout"]["layers"][at]["first_filter"] + np.arange(3)
    row = 0
    for block, (name, response) in enumerate(zip(("tone", "noise"), content["responses"], strict=True)):
        assert content["layout"]["probes"][block]["name"] == name
        assert content["layout"]["probes"][block]["labels"] == [name]
        maps, scores = by_layer.predict(inputs(soundfile.read(folder / f"{name}.wav")[0])[..., np.newaxis], verbose=0)
        codes = np.concatenate([load(bundle, member["name"]) for member in response["layers"][at]["windows"]])
        lo, hi = ranges[block, filters].T[..., np.newaxis, np.newaxis, np.newaxis]
        np.testing.assert_allclose(lo + codes / 252 * (hi - lo), maps.transpose(3, 0, 2, 1), atol=(hi - lo).max() / 500)
        np.testing.assert_allclose(predictions[row : row + len(scores)], scores, atol=1e-4)
        row += len(scores)
    assert row == len(predictions)


def refusal(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> str:
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", [str(PROGRAM), *arguments, "--logdir", "never"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(PROGRAM), run_name="__main__")
    assert not list((folder / "never").rglob("*"))
    return str(ended.value.code) if isinstance(ended.value.code, str) else capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere.keras", "tone.wav"], ["nowhere.keras cannot be loaded: File not found"]),
        (["own.py", "tone.wav"], ["own.py cannot be loaded", "`.keras`"]),
        (["model.keras", "tone.wav"], ["Could not locate class 'Halve'", "--custom FILE.py"]),
        (["model.keras", "tone.wav", "--custom", "none.py"], ["No such file", "none.py"]),
        (["model.keras", "gone.wav"], ["'gone.wav' does not exist"]),
        (["model.keras", "own.py"], ["own.py' cannot be read as sound"]),
        (["model.keras", "tone.wav", "--labels", "tone,noise"], ["2 labels for 1 clips"]),
        (["model.keras", "tone.wav", "--window", "999"], ["probe 'tone'", "too short"]),
        (["model.keras", "tone.wav", "--detail", "some"], ["'some'", "'windows'", "'summary'"]),
        (["model.keras", "tone.wav", "--custom", "own.py", "--class-names", "a"], ["1 names", "2 classes"]),
        (
            ["model.keras", "tone.wav", "--custom", "own.py", "--axes", "time,frequency,channel"],
            ["(16, 24, 1)", "(24, 16, 1)", 'axes=("frequency", "time", "channel")'],
        ),
        (["raw.keras", "tone.wav"], ["model 'raw' takes (22050, 1)", "for raw audio or others put Windows(...)"]),
        (["model.keras"], ["CLIP.wav"]),
    ],
)
def test_a_mistake_is_told_in_a_sentence_and_nothing_is_written(folder, monkeypatch, capsys, arguments, told) -> None:
    given = [*arguments[:1], *options(), *arguments[1:]] if len(arguments) > 1 else arguments
    answer = refusal(folder, monkeypatch, capsys, given)
    assert all(each in answer for each in told), answer
    assert len(answer) < 600


def test_it_reads_as_documentation() -> None:
    assert len(PROGRAM.read_text().splitlines()) < 100
