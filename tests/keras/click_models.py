"""Clips of a single click, and models of many kinds whose columns answer most to what they are centred on."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from tensorboard_plugin_cnnviz import LogMel, Probe, Windows

layers = keras.layers
RATE, LENGTH = 2000, 3000
# In samples: not on a frame, near a window's edge, on a frame of the spectrograms.
CLICKS = (611, 1207, 2048)


def clicks(features: Any) -> list[Probe]:
    sounds = np.zeros((len(CLICKS), LENGTH), np.float32)
    sounds[np.arange(len(CLICKS)), CLICKS] = 1
    return [Probe.from_audio(sound, RATE, features, name=f"{at}") for sound, at in zip(sounds, CLICKS, strict=True)]


def with_peaks(model: keras.Model) -> keras.Model:
    """Give every kernel its greatest weights in its middle, so that a column answers most to what it is centred on."""
    for weights in model.weights:
        if weights.name in ("kernel", "depthwise_kernel", "pointwise_kernel"):
            peak = np.ones(weights.shape)
            for axis, taps in enumerate(weights.shape[:-2]):
                ramp = 1 + np.minimum(np.arange(taps), np.arange(taps)[::-1])
                peak *= ramp.reshape([-1 if i == axis else 1 for i in range(peak.ndim)])
            weights.assign(peak / peak.sum())
    return model


class Halves(layers.Layer):
    """A block of a user's own, with operators between its layers."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.conv = layers.Conv1D(2, 5, padding="same", name="conv")
        self.after = layers.Conv1D(2, 3, name="after")

    def call(self, x: Any) -> Any:
        y = keras.ops.relu(self.conv(x) + x)[:, ::2]
        return self.after(keras.ops.pad(y, ((0, 0), (1, 1), (0, 0))))


RAW = Windows(lambda sound: sound[:, np.newaxis], 0.25, 0.125, sample_rate=RATE)
SOUND = Windows(lambda sound: sound, 0.5, 0.125, sample_rate=RATE)


def log_mel(*axes: str, n_fft: int = 128, bands: int = 12, window: int = 20) -> LogMel:
    # What is silent is 0, as what is padded.
    options = {"floor": 1e-3, "reference": 1e-3, "normalise": False}
    return LogMel(RATE, n_fft=n_fft, hop_length=64, n_mels=bands, window=window, window_hop=4, axes=axes, **options)


def stacked(shape: tuple[int, ...], *stack: keras.Layer) -> keras.Model:
    return keras.Sequential([keras.Input(shape), *stack])


def wave_network() -> keras.Model:
    return stacked(
        (500, 1),
        layers.Conv1D(3, 16, strides=4, activation="relu", name="front"),
        layers.Conv1D(4, 3, dilation_rate=4, padding="same", name="dilated"),
        layers.BatchNormalization(name="norm"),
        layers.MaxPooling1D(2, name="pool"),
        layers.Conv1D(4, 5, padding="causal", name="causal"),
        layers.DepthwiseConv1D(3, padding="same", name="depthwise"),
        layers.AveragePooling1D(3, strides=2, name="average"),
        layers.SeparableConv1D(2, 3, name="separable"),
        layers.GlobalMaxPooling1D(name="most"),
        layers.Dense(2, name="out"),
    )


def residual_network() -> keras.Model:
    x = inputs = keras.Input((500, 1))
    x = layers.Conv1D(2, 9, strides=5, padding="same", name="front")(x)
    for i, dilation in enumerate((1, 2, 4)):
        y = layers.Conv1D(2, 3, dilation_rate=dilation, padding="same", activation="relu", name=f"dilated{i}")(x)
        x = layers.Add(name=f"sum{i}")([x, y])
    x = Halves(name="halves")(x)
    return keras.Model(inputs, layers.Dense(2, name="out")(layers.GlobalAveragePooling1D(name="mean")(x)))


def spectrogram_network(shape: tuple[int, ...], wide: tuple[int, int]) -> keras.Model:
    return stacked(
        shape,
        layers.Conv2D(2, wide, padding="same", activation="relu", name="wide"),
        layers.ZeroPadding2D(1, name="pad"),
        layers.Conv2D(3, 3, name="valid"),
        layers.MaxPooling2D((2, 2), name="pool"),
        layers.Conv2D(3, (3, 5), strides=(1, 2), padding="same", name="strided"),
        layers.GlobalAveragePooling2D(name="mean"),
        layers.Dense(2, name="out"),
    )


def mel_network() -> keras.Model:
    # Padded zeros would be brighter than silence in decibels.
    return stacked(
        (1000,),
        layers.MelSpectrogram(128, 48, sampling_rate=RATE, num_mel_bins=12, min_freq=50, power_to_db=False, name="mel"),
        layers.Reshape((12, 21, 1), name="image"),
        layers.Conv2D(3, 3, padding="same", name="conv"),
        layers.Conv2D(3, (2, 5), strides=(2, 2), activation="relu", name="strided"),
        layers.Permute((2, 1, 3), name="turned"),
        layers.Reshape((9, -1), name="rows"),
        layers.Conv1D(2, 3, name="line"),
        layers.Flatten(name="flat"),
        layers.Dense(2, name="out"),
    )


def stft_network() -> keras.Model:
    return stacked(
        (1000,),
        layers.Reshape((1000, 1), name="column"),
        layers.STFTSpectrogram("magnitude", 64, 32, 128, padding="same", name="stft"),
        layers.Conv1D(3, 3, padding="same", name="conv"),
        layers.MaxPooling1D(2, name="pool"),
        layers.Flatten(name="flat"),
        layers.Dense(2, name="out"),
    )
