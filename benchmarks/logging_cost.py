"""What training waits for while a step is logged, and the processor time that all of it takes."""

from __future__ import annotations

import tempfile
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

import tensorflow as tf

from tensorboard_plugin_cnnviz import SummaryWriter
from tensorboard_plugin_cnnviz.keras.observer import Observer

from . import subject
from .measure import Cost, Work, alternate
from .results import Report, Result

MEMORY_BUDGET = 512_000_000
# Detail: wait and processor time, as multiples of a plain forward pass.
TARGETS = {"windows": (1.4, 2.5), "strip": (1.4, 1.8), "summary": (1.15, None)}


_WHY_SUMMARY = (
    "All 137 million values that the layers give are read once more, from memory: of what it takes beyond the plain "
    "pass, summing up is more than four fifths. Left to the background they would have to be kept, more than the "
    "memory budget."
)


def run(repeats: int) -> Report:
    """Log eleven clips of three seconds, each detail in turn with a plain forward pass over the same windows."""
    model = subject.model()
    first = subject.probes("summary")
    plain = tf.function(
        lambda windows: model(windows, training=False), input_signature=[tf.TensorSpec((None, *model.input_shape[1:]))]
    )
    inputs = [tf.constant(probe.inputs) for probe in first]
    # As the clips share the calls of our pass: two of 22 windows.
    shared = [tf.concat(inputs[at : at + 2], axis=0) for at in range(0, len(inputs), 2)]
    works = {
        "plain": Work(lambda: [plain(windows).numpy() for windows in inputs]),
        "shared": Work(lambda: [plain(windows).numpy() for windows in shared]),
    }
    first_epoch: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        writers = []
        for detail in TARGETS:
            watched = subject.probes(detail)
            begun = time.perf_counter()
            observer = Observer(model, watched, memory_budget=MEMORY_BUDGET)
            deque(observer.observe(), maxlen=0)
            first_epoch[detail] = time.perf_counter() - begun
            writer = SummaryWriter(Path(folder) / detail, watched, max_disk="100GB", keep=2)
            writers.append(writer)
            works[detail] = Work(_logging(observer, writer), writer.flush)
        costs = alternate(works, repeats=repeats)
        for writer in writers:
            writer.close()
    once = [
        Result("plain forward pass", costs["plain"].wait * 1e3, "ms"),
        *(
            Result(f"`{detail}`: first forward pass, tracing included", seconds, "s", note="once in a training")
            for detail, seconds in first_epoch.items()
        ),
        Result(
            "plain forward pass of two clips a call, as ours: wait",
            costs["shared"].wait / costs["plain"].wait,
            "ratio",
            note="of one of a clip a call",
        ),
    ]
    return Report("What logging costs", _ABOUT, [*_ratios(costs), *once])


_ABOUT = (
    "The model of Han, Kim and Lee (2016), its ten default layers, eleven clips of 3 s (242 windows). Multiples of a "
    "plain forward pass over the same windows: *wait* is what training waits for at a logged epoch, *processor* the "
    "processor time of all threads until the step is on disk. The plain pass calls the model once for each clip, "
    "ours for two at a time: what that is worth to the plain pass stands in the last line."
)


def _logging(observer: Observer, writer: SummaryWriter) -> Callable[[], None]:
    steps = iter(range(10**6))

    def log() -> None:
        writer.write_quantised(next(steps), observer.observe(), output=observer.output, epoch=0)

    return log


def _ratios(costs: dict[str, Cost]) -> list[Result]:
    plain = costs["plain"]
    results = []
    for detail, (wait, cpu) in TARGETS.items():
        cost = costs[detail]
        why = _WHY_SUMMARY if detail == "summary" else ""
        results.append(Result(f"`{detail}`: wait", cost.wait / plain.wait, "ratio", at_most=wait, why=why))
        results.append(Result(f"`{detail}`: processor", cost.cpu / plain.cpu, "ratio", at_most=cpu))
    return results
