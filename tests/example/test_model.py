"""The example's model is that of the paper."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from model import build_model

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


@pytest.mark.parametrize("leaky", [False, True])
def test_the_model_is_that_of_the_paper(leaky):
    built = build_model(leaky=leaky)
    assert built.input_shape == (None, 43, 128, 1)
    assert built.count_params() == 1_446_123
    assert {name: tuple(built.get_layer(name).output.shape[1:]) for name in SHAPES} == SHAPES


@pytest.mark.parametrize(("leaky", "slope"), [(False, 0.0), (True, 0.33)])
def test_the_activation_below_zero_is_as_asked(leaky, slope):
    built = build_model(leaky=leaky)
    for name in ("conv1", "conv8", "dense"):
        below_zero = built.get_layer(name).activation(np.float32([-2.0, 3.0]))
        np.testing.assert_allclose(below_zero, [-2.0 * slope, 3.0], rtol=1e-6)


def test_both_models_survive_saving(tmp_path):
    windows = np.random.default_rng(0).standard_normal((2, 43, 128, 1), dtype=np.float32)
    for leaky in (False, True):
        built = build_model(leaky=leaky)
        built.save(tmp_path / "model.keras")
        again = keras.models.load_model(tmp_path / "model.keras")
        np.testing.assert_array_equal(again.predict(windows, verbose=0), built.predict(windows, verbose=0))
