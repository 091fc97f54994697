"""Probes of files and of arrays, and what they say of bad ones."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import librosa
import numpy as np
import pytest
import soundfile

from tensorboard_plugin_cnnviz.errors import CNNVizError
from tensorboard_plugin_cnnviz.probes import LogMel, Probe, SpectrogramImage, Windows

from .sounds import RATE, log_mel_by_librosa, noise


class TestFiles:
    @pytest.mark.parametrize(
        ("ending", "subtype", "precision"),
        [
            ("wav", "PCM_16", 1e-4),
            ("wav", "PCM_24", 1e-6),
            ("wav", "PCM_U8", 1e-2),
            ("wav", "FLOAT", 1e-7),
            ("flac", "PCM_16", 1e-4),
            ("aiff", "PCM_16", 1e-4),
            ("ogg", "VORBIS", None),
            ("mp3", "MPEG_LAYER_III", None),
        ],
    )
    def test_what_soundfile_reads(self, tmp_path: Path, ending: str, subtype: str, precision: float | None) -> None:
        stereo = np.stack([noise(2.0, 44100, seed=3), noise(2.0, 44100, seed=4)], axis=1)
        file = tmp_path / f"a clip.{ending}"
        soundfile.write(file, stereo, 44100, subtype=subtype)
        probe = Probe.from_file(file, LogMel(), label="vio", metadata={"bow": "up"}, detail="strip")
        assert (probe.name, probe.labels, probe.metadata, probe.detail) == ("a clip", ("vio",), {"bow": "up"}, "strip")
        assert probe.sample_rate == 44100
        assert probe.seconds == pytest.approx(2.0, abs=0.1)
        assert probe.audio.dtype == np.float32
        assert probe.audio == pytest.approx(librosa.load(file, sr=None, mono=True)[0], abs=1e-7)
        if precision is not None:
            assert probe.audio == pytest.approx(stereo.mean(axis=1), abs=precision)
        decoded, _ = librosa.load(file, sr=RATE, mono=True)
        expected = log_mel_by_librosa(decoded / np.abs(decoded).max())
        assert probe.image.values == pytest.approx(expected, abs=1e-3)

    def test_what_cannot_be_read_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(CNNVizError, match=r"missing\.wav' does not exist"):
            Probe.from_file(tmp_path / "missing.wav", LogMel())
        with pytest.raises(CNNVizError, match="is not a file"):
            Probe.from_file(tmp_path, LogMel())
        for ending in ("wav", "raw", "mp3"):
            text = tmp_path / f"text.{ending}"
            text.write_text("not a sound\n" * 100)
            with pytest.raises(CNNVizError, match=rf"text\.{ending}' cannot be read as sound .*convert it"):
                Probe.from_file(text, LogMel())

    @pytest.mark.parametrize(
        ("samples", "message"),
        [
            (np.zeros(0), r"clip\.wav': audio is empty"),
            (np.zeros(RATE), r"clip\.wav': audio is silent"),
            (np.full(RATE, np.nan), r"clip\.wav': audio has 22050 samples that are NaN"),
            (noise(0.5), r"probe 'clip': audio is too short"),
        ],
    )
    def test_sound_that_will_not_do_names_the_clip(self, tmp_path: Path, samples: np.ndarray, message: str) -> None:
        soundfile.write(tmp_path / "clip.wav", samples, RATE, subtype="FLOAT")
        with pytest.raises(CNNVizError, match=message):
            Probe.from_file(tmp_path / "clip.wav", LogMel())

    def test_a_name_of_ones_own(self, tmp_path: Path) -> None:
        soundfile.write(tmp_path / "clip.wav", noise(), RATE)
        assert Probe.from_file(str(tmp_path / "clip.wav"), LogMel(), name="strings/vn 1").name == "strings/vn 1"


class TestAudio:
    @pytest.mark.parametrize(
        ("dtype", "zero", "full"),
        [(np.int8, 0, 2**7), (np.int16, 0, 2**15), (np.int32, 0, 2**31), (np.uint8, 128, 2**7)],
    )
    def test_integers_are_scaled_to_full_scale(self, dtype: type, zero: int, full: int) -> None:
        info = np.iinfo(dtype)
        probe = Probe("pcm", [[0.0]], [[0, 1]], audio=np.array([info.min, zero, info.max], dtype), sample_rate=3)
        assert probe.audio.tolist() == [-1.0, 0.0, pytest.approx((full - 1) / full)]
        assert probe.seconds == 1.0

    def test_the_shorter_axis_is_the_channels(self) -> None:
        stereo = np.array([[0.5, -0.5, 1.0], [0.5, 0.5, 0.0]])
        for audio in (stereo, stereo.T):
            assert Probe("s", [[0.0]], [[0, 1]], audio=audio, sample_rate=3).audio.tolist() == [0.5, 0.0, 0.5]

    def test_sound_beyond_full_scale_is_kept_within_for_playing(self) -> None:
        assert Probe("s", [[0.0]], [[0, 1]], audio=[2.0, -4.0], sample_rate=2).audio.tolist() == [0.5, -1.0]

    @pytest.mark.parametrize(
        ("audio", "message"),
        [
            ([], "audio is empty"),
            (np.zeros((2, 0)), "audio is empty"),
            (np.zeros(100), "audio is silent: every sample is 0"),
            (np.zeros(100, np.int16), "audio is silent"),
            (np.full(10, 128, np.uint8), "audio is silent"),
            ([0.1, np.nan, np.inf, 0.2], "2 samples that are NaN or infinite, the first at sample 1"),
            ([0.1, 1e300], "audio has 1 sample that is NaN or infinite, the first at sample 1"),
            (np.zeros((2, 3, 4)), r"shape \(2, 3, 4\)"),
            (0.5, r"shape \(\)"),
            ([1, 2, 3], "dtype int64, whose full scale is unknown"),
            (["loud"], "dtype <U4"),
        ],
    )
    def test_sound_that_will_not_do(self, audio, message: str) -> None:
        with pytest.raises(CNNVizError, match=f"probe 'p': .*{message}"):
            Probe.from_audio(audio, RATE, LogMel(window=1), name="p")
        with pytest.raises(CNNVizError, match=f"probe 'p': .*{message}"):
            Probe("p", [[0.0]], [[0, 1]], audio=audio, sample_rate=RATE)

    @pytest.mark.parametrize("sample_rate", [0, -1, 0.5, float("nan"), float("inf"), "x", True, None])
    def test_rates_that_are_none(self, sample_rate) -> None:
        with pytest.raises(CNNVizError, match="sample_rate"):
            Probe.from_audio(noise(), sample_rate, LogMel(), name="p")
        with pytest.raises(CNNVizError, match="sample_rate"):
            Probe("p", [[0.0]], [[0, 1]], audio=noise(), sample_rate=sample_rate)

    @pytest.mark.parametrize("features", [LogMel, None, np.mean])
    def test_features_that_are_none(self, features) -> None:
        with pytest.raises(CNNVizError, match=r"give LogMel\(\.\.\.\) or Windows"):
            Probe.from_audio(noise(), RATE, features, name="p")


def probe(**changes) -> Probe:
    given = {"name": "p", "inputs": np.zeros((2, 4, 3)), "times": [[0, 1], [0.5, 1.5]]} | changes
    return Probe(given.pop("name"), given.pop("inputs"), given.pop("times"), **given)


class TestProbe:
    def test_of_plain_arrays(self) -> None:
        inputs = np.arange(24.0).reshape(2, 4, 3)
        one = probe(inputs=inputs, input_axes=["frequency", "time"])
        np.testing.assert_array_equal(one.inputs, inputs)
        assert one.inputs.dtype == np.float32
        assert one.times.dtype == np.float64
        assert one.times.tolist() == [[0, 1], [0.5, 1.5]]
        assert one.input_axes == ("frequency", "time")
        assert (one.audio, one.sample_rate, one.image, one.labels, one.metadata) == (None, None, None, (), {})
        assert (one.detail, one.seconds) == ("windows", 1.5)
        assert repr(one) == "<Probe 'p': 2 windows, 1.5 s, windows>"

    def test_identity_is_that_of_the_sound_or_without_it_of_the_inputs(self) -> None:
        sound = {"audio": np.sin(np.arange(800)), "sample_rate": 400}
        silent = [{}, {"inputs": np.ones((2, 4, 3))}, {"inputs": (np.zeros((2, 4, 3)), np.ones((2, 1)))}]
        others = [*silent, sound, {**sound, "audio": -sound["audio"]}, {**sound, "sample_rate": 800}]
        others += [{**one, "times": [[0, 1], [0.25, 1.25]]} for one in ({}, sound)]
        assert len({probe(**one).identity for one in others}) == len(others)
        for one in ({}, sound):
            same = probe(name="q", label="a", detail="strip", metadata={"a": 1}, **one)
            assert same.identity == probe(**one).identity
        features = {"inputs": np.full((2, 4, 3), 1e-9)}
        assert probe(**features, **sound).identity == probe(**sound).identity

    def test_later_changes_to_what_was_given_do_not_reach_it(self) -> None:
        inputs, times, metadata = np.ones((2, 4), np.float32), np.array([[0.0, 1], [1, 2]]), {"a": [1]}
        one = probe(inputs=inputs, times=times, metadata=metadata)
        inputs[:], times[:], metadata["a"][0] = 7, 7, 7
        assert np.all(one.inputs == 1)
        assert one.times.max() == 2
        assert one.metadata == {"a": [1]}

    def test_several_inputs(self) -> None:
        many = probe(inputs={"mel": np.zeros((2, 4, 3)), "id": np.array([1, 2])}, input_axes=("time", "frequency"))
        assert {key: (value.shape, value.dtype.kind) for key, value in many.inputs.items()} == {
            "mel": ((2, 4, 3), "f"),
            "id": ((2,), "i"),
        }
        assert [one.shape for one in probe(inputs=(np.zeros((2, 4)), [[1], [2]])).inputs] == [(2, 4), (2, 1)]

    @pytest.mark.parametrize("kind", [dict, tuple, list])
    def test_each_of_several_inputs_has_axes_of_its_own(self, kind: type) -> None:
        arrays = {"wave": np.zeros((2, 8, 1)), "mel": np.zeros((2, 4, 3, 1)), "id": np.array([1, 2])}
        axes = {"wave": ["time", "channel"], "mel": ("frequency", "time", "channel"), "id": None}
        kept = {"wave": ("time", "channel"), "mel": ("frequency", "time", "channel"), "id": None}
        if kind is dict:
            one = probe(inputs=arrays, input_axes=axes)
            assert one.input_axes == kept
        else:
            one = probe(inputs=tuple(arrays.values()), input_axes=kind(axes.values()))
            assert one.input_axes == tuple(kept.values())
        assert one.identity == probe(inputs=one.inputs).identity

    @pytest.mark.parametrize(
        ("several", "axes", "message"),
        [
            (
                dict,
                {"wav": ("time", "channel"), "mel": None},
                "dict of 'wav', 'mel', but inputs are a dict of 'wave', ",
            ),
            (dict, {"wave": ("time", "channel")}, "a dict of 'wave', but inputs are a dict of 'wave', 'mel'; give"),
            (dict, (("time", "channel"), None), "a tuple of 2, but inputs are a dict of 'wave', 'mel'"),
            (tuple, {"wave": None, "mel": None}, "a dict of 'wave', 'mel', but inputs are a tuple of 2"),
            (tuple, [("time", "channel")], "a tuple of 1, but inputs are a tuple of 2"),
            (
                dict,
                {"wave": ("time",), "mel": None},
                r"\['wave'\] are \('time',\), but one window of .* shape \(8, 1\)",
            ),
            (
                tuple,
                [None, ("time", "channel")],
                r"input_axes\[1\] are .* one window of inputs\[1\] has shape \(4, 3, 1\)",
            ),
            (dict, {"wave": 3, "mel": None}, r"axes are \(3,\); name each axis"),
            (dict, {"wave": ("pitch", "channel"), "mel": None}, "'pitch'.*from time, frequency, channel"),
            (dict, ("time",), r"but one window has shape \(8, 1\), \(4, 3, 1\); name each of its axes"),
        ],
    )
    def test_axes_that_are_not_those_of_the_inputs(self, several: type, axes, message: str) -> None:
        arrays = {"wave": np.zeros((2, 8, 1)), "mel": np.zeros((2, 4, 3, 1))}
        with pytest.raises(CNNVizError, match=message):
            probe(inputs=arrays if several is dict else tuple(arrays.values()), input_axes=axes)
        with pytest.raises(CNNVizError, match="but inputs are one array"):
            probe(input_axes={"wave": ("time", "channel")})

    @pytest.mark.parametrize("sample_rate", [8000, 44100, 100])
    def test_sound_without_an_image_is_shown_as_that_of_raw_audio_is(self, sample_rate: int) -> None:
        sound = noise(1.0, sample_rate)
        image = probe(audio=sound, sample_rate=sample_rate).image
        raw = Windows(np.mean, 0.5, 0.5, sample_rate=sample_rate).image(sound, sample_rate)
        np.testing.assert_array_equal(image.values, raw.values)
        assert (image.title, image.seconds, image.hertz) == ("log-mel", raw.seconds, raw.hertz)
        assert image.seconds[1] >= 1

    @pytest.mark.parametrize(
        "name",
        ["a/b", "two words", "Geige, gestrichen: ü 🎻", 'it\'s "quoted"', "<script>alert(1)</script>", "..", "a\\b\n"],
    )
    def test_any_text_is_a_name_and_a_label(self, name: str) -> None:
        one = probe(name=name, label=[name, name])
        assert one.name == name
        assert one.labels == (name, name)

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"name": ""}, "name is ''"),
            ({"name": "  "}, "name is '  '"),
            ({"name": None}, "name is None"),
            ({"name": "\ud800"}, "not valid Unicode"),
            ({"label": 3}, "label is 3"),
            ({"label": ["vio", 3]}, "label is 3"),
            ({"label": ""}, "label is ''"),
            ({"detail": "all"}, "detail is 'all'; choose one of 'windows', 'strip', 'summary'"),
            ({"metadata": {"x": float("nan")}}, "JSON cannot hold"),
            ({"metadata": {"x": object()}}, "JSON cannot hold"),
            ({"times": [0, 1]}, r"times has shape \(2,\); give \[windows, 2\]"),
            ({"times": np.zeros((0, 2))}, r"times has shape \(0, 2\)"),
            ({"times": [[0, 1, 2], [1, 2, 3]]}, r"times has shape \(2, 3\)"),
            ({"times": [[0, 1], [2, 2]]}, r"window 1 lasts from 2\.0 to 2\.0 s"),
            ({"times": [[0, 1], [0.5, np.nan]]}, r"window 1 lasts from 0\.5 to nan s"),
            ({"times": [[1, 2], [0, 1]]}, r"window 1 starts at 0\.0 s, window 0 at 1\.0 s; starts must ascend"),
            ({"times": [[0, 1], [0, 2]]}, "starts must ascend"),
            ({"times": [[0, 1]]}, r"inputs has shape \(2, 4, 3\) but times has 1 windows"),
            ({"inputs": {"x": np.zeros((3, 4))}}, r"inputs\['x'\] has shape \(3, 4\)"),
            ({"inputs": (np.zeros((2, 4)), np.zeros(()))}, r"inputs\[1\] has shape \(\)"),
            ({"inputs": [np.zeros(2), np.zeros(3)]}, "inputs is no array .*dict or tuple .* for several inputs"),
            ({"inputs": ["a", "b"]}, "inputs has dtype <U1; give numbers"),
            ({"input_axes": ("time",)}, r"input_axes are \('time',\), but one window has shape \(4, 3\)"),
            ({"input_axes": ("time", "pitch")}, "'pitch'"),
            ({"input_axes": ("time", "time")}, "'time' twice.*of sound cut into frames, 'time' counts the frames"),
            ({"audio": [0.5]}, "audio is given without sample_rate"),
            ({"image": np.zeros((4, 4))}, "image is a ndarray; give SpectrogramImage"),
        ],
    )
    def test_mistakes_are_named(self, changes: dict, message: str) -> None:
        with pytest.raises(CNNVizError, match=message):
            probe(**changes)


class TestImage:
    def test_is_kept_as_float32(self) -> None:
        image = SpectrogramImage([[1, 2, 3], [4, 5, 6]], (0, 1.5), [100, 200], title="cqt", unit="dB")
        assert image.values.dtype == np.float32
        assert image.values.tolist() == [[1, 2, 3], [4, 5, 6]]
        assert (image.seconds, image.hertz) == ((0.0, 1.5), (100.0, 200.0))
        assert probe(image=image).image is image

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (([1, 2], (0, 1)), r"shape \(2,\)"),
            ((np.zeros((0, 3)), (0, 1)), r"shape \(0, 3\)"),
            (([[1]], (1, 1)), r"lasts from 1\.0 to 1\.0 s"),
            (([[1]], (0, float("inf"))), "to inf s"),
            (([[1]], (0, 1), [1, 2]), "1 rows but 2 hertz"),
        ],
    )
    def test_mistakes_are_named(self, arguments: tuple, message: str) -> None:
        with pytest.raises(CNNVizError, match=message):
            SpectrogramImage(*arguments)


def test_sound_libraries_are_loaded_by_sound_only() -> None:
    code = (
        "import sys\n"
        "from tensorboard_plugin_cnnviz.probes import LogMel, Probe, Windows\n"
        "Probe('p', [[1.0]], [[0, 1]], audio=[0.5], sample_rate=1), LogMel(), Windows(len, 1, 1)\n"
        "print(sorted({'librosa', 'soundfile', 'numba', 'tensorflow', 'keras'} & set(sys.modules)))"
    )
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert seen.stdout.strip() == "[]"
