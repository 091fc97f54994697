"""Which steps are logged and where, and which mistakes are told when."""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from tensorboard_plugin_cnnviz import CNNVizCallback, Probe, SummaryWriter, log_model
from tensorboard_plugin_cnnviz.codes import NAN
from tensorboard_plugin_cnnviz.errors import CNNVizError, CNNVizWarning
from tests.keras.helpers import noise, probe_of

layers = keras.layers
AXES = ("time", "frequency", "channel")
SHAPE = (8, 6, 1)
X, Y = noise(12, *SHAPE, seed=5), np.eye(2, dtype=np.float32)[np.arange(12) % 2]


def build(*, with_input: bool = True) -> keras.Model:
    model = keras.Sequential(
        [
            *([keras.Input(SHAPE)] if with_input else []),
            layers.Conv2D(2, 3, name="conv"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(2, activation="softmax", name="out"),
        ],
        name="small",
    )
    # Compiled and run eagerly: nothing here depends on how training is run, and tracing it takes time.
    model.compile("sgd", "categorical_crossentropy", run_eagerly=True)
    return model


@pytest.fixture
def probe() -> Any:
    return probe_of(noise(3, *SHAPE), AXES)


def fit(model: keras.Model, *callbacks: keras.callbacks.Callback, **options: Any) -> None:
    model.fit(X, Y, batch_size=4, verbose=0, callbacks=[*callbacks], **options)


def steps(run: Path) -> list[int]:
    names = (re.fullmatch(r"(-?\d+)-[0-9a-f]{16}\.zip", path.name) for path in run.glob("plugins/cnnviz/*.zip"))
    return sorted(int(match[1]) for match in names if match)


def bundle(run: Path, step: int) -> zipfile.ZipFile:
    (path,) = run.glob(f"plugins/cnnviz/{step}-*.zip")
    return zipfile.ZipFile(path)


@pytest.mark.parametrize(
    ("options", "fitting", "logged"),
    [
        pytest.param({}, {"epochs": 3}, [-1, 0, 1, 2], id="every epoch"),
        pytest.param({"every": 2}, {"epochs": 5}, [-1, 0, 2, 4], id="every second"),
        pytest.param({"log_initial": False}, {"epochs": 2}, [0, 1], id="not before training"),
        pytest.param({}, {"epochs": 4, "initial_epoch": 2}, [2, 3], id="resumed"),
        pytest.param({"update_freq": 2}, {"epochs": 2}, [-1, 2, 4, 6], id="every second batch"),
        pytest.param({"update_freq": 100}, {"epochs": 2}, [-1], id="fewer batches than that"),
    ],
)
def test_logged_steps(
    tmp_path: Path,
    probe: Any,
    options: Any,
    fitting: Any,
    logged: list[int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    fit(build(), CNNVizCallback(tmp_path, [probe], **options), **fitting)
    assert steps(tmp_path / "cnnviz") == logged
    assert f" for {len(logged)} step" in capsys.readouterr().out


def test_batches_that_are_executed_together(tmp_path: Path, probe: Any, capsys: pytest.CaptureFixture[str]) -> None:
    model = build()
    model.compile("sgd", "categorical_crossentropy", steps_per_execution=3, jit_compile=False)
    model.fit(X, Y, batch_size=2, epochs=2, verbose=0, callbacks=[CNNVizCallback(tmp_path, [probe], update_freq=2)])
    assert steps(tmp_path / "cnnviz") == [-1, 3, 6, 9, 12]
    assert " for 5 steps" in capsys.readouterr().out


def test_batches_are_counted_on_in_a_second_training(
    tmp_path: Path, probe: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    model = build()
    fit(model, epochs=1)
    fit(model, CNNVizCallback(tmp_path, [probe], update_freq=2), epochs=3, initial_epoch=1)
    assert steps(tmp_path / "cnnviz") == [4, 6, 8]
    assert " for 3 steps" in capsys.readouterr().out


@pytest.mark.filterwarnings("ignore:Your input ran out of data")
def test_steps_of_a_number_that_is_not_known(tmp_path: Path, probe: Any, capsys: pytest.CaptureFixture[str]) -> None:
    batches = ((X[i : i + 4], Y[i : i + 4]) for i in range(0, 12, 4))
    build().fit(batches, verbose=0, shuffle=False, callbacks=[CNNVizCallback(tmp_path, [probe], update_freq=1)])
    assert steps(tmp_path / "cnnviz") == [-1, 1, 2, 3]
    assert re.search(
        r"per step, max_disk \(10 GB\) holds about \d{5,} of them whole \(they may fill 70 % of it\), ",
        capsys.readouterr().out,
    )


def test_a_second_training_resumes_the_run_or_starts_another(
    tmp_path: Path, probe: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    model, callback = build(), CNNVizCallback(tmp_path, [probe])
    fit(model, callback, epochs=2)
    fit(model, callback, epochs=3, initial_epoch=2)
    assert steps(tmp_path / "cnnviz") == [-1, 0, 1, 2]
    assert "cnnviz_2" not in capsys.readouterr().out
    fit(model, callback, epochs=1)
    assert steps(tmp_path / "cnnviz_2") == [-1, 0]
    assert "holds steps up to 2" in capsys.readouterr().out
    fit(model, callback, epochs=2, initial_epoch=1)
    assert steps(tmp_path / "cnnviz_2") == [-1, 0, 1]
    assert steps(tmp_path / "cnnviz") == [-1, 0, 1, 2]


def test_a_model_that_its_first_batch_builds(tmp_path: Path, probe: Any) -> None:
    with pytest.warns(CNNVizWarning, match="built by its first batch"):
        fit(build(with_input=False), CNNVizCallback(tmp_path / "a", [probe]), epochs=2)
    assert steps(tmp_path / "a" / "cnnviz") == [0, 1]
    quiet = CNNVizCallback(tmp_path / "b", [probe], log_initial=False, layers=["cnov"])
    with pytest.raises(CNNVizError, match=r"'cnov'.*'conv'"):
        fit(build(with_input=False), quiet, epochs=1)


def test_a_model_that_keras_takes_for_built(tmp_path: Path, probe: Any) -> None:
    class Subclassed(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.conv = layers.Conv2D(2, 3, name="conv")

        def call(self, x: Any) -> Any:
            return keras.ops.mean(self.conv(x), axis=(1, 2))

    model = Subclassed()
    with pytest.warns(UserWarning, match="does not have a `build"):
        model.build((None, *SHAPE))
    model.compile("sgd", "mse", run_eagerly=True)
    with pytest.warns(CNNVizWarning, match="built by its first batch"):
        fit(model, CNNVizCallback(tmp_path, [probe]), epochs=2)
    assert steps(tmp_path / "cnnviz") == [0, 1]


def test_disk_use_is_told_once(tmp_path: Path, probe: Any, capsys: pytest.CaptureFixture[str]) -> None:
    fit(build(), CNNVizCallback(tmp_path, [probe]), epochs=3)
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "per step" in line]
    assert re.search(r"[\d.]+ k?B per step, about [\d.]+ kB for 4 steps, [\d.]+ [GT]B are free$", line)


def test_weights_that_are_nan_are_logged_as_such(tmp_path: Path, probe: Any) -> None:
    model = build()
    conv = model.get_layer("conv")
    kernel = conv.kernel.numpy()
    kernel[..., 1] = np.nan
    conv.kernel.assign(kernel)
    log_model(model, [probe], tmp_path, layers=["conv"])
    with bundle(tmp_path / "cnnviz", 0) as step:
        codes = np.load(io.BytesIO(gzip.decompress(step.read("p0/l0/windows.0.npy.gz"))))
        ranges = np.load(io.BytesIO(step.read("ranges.npy")))
    assert (codes[1] == NAN).all()
    assert (codes[0] < NAN).all()
    assert ranges[0, 1].tolist() == [0, 0]
    expected = np.asarray(conv(probe.inputs))[..., 0]
    assert ranges[0, 0].tolist() == pytest.approx([expected.min(), expected.max()])


def test_who_logs_a_model_once_more_is_told_what_is_replaced(
    tmp_path: Path, probe: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    for times, told in enumerate([False, True]):
        run = log_model(build(), [probe], tmp_path)
        assert steps(run) == [0] * (times + 1)
        assert ("holds step 0 already: what is logged now takes its place" in capsys.readouterr().out) is told


def test_log_model_writes_step_0_and_answers_where(tmp_path: Path, probe: Any) -> None:
    model = build()
    run = log_model(model, [probe], tmp_path, class_names=["a", "b"])
    assert run == tmp_path / "cnnviz"
    assert steps(run) == [0]
    with bundle(run, 0) as step:
        predictions = np.load(io.BytesIO(step.read("predictions.npy")))
    np.testing.assert_allclose(predictions, model.predict(probe.inputs, verbose=0), rtol=1e-5)


def test_a_failure_while_training_is_told_once(tmp_path: Path, probe: Any) -> None:
    class FailsLater(keras.Model):
        fails = False

        def __init__(self) -> None:
            super().__init__()
            self.out = layers.Dense(2, activation="softmax", name="out")

        def call(self, x: Any, training: bool = False) -> Any:
            if self.fails and not training:
                raise RuntimeError("out of order {}")
            # A value that is read keeps the model from being traced, so that it is called anew at each step.
            return self.out(keras.ops.reshape(x, (-1, 48)) * float(x[0, 0, 0, 0] > -100))

    later = FailsLater()
    later(X)
    later.compile("sgd", "categorical_crossentropy", run_eagerly=True)
    breaks = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: setattr(later, "fails", epoch > 0))
    with pytest.warns(CNNVizWarning, match=r"step 1 was not logged: .*out of order \{\}") as told:
        fit(later, CNNVizCallback(tmp_path, [probe], log_initial=False), breaks, epochs=4)
    assert len([each for each in told if each.category is CNNVizWarning]) == 1
    assert steps(tmp_path / "cnnviz") == [0]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"every": 0}, "every=0"),
        ({"every": 1.5}, "every=1.5"),
        ({"update_freq": "batch"}, "update_freq='batch'"),
        ({"update_freq": 0}, "update_freq=0"),
        ({"max_disk": "lots"}, "max_disk='lots'"),
        ({"memory_budget": "-1MB"}, "memory_budget='-1MB'"),
        ({"keep": "some"}, "keep='some'"),
        ({"max_map_size": 0}, "max_map_size=0"),
        ({"class_names": "ab"}, "class_names='ab'"),
        ({"class_names": {"a", "b"}}, "class_names={"),
        ({"class_names": 2}, "class_names=2"),
        ({"class_names": ["a", "a"]}, "class_names has 'a' more than once"),
        ({"layers": "conv"}, "layers='conv'"),
        ({"layers": []}, r"layers=\[\]"),
        ({"layers": 2}, "layers=2"),
        ({"probes": 2}, "probes=2 must be a list"),
        ({"layer_axes": {"conv": "time"}}, "layer_axes\\['conv'\\]='time'"),
        ({"layer_axes": {"conv": ("time", "mel", "filter")}}, "'mel'"),
        ({"output": 1}, "output=1"),
        ({"log_dir": 3}, "log_dir=3"),
    ],
)
def test_mistakes_told_by_the_constructor(tmp_path: Path, probe: Any, options: dict[str, Any], says: str) -> None:
    arguments = {"log_dir": tmp_path / "logs", "probes": [probe], **options}
    with pytest.raises(CNNVizError, match=says):
        CNNVizCallback(**arguments)
    assert not (tmp_path / "logs").exists()


def test_the_constructor_tells_of_probes(tmp_path: Path, probe: Any) -> None:
    with pytest.raises(CNNVizError, match="'clip'"):
        CNNVizCallback(tmp_path, [probe, probe_of(noise(2, *SHAPE))])
    with pytest.raises(CNNVizError, match=r"probes=\[\]"):
        CNNVizCallback(tmp_path, [])
    with pytest.raises(CNNVizError, match=r"probes=<Probe 'clip'.*must be a list"):
        CNNVizCallback(tmp_path, probe)


@pytest.mark.parametrize("log", ["fit", "log_model"])
def test_a_label_that_is_no_class_is_told_once(tmp_path: Path, log: str) -> None:
    mislabelled = Probe("clip", noise(2, *SHAPE), [[0, 1], [1, 2]], input_axes=AXES, label="tnoe")
    classes = ["tone", "burst"]

    def log_it() -> None:
        if log == "fit":
            fit(build(), CNNVizCallback(tmp_path, [mislabelled], class_names=classes), epochs=2)
        else:
            log_model(build(), [mislabelled], tmp_path, class_names=classes)

    with pytest.warns(CNNVizWarning) as told:
        log_it()
    (message,) = [str(each.message) for each in told]
    assert message.startswith("label 'tnoe' of probe 'clip' is not in class_names")
    assert message.endswith("did you mean 'tone'?")


def test_lists_may_be_given_as_anything_that_is_gone_through_once(tmp_path: Path, probe: Any) -> None:
    names = np.array(["oboe", "horn"])
    log_model(build(), (each for each in [probe]), tmp_path, layers=(name for name in ["conv"]), class_names=names)
    with bundle(tmp_path / "cnnviz", 0) as step:
        layout = json.loads(step.read("manifest.json"))["layout"]
    assert ([each["name"] for each in layout["layers"]], layout["classes"]) == (["conv"], ["oboe", "horn"])


@pytest.mark.parametrize(
    ("shape", "axes", "says"),
    [
        pytest.param(
            (6, 8, 1),
            ("frequency", "time", "channel"),
            r'\(6, 8, 1\) \(frequency, time, channel\).*takes \(8, 6, 1\).*axes=\("time", "frequency", "channel"\)',
            id="transposed",
        ),
        pytest.param(
            (8, 6), ("time", "frequency"), r'\(8, 6\).*axes=\("time", "frequency", "channel"\)', id="no channel"
        ),
        pytest.param((6, 8, 1), None, r"transpose\(0, 2, 1, 3\)", id="transposed, axes not named"),
        pytest.param((8, 6), None, r"inputs\[\.\.\., np\.newaxis\]", id="no channel, axes not named"),
        pytest.param((8, 6), ("time", "channel"), r"inputs\[\.\.\., np\.newaxis\]", id="not of LogMel"),
        pytest.param((8, 7, 1), AXES, r"\(8, 7, 1\).*takes \(8, 6, 1\); cut windows", id="another size"),
    ],
)
def test_a_probe_that_does_not_fit_the_model(tmp_path: Path, shape: Any, axes: Any, says: str) -> None:
    with pytest.raises(CNNVizError, match=says):
        fit(build(), CNNVizCallback(tmp_path, [probe_of(noise(3, *shape), axes)]))


def test_a_probe_that_does_not_fit_a_subclassed_model(tmp_path: Path) -> None:
    class Subclassed(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.conv = layers.Conv2D(2, 3)

        def call(self, x: Any) -> Any:
            return keras.ops.mean(self.conv(x), axis=(1, 2))

    model = Subclassed()
    model(X)
    with pytest.raises(CNNVizError, match=r"\(8, 6\).*(8, 6, 1)"):
        log_model(model, [probe_of(noise(3, 8, 6))], tmp_path)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"layers": ["cnov"]}, "no layer 'cnov'.*'conv'"),
        ({"class_names": ["a", "b", "c"]}, "class_names has 3 names.*'out'.*gives 2 classes"),
        ({"output": "scores"}, "no output 'scores'.*'out'"),
    ],
)
def test_mistakes_told_before_training(tmp_path: Path, probe: Any, options: dict[str, Any], says: str) -> None:
    model = build()
    before = model.get_weights()
    with pytest.raises(CNNVizError, match=says):
        fit(model, CNNVizCallback(tmp_path, [probe], **options))
    for weight, value in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, value)
    assert steps(tmp_path / "cnnviz") == []


def test_a_log_directory_that_cannot_be_written_to(tmp_path: Path, probe: Any) -> None:
    (tmp_path / "file").write_text("")
    callback = CNNVizCallback(tmp_path / "file" / "logs", [probe])
    with pytest.raises(CNNVizError, match=r"log_dir '.*file/logs': Not a directory"):
        fit(build(), callback)


def test_several_inputs_are_named(tmp_path: Path) -> None:
    a, b = keras.Input((4,), name="a"), keras.Input((3,), name="b")
    model = keras.Model([a, b], layers.Dense(2)(layers.Concatenate()([a, b])))
    with pytest.raises(CNNVizError, match="takes 2 \\('a', 'b'\\)"):
        log_model(model, [probe_of({"a": noise(2, 4), "c": noise(2, 3)})], tmp_path)
    with pytest.raises(CNNVizError, match=r"input 'b' has shape \(4,\).*takes \(3,\)"):
        log_model(model, [probe_of({"a": noise(2, 4), "b": noise(2, 4)})], tmp_path)


def test_a_model_that_is_not_built(tmp_path: Path, probe: Any) -> None:
    with pytest.raises(CNNVizError, match="not built yet"):
        log_model(build(with_input=False), [probe], tmp_path)


def test_models_of_keras_2_are_named(tmp_path: Path, probe: Any) -> None:
    model = type("Functional", (), {"__module__": "tf_keras.src.engine.functional", "name": "old"})()
    with pytest.raises(CNNVizError, match="'old' is a tf_keras model"):
        CNNVizCallback(tmp_path, [probe]).set_model(model)
    with pytest.raises(CNNVizError, match=r"not a keras\.Model"):
        log_model("model.keras", [probe], tmp_path)


def test_other_backends_are_not_supported_yet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, probe: Any) -> None:
    model = build()
    monkeypatch.setattr(keras.config, "backend", lambda: "jax")
    with pytest.raises(CNNVizError, match='backend "jax" is not supported yet'):
        CNNVizCallback(tmp_path, [probe]).set_model(model)


def test_only_the_chief_writes_unless_every_worker_shall(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, probe: Any
) -> None:
    model = build()
    monkeypatch.setattr(type(model.distribute_strategy.extended), "should_save_summary", property(lambda _: False))
    fit(model, CNNVizCallback(tmp_path, [probe]), epochs=1)
    assert list(tmp_path.iterdir()) == []
    with SummaryWriter(tmp_path / "cnnviz", [probe]):  # the chief
        fit(model, CNNVizCallback(tmp_path, [probe], chief_only=False), epochs=1)
    assert list((tmp_path / "cnnviz_2" / "plugins" / "cnnviz").glob("0-*.zip"))
