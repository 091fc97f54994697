"""Requests that cannot be answered get a status and one sentence, whatever they hold."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from werkzeug.test import Client

from .conftest import ROUTES, RUN

GOOD_RUN = "run=" + quote(RUN)
ABSENT = "0-0123456789abcdef.zip"


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
    *[("glance", query + "&probe=violin&layer=conv", *expected) for query, *expected in FILE_PARAMETER],
    ("glance", GOOD_RUN + "&file={file}&layer=conv", 400, "'probe' is missing"),
    ("glance", GOOD_RUN + "&file={file}&probe=violin", 400, "'layer' is missing"),
    *[("scalars", query, *expected) for query, *expected in RUN_PARAMETER],
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
    assert len(response.text) < 300
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
