"""How well a model names the instruments of excerpts longer than its window: the measures of the field.

Conventions. Predictions of one excerpt are `[windows, classes]`, from 0 to 1, of windows that overlap by half; its
scores are `[classes]`, and a class whose score reaches the threshold is said to play.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import keras
import numpy as np
from clips import Clip, labels_of
from features import TESTING
from sklearn.metrics import f1_score, precision_recall_fscore_support
from tqdm import tqdm

GROUP, GROUP_HOP = 6, 3
THRESHOLDS = np.arange(1, 100) / 100


def s1(predictions: np.ndarray) -> np.ndarray:
    """Score an excerpt by the mean of each class over its windows."""
    return predictions.mean(axis=0)


def s2(predictions: np.ndarray) -> np.ndarray:
    """Score an excerpt by the mean, over groups of 6 windows with hop 3, of each class's maximum in the group.

    The last group is shorter where the windows do not come out even.
    """
    starts = range(0, max(len(predictions) - GROUP, 0) + GROUP_HOP, GROUP_HOP)
    return s1(np.stack([predictions[start : start + GROUP].max(axis=0) for start in starts]))


def by_maximum(scores: np.ndarray) -> np.ndarray:
    """Divide scores `[classes]` by the greatest, as the journal version of the paper does."""
    greatest = scores.max()
    return scores / greatest if greatest > 0 else scores


AGGREGATIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "S1": s1,
    "S1, by maximum": lambda predictions: by_maximum(s1(predictions)),
    "S2": s2,
    "S2, by maximum": lambda predictions: by_maximum(s2(predictions)),
}


@dataclass(frozen=True)
class Result:
    """What one aggregation gives; all but `searched` is of the half that the threshold was not chosen on."""

    aggregation: str
    threshold: float
    searched: float  # micro F1 on the half that the threshold was chosen on
    micro: float
    macro: float
    precision: np.ndarray  # [classes]
    recall: np.ndarray  # [classes]
    f1: np.ndarray  # [classes]
    excerpts: np.ndarray  # [classes]: in how many each plays


def evaluate(model: keras.Model, clips: Sequence[Clip], *, seed: int = 0) -> list[Result]:
    """Test a model on excerpts, once for each of the aggregations."""
    predictions = [predict(model, clip) for clip in tqdm(clips, desc="Testing", unit="excerpt")]
    return score(predictions, labels_of(clips), seed=seed)


def predict(model: keras.Model, clip: Clip) -> np.ndarray:
    """Give the predictions of one excerpt."""
    windows, _ = TESTING.windows(*clip.read())
    return model.predict_on_batch(windows)


def score(predictions: Sequence[np.ndarray], truth: np.ndarray, *, seed: int = 0) -> list[Result]:
    """Choose each aggregation's threshold on one random half of the excerpts and score it on the other.

    Args:
        predictions: of each excerpt.
        truth: bool `[excerpts, classes]`.
        seed: of the halves.
    """
    search, held_out = halves(len(predictions), seed=seed)
    results = []
    for name, aggregate in AGGREGATIONS.items():
        scores = np.stack([aggregate(each) for each in predictions])
        threshold, searched = choose_threshold(scores[search], truth[search])
        said = scores[held_out] >= threshold
        known = truth[held_out]
        per_class = precision_recall_fscore_support(known, said, average=None, zero_division=0)
        micro, macro = (f1_score(known, said, average=average, zero_division=0) for average in ("micro", "macro"))
        results.append(Result(name, threshold, searched, micro, macro, *per_class))
    return results


def halves(excerpts: int, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw the excerpts that thresholds are chosen on, and those that are scored."""
    drawn = np.random.default_rng(seed).permutation(excerpts)
    return np.sort(drawn[: excerpts // 2]), np.sort(drawn[excerpts // 2 :])


def choose_threshold(scores: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """Give the lowest of the thresholds with the best micro F1, and that F1, of `[excerpts, classes]`."""
    said = scores >= THRESHOLDS[:, np.newaxis, np.newaxis]
    hits = (said & truth).sum(axis=(1, 2))
    f1 = 2 * hits / np.maximum(said.sum(axis=(1, 2)) + truth.sum(), 1)
    best = int(np.argmax(f1))
    return float(THRESHOLDS[best]), float(f1[best])
