"""Probes: the fixed clips whose passage through the model is watched.

Conventions. Seconds are seconds of the clip. `times` are the outer edges of the windows: cell `i` of the `n` that a
window's input has in time is centred at `start + (i + 1/2) / n * (end - start)`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .audio import Mono, check_sample_rate, read_mono, sounding, to_mono
from .errors import CNNVizError
from .features import Features, SpectrogramImage
from .inputs import AxesGiven, Inputs, by_name, check_input_axes, check_inputs
from .logmel import LogMel, overview
from .probe_checks import (
    DETAILS,
    about,
    check_detail,
    check_labels,
    check_metadata,
    check_name,
    check_times,
    within_full_scale,
)
from .windows import Windows

__all__ = ["DETAILS", "Features", "Inputs", "LogMel", "Probe", "SpectrogramImage", "Windows"]


class Probe:
    """One fixed clip that is watched.

    Args:
        name: shown in the panel; unique among the probes of a run.
        inputs: what the model is fed: `[windows, ...]`, or a dict or tuple of such arrays where the model has several
            inputs. Floating point becomes float32.
        times: start and end of each window in seconds, `[windows, 2]`; starts ascend.
        input_axes: names of the input's axes after the windows axis, from "time", "frequency", "channel". Of several
            inputs in the structure of `inputs`, such as `{"wave": ("time", "channel"), "id": None}`, None where they
            are not known; a single tuple is for every input with as many axes.
        audio: the sound to play, as in `from_audio`; divided by its largest magnitude where that exceeds full scale.
        sample_rate: Hz of `audio`.
        label: the true class, or several.
        metadata: anything that JSON can hold, by name.
        image: the spectrogram to show; None is a log-mel of `audio`.
        detail: what is kept at each step: "windows" (everything), "strip" (no windows), "summary" (one maximum and mean
            per filter and window).

    Attributes:
        name, inputs, input_axes, sample_rate, metadata, detail: as given; arrays are copies.
        labels: tuple of the labels, empty without one.
        times: float64 `[windows, 2]`.
        audio: float32 `[samples]`, mono, -1 to 1, or None.
        seconds: length of the clip: of its sound, without sound the last window's end.

    Raises:
        CNNVizError: names what is wrong and what would be right.
    """

    def __init__(
        self,
        name: str,
        inputs: ArrayLike | Mapping[str, ArrayLike] | tuple[ArrayLike, ...],
        times: ArrayLike,
        *,
        input_axes: AxesGiven | None = None,
        audio: ArrayLike | None = None,
        sample_rate: int | None = None,
        label: str | Sequence[str] | None = None,
        metadata: Mapping[str, Any] | None = None,
        image: SpectrogramImage | None = None,
        detail: str = "windows",
    ) -> None:
        self.name = check_name(name)
        with about(f"probe {name!r}"):
            self.labels = check_labels(label)
            self.metadata = check_metadata(metadata)
            self.detail = check_detail(detail)
            self.times = check_times(times)
            self.inputs = check_inputs(inputs, len(self.times))
            self.input_axes = check_input_axes(input_axes, self.inputs)
            if image is not None and not isinstance(image, SpectrogramImage):
                raise CNNVizError(f"image is a {type(image).__name__}; give SpectrogramImage(values, seconds, hertz)")
            self._image = image
            self.audio: Mono | None = None
            self.sample_rate: int | None = None
            self.seconds = float(self.times[:, 1].max())
            if audio is not None:
                if sample_rate is None:
                    raise CNNVizError("audio is given without sample_rate; give its rate in Hz")
                self.sample_rate = check_sample_rate(sample_rate)
                self.audio = within_full_scale(sounding(to_mono(audio)))
                self.seconds = len(self.audio) / self.sample_rate

    @classmethod
    def from_file(
        cls,
        path: str | PathLike[str],
        features: Features,
        *,
        name: str | None = None,
        label: str | Sequence[str] | None = None,
        metadata: Mapping[str, Any] | None = None,
        detail: str = "windows",
    ) -> Probe:
        """Make a probe of any sound file that soundfile or librosa reads.

        Args:
            path: the file.
            features: what cuts the sound into windows, such as `LogMel(...)`.
            name: shown in the panel; None is the file's name without its ending.
            label: the true class, or several.
            metadata: anything that JSON can hold, by name.
            detail: "windows", "strip" or "summary", as in `Probe`.

        Raises:
            CNNVizError: the file cannot be read, or its sound is empty, too short, silent, NaN or infinite.
        """
        audio, sample_rate = read_mono(path)
        if name is None:
            # File names may hold bytes that are no text.
            name = os.fsencode(Path(path).stem).decode("utf-8", "replace")
        return cls.from_audio(audio, sample_rate, features, name=name, label=label, metadata=metadata, detail=detail)

    @classmethod
    def from_audio(
        cls,
        audio: ArrayLike,
        sample_rate: int,
        features: Features,
        *,
        name: str,
        label: str | Sequence[str] | None = None,
        metadata: Mapping[str, Any] | None = None,
        detail: str = "windows",
    ) -> Probe:
        """Make a probe of sound in memory.

        Args:
            audio: `[samples]`, `[channels, samples]` (librosa's order) or `[samples, channels]` (soundfile's); of two
                axes the shorter is taken for the channels, which are averaged. Floating point, or 8, 16 or 32 bit
                integers.
            sample_rate: Hz.
            features: what cuts the sound into windows, such as `LogMel(...)`.
            name: shown in the panel.
            label: the true class, or several.
            metadata: anything that JSON can hold, by name.
            detail: "windows", "strip" or "summary", as in `Probe`.

        Raises:
            CNNVizError: the sound is empty, too short, silent, NaN or infinite.
        """
        check_name(name)
        if isinstance(features, type) or not hasattr(features, "windows") or not hasattr(features, "image"):
            raise CNNVizError(f"features is {features!r}; give LogMel(...) or Windows(...)")
        with about(f"probe {name!r}"):
            mono = sounding(to_mono(audio))
            inputs, times = features.windows(mono, sample_rate)
            image = features.image(mono, sample_rate)
        return cls(
            name,
            inputs,
            times,
            input_axes=features.axes_of(inputs) if isinstance(features, Windows) else features.input_axes,
            audio=mono,
            sample_rate=sample_rate,
            label=label,
            metadata=metadata,
            image=image,
            detail=detail,
        )

    @cached_property
    def image(self) -> SpectrogramImage | None:
        """The spectrogram to show: that given, or a log-mel of the sound; None without both."""
        if self._image is not None or self.audio is None or self.sample_rate is None:
            return self._image
        return overview(self.audio, self.sample_rate, at=self.sample_rate)

    @cached_property
    def identity(self) -> str:
        """16 hexadecimal digits, equal for equal windows of an equal sound; without sound, of equal inputs.

        Inputs made of a sound are left out: another machine computes the last digits of features differently.
        """
        digest = hashlib.blake2b(self.times.tobytes(), digest_size=8)
        arrays = by_name(self.inputs).values() if self.audio is None else [self.audio]
        digest.update(repr([self.sample_rate, *((array.dtype.str, array.shape) for array in arrays)]).encode())
        for array in arrays:
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()

    def __repr__(self) -> str:
        windows = len(self.times)
        return f"<Probe {self.name!r}: {windows} window{'s' * (windows != 1)}, {self.seconds:.3g} s, {self.detail}>"
