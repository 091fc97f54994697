"""What is drawn of a step in passing comes at once, and is what each part's own route answers."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from .conftest import HOSTILE_NAME, RUN, Api, bundles_of, open_api
from .test_http_api import differences, examples


def parts_of(body: bytes) -> dict[str, bytes]:
    line, _, rest = body.partition(b"\n")
    head = json.loads(line)
    assert differences(examples()["glance"], head, "glance") == []
    parts = {}
    for part in head["parts"]:
        parts[part["name"]], rest = rest[: part["bytes"]], rest[part["bytes"] :]
    assert rest == b""
    return parts


def glance(api: Api, file: str, **of: str) -> dict[str, bytes]:
    response = api.get("glance", run=RUN, file=file, **of)
    assert response.status_code == 200, response.text
    assert "immutable" in response.headers["Cache-Control"]
    return parts_of(response.data)


def alone(api: Api, file: str, name: str, of: dict[str, str]) -> Any:
    if name == "manifest.json":
        return api.get("manifest", run=RUN, file=file).data
    if name == "numbers":
        return api.get("numbers", run=RUN, file=file, **of).data
    return api.get("member", run=RUN, file=file, name=name).data


@pytest.mark.parametrize("probe", ["violin", HOSTILE_NAME, "short"])
@pytest.mark.parametrize("layer", ["conv", HOSTILE_NAME, "dense"])
def test_a_part_is_what_its_own_route_answers(api: Api, step_file: str, probe: str, layer: str) -> None:
    parts = glance(api, step_file, probe=probe, layer=layer)
    p, number = ["violin", HOSTILE_NAME, "short"].index(probe), ["conv", HOSTILE_NAME, "dense"].index(layer)
    kinds = {"conv": ["envelope"], HOSTILE_NAME: ["envelope", "outside"], "dense": ["windows.0"]}[layer]
    members = [f"p{p}/l{number}/{kind}.npy.gz" for kind in kinds]
    assert list(parts) == ["manifest.json", "predictions.npy", "numbers", *members]
    for name, content in parts.items():
        assert content == alone(api, step_file, name, {"probe": probe, "layer": layer}), name


def test_it_is_packed_for_who_inflates(api: Api, step_file: str) -> None:
    of = {"run": RUN, "file": step_file, "probe": "violin", "layer": "conv"}
    packed = api.get("glance", headers={"Accept-Encoding": "gzip"}, **of)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == api.get("glance", **of).data


@pytest.mark.parametrize("of", [{"probe": "nobody", "layer": "conv"}, {"probe": "violin", "layer": "nothing"}])
def test_what_was_not_logged_is_left_out(api: Api, step_file: str, of: dict[str, str]) -> None:
    assert list(glance(api, step_file, **of)) == ["manifest.json", "predictions.npy"]


def test_a_damaged_array_is_left_out_and_its_own_route_says_why(own_log: Path) -> None:
    api = open_api(own_log)
    file = api.newest()["bundle"]["file"]
    path = bundles_of(own_log) / file
    with zipfile.ZipFile(path) as archive:
        offset = archive.getinfo("p0/l0/envelope.npy.gz").header_offset
    whole = bytearray(path.read_bytes())
    whole[offset + 55 : offset + 85] = b"\xff" * 30
    path.write_bytes(whole)
    assert list(glance(api, file, probe="violin", layer="conv")) == ["manifest.json", "predictions.npy", "numbers"]
    assert api.get("member", run=RUN, file=file, name="p0/l0/envelope.npy.gz").status_code == 404


def test_without_a_manifest_there_is_nothing(api: Api, own_log: Path) -> None:
    api = open_api(own_log)
    file = api.newest()["bundle"]["file"]
    (bundles_of(own_log) / file).write_bytes(b"")
    response = api.get("glance", run=RUN, file=file, probe="violin", layer="conv")
    assert response.status_code == 404
    assert file in response.text


def test_a_manifest_of_a_newer_format_says_so(own_log: Path) -> None:
    api = open_api(own_log)
    file = api.newest()["bundle"]["file"]
    path = bundles_of(own_log) / file
    path.write_bytes(path.read_bytes().replace(b'"version":[2,0]', b'"version":[3,0]'))
    for route in ("glance", "manifest"):
        response = api.get(route, run=RUN, file=file, probe="violin", layer="conv")
        assert response.status_code == 404
        assert "format version 3.0" in response.text
