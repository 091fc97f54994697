"""What is written as JSON: the record of a step, the manifests of bundles and the layout that they share.

`server/http_api.md` explains every field. Each ``create_*`` has its ``parse_*``; ``parse_x(create_x(x)) == x``. A
reader accepts every version whose major number is its own and ignores keys that it does not know.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from .axis import Axis
from .errors import CNNVizError
from .timing import StripGrid

VERSION = (2, 0)
PLUGIN_NAME = "cnnviz"
TAG = "cnnviz"

Version = tuple[int, int]
Number = float | str  # JSON has no NaN: "NaN", "Infinity", "-Infinity"


class FormatError(CNNVizError):
    """Stored JSON that is damaged, or that a newer version of this package has written."""


class Layer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One layer as logged; `shape` and `map_shape` are ``[frequency, time]``.

    `hertz` is the centre of each of `frequency.cells` where the network itself makes them of sound.
    """

    name: str
    kind: str
    filters: int
    first_filter: int
    axes: tuple[str, ...]
    shape: tuple[int, int]
    map_shape: tuple[int, int]
    time: Axis | None
    frequency: Axis | None
    hertz: tuple[float, ...] | None = None


class Maps(Struct, frozen=True, kw_only=True):
    """Shape and place of one layer's maps for a probe whose windows have another length."""

    shape: tuple[int, int]
    map_shape: tuple[int, int]
    time: Axis | None
    frequency: Axis | None


class ProbeLayout(Struct, frozen=True, kw_only=True):
    """One probe's place in the arrays of a step; `maps` holds only what differs from the layers, by layer index.

    `identity` is equal where the clip is the same, whatever its name.
    """

    name: str
    identity: str = ""
    labels: tuple[str, ...]
    detail: str
    windows: int
    first_window: int
    grids: tuple[int, ...]
    maps: dict[str, Maps]


class Layout(Struct, frozen=True, kw_only=True):
    """Layers, classes, probes and strip grids of a step."""

    layers: tuple[Layer, ...]
    output: str | None
    classes: tuple[str, ...]
    probes: tuple[ProbeLayout, ...]
    grids: tuple[StripGrid, ...]

    def digest(self) -> str:
        """Eight hexadecimal digits, equal for equal layouts."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()[:8]


class Arrays(Struct, frozen=True, kw_only=True):
    """File offset and length of the plain members."""

    statistics: tuple[int, int]
    predictions: tuple[int, int]
    ranges: tuple[int, int]


class BundleReference(Struct, frozen=True, kw_only=True):
    """A bundle as its record names it."""

    file: str
    bytes: int
    crc32: str
    arrays: Arrays


class Record(Struct, frozen=True, kw_only=True):
    """What the event file holds for one step; `why` says why there is no bundle."""

    version: Version = VERSION
    layout: str
    bundle: BundleReference | None
    probes: str
    epoch: int | None
    batch: int | None
    logs: dict[str, Number]
    why: str | None = None


class Member(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One array of a bundle; `bytes` as stored, `inflated` after gzip, `filters` its first and past-the-last filter."""

    name: str
    bytes: int
    inflated: int
    filters: tuple[int, int] | None = None


class LayerArrays(Struct, frozen=True, kw_only=True):
    """Members of one layer of one response; `outside` only of layers of which strips leave cells out."""

    windows: tuple[Member, ...] | None
    strip: Member | None
    envelope: Member | None
    outside: Member | None = None


class ResponseArrays(Struct, frozen=True, kw_only=True):
    """What was kept of one probe's response."""

    kept: str
    why: str | None
    blocks: tuple[int, ...]
    first_block: int
    layers: tuple[LayerArrays | None, ...]


class StepManifest(Struct, frozen=True, kw_only=True):
    """``manifest.json`` of a step's bundle; `kernels` by layer index, those few that are kept."""

    version: Version = VERSION
    kind: str = "step"
    step: int
    epoch: int | None
    batch: int | None
    wall_time: float
    logs: dict[str, Number]
    probes: str
    layout: Layout
    responses: tuple[ResponseArrays | None, ...]
    kernels: dict[str, Member] = {}


class ResponseBlocks(Struct, frozen=True, kw_only=True):
    """Windows and rows of a response's blocks."""

    blocks: tuple[int, ...]
    first_block: int


class StepPlaces(Struct, frozen=True, kw_only=True):
    """What of a step's manifest says where numbers lie in the plain arrays; members are thousands, and passed over."""

    version: Version
    layout: msgspec.Raw
    responses: tuple[ResponseBlocks | None, ...]


class RawResponses(Struct, frozen=True, kw_only=True):
    """The responses of a step's manifest, as they are: mostly one of many is wanted."""

    version: Version
    responses: tuple[msgspec.Raw, ...]


class Audio(Struct, frozen=True, kw_only=True):
    """A WAV member."""

    name: str
    bytes: int
    sample_rate: int


class Image(Member, frozen=True, kw_only=True):
    """The spectrogram to show; `seconds` are its outer edges, `hertz` the centre of each row."""

    seconds: tuple[float, float]
    hertz: tuple[float, ...] | None
    title: str
    unit: str


class ProbeEntry(Struct, frozen=True, kw_only=True):
    """What never changes of one probe."""

    name: str
    labels: tuple[str, ...]
    detail: str
    metadata: dict[str, Any]
    seconds: float
    times: tuple[tuple[float, float], ...]
    input_axes: tuple[str, ...] | None
    audio: Audio | None
    waveform: Member | None
    image: Image | None


class ProbesManifest(Struct, frozen=True, kw_only=True):
    """``manifest.json`` of a probe bundle."""

    version: Version = VERSION
    kind: str = "probes"
    probes: tuple[ProbeEntry, ...]


class _Head(Struct, frozen=True, kw_only=True):
    version: Version


T = TypeVar("T", bound=Struct)
Part = TypeVar("Part", StepPlaces, RawResponses)


def _create(value: Struct) -> bytes:
    return msgspec.json.encode(value)


def _parse(data: bytes | str, kind: type[T], what: str) -> T:
    major, minor = _decode(data, _Head, what).version
    if major != VERSION[0]:
        newer = major > VERSION[0]
        remedy = (
            "update tensorboard_plugin_cnnviz" if newer else "log it again, or read it with the version that wrote it"
        )
        raise FormatError(f"{what} has format version {major}.{minor}, this plugin reads {VERSION[0]}.x: {remedy}")
    return _decode(data, kind, what)


def _parse_part(data: bytes, kind: type[Part]) -> Part:
    """Of a step's manifest, which may be long: gone through once where its version is known."""
    what = "the bundle's manifest"
    try:
        part = _decode(data, kind, what)
    except FormatError:
        return _parse(data, kind, what)
    return part if part.version[0] == VERSION[0] else _parse(data, kind, what)


def _decode(data: bytes | str, kind: type[T], what: str) -> T:
    try:
        return msgspec.json.decode(data, type=kind)
    # A string with lone surrogates or cut UTF-8 is damage like any other.
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise FormatError(f"{what} is damaged: {error}") from error


def create_record(record: Record) -> bytes:
    """The JSON of a record."""
    return _create(record)


def parse_record(data: bytes | str) -> Record:
    """Inverse of `create_record`; raises `FormatError`."""
    return _parse(data, Record, "the record")


def create_step_manifest(manifest: StepManifest) -> bytes:
    """The JSON of a step's manifest."""
    return _create(manifest)


def parse_step_manifest(data: bytes | str) -> StepManifest:
    """Inverse of `create_step_manifest`; raises `FormatError`."""
    return _parse(data, StepManifest, "the bundle's manifest")


def parse_step_places(data: bytes) -> StepPlaces:
    """Of the JSON of a step's manifest; raises `FormatError`."""
    return _parse_part(data, StepPlaces)


def parse_response(data: bytes, probe: int) -> ResponseArrays | None:
    """One response of the JSON of a step's manifest, None where there is none; raises `FormatError`."""
    responses = _parse_part(data, RawResponses).responses
    if probe >= len(responses) or bytes(responses[probe]) == b"null":
        return None
    return _decode(bytes(responses[probe]), ResponseArrays, "the bundle's manifest")


def parse_layout(data: bytes) -> Layout:
    """Of the JSON of a layout, as a manifest holds it; raises `FormatError`."""
    return _decode(data, Layout, "the bundle's layout")


def create_probes_manifest(manifest: ProbesManifest) -> bytes:
    """The JSON of a probe bundle's manifest."""
    return _create(manifest)


def parse_probes_manifest(data: bytes | str) -> ProbesManifest:
    """Inverse of `create_probes_manifest`; raises `FormatError`."""
    return _parse(data, ProbesManifest, "the probe bundle's manifest")


def create_number(value: float) -> Number:
    """A float as JSON may hold it."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def parse_number(value: Number) -> float:
    """Inverse of `create_number`."""
    return float(value)


def create_logs(logs: Mapping[str, Any]) -> dict[str, Number]:
    """Keras's logs as JSON may hold them; what is not a number is left out."""
    numbers: dict[str, Number] = {}
    for name, value in logs.items():
        try:
            numbers[str(name)] = create_number(float(value))
        except (TypeError, ValueError):
            continue
    return numbers


def short_logs(logs: Mapping[str, Number], *, limit: int = 1024) -> dict[str, Number]:
    """``loss``, ``val_loss`` and then the others, while their JSON fits in `limit` bytes."""
    kept: dict[str, Number] = {}
    for name in sorted(logs, key=lambda name: (name != "loss", name != "val_loss")):
        candidate = {**kept, name: logs[name]}
        if len(msgspec.json.encode(candidate)) <= limit:
            kept = candidate
    return kept
