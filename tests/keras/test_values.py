"""What an observer gives over blocks, steps and probes of other lengths. Each kind of model: `test_model_table.py`."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from tensorboard_plugin_cnnviz.keras.observer import Observer
from tests.keras.helpers import BUDGET, assert_shows, noise, observed, probe_of, responses
from tests.keras.table import architectures, brought, state
from tests.keras.table.row import by_graph, chain

layers = keras.layers
AXES = ("time", "frequency", "channel")


@pytest.mark.parametrize(
    ("row", "fields"),
    [
        pytest.param("subclassed", {"first/norm": 3, "second/norm": 5}, id="sums and operations between layers"),
        pytest.param(
            "nested two levels, equal names", {"level2/level1/conv": 3, "level2/conv": 5, "conv": 7}, id="nested"
        ),
        pytest.param("a layer used twice", {"shared": 3, "shared:1": 5}, id="used twice"),
    ],
)
def test_fields_grow_through(row: str, fields: dict[str, int]) -> None:
    model = architectures.ROWS[row].build()
    observer, _ = observed(model, probe_of(architectures.ROWS[row].inputs(2, seed=0), AXES))
    assert {spec.name: spec.time.field for spec in observer.specs if spec.time} == fields


def test_which_layers_are_called_may_depend_on_the_sound() -> None:
    model = chain((9, 2), brought.Chooses(name="choice"))
    loud, soft = np.ones((2, 9, 2), np.float32), np.zeros((3, 9, 2), np.float32)
    observer = Observer(model, [probe_of(loud, name="loud"), probe_of(soft, name="soft")], memory_budget=BUDGET)
    first, second = observer.observe()
    assert [spec.name for spec in first.specs] == ["choice/loud", "out"]
    assert [spec.name for spec in second.specs] == ["choice/soft", "out"]
    choice = model.get_layer("choice")
    assert_shows(first, "choice/loud", choice.loud(loud).numpy())
    assert_shows(second, "choice/soft", choice.soft(soft).numpy())


def test_blocks_of_windows_within_the_memory_budget() -> None:
    model = architectures.sequential()
    x = noise(7, 9, 12, 1)
    _, response = observed(model, probe_of(x, AXES), memory_budget=40_000)
    assert response.blocks[0] == 0
    assert response.blocks[-1] == 7
    assert len(response.blocks) > 2
    for name, values in by_graph("c", "e", "g")(model, x).items():
        assert_shows(response, name, values.numpy())
    first = observed(model, probe_of(x[: response.blocks[1]], AXES))[1].layers[0]
    np.testing.assert_array_equal(response.layers[0].ranges[0], first.ranges[0])


def test_a_subclassed_model_that_remembers_a_batch_of_its_own() -> None:
    class Remembers(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.gru = layers.GRU(3, stateful=True, name="gru")

        def call(self, x: Any) -> Any:
            return self.gru(x)

    model, x = Remembers(), noise(6, 5, 2)
    model(x[:4])
    state = model.gru.states[0].numpy()
    _, response = observed(model, probe_of(x))
    assert response.blocks == (0, 4, 6)
    expected = []
    for block in (x[:4], x[[4, 5, 4, 5]]):
        model.gru.states[0].assign(state)
        expected.append(model(block).numpy())
    np.testing.assert_allclose(response.predictions, np.concatenate(expected)[:6], rtol=1e-5, atol=1e-6)


def test_new_weights_show_without_tracing_again() -> None:
    traces = []

    class Counting(keras.layers.Layer):
        def call(self, x: Any) -> Any:
            traces.append(1)
            return x

    model = keras.Sequential([keras.Input((5, 4, 1)), Counting(), layers.Conv2D(2, 3, name="conv")])
    probes = [probe_of(noise(n, 5, 4, 1, seed=n), AXES, name=str(n)) for n in (2, 3)]
    traces.clear()
    observer = Observer(model, probes, memory_budget=BUDGET)
    assert len(traces) == 1
    conv = model.get_layer("conv")
    for _ in range(2):
        conv.kernel.assign(conv.kernel + 1.0)
        for probe, response in zip(probes, responses(observer), strict=True):
            assert_shows(response, "conv", conv(probe.inputs).numpy())
    assert len(traces) == 1


class Notes(layers.Layer):
    """Notes how many windows there are, each time its graph runs."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[int] = []

    def call(self, x: Any) -> Any:
        noted = tf.py_function(lambda size: self.sizes.append(int(size)), [tf.shape(x)[0]], [])
        with tf.control_dependencies([noted]):
            return tf.identity(x)


@pytest.mark.parametrize(
    ("room", "sizes"),
    [(10, [10]), (9, [9, 1]), (6, [4, 6]), (3, [3, 1, 3, 3]), (1, [1] * 10)],
)
def test_clips_that_follow_one_another_are_given_to_the_model_together(room: int, sizes: list[int]) -> None:
    notes = Notes()
    model = keras.Sequential([keras.Input((5, 4, 1)), notes, layers.Conv2D(2, 3, name="conv"), layers.Flatten()])
    probes = [probe_of(noise(n, 5, 4, 1, seed=n), AXES, name=str(n)) for n in (4, 3, 2, 1)]
    observer = Observer(model, probes, memory_budget=BUDGET)
    observer.windows_at_a_time = lambda probe: room  # type: ignore[method-assign]
    notes.sizes.clear()
    given = responses(observer)
    assert notes.sizes == sizes
    assert [response.probe for response in given] == [probe.name for probe in probes]
    for probe, response in zip(probes, given, strict=True):
        assert_shows(response, "conv", model.get_layer("conv")(probe.inputs).numpy())
        np.testing.assert_allclose(response.predictions, model(probe.inputs), rtol=1e-5, atol=1e-6)


def test_of_a_model_that_draws_or_remembers_each_clip_is_given_alone() -> None:
    notes = Notes()
    model = keras.Sequential([keras.Input((6, 2)), notes, state.Draws(), layers.Conv1D(2, 3, name="conv")])
    probes = [probe_of(noise(n, 6, 2, seed=n), name=str(n)) for n in (3, 2)]
    observer = Observer(model, probes, memory_budget=BUDGET)
    notes.sizes.clear()
    responses(observer)
    assert notes.sizes == [3, 2]


def test_windows_of_another_length_have_their_own_places() -> None:
    model = keras.Sequential([keras.Input((None, 4, 1)), layers.Conv2D(2, 3, name="conv"), layers.GlobalMaxPooling2D()])
    probes = [probe_of(noise(1, n, 4, 1), AXES, name=str(n)) for n in (6, 9)]
    observer = Observer(model, probes, memory_budget=BUDGET)
    short, long = observer.observe()
    assert short.specs[0].time is not None
    assert short.specs[0].time.centres == (1, 2, 3, 4)
    assert long.specs[0].time is not None
    assert long.specs[0].time.centres == (1, 2, 3, 4, 5, 6, 7)
    assert_shows(long, "conv", model.get_layer("conv")(probes[1].inputs).numpy())
