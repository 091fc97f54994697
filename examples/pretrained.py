"""See and hear the filters of a model that is trained already: load it, log a few clips, train nothing.

`python examples/pretrained.py model.keras violin.wav flute.wav --class-names flute,violin --labels violin,flute`
"""

from __future__ import annotations

import argparse
import re
import runpy
import shlex
import sys
from pathlib import Path

from tensorboard_plugin_cnnviz import CNNVizError, LogMel, Probe


def names(text: str) -> tuple[str, ...]:
    """Split at commas."""
    return tuple(name.strip() for name in text.split(","))


ONLY = "This program makes LogMel's features; for raw audio or others put Windows(...) in its place in make_probes."
FEATURES = {
    "sample_rate": (int, "Hz; clips are resampled to it"),
    "n_fft": (int, "samples of an STFT frame"),
    "hop_length": (int, "samples from one STFT frame to the next"),
    "n_mels": (int, "mel bands"),
    "window": (int, "STFT frames of one input of the model"),
    "window_hop": (int, "STFT frames from one input to the next; few, to follow the sound"),
    "fmin": (float, "lowest frequency in Hz"),
    "fmax": (float, "highest frequency in Hz"),
    "floor": (float, "smallest mel magnitude"),
    "reference": (float, "mel magnitude whose logarithm is 0"),
    "axes": (names, "order of the input's axes, such as time,frequency,channel"),
}


def main() -> None:
    """Log the clips, and print what to type next."""
    options = parse_options()
    try:
        probes = make_probes(options)
        # Only now, for it takes seconds to load: what is wrong with a clip is told before.
        from tensorboard_plugin_cnnviz import log_model

        run = log_model(load(options.model, options.custom), probes, options.logdir, class_names=options.class_names)
    except CNNVizError as error:
        other = f". {ONLY}" if "one window has shape" in str(error) else ""
        sys.exit(f"{Path(__file__).name}: {error}{other}")
    print(f"{len(probes)} clip{'s' * (len(probes) != 1)} logged to {run}. Now type")
    print(f"  tensorboard --logdir {shlex.quote(str(options.logdir))}\nand choose CNN Audio.")


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Log a trained Keras model's filters on a few clips for TensorBoard.")
    parser.add_argument("model", metavar="MODEL.keras")
    parser.add_argument("clips", metavar="CLIP.wav", nargs="+")
    parser.add_argument("--logdir", type=Path, default=Path("logs/pretrained"), help="by default %(default)s")
    parser.add_argument("--class-names", metavar="A,B", type=names, help="of the model's output, in its order")
    parser.add_argument("--labels", metavar="A,B", type=names, help="the true class of each clip")
    parser.add_argument("--detail", default="windows", help="windows (all), strip, or summary (little)")
    parser.add_argument("--custom", metavar="FILE.py", help="where the model's own layers are defined")
    features = parser.add_argument_group("features", f"What the model was trained with. {ONLY} Left out: {LogMel()}")
    for name, (kind, meaning) in FEATURES.items():
        flag = f"--{name.replace('_', '-')}"
        features.add_argument(flag, type=kind, default=getattr(LogMel(), name), metavar="X", help=meaning)
    features.add_argument("--no-normalise", dest="normalise", action="store_false", help="as loud as the clips are")
    return parser.parse_args()


def make_probes(options: argparse.Namespace) -> list[Probe]:
    """Cut each clip into inputs of the model."""
    features = LogMel(**{name: getattr(options, name) for name in (*FEATURES, "normalise")})
    labels = options.labels or [None] * len(options.clips)
    if len(labels) != len(options.clips):
        raise CNNVizError(f"{len(labels)} labels for {len(options.clips)} clips; give one for each, in their order")
    labelled = zip(options.clips, labels, strict=True)
    return [Probe.from_file(clip, features, label=label, detail=options.detail) for clip, label in labelled]


def load(model: str, custom: str | None) -> object:
    """Load a saved model; the Python file `custom` may define classes and functions that it needs."""
    import keras

    try:
        own = {name: thing for name, thing in runpy.run_path(custom).items() if callable(thing)} if custom else {}
        # As it was compiled does not matter: nothing is trained.
        return keras.saving.load_model(model, custom_objects=own, compile=False)
    except Exception as error:
        # Keras tells the cause last, between whole configurations.
        cause = re.split(r"\s+Full object config|\n\n", str(error).rpartition("Exception encountered: ")[2])[0]
        remedy = " (--custom FILE.py brings your own)" if "Could not locate" in cause else ""
        raise CNNVizError(f"{model} cannot be loaded: {cause}{remedy}") from error


if __name__ == "__main__":
    main()
