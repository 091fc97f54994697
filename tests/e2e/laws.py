"""Where windows, columns and strips of the example's model lie: its definition and the documented laws, written down.

Nothing of the plugin is imported. Times are seconds of the clip, positions cell numbers of the model's input
(STFT frames in time, mel bands in frequency): 0 is the centre of the first cell.
"""

from __future__ import annotations

import numpy as np

from .experiment import HOP, RATE, WINDOW, WINDOW_HOP

FRAME = HOP / RATE


def centres(layer: str, count: int) -> np.ndarray:
    """Middles of the receptive fields of a convolution's columns (or rows).

    Each convolution is padded by one twice and has three taps: it begins one cell further out. Pooling takes three.
    """
    position, stride = 0.0, 1
    for number in range(1, int(layer.removeprefix("conv")) + 1):
        if number > 1 and number % 2:
            position, stride = position + stride, stride * 3
        position -= stride
    return position + stride * np.arange(count)


def strides(layer: str) -> int:
    return int(3 ** ((int(layer.removeprefix("conv")) - 1) // 2))


def field(layer: str) -> int:
    """How many cells of the input a convolution's cell is computed from, along either axis."""
    cells = 1
    for number in range(1, int(layer.removeprefix("conv")) + 1):
        if number > 1 and number % 2:
            cells += 2 * strides(f"conv{number - 1}")
        cells += 2 * strides(f"conv{number}")
    return cells


def window_edges(windows: int) -> np.ndarray:
    """Start and end of each window `[windows, 2]`: its frames' outer edges."""
    first = WINDOW_HOP * np.arange(windows)[:, np.newaxis]
    return (first + np.array([-0.5, WINDOW - 0.5])) * FRAME


def window_at(seconds: float, windows: int) -> int:
    """The window whose centre is nearest."""
    return int(np.abs(window_edges(windows).mean(axis=1) - seconds).argmin())


def turns(edges: np.ndarray) -> np.ndarray:
    """The seconds for which a row shows each window, `[windows, 2]`: half-way to its neighbours, within its own edges.

    Args:
        edges: start and end of each window `[windows, 2]`, in the order of time.
    """
    middle = edges.mean(axis=1)
    between = (middle[1:] + middle[:-1]) / 2
    starts = np.maximum(edges[:, 0], np.concatenate([[-np.inf], between]))
    ends = np.minimum(edges[:, 1], np.concatenate([between, [np.inf]]))
    return np.stack([starts, ends], axis=1)


def class_selectivity(means: np.ndarray) -> np.ndarray:
    """Morcos et al. (2018): `(mu_max - mu_-max) / (mu_max + mu_-max)` of class means `[filters, classes]`."""
    ordered = np.sort(np.maximum(means, 0), axis=1)
    largest, others = ordered[:, -1], ordered[:, :-1].mean(axis=1)
    index: np.ndarray = (largest - others) / (largest + others)
    return index


def strip_pairs(layer: str, columns: int, windows: int, times: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The strip law: for each time the window, the column and that column's true centre in seconds.

    Among all pairs whose column is centred in its own window the one centred nearest; of equals the one whose window is
    centred nearest, then the earlier.
    """
    columns_at = centres(layer, columns)
    inside = np.flatnonzero((columns_at >= -0.5) & (columns_at <= WINDOW - 0.5))
    pairs = [(window, column) for window in range(windows) for column in inside]
    true = np.array([(WINDOW_HOP * window + columns_at[column]) * FRAME for window, column in pairs])
    middle = np.array([window_edges(windows)[window].mean() for window, _ in pairs])
    chosen = []
    for time in times:
        distance = np.round(np.abs(true - time) / FRAME, 4)
        away = np.round(np.abs(middle - time) / FRAME, 4)
        chosen.append(np.lexsort((np.arange(len(pairs)), away, distance))[0])
    return (
        np.array([pairs[index][0] for index in chosen]),
        np.array([pairs[index][1] for index in chosen]),
        true[chosen],
    )


def onset_score(strip: np.ndarray) -> float:
    """`|dV/dt|^2 / (|dV/dt|^2 + |dV/df|^2)` on the positive part of a strip `[frequency, time]`."""
    positive = np.maximum(strip.astype(np.float64), 0)
    along_time = (np.diff(positive, axis=1) ** 2).sum()
    along_frequency = (np.diff(positive, axis=0) ** 2).sum()
    return float(along_time / (along_time + along_frequency))
