"""Which clips the example logs, and what those that are only listed cost."""

from __future__ import annotations

import functools
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import probes
import pytest
from clips import CLASSES, Clip, DataSet
from model import build_model

from tensorboard_plugin_cnnviz import log_model

RATE = 22_050


def _noise(seed: int, channels: int = 0) -> tuple[np.ndarray, int]:
    shape = (channels, 3 * RATE) if channels else 3 * RATE
    return np.random.default_rng(seed).uniform(-1, 1, shape).astype(np.float32), RATE


def _data(of_each_class: int, *, channels: int = 0) -> DataSet:
    """Of noise; as in IRMAS, the watched clips are among those for validation."""
    validation = [
        Clip(f"{name} {i}", (name,), functools.partial(_noise, 100 * label + i, channels), {"genre": "cla"})
        for label, name in enumerate(CLASSES)
        for i in range(of_each_class)
    ]
    return DataSet("noise", [], validation, validation[::of_each_class], [])


def test_200_clips_of_validation_are_listed_beside_the_watched_ones():
    made = probes.make_probes(_data(20))
    assert len(made) == len({probe.name for probe in made}) == 211
    details = Counter(probe.detail for probe in made)
    assert details == {"windows": 3, "strip": 8, "summary": 200}
    listed = Counter(probe.labels for probe in made if probe.detail == "summary")
    assert set(listed) == {(name,) for name in CLASSES}
    assert max(listed.values()) - min(listed.values()) <= 1


def test_the_demo_has_200_to_list():
    import sounds

    assert sounds.Phrases().validation * len(CLASSES) >= probes.LISTED


def test_fewer_clips_are_all_listed():
    made = probes.make_probes(_data(3))
    assert len(made) == 33


@pytest.mark.parametrize("channels", [0, 2])
def test_a_listed_clip_is_the_second_in_the_middle_and_keeps_its_tags(channels):
    data = _data(2, channels=channels)
    made = {probe.name: probe for probe in probes.make_probes(data)}
    clip = data.validation[1]
    probe = made[clip.name]
    audio = np.atleast_2d(clip.read()[0]).mean(axis=0)
    np.testing.assert_allclose(probe.audio, audio[RATE : 2 * RATE], atol=1e-6)
    assert len(probe.times) == 1
    assert probe.labels == clip.labels
    assert probe.metadata == clip.metadata


def test_a_listed_clip_costs_a_fraction_of_a_watched_one(tmp_path: Path):
    """In windows that the model is run on, in what it adds to each step on disk, and once for all steps."""
    made = probes.make_probes(_data(2))
    kinds = {
        detail: [probe for probe in made if probe.detail == detail][:2] for detail in ("windows", "strip", "summary")
    }
    windows = {detail: np.mean([len(probe.times) for probe in some]) for detail, some in kinds.items()}
    sizes = {}
    for detail, some in kinds.items():
        run = log_model(build_model(), some, tmp_path / detail)
        files = {path.name.startswith("probes"): path for path in Path(run).rglob("*.zip")}
        sizes[detail] = [files[once].stat().st_size / len(some) for once in (False, True)]
        assert zipfile.is_zipfile(files[False])
    for detail in ("windows", "strip"):
        step, once = (mine / other for mine, other in zip(sizes["summary"], sizes[detail], strict=True))
        print(
            f"a summary takes {step:.1%} of the bytes of a clip with {detail} at each step, {once:.1%} once, "
            f"{windows['summary'] / windows[detail]:.1%} of the windows to compute"
        )
    assert windows["summary"] <= windows["strip"] / 20
    assert sizes["summary"][0] < sizes["strip"][0] / 10
    assert sizes["summary"][0] < sizes["windows"][0] / 40
    assert sizes["summary"][1] < sizes["strip"][1] / 2
