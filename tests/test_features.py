"""Features are librosa's own numbers, and stand at the seconds they say."""

from __future__ import annotations

import warnings
from itertools import permutations

import librosa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tensorboard_plugin_cnnviz.axis import Axis
from tensorboard_plugin_cnnviz.errors import CNNVizError
from tensorboard_plugin_cnnviz.probes import LogMel, Probe, Windows
from tensorboard_plugin_cnnviz.timing import column_seconds

from .sounds import RATE, log_mel_by_librosa, noise


class TestLogMel:
    def test_windows_and_image_are_librosas_log_mel(self) -> None:
        sound = noise()
        expected = log_mel_by_librosa(sound / np.abs(sound).max())
        probe = Probe.from_audio(sound, RATE, LogMel(), name="noise")
        assert probe.inputs.shape == (22, 43, 128, 1)
        assert probe.inputs.dtype == np.float32
        for window, one in enumerate(probe.inputs):
            np.testing.assert_allclose(one[:, :, 0].T, expected[:, 4 * window : 4 * window + 43], rtol=1e-6, atol=1e-6)
        np.testing.assert_allclose(probe.image.values, expected, rtol=1e-6, atol=1e-6)
        assert probe.image.unit == "ln"

    @pytest.mark.parametrize(
        "options",
        [
            {"n_fft": 2048, "hop_length": 256, "n_mels": 40},
            {"fmin": 100.0, "fmax": 8000.0, "n_mels": 64},
            {"floor": 0.5},
        ],
    )
    def test_options_reach_librosa(self, options: dict) -> None:
        sound = noise()
        expected = log_mel_by_librosa(sound / np.abs(sound).max(), **options)
        assert LogMel(**options).spectrogram(sound, RATE) == pytest.approx(expected, rel=1e-5, abs=1e-5)

    @settings(deadline=None, max_examples=25)
    @given(floor=st.floats(1e-6, 1.0), reference=st.floats(1e-6, 10.0))
    def test_the_reference_has_the_value_0(self, floor: float, reference: float) -> None:
        sound = noise(0.2)
        values = LogMel(floor=floor).spectrogram(sound, RATE)
        referred = LogMel(floor=floor, reference=reference).spectrogram(sound, RATE)
        np.testing.assert_allclose(referred, values - np.log(reference), atol=1e-4)
        assert LogMel(floor=floor, reference=floor).spectrogram(sound, RATE).min() >= 0

    def test_other_sample_rates(self) -> None:
        sound = noise(sample_rate=16000)
        features = LogMel(16000, normalise=False, n_mels=64)
        expected = log_mel_by_librosa(sound, sr=16000, fmax=8000.0, n_mels=64)
        assert features.spectrogram(sound, 16000) == pytest.approx(expected, rel=1e-5, abs=1e-5)
        assert features.windows(sound, 16000)[1][1] == pytest.approx(np.array([3.5, 46.5]) * 512 / 16000)

    def test_sound_is_averaged_resampled_and_then_normalised(self) -> None:
        stereo = np.stack([noise(sample_rate=44100, seed=1), noise(sample_rate=44100, seed=2)])
        resampled = librosa.resample(stereo.mean(axis=0), orig_sr=44100, target_sr=RATE)
        expected = log_mel_by_librosa(resampled / np.abs(resampled).max())
        assert LogMel().spectrogram(stereo, 44100) == pytest.approx(expected, rel=1e-4, abs=1e-4)
        assert LogMel().spectrogram(stereo.T, 44100) == pytest.approx(expected, rel=1e-4, abs=1e-4)

    @given(gain=st.floats(1e-3, 1e3))
    @settings(deadline=None, max_examples=10)
    def test_loudness_of_the_clip_does_not_matter(self, gain: float) -> None:
        sound = noise(1.1)
        assert LogMel().windows(sound * gain, RATE)[0] == pytest.approx(LogMel().windows(sound, RATE)[0], abs=1e-3)

    def test_cells_of_every_window_lie_on_the_centres_of_their_frames(self) -> None:
        _, times = LogMel(window_hop=7).windows(noise(), RATE)
        for window, edges in enumerate(times):
            frames = librosa.frames_to_time(7 * window + np.arange(43), sr=RATE, hop_length=512)
            assert column_seconds(Axis.even(43), edges) == pytest.approx(frames, abs=1e-9)

    @given(second=st.floats(0.0, 2.99))
    @settings(deadline=None, max_examples=25)
    def test_a_click_lights_the_column_at_its_second(self, second: float) -> None:
        sound = np.zeros(3 * RATE, np.float32)
        sound[int(second * RATE)] = 1.0
        probe = Probe.from_audio(sound, RATE, LogMel(), name="click")
        hop = 512 / RATE
        for one, (start, end) in zip(probe.inputs, probe.times, strict=True):
            lit = column_seconds(Axis.even(43), (start, end))[one.sum(axis=(1, 2)).argmax()]
            if start <= second < end:
                assert abs(lit - second) <= hop / 2 + 1 / RATE
            elif second < start - hop or second > end + hop:
                assert np.ptp(one) == 0
        columns = probe.image.values.shape[1]
        lit = column_seconds(Axis.even(columns), probe.image.seconds)[probe.image.values.sum(axis=0).argmax()]
        assert abs(lit - second) <= hop / 2 + 1 / RATE

    @pytest.mark.parametrize("row", [20, 60, 100, 120])
    def test_a_tone_lights_the_row_of_its_frequency(self, row: int) -> None:
        hertz = Probe.from_audio(noise(), RATE, LogMel(), name="noise").image.hertz
        tone = np.sin(2 * np.pi * hertz[row] * np.arange(2 * RATE) / RATE)
        image = Probe.from_audio(tone, RATE, LogMel(), name="tone").image
        assert abs(int(image.values[:, 10:-10].mean(axis=1).argmax()) - row) <= 1
        assert len(image.hertz) == len(image.values) == 128

    @pytest.mark.parametrize("limits", [{}, {"fmin": 200.0, "fmax": 6000.0}])
    def test_rows_are_named_by_the_peaks_of_librosas_filters(self, limits: dict) -> None:
        hertz = LogMel(n_mels=64, **limits).image(noise(1.0), RATE).hertz
        fine = 2**16
        peaks = librosa.filters.mel(sr=RATE, n_fft=fine, n_mels=64, **limits).argmax(axis=1) * RATE / fine
        assert hertz == pytest.approx(peaks, abs=RATE / fine)

    def test_sound_too_faint_to_survive_resampling_gives_the_floor(self) -> None:
        faint = np.full(44100, 1e-45, np.float32) * np.resize([1, -1], 44100).astype(np.float32)
        assert np.all(LogMel().spectrogram(faint, 44100) == np.float32(np.log(1e-5)))

    def test_silence_of_training_data_gives_the_floor(self) -> None:
        inputs, times = LogMel().windows(np.zeros(44100, np.int16), 44100)
        assert len(inputs) == len(times) > 0
        assert np.all(inputs == np.float32(np.log(1e-5)))

    @pytest.mark.parametrize(
        "axes", [*permutations(["time", "frequency", "channel"]), *permutations(["time", "frequency"])]
    )
    def test_axes_come_in_the_order_asked_for(self, axes: tuple[str, ...]) -> None:
        sound = noise()
        expected, times = LogMel(axes=("time", "frequency")).windows(sound, RATE)
        probe = Probe.from_audio(sound, RATE, LogMel(axes=axes), name="noise")
        sizes = {"time": 43, "frequency": 128, "channel": 1}
        assert probe.inputs.shape == (22, *(sizes[axis] for axis in axes))
        assert probe.input_axes == axes
        plain = probe.inputs.squeeze(1 + axes.index("channel")) if "channel" in axes else probe.inputs
        kept = [axis for axis in axes if axis != "channel"]
        np.testing.assert_array_equal(plain if kept == ["time", "frequency"] else plain.swapaxes(1, 2), expected)
        np.testing.assert_array_equal(probe.times, times)

    @pytest.mark.parametrize("samples", [1, 300, 5000, 30001])
    def test_without_a_window_the_whole_clip_is_one(self, samples: int) -> None:
        sound = noise()[:samples]
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            probe = Probe.from_audio(sound, RATE, LogMel(window=None), name="noise")
        frames = 1 + samples // 512
        assert probe.inputs.shape == (1, frames, 128, 1)
        assert probe.times == pytest.approx(np.array([[-0.5, frames - 0.5]]) * 512 / RATE)
        np.testing.assert_array_equal(probe.inputs[0, :, :, 0].T, probe.image.values)

    def test_the_shortest_clip_that_will_do_is_the_one_the_error_names(self) -> None:
        needed = 42 * 512
        assert len(LogMel().windows(noise()[:needed], RATE)[0]) == 1
        with pytest.raises(CNNVizError, match=r"42 frames .* 43 frames needs at least 0\.975 s"):
            LogMel().windows(noise()[: needed - 1], RATE)

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"sample_rate": 0}, "sample_rate is 0"),
            ({"sample_rate": "fast"}, "sample_rate is 'fast'"),
            ({"sample_rate": 22050.5}, r"sample_rate is 22050\.5"),
            ({"n_fft": 0}, "n_fft is 0"),
            ({"hop_length": -1}, "hop_length is -1"),
            ({"n_mels": 12.5}, r"n_mels is 12\.5"),
            ({"window": 0}, "window is 0"),
            ({"window_hop": None}, "window_hop is None"),
            ({"fmin": -1.0}, r"fmin is -1\.0"),
            ({"fmax": 12000.0}, r"fmax is 12000\.0 Hz; .*11025"),
            ({"fmin": 500.0, "fmax": 400.0}, "fmin < fmax"),
            ({"floor": 0.0}, r"floor is 0\.0"),
            ({"reference": 0.0}, r"reference is 0\.0"),
            ({"axes": ("time", "mel")}, "axes are .*'mel'.*frequency"),
            ({"axes": ("time", "time", "frequency")}, "once"),
            ({"axes": ("time", "channel")}, "must name 'time' and 'frequency'"),
        ],
    )
    def test_bad_options_are_told_at_once(self, options: dict, message: str) -> None:
        with pytest.raises(CNNVizError, match=message):
            LogMel(**options)


class TestWindows:
    def test_the_function_gets_each_windows_own_samples(self) -> None:
        sound = noise(2.0, 8000)
        features = Windows(lambda one: one[:, np.newaxis], 0.5, 0.2, sample_rate=8000, input_axes=("time", "channel"))
        probe = Probe.from_audio(sound, 8000, features, name="raw")
        assert probe.inputs.shape == (8, 4000, 1)
        assert probe.input_axes == ("time", "channel")
        for one, (start, end) in zip(probe.inputs, probe.times, strict=True):
            np.testing.assert_array_equal(one[:, 0], sound[round(start * 8000) : round(end * 8000)])
        assert probe.times[:, 0] == pytest.approx(np.arange(8) * 0.2)

    @pytest.mark.parametrize(
        ("fn", "given", "axes"),
        [
            (lambda one: one, None, ("time",)),
            (lambda one: one[:, np.newaxis], None, ("time", "channel")),
            (lambda one: np.stack([one, one, one], axis=1), None, ("time", "channel")),
            (lambda one: one[np.newaxis], None, None),
            (lambda one: one[::2], None, None),
            (lambda one: one[:, np.newaxis, np.newaxis], None, None),
            (np.mean, None, None),
            (lambda one: np.stack([one, one], axis=1), ("frequency", "time"), ("frequency", "time")),
        ],
    )
    def test_axes_are_those_given_or_of_one_row_per_sample(self, fn, given, axes) -> None:
        features = Windows(fn, 0.5, 0.2, sample_rate=8000, input_axes=given)
        assert Probe.from_audio(noise(1.0, 8000), 8000, features, name="raw").input_axes == axes

    def test_sound_is_resampled_and_normalised_first(self) -> None:
        sound = noise(1.0, 44100)
        resampled = librosa.resample(sound, orig_sr=44100, target_sr=16000)
        inputs, _ = Windows(lambda one: one, 1.0, 1.0, sample_rate=16000, normalise=True).windows(sound, 44100)
        assert inputs[0] == pytest.approx(resampled / np.abs(resampled).max(), abs=1e-5)

    def test_silence_of_training_data_stays_silence(self) -> None:
        inputs, _ = Windows(lambda one: one, 0.5, 0.5, sample_rate=8000, normalise=True).windows(np.zeros(8000), 8000)
        np.testing.assert_array_equal(inputs, np.zeros((2, 4000)))

    def test_a_function_that_writes_into_its_window_harms_no_other(self) -> None:
        def in_place(one: np.ndarray) -> np.ndarray:
            one *= 2
            return one

        sound = noise(1.0)
        inputs, _ = Windows(in_place, 0.5, 0.1).windows(sound, RATE)
        plain, _ = Windows(lambda one: one, 0.5, 0.1).windows(sound, RATE)
        np.testing.assert_array_equal(inputs, 2 * plain)

    @pytest.mark.parametrize("sample_rate", [8000, 16000, 22050, 44100, 48000])
    def test_the_image_shows_the_clip_with_every_mel_band_filled(self, sample_rate: int) -> None:
        probe = Probe.from_audio(
            noise(1.0, sample_rate), sample_rate, Windows(np.mean, 0.5, 0.5, sample_rate=sample_rate), name="raw"
        )
        assert probe.image.seconds == (pytest.approx(0, abs=0.03), pytest.approx(1, abs=0.05))
        assert probe.image.values[:, 5:-5].min() > np.log(1e-5)
        assert probe.inputs.shape == (2,)

    def test_a_function_may_give_each_of_several_inputs(self) -> None:
        sound = noise(1.0, 8000)
        both = Windows(lambda one: {"wave": one[:, np.newaxis], "loud": np.abs(one).max()}, 0.5, 0.2, sample_rate=8000)
        probe = Probe.from_audio(sound, 8000, both, name="both")
        assert probe.input_axes == {"wave": ("time", "channel"), "loud": None}
        np.testing.assert_array_equal(probe.inputs["wave"][1, :, 0], sound[1600:5600])
        np.testing.assert_array_equal(probe.inputs["loud"], np.abs(probe.inputs["wave"]).max(axis=(1, 2)))
        assert probe.inputs["loud"].dtype == np.float32
        axes = [("channel", "time"), ("frequency", "time")]
        pair = Windows(lambda one: (one[np.newaxis], one.reshape(4, -1)), 0.5, 0.2, sample_rate=8000, input_axes=axes)
        probe = Probe.from_audio(sound, 8000, pair, name="pair")
        assert [one.shape for one in probe.inputs] == [(3, 1, 4000), (3, 4, 1000)]
        assert probe.input_axes == tuple(axes)

    @pytest.mark.parametrize(
        ("fn", "message"),
        [
            (
                lambda one: [one, one[:2]],
                "fn gave no array .*for a model with several inputs a dict or tuple of arrays",
            ),
            (lambda one: {"a": [one, one[:2]]}, "fn gave no array for input 'a'"),
            (lambda one: None, "fn gave a NoneType of dtype object; give numbers"),
            (lambda one: {"a": one, "b": "x"}, "fn gave a str of dtype <U1 for input 'b'; give numbers"),
            (
                lambda one: one if one[0] else {"a": one},
                "a dict of 'a' for window 1 but one array for window 0; .* same",
            ),
            (lambda one: {"a": one} if one[0] else {"b": one}, "a dict of 'b' for window 1 but a dict of 'a' for"),
            (lambda one: (one,) * (1 + (not one[0])), "a tuple of 2 for window 1 but a tuple of 1 for window 0"),
        ],
    )
    def test_what_a_function_gives_is_told_where_it_cannot_be_used(self, fn, message: str) -> None:
        sound = np.ones(8000, np.float32)
        sound[4000] = 0
        with pytest.raises(CNNVizError, match=message):
            Windows(fn, 0.5, 0.5, sample_rate=8000).windows(sound, 8000)

    def test_bad_options_and_functions(self) -> None:
        with pytest.raises(CNNVizError, match="fn is 3"):
            Windows(3, 1.0, 1.0)
        with pytest.raises(CNNVizError, match="hop is 0"):
            Windows(np.mean, 1.0, 0)
        with pytest.raises(CNNVizError, match="seconds is nan"):
            Windows(np.mean, float("nan"), 1.0)
        with pytest.raises(CNNVizError, match=r"one window needs 2\.000 s"):
            Windows(np.mean, 2.0, 1.0).windows(noise(1.5), RATE)
        grow = iter(range(1, 9))
        with pytest.raises(CNNVizError, match=r"shape \(2,\) for window 1 but \(1,\) for window 0"):
            Windows(lambda one: one[: next(grow)], 1.0, 1.0).windows(noise(), RATE)
