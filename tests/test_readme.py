"""The README is true: its Python runs, and its shell commands are the ones that CI runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")

# What a reader has before pasting: two sounds, a compiled model, its training data, another framework's arrays.
READERS_OWN = """
import keras, numpy as np, soundfile
from tensorboard_plugin_cnnviz import LogMel
for seed, name in enumerate(("violin", "flute")):
    soundfile.write(f"{name}.wav", np.random.default_rng(seed).normal(size=44100).clip(-1, 1) * 0.1, 22050)
model = keras.Sequential([
    keras.Input((43, 128, 1)), keras.layers.Conv2D(2, 3, activation="relu", name="conv1"),
    keras.layers.GlobalMaxPooling2D(), keras.layers.Dense(2, activation="softmax"),
])
model.compile("sgd", "categorical_crossentropy")
x, y = np.zeros((4, 43, 128, 1), "float32"), np.eye(2, dtype="float32")[[0, 1, 0, 1]]
windows = LogMel(22050).windows(*soundfile.read("violin.wav"))[0]
activations = keras.Model(model.inputs, model.layers[0].output)(windows).numpy().transpose(0, 2, 1, 3)
predictions = model(windows).numpy()
"""


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_python_runs_as_it_stands(tmp_path):
    program = "\n".join([READERS_OWN, *blocks("python")])
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    runs = {path.parent.parent.parent.name for path in tmp_path.glob("logs/*/cnnviz/plugins/cnnviz")}
    assert runs == {"run1", "run2", "pretrained"}
    for run in runs:
        assert list(tmp_path.glob(f"logs/{run}/cnnviz/plugins/cnnviz/*-*.zip"))


def test_every_shell_command_is_run_by_ci():
    commands = [line for block in blocks("sh") for line in block.splitlines()]
    # `make demo` and `make test` by .ci/run, the installation of the wheel by test_package.py, the example by
    # test_pretrained.py.
    example = "python examples/pretrained.py model.keras violin.wav flute.wav --class-names flute,violin"
    assert commands == ["make demo", "make test", "pip install .", example]


def test_links_and_pictures_are_there():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert "://" in target or (ROOT / target).is_file(), target
