"""A small tree of IRMAS's layout: its folders, its ways to name files, mirdata's index of them, and made-up sound.

As a program, `python -m tests.example.irmas_tree FOLDER SCRIPT ...` runs a script, or `-c` and code, after `serve`.
"""

from __future__ import annotations

import hashlib
import io
import json
import runpy
import shutil
import sys
from pathlib import Path

import numpy as np
import soundfile
from mirdata.datasets import irmas

from . import EXAMPLE

RATE = 44_100
INDEX = "irmas_index_1.0.json"
CODES = ("cel", "cla", "flu", "gac", "gel", "org", "pia", "sax", "tru", "vio", "voi")
# Each way that the names of training clips are built, with the genre and the drums that they tell of.
NAMES = (
    ("[{code}][pop_roc]{recording}__{part}", "pop_roc", None),
    ("[{code}][jaz_blu]{recording}__{part}", "jaz_blu", None),
    ("[{code}][cla]{recording}__{part}", "cla", None),
    ("031__[{code}][nod][cla]{recording}__{part}", "cla", False),
    ("186__[{code}][dru][cou_fol]{recording}__{part}", "cou_fol", True),
    ("117__[{code}][dru][lat_sou]{recording}__{part}", "lat_sou", True),
)
# Folders, names and line ends as in the real test set; the second part's inner folder is named unlike the others'.
TEST = {
    "IRMAS-TestingData-Part1/Part1/02 - And The Body Will Die-8": ("gel\t\nvoi\t\n", ("electric guitar", "voice")),
    "IRMAS-TestingData-Part1/Part1/01 - Canto das três raças-9": ("voi\n", ("voice",)),
    "IRMAS-TestingData-Part2/IRTestingData-Part2/Fingerstyle Guitar Magazine #47 - 01-5": (
        "gac\r\ncel\r\nflu\r\n",
        ("acoustic guitar", "cello", "flute"),
    ),
    "IRMAS-TestingData-Part3/Part3/(02) dont kill the whale-2": ("org\t\t\npia\t\n", ("organ", "piano")),
}
RECORDINGS, PARTS = 7, 2


def write(folder: Path, *, seconds: float = 1.1) -> Path:
    """Write the tree `folder / "irmas"`, which is returned, and mirdata's index of it."""
    random = np.random.default_rng(0)
    tracks: dict[str, dict[str, tuple[str, str]]] = {}
    tree = folder / "irmas"
    for number in range(len(CODES) * RECORDINGS):
        code = CODES[number // RECORDINGS]
        for part in range(1, PARTS + 1):
            name = NAMES[number % len(NAMES)][0].format(code=code, recording=f"{number:04}", part=part)
            clip = _write(tree, f"IRMAS-TrainingData/{code}/{name}.wav", _wav(seconds, random))
            tracks[f"{number:04}__{part}"] = {"audio": clip, "annotation": clip}
    for number, (name, (text, _)) in enumerate(TEST.items(), start=1):
        tracks[str(number)] = {
            "audio": _write(tree, f"{name}.wav", _wav(2 * seconds, random)),
            "annotation": _write(tree, f"{name}.txt", text.encode()),
        }
    _write(folder, f"indexes/{INDEX}", json.dumps({"version": "1.0", "tracks": tracks}).encode())
    return tree


def pack(folder: Path) -> None:
    """Turn the tree and its index into what Zenodo holds."""
    archives = folder / "archives"
    for part in (folder / "irmas").iterdir():
        shutil.make_archive(str(archives / part.name), "zip", folder / "irmas", part.name)
    (folder / "indexes" / INDEX).rename(archives / INDEX)
    shutil.rmtree(folder / "irmas")


def serve(folder: Path) -> None:
    """Have mirdata use this index, and the archives of `pack` instead of Zenodo's."""
    index = irmas.INDEXES["1.0"]
    index.indexes_dir = str(folder / "indexes")
    for remote in (*irmas.REMOTES.values(), index.remote):
        archive = folder / "archives" / remote.filename
        remote.url = archive.as_uri()
        remote.checksum = hashlib.md5(archive.read_bytes()).hexdigest() if archive.exists() else ""
    index.remote.destination_dir = index.indexes_dir


def _write(folder: Path, name: str, content: bytes) -> tuple[str, str]:
    """Write a file and give its entry of the index."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return name, hashlib.md5(content).hexdigest()


def _wav(seconds: float, random: np.random.Generator) -> bytes:
    """Two channels of 16 bits at 44.1 kHz, as in IRMAS."""
    stream = io.BytesIO()
    sound = random.uniform(-0.5, 0.5, (round(seconds * RATE), 2))
    soundfile.write(stream, sound, RATE, format="WAV", subtype="PCM_16")
    return stream.getvalue()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
    sys.path.insert(0, str(EXAMPLE))
    del sys.argv[:2]
    if sys.argv[0] == "-c":
        exec(sys.argv[1])
    else:
        runpy.run_path(sys.argv[0], run_name="__main__")
