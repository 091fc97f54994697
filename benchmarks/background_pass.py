"""Whether it would pay to leave the forward pass of logging to the background too, on a copy of the weights."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from tensorboard_plugin_cnnviz import SummaryWriter
from tensorboard_plugin_cnnviz.keras.observer import Observer

from . import subject
from .logging_cost import MEMORY_BUDGET
from .measure import Cost
from .results import Report, Result

EPOCHS, WINDOWS = 3, 320


def run(repeats: int) -> Report:
    """Train with each way of logging in turn."""
    import keras

    inputs, labels = _training_windows()
    costs: dict[str, list[Cost]] = {name: [] for name in _WAYS}
    weights: dict[str, list[Any]] = {}
    for turn in range(repeats + 1):
        for name, way in _WAYS.items():
            keras.utils.set_random_seed(0)
            model = subject.model()
            model.compile("adam", "binary_crossentropy")
            with tempfile.TemporaryDirectory() as folder, way(model, Path(folder)) as log:
                # Tracing, and the first epoch that is logged, cost the same once, whichever the way.
                model.fit(inputs[:32], labels[:32], batch_size=32, verbose=0)
                log.settle(log.epoch(0))
                wall, cpu = time.perf_counter(), time.process_time()
                left: Any = None
                for epoch in range(EPOCHS):
                    model.fit(inputs, labels, batch_size=32, verbose=0)
                    left = log.epoch(1 + epoch)
                log.settle(left)
                cost = Cost((time.perf_counter() - wall) / EPOCHS, (time.process_time() - cpu) / EPOCHS)
            weights[name] = model.get_weights()
            if turn:
                costs[name].append(cost)
    results = []
    plain = _median(costs["not logged"])
    for name in list(_WAYS)[1:]:
        cost = _median(costs[name])
        results.append(Result(f"{name}: an epoch takes longer by", cost.wait - plain.wait, "s"))
        results.append(Result(f"{name}: processor time of an epoch is more by", cost.cpu - plain.cpu, "s"))
        differing = sum(not np.array_equal(*pair) for pair in zip(weights["not logged"], weights[name], strict=True))
        results.append(Result(f"{name}: arrays of weights that differ from training without logging", differing, ""))
    copied = sum(each.nbytes for each in weights["not logged"]) / 1e6
    results.append(Result("an epoch without logging", plain.wait, "s", note=f"{WINDOWS} windows"))
    results.append(Result("copy of the weights", copied, "MB", note="of each step that waits; and a second model"))
    return Report("A forward pass in the background", _ABOUT, results)


_ABOUT = (
    f"The model of Han, Kim and Lee (2016) trained on {WINDOWS} windows with eleven clips of 3 s (242 windows, "
    '`detail="windows"`) logged at each epoch: *waited for*, as the package does it, and *in the background*, on '
    f"copied weights while the next epoch trains. {EPOCHS} epochs to the last byte on disk."
)


class _Way:
    """Logs nothing; `settle` returns when what `epoch` left undone is done."""

    def __init__(self, model: Any, folder: Path) -> None:
        self.model, self.folder = model, folder

    def __enter__(self) -> _Way:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def epoch(self, step: int) -> Any:
        """Log one epoch."""

    def settle(self, left: Any) -> None:
        """Wait for it."""


class _Waited(_Way):
    """The package's way: the pass is waited for, the rest is done in the background."""

    def __enter__(self) -> _Waited:
        watched = subject.probes("windows")
        self.observer = Observer(self.observed(), watched, memory_budget=MEMORY_BUDGET)
        self.writer = SummaryWriter(self.folder, watched, max_disk="100GB", keep=2)
        return self

    def __exit__(self, *error: object) -> None:
        self.writer.close()

    def observed(self) -> Any:
        """The model whose passes are logged."""
        return self.model

    def epoch(self, step: int) -> Any:
        """Log one epoch."""
        self.writer.write_quantised(step, self.observer.observe(), output=self.observer.output, epoch=step)

    def settle(self, left: Any) -> None:  # noqa: ARG002
        """Wait until it is on disk."""
        self.writer.flush()


class _Background(_Waited):
    """The pass too is done in the background, by a second model that is given the weights."""

    def __enter__(self) -> _Background:
        self.pool = ThreadPoolExecutor(1)
        super().__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self.pool.shutdown()
        super().__exit__(*error)

    def observed(self) -> Any:
        """A copy of the model."""
        import keras

        self.copy = keras.models.clone_model(self.model)
        return self.copy

    def epoch(self, step: int) -> Future[None]:
        """Copy the weights; the rest follows."""
        weights = [np.array(each) for each in self.model.get_weights()]
        return self.pool.submit(self._log, step, weights)

    def settle(self, left: Any) -> None:
        """Wait until it is on disk."""
        left.result()
        super().settle(left)

    def _log(self, step: int, weights: list[Any]) -> None:
        self.copy.set_weights(weights)
        super().epoch(step)


_WAYS: dict[str, Callable[[Any, Path], _Way]] = {
    "not logged": _Way,
    "waited for": _Waited,
    "in the background": _Background,
}


def _training_windows() -> tuple[Any, Any]:
    inputs = np.concatenate([np.asarray(probe.inputs) for probe in subject.probes("summary")] * 2)[:WINDOWS]
    labels = np.random.default_rng(0).integers(0, 2, (WINDOWS, 11)).astype(np.float32)
    return inputs, labels


def _median(costs: list[Cost]) -> Cost:
    return Cost(statistics.median(each.wait for each in costs), statistics.median(each.cpu for each in costs))
