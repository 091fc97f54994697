from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_plugin_cnnviz import CNNVizError
from tensorboard_plugin_cnnviz.disk import DETAILS, Budget, Keep, parse_size, size_text


@pytest.mark.parametrize(
    ("text", "size"),
    [("10GB", 10**10), ("512 MB", 512 * 10**6), ("1.5k", 1500), ("7", 7), (7, 7), ("2tb", 2 * 10**12), (" 3B ", 3)],
)
def test_sizes(text, size):
    assert parse_size(text, option="max_disk") == size


@pytest.mark.parametrize("text", ["", "GB", "-1GB", "0", 0, -5, "10 parsecs", None, True, 1.5, "1e3", "10GiB"])
def test_what_is_no_size_is_told(text):
    with pytest.raises(CNNVizError, match="max_disk="):
        parse_size(text, option="max_disk")


@pytest.mark.parametrize(
    ("size", "text"),
    [(999, "999 B"), (1000, "1 kB"), (5_650_000, "5.65 MB"), (12 * 10**9, "12 GB")],
)
def test_sizes_in_words(size, text):
    assert size_text(size) == text


@given(st.lists(st.integers(1, 2000), min_size=1, max_size=100))
def test_a_budget_steps_down_and_is_never_exceeded(sizes):
    budget, admitted = Budget(1000, used=0), 0
    for size in sizes:
        while (detail := budget.detail()) is not None:
            # Each lesser detail is a fifth of the one before.
            taken = -(-size // 5 ** DETAILS.index(detail))
            if budget.admit(detail, taken):
                admitted += taken
                assert admitted <= {"windows": 700, "strip": 950, "summary": 1000}[detail]
                break
        assert budget.used == admitted


@pytest.mark.parametrize(
    ("used", "detail"),
    [
        (0, "windows"),
        (700, "windows"),
        (701, "strip"),
        (950, "strip"),
        (951, "summary"),
        (1000, "summary"),
        (1001, None),
    ],
)
def test_shares_of_the_budget(used, detail):
    assert Budget(1000, used=used).detail() == detail


def test_room_that_is_given_back_is_used_again():
    budget = Budget(1000, used=800)
    assert budget.detail() == "strip"
    budget.release(400)
    assert budget.detail() == "windows"


@pytest.mark.parametrize(
    ("keep", "left"),
    [
        (None, list(range(10))),
        ("all", list(range(10))),
        (3, [7, 8, 9]),
        ("last 1", [9]),
        ("every 4", [0, 4, 8, 9]),
        ("every 1", list(range(10))),
        ("last 99", list(range(10))),
    ],
)
def test_what_is_kept_of_ten_steps(keep, left):
    rule, files = Keep(keep), set()
    for step in range(10):
        files.add(Path(str(step)))
        files -= set(rule.add(Path(str(step))))
    assert sorted(int(path.name) for path in files) == left


@pytest.mark.parametrize("keep", [0, -1, "last", "every 0", "some", 2.5, True])
def test_what_is_no_rule_is_told(keep):
    with pytest.raises(CNNVizError, match="keep="):
        Keep(keep)
