from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_plugin_cnnviz import CNNVizError
from tensorboard_plugin_cnnviz.disk import DETAILS, Budget, Space, parse_size, size_text


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


GB = 10**9


@given(st.lists(st.integers(1, 2000), min_size=1, max_size=100), st.integers(0, 3000))
def test_neither_limit_is_ever_exceeded(sizes, free):
    """Sizes of steps that are written with what room there is; each lesser detail is a fifth of the one before."""
    budget, total = Budget(1000, used=0), 2000
    for size in sizes:
        space = Space(free, total)
        limit = budget.limit(space)
        for detail in DETAILS:
            room, taken = budget.room(detail, limit), -(-size // 5 ** DETAILS.index(detail))
            if room is None:
                continue
            if taken > room:
                budget.refuse(detail, room)
                continue
            budget.add(detail, taken)
            free -= taken
            assert budget.used <= {"windows": 700, "strip": 950, "summary": 1000}[detail]
            assert free >= total // 20
            break


@pytest.mark.parametrize(
    ("used", "rooms"),
    [
        (0, {"windows": 700, "strip": 950, "summary": 1000}),
        (699, {"windows": 1, "strip": 251, "summary": 301}),
        (700, {"windows": None, "strip": 250, "summary": 300}),
        (950, {"windows": None, "strip": None, "summary": 50}),
        (1000, {"windows": None, "strip": None, "summary": None}),
        (5000, {"windows": None, "strip": None, "summary": None}),
    ],
)
def test_shares_of_the_limit(used, rooms):
    budget = Budget(1000, used=used)
    limit = budget.limit(None)
    assert limit == (1000, "max_disk")
    assert {detail: budget.room(detail, limit) for detail in DETAILS} == rooms


@pytest.mark.parametrize(
    ("free", "total", "reserve", "limit"),
    [
        pytest.param(50 * GB, 250 * GB, GB, (10 * GB, "max_disk"), id="max_disk is less"),
        pytest.param(8 * GB, 250 * GB, GB, (9 * GB, "free_disk"), id="the disk is less"),
        pytest.param(GB, 250 * GB, GB, (2 * GB, "free_disk"), id="nothing but the reserve is free"),
        pytest.param(0, 250 * GB, GB, (GB, "free_disk"), id="full"),
        pytest.param(3 * GB, 4 * GB, GB // 5, (48 * GB // 10, "free_disk"), id="a small disk"),
    ],
)
def test_the_lesser_limit_counts(free, total, reserve, limit):
    space = Space(free, total)
    assert space.reserve == reserve
    assert Budget(10 * GB, used=2 * GB).limit(space) == limit


def test_a_detail_is_tried_again_where_there_is_more_room_than_it_was_refused():
    budget = Budget(1000, used=0)
    budget.add("windows", 600)
    limit = budget.limit(None)
    assert budget.room("windows", limit) is None
    budget.add("strip", 60)
    budget.release(600)
    assert budget.room("windows", limit) == 640
    budget.refuse("windows", 640)
    assert budget.room("windows", limit) is None
    budget.release(1)
    assert budget.room("windows", limit) == 641
