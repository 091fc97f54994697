"""Phrases of the eleven IRMAS instruments, played by the sampled sound font TimGM6mb.

Conventions: audio is mono float32 at `Phrases.sample_rate`, range -1 to 1; labels are indices into `CLASSES`; pitches
and velocities are MIDI's. Everything is drawn from `Phrases.seed`: each phrase has a random stream of its own, so that
no phrase depends on another, and no split on how large the others are.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from clips import CLASSES
from symusic import Note, Score, Synthesizer, Track
from tqdm import tqdm

# General MIDI programs, numbered from 0.
INSTRUMENTS = {
    "cello": [42],
    "clarinet": [71],
    "flute": [73],
    "acoustic guitar": [24, 25],
    "electric guitar": [27, 28, 29, 30],
    "organ": [16, 17, 18, 19],
    "piano": [0, 1],
    "saxophone": [64, 65, 66, 67],
    "trumpet": [56],
    "violin": [40],
    "voice": [52, 53],
}
SPLITS = ("training", "validation", "probes")
CACHE = Path(__file__).parent / ".cache"


class Split(NamedTuple):
    """Phrases of one split, in the order of their classes."""

    audio: np.ndarray  # float32 [phrases, samples]
    labels: np.ndarray  # int64 [phrases]


@dataclass(frozen=True, kw_only=True)
class Phrases:
    """What is played; `training`, `validation` and `probes` count the phrases of each class."""

    training: int = 40
    validation: int = 19
    probes: int = 1
    seconds: float = 3.0
    sample_rate: int = 22_050
    voices: tuple[int, int] = (1, 2)
    pitches: tuple[int, int] = (45, 80)
    velocities: tuple[int, int] = (60, 120)
    note_seconds: tuple[float, float] = (0.2, 1.0)
    noise_decibels: tuple[float, float] = (-60.0, -40.0)
    seed: int = 0

    def load(self, *, cache: Path = CACHE) -> dict[str, Split]:
        """Give every split by name; what was rendered before with the same settings is read from the folder `cache`."""
        path = cache / f"phrases-{self._digest()}.npz"
        if not path.exists():
            cache.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_suffix(".unfinished.npz")
            np.savez(unfinished, **self._render())
            unfinished.replace(path)
        with np.load(path) as stored:
            return {
                split: Split(stored[f"{split}_audio"].astype(np.float32) / 32_767, stored[f"{split}_labels"])
                for split in SPLITS
            }

    def _digest(self) -> str:
        """Name the sound that these settings give: the settings, what they are applied to, and what plays them."""
        played_by = {name: importlib.metadata.version(name) for name in ("symusic", "pretty_midi", "numpy")}
        described = json.dumps([asdict(self), INSTRUMENTS, played_by], sort_keys=True)
        return hashlib.sha256(described.encode()).hexdigest()[:16]

    def _render(self) -> dict[str, np.ndarray]:
        synthesizer = open_synthesizer(self.sample_rate)
        plan = [
            (split, label, number)
            for split in SPLITS
            for label in range(len(CLASSES))
            for number in range(getattr(self, split))
        ]
        audio: dict[str, list[np.ndarray]] = {split: [] for split in SPLITS}
        labels: dict[str, list[int]] = {split: [] for split in SPLITS}
        for split, label, number in tqdm(plan, desc="Rendering sounds", unit="phrase"):
            random = np.random.default_rng([self.seed, SPLITS.index(split), label, number])
            programs = INSTRUMENTS[CLASSES[label]]
            phrase = self.play(synthesizer, programs[number % len(programs)], random)
            audio[split].append(np.round(phrase * 32_767).astype(np.int16))
            labels[split].append(label)
        samples = round(self.seconds * self.sample_rate)
        stored = {f"{split}_audio": np.reshape(audio[split], (-1, samples)).astype(np.int16) for split in SPLITS}
        return stored | {f"{split}_labels": np.asarray(labels[split], dtype=np.int64) for split in SPLITS}

    def play(self, synthesizer: Synthesizer, program: int, random: np.random.Generator) -> np.ndarray:
        """Play one phrase of random notes over a floor of noise: float32 `[samples]`, its peak at 1."""
        score = Score(480, ttype="second")
        for _ in range(random.integers(*self.voices, endpoint=True)):
            track = Track("", program, is_drum=False, ttype="second")
            start = 0.0
            while start < self.seconds:
                end = min(start + random.uniform(*self.note_seconds), self.seconds)
                pitch = int(random.integers(*self.pitches, endpoint=True))
                velocity = int(random.integers(*self.velocities, endpoint=True))
                track.notes.append(Note(start, end - start, pitch, velocity, ttype="second"))
                start = end
            score.tracks.append(track)
        samples = round(self.seconds * self.sample_rate)
        played = synthesizer.render(score, stereo=False)[0, :samples]
        phrase = np.zeros(samples, dtype=np.float32)
        phrase[: len(played)] = played / np.abs(played).max()
        phrase += 10 ** (random.uniform(*self.noise_decibels) / 20) * random.standard_normal(samples, dtype=np.float32)
        return phrase / np.abs(phrase).max()


def open_synthesizer(sample_rate: int) -> Synthesizer:
    """Load the sound font into what plays it."""
    return Synthesizer(str(sound_font()), sample_rate)


def sound_font() -> Path:
    """Find the sound font that pretty_midi ships, whose code is not needed and not imported."""
    spec = importlib.util.find_spec("pretty_midi")
    folders = (spec.submodule_search_locations if spec else None) or []
    for font in (Path(folder) / "TimGM6mb.sf2" for folder in folders):
        if font.exists():
            return font
    raise FileNotFoundError("TimGM6mb.sf2 is missing: pip install -r examples/instrument_recognition/requirements.txt")
