"""`http_api.md` is the contract: its examples and the live answers have the same keys and kinds of values."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tensorboard_plugin_cnnviz.server
from tensorboard_plugin_cnnviz.bundle import parse_array

from .conftest import HOSTILE_NAME, RUN, Api, open_client

CONTRACT = (Path(tensorboard_plugin_cnnviz.server.__file__).parent / "http_api.md").read_text("utf-8")
FREE_FORM = {"kernels", "logs", "metadata", "maps"}


def examples() -> dict[str, Any]:
    """The first JSON block below each heading, and the probe bundle's manifest as ``probes``."""
    found: dict[str, Any] = {}
    heading = ""
    for match in re.finditer(
        r"^#+ (?P<heading>[^\n]*)$|^```json\n(?P<json>.*?)^```$", CONTRACT, re.MULTILINE | re.DOTALL
    ):
        if match["heading"] is not None:
            heading = re.split(r"[?`]", match["heading"].strip("`"))[0].lower()
            continue
        example = json.loads(match["json"].replace("[offset, bytes]", "[128, 3200]"))
        found["probes" if example.get("kind") == "probes" else heading] = example
    return found


def differences(documented: Any, live: Any, where: str) -> list[str]:
    """What an answer has and the contract lacks, or the other way round."""
    if isinstance(documented, dict) and "..." in documented:
        return differences(examples()[documented["..."].removeprefix("see ").lower()], live, where)
    if documented is None or live is None:
        return []
    if isinstance(documented, dict):
        if not isinstance(live, dict):
            return [f"{where}: {live!r} is not an object"]
        if where.rsplit(".", 1)[-1] in FREE_FORM:
            return []
        found = [f"{where}.{key}: only in the contract" for key in documented.keys() - live.keys()]
        found += [f"{where}.{key}: not in the contract" for key in live.keys() - documented.keys()]
        return found + [
            d
            for key in documented.keys() & live.keys()
            for d in differences(documented[key], live[key], f"{where}.{key}")
        ]
    if isinstance(documented, list):
        if not isinstance(live, list):
            return [f"{where}: {live!r} is not a list"]
        if len({type(entry) for entry in documented}) > 1:
            return []
        return [d for entry in live for d in differences(documented[0], entry, f"{where}[]")]
    kinds = (
        (int, float) if isinstance(documented, (int, float)) and not isinstance(documented, bool) else type(documented)
    )
    return [] if isinstance(live, kinds) else [f"{where}: {live!r} is not like {documented!r}"]


def test_index(api: Api) -> None:
    assert differences(examples()["index"], api.json("index"), "index") == []


def test_steps(api: Api) -> None:
    answer = api.json("steps", run=RUN)
    assert len(answer["steps"]) > 1
    assert answer["layout"]["layers"]
    assert differences(examples()["steps"], answer, "steps") == []


def test_manifest_of_a_step(api: Api) -> None:
    answer = api.json("manifest", run=RUN, file=api.newest()["bundle"]["file"])
    assert any(layer["strip"] for layer in answer["responses"][0]["layers"])
    assert differences(examples()["manifest"], answer, "manifest") == []


def test_manifest_of_the_probes(api: Api) -> None:
    answer = api.json("manifest", run=RUN, file=api.newest()["probes"])
    assert answer["probes"][0]["image"]
    assert differences(examples()["probes"], answer, "probes") == []


def test_scalars(api: Api) -> None:
    answer = api.json("scalars", run=RUN)
    assert answer["series"]
    assert differences(examples()["scalars"], answer, "scalars") == []


def test_a_missing_key_is_noticed() -> None:
    assert differences({"a": 1, "b": [{"c": ""}]}, {"a": 1, "b": [{"c": "", "d": 1}]}, "x") == [
        "x.b[].d: not in the contract"
    ]
    assert differences({"a": 1}, {}, "x") == ["x.a: only in the contract"]
    assert differences({"a": 1}, {"a": "1"}, "x") == ["x.a: '1' is not like 1"]


def test_documented_routes_are_the_routes_that_answer(log: Path) -> None:
    documented = set(re.findall(r"^\| `([a-z_]+)", CONTRACT.split("## ")[0], re.MULTILINE))
    application = open_client(f"--logdir={log}").application
    while not hasattr(application, "exact_routes"):
        application = application.__wrapped__ if hasattr(application, "__wrapped__") else application._application
    live = {route.rsplit("/", 1)[-1] for route in application.exact_routes if route.startswith("/data/plugin/cnnviz/")}
    assert documented == {route for route in live if "." not in route}


def test_a_kernel_comes_as_its_member_says(api: Api) -> None:
    file = api.newest()["bundle"]["file"]
    manifest = api.json("manifest", run=RUN, file=file)
    ((index, member),) = manifest["kernels"].items()
    ((_, example),) = examples()["manifest"]["kernels"].items()
    assert differences(example, member, "kernels") == []
    compressed = api.get("member", run=RUN, file=file, name=member["name"], headers={"Accept-Encoding": "gzip"})
    plain = api.get("member", run=RUN, file=file, name=member["name"], headers={"Accept-Encoding": "identity"})
    assert len(compressed.data) == member["bytes"]
    assert gzip.decompress(compressed.data) == plain.data
    assert len(plain.data) == member["inflated"]
    kernel = parse_array(plain.data)
    assert (kernel.dtype, kernel.shape[0], kernel.ndim) == (
        np.float32,
        manifest["layout"]["layers"][int(index)]["filters"],
        4,
    )


@pytest.mark.parametrize("probe", range(3))
def test_members_are_as_the_table_says(api: Api, probe: int) -> None:
    record = api.newest()
    file = record["bundle"]["file"]
    manifest = api.json("manifest", run=RUN, file=file)
    layout = manifest["layout"]
    windows = layout["probes"][probe]["windows"]
    checked = 0

    def load(member: dict[str, Any]) -> Any:
        response = api.get("member", run=RUN, file=file, name=member["name"], headers={"Accept-Encoding": "gzip"})
        assert response.headers["Content-Encoding"] == "gzip"
        assert len(response.data) == member["bytes"]
        plain = gzip.decompress(response.data)
        assert len(plain) == member["inflated"]
        return parse_array(plain)

    for index, arrays in enumerate(manifest["responses"][probe]["layers"]):
        layer = layout["layers"][index]
        grid = layout["grids"][layout["probes"][probe]["grids"][index]]
        numbers = layer["axes"] == []
        for member in arrays["windows"] or []:
            array = load(member)
            filters = member["filters"][1] - member["filters"][0]
            assert array.shape == (filters, windows, *reversed(layer["map_shape"]))
            assert array.dtype == (np.float32 if numbers else np.uint8)
            checked += 1
        if arrays["strip"]:
            array = load(arrays["strip"])
            assert array.shape == (layer["filters"], layer["shape"][0], len(grid["columns"]))
            assert array.dtype == np.uint8
            checked += 1
        if arrays["envelope"]:
            array = load(arrays["envelope"])
            assert array.shape == (2, layer["filters"], windows)
            assert array.dtype == np.float32
            checked += 1
        if arrays["outside"]:
            array = load(arrays["outside"])
            assert array.shape == (layer["filters"], windows)
            assert array.dtype == np.uint8
            checked += 1
    assert checked >= 3


def test_plain_members_are_where_the_record_says(api: Api, log: Path) -> None:
    record = api.newest()
    bundle = record["bundle"]
    stored = (log / RUN / "plugins" / "cnnviz" / bundle["file"]).read_bytes()
    assert len(stored) == bundle["bytes"]
    assert f"{zlib.crc32(stored):08x}" == bundle["crc32"]
    layout = api.json("steps", run=RUN)["layout"]
    filters = sum(layer["filters"] for layer in layout["layers"])
    windows = sum(probe["windows"] for probe in layout["probes"])
    shapes = {
        "statistics": (3, filters, 6),
        "predictions": (windows, len(layout["classes"])),
        "ranges": (3, filters, 2),
    }
    assert bundle["arrays"].keys() == shapes.keys()
    for name, (offset, size) in bundle["arrays"].items():
        response = api.get("member", run=RUN, file=bundle["file"], name=f"{name}.npy")
        assert "Content-Encoding" not in response.headers
        assert response.data == stored[offset : offset + size]
        assert parse_array(response.data).shape == shapes[name]


def test_hostile_names_travel_unchanged(api: Api) -> None:
    layout = api.json("steps", run=RUN)["layout"]
    assert layout["probes"][1]["name"] == HOSTILE_NAME
    assert layout["layers"][1]["name"] == HOSTILE_NAME
    assert api.get("over_steps", run=RUN, last=5, probe=HOSTILE_NAME, layer=HOSTILE_NAME).status_code == 200
