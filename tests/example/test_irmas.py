"""IRMAS from a small tree of its own layout: labels, tags, sound, the split, and what is said of an incomplete one."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sys
import unicodedata
from collections import Counter
from pathlib import Path

import irmas
import mirdata
import numpy as np
import pytest
import soundfile
from clips import CLASSES

from . import EXAMPLE, irmas_tree
from .irmas_tree import CODES, NAMES, PARTS, RATE, RECORDINGS, TEST


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    irmas_tree.write(folder, seconds=0.1)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    folder = tmp_path / "a folder"
    shutil.copytree(made, folder)
    irmas_tree.serve(folder)
    return folder


def test_the_tree_is_what_mirdata_takes_for_irmas(folder):
    missing, invalid = mirdata.initialize("irmas", data_home=str(folder / "irmas")).validate(verbose=False)
    assert (missing, invalid) == ({"tracks": {}}, {"tracks": {}})


def test_every_training_clip_has_the_label_and_the_tags_of_its_name(folder):
    data = irmas.load(folder / "irmas")
    clips = {clip.name: clip for clip in (*data.training, *data.validation)}
    assert len(clips) == len(CODES) * RECORDINGS * PARTS
    for number in range(len(CODES) * RECORDINGS):
        _, genre, drums = NAMES[number % len(NAMES)]
        label = CLASSES[number // RECORDINGS]
        for part in range(1, PARTS + 1):
            clip = clips[f"{label} {number:04}__{part}"]
            assert clip.labels == (label,)
            assert clip.metadata == {"recording": f"{number:04}", "genre": genre, "drums": drums}


def test_every_test_excerpt_has_its_labels(folder):
    data = irmas.load(folder / "irmas")
    assert {clip.name: clip.labels for clip in data.test} == {
        Path(f"{name}.wav").stem: labels for name, (_, labels) in TEST.items()
    }


def test_an_index_that_knows_no_training_clips_of_a_class_is_told(folder):
    index = folder / "indexes" / irmas_tree.INDEX
    content = json.loads(index.read_bytes())
    # Without the underscores mirdata takes a track for one of the test set.
    content["tracks"] = {
        name.replace("__", "-") if "/sax/" in track["audio"][0] else name: track
        for name, track in content["tracks"].items()
    }
    index.write_text(json.dumps(content))
    told = r"names 140 training clips, none of saxophone; .*download\(\['index'\], force_overwrite=True\)"
    with pytest.raises(irmas.IRMASError, match=told):
        irmas.load(folder / "irmas")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_accents_may_be_composed_in_any_way(folder, form):
    for path in (folder / "irmas" / "IRMAS-TestingData-Part1" / "Part1").glob("*Canto*"):
        path.rename(path.with_name(unicodedata.normalize(form, path.name)))
    [clip] = [clip for clip in irmas.load(folder / "irmas").test if "Canto" in clip.name]
    assert clip.labels == ("voice",)
    assert clip.read()[1] == RATE


def test_a_clip_s_sound_is_its_file_s(folder):
    data = irmas.load(folder / "irmas")
    [path] = (folder / "irmas").glob("*/vio/*0063__2.wav")
    [clip] = [clip for clip in (*data.training, *data.validation) if clip.name == "violin 0063__2"]
    audio, sample_rate = clip.read()
    np.testing.assert_array_equal(audio, soundfile.read(path, dtype="float32")[0].T)
    assert (sample_rate, type(sample_rate)) == (RATE, int)


def test_validation_is_15_percent_of_each_class_by_whole_recordings(folder):
    data = irmas.load(folder / "irmas")
    of_validation = {clip.metadata["recording"] for clip in data.validation}
    assert not of_validation & {clip.metadata["recording"] for clip in data.training}
    # 15 % of 7 recordings is 1.
    assert Counter(clip.labels for clip in data.validation) == {(name,): PARTS for name in CLASSES}
    assert Counter(clip.labels for clip in data.training) == {(name,): (RECORDINGS - 1) * PARTS for name in CLASSES}


def test_the_split_is_drawn_from_the_seed(folder):
    def drawn(seed: int) -> list[str]:
        return [clip.name for clip in irmas.load(folder / "irmas", seed=seed).validation]

    assert drawn(0) == drawn(0) != drawn(1)


def test_watched_is_one_validation_clip_of_each_class(folder):
    data = irmas.load(folder / "irmas")
    assert [clip.labels for clip in data.probes] == [(name,) for name in CLASSES]
    assert {clip.name for clip in data.probes} <= {clip.name for clip in data.validation}


@pytest.mark.parametrize(
    ("lost", "told", "archives"),
    [
        (["IRMAS-TestingData-Part2"], "2 of IRMAS-TestingData-Part2", "['testing_data_2']"),
        (["IRMAS-TrainingData/pia"], f"{RECORDINGS * PARTS} of IRMAS-TrainingData", "['training_data']"),
        (
            ["IRMAS-TestingData-Part3/Part3", "IRMAS-TestingData-Part1/Part1/02 - And The Body Will Die-8.txt"],
            "1 of IRMAS-TestingData-Part1, 2 of IRMAS-TestingData-Part3",
            "['testing_data_1', 'testing_data_3']",
        ),
    ],
)
def test_what_is_missing_is_named_and_the_remedy_brings_it_back(folder, lost, told, archives):
    tree = folder / "irmas"
    whole = sorted(tree.rglob("*"))
    index = (folder / "indexes" / irmas_tree.INDEX).read_bytes()
    shutil.copytree(tree, folder / "kept")
    irmas_tree.pack(folder)
    (folder / "kept").rename(tree)
    (folder / "indexes" / irmas_tree.INDEX).write_bytes(index)
    irmas_tree.serve(folder)
    for name in lost:
        shutil.rmtree(tree / name) if (tree / name).is_dir() else (tree / name).unlink()
    with pytest.raises(irmas.IRMASError, match=f"lacks files of IRMAS: {told}, such as ") as raised:
        irmas.load(tree)
    example = re.search(r"such as (.*?); get", str(raised.value))[1]
    assert not (tree / example).exists()
    assert f".download({archives})" in str(raised.value)
    follow_the_remedy(str(raised.value))
    assert set(whole) <= set(tree.rglob("*"))
    irmas.load(tree)


def test_without_its_index_the_remedy_brings_it(folder):
    irmas_tree.pack(folder)
    irmas_tree.serve(folder)
    with pytest.raises(irmas.IRMASError, match=r"index of IRMAS is missing.*download\(\['index'\]\)") as raised:
        irmas.load(folder / "irmas")
    follow_the_remedy(str(raised.value))
    with pytest.raises(irmas.IRMASError, match="lacks files of IRMAS"):
        irmas.load(folder / "irmas")


@pytest.mark.parametrize("text", [b"", b"\n", b"gel\n\nvoi\n", b"xyz\n", b"\xff\xfe\n"], ids=repr)
def test_a_file_without_labels_is_named(folder, text):
    path = folder / "irmas" / "IRMAS-TestingData-Part1/Part1/02 - And The Body Will Die-8.txt"
    path.write_bytes(text)
    with pytest.raises(irmas.IRMASError, match=r"Body Will Die-8\.txt holds no labels of IRMAS"):
        irmas.load(folder / "irmas")


def test_sound_that_cannot_be_read_is_named(folder):
    clip = irmas.load(folder / "irmas").test[0]
    [path] = (folder / "irmas").rglob(f"{clip.name}.wav")
    path.write_bytes(b"no sound")
    with pytest.raises(irmas.IRMASError, match=r"Body Will Die-8\.wav cannot be read"):
        clip.read()


def test_without_mirdata_the_requirements_are_named(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "mirdata", None)
    with pytest.raises(irmas.IRMASError, match=r"pip install -r \S+/requirements-irmas\.txt") as raised:
        irmas.load(folder / "irmas")
    assert (EXAMPLE.parents[1] / str(raised.value).rpartition(" ")[2]).is_file()


def follow_the_remedy(message: str) -> None:
    python, option, code = shlex.split(message.partition("get what is missing: ")[2])
    assert (python, option) == ("python", "-c")
    exec(code, {})
