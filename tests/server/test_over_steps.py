"""Curves over steps, and everything else that bundles give, from whole, odd and damaged files."""

from __future__ import annotations

import io
import random
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tensorboard_plugin_cnnviz.bundle import compress, create_array, parse_array
from tensorboard_plugin_cnnviz.events import EventWriter
from tensorboard_plugin_cnnviz.layers import QuantisedResponse
from tensorboard_plugin_cnnviz.probes import Probe
from tensorboard_plugin_cnnviz.responses import Quantiser
from tensorboard_plugin_cnnviz.writer import Response, SummaryWriter

from .conftest import (
    CLASSES,
    HOSTILE_NAME,
    RUN,
    STEPS,
    Api,
    bundles_of,
    make_probes,
    open_api,
    write_run,
)


def plain_array(log: Path, file: str, name: str) -> Any:
    with zipfile.ZipFile(bundles_of(log) / file) as archive:
        return np.load(io.BytesIO(archive.read(name)))


@pytest.mark.parametrize("last", range(1, len(STEPS) + 1))
@pytest.mark.parametrize("probe", ["violin", HOSTILE_NAME, "short"])
def test_over_steps_is_what_each_bundle_holds(api: Api, log: Path, last: int, probe: str) -> None:
    answer = api.json("steps", run=RUN)
    files = [step["record"]["bundle"]["file"] for step in answer["steps"]][:last]
    p = next(i for i, entry in enumerate(answer["layout"]["probes"]) if entry["name"] == probe)
    for layer in answer["layout"]["layers"]:
        columns = slice(layer["first_filter"], layer["first_filter"] + layer["filters"])
        expected = np.stack([plain_array(log, file, "statistics.npy")[p, columns] for file in files])
        actual = api.over_steps(last=STEPS[last - 1], probe=probe, layer=layer["name"])
        np.testing.assert_array_equal(actual, expected)
        assert np.isfinite(actual).all()
    entry = answer["layout"]["probes"][p]
    rows = slice(entry["first_window"], entry["first_window"] + entry["windows"])
    expected = np.stack([plain_array(log, file, "predictions.npy")[rows] for file in files])
    np.testing.assert_array_equal(api.over_steps(last=STEPS[last - 1], probe=probe), expected)


def damage(path: Path, kind: str) -> None:
    data = path.read_bytes()
    if kind == "missing":
        path.unlink()
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "cut short":
        path.write_bytes(data[: len(data) // 2])
    elif kind == "longer":
        path.write_bytes(data + b"x")
    elif kind == "a directory":
        path.unlink()
        path.mkdir()
    elif kind == "noise":
        path.write_bytes(random.Random(0).randbytes(len(data)))


KINDS = ["missing", "empty", "cut short", "longer", "a directory", "noise"]


@pytest.mark.parametrize("kind", KINDS)
def test_one_damaged_bundle_leaves_the_others_readable(own_log: Path, kind: str) -> None:
    before = open_api(own_log).over_steps(last=5, probe="violin", layer="conv")
    file = open_api(own_log).newest()["bundle"]["file"]
    damage(bundles_of(own_log) / file, kind)
    api = open_api(own_log)
    after = api.over_steps(last=5, probe="violin", layer="conv")
    np.testing.assert_array_equal(after[:-1], before[:-1])
    assert np.isnan(after[-1]).all()
    answer = api.json("steps", run=RUN)
    assert [step["step"] for step in answer["steps"] if step["problem"]] == ([] if kind == "noise" else [5])
    assert answer["layout"] is not None
    assert answer["steps"][-1]["record"]["logs"]["loss"] == pytest.approx(1 / 7)
    if kind != "longer":
        response = api.get("manifest", run=RUN, file=file)
        assert response.status_code == 404
        assert file in response.text


def test_without_any_readable_bundle_the_records_stand(own_log: Path) -> None:
    for path in bundles_of(own_log).glob("*.zip"):
        damage(path, "cut short")
    api = open_api(own_log)
    answer = api.json("steps", run=RUN)
    assert answer["layout"] is None
    assert answer["problem"].startswith("step 5 cannot be read: 5-")
    assert [step["record"]["epoch"] for step in answer["steps"]] == list(STEPS)
    response = api.get("over_steps", run=RUN, last=5, probe="violin")
    assert response.status_code == 404
    assert "no readable step" in response.text


@given(data=st.data())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_damage_to_a_bundle_is_more_than_a_sentence(log: Path, tmp_path_factory: Any, data: st.DataObject) -> None:
    root = tmp_path_factory.mktemp("damaged") / "logs"
    shutil.copytree(log, root)
    api = open_api(root)
    record = api.newest()
    file = data.draw(st.sampled_from([record["bundle"]["file"], record["probes"]]))
    path = bundles_of(root) / file
    stored = bytearray(path.read_bytes())
    # The manifest and the zip's directory stand at the end, where damage does most.
    for _ in range(data.draw(st.integers(1, 4))):
        stored[-data.draw(st.integers(1, len(stored)))] = data.draw(st.integers(0, 255))
    path.write_bytes(stored[: data.draw(st.sampled_from([len(stored), len(stored) - 1, len(stored) // 2]))])
    requests: list[tuple[str, dict[str, Any]]] = [
        ("steps", {}),
        ("manifest", {"file": file}),
        ("glance", {"file": file, "probe": "violin", "layer": "conv"}),
        ("member", {"file": file, "name": "p0/l0/strip.npy.gz"}),
        ("member", {"file": file, "name": "p0/image.npy.gz"}),
        ("member", {"file": file, "name": "statistics.npy"}),
        ("audio", {"file": file, "probe": "violin"}),
        ("over_steps", {"last": 5, "probe": "violin", "layer": "conv"}),
        ("over_steps", {"last": 5, "probe": "violin"}),
    ]
    for route, parameters in requests:
        response = api.get(route, run=RUN, **parameters)
        assert response.status_code in (200, 404), (route, response.text)
        if response.status_code == 404:
            assert response.text.startswith("Not found: ")
    shutil.rmtree(root.parent)


def test_a_compressed_member_never_inflates_beyond_what_is_declared(own_log: Path) -> None:
    path = bundles_of(own_log) / open_api(own_log).newest()["bundle"]["file"]
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["p0/l0/strip.npy.gz"] = compress(create_array(np.zeros(50_000_000, np.uint8)))
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    response = open_api(own_log).get("member", run=RUN, file=path.name, name="p0/l0/strip.npy.gz")
    assert response.status_code == 404
    assert "inflates to more than" in response.text


# Layouts that change within a run


def write_steps(directory: Path, filters: dict[int, int]) -> None:
    probes = make_probes()[:1]
    with SummaryWriter(directory, probes) as writer:
        for step, count in filters.items():
            rng = np.random.default_rng(step)
            writer.write(
                step,
                [
                    Response(
                        "violin", {f"only{step}": rng.normal(size=(6, 2)), "conv": rng.normal(size=(6, 4, 8, count))}
                    )
                ],
            )


def test_steps_of_other_layouts_are_read_by_their_own(tmp_path: Path) -> None:
    write_steps(tmp_path / RUN, {0: 3, 1: 5, 2: 5})
    api = open_api(tmp_path)
    statistics = api.over_steps(last=2, probe="violin", layer="conv")
    assert statistics.shape == (3, 5, 6)
    assert np.isnan(statistics[0]).all()
    records = [step["record"] for step in api.json("steps", run=RUN)["steps"]]
    for step in (1, 2):
        stored = plain_array(tmp_path, records[step]["bundle"]["file"], "statistics.npy")
        np.testing.assert_array_equal(statistics[step], stored[0, 2:])
    only = api.over_steps(last=2, probe="violin", layer="only1")
    assert np.isfinite(only[1]).all()
    assert np.isnan(only[[0, 2]]).all()
    assert api.over_steps(last=0, probe="violin", layer="conv").shape == (1, 3, 6)
    assert "no readable step has predictions" in api.get("over_steps", run=RUN, last=2, probe="violin").text


# One step each: what the steps before the last share with it beside the names.
OTHERS: dict[str, dict[str, Any]] = {
    "the same": {},
    "another label": {"label": "sax"},
    "other filters": {"filters": 5},
    "another kind": {"kind": "Dense"},
    "another sound": {"audio": np.cos(np.arange(14000) / 8)},
    "other inputs": {"inputs": np.ones((6, 16, 8, 1), np.float32)},
    "other windows": {"times": np.stack([np.arange(6) * 0.2, np.arange(6) * 0.2 + 0.5], axis=1)},
    "another rate": {"sample_rate": 16000},
    "without sound": {"audio": None, "sample_rate": None},
    "a clip more": {"more": True},
    "a layer more": {"layer": "first"},
    "other classes": {"classes": ["x", "y", "z"]},
    "more classes": {"classes": ["sax", "flute", "violin", "oboe"]},
}


def write_other(
    directory: Path,
    step: int,
    *,
    filters: int = 3,
    kind: str = "",
    more: bool = False,
    layer: str = "",
    classes: Any = CLASSES,
    **of: Any,
) -> None:
    options = {"audio": np.sin(np.arange(14000) / 8), "sample_rate": 8000, **of}
    options = {"inputs": np.zeros((6, 16, 8, 1), np.float32), "times": make_probes()[0].times, **options}
    probes = [Probe("violin", **options)]
    if more:
        probes.insert(0, Probe("before", np.zeros((2, 16, 8, 1), np.float32), [[0, 1], [1, 2]]))
    rng = np.random.default_rng(step)
    responses = []
    for probe in probes:
        windows = len(probe.times)
        activations = {name: rng.normal(size=(windows, 2)) for name in [layer] if name}
        activations["conv"] = rng.normal(size=(windows, 4, 8, filters))
        responses.append(Response(probe.name, activations, rng.random((windows, len(classes)))))
    _, quantised = Quantiser(probes, layer_axes=None, centres=None, memory=10**9)(responses)
    with SummaryWriter(directory, probes, class_names=classes) as writer:
        writer.write_quantised(step, [_as(kind, response) for response in quantised])


def _as(kind: str | None, response: QuantisedResponse) -> QuantisedResponse:
    return replace(response, specs=[replace(spec, kind=kind or spec.kind) for spec in response.specs])


@pytest.fixture(scope="module")
def changing(tmp_path_factory: pytest.TempPathFactory) -> Api:
    root = tmp_path_factory.mktemp("changing")
    for step, options in enumerate(OTHERS.values()):
        write_other(root / RUN, step, **options)
    write_other(root / RUN, len(OTHERS))
    return open_api(root)


@pytest.mark.parametrize(
    ("layer", "joined"),
    [
        (
            "conv",
            {
                "the same",
                "another label",
                "other inputs",
                "a clip more",
                "a layer more",
                "other classes",
                "more classes",
            },
        ),
        (
            None,
            {
                "the same",
                "another label",
                "other inputs",
                "a clip more",
                "a layer more",
                "other filters",
                "another kind",
            },
        ),
    ],
)
def test_only_what_is_the_same_is_joined(changing: Api, layer: str | None, joined: set[str]) -> None:
    asked = {} if layer is None else {"layer": layer}
    array = changing.over_steps(last=len(OTHERS), probe="violin", **asked)
    shown = {name for name, row in zip(OTHERS, array, strict=False) if np.isfinite(row).all()}
    assert shown == joined
    assert all(np.isnan(row).all() for name, row in zip(OTHERS, array, strict=False) if name not in joined)
    # Each step is the newest for itself: whatever was logged can be seen.
    for step in range(len(OTHERS) + 1):
        assert np.isfinite(changing.over_steps(last=step, probe="violin", **asked)[-1]).all()


@pytest.mark.parametrize("span", [(-5, 3200), (0, 3200), (10**18, 3200), (128, -1), (128, 0), (0, 10**18)])
def test_offsets_of_a_record_are_not_trusted(own_log: Path, span: tuple[int, int]) -> None:
    record = open_api(own_log).newest()
    record["bundle"]["arrays"]["statistics"] = span
    events = EventWriter(own_log / RUN)
    events.write(9, msgspec.json.encode(record), wall_time=2e9)
    events.close()
    assert np.isnan(open_api(own_log).over_steps(last=9, probe="violin", layer="conv")[-1]).all()


FORGERIES = [("filters", -5), ("filters", 0), ("filters", 10**9), ("first_filter", -1), ("first_filter", 10**9)]


@pytest.mark.parametrize(("key", "value"), FORGERIES)
def test_numbers_of_a_layout_are_not_trusted(tmp_path: Path, key: str, value: int) -> None:
    write_run(tmp_path / RUN, (0,))
    record = open_api(tmp_path).newest()
    path = bundles_of(tmp_path) / record["bundle"]["file"]
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = msgspec.json.decode(members["manifest.json"])
    manifest["layout"]["layers"][0][key] = value
    members["manifest.json"] = msgspec.json.encode(manifest)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    record["bundle"]["bytes"] = path.stat().st_size
    events = EventWriter(tmp_path / RUN)
    events.write(0, msgspec.json.encode(record), wall_time=2e9)
    events.close()
    response = open_api(tmp_path).get("over_steps", run=RUN, last=0, probe="violin", layer="conv")
    assert response.status_code in (200, 400, 404), response.text
    if response.status_code == 200:
        assert np.isnan(parse_array(response.data)).all()
