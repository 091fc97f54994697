"""Kinds of layers: convolutions, recurrence, attention, spectrograms, other axes, other number types, LoRA."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from .row import TIME, TIME_FREQUENCY, Row, by_graph, chain

layers = keras.layers
MAP, SEQUENCE = (9, 12, 2), (6, 4)
CHANNELS_FIRST = ("channel", "time", "frequency")
SOUND = 800


def on_map(layer: Callable[..., Any], *arguments: Any, **options: Any) -> Row:
    """A row of one two-dimensional layer."""
    return Row(
        lambda: chain(MAP, layer(*arguments, **options, name="layer")), MAP, TIME_FREQUENCY, by_graph("layer", "out")
    )


def on_sequence(*stack: Callable[[], Any], names: tuple[str, ...] = ("layer", "out")) -> Row:
    """A row of layers on a sequence."""
    return Row(lambda: chain(SEQUENCE, *(make() for make in stack)), SEQUENCE, TIME, by_graph(*names))


def raw_sound() -> keras.Model:
    return chain(
        (SOUND, 1),
        layers.Conv1D(4, 16, strides=4, activation="relu", name="front"),
        layers.Conv1D(3, 3, dilation_rate=2, padding="causal", name="second"),
        layers.DepthwiseConv1D(3, name="depthwise"),
        layers.SeparableConv1D(2, 3, name="separable"),
        layers.Conv1DTranspose(2, 4, strides=2, name="transposed"),
    )


def channels_first() -> keras.Model:
    first: dict[str, Any] = {"data_format": "channels_first"}
    stack = [
        layers.Conv2D(3, 3, name="conv", **first),
        layers.BatchNormalization(axis=1, name="norm"),
        layers.MaxPooling2D(2, **first),
        layers.SeparableConv2D(4, 2, padding="same", name="separable", **first),
        layers.DepthwiseConv2D(2, name="depthwise", **first),
        layers.Conv2DTranspose(2, 3, strides=2, name="transposed", **first),
    ]
    model = chain((2, 9, 12), *stack)
    try:
        model(np.zeros((1, 2, 9, 12), np.float32))
    except Exception as error:
        if "NHWC" in str(error) or "NCHW" in str(error):
            raise NotImplementedError("this build of TensorFlow convolves channels first on a GPU alone") from error
        raise
    return model


def self_attention() -> keras.Model:
    inputs = keras.Input(SEQUENCE)
    attention = layers.MultiHeadAttention(2, 3, name="attention")
    x, scores = attention(inputs, inputs, return_attention_scores=True)
    return keras.Model(inputs, [layers.Dense(2, name="out")(layers.GlobalMaxPooling1D()(x)), scores])


def other_attention() -> keras.Model:
    inputs = keras.Input(SEQUENCE)
    query = layers.Dense(3, name="query")(inputs)
    dot, _ = layers.Attention(name="dot")([query, query], return_attention_scores=True)
    additive = layers.AdditiveAttention(name="additive")([dot, query])
    return keras.Model(inputs, layers.Dense(2, name="out")(layers.GlobalMaxPooling1D()(additive)))


def returning_states() -> keras.Model:
    inputs = keras.Input(SEQUENCE)
    x, *states = layers.LSTM(3, return_sequences=True, return_state=True, name="lstm")(inputs)
    both = layers.Bidirectional(layers.GRU(2, return_sequences=True, return_state=True), name="both")
    _, *more = both(x)
    ends = layers.Concatenate(name="ends")([*states, *more])
    return keras.Model(inputs, layers.Dense(2, name="out")(ends))


def stft() -> keras.Model:
    spectrogram = layers.STFTSpectrogram(frame_length=128, frame_step=32, fft_length=128, name="spectrogram")
    return chain((SOUND, 1), spectrogram, layers.Conv1D(3, 3, name="conv"))


def in_precision(policy: str) -> keras.Model:
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        stack = [layers.Conv2D(4, 3, name="conv"), layers.BatchNormalization(name="norm"), layers.ReLU(name="relu")]
        return chain(MAP, *stack, layers.Conv2D(3, 3, activation="tanh", name="second"))
    finally:
        keras.config.set_dtype_policy(before)


def quantised() -> keras.Model:
    model = chain(SEQUENCE, layers.Dense(5, activation="relu", name="hidden"), layers.Dense(3, name="second"))
    model.quantize("int8")
    return model


def with_lora(*names: str, model: Callable[[], keras.Model]) -> keras.Model:
    adapted = model()
    rng = np.random.default_rng(1)
    for name in names:
        layer = adapted.get_layer(name)
        layer.enable_lora(2)
        # Adapters begin with zeros, and would not show.
        matrices = [v for v in layer.trainable_variables if "lora" in v.name]
        for matrix in matrices:
            matrix.assign(rng.normal(size=matrix.shape))
        assert len(matrices) == 2
    return adapted


def tokens() -> keras.Model:
    return chain(
        (9,),
        layers.Embedding(10, 4, name="embedding"),
        layers.EinsumDense("abc,cd->abd", output_shape=(None, 5), name="einsum"),
        layers.Conv1D(3, 3, name="conv"),
        dtype="int32",
    )


ROWS = {
    "Conv1D on raw audio": Row(
        raw_sound, (SOUND, 1), TIME, by_graph("front", "second", "depthwise", "separable", "transposed", "out")
    ),
    "Conv2D": on_map(layers.Conv2D, 3, 3),
    "Conv2D, strided": on_map(layers.Conv2D, 3, 3, strides=(2, 3), padding="same"),
    "Conv2D, dilated": on_map(layers.Conv2D, 3, 3, dilation_rate=(2, 1)),
    "Conv2D, in groups": on_map(layers.Conv2D, 4, 3, groups=2, activation="relu"),
    "Conv2D, depthwise": on_map(layers.DepthwiseConv2D, 3, depth_multiplier=2),
    "Conv2D, separable": on_map(layers.SeparableConv2D, 3, 3),
    "Conv2D, transposed": on_map(layers.Conv2DTranspose, 3, 3, strides=2),
    "channels first": Row(
        channels_first, (2, 9, 12), CHANNELS_FIRST, by_graph("norm", "separable", "depthwise", "transposed", "out")
    ),
    "TimeDistributed": Row(
        lambda: chain(
            (5, 9, 2),
            layers.TimeDistributed(layers.Conv1D(3, 3), name="each"),
            layers.TimeDistributed(keras.Sequential([layers.GlobalMaxPooling1D(), layers.Dense(3)]), name="folded"),
        ),
        (5, 9, 2),
        TIME_FREQUENCY,
        by_graph("each", "folded", "out"),
    ),
    "LSTM with sequences": on_sequence(lambda: layers.LSTM(3, return_sequences=True, name="layer")),
    "GRU with sequences": on_sequence(lambda: layers.GRU(3, return_sequences=True, name="layer")),
    "Bidirectional": on_sequence(
        lambda: layers.Bidirectional(layers.LSTM(3, return_sequences=True), name="layer"),
        lambda: layers.Bidirectional(layers.GRU(2), name="last"),
        names=("layer", "last", "out"),
    ),
    "recurrent layers that give their states": Row(
        returning_states, SEQUENCE, TIME, by_graph("lstm", "both", "ends", "out")
    ),
    "attention, with scores": Row(
        self_attention,
        SEQUENCE,
        TIME,
        by_graph("attention", "out"),
        prediction=lambda model, x: model(x)[0],
    ),
    "attention, other kinds": Row(other_attention, SEQUENCE, TIME, by_graph("query", "dot", "additive", "out")),
    "STFTSpectrogram": Row(
        stft,
        (SOUND, 1),
        TIME,
        by_graph("spectrogram", "conv", "out"),
        order={"spectrogram": ("time", "frequency")},
    ),
    "mixed_float16": Row(
        lambda: in_precision("mixed_float16"), MAP, TIME_FREQUENCY, by_graph("relu", "second", "out"), precision=2**-10
    ),
    "mixed_bfloat16": Row(
        lambda: in_precision("mixed_bfloat16"), MAP, TIME_FREQUENCY, by_graph("relu", "second", "out"), precision=2**-7
    ),
    "int8-quantised Dense": Row(quantised, SEQUENCE, TIME, by_graph("hidden", "second", "out"), trains=False),
    "LoRA: Dense": Row(
        lambda: with_lora("layer", "out", model=lambda: chain(SEQUENCE, layers.Dense(3, name="layer"))),
        SEQUENCE,
        TIME,
        by_graph("layer", "out"),
    ),
    "LoRA: Embedding, EinsumDense, Conv1D": Row(
        lambda: with_lora("embedding", "einsum", "conv", model=tokens),
        (9,),
        ("time",),
        by_graph("embedding", "einsum", "conv", "out"),
        integers=True,
    ),
}
