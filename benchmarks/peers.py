"""What else shows a network's activations, on the same work beside us."""

from __future__ import annotations

import contextlib
import io
import itertools
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from tensorboard_plugin_cnnviz import SummaryWriter
from tensorboard_plugin_cnnviz.keras.observer import Observer

from . import peer_packages, subject
from .bytes import MEMORY_BUDGET
from .measure import Cost, Work, alternate
from .results import Report, Result

ANIMATED = "conv2"


def run(repeats: int) -> Report:
    """Log one clip with each in turn; the slow ones make few turns enough."""
    os.environ["MPLBACKEND"] = "agg"
    peer_packages.add()
    model, clip = subject.model(), subject.probes("windows")[0]
    observer = Observer(model, [clip], memory_budget=MEMORY_BUDGET)
    layers = [spec.name for spec in observer.specs]
    maps = [spec.name for spec in observer.specs if spec.map_axes]
    outputs = _outputs(model, layers)
    with tempfile.TemporaryDirectory() as name:
        folders = {
            peer: Path(name) / str(number) for number, peer in enumerate((OURS, IMAGES, TF_EXPLAIN, KERACT, ANIMATION))
        }
        for folder in folders.values():
            folder.mkdir()
        writer = SummaryWriter(folders[OURS], [clip], max_disk="100GB")
        plain = tf.function(lambda windows: model(windows, training=False), input_signature=[_signature(model)])
        inputs = tf.constant(clip.inputs)
        works = {
            PLAIN: Work(lambda: plain(inputs).numpy()),
            OURS: Work(_ours(observer, writer), writer.flush),
            IMAGES: _images(outputs, inputs, layers, maps, folders[IMAGES]),
            TF_EXPLAIN: Work(_tf_explain(model, clip.inputs, maps, folders[TF_EXPLAIN])),
            KERACT: Work(_keract(model, clip.inputs, layers, folders[KERACT])),
            ANIMATION: Work(_animation(outputs, inputs, layers.index(ANIMATED), folders[ANIMATION])),
        }
        turns = max(2, repeats // 5)
        with contextlib.redirect_stdout(io.StringIO()):  # Keras's progress bars, keract's names of layers
            costs = alternate(works, repeats=turns)
        writer.close()
        sizes = {peer: _size(folder) / (turns + 1) for peer, folder in folders.items()}
    return Report("Beside other tools", _ABOUT, _results(costs, sizes))


PLAIN, OURS, IMAGES, TF_EXPLAIN = (
    "plain forward pass",
    "CNN Audio, `windows`",
    "TensorBoard's images",
    "tf-explain 0.3.1",
)
KERACT, ANIMATION = "keract 4.5.2, mended", f"matplotlib's animation, {ANIMATED} alone"

_ABOUT = f"""\
The model of Han, Kim and Lee (2016), one clip of 3 s (22 windows), its eight layers of maps (960 filters) and the
two of numbers. Multiples of a plain forward pass over the same windows: *wait* until training could go on,
*processor* the processor time of all threads until all is on disk. Each grows with the number of clips alike.

* TensorBoard's images: `tf.summary.image` of a picture per layer and window that holds all its filters, each on its
  own range; the layers' outputs come from one model, traced once. (One picture per layer and clip would show one
  window of 22.)
* tf-explain: `ExtractActivations`, a call per layer (of several layers it raises `AttributeError: 'list' object has
  no attribute 'ndim'`) with all windows; PNG files.
* keract: `get_activations` raises `AttributeError: 'Sequential' object has no attribute '_is_compiled'` with Keras
  3. Measured is the nearest that works: the same function, its evaluation replaced by `keras.Function`; stored with
  `numpy.savez`, as its own JSON takes minutes. It draws one window at a time.
* matplotlib: a grid of imshow tiles of {ANIMATED} (32 of the 960 filters), a frame a window, as HTML with
  JavaScript, the way the tool that this one carries on showed a layer. Not scaled up to the other layers.

| | all filters | moves with the sound | any epoch | the numbers themselves |
| --- | --- | --- | --- | --- |
| CNN Audio | yes | yes | yes | yes, to 1/504 of a filter's range |
| TensorBoard's images | yes, as pictures | no | ten of them by default | no, 8 bits without their range |
| tf-explain | yes, one grey scale for all | no | a file each | no |
| keract | yes | no | a file each, by the user's own code | yes, float32 |
| matplotlib's animation | of one layer | moves, without the sound | a file each | no |
"""


def _results(costs: Mapping[str, Cost], sizes: Mapping[str, float]) -> list[Result]:
    plain, ours = costs[PLAIN], costs[OURS]
    results = [Result(PLAIN, plain.wait * 1e3, "ms")]
    for peer, size in sizes.items():
        cost = costs[peer]
        beside = [f"{share:.2f} x ours" for share in (cost.wait / ours.wait, cost.cpu / ours.cpu, size / sizes[OURS])]
        notes = [""] * 3 if peer == OURS else beside
        results.append(Result(f"{peer}: wait", cost.wait / plain.wait, "ratio", note=notes[0]))
        results.append(Result(f"{peer}: processor", cost.cpu / plain.cpu, "ratio", note=notes[1]))
        results.append(Result(f"{peer}: bytes per step", size / 1e6, "MB", note=notes[2]))
    return results


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _signature(model: Any) -> tf.TensorSpec:
    return tf.TensorSpec((None, *model.input_shape[1:]))


def _outputs(model: Any, layers: Sequence[str]) -> Callable[[tf.Tensor], list[tf.Tensor]]:
    """The layers' outputs, traced once: what a careful user would write."""
    import keras

    several = keras.Model(model.inputs, [model.get_layer(name).output for name in layers])
    traced: Callable[[tf.Tensor], list[tf.Tensor]] = tf.function(
        lambda windows: several(windows, training=False), input_signature=[_signature(model)]
    )
    return traced


def _ours(observer: Observer, writer: SummaryWriter) -> Callable[[], None]:
    steps = itertools.count()

    def log() -> None:
        writer.write_quantised(next(steps), observer.observe(), output=observer.output, epoch=0)

    return log


def _grid(maps: np.ndarray) -> np.ndarray:
    """Float ``[windows, time, frequency, filters]`` to uint8 ``[windows, rows, columns, 1]``, eight side by side."""
    lo, hi = maps.min(axis=(0, 1, 2)), maps.max(axis=(0, 1, 2))
    codes = ((maps - lo) / np.where(hi > lo, hi - lo, 1) * 255).astype(np.uint8)
    windows, time, frequency, filters = codes.shape
    tiles = codes.transpose(0, 3, 2, 1)[:, :, ::-1].reshape(windows, filters // 8, 8, frequency, time)
    return tiles.transpose(0, 1, 3, 2, 4).reshape(windows, filters // 8 * frequency, 8 * time, 1)


def _images(
    outputs: Callable[[tf.Tensor], list[tf.Tensor]],
    inputs: tf.Tensor,
    layers: Sequence[str],
    maps: Sequence[str],
    folder: Path,
) -> Work:
    writer, steps = tf.summary.create_file_writer(str(folder)), itertools.count()

    def log() -> None:
        step = next(steps)
        with writer.as_default():
            for name, values in zip(layers, outputs(inputs), strict=True):
                if name in maps:
                    tf.summary.image(name, _grid(values.numpy()), step=step, max_outputs=len(values))

    return Work(log, writer.flush)


def _tf_explain(model: Any, inputs: np.ndarray, layers: Sequence[str], folder: Path) -> Callable[[], None]:
    from tf_explain.core.activations import ExtractActivations

    steps = itertools.count()

    def log() -> None:
        explainer, step = ExtractActivations(), next(steps)
        for name in layers:
            explainer.save(explainer.explain((inputs, None), model, [name]), str(folder), f"{step}-{name}.png")

    return log


def _keract(model: Any, inputs: np.ndarray, layers: Sequence[str], folder: Path) -> Callable[[], None]:
    import keract.keract
    import keras

    def evaluate(model: Any, nodes: Any, x: np.ndarray, y: None = None, auto_compile: bool = False) -> Any:  # noqa: ARG001
        return [output.numpy() for output in keras.Function(model.inputs, list(nodes))([x])]

    keract.keract._evaluate = evaluate
    steps = itertools.count()

    def log() -> None:
        np.savez(folder / f"{next(steps)}.npz", **keract.get_activations(model, inputs, layer_names=list(layers)))

    return log


def _animation(
    outputs: Callable[[tf.Tensor], list[tf.Tensor]], inputs: tf.Tensor, layer: int, folder: Path
) -> Callable[[], None]:
    from matplotlib import pyplot
    from matplotlib.animation import FuncAnimation

    steps = itertools.count()

    def log() -> None:
        maps = outputs(inputs)[layer].numpy()
        figure, axes = pyplot.subplots(len(maps[0, 0, 0]) // 8, 8, figsize=(16, 10))
        tiles = [
            axis.imshow(maps[0, :, :, number].T, origin="lower", cmap="magma", vmin=own.min(), vmax=own.max())
            for number, axis in enumerate(axes.flat)
            for own in (maps[..., number],)
        ]
        for number, axis in enumerate(axes.flat):
            axis.set(title=str(number), xticks=[], yticks=[])

        def draw(window: int) -> None:
            for number, tile in enumerate(tiles):
                tile.set_data(maps[window, :, :, number].T)

        page = FuncAnimation(figure, draw, frames=len(maps)).to_jshtml(fps=10)
        (folder / f"{next(steps)}.html").write_text(page, encoding="utf-8")
        pyplot.close(figure)

    return log
