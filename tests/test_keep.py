from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_plugin_cnnviz import CNNVizError
from tensorboard_plugin_cnnviz.keep import Keep


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


@given(
    st.integers(1, 60), st.sampled_from([None, "all"]) | st.integers(1, 9) | st.integers(1, 9).map("every {}".format)
)
def test_how_many_are_there_at_once(steps, keep):
    rule, there, most = Keep(keep), set(), 0
    for step in range(steps):
        there.add(Path(str(step)))
        most = max(most, len(there))
        there -= set(rule.add(Path(str(step))))
        assert rule.written == len(there)
    assert rule.at_once(steps) == most


@pytest.mark.parametrize(("keep", "most"), [(None, None), ("every 3", None), (3, 4), ("last 5", 6)])
def test_how_many_are_there_at_once_of_unknown_steps(keep, most):
    assert Keep(keep).at_once(None) == most
