"""Logs a model's response to the probes while it trains."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from typing import Any

import keras

from tensorboard_plugin_cnnviz.errors import CNNVizError
from tensorboard_plugin_cnnviz.probes import Probe
from tensorboard_plugin_cnnviz.warn import warn
from tensorboard_plugin_cnnviz.writer import SummaryWriter

from .messages import cause_of, say
from .observer import Observer
from .open_writers import OpenWriters
from .options import Options, check_model, check_whole
from .run_directory import open_run
from .selection import Layers
from .untouched import NotBuiltError

INITIAL_STEP = -1
_open_writers = OpenWriters()


class CNNVizCallback(keras.callbacks.Callback):  # type: ignore[misc]
    """Logs every filter's response to a few clips at chosen steps, into `<log_dir>/cnnviz`.

    Training is not touched: weights, optimizer and random state are bit for bit what they would be without it. Layers
    are recorded while the model is traced once; nothing is rebuilt or retraced.

    A `fit` that resumes goes on in the newest run, and a step that it logs again takes the place of the old one. One
    that starts anew is logged to `cnnviz_2` and so on, and so is one beside which another process, or another callback
    with the same `log_dir`, writes into the run.

    Args:
        log_dir: the directory that `keras.callbacks.TensorBoard` is given too.
        probes: the clips to watch; their names are unique.
        layers: names of layers, or a function that takes a layer and tells whether to log it. By default all that
            shows something of its own: of a layer and the activation or normalisation after it the last, without
            padding, pooling, dropout and the like.
        class_names: names of the prediction's columns, each another. A probe's label that is not among them is warned
            of.
        every: log every so many epochs, the first included.
        update_freq: "epoch", or a number of batches: log at the first batch end at or past each multiple of it.
        log_initial: log the model before training too, as step -1; not where `fit` resumes, by `initial_epoch` or
            `keras.callbacks.BackupAndRestore`, nor for a model that is only built by its first batch.
        max_map_size: cells per axis above which the maps of single windows are pooled by magnitude.
        max_disk: bytes that the run's bundles may take: a number, or a text like "10GB". As it runs out, or the disk
            does but for 1 GB that is left to checkpoints (a twentieth of one below 20 GB), less is kept of each step.
        keep: bundles that stay: None (all), a number or "last N", "every N".
        layer_axes: order of the axes, without windows, of layers for which it does not follow from the model, such as
            `{"frontend": ("filter", "time")}`.
        output: name of the output that is the prediction where a model has several; by default the first.
        memory_budget: memory that logging may take beside what a call of the model does: a number of bytes, or a text
            like "512MB". Whatever the number of probes; one window of a clip at a time must find room.
        chief_only: of several workers that train one model together, log from the first alone. Where each logs, it does
            so to a run of its own: give each a `log_dir` of its own, or find the others' in `cnnviz_2` and so on.

    Raises:
        CNNVizError: here for every mistake that can be told without a model, before training for the rest.
    """

    def __init__(
        self,
        log_dir: str | os.PathLike[str],
        probes: Sequence[Probe],
        *,
        layers: Layers = None,
        class_names: Sequence[str] | None = None,
        every: int = 1,
        update_freq: int | str = "epoch",
        log_initial: bool = True,
        max_map_size: int = 256,
        max_disk: str | int = "10GB",
        keep: int | str | None = None,
        layer_axes: Mapping[str, Sequence[str]] | None = None,
        output: str | None = None,
        memory_budget: str | int = "512MB",
        chief_only: bool = True,
    ) -> None:
        super().__init__()
        self._options = Options(
            log_dir,
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
        check_whole(every, "every")
        if update_freq != "epoch" and (isinstance(update_freq, str) or not _is_whole(update_freq)):
            raise CNNVizError(f'update_freq={update_freq!r} must be "epoch" or a number of batches of at least 1')
        self._every = every
        self._batches = None if update_freq == "epoch" else int(update_freq)
        self._log_initial = log_initial
        self._chief_only = chief_only
        self._observer: Observer | None = None
        self._writer: SummaryWriter | None = None
        self._active = False
        self._told_size = False
        self._warned: set[str] = set()
        self._first_epoch = self._iterations_before = 0
        self._logs_initial = False
        self._iterations_before_epoch = 0
        self._next_batch_step = 0

    def set_model(self, model: Any) -> None:
        """Take the model; raises `CNNVizError` for one that cannot be recorded."""
        check_model(model)
        super().set_model(model)

    def on_train_begin(self, logs: Any = None) -> None:  # noqa: ARG002
        """Check all that needs the model, and trace it."""
        self._close()
        self._observer = None
        self._active = not self._chief_only or _is_chief(self.model)
        if not self._active:
            return
        self._options.create_log_dir()
        if self.model.built:
            # Keras takes a subclassed model for built after `model.build(shape)`, though its layers are not.
            with contextlib.suppress(NotBuiltError):
                self._observe_model()

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:  # noqa: ARG002
        """Before the first epoch, open the run and log the model as it is."""
        if not self._active:
            return
        self._iterations_before_epoch = self._iterations()
        if self._writer is None:
            self._open(epoch)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Log where `update_freq` counts batches; trace a model that its first batch has built."""
        self._tell_size()
        if not self._active or (self._observer is not None and self._batches is None):
            return
        if self._observer is None:
            self._observe_model()
        # Reading the counter waits for the device; counting batches tells when it is worth it.
        if self._batches is None or self._iterations_before_epoch + batch + 1 < self._next_batch_step:
            return
        step = self._iterations()
        if step >= self._next_batch_step:
            self._next_batch_step = (step // self._batches + 1) * self._batches
            self._log(step, epoch=None, batch=step, logs=logs)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Log the epoch."""
        if self._active and self._batches is None and epoch % self._every == 0:
            self._log(epoch, epoch=epoch, batch=None, logs=logs)
        self._tell_size()

    def on_train_end(self, logs: Any = None) -> None:  # noqa: ARG002
        """Finish writing."""
        self._close()
        self._observer = None

    def flush(self) -> None:
        """Return when all that was logged so far is on disk."""
        if self._writer is not None:
            self._writer.flush()

    def _observe_model(self) -> None:
        self._observer = self._options.observer(self.model)
        for note in self._observer.notes:
            self._warn(note)

    def _open(self, epoch: int) -> None:
        # keras.callbacks.BackupAndRestore tells only the model that it has restored it, perhaps within the first epoch.
        restored = getattr(self.model, "_initial_epoch", None) is not None
        steps_before = epoch if self._batches is None else self._iterations_before_epoch
        resumes = restored or (epoch > 0 and steps_before > 0)
        initial = self._log_initial and epoch == 0 and not restored
        self._first_epoch, self._iterations_before = epoch, self._iterations_before_epoch
        self._logs_initial = initial and self._observer is not None
        if self._batches is not None:
            self._next_batch_step = (self._iterations_before_epoch // self._batches + 1) * self._batches
        predictions = self._observer is None or self._observer.classes is not None
        log_dir = self._options.log_dir
        _open_writers.close_abandoned(log_dir, self.params)
        self._writer, message = open_run(
            log_dir,
            lambda run: self._options.writer(run, predictions=predictions),
            first_step=steps_before if resumes else INITIAL_STEP,
            resumes=resumes,
        )
        _open_writers.add(self._writer, log_dir, self.params)
        if message:
            say(message)
        self._told_size = False
        if self._logs_initial:
            self._log(INITIAL_STEP, epoch=INITIAL_STEP, batch=None, logs=None)
        elif initial:
            self._warn(
                "the model is built by its first batch, so it is not logged before training; "
                "call it once on a batch to log that too"
            )

    def _log(self, step: int, *, epoch: int | None, batch: int | None, logs: Mapping[str, Any] | None) -> None:
        """Log one step; whatever fails is told once, and training goes on."""
        if self._observer is None or self._writer is None:
            return
        try:
            self._writer.write_quantised(
                step,
                self._observer.observe(),
                output=self._observer.output,
                kernels=self._observer.kernels,
                logs=dict(logs or {}),
                epoch=epoch,
                batch=batch,
            )
        except Exception as error:
            cause = cause_of(error)
            self._warn(f"step {step} was not logged: {cause}; training goes on", key=cause)

    def _close(self) -> None:
        writer, self._writer = self._writer, None
        if writer is None:
            return
        _open_writers.remove(writer)
        try:
            writer.close()
        except Exception as error:
            self._warn(f"the run was not closed in order: {cause_of(error)}")
        self._tell_size(writer)

    def _tell_size(self, writer: SummaryWriter | None = None) -> None:
        writer = writer or self._writer
        if self._told_size or writer is None or writer.last_bundle_bytes is None:
            return
        self._told_size = True
        if message := writer.disk_message(self._steps()):
            say(message)

    def _steps(self) -> int | None:
        """Count the steps of this training, where that is known beforehand."""
        params = self.params or {}
        if params.get("epochs") is None:
            return None
        ahead = range(self._first_epoch, params["epochs"])
        if self._batches is None:
            logged = sum(epoch % self._every == 0 for epoch in ahead)
        elif params.get("steps") is None:
            return None
        else:
            first, batches = self._iterations_before, len(ahead) * int(params["steps"])
            multiples = (first + batches) // self._batches - first // self._batches
            # Batches that are executed together end together.
            logged = min(multiples, -(-batches // self.model.steps_per_execution))
        return logged + self._logs_initial

    def _iterations(self) -> int:
        optimizer = getattr(self.model, "optimizer", None)
        # A sum is a plain tensor also where the counter is a variable on several devices.
        return 0 if optimizer is None else int(keras.ops.add(optimizer.iterations, 0))

    def _warn(self, message: str, *, key: str | None = None) -> None:
        """Warn once of each cause."""
        if (key or message) not in self._warned:
            self._warned.add(key or message)
            warn(message, stacklevel=3)


def _is_chief(model: Any) -> bool:
    """Tell whether this process is the one that writes, of several that train together."""
    strategy = getattr(model, "distribute_strategy", None)
    return strategy is None or bool(strategy.extended.should_save_summary)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1
