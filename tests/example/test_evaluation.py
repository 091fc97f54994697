"""The measures of the field against tables worked by hand and against a plain slow second implementation."""

from __future__ import annotations

import evaluation
import numpy as np
import pytest
from evaluation import AGGREGATIONS, THRESHOLDS, by_maximum, choose_threshold, halves, s1, s2, score
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

# Ten windows (rows) of three classes: groups of six with hop three are windows 0-5, 3-8 and 6-9.
TABLE = np.array(
    [
        [0.1, 0.0, 0.9],
        [0.2, 0.0, 0.0],
        [0.3, 0.0, 0.0],
        [0.4, 0.8, 0.0],
        [0.5, 0.0, 0.0],
        [0.6, 0.0, 0.0],
        [0.7, 0.0, 0.0],
        [0.8, 0.0, 0.0],
        [0.9, 0.0, 0.0],
        [1.0, 0.4, 0.0],
    ]
)
# Column by column: (.1 + ... + 1.0) / 10, (.8 + .4) / 10, .9 / 10.
MEANS = [0.55, 0.12, 0.09]
# (.6 + .9 + 1.0) / 3, (.8 + .8 + .4) / 3, (.9 + 0 + 0) / 3.
GROUPED = [2.5 / 3, 2.0 / 3, 0.3]


@pytest.mark.parametrize(
    ("aggregation", "scores"),
    [
        ("S1", MEANS),
        ("S1, by maximum", [1, 0.12 / 0.55, 0.09 / 0.55]),
        ("S2", GROUPED),
        ("S2, by maximum", [1, 0.8, 0.36]),
    ],
)
def test_aggregations_give_the_table_worked_by_hand(aggregation, scores):
    np.testing.assert_allclose(AGGREGATIONS[aggregation](TABLE), scores, rtol=1e-12)


@pytest.mark.parametrize(
    ("windows", "groups"),
    [
        (1, [(0, 1)]),
        (6, [(0, 6)]),
        (7, [(0, 6), (3, 7)]),
        (9, [(0, 6), (3, 9)]),
        (10, [(0, 6), (3, 9), (6, 10)]),
        (12, [(0, 6), (3, 9), (6, 12)]),
    ],
)
def test_every_window_is_in_a_group_and_only_the_last_is_shorter(windows, groups):
    predictions = np.random.default_rng(windows).random((windows, 2))
    expected = np.mean([predictions[first:end].max(axis=0) for first, end in groups], axis=0)
    np.testing.assert_allclose(s2(predictions), expected, rtol=1e-12)


def test_nothing_is_divided_by_nothing():
    np.testing.assert_array_equal(by_maximum(np.zeros(3)), np.zeros(3))


PREDICTIONS = st.integers(1, 45).flatmap(lambda windows: arrays(np.float64, (windows, 3), elements=st.floats(0, 1)))


@given(PREDICTIONS)
def test_scores_keep_the_range_and_s2_is_never_below_s1_of_the_least_window(predictions):
    for aggregate in (s1, s2):
        scores = aggregate(predictions)
        assert (predictions.min(axis=0) - 1e-12 <= scores).all()
        assert (scores <= predictions.max(axis=0) + 1e-12).all()


def slow_aggregate(name: str, predictions: list[list[float]]) -> list[float]:
    """The same, written window by window."""
    rows = predictions
    if name.startswith("S2"):
        rows, start = [], 0
        while True:
            group = predictions[start : start + 6]
            rows.append([max(row[c] for row in group) for c in range(len(group[0]))])
            if start + 6 >= len(predictions):
                break
            start += 3
    scores = [sum(row[c] for row in rows) / len(rows) for c in range(len(rows[0]))]
    if name.endswith("by maximum") and max(scores) > 0:
        scores = [each / max(scores) for each in scores]
    return scores


def slow_counts(said: list[bool], known: list[bool]) -> tuple[int, int, int]:
    """True positives, false positives, false negatives."""
    pairs = list(zip(said, known, strict=True))
    return pairs.count((True, True)), pairs.count((True, False)), pairs.count((False, True))


def slow_f1(counts: tuple[int, int, int]) -> float:
    hits, false, missed = counts
    return 2 * hits / (2 * hits + false + missed) if hits else 0.0


@given(PREDICTIONS)
def test_aggregations_agree_with_the_slow_ones(predictions):
    for name, aggregate in AGGREGATIONS.items():
        np.testing.assert_allclose(aggregate(predictions), slow_aggregate(name, predictions.tolist()), rtol=1e-9)


def made_up(*, seed: int, excerpts: int = 15, classes: int = 4) -> tuple[list[np.ndarray], np.ndarray]:
    """Predictions that know something of the truth."""
    random = np.random.default_rng(seed)
    truth = random.random((excerpts, classes)) < 0.4
    predictions = [
        np.clip(0.35 * known + 0.7 * random.random((random.integers(1, 30), classes)), 0, 1) for known in truth
    ]
    return predictions, truth


@pytest.mark.parametrize("seed", range(6))
def test_results_agree_with_a_slow_second_implementation(seed):
    predictions, truth = made_up(seed=seed)
    search, held_out = halves(len(predictions), seed=seed)
    classes = range(truth.shape[1])
    for result in score(predictions, truth, seed=seed):
        scores = [slow_aggregate(result.aggregation, each.tolist()) for each in predictions]

        def counts(half: np.ndarray, threshold: float, scores=scores) -> list[tuple[int, int, int]]:
            return [
                slow_counts([scores[i][c] >= threshold for i in half], [bool(truth[i, c]) for i in half])
                for c in classes
            ]

        def micro(half: np.ndarray, threshold: float, counts=counts) -> float:
            return slow_f1(tuple(map(sum, zip(*counts(half, threshold), strict=True))))

        best = max(micro(search, percent / 100) for percent in range(1, 100))
        assert result.searched == pytest.approx(best)
        assert result.threshold == min(p / 100 for p in range(1, 100) if micro(search, p / 100) == pytest.approx(best))
        per_class = counts(held_out, result.threshold)
        assert result.micro == pytest.approx(micro(held_out, result.threshold))
        assert result.macro == pytest.approx(np.mean([slow_f1(each) for each in per_class]))
        for c, (hits, false, missed) in enumerate(per_class):
            assert result.precision[c] == pytest.approx(hits / (hits + false) if hits + false else 0)
            assert result.recall[c] == pytest.approx(hits / (hits + missed) if hits + missed else 0)
            assert result.f1[c] == pytest.approx(slow_f1((hits, false, missed)))
            assert result.excerpts[c] == hits + missed


def test_the_threshold_is_the_one_worked_by_hand():
    # From .21 to .30 four are said and three of them play, none is missed: F1 = 6 / 7. Below, more are said in vain;
    # above, one is missed.
    scores = np.array([[0.9, 0.1], [0.3, 0.2], [0.5, 0.6]])
    truth = np.array([[True, False], [True, False], [False, True]])
    assert choose_threshold(scores, truth) == (pytest.approx(0.21), pytest.approx(6 / 7))


def test_a_class_plays_from_its_threshold_on():
    for threshold in THRESHOLDS:
        assert choose_threshold(np.array([[threshold, 0.0]]), np.array([[True, False]]))[1] == 1


@given(st.integers(2, 300), st.integers(0, 5))
def test_halves_share_nothing_and_leave_nothing_out(excerpts, seed):
    search, held_out = halves(excerpts, seed=seed)
    assert sorted([*search, *held_out]) == list(range(excerpts))
    assert len(search) == excerpts // 2


def test_the_search_never_sees_the_scored_half():
    predictions, truth = made_up(seed=0, excerpts=40)
    _, held_out = halves(40, seed=0)
    results = score(predictions, truth)
    other = [each.copy() for each in predictions]
    other_truth = truth.copy()
    for index in held_out:
        other[index][:] = 1 - other[index][::-1]
        other_truth[index] = ~truth[index]
    for before, after in zip(results, score(other, other_truth), strict=True):
        assert (after.threshold, after.searched) == (before.threshold, before.searched)
        assert (after.micro, after.macro) != (before.micro, before.macro)


def test_the_scored_half_is_scored_with_the_threshold_alone():
    """Whatever the half that is searched holds, as long as it leads to the same threshold."""
    predictions, truth = made_up(seed=1, excerpts=40)
    search, _ = halves(40, seed=0)
    before = score(predictions, truth)[0]
    for index in search:
        predictions[index] = np.where(truth[index], before.threshold, before.threshold - 0.01)[np.newaxis]
    after = score(predictions, truth)[0]
    assert after.searched == 1 != before.searched
    assert after.threshold == before.threshold
    assert (after.micro, after.macro) == (before.micro, before.macro)


def test_the_windows_of_an_excerpt_overlap_by_half():
    assert evaluation.TESTING.window / 2 == pytest.approx(evaluation.TESTING.window_hop, abs=0.5)
