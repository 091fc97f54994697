from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tensorboard_plugin_cnnviz.memory import share_out


@given(st.integers(1, 10**12))
def test_all_shares_together_leave_three_eighths_of_the_budget(budget):
    shares = share_out(budget)
    assert shares.block + shares.under_way + shares.spool + 8 * shares.filters <= budget * 5 / 8
