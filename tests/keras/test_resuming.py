"""Trainings that go on: which run they choose, what of it stays, and that no step is lost or logged as another."""

from __future__ import annotations

import threading
import zipfile
from pathlib import Path
from typing import Any

import keras
import pytest

from tensorboard_plugin_cnnviz import CNNVizCallback, Probe, log_model
from tensorboard_plugin_cnnviz.records import parse_step_manifest
from tensorboard_plugin_cnnviz.writer import SummaryWriter
from tests.dying_writer import make_probe, make_response, start_holding
from tests.keras.helpers import noise
from tests.keras.killed_training import BATCHES, PROBE, SHAPE, X, Y, build, start, train
from tests.test_resuming import bundles, recorded

KILLED = {"every epoch": ("epoch", "cnnviz", "backup"), "every batch": ("1", "backup", "cnnviz")}


def fit(model: keras.Model, *callbacks: keras.callbacks.Callback, **options: Any) -> None:
    model.fit(X, Y, batch_size=4, verbose=0, callbacks=[*callbacks], **options)


def steps(run: Path) -> list[int]:
    return [step for step, _, _ in recorded(run)]


def layer_names(run: Path) -> list[list[str]]:
    """Of each record in turn, the layers of its bundle."""
    names = []
    for _, record, _ in recorded(run):
        assert record.bundle is not None
        with zipfile.ZipFile(bundles(run) / record.bundle.file) as archive:
            manifest = parse_step_manifest(archive.read("manifest.json"))
        names.append([layer.name for layer in manifest.layout.layers])
    return names


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Log directories of killed trainings, each for one test to go on with."""
    root = tmp_path_factory.mktemp("killed")
    processes = [start(root / name, *how) for name, how in KILLED.items()]
    assert all(process.wait() not in (0, 1) for process in processes)
    return root


def test_a_killed_training_that_keras_restores_goes_on_in_its_run(killed: Path) -> None:
    run = killed / "every epoch" / "cnnviz"
    assert steps(run) == [-1, 0, 1, 2]
    train(run.parent, *KILLED["every epoch"])
    assert steps(run) == [-1, 0, 1, 2, 3, 4]
    assert not (run.parent / "cnnviz_2").exists()


def test_batches_of_an_epoch_that_is_done_again_take_the_place_of_the_old_ones(killed: Path) -> None:
    run = killed / "every batch" / "cnnviz"
    done = 3 * BATCHES
    assert steps(run) == [-1, *range(1, done + 3)]
    train(run.parent, *KILLED["every batch"])
    old, again = recorded(run)[: done + 3], recorded(run)[done + 3 :]
    assert [step for step, _, _ in again] == list(range(done + 1, 5 * BATCHES + 1))
    # In a tag of its own: in the same one, TensorBoard would drop old steps before they are reached again.
    assert {tag for _, _, tag in old}.isdisjoint({tag for _, _, tag in again})


@pytest.mark.parametrize("backup_first", [False, True])
def test_weights_restored_within_the_first_epoch_are_not_those_before_training(
    tmp_path: Path, backup_first: bool
) -> None:
    def train_once(*more: keras.callbacks.Callback) -> None:
        both = [CNNVizCallback(tmp_path, [PROBE]), keras.callbacks.BackupAndRestore(tmp_path / "backup", save_freq=1)]
        fit(build(), *(reversed(both) if backup_first else both), *more, epochs=2)

    stops = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: interrupt(batch == 1))
    with pytest.raises(KeyboardInterrupt):
        train_once(stops)
    train_once()
    assert steps(tmp_path / "cnnviz") == [-1, 0, 1]


def interrupt(when: bool) -> None:
    if when:
        raise KeyboardInterrupt


def test_an_interrupted_training_lets_go_of_its_run(tmp_path: Path) -> None:
    threads = threading.active_count()
    stops = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: interrupt(epoch == 2))
    left_open = CNNVizCallback(tmp_path, [PROBE])
    with pytest.raises(KeyboardInterrupt):
        fit(build(), left_open, stops, epochs=5)
    fit(build(), CNNVizCallback(tmp_path, [PROBE]), initial_epoch=2, epochs=3)
    assert steps(tmp_path / "cnnviz") == [-1, 0, 1, 2]
    assert not (tmp_path / "cnnviz_2").exists()
    assert threading.active_count() <= threads


def test_each_training_from_the_start_has_a_run_of_its_own(tmp_path: Path, capsys: Any) -> None:
    for _ in range(3):
        fit(build(), CNNVizCallback(tmp_path, [PROBE], log_initial=False), epochs=1)
    assert [steps(tmp_path / name) for name in ("cnnviz", "cnnviz_2", "cnnviz_3")] == [[0], [0], [0]]
    told = [line for line in capsys.readouterr().out.splitlines() if "holds steps up to 0" in line]
    assert ["cnnviz_2" in told[0], "cnnviz_3" in told[1]] == [True, True]


def test_going_back_within_a_run_loses_nothing(tmp_path: Path, capsys: Any) -> None:
    model, callback = build(), CNNVizCallback(tmp_path, [PROBE])
    fit(model, callback, epochs=4)
    fit(model, callback, epochs=4, initial_epoch=3)
    fit(model, callback, epochs=2, initial_epoch=1)
    fit(model, callback, epochs=5, initial_epoch=4)
    run = tmp_path / "cnnviz"
    assert steps(run) == [-1, 0, 1, 2, 3, 3, 1, 4]
    assert len(list(bundles(run).glob("*.zip"))) == 8 + 1
    assert not (tmp_path / "cnnviz_2").exists()
    assert "holds steps up to 3 and goes on from step 1: a step that is logged again" in capsys.readouterr().out


def test_a_saved_model_goes_on_in_its_run(tmp_path: Path) -> None:
    saves = keras.callbacks.ModelCheckpoint(tmp_path / "{epoch:02d}.keras")
    fit(build(), CNNVizCallback(tmp_path, [PROBE]), saves, epochs=3)
    model = keras.models.load_model(tmp_path / "02.keras")
    fit(model, CNNVizCallback(tmp_path, [PROBE]), epochs=4, initial_epoch=2)
    assert steps(tmp_path / "cnnviz") == [-1, 0, 1, 2, 2, 3]


def test_batches_that_are_counted_from_the_start_again_are_another_training(tmp_path: Path) -> None:
    fit(build(), CNNVizCallback(tmp_path, [PROBE], update_freq=2), epochs=2)
    # Weights alone were loaded: the optimizer begins to count anew, whatever the epoch is called.
    fit(build(), CNNVizCallback(tmp_path, [PROBE], update_freq=2), epochs=3, initial_epoch=2)
    assert steps(tmp_path / "cnnviz") == [-1, 2, 4, 6]
    assert steps(tmp_path / "cnnviz_2") == [2]


def test_other_layers_clips_and_classes_go_on_in_the_same_run(tmp_path: Path) -> None:
    run = tmp_path / "cnnviz"
    fit(build(), CNNVizCallback(tmp_path, [PROBE], layers=["conv", "out"], class_names=["a", "b"]), epochs=1)
    other = Probe("other", noise(2, *SHAPE, seed=9), [[0, 1], [1, 2]], input_axes=PROBE.input_axes)
    fit(
        build(),
        CNNVizCallback(tmp_path, [other, PROBE], layers=["out"], class_names=["x", "y"]),
        epochs=2,
        initial_epoch=1,
    )
    assert steps(run) == [-1, 0, 1]
    assert layer_names(run) == [["conv", "out"]] * 2 + [["out"]]
    probes = [record.probes for _, record, _ in recorded(run)]
    assert probes[0] == probes[1] != probes[2]


def test_two_callbacks_of_one_fit_write_two_runs(tmp_path: Path, capsys: Any) -> None:
    callbacks = [CNNVizCallback(tmp_path, [PROBE]), CNNVizCallback(tmp_path, [PROBE], layers=["conv"])]
    fit(build(), *callbacks, epochs=2)
    assert [steps(tmp_path / name) for name in ("cnnviz", "cnnviz_2")] == [[-1, 0, 1]] * 2
    assert layer_names(tmp_path / "cnnviz")[0] != layer_names(tmp_path / "cnnviz_2")[0] == ["conv"]
    assert "another writer of this process: what this one logs goes to" in capsys.readouterr().out


@pytest.mark.parametrize("log", ["fit", "resume", "log_model"])
def test_beside_a_living_process_another_run_is_written(tmp_path: Path, log: str, capsys: Any) -> None:
    process = start_holding(tmp_path / "cnnviz")
    try:
        if log == "log_model":
            assert log_model(build(), [PROBE], tmp_path) == tmp_path / "cnnviz_2"
        else:
            fit(build(), CNNVizCallback(tmp_path, [PROBE]), epochs=4, initial_epoch=3 if log == "resume" else 0)
    finally:
        process.kill()
        process.communicate()
    assert steps(tmp_path / "cnnviz") == [0, 1, 2]
    assert steps(tmp_path / "cnnviz_2")[-1] == (0 if log == "log_model" else 3)
    assert str(tmp_path / "cnnviz_2") in capsys.readouterr().out


def test_a_fit_in_another_thread_is_not_taken_for_one_that_has_ended(tmp_path: Path) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def wait(epoch: int, logs: Any) -> None:
        if epoch == 1:
            reached.set()
            assert go_on.wait(60)

    def train_slowly() -> None:
        waits = keras.callbacks.LambdaCallback(on_epoch_begin=wait)
        fit(build(), CNNVizCallback(tmp_path, [PROBE]), waits, epochs=2)

    thread = threading.Thread(target=train_slowly)
    thread.start()
    assert reached.wait(60)
    fit(build(), CNNVizCallback(tmp_path, [PROBE]), epochs=2, initial_epoch=1)
    go_on.set()
    thread.join()
    assert [steps(tmp_path / name) for name in ("cnnviz", "cnnviz_2")] == [[-1, 0, 1], [1]]


def test_a_writer_of_ones_own_is_not_closed(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "cnnviz", [make_probe()]) as writer:
        fit(build(), CNNVizCallback(tmp_path, [PROBE]), epochs=1)
        writer.write(7, [make_response(7)])
    assert [steps(tmp_path / name) for name in ("cnnviz", "cnnviz_2")] == [[7], [-1, 0]]
