"""A reverse proxy in front of TensorBoard, with the habits that such proxies have."""

from __future__ import annotations

import gzip
import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import urlsplit

_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class Proxy:
    """Passes requests below `prefix` on while the `with` block lasts; reads each answer whole before it sends it.

    Args:
        target: the server's address, such as "http://127.0.0.1:6006".
        prefix: path below which it answers, such as "/tb"; else 404.
        strips_prefix: whether the server is asked without the prefix.
        without: names, in lower case, of headers that it takes out of requests and answers.
        inflates: whether it undoes the server's compression.
    """

    def __init__(
        self,
        target: str,
        *,
        prefix: str = "",
        strips_prefix: bool = False,
        without: tuple[str, ...] = (),
        inflates: bool = False,
    ) -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _pass_on(self) -> None:
                if not self.path.startswith(prefix):
                    self.send_error(404)
                    return
                path = self.path.removeprefix(prefix) if strips_prefix else self.path
                server = http.client.HTTPConnection(urlsplit(target).netloc)
                content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = _kept(self.headers.items(), without)
                server.request(self.command, path or "/", content or None, headers)
                answer = server.getresponse()
                body, headers = answer.read(), _kept(answer.getheaders(), without)
                if inflates and headers.pop("Content-Encoding", None) == "gzip":
                    body = gzip.decompress(body)
                self.send_response(answer.status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                server.close()

            do_GET = do_HEAD = do_POST = _pass_on  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.url = self.host + prefix

    def __enter__(self) -> Proxy:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


def _kept(headers: list[tuple[str, str]], without: tuple[str, ...]) -> dict[str, str]:
    return {name: value for name, value in headers if name.lower() not in {*_HOP_BY_HOP, *without}}
