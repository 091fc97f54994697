"""The golden run, read with what the documentation promises: zipfile, gzip and numpy, nothing of ours."""

from __future__ import annotations

import gzip
import io
import json
import wave
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tensorboard_plugin_cnnviz.errors import CNNVizWarning
from tensorboard_plugin_cnnviz.records import parse_step_manifest

from .golden import write as golden

HERE = Path(golden.__file__).parent
EXPECTED = json.loads((HERE / "expected.json").read_text())


def load(archive: zipfile.ZipFile, name: str) -> np.ndarray:
    data = archive.read(name)
    return np.load(io.BytesIO(gzip.decompress(data) if name.endswith(".gz") else data), allow_pickle=False)


@pytest.fixture
def step():
    with zipfile.ZipFile(HERE / "bundle.zip") as archive:
        yield archive


@pytest.fixture
def manifest(step):
    return json.loads(step.read("manifest.json"))


def decode(code, lo, hi):
    return {253: -np.inf, 254: np.inf, 255: np.nan}.get(int(code), lo + int(code) / 252 * (float(hi) - float(lo)))


def number(text):
    return float(text)


def test_every_expected_cell_stands_in_windows(step, manifest):
    ranges = load(step, "ranges.npy")
    checked = 0
    for p, index, f, w, row, column, value, half in EXPECTED["cells"]:
        response, layer = manifest["responses"][p], manifest["layout"]["layers"][index]
        if response["layers"][index]["windows"] is None:
            assert response["kept"] == "strip"
            continue
        member = next(m for m in response["layers"][index]["windows"] if m["filters"][0] <= f < m["filters"][1])
        code = load(step, member["name"])[f - member["filters"][0], w, column, row]
        block = np.searchsorted(response["blocks"], w, side="right") - 1
        lo, hi = ranges[response["first_block"] + block, layer["first_filter"] + f]
        np.testing.assert_allclose(decode(code, lo, hi), number(value), rtol=1e-6, atol=half * 1.0001)
        checked += 1
    assert checked > 50


def test_strips_show_the_columns_that_their_grid_names(step, manifest):
    ranges = load(step, "ranges.npy")
    maps = [golden.maps, golden.line]
    for p, response in enumerate(manifest["responses"]):
        for index, layer in enumerate(manifest["layout"]["layers"][:2]):
            strip = load(step, response["layers"][index]["strip"]["name"])
            grid = manifest["layout"]["grids"][manifest["layout"]["probes"][p]["grids"][index]]
            true = maps[index](p)
            for i, (w, column) in enumerate(zip(grid["windows"], grid["columns"], strict=True)):
                block = np.searchsorted(response["blocks"], w, side="right") - 1
                for f in (0, 1):
                    lo, hi = ranges[response["first_block"] + block, layer["first_filter"] + f]
                    for row in range(strip.shape[1]):
                        value = true[w, column, row, f] if index == 0 else true[w, column, f]
                        got = decode(strip[f, row, i], lo, hi)
                        np.testing.assert_allclose(got, value, atol=(hi - lo) / 504 * 1.001)


def test_numbers_predictions_and_logs_are_exact(step, manifest):
    for p in range(2):
        (member,) = manifest["responses"][p]["layers"][2]["windows"]
        np.testing.assert_array_equal(load(step, member["name"])[:, :, 0, 0], np.float32(EXPECTED["numbers"][p]))
    predictions = load(step, "predictions.npy")
    for p, probe in enumerate(manifest["layout"]["probes"]):
        rows = slice(probe["first_window"], probe["first_window"] + probe["windows"])
        np.testing.assert_array_equal(predictions[rows], np.float32(EXPECTED["predictions"][p]))
    assert manifest["logs"] == {"loss": "NaN", "accuracy": 0.5}


def test_probe_bundle_holds_the_sound_and_the_image():
    with zipfile.ZipFile(HERE / "probes.zip") as archive:
        first, second = json.loads(archive.read("manifest.json"))["probes"]
        assert (first["name"], second["name"]) == golden.NAMES
        with wave.open(io.BytesIO(archive.read(first["audio"]["name"]))) as sound:
            assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (8000, 1, 2)
            samples = np.frombuffer(sound.readframes(4), "<i2")
        np.testing.assert_array_equal(samples, np.rint(np.array([0, 0.5, 0, -0.5]) * 32767))
        np.testing.assert_array_equal(load(archive, first["image"]["name"]), np.arange(12).reshape(3, 4) / 4)
        assert (second["audio"], second["image"], second["labels"]) == (None, None, ["b", "c"])


def test_windows_whose_maximum_lies_outside_are_marked(step, manifest):
    for p, response in enumerate(manifest["responses"]):
        first, *others = response["layers"]
        marks = load(step, first["outside"]["name"])
        np.testing.assert_array_equal(marks, np.uint8(EXPECTED["outside"][p]))
        assert 0 < marks.mean() < 1
        assert [layer["outside"] for layer in others] == [None, None]


def test_bundles_from_before_kernels_and_marks_were_kept_are_read(step, manifest):
    manifest.pop("kernels", None)
    for response in manifest["responses"]:
        for layer in response["layers"]:
            del layer["outside"]
    old = parse_step_manifest(json.dumps(manifest))
    assert old.kernels == {}
    assert all(layer.outside is None for response in old.responses for layer in response.layers)
    assert not any("kernel" in name for name in step.namelist())


def test_todays_writer_gives_the_same_arrays(tmp_path):
    with pytest.warns(CNNVizWarning, match="label 'c'"):
        written = golden.write(tmp_path)
    for path, kept in zip(written, ("bundle.zip", "probes.zip"), strict=True):
        with zipfile.ZipFile(path) as new, zipfile.ZipFile(HERE / kept) as old:
            assert new.namelist() == old.namelist()
            for name in new.namelist():
                if name.endswith((".npy", ".npy.gz")):
                    np.testing.assert_array_equal(load(new, name), load(old, name))
    assert json.loads((HERE / "expected.json").read_text()) == json.loads(json.dumps(golden.expected()))
