"""What is under way between two threads: all of it arrives in order, and never more bytes at once than allowed."""

from __future__ import annotations

import threading
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tensorboard_plugin_cnnviz.stream import AbandonedError, Allowance, Stream


@contextmanager
def in_thread(work):
    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        thread.join()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.integers(0, 30), max_size=8), max_size=4), st.integers(1, 60))
def test_all_arrive_in_order_within_the_allowance(streams, size):
    allowance = Allowance(size)
    given = [Stream(allowance) for _ in streams]

    def give():
        for stream, sizes in zip(given, streams, strict=True):
            for thing in enumerate(sizes):
                stream.put(thing, thing[1])
            stream.end()

    with in_thread(give):
        taken = [list(stream) for stream in given]
    assert taken == [list(enumerate(sizes)) for sizes in streams]
    largest = max((each for sizes in streams for each in sizes), default=0)
    assert allowance.most <= max(size, largest)
    # Nothing counts any more.
    assert allowance.fits(size)


def test_what_is_larger_than_the_allowance_goes_alone():
    allowance = Allowance(10)
    stream = Stream(allowance)

    def give():
        for size in (3, 100, 4):
            stream.put(size, size)
        stream.end()

    with in_thread(give):
        assert list(stream) == [3, 100, 4]
    assert allowance.most == 100


def test_nothing_is_taken_before_the_end_while_there_is_room():
    stream = Stream(Allowance(10))
    taken = []
    begun = threading.Event()

    def take():
        begun.set()
        taken.extend(stream)

    with in_thread(take):
        begun.wait()
        for thing in range(3):
            stream.put(thing, 3)
        assert taken == []
        stream.end()
    assert taken == [0, 1, 2]


def test_whoever_takes_is_told_that_the_rest_will_not_come():
    stream = Stream(Allowance(10))
    stream.put("a", 6)
    stream.end(abandoned=True)
    with pytest.raises(AbandonedError):
        next(stream)


@pytest.mark.parametrize("taken", [0, 1])
def test_whoever_gives_does_not_wait_for_one_who_has_left(taken):
    allowance = Allowance(10)
    stream = Stream(allowance)

    def give():
        for thing in range(5):
            stream.put(thing, 8)
        stream.end()

    with in_thread(give):
        for _ in range(taken):
            next(stream)
        stream.leave()
    assert allowance.fits(10)
