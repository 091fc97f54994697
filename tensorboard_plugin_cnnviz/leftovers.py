"""What a writer that was killed left in a run: files half written, and whole bundles whose record it did not write."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import NamedTuple

from .bundle import FILE_NAME, BundleError, measure, read_directory, read_manifest
from .records import FormatError, Record, parse_step_manifest, short_logs
from .step_bundle import create_reference


class Unrecorded(NamedTuple):
    """A step whose bundle no record refers to, and the record that it lacks."""

    step: int
    wall_time: float
    record: Record


def remove_parts(directory: Path) -> None:
    """Remove what was half written; only for one who knows that nobody else is writing."""
    for path in directory.glob(".*.zip.part"):
        # What cannot be removed is in nobody's way.
        with contextlib.suppress(OSError):
            path.unlink()


def find_unrecorded(directory: Path, recorded: frozenset[str]) -> list[Unrecorded]:
    """The steps whose bundles are not among `recorded`, by ascending time.

    A bundle that cannot be read is passed over: it stays, and counts as used disk.
    """
    found = []
    for path in directory.glob("*.zip"):
        if FILE_NAME.match(path.name) and not path.name.startswith("probes-") and path.name not in recorded:
            with contextlib.suppress(BundleError, FormatError, KeyError, OSError):
                found.append(_read(path))
    return sorted(found, key=lambda each: each.wall_time)


def _read(path: Path) -> Unrecorded:
    spans = read_directory(path)
    manifest = parse_step_manifest(read_manifest(path, spans))
    with path.open("rb") as stream:
        size, checksum = measure(stream)
    record = Record(
        layout=manifest.layout.digest(),
        bundle=create_reference(path, size, checksum, spans),
        probes=manifest.probes,
        epoch=manifest.epoch,
        batch=manifest.batch,
        logs=short_logs(manifest.logs),
    )
    return Unrecorded(manifest.step, manifest.wall_time, record)
