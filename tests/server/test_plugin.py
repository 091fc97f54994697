"""Routes over WSGI: what a client may send, and what it gets back."""

from __future__ import annotations

import gzip
import io
import wave
import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest
from werkzeug.test import Client

from tensorboard_plugin_cnnviz.server import panel_files

from .conftest import CLASSES, HOSTILE_NAME, ROUTES, RUN, SAMPLE_RATE, STEPS, Api, open_client

GOOD_RUN = "run=" + quote(RUN)
ABSENT = "0-0123456789abcdef.zip"


@pytest.fixture
def step_file(api: Api) -> str:
    name: str = api.newest()["bundle"]["file"]
    return name


@pytest.fixture
def probes_file(api: Api) -> str:
    name: str = api.newest()["probes"]
    return name


# Route, query ("{file}" and "{probes}" stand for real bundles), status, a part of the sentence.
RUN_PARAMETER = [
    ("", 400, "'run' is missing"),
    ("run=", 400, "'run' is empty"),
    ("run=nothing", 404, "no CNN Audio run 'nothing'"),
    ("run=exp+1/train", 404, "no CNN Audio run 'exp 1/train'"),
    ("run=..", 404, "no CNN Audio run"),
    ("run=../../etc", 404, "no CNN Audio run"),
    ("run=/etc/passwd", 404, "no CNN Audio run"),
    ("run=exp+1/cnnviz/../cnnviz", 404, "no CNN Audio run"),
    ("run=%00", 400, "holds a NUL"),
    ("run=%ff%fe", 400, "not UTF-8"),
    ("run=%ed%a0%80", 400, "not UTF-8"),
    (GOOD_RUN + "&" + GOOD_RUN, 400, "'run' is given more than once"),
    ("run=" + "x" * 20_000, 400, "bytes long"),
    ("run=" + "x" * 9_000, 404, "no CNN Audio run"),
    ("run=a" + "&x=1" * 100, 400, "more than 64 parameters"),
    ("run=%3Cscript%3E", 404, "'<script>'"),
]
FILE_PARAMETER = [
    (GOOD_RUN, 400, "'file' is missing"),
    (GOOD_RUN + "&file=", 400, "'file' is empty"),
    (GOOD_RUN + "&file=nothing.zip", 400, "not the name of a bundle"),
    (GOOD_RUN + "&file=../" + ABSENT, 400, "not the name of a bundle"),
    (GOOD_RUN + "&file=..%2f..%2fetc%2fpasswd", 400, "not the name of a bundle"),
    (GOOD_RUN + "&file=/etc/passwd", 400, "not the name of a bundle"),
    (GOOD_RUN + "&file=" + ABSENT + "%0a", 400, "not the name of a bundle"),
    (GOOD_RUN + "&file=" + ABSENT + "%00", 400, "holds a NUL"),
    (GOOD_RUN + "&file=" + ABSENT.upper(), 400, "not the name of a bundle"),
    (GOOD_RUN + "&file=1234567890123-0123456789abcdef.zip", 400, "not the name of a bundle"),
    (GOOD_RUN + "&file=%D9%A1-0123456789abcdef.zip", 400, "not the name of a bundle"),
    (GOOD_RUN + "&file=--1-0123456789abcdef.zip", 400, "not the name of a bundle"),
    (GOOD_RUN + "&file=" + "9" * 9_000, 400, "not the name of a bundle"),
    (GOOD_RUN + "&file=" + ABSENT, 404, "is missing"),
    (GOOD_RUN + "&file=probes-0123456789abcdef.zip", 404, "is missing"),
    (GOOD_RUN + "&file={file}&file={file}", 400, "'file' is given more than once"),
]
TABLE = [
    *[("steps", query, *expected) for query, *expected in RUN_PARAMETER],
    *[("manifest", query + "&file={file}", *expected) for query, *expected in RUN_PARAMETER],
    *[("member", query + "&file={file}&name=statistics.npy", *expected) for query, *expected in RUN_PARAMETER],
    *[("audio", query + "&file={probes}&probe=violin", *expected) for query, *expected in RUN_PARAMETER],
    *[("over_steps", query + "&last=0&probe=violin", *expected) for query, *expected in RUN_PARAMETER],
    *[("manifest", query, *expected) for query, *expected in FILE_PARAMETER],
    *[("member", query + "&name=statistics.npy", *expected) for query, *expected in FILE_PARAMETER],
    *[("audio", query + "&probe=violin", *expected) for query, *expected in FILE_PARAMETER],
    ("scalars", "", 400, "'run' is missing"),
    ("scalars", "run=%ff", 400, "not UTF-8"),
    ("member", GOOD_RUN + "&file={file}", 400, "'name' is missing"),
    ("member", GOOD_RUN + "&file={file}&name=nothing.npy", 404, "holds no 'nothing.npy'"),
    ("member", GOOD_RUN + "&file={file}&name=p9/l0/strip.npy.gz", 404, "holds no 'p9/l0/strip.npy.gz'"),
    ("member", GOOD_RUN + "&file={file}&name=../../secret", 400, "not the name of a member"),
    ("member", GOOD_RUN + "&file={file}&name=/etc/passwd", 400, "not the name of a member"),
    ("member", GOOD_RUN + "&file={file}&name=statistics.npy%0a", 400, "not the name of a member"),
    ("member", GOOD_RUN + "&file={file}&name=" + "p0/" * 3000, 400, "not the name of a member"),
    ("audio", GOOD_RUN + "&file={probes}", 400, "'probe' is missing"),
    ("audio", GOOD_RUN + "&file={probes}&probe=tuba", 404, "holds no probe 'tuba'"),
    ("audio", GOOD_RUN + "&file={probes}&probe=short", 404, "logged without its sound"),
    ("audio", GOOD_RUN + "&file={file}&probe=violin", 404, "holds no probe"),
    ("over_steps", GOOD_RUN + "&probe=violin", 400, "'last' is missing"),
    ("over_steps", GOOD_RUN + "&last=&probe=violin", 400, "'last' is empty"),
    ("over_steps", GOOD_RUN + "&last=2.0&probe=violin", 400, "'2.0' is not a step"),
    ("over_steps", GOOD_RUN + "&last=1_0&probe=violin", 400, "is not a step"),
    ("over_steps", GOOD_RUN + "&last=%D9%A1&probe=violin", 400, "is not a step"),
    ("over_steps", GOOD_RUN + "&last=NaN&probe=violin", 400, "is not a step"),
    ("over_steps", GOOD_RUN + "&last=" + "9" * 5000 + "&probe=violin", 400, "is not a step"),
    ("over_steps", GOOD_RUN + "&last=999999999999999999&probe=violin", 404, "no step 999999999999999999"),
    ("over_steps", GOOD_RUN + "&last=-999&probe=violin", 404, "no step -999"),
    ("over_steps", GOOD_RUN + "&last=3&probe=violin", 404, "no step 3"),
    ("over_steps", GOOD_RUN + "&last=5", 400, "'probe' is missing"),
    ("over_steps", GOOD_RUN + "&last=5&probe=tuba", 404, "predictions of probe 'tuba'"),
    ("over_steps", GOOD_RUN + "&last=5&probe=violin&layer=", 400, "'layer' is empty"),
    ("over_steps", GOOD_RUN + "&last=5&probe=violin&layer=conv9", 404, "layer 'conv9' and probe 'violin'"),
    ("over_steps", GOOD_RUN + "&last=5&probe=tuba&layer=conv", 404, "probe 'tuba'"),
]


@pytest.mark.parametrize(("route", "query", "status", "sentence"), TABLE, ids=lambda value: str(value)[:40])
def test_bad_requests_get_a_sentence(
    client: Client, step_file: str, probes_file: str, route: str, query: str, status: int, sentence: str
) -> None:
    response = client.get(
        ROUTES + route, query_string=query.replace("{file}", step_file).replace("{probes}", probes_file)
    )
    assert response.status_code == status, response.text
    assert response.mimetype == "text/plain"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert sentence in response.text
    assert "\n" not in response.text
    assert "Traceback" not in response.text
    assert "secret-place" not in response.text


@pytest.mark.parametrize(
    "route", ["index", "steps", "manifest", "member", "audio", "scalars", "over_steps", "index.js"]
)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_only_get_is_allowed(client: Client, route: str, method: str) -> None:
    response = client.open(f"{ROUTES}{route}?{GOOD_RUN}", method=method, data=b"x")
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"
    assert response.mimetype == "text/plain"


@pytest.mark.parametrize(
    "path", ["nothing", "index.js/../../secret", "..%2f..%2fetc%2fpasswd", "__init__.py", "static/x.js"]
)
def test_nothing_else_is_served(client: Client, path: str) -> None:
    assert client.get(ROUTES + path).status_code == 404


def test_raw_bytes_in_the_query_are_read_as_utf_8(client: Client) -> None:
    response = client.get(ROUTES + "steps", environ_overrides={"QUERY_STRING": "run=é".encode().decode("latin-1")})
    assert response.status_code == 404
    assert "'é'" in response.text


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


@pytest.mark.parametrize("name", ["p0/l0/strip.npy.gz", "p0/l0/windows.1.npy.gz", "p1/l1/envelope.npy.gz"])
def test_compressed_members_pass_through(api: Api, log: Path, step_file: str, name: str) -> None:
    response = api.get("member", run=RUN, file=step_file, name=name, headers={"Accept-Encoding": "gzip, br"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.data == stored_member(log, step_file, name)


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
