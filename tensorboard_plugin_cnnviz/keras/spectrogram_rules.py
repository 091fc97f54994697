"""Rules for Keras's own spectrogram layers: samples go in, frames and rows of frequency come out, the lowest first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tensorboard_plugin_cnnviz.axis import Axis

from . import moves
from .dimensions import CHANNEL, FREQUENCY, NOT_KNOWN, Dimension, Dimensions, Passage


def stft(passage: Passage) -> Dimensions:
    """Follow axes through `STFTSpectrogram`: a convolution of each channel, whose filters are the bins from 0 Hz up."""
    layer = passage.layer
    channels_first = layer.data_format == "channels_first"
    samples = passage.dimensions[-1 if channels_first else 0]
    channels = passage.before[0 if channels_first else -1]
    size = passage.after[0 if not channels_first else 1 if layer.expand_dims else -1]
    axis = samples.axis and moves.slid(samples.axis, layer.frame_length, layer._frame_step, 1, layer.padding, size)
    frames = replace(samples, axis=axis)
    # In the mode "stft" the imaginary parts follow the real ones.
    bins = [number / layer._fft_length for number in range(layer._fft_length // 2 + 1)]
    rows = NOT_KNOWN if layer.mode == "stft" else _rows(bins, samples)
    if layer.expand_dims:
        return (CHANNEL, frames, rows) if channels_first else (frames, rows, CHANNEL)
    if layer.mode == "stft" or channels > 1:
        rows = CHANNEL
    return (rows, frames) if channels_first else (frames, rows)


def mel(passage: Passage) -> Dimensions:
    """Follow axes through `MelSpectrogram`.

    That nothing lies further than `top_db` below the loudest cell is taken as a matter of scale: a column is said to
    see its own frame only.
    """
    layer = passage.layer
    *others, samples = passage.dimensions
    frames = replace(samples, axis=samples.axis and _centred_frames(layer, samples.axis, passage.after[-1]))
    # The scale of HTK, whose factors cancel out here.
    low, high = (math.log1p(hertz / 700) for hertz in (layer.min_freq, layer.max_freq))
    steps = [low + (high - low) * (i + 1) / (layer.num_mel_bins + 1) for i in range(layer.num_mel_bins)]
    return (*others, _rows([700 * math.expm1(step) / layer.sampling_rate for step in steps], samples), frames)


def _rows(cycles: Sequence[float], samples: Dimension) -> Dimension:
    """Give the axis of rows that are centred at `cycles` per sample."""
    rows = Axis.even(len(cycles))
    if samples.axis is None:
        return Dimension(FREQUENCY, rows)
    stride = samples.axis.stride
    return Dimension(FREQUENCY, rows, tuple(each / stride for each in cycles))


def _centred_frames(layer: Any, samples: Axis, size: int) -> Axis:
    """Give the places of frames cut from samples that are mirrored at both ends by half an FFT.

    Approximate where the middle of a frame lies beyond the first or last sample, since it then sees more of what is
    mirrored than its own half, and for windows that do not begin with a zero as a Hann window does (of an odd length
    it ends with one, too).
    """
    length, step = layer.sequence_length, layer.sequence_stride
    before = layer.fft_length // 2 - (layer.fft_length - length) // 2
    first = length // 2 - before
    if layer.window == "hann" and first >= 0 and first + (size - 1) * step < len(samples.centres):
        return samples.through(kernel=2 * (length // 2) - 1, stride=step, pad_before=before - 1, size=size)
    return samples.resampled(first=first, step=step, reach=length / 2 + 2, size=size)
