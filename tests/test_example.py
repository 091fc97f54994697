"""The example's sounds and model, as the project's users meet them."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "instrument_recognition"

SHAPES = {
    "conv1": (45, 130, 32),
    "conv2": (47, 132, 32),
    "pool1": (15, 44, 32),
    "conv3": (17, 46, 64),
    "conv4": (19, 48, 64),
    "pool2": (6, 16, 64),
    "conv5": (8, 18, 128),
    "conv6": (10, 20, 128),
    "pool3": (3, 6, 128),
    "conv7": (5, 8, 256),
    "conv8": (7, 10, 256),
    "pool4": (256,),
    "dense": (1024,),
    "instruments": (11,),
}


def _load(name: str) -> ModuleType:
    """Import a file of the example, which is no package, under a name that cannot meet another's."""
    spec = importlib.util.spec_from_file_location(f"example_{name}", EXAMPLE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


sounds = _load("sounds")
model = _load("model")
FEW = sounds.Phrases(training=4, validation=2, probes=1)


@pytest.fixture(scope="module")
def splits(tmp_path_factory: pytest.TempPathFactory) -> dict:
    return FEW.load(cache=tmp_path_factory.mktemp("phrases"))


@pytest.mark.parametrize("leaky", [False, True])
def test_the_model_is_that_of_the_paper(leaky):
    built = model.build_model(leaky=leaky)
    assert built.input_shape == (None, 43, 128, 1)
    assert built.count_params() == 1_446_123
    assert {name: tuple(built.get_layer(name).output.shape[1:]) for name in SHAPES} == SHAPES


@pytest.mark.parametrize(("leaky", "slope"), [(False, 0.0), (True, 0.33)])
def test_the_activation_below_zero_is_as_asked(leaky, slope):
    built = model.build_model(leaky=leaky)
    for name in ("conv1", "conv8", "dense"):
        below_zero = built.get_layer(name).activation(np.float32([-2.0, 3.0]))
        np.testing.assert_allclose(below_zero, [-2.0 * slope, 3.0], rtol=1e-6)


def test_both_models_survive_saving(tmp_path):
    import keras

    windows = np.random.default_rng(0).standard_normal((2, 43, 128, 1), dtype=np.float32)
    for leaky in (False, True):
        built = model.build_model(leaky=leaky)
        built.save(tmp_path / "model.keras")
        again = keras.models.load_model(tmp_path / "model.keras")
        np.testing.assert_array_equal(again.predict(windows, verbose=0), built.predict(windows, verbose=0))


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
    synthesizer = sounds.Synthesizer(str(sounds.sound_font()), FEW.sample_rate)
    flute, organ = (FEW._play(synthesizer, program, np.random.default_rng(3)) for program in (73, 16))
    spectra = [np.abs(np.fft.rfft(phrase)) for phrase in (flute, organ)]
    assert np.corrcoef(spectra)[0, 1] < 0.9


def assert_same_sound(phrases: np.ndarray, others: np.ndarray) -> None:
    """The synthesiser now and then misplaces a single sample; other notes or noise would differ in nearly all."""
    assert phrases.shape == others.shape
    assert np.mean(phrases != others) < 1e-4


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
    monkeypatch.setattr(sounds.Phrases, "_play", lambda *_: pytest.fail("rendered again"))
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


def test_no_progress_bar_counts_the_loading_of_librosa(tmp_path):
    """The first bar asks whether librosa is in use by then, and ends the script."""
    script = (
        "import functools, pathlib, sys, sounds, train\n"
        "sounds.Phrases.load.__kwdefaults__['cache'] = pathlib.Path(sys.argv[1])\n"
        "train.Phrases = functools.partial(sounds.Phrases, training=1, validation=1, probes=1, seconds=1.0)\n"
        "train.tqdm = lambda *_, **__: sys.exit('librosa.feature.spectral' not in sys.modules)\n"
        "sys.argv[1:] = ['--logdir', 'unused']\n"
        "train.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path], cwd=EXAMPLE, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_the_training_script_reads_as_documentation():
    assert len((EXAMPLE / "train.py").read_text().splitlines()) < 100
