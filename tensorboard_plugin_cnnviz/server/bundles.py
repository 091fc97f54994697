"""What bundles hold. Where members lie, and layouts, never change and are kept in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from tensorboard.errors import NotFoundError

from tensorboard_plugin_cnnviz.bundle import MANIFEST, MAX_MANIFEST, Span, inflate, read_span
from tensorboard_plugin_cnnviz.bundle_files import BundleError
from tensorboard_plugin_cnnviz.errors import CNNVizError
from tensorboard_plugin_cnnviz.records import (
    LayerArrays,
    Layout,
    Member,
    ProbesManifest,
    ResponseArrays,
    StepManifest,
    parse_layout,
    parse_probes_manifest,
    parse_response,
    parse_step_manifest,
    parse_step_places,
)

from .sentences import quote
from .steps import LoggedStep
from .zip_lookup import find_member

_MOST_INFLATED = 1 << 31
_PROBES_PREFIX = "probes-"


class EncodedLayout(NamedTuple):
    """A layout and its JSON, which is sent far more often than it changes; each probe's rows in `ranges.npy`."""

    layout: Layout
    json: bytes
    blocks: tuple[range, ...]


class BundleStore:
    """Reads bundles by path; every method raises `CNNVizError` where one is missing, damaged or of a newer format."""

    def __init__(self) -> None:
        # Names of bundles are never given twice, so that a path identifies its content.
        self._find = lru_cache(maxsize=4096)(find_member)
        self._layouts = lru_cache(maxsize=64)(self._read_layout)
        # Mostly all steps have the same, of which one is kept.
        self._same_layouts = lru_cache(maxsize=16)(lambda encoded: (parse_layout(encoded), encoded))

    def manifest(self, path: Path) -> bytes:
        """The manifest's JSON as stored, known to be of a format that can be read."""
        data = self._read_manifest(path)
        if _is_of_probes(path):
            parse_probes_manifest(data)
        else:
            parse_step_places(data)
        return data

    def layout(self, path: Path) -> EncodedLayout:
        """The layout of a step's bundle."""
        return self._layouts(path)

    def newest_layout(self, steps: Sequence[LoggedStep], directory: Path) -> EncodedLayout:
        """The layout of the newest step whose bundle can be read; where none can, the error is that of the newest."""
        why = None
        for step in reversed(steps):
            if step.problem is not None:
                why = why or f"step {step.step} cannot be read: {step.problem}"
            elif step.record is not None and step.record.bundle is not None:
                try:
                    return self.layout(directory / step.record.bundle.file)
                except CNNVizError as error:
                    why = why or str(error)
        raise BundleError(why or "no step of this run kept its arrays")

    def member(self, path: Path, name: str) -> bytes:
        """A member as stored.

        Raises:
            NotFoundError: the bundle holds no such member.
        """
        return read_span(path, self.span(path, name))

    def span(self, path: Path, name: str) -> Span:
        """Where a member lies.

        Raises:
            NotFoundError: the bundle holds no such member.
        """
        span = self._find(path, name)
        if span is None:
            raise NotFoundError(f"{path.name} holds no {name!r}")
        return span

    def response(self, path: Path, probe: int) -> ResponseArrays | None:
        """What was kept of a probe's response, by its place in the layout; None where it was not logged."""
        return parse_response(self._read_manifest(path), probe)

    def inflated_member(self, path: Path, name: str) -> bytes:
        """A compressed member's content, never more of it than its manifest declares."""
        self.span(path, name)  # what is not there is missed before what is not named
        manifest = _parse_manifest(path, self._read_manifest(path))
        declared = next((member for member in _compressed_members(manifest) if member.name == name), None)
        if declared is None:
            raise NotFoundError(f"the manifest of {path.name} does not name {name!r}")
        return self.inflated(path, declared)

    def inflated(self, path: Path, member: Member) -> bytes:
        """The content of a member as its manifest declares it, never more."""
        declared = member.inflated
        if not 0 <= declared <= _MOST_INFLATED:
            raise BundleError(
                f"{path.name}: {member.name!r} declares {declared} bytes, at most {_MOST_INFLATED} are inflated"
            )
        stored = self.member(path, member.name)
        try:
            return inflate(stored, limit=declared)
        except BundleError as error:
            raise BundleError(f"{path.name}: {member.name!r}: {error}") from error

    def audio(self, path: Path, probe: str) -> Span:
        """Where a probe's WAV file lies in its probe bundle.

        Raises:
            NotFoundError: there is no such probe, or it has no sound.
        """
        manifest = _parse_manifest(path, self._read_manifest(path))
        entries = manifest.probes if isinstance(manifest, ProbesManifest) else ()
        entry = next((entry for entry in entries if entry.name == probe), None)
        if entry is None:
            raise NotFoundError(f"{path.name} holds no probe {quote(probe)}")
        if entry.audio is None:
            raise NotFoundError(f"probe {quote(probe)} was logged without its sound")
        return self.span(path, entry.audio.name)

    def _read_manifest(self, path: Path) -> bytes:
        span = self._find(path, MANIFEST)
        if span is None or span.bytes > MAX_MANIFEST:
            raise BundleError(f"{path.name} has no readable {MANIFEST}")
        return read_span(path, span)

    def _read_layout(self, path: Path) -> EncodedLayout:
        if _is_of_probes(path):
            raise BundleError(f"{path.name} is not the bundle of a step")
        places = parse_step_places(self._read_manifest(path))
        layout, encoded = self._same_layouts(bytes(places.layout))
        blocks = tuple(
            range(0) if entry is None else range(entry.first_block, entry.first_block + len(entry.blocks) - 1)
            for entry in places.responses
        )
        return EncodedLayout(layout, encoded, blocks)


def _is_of_probes(path: Path) -> bool:
    return path.name.startswith(_PROBES_PREFIX)


def _parse_manifest(path: Path, data: bytes) -> StepManifest | ProbesManifest:
    return parse_probes_manifest(data) if _is_of_probes(path) else parse_step_manifest(data)


def _compressed_members(manifest: StepManifest | ProbesManifest) -> Iterator[Member]:
    if isinstance(manifest, ProbesManifest):
        candidates = [member for entry in manifest.probes for member in (entry.waveform, entry.image)]
    else:
        layers = [layer for response in manifest.responses if response for layer in response.layers if layer]
        candidates = [member for layer in layers for member in _layer_members(layer)]
        candidates += manifest.kernels.values()
    return (member for member in candidates if member is not None)


def _layer_members(layer: LayerArrays) -> tuple[Member | None, ...]:
    return *(layer.windows or ()), layer.strip, layer.envelope, layer.outside
