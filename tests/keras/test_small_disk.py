"""`fit` on a real file system of a few hundred kilobytes: what is told comes true, and checkpoints find room."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from tensorboard_plugin_cnnviz import CNNVizCallback, CNNVizError
from tensorboard_plugin_cnnviz.disk import parse_size, size_text
from tensorboard_plugin_cnnviz.errors import CNNVizWarning
from tests.keras.helpers import noise, probe_of
from tests.models import tiny_model
from tests.runs import manifest, read_records
from tests.small_disk import SmallDisk

AXES = ("time", "frequency", "channel")
SHAPE = (8, 6, 1)
X, Y = noise(4, *SHAPE, seed=5), np.eye(2, dtype=np.float32)[np.arange(4) % 2]
EPOCHS = 12
pytestmark = pytest.mark.filterwarnings("ignore::tensorboard_plugin_cnnviz.errors.CNNVizWarning")


def callback(log_dir: Path, **options: Any) -> CNNVizCallback:
    """Its steps take some 100 kB, of which the disk holds fewer than there are epochs."""
    return CNNVizCallback(log_dir, [probe_of(noise(900, *SHAPE), AXES)], **options)


def fit(*callbacks: keras.callbacks.Callback, **options: Any) -> None:
    tiny_model().fit(X, Y, verbose=0, callbacks=[*callbacks], **{"epochs": EPOCHS, **options})


def sizes(run: Path) -> list[int]:
    """Bytes of all steps' bundles that were whole when they were written, by step."""
    bundles = [record.bundle for _, record in read_records(run) if record.bundle is not None]
    paths = [run / "plugins" / "cnnviz" / each.file for each in bundles]
    return [
        each.bytes
        for each, path in zip(bundles, paths, strict=True)
        if not path.exists() or manifest(path)["responses"][0]["kept"] == "windows"
    ]


@pytest.mark.parametrize(
    ("options", "holder"),
    [
        pytest.param({}, r"the disk, less 40\.1 kB for checkpoints,", id="the disk"),
        pytest.param({"max_disk": "500kB"}, r"max_disk \(500 kB\)", id="max_disk"),
    ],
)
def test_what_will_not_fit_is_told_beforehand_and_so_it_comes(
    disk: SmallDisk, capsys: pytest.CaptureFixture[str], options: dict[str, Any], holder: str
) -> None:
    fit(callback(disk.path, **options))
    told = re.search(
        r"cnnviz: .*/cnnviz: (.* kB) per step, about (.* [kM]B) for 13 steps, (.* kB) are free\n"
        rf"cnnviz: {holder} holds about (\d+) of them whole \(they may fill 70 % of it\), then less of each: ",
        capsys.readouterr().out,
    )
    assert told is not None
    whole = sizes(disk.path / "cnnviz")
    # Told after the first steps, while later ones may lie there or be on their way: the writer lets two wait.
    assert told[1] in {size_text(size) for size in whole[:6]}
    assert parse_size(told[2], option="") == pytest.approx(sum(whole[:2]) / 2 * 13, rel=0.1)
    assert disk.size() - 6 * max(whole) < parse_size(told[3], option="") < disk.size() - whole[0]
    assert abs(int(told[4]) - len(whole)) <= 2
    assert len(read_records(disk.path / "cnnviz")) == 13


def test_with_keep_the_disk_is_told_to_be_enough_and_it_is(disk: SmallDisk, capsys: pytest.CaptureFixture[str]) -> None:
    fit(callback(disk.path, keep=3))
    told = re.search(
        r" per step, at most about (.* kB) at a time with keep=3, .* kB are free\n", capsys.readouterr().out
    )
    assert told is not None
    whole = sizes(disk.path / "cnnviz")
    assert parse_size(told[1], option="") == pytest.approx(4 * whole[0], rel=0.1)
    assert len(whole) == 13
    assert disk.size() - disk.free() < 4 * max(whole)


def test_checkpoints_find_room_on_a_disk_that_the_log_has_filled(disk: SmallDisk) -> None:
    disk.fill(leave=200_000)
    late = keras.callbacks.ModelCheckpoint(disk.path / "{epoch}.keras", save_freq=EPOCHS)
    fit(callback(disk.path), late)
    assert read_records(disk.path / "cnnviz")[-2][1].why == "free_disk"
    checkpoint = disk.path / f"{EPOCHS}.keras"
    assert 20_000 < checkpoint.stat().st_size <= disk.size() // 20
    keras.saving.load_model(checkpoint)


def test_a_disk_that_is_full_at_the_start_is_told_before_training(disk: SmallDisk) -> None:
    disk.fill()
    trained: list[int] = []
    counts = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: trained.append(batch))
    with pytest.raises(CNNVizError, match="No space left on device; make room or choose another directory"):
        fit(callback(disk.path), counts)
    assert trained == []


def test_a_disk_of_which_others_leave_nothing_but_the_reserve(disk: SmallDisk) -> None:
    disk.fill(leave=36864)
    with pytest.warns(CNNVizWarning, match=r"and the last 40\.1 kB are left to checkpoints; from step -1 on records"):
        fit(callback(disk.path), epochs=2)
    records = [(step, record.why) for step, record in read_records(disk.path / "cnnviz")]
    assert records == [(step, "free_disk") for step in (-1, 0, 1)]
