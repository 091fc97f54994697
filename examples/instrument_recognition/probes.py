"""Which clips are watched, and how closely."""

from __future__ import annotations

import numpy as np
from clips import Clip, DataSet
from features import TRAINING, WATCHING
from tqdm import tqdm

from tensorboard_plugin_cnnviz import Probe

# Windows keep every map of every window; strips are a seventh of the size, and still move with the sound.
IN_FULL_DETAIL = {"clarinet", "piano", "violin"}
# Many more clips are only listed: enough to see which class is taken for which. One second of each is one window of the
# model, and costs a twentieth of what a watched clip does.
LISTED = 200
LISTED_SECONDS = 1.0


def make_probes(data: DataSet) -> list[Probe]:
    """Make probes of the clips to watch, then of validation clips, spread evenly over the classes."""
    probes = [_watched(clip) for clip in data.probes]
    names = {clip.name for clip in data.probes}
    others = [clip for clip in data.validation if clip.name not in names]
    chosen = np.linspace(0, len(others) - 1, min(LISTED, len(others))).round().astype(int)
    return probes + [_listed(others[index]) for index in tqdm(chosen, desc="Clips to show", unit="clip")]


def _watched(clip: Clip) -> Probe:
    detail = "windows" if IN_FULL_DETAIL & set(clip.labels) else "strip"
    audio, sample_rate = clip.read()
    return Probe.from_audio(
        audio, sample_rate, WATCHING, name=clip.name, label=clip.labels, metadata=clip.metadata, detail=detail
    )


def _listed(clip: Clip) -> Probe:
    audio, sample_rate = clip.read()
    samples = min(round(LISTED_SECONDS * sample_rate), audio.shape[-1])
    start = (audio.shape[-1] - samples) // 2
    middle = audio[..., start : start + samples]
    return Probe.from_audio(
        middle, sample_rate, TRAINING, name=clip.name, label=clip.labels, metadata=clip.metadata, detail="summary"
    )
