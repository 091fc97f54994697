"""The table of models: what is logged of each, against values that Keras alone gives, and the model afterwards."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from tensorboard_plugin_cnnviz import Probe, log_model
from tensorboard_plugin_cnnviz.errors import CNNVizWarning
from tests.keras import training
from tests.keras.bundles import StepBundle
from tests.keras.table import architectures, brought, layer_kinds, state
from tests.keras.table.row import TIME_FREQUENCY, TRAINED_WINDOWS, Row, by_graph

ROWS: dict[str, Row] = {**architectures.ROWS, **layer_kinds.ROWS, **state.ROWS, **brought.ROWS}


@dataclass(frozen=True)
class Case:
    """A row whose model was built and logged once, and what another of it gives."""

    row: Row
    model: keras.Model
    probes: list[Probe]
    bundle: StepBundle
    told: list[str]
    expected: list[Mapping[str, Any]]
    predictions: list[Any]


def fresh(row: Row) -> keras.Model:
    """The row's model, each time the same."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(7)
    with warnings.catch_warnings():
        # What Keras says of odd models is not of interest here.
        warnings.simplefilter("ignore")
        return row.build()


@pytest.fixture(scope="module", params=ROWS.values(), ids=ROWS.keys())
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    row: Row = request.param
    probes = []
    for seed, (name, windows) in enumerate(zip(("one", "two"), row.windows, strict=True)):
        times = [(0.1 * window, 0.1 * window + 1) for window in range(windows)]
        probes.append(Probe(name, row.inputs(windows, seed=seed), times, input_axes=row.axes))
    try:
        model = fresh(row)
    except NotImplementedError as error:
        pytest.skip(str(error))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        run = log_model(
            model,
            probes,
            tmp_path_factory.mktemp("log"),
            layers=row.layers,
            output=row.output,
            max_map_size=4096,
        )
    told = [str(each.message) for each in caught if issubclass(each.category, CNNVizWarning)]
    other = fresh(row)
    expected = [unchanged(other, lambda probe=probe: row.reference(other, probe.inputs)) for probe in probes]
    find = row.prediction or (lambda *_: None)
    predictions = [unchanged(other, lambda probe=probe: find(other, probe.inputs)) for probe in probes]
    return Case(row, model, probes, StepBundle(run, 0), told, expected, predictions)


def assert_shows(bundle: StepBundle, probe: int, expected: Mapping[str, Any], row: Row) -> None:
    """Assert that a bundle holds just the layers expected, each value within half a code of its filter."""
    assert sorted(bundle.layers) == sorted(expected)
    for name, given in expected.items():
        wanted = stored(given, row.axes_of(name, np.ndim(given) - 1))
        values, codes = bundle.response(probe, name)
        assert values.shape == wanted.shape, name
        allowed = codes[..., np.newaxis, np.newaxis] / 2 * 1.001
        # Where a graph adds in another order, sums of float32 differ a little; those of half precision may round to the
        # neighbouring number.
        allowed = allowed + 1e-5 * np.abs(wanted).max(axis=(1, 2, 3), keepdims=True) + row.precision * np.abs(wanted)
        off = np.abs(values - wanted)
        worst = np.unravel_index(np.argmax(off - allowed), off.shape)
        assert off[worst] <= allowed[worst], f"{name} of probe {probe} is off by {off[worst]} at {worst}"


def stored(values: Any, axes: tuple[str, ...]) -> np.ndarray:
    """`[windows, *axes]` as float32 `[filters, windows, frequency, time]`."""
    values = np.asarray(keras.ops.cast(values, "float32"))
    names = ["windows", *axes][: values.ndim]
    for missing in {"filter", "frequency", "time"} - set(names):
        values, names = values[..., np.newaxis], [*names, missing]
    return values.transpose([names.index(name) for name in ("filter", "windows", "frequency", "time")])


def unchanged(model: keras.Model, call: Callable[[], Any]) -> Any:
    """What `call` gives; the model's state is put back afterwards."""
    states = [(variable, variable.numpy()) for variable in [*model.variables, *own_variables(model)]]
    result = call()
    for variable, value in states:
        variable.assign(value)
    return result


def own_variables(model: keras.Model) -> list[Any]:
    """Variables that are not among the model's: recurrent states, and what the table's layers keep of TensorFlow's."""
    found = []
    for layer in model._flatten_layers():
        found += [state for state in keras.tree.flatten(getattr(layer, "states", [])) if state is not None]
        found += layer.own() if hasattr(layer, "own") else []
    return found


def test_values(case: Case) -> None:
    for number, expected in enumerate(case.expected):
        assert_shows(case.bundle, number, expected, case.row)


def test_predictions(case: Case) -> None:
    if case.row.prediction is None:
        assert case.bundle.layout["output"] is None
        return
    for number, prediction in enumerate(case.predictions):
        expected = np.asarray(keras.ops.cast(prediction, "float32"))
        np.testing.assert_allclose(case.bundle.predictions(number), expected, rtol=1e-5 + case.row.precision, atol=1e-6)


def test_what_cannot_be_recorded_is_named(case: Case) -> None:
    told = [each for each in case.told if "is not logged" in each]
    assert len(told) == len(case.row.named)
    for name, reason in case.row.named.items():
        assert any(each.startswith(f"layer {name!r} is not logged: ") and reason in each for each in told), told


def test_the_model_is_as_if_it_had_never_been_logged(case: Case, tmp_path: Path) -> None:
    logged = aftermath(case.row, case.model, tmp_path / "logged.keras")
    plain = aftermath(case.row, fresh(case.row), tmp_path / "plain.keras")
    assert logged.keys() == plain.keys()
    for what, values in plain.items():
        np.testing.assert_array_equal(logged[what], values, err_msg=what)


def aftermath(row: Row, model: keras.Model, path: Path) -> dict[str, Any]:
    """All that can be seen of a model, and of what a user goes on to do with it."""
    seen: dict[str, Any] = {}

    def look(when: str) -> None:
        optimizer = getattr(model, "optimizer", None)
        variables = [*model.variables, *own_variables(model), *(optimizer.variables if optimizer else [])]
        seen.update({f"{when}, {number} {v.name}": v.numpy() for number, v in enumerate(variables)})
        seen.update({f"{when}, loss {number}": float(loss) for number, loss in enumerate(model.losses)})
        attributes = [layer.calls for layer in model._flatten_layers() if hasattr(layer, "calls")]
        seen[f"{when}, calls"] = attributes

    look("before")
    keras.utils.set_random_seed(8)
    x = row.inputs(TRAINED_WINDOWS, seed=5)
    y = keras.tree.lists_to_tuples(keras.tree.map_structure(np.zeros_like, row.by_batch(model, x)))
    data = tf.data.Dataset.from_tensor_slices((x, y)).batch(row.batch)
    # Eagerly: tracing takes time, and how training is run is the matter of other rows.
    model.compile(keras.optimizers.SGD(0.1, momentum=0.9), "mse", run_eagerly=True)
    if row.trains:
        seen.update(model.fit(data, shuffle=False, verbose=0).history)
    seen["evaluated"] = model.evaluate(data, verbose=0)
    look("after")
    model.save(path)
    loaded = keras.models.load_model(path, safe_mode=False)
    seen.update({f"loaded, {number} {v.name}": v.numpy() for number, v in enumerate(loaded.variables)})
    seen.update({f"loaded, output {i}": each for i, each in enumerate(keras.tree.flatten(row.by_batch(loaded, x)))})
    return seen


@pytest.mark.parametrize("how", training.HOW)
def test_values_while_training(trained: tuple[Path, dict[str, Any]], how: str) -> None:
    directory, _ = trained
    row = Row(training.build, (12, 10, 1), TIME_FREQUENCY, by_graph("counts", "relu", "out"))
    steps = sorted(int(path.stem) for path in (directory / how).glob("*.keras"))
    assert steps == [*([] if "first batch" in how else [-1]), *range(training.EPOCHS)]
    for step in steps:
        model = keras.models.load_model(directory / how / f"{step}.keras")
        bundle = StepBundle(directory / how / "cnnviz", step)
        for number in range(len(training.PROBES)):
            inputs = training.probe_inputs(number)
            assert_shows(bundle, number, row.reference(model, inputs), row)
            np.testing.assert_allclose(bundle.predictions(number), model(inputs, training=False), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("how", training.HOW)
def test_training_is_as_without_the_callback(trained: tuple[Path, dict[str, Any]], how: str) -> None:
    _, results = trained
    assert results[how]["state"] == results[f"{how}, plain"]["state"]
    assert results[how]["traces"] == results[f"{how}, plain"]["traces"]
    told = [each.split(",")[0] for each in results[how]["told"]]
    assert told == (["the model is built by its first batch"] if "first batch" in how else [])
