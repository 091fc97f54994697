"""The options that the callback and `log_model` share, tried before anything is run or opened."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import keras

from tensorboard_plugin_cnnviz.checks import check_class_names, check_probes
from tensorboard_plugin_cnnviz.disk import parse_size
from tensorboard_plugin_cnnviz.errors import CNNVizError
from tensorboard_plugin_cnnviz.keep import Keep
from tensorboard_plugin_cnnviz.layers import LayerSpec
from tensorboard_plugin_cnnviz.probes import Probe
from tensorboard_plugin_cnnviz.writer import SummaryWriter

from .input_checks import check_probe_inputs
from .observer import Observer
from .selection import Layers, check_layers


class Options:
    """What to log of a model, and where; raises `CNNVizError` for all that is wrong without a model at hand.

    The arguments are those of `CNNVizCallback`.
    """

    def __init__(
        self,
        log_dir: str | os.PathLike[str],
        probes: Sequence[Probe],
        *,
        layers: Layers,
        class_names: Sequence[str] | None,
        max_map_size: int,
        max_disk: str | int,
        keep: int | str | None,
        layer_axes: Mapping[str, Sequence[str]] | None,
        output: str | None,
        memory_budget: str | int,
    ) -> None:
        if not isinstance(log_dir, str | os.PathLike) or not str(log_dir):
            raise CNNVizError(f"log_dir={log_dir!r} must be the path of a directory")
        self.log_dir = Path(log_dir).expanduser()
        self.probes = check_probes(probes)
        self.class_names = None if class_names is None else check_class_names(class_names)
        self.layers = check_layers(layers)
        check_whole(max_map_size, "max_map_size")
        self.max_map_size = max_map_size
        parse_size(max_disk, option="max_disk")
        self.max_disk = max_disk
        Keep(keep)
        self.keep = keep
        self.layer_axes = {name: _check_axes(name, axes) for name, axes in (layer_axes or {}).items()}
        if output is not None and not isinstance(output, str):
            raise CNNVizError(f"output={output!r} must be the name of one of the model's outputs")
        self.output = output
        self.memory_budget = parse_size(memory_budget, option="memory_budget")

    def observer(self, model: keras.Model) -> Observer:
        """Trace the model on the probes; raises `CNNVizError` for all that does not fit a built model."""
        check_probe_inputs(model, self.probes)
        observer = Observer(
            model,
            self.probes,
            layers=self.layers,
            layer_axes=self.layer_axes,
            output=self.output,
            memory_budget=self.memory_budget,
        )
        if self.class_names is not None and observer.classes not in (None, len(self.class_names)):
            raise CNNVizError(
                f"class_names has {len(self.class_names)} names, but {observer.output!r} of model {model.name!r} gives "
                f"{observer.classes} classes: name each once, in the order of the output"
            )
        return observer

    def create_log_dir(self) -> None:
        """Create the log directory; raises `CNNVizError` where it cannot be written to."""
        try:
            self.log_dir.mkdir(parents=True, exist_ok=True)
            writable = os.access(self.log_dir, os.W_OK | os.X_OK)
        except OSError as error:
            raise CNNVizError(f"cannot create log_dir {str(self.log_dir)!r}: {error.strerror or error}") from error
        if not writable:
            raise CNNVizError(f"log_dir {str(self.log_dir)!r} is not writable: choose another directory")

    def writer(self, directory: Path, *, predictions: bool) -> SummaryWriter:
        """Open the run's writer."""
        return SummaryWriter(
            directory,
            self.probes,
            class_names=self.class_names if predictions else None,
            max_map_size=self.max_map_size,
            max_disk=self.max_disk,
            keep=self.keep,
            memory_budget=self.memory_budget,
        )


def check_model(model: Any) -> None:
    """Raise where a model is not one that can be recorded at all."""
    if any(cls.__module__.split(".")[0] == "tf_keras" for cls in type(model).__mro__):
        raise CNNVizError(f"model {model.name!r} is a tf_keras model (Keras 2): build it with keras 3 to log it")
    if not isinstance(model, keras.Model):
        raise CNNVizError(f"{model!r} is a {type(model).__name__}, not a keras.Model")
    backend = keras.config.backend()
    if backend != "tensorflow":
        raise CNNVizError(f'backend "{backend}" is not supported yet; set KERAS_BACKEND=tensorflow')


def check_whole(value: Any, option: str) -> None:
    """Raise where an option is not a whole number of at least 1."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise CNNVizError(f"{option}={value!r} must be a whole number of at least 1")


def _check_axes(name: str, axes: Any) -> tuple[str, ...]:
    if isinstance(axes, str):
        raise CNNVizError(f'layer_axes[{name!r}]={axes!r} must be a tuple such as ("filter", "time")')
    return LayerSpec(name, "", tuple(axes)).axes
