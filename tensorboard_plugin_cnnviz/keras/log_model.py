"""Logs a trained model's response to the probes, once."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

import keras

from tensorboard_plugin_cnnviz.errors import CNNVizError, CNNVizWarning
from tensorboard_plugin_cnnviz.probes import Probe

from .messages import say
from .options import Options, check_model
from .run_directory import open_run
from .selection import Layers


def log_model(
    model: keras.Model,
    probes: Sequence[Probe],
    directory: str | os.PathLike[str],
    *,
    layers: Layers = None,
    class_names: Sequence[str] | None = None,
    max_map_size: int = 256,
    max_disk: str | int = "10GB",
    keep: int | str | None = None,
    layer_axes: Mapping[str, Sequence[str]] | None = None,
    output: str | None = None,
    memory_budget: str | int = "512MB",
) -> Path:
    """Log a trained model's response to probes as step 0 of `<directory>/cnnviz`; nothing is trained.

    The model is left as it is. Arguments are those of `CNNVizCallback`.

    Returns:
        directory: the run that was written.

    Raises:
        CNNVizError: for every mistake, and where the directory cannot be written to.
    """
    check_model(model)
    options = Options(
        directory,
        probes,
        layers=layers,
        class_names=class_names,
        max_map_size=max_map_size,
        max_disk=max_disk,
        keep=keep,
        layer_axes=layer_axes,
        output=output,
        memory_budget=memory_budget,
    )
    if not model.built:
        raise CNNVizError(f"model {model.name!r} is not built yet: call it once on a batch")
    options.create_log_dir()
    observer = options.observer(model)
    for note in observer.notes:
        warnings.warn(note, CNNVizWarning, stacklevel=2)
    predictions = observer.classes is not None
    writer, message = open_run(
        options.log_dir, lambda run: options.writer(run, predictions=predictions), first_step=0, resumes=False
    )
    if message:
        say(message)
    with writer:
        writer.write_quantised(0, observer.observe(), output=observer.output, kernels=observer.kernels, epoch=None)
    return writer.directory
