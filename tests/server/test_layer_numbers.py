"""What is cut out of the plain arrays for one layer, against the arrays themselves."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tests.golden
from tensorboard_plugin_cnnviz.bundle import parse_array
from tensorboard_plugin_cnnviz.probes import Probe
from tensorboard_plugin_cnnviz.writer import Response, SummaryWriter

from .conftest import HOSTILE_NAME, RUN, Api, bundles_of, make_probes, make_responses, open_api


def read(api: Api, route: str, **parameters: str) -> Any:
    response = api.get(route, run=RUN, **parameters)
    assert response.status_code == 200, response.text
    assert "immutable" in response.headers["Cache-Control"]
    return parse_array(response.data)


def plain(api: Api, file: str, name: str) -> Any:
    return parse_array(api.get("member", run=RUN, file=file, name=name).data)


@pytest.mark.parametrize("probe", ["violin", HOSTILE_NAME, "short"])
def test_a_layers_numbers_are_its_part_of_the_plain_arrays(api: Api, step_file: str, probe: str) -> None:
    manifest = api.json("manifest", run=RUN, file=step_file)
    index = [entry["name"] for entry in manifest["layout"]["probes"]].index(probe)
    response = manifest["responses"][index]
    rows = slice(response["first_block"], response["first_block"] + len(response["blocks"]) - 1)
    statistics, ranges = (plain(api, step_file, f"{name}.npy") for name in ("statistics", "ranges"))
    np.testing.assert_array_equal(read(api, "statistics", file=step_file, probe=probe), statistics[[index]])
    for layer in manifest["layout"]["layers"]:
        columns = slice(layer["first_filter"], layer["first_filter"] + layer["filters"])
        numbers = read(api, "numbers", file=step_file, probe=probe, layer=layer["name"])
        own = statistics[:, columns]
        np.testing.assert_array_equal(read(api, "statistics", file=step_file, layer=layer["name"]), own)
        np.testing.assert_array_equal(numbers[:6], own[index].T)
        np.testing.assert_array_equal(numbers[6:8], [own[..., 0].min(axis=0), own[..., 1].max(axis=0)])
        np.testing.assert_array_equal(numbers[8::2], ranges[rows, columns, 0])
        np.testing.assert_array_equal(numbers[9::2], ranges[rows, columns, 1])


def test_what_was_not_logged_counts_for_nothing(tmp_path: Path) -> None:
    probes = make_probes()
    with SummaryWriter(tmp_path / RUN, probes) as writer:
        writer.write(0, make_responses(probes[:1], 1))
    api = open_api(tmp_path)
    file = api.newest()["bundle"]["file"]
    numbers = read(api, "numbers", file=file, probe="violin", layer="conv")
    np.testing.assert_array_equal(numbers[6:8], numbers[:2])
    absent = read(api, "numbers", file=file, probe="short", layer="conv")
    assert absent.shape == (8, 40)
    assert np.isnan(absent[:6]).all()
    np.testing.assert_array_equal(absent[6:8], numbers[6:8])


def test_blocks_come_in_turn(own_log: Path) -> None:
    file = "7-0123456789abcdef.zip"
    shutil.copyfile(Path(tests.golden.__file__).parent / "bundle.zip", bundles_of(own_log) / file)
    api = open_api(own_log)
    manifest = api.json("manifest", run=RUN, file=file)
    ranges = plain(api, file, "ranges.npy")
    layer = manifest["layout"]["layers"][0]
    columns = slice(layer["first_filter"], layer["first_filter"] + layer["filters"])
    for probe, response in zip(manifest["layout"]["probes"], manifest["responses"], strict=True):
        first, blocks = response["first_block"], len(response["blocks"]) - 1
        numbers = read(api, "numbers", file=file, probe=probe["name"], layer=layer["name"])
        expected = ranges[first : first + blocks, columns].transpose(0, 2, 1).reshape(2 * blocks, -1)
        np.testing.assert_array_equal(numbers[8:], expected)
    assert max(len(response["blocks"]) for response in manifest["responses"]) > 2


@pytest.mark.parametrize(
    ("route", "parameters", "code", "sentence"),
    [
        ("numbers", {"probe": "nobody", "layer": "conv"}, 404, "holds no probe 'nobody'"),
        ("numbers", {"probe": "violin", "layer": "nothing"}, 404, "holds no layer 'nothing'"),
        ("numbers", {"layer": "conv"}, 400, "parameter 'probe' is missing"),
        ("statistics", {"layer": "nothing"}, 404, "holds no layer 'nothing'"),
        ("statistics", {"probe": "nobody"}, 404, "holds no probe 'nobody'"),
        ("statistics", {}, 400, "parameter 'layer' is missing"),
        ("statistics", {"layer": "conv", "probe": "violin"}, 400, "give one of them"),
    ],
)
def test_what_is_not_there_is_named(
    api: Api, step_file: str, route: str, parameters: dict[str, str], code: int, sentence: str
) -> None:
    response = api.get(route, run=RUN, file=step_file, **parameters)
    assert response.status_code == code
    assert sentence in response.text


@pytest.mark.parametrize("bytes_changed", [b"\x00", b"\xff"])
def test_a_damaged_array_is_a_sentence(own_log: Path, bytes_changed: bytes) -> None:
    api = open_api(own_log)
    file = api.newest()["bundle"]["file"]
    path = bundles_of(own_log) / file
    with zipfile.ZipFile(path) as archive:
        offset = archive.getinfo("statistics.npy").header_offset
    whole = bytearray(path.read_bytes())
    whole[offset + 45 : offset + 145] = bytes_changed * 100
    path.write_bytes(whole)
    response = api.get("numbers", run=RUN, file=file, probe="violin", layer="conv")
    assert response.status_code == 404
    assert "damaged" in response.text


def test_numbers_of_a_layout_are_not_trusted(own_log: Path) -> None:
    """The same layout over a smaller array: as if the manifest were forged."""
    api = open_api(own_log)
    file = api.newest()["bundle"]["file"]
    assert api.get("numbers", run=RUN, file=file, probe="violin", layer="dense").status_code == 200
    smaller = own_log / "other" / "cnnviz"
    with SummaryWriter(smaller, [Probe("violin", np.zeros((1, 4, 4, 1), np.float32), [(0.0, 1.0)])]) as writer:
        writer.write(0, [Response("violin", {"conv": np.zeros((1, 4, 4, 2), np.float32)}, None)])
    shutil.copyfile(next((smaller / "plugins" / "cnnviz").glob("0-*")), bundles_of(own_log) / file)
    response = api.get("numbers", run=RUN, file=file, probe="violin", layer="dense")
    assert response.status_code == 404
