"""The rendered data set: what is learned from, validated with, watched and tested on."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import rendered
import sounds
from clips import CLASSES, DataSet
from rendered import Excerpts

FEW = Excerpts(number=22, seconds=(0.5, 1.0))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> DataSet:
    return rendered.load(cache=tmp_path_factory.mktemp("phrases"))


def test_there_are_programs_for_every_class():
    assert tuple(sounds.INSTRUMENTS) == CLASSES


def test_clips_are_named_labelled_and_sound_as_rendered(data, tmp_path_factory):
    phrases = sounds.Phrases()
    for split, clips in (("training", data.training), ("validation", data.validation), ("probes", data.probes)):
        of_each = getattr(phrases, split)
        assert len({clip.name for clip in clips}) == len(clips) == of_each * len(CLASSES)
        assert Counter(clip.labels for clip in clips) == {(name,): of_each for name in CLASSES}
        assert all(clip.name.startswith(clip.labels[0]) for clip in clips)
    read = np.stack([clip.read()[0] for clip in (*data.training, *data.validation, *data.probes)])
    assert len({sound.tobytes() for sound in read}) == len(read)


def test_watched_clips_are_called_by_their_class(data):
    assert tuple(clip.name for clip in data.probes) == CLASSES


def test_excerpts_are_long_and_of_several_instruments_each_as_often_as_the_others():
    clips = Excerpts().clips()
    assert len(clips) == 110
    assert {len(clip.labels) for clip in clips} == {2, 3}
    assert all(len(set(clip.labels)) == len(clip.labels) for clip in clips)
    assert Counter(clip.labels[0] for clip in clips) == dict.fromkeys(CLASSES, 10)


def test_an_excerpt_is_rendered_alike_each_time_and_unlike_the_others():
    clips = FEW.clips()
    for clip, again in zip(clips, FEW.clips(), strict=True):
        (audio, rate), (other, _) = clip.read(), again.read()
        assert rate == 22_050
        assert audio.dtype == np.float32
        assert 0.5 <= len(audio) / rate <= 1.0
        assert np.abs(audio).max() == pytest.approx(1)
        # The synthesiser now and then misplaces a single sample.
        assert np.mean(audio != other) < 1e-2
    assert len({clip.read()[0].tobytes() for clip in clips}) == len(clips)


def test_every_instrument_of_an_excerpt_is_heard(monkeypatch):
    """Without one of them, the excerpt sounds otherwise throughout."""
    number = next(n for n in range(FEW.number) if len(FEW.labels(n)) == 3)
    whole, _ = FEW.play(number)
    play = sounds.Phrases.play
    for silent in range(3):
        calls = iter(range(3))

        def without(*arguments, calls=calls, silent=silent):
            phrase = play(*arguments)
            return phrase * 0 if next(calls) == silent else phrase

        monkeypatch.setattr(sounds.Phrases, "play", without)
        part, _ = FEW.play(number)
        assert np.mean(np.abs(part - whole) > 1e-3) > 0.5


def test_the_default_test_set_lasts_5_to_20_seconds():
    for number in (0, 1):
        audio, rate = Excerpts().play(number)
        assert 5 <= len(audio) / rate <= 20
