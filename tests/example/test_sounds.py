"""The phrases that the example renders."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import numpy as np
import pytest
import sounds

from . import EXAMPLE

FEW = sounds.Phrases(training=4, validation=2, probes=1)


@pytest.fixture(scope="module")
def splits(tmp_path_factory: pytest.TempPathFactory) -> dict:
    return FEW.load(cache=tmp_path_factory.mktemp("phrases"))


def test_splits_are_balanced(splits):
    for name, of_each_class in (("training", 4), ("validation", 2), ("probes", 1)):
        np.testing.assert_array_equal(np.bincount(splits[name].labels), [of_each_class] * len(sounds.CLASSES))
        assert splits[name].audio.shape == (of_each_class * 11, 66_150)


def test_phrases_sound_from_start_to_end_at_full_scale(splits):
    for split in splits.values():
        np.testing.assert_allclose(np.abs(split.audio).max(axis=1), 1.0, atol=1e-4)
        tenths = split.audio.reshape(len(split.audio), 30, -1)
        assert (np.abs(tenths).max(axis=2) > 1e-4).all()


def test_no_phrase_occurs_twice(splits):
    phrases = np.concatenate([split.audio for split in splits.values()])
    assert len({phrase.tobytes() for phrase in phrases}) == len(phrases)


def test_instruments_differ_by_more_than_their_notes():
    """The same random notes are given to two instruments."""
    synthesizer = sounds.open_synthesizer(FEW.sample_rate)
    flute, organ = (FEW.play(synthesizer, program, np.random.default_rng(3)) for program in (73, 16))
    spectra = [np.abs(np.fft.rfft(phrase)) for phrase in (flute, organ)]
    assert np.corrcoef(spectra)[0, 1] < 0.9


def assert_same_sound(phrases: np.ndarray, others: np.ndarray) -> None:
    """The synthesiser now and then spoils a phrase; other notes or noise would differ in nearly all of each."""
    assert phrases.shape == others.shape
    differing = np.sort(np.mean(phrases != others, axis=1))
    assert differing[-2] < 1e-3, differing


def test_equal_seeds_give_equal_sound_and_other_seeds_other_sound(splits, tmp_path):
    again = FEW.load(cache=tmp_path / "again")
    other = sounds.Phrases(training=4, validation=2, probes=1, seed=1).load(cache=tmp_path / "other")
    for name in sounds.SPLITS:
        assert_same_sound(again[name].audio, splits[name].audio)
        assert np.mean(other[name].audio != splits[name].audio) > 0.9


def test_more_training_phrases_leave_the_other_splits_as_they_are(splits, tmp_path):
    more = sounds.Phrases(training=5, validation=2, probes=1).load(cache=tmp_path)
    for name in ("validation", "probes"):
        assert_same_sound(more[name].audio, splits[name].audio)


def test_the_cache_is_read_and_keyed_by_the_settings(tmp_path, monkeypatch):
    few = sounds.Phrases(training=1, validation=1, probes=1, seconds=0.5)
    first = few.load(cache=tmp_path)
    monkeypatch.setattr(sounds.Phrases, "play", lambda *_: pytest.fail("rendered again"))
    np.testing.assert_array_equal(few.load(cache=tmp_path)["training"].audio, first["training"].audio)
    with pytest.raises(pytest.fail.Exception, match="rendered again"):
        sounds.Phrases(training=1, validation=1, probes=1, seconds=0.6).load(cache=tmp_path)
    assert [path.suffix for path in tmp_path.iterdir()] == [".npz"]


def test_the_sound_font_is_found_without_importing_its_package():
    script = "import sys, sounds; sounds.sound_font().open().close(); sys.exit('pretty_midi' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=EXAMPLE, check=False).returncode == 0


def test_a_missing_sound_font_names_the_remedy(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(FileNotFoundError, match=r"requirements\.txt"):
        sounds.sound_font()
