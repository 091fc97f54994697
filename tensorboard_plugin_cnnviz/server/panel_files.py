"""The built panel: a fixed listing of files, so that no request can name another."""

from __future__ import annotations

from pathlib import Path

from tensorboard.errors import NotFoundError
from werkzeug.wrappers import Request, Response

from .answers import respond_packed

ENTRY = "index.js"

# Written out: what `mimetypes` says depends on the machine, and browsers refuse modules of the wrong type.
_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".woff2": "font/woff2",
}


def list_panel_files(directory: Path) -> dict[str, str]:
    """Name to content type of every file that the panel consists of; the entry is always among them."""
    found = sorted(path for path in directory.glob("*") if path.suffix in _TYPES and path.is_file())
    return {path.name: _TYPES[path.suffix] for path in found} | {ENTRY: _TYPES[".js"]}


def answer_panel_file(request: Request, directory: Path, name: str, content_type: str) -> Response:
    """One file of `list_panel_files`."""
    try:
        content = (directory / name).read_bytes()
    except OSError as error:
        raise NotFoundError(f"the panel's {name} is not built: run npm run build in frontend/") from error
    return respond_packed(request, content, content_type)
