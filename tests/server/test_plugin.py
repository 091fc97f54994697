"""Routes over WSGI: what a client gets back."""

from __future__ import annotations

import gzip
import io
import wave
import zipfile
from pathlib import Path

import pytest
from werkzeug.test import Client

from tensorboard_plugin_cnnviz.server import panel_files

from .conftest import CLASSES, HOSTILE_NAME, ROUTES, RUN, SAMPLE_RATE, STEPS, Api, open_client


def test_index_lists_the_runs_of_this_plugin_only(api: Api, log: Path) -> None:
    answer = api.json("index")
    assert [(run["run"], run["last_step"]) for run in answer["runs"]] == [(RUN, STEPS[-1])]
    assert answer["logdir"] == str(log)


def test_steps_hold_every_record(api: Api) -> None:
    answer = api.json("steps", run=RUN)
    assert [step["step"] for step in answer["steps"]] == list(STEPS)
    assert [step["problem"] for step in answer["steps"]] == [None] * len(STEPS)
    assert answer["problem"] is None
    assert answer["layout"]["classes"] == list(CLASSES)
    assert answer["steps"][0]["record"]["logs"] == {"loss": 1.0, "worst": "NaN"}


def test_curves_of_the_siblings(api: Api) -> None:
    series = {(curve["run"], curve["tag"]): curve["points"] for curve in api.json("scalars", run=RUN)["series"]}
    assert series == {
        ("exp 1/train", "epoch_loss"): [[0, 1.7e9, 2.0], [1, 1.7e9 + 1, 1.0], [2, 1.7e9 + 2, "NaN"]],
        ("exp 1/validation", "epoch_loss"): [[0, 1.7e9, 2.5], [1, 1.7e9 + 1, "Infinity"]],
    }


# Members


def stored_member(log: Path, file: str, name: str) -> bytes:
    path = log / RUN / "plugins" / "cnnviz" / file
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


MEMBERS = ["p0/l0/strip.npy.gz", "p0/l0/windows.1.npy.gz", "p1/l1/envelope.npy.gz", "p2/l1/outside.npy.gz"]


@pytest.mark.parametrize("name", MEMBERS)
def test_compressed_members_pass_through(api: Api, log: Path, step_file: str, name: str) -> None:
    response = api.get("member", run=RUN, file=step_file, name=name, headers={"Accept-Encoding": "gzip, br"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.data == stored_member(log, step_file, name)


@pytest.mark.parametrize("name", MEMBERS)
def test_whatever_is_compressed_can_be_had_inflated(api: Api, log: Path, step_file: str, name: str) -> None:
    response = api.get("member", run=RUN, file=step_file, name=name, headers={"Accept-Encoding": "identity"})
    assert response.data == gzip.decompress(stored_member(log, step_file, name))


@pytest.mark.parametrize("accepted", [None, "", "identity", "br", "gzip;q=0", "*;q=0"])
def test_compressed_members_are_inflated_for_who_cannot(
    api: Api, log: Path, step_file: str, accepted: str | None
) -> None:
    headers = {} if accepted is None else {"Accept-Encoding": accepted}
    response = api.get("member", run=RUN, file=step_file, name="p0/l0/strip.npy.gz", headers=headers)
    assert "Content-Encoding" not in response.headers
    assert response.data == gzip.decompress(stored_member(log, step_file, "p0/l0/strip.npy.gz"))
    assert int(response.headers["Content-Length"]) == len(response.data)


@pytest.mark.parametrize(("accepted", "encoded"), [("gzip;q=0.5", True), ("*", True), ("deflate, gzip;q=1.0", True)])
def test_accepting_gzip_is_understood(api: Api, step_file: str, accepted: str, encoded: bool) -> None:
    headers = {"Accept-Encoding": accepted}
    response = api.get("member", run=RUN, file=step_file, name="p0/l0/strip.npy.gz", headers=headers)
    assert (response.headers.get("Content-Encoding") == "gzip") is encoded


def test_what_never_changes_is_kept_for_ever(api: Api, step_file: str, probes_file: str) -> None:
    requests = [
        ("manifest", {"file": step_file}),
        ("manifest", {"file": probes_file}),
        ("member", {"file": step_file, "name": "p0/l0/strip.npy.gz"}),
        ("member", {"file": step_file, "name": "p0/l1/strip.npy.gz"}),
        ("member", {"file": step_file, "name": "statistics.npy"}),
        ("audio", {"file": probes_file, "probe": "violin"}),
    ]
    etags = set()
    for route, parameters in requests:
        for accepted in ("gzip", "identity"):
            response = api.get(route, run=RUN, headers={"Accept-Encoding": accepted}, **parameters)
            assert response.headers["Cache-Control"] == "private, max-age=31536000, immutable"
            assert "Expires" not in response.headers
            etag = response.headers["ETag"]
            etags.add((etag, response.headers.get("Content-Encoding")))
            again = api.get(route, run=RUN, headers={"Accept-Encoding": accepted, "If-None-Match": etag}, **parameters)
            assert again.status_code == 304
            assert again.data == b""
    # A strong ETag names one representation: never the same for compressed and plain bytes.
    assert len({etag for etag, _ in etags}) == len(etags) == 10


@pytest.mark.parametrize("route", ["index", "steps", "scalars"])
def test_what_may_change_is_not_kept(api: Api, route: str) -> None:
    response = api.get(route, run=RUN)
    assert "no-cache" in response.headers["Cache-Control"]
    assert "ETag" not in response.headers


# Sound


def wav(api: Api, probes_file: str) -> bytes:
    data: bytes = api.get("audio", run=RUN, file=probes_file, probe="violin").data
    return data


def test_sound_is_a_wav_at_its_own_rate(api: Api, probes_file: str) -> None:
    response = api.get("audio", run=RUN, file=probes_file, probe="violin")
    assert response.status_code == 200
    assert response.mimetype == "audio/wav"
    assert response.headers["Accept-Ranges"] == "bytes"
    assert int(response.headers["Content-Length"]) == len(response.data)
    with wave.open(io.BytesIO(response.data)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (SAMPLE_RATE, 1, 2)
        assert sound.getnframes() == 14_000


LENGTH = 28_044
RANGES = [
    ("bytes=0-9", 206, slice(0, 10)),
    ("bytes=0-", 206, slice(0, LENGTH)),
    ("bytes=100-199", 206, slice(100, 200)),
    ("bytes=20000-", 206, slice(20_000, LENGTH)),
    ("bytes=-100", 206, slice(LENGTH - 100, LENGTH)),
    (f"bytes={LENGTH - 1}-{LENGTH + 99}", 206, slice(LENGTH - 1, LENGTH)),
    ("bytes=-999999", 206, slice(0, LENGTH)),
    (f"bytes={LENGTH}-", 416, None),
    ("bytes=999999-9999999", 416, None),
    ("bytes=0-1,5-6", 200, slice(0, LENGTH)),
    ("bytes=9-0", 200, slice(0, LENGTH)),
    ("bytes=", 200, slice(0, LENGTH)),
    ("bytes=a-b", 200, slice(0, LENGTH)),
    ("lines=0-9", 200, slice(0, LENGTH)),
    ("nonsense", 200, slice(0, LENGTH)),
]


@pytest.mark.parametrize(("asked", "status", "part"), RANGES)
def test_ranges_of_sound(api: Api, probes_file: str, asked: str, status: int, part: slice | None) -> None:
    whole = wav(api, probes_file)
    assert len(whole) == LENGTH
    response = api.get("audio", run=RUN, file=probes_file, probe="violin", headers={"Range": asked})
    assert response.status_code == status
    if part is None:
        assert response.headers["Content-Range"] == f"bytes */{LENGTH}"
        assert response.mimetype == "text/plain"
        assert str(LENGTH) in response.text
        return
    assert response.data == whole[part]
    assert int(response.headers["Content-Length"]) == len(response.data)
    if status == 206:
        assert response.headers["Content-Range"] == f"bytes {part.start}-{part.stop - 1}/{LENGTH}"


def test_a_range_of_another_version_gets_the_whole(api: Api, probes_file: str) -> None:
    etag = api.get("audio", run=RUN, file=probes_file, probe="violin").headers["ETag"]
    for condition, status in ((etag, 206), ('"other"', 200)):
        headers = {"Range": "bytes=0-9", "If-Range": condition}
        assert api.get("audio", run=RUN, file=probes_file, probe="violin", headers=headers).status_code == status


def test_head_has_the_headers_of_get(client: Client, probes_file: str) -> None:
    response = client.head(ROUTES + "audio", query_string={"run": RUN, "file": probes_file, "probe": "violin"})
    assert response.status_code == 200
    assert response.headers["Content-Length"] == str(LENGTH)
    assert response.data == b""


# The page


def test_the_tab(client: Client) -> None:
    tab = client.get("/data/plugins_listing").json["cnnviz"]
    assert tab["tab_name"] == "CNN Audio"
    assert tab["enabled"] is True
    assert tab["loading_mechanism"] == {"type": "IFRAME", "module_path": "/data/plugin/cnnviz/index.js"}
    assert 'import("./index.js")' in client.get("/data/plugin_entry.html?name=cnnviz").text


def test_panel_files_have_written_out_types(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: Path) -> None:
    for name in ("index.js", "decode.worker.js", "panel.css", "icon.svg", "secret.py", ".hidden"):
        (tmp_path / name).write_text(f"content of {name}")
    monkeypatch.setattr("tensorboard_plugin_cnnviz.server.plugin._STATIC", tmp_path)
    client = open_client(f"--logdir={log}")
    for name, kind in (
        ("index.js", "text/javascript"),
        ("decode.worker.js", "text/javascript"),
        ("panel.css", "text/css"),
        ("icon.svg", "image/svg+xml"),
    ):
        response = client.get(ROUTES + name)
        assert (response.status_code, response.mimetype) == (200, kind)
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.text == f"content of {name}"
    for name in ("secret.py", ".hidden", "%2e%2e/plugin.py"):
        assert client.get(ROUTES + name).status_code == 404


def test_a_panel_that_was_not_built_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: Path) -> None:
    monkeypatch.setattr("tensorboard_plugin_cnnviz.server.plugin._STATIC", tmp_path)
    response = open_client(f"--logdir={log}").get(ROUTES + "index.js")
    assert response.status_code == 404
    assert "is not built" in response.text
    assert panel_files.list_panel_files(tmp_path) == {"index.js": "text/javascript"}


def test_everything_works_below_a_path_prefix(log: Path, step_file: str) -> None:
    client = open_client(f"--logdir={log}", "--path_prefix=/deep/down")
    api = Api(client, "/deep/down")
    assert api.json("index")["runs"][0]["run"] == RUN
    assert api.get("member", run=RUN, file=step_file, name="statistics.npy").status_code == 200
    module = client.get("/deep/down/data/plugins_listing").json["cnnviz"]["loading_mechanism"]["module_path"]
    assert module == "/deep/down/data/plugin/cnnviz/index.js"
    assert client.get(ROUTES + "index").status_code == 404


def test_hostile_names_find_their_sound_and_curves(api: Api, probes_file: str) -> None:
    response = api.get("audio", run=RUN, file=probes_file, probe=HOSTILE_NAME)
    assert response.status_code == 404
    assert "logged without its sound" in response.text
