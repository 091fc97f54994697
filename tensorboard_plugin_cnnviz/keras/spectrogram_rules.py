"""Rules for Keras's own spectrogram layers: samples go in, frames and rows of frequency come out, the lowest first."""

from __future__ import annotations

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
    rows = NOT_KNOWN if layer.mode == "stft" else Dimension(FREQUENCY, Axis.even(layer._fft_length // 2 + 1))
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
    *others, samples = passage.dimensions
    frames = replace(samples, axis=samples.axis and _centred_frames(passage.layer, samples.axis, passage.after[-1]))
    return (*others, Dimension(FREQUENCY, Axis.even(passage.layer.num_mel_bins)), frames)


def _centred_frames(layer: Any, samples: Axis, size: int) -> Axis:
    """Give the places of frames cut from samples that are mirrored at both ends by half an FFT.

    Approximate where a frame's middle lies beyond the last sample, since it then sees more of what is mirrored, and for
    windows that do not begin with a zero, which lie half a sample off.
    """
    length, step = layer.sequence_length, layer.sequence_stride
    before = layer.fft_length // 2 - (layer.fft_length - length) // 2
    # A periodic Hann window's first tap is zero.
    axis = samples.through(kernel=max(length - 1, 1), stride=step, pad_before=before - 1, size=size)
    if layer.window == "hann" and (size - 1) * step < len(samples.centres):
        return axis
    return samples.resampled(first=length / 2 - before, step=step, reach=length / 2 + 2, size=size)
