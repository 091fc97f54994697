"""Answers to requests.

What may change goes through TensorBoard's own `Respond`; what never changes gets what that lacks: an ETag, Range and
immutable caching.
"""

from __future__ import annotations

import hashlib
import os
from typing import Any

import msgspec
from tensorboard.backend import http_util
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.http import parse_range_header
from werkzeug.wrappers import Request, Response
from werkzeug.wsgi import FileWrapper

from tensorboard_plugin_cnnviz.bundle import compress

from .span_file import SpanFile

_BINARY = "application/octet-stream"
_CHUNK = 1 << 16
_IMMUTABLE = "private, max-age=31536000, immutable"


def answer_json(request: Request, content: Any) -> Response:
    """JSON that may differ the next time."""
    return respond_packed(request, msgspec.json.encode(content), "application/json")


def answer_array(request: Request, content: bytes) -> Response:
    """A ``.npy`` that may differ the next time."""
    return respond(request, content, _BINARY)


def answer_stored_json(request: Request, content: bytes, *, identity: str) -> Response:
    """JSON that never changes; `identity` names it for ever."""
    response = respond_packed(request, content, "application/json")
    return _immutable(response, request, identity + response.headers.get("Content-Encoding", ""))


def answer_packed(request: Request, content: bytes, *, identity: str) -> Response:
    """Bytes that never change and are made for the occasion, packed where the client inflates."""
    gzipped = accepts_gzip(request)
    return answer_stored(request, compress(content) if gzipped else content, identity=identity, gzipped=gzipped)


def answer_stored(request: Request, content: bytes, *, identity: str, gzipped: bool) -> Response:
    """Bytes of a bundle, as they are; `gzipped` tells the client to inflate them."""
    headers = {"X-Content-Type-Options": "nosniff"}
    if gzipped:
        headers["Content-Encoding"] = "gzip"
    response = Response(content, headers=headers, content_type=_BINARY)
    return _immutable(response, request, identity + ("gzip" if gzipped else ""))


def answer_file(request: Request, file: SpanFile, *, length: int, content_type: str, identity: str) -> Response:
    """A part of a file, whole or the one range that is asked for."""
    response = Response(
        FileWrapper(file, _CHUNK),  # type: ignore[arg-type]
        headers={"X-Content-Type-Options": "nosniff", "Content-Length": str(length)},
        content_type=content_type,
        direct_passthrough=True,
    )
    _mark_immutable(response, identity)
    environ = _with_servable_range(dict(request.environ), length)
    try:
        return response.make_conditional(environ, accept_ranges=True, complete_length=length)
    except RequestedRangeNotSatisfiable:
        file.close()
        sentence = f"Range {environ['HTTP_RANGE']!r} lies outside the {length} bytes of this sound"
        return respond(request, sentence, "text/plain", code=416, headers=[("Content-Range", f"bytes */{length}")])


def _with_servable_range(environ: dict[str, Any], length: int) -> dict[str, Any]:
    """Mend what werkzeug answers with 416 and RFC 9110 does not: malformed and several ranges, suffixes too long."""
    ranges = parse_range_header(environ.get("HTTP_RANGE"))
    if ranges is None or ranges.units != "bytes" or len(ranges.ranges) != 1:
        environ.pop("HTTP_RANGE", None)
    elif ranges.ranges[0][0] < -length:
        environ["HTTP_RANGE"] = "bytes=0-"
    return environ


def accepts_gzip(request: Request) -> bool:
    """Whether the client says that it inflates."""
    return request.accept_encodings.quality("gzip") > 0


def respond_packed(request: Request, content: bytes, content_type: str) -> Response:
    """Text packed here: TensorBoard's own way takes five times as long, while all other requests wait."""
    if not accepts_gzip(request):
        return respond(request, content, content_type)
    return respond(request, compress(content), content_type, content_encoding="gzip")


def respond(request: Request, content: str | bytes, content_type: str, **options: Any) -> Response:
    """TensorBoard's own answer: compresses text, forbids caching."""
    response: Response = http_util.Respond(request, content, content_type, **options)
    return response


def _immutable(response: Response, request: Request, identity: str) -> Response:
    _mark_immutable(response, identity)
    return response.make_conditional(request)


def _mark_immutable(response: Response, identity: str) -> None:
    response.headers.pop("Expires", None)
    response.headers["Cache-Control"] = _IMMUTABLE
    response.headers["Vary"] = "Accept-Encoding"
    response.set_etag(hashlib.sha256(os.fsencode(identity)).hexdigest()[:32])
