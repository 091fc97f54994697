"""The data set that needs no download: rendered phrases of one instrument, and a test set of two or three at once."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from clips import CLASSES, Clip, DataSet
from sounds import CACHE, INSTRUMENTS, SPLITS, Phrases, Split, open_synthesizer


def load(*, cache: Path = CACHE) -> DataSet:
    """Render the phrases, or read them from the folder `cache`; an excerpt is rendered each time it is read."""
    phrases = Phrases()
    splits = phrases.load(cache=cache)
    return DataSet(
        name="rendered phrases",
        training=_clips(splits["training"], phrases.sample_rate),
        validation=_clips(splits["validation"], phrases.sample_rate),
        probes=[replace(clip, name=clip.labels[0]) for clip in _clips(splits["probes"], phrases.sample_rate)],
        test=Excerpts().clips(),
    )


@dataclass(frozen=True, kw_only=True)
class Excerpts:
    """Two or three instruments at a time, for 5 to 20 s, like the excerpts that IRMAS is tested on.

    Every instrument is the first of as many excerpts as every other; `decibels` is the range of an instrument's level.
    """

    number: int = 110
    instruments: tuple[int, int] = (2, 3)
    seconds: tuple[float, float] = (5.0, 20.0)
    decibels: tuple[float, float] = (-6.0, 0.0)
    phrases: Phrases = field(default_factory=Phrases)

    def clips(self) -> list[Clip]:
        """Plan the excerpts; nothing is rendered yet."""
        return [
            Clip(
                f"excerpt {number}",
                tuple(CLASSES[label] for label in self.labels(number)),
                functools.partial(self.play, number),
            )
            for number in range(self.number)
        ]

    def labels(self, number: int) -> list[int]:
        """Tell which instruments play in an excerpt, as indices into `CLASSES`."""
        return self._drawn(number)[0]

    def play(self, number: int) -> tuple[np.ndarray, int]:
        """Render an excerpt: float32 `[samples]`, its peak at 1, and its sample rate."""
        labels, random = self._drawn(number)
        part = replace(self.phrases, seconds=random.uniform(*self.seconds))
        audio = sum(
            10 ** (random.uniform(*self.decibels) / 20)
            * part.play(_synthesizer(part.sample_rate), int(random.choice(INSTRUMENTS[CLASSES[label]])), random)
            for label in labels
        )
        return (audio / np.abs(audio).max()).astype(np.float32), part.sample_rate

    def _drawn(self, number: int) -> tuple[list[int], np.random.Generator]:
        """Draw an excerpt's instruments; the rest of its random stream is for its notes."""
        random = np.random.default_rng([self.phrases.seed, len(SPLITS), number])
        first = number % len(CLASSES)
        others = random.permutation([label for label in range(len(CLASSES)) if label != first])
        return [first, *others[: random.integers(*self.instruments, endpoint=True) - 1].tolist()], random


def _clips(split: Split, sample_rate: int) -> list[Clip]:
    clips = []
    for index, label in enumerate(split.labels):
        number = np.count_nonzero(split.labels[: index + 1] == label)
        name = CLASSES[label]
        clips.append(Clip(f"{name} {number}", (name,), functools.partial(_read, split, index, sample_rate)))
    return clips


def _read(split: Split, index: int, sample_rate: int) -> tuple[np.ndarray, int]:
    return split.audio[index], sample_rate


_synthesizer = functools.cache(open_synthesizer)
