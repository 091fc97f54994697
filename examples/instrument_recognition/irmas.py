"""IRMAS, the data set of the field, from a folder where it has been downloaded: `load(folder)`.

`mirdata` knows its files and reads their labels. Its index lists 6,660 of the 6,705 training clips, and all 2,874 test
excerpts. IRMAS is licensed CC BY-NC-SA 3.0: no part of it may be shipped with this project.
"""

from __future__ import annotations

import functools
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from clips import CLASSES, Clip, DataSet

VALIDATION_SHARE = 0.15
# In the order of CLASSES.
CODES = ("cel", "cla", "flu", "gac", "gel", "org", "pia", "sax", "tru", "vio", "voi")
NAMES = dict(zip(CODES, CLASSES, strict=True))


class IRMASError(Exception):
    """What is wrong with the folder, and what to do about it."""


def load(folder: Path, *, seed: int = 0) -> DataSet:
    """Find the clips of IRMAS in `folder` and read all labels; sound is read when it is needed.

    Of each class, 15 % of the recordings are for validation: most give several clips, and what is learned from must not
    be validated with. Watched is the first of each class in validation.

    Raises:
        IRMASError: files are missing or cannot be read, or `mirdata` is not installed.
    """
    tracks = _tracks(folder)
    clips = [_clip(track) for track in tracks if track.split == "train"]
    held_out = _held_out(clips, np.random.default_rng(seed))
    validation = [clip for clip in clips if clip.metadata["recording"] in held_out]
    lacking = [name for name in CLASSES if not any(clip.labels == (name,) for clip in validation)]
    if lacking:
        raise IRMASError(
            f"mirdata's index of IRMAS names {len(clips)} training clips, none of {', '.join(lacking)}; "
            f"{_remedy(folder, ['index'], ', force_overwrite=True')}"
        )
    return DataSet(
        name="IRMAS",
        training=[clip for clip in clips if clip.metadata["recording"] not in held_out],
        validation=validation,
        probes=[next(clip for clip in validation if clip.labels == (name,)) for name in CLASSES],
        test=[_clip(track) for track in tracks if track.split == "test"],
    )


def _tracks(folder: Path) -> list[Any]:
    """List what mirdata's index knows of IRMAS, all of whose files are there."""
    try:
        import mirdata
    except ModuleNotFoundError as error:
        requirements = "examples/instrument_recognition/requirements-irmas.txt"
        raise IRMASError(f"mirdata is not installed: pip install -r {requirements}") from error
    dataset = mirdata.initialize("irmas", data_home=str(folder))
    try:
        tracks = list(dataset.load_tracks().values())
    except FileNotFoundError as error:
        raise IRMASError(f"mirdata's index of IRMAS is missing; {_remedy(folder, ['index'])}") from error
    for track in tracks:
        track.audio_path = str(_on_disk(Path(track.audio_path)))
        track.annotation_path = str(_on_disk(Path(track.annotation_path)))
    missing = [
        path.relative_to(folder)
        for track in tracks
        for path in sorted({Path(track.audio_path), Path(track.annotation_path)})
        if not path.is_file()
    ]
    if missing:
        parts = Counter(path.parts[0] for path in missing)
        counted = ", ".join(f"{count} of {part}" for part, count in parts.items())
        archives = [name for name, remote in dataset.remotes.items() if Path(remote.filename).stem in parts]
        raise IRMASError(f"{folder} lacks files of IRMAS: {counted}, such as {missing[0]}; {_remedy(folder, archives)}")
    return tracks


def _on_disk(path: Path) -> Path:
    """Find the file also where its accents are composed in another way: the index has them in pieces, as macOS does."""
    if path.name.isascii() or path.exists() or not path.parent.is_dir():
        return path
    name = unicodedata.normalize("NFC", path.name)
    return next((each for each in path.parent.iterdir() if unicodedata.normalize("NFC", each.name) == name), path)


def _remedy(folder: Path, archives: list[str], options: str = "") -> str:
    code = f"import mirdata; mirdata.initialize('irmas', data_home={str(folder)!r}).download({archives}{options})"
    return f'get what is missing: python -c "{code}"'


def _clip(track: Any) -> Clip:
    labels = _labels(track)
    read = functools.partial(_read, track)
    if track.split == "test":
        return Clip(Path(track.audio_path).stem, labels, read)
    metadata = {"recording": track.track_id.split("__")[0], "genre": track.genre, "drums": track.drum}
    return Clip(f"{labels[0]} {track.track_id}", labels, read, metadata)


def _labels(track: Any) -> tuple[str, ...]:
    try:
        labels = tuple(NAMES[code] for code in track.instrument)
    except (AssertionError, IndexError, UnicodeDecodeError):
        labels = ()
    if not labels:
        raise IRMASError(f"{track.annotation_path} holds no labels of IRMAS; each line starts with one of {CODES}")
    return labels


def _read(track: Any) -> tuple[np.ndarray, int]:
    try:
        audio, sample_rate = track.audio
    except Exception as error:
        raise IRMASError(f"{track.audio_path} cannot be read ({error}); delete it and download it again") from error
    return audio, int(sample_rate)


def _held_out(clips: list[Clip], random: np.random.Generator) -> set[str]:
    """Draw the recordings of each class that are for validation, at least one."""
    held_out: set[str] = set()
    for name in CLASSES:
        recordings = sorted({clip.metadata["recording"] for clip in clips if clip.labels == (name,)})
        held_out |= set(random.permutation(recordings)[: max(1, round(VALIDATION_SHARE * len(recordings)))].tolist())
    return held_out
