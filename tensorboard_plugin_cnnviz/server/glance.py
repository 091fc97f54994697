"""All that is drawn of a step in passing, as one answer.

TensorBoard takes a new connection and a new thread for each request, a millisecond of its one interpreter, which is
more than reading an array takes: a hand that drags through the epochs asks once for each, not four times.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
from tensorboard.errors import NotFoundError

from tensorboard_plugin_cnnviz.bundle import MANIFEST, create_array
from tensorboard_plugin_cnnviz.errors import CNNVizError
from tensorboard_plugin_cnnviz.records import VERSION, Member

from .bundles import BundleStore
from .layer_numbers import numbers_of_layer

_PREDICTIONS = "predictions.npy"


def glance(store: BundleStore, path: Path, *, probe: str, layer: str) -> bytes:
    """The manifest, the predictions, and of a layer for a probe the numbers, the maxima per window and their marks.

    The marks are not drawn in passing; they are short, and asked for as soon as the hand rests.

    First a line of JSON that names the parts and their lengths, then the parts; arrays as ``.npy``. What is not there
    or cannot be read is left out: whoever asks for it alone is told why.

    Raises:
        CNNVizError: the manifest cannot be read.
    """
    parts = {MANIFEST: store.manifest(path)}

    def add(name: str, read: Callable[[], bytes]) -> None:
        try:
            parts[name] = read()
        except (CNNVizError, NotFoundError):
            return

    add(_PREDICTIONS, lambda: store.member(path, _PREDICTIONS))
    add("numbers", lambda: create_array(numbers_of_layer(store, path, probe=probe, layer=layer)))
    try:
        members = _members(store, path, probe=probe, layer=layer)
    except (CNNVizError, NotFoundError):
        members = ()
    for member in members:
        add(member.name, lambda member=member: store.inflated(path, member))  # type: ignore[misc]
    head = {"version": VERSION, "parts": [{"name": name, "bytes": len(data)} for name, data in parts.items()]}
    return b"".join([msgspec.json.encode(head), b"\n", *parts.values()])


def _members(store: BundleStore, path: Path, *, probe: str, layer: str) -> tuple[Member, ...]:
    """Envelope and marks; of a layer of one number per window those of its numbers."""
    layout = store.layout(path).layout
    p = next((i for i, entry in enumerate(layout.probes) if entry.name == probe), None)
    number = next((i for i, entry in enumerate(layout.layers) if entry.name == layer), None)
    response = None if p is None else store.response(path, p)
    if response is None or number is None or number >= len(response.layers):
        return ()
    arrays = response.layers[number]
    if arrays is None:
        return ()
    if not layout.layers[number].axes:
        return arrays.windows or ()
    return tuple(member for member in (arrays.envelope, arrays.outside) if member is not None)
