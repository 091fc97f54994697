"""A page that shows TensorBoard as a notebook's `%tensorboard` does: in a frame, from another port."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from .tensorboard import HOST, TensorBoard

# What %tensorboard asks for, in an output cell of the width that classic notebooks and Colab have.
WIDTH, HEIGHT = 700, 800
MARGIN = 20


@contextmanager
def notebook(tensorboard: TensorBoard) -> Iterator[str]:
    """Serve the page while the `with` block lasts; gives its address."""
    page = f"""<!doctype html><title>notebook</title><body style="margin: {MARGIN}px">
<div style="width: {WIDTH}px"><iframe src="{tensorboard.url}/#cnnviz" width="100%" height="{HEIGHT}" frameborder="0">
</iframe></div>"""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer((HOST, 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://{HOST}:{server.server_port}/"
        finally:
            server.shutdown()
