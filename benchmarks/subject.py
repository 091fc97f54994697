"""What is measured on: the model of the field, taught for a moment, and eleven clips of three seconds."""

from __future__ import annotations

import functools
import sys
from pathlib import Path
from typing import Any

from tensorboard_plugin_cnnviz import Probe

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "instrument_recognition"
CACHE = Path(__file__).parent / ".cache"
TAUGHT = CACHE / "taught.keras"


@functools.cache
def example() -> Any:
    """The example's clips: rendered phrases of eleven instruments."""
    sys.path.insert(0, str(EXAMPLE))
    import rendered

    return rendered.load()


def probes(detail: str) -> list[Probe]:
    """The eleven clips: 22 windows each."""
    clips = example().probes
    from features import WATCHING

    return [
        Probe.from_audio(*clip.read(), WATCHING, name=clip.name, label=clip.labels, detail=detail) for clip in clips
    ]


def model() -> Any:
    """The example's model after one epoch: activations of untaught weights compress unlike any that are looked at."""
    import keras

    data = example()
    if not TAUGHT.exists():
        from features import make_windows
        from model import build_model

        keras.utils.set_random_seed(0)
        fresh = build_model()
        fresh.compile("adam", "binary_crossentropy")
        fresh.fit(*make_windows(data.training, title="Cutting windows"), batch_size=32, epochs=1, verbose=0)
        CACHE.mkdir(exist_ok=True)
        unfinished = CACHE / "unfinished.keras"
        fresh.save(unfinished)
        unfinished.replace(TAUGHT)
    return keras.saving.load_model(TAUGHT)
