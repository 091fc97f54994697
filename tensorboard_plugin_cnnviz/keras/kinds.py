"""What kind of thing a layer is, as far as choosing layers and following axes need to know."""

from __future__ import annotations

from typing import Any

import keras


def classes(*names: str) -> tuple[type, ...]:
    """Return those of Keras's layer classes that the installed version has."""
    return tuple(getattr(keras.layers, name) for name in names if hasattr(keras.layers, name))


ACTIVATIONS = classes("Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax")
NORMALISATIONS = classes(
    "BatchNormalization",
    "GroupNormalization",
    "LayerNormalization",
    "Normalization",
    "RMSNormalization",
    "UnitNormalization",
)
INPUTS = classes("InputLayer")
PADDINGS = classes("ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D")
CROPPINGS = classes("Cropping1D", "Cropping2D", "Cropping3D")
RESHAPES = classes("Flatten", "Permute", "RepeatVector", "Reshape")
# Nothing but training passes through these changed.
TRANSPARENT = classes(
    "ActivityRegularization",
    "AlphaDropout",
    "Dropout",
    "GaussianDropout",
    "GaussianNoise",
    "Identity",
    "Masking",
    "SpatialDropout1D",
    "SpatialDropout2D",
    "SpatialDropout3D",
)
WINDOW_POOLINGS = classes(
    "AveragePooling1D", "AveragePooling2D", "AveragePooling3D", "MaxPooling1D", "MaxPooling2D", "MaxPooling3D"
)
GLOBAL_POOLINGS = classes(
    "GlobalAveragePooling1D",
    "GlobalAveragePooling2D",
    "GlobalAveragePooling3D",
    "GlobalMaxPooling1D",
    "GlobalMaxPooling2D",
    "GlobalMaxPooling3D",
)
ADAPTIVE_POOLINGS = classes(
    "AdaptiveAveragePooling1D",
    "AdaptiveAveragePooling2D",
    "AdaptiveAveragePooling3D",
    "AdaptiveMaxPooling1D",
    "AdaptiveMaxPooling2D",
    "AdaptiveMaxPooling3D",
)
MERGES = classes("Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract")

# Left out by default: they show again, moved or smaller, what another layer shows.
SECONDARY = (
    *INPUTS,
    *PADDINGS,
    *CROPPINGS,
    *RESHAPES,
    *TRANSPARENT,
    *WINDOW_POOLINGS,
    *GLOBAL_POOLINGS,
    *ADAPTIVE_POOLINGS,
)

# Keras compiles them where TensorFlow has no kernel for a processor (grouped ones).
CONVOLUTIONS = classes("Conv1D", "Conv2D", "Conv3D")

# They call their children inside a loop, or on reversed or folded inputs: what a child gives is not the clip's.
HIDES_CHILDREN = classes("Bidirectional", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "RNN", "TimeDistributed")

# Keras's own layers that do no more than call their children.
PASSES_ON = classes("Pipeline", "Wrapper")

_ACTIVATION_OPERATIONS = frozenset(
    {
        "Celu",
        "Elu",
        "Gelu",
        "HardShrink",
        "HardSigmoid",
        "HardSilu",
        "HardTanh",
        "LeakyRelu",
        "LogSigmoid",
        "LogSoftmax",
        "Relu",
        "Relu6",
        "Selu",
        "Sigmoid",
        "Silu",
        "SoftShrink",
        "Softmax",
        "Softplus",
        "Softsign",
        "Sparsemax",
        "Squareplus",
        "Tanh",
        "TanhShrink",
        "Threshold",
    }
)


def is_layer(operation: Any) -> bool:
    """Tell a layer from a bare operation (`keras.ops.relu` in a functional graph)."""
    return isinstance(operation, keras.layers.Layer)


def is_activation(operation: Any) -> bool:
    """Tell an activation, be it a layer or one of `keras.ops` in a functional graph."""
    if is_layer(operation):
        return isinstance(operation, ACTIVATIONS)
    return type(operation).__name__ in _ACTIVATION_OPERATIONS


def refines(operation: Any) -> bool:
    """Tell whether a layer is shown in place of the one it directly consumes."""
    return is_activation(operation) or isinstance(operation, NORMALISATIONS)


def is_built_in(operation: Any) -> bool:
    """Tell a class of Keras's own from a user's."""
    return type(operation).__module__.split(".")[0] == "keras"
