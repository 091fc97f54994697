"""What a writer that was killed left in a run: whole bundles whose record it did not write."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import NamedTuple

from .bundle import FILE_NAME, measure, read_directory, read_manifest
from .bundle_files import BundleError, opened, sizes
from .records import FormatError, Record, parse_step_manifest, short_logs
from .step_bundle import create_reference


class Unrecorded(NamedTuple):
    """A step whose bundle no record refers to, and the record that it lacks."""

    step: int
    wall_time: float
    record: Record


def find_unrecorded(directory: Path, recorded: frozenset[str]) -> list[Unrecorded]:
    """The steps whose bundles are not among `recorded`, by ascending time.

    A bundle that cannot be read is passed over: it stays, and counts as used disk.
    """
    found = []
    for name in sizes(directory):
        if FILE_NAME.match(name) and not name.startswith("probes-") and name not in recorded:
            with contextlib.suppress(BundleError, FormatError, KeyError):
                found.append(_read(directory / name))
    return sorted(found, key=lambda each: each.wall_time)


def _read(path: Path) -> Unrecorded:
    spans = read_directory(path)
    manifest = parse_step_manifest(read_manifest(path, spans))
    with opened(path) as stream:
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
