from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tensorboard_plugin_cnnviz.memory import share_out, under_way


@given(st.integers(128, 10**12), st.integers(1, 1000))
def test_all_shares_together_leave_an_eighth_of_the_budget_and_of_many_layers_three(budget, layers):
    shares = share_out(budget)
    total = shares.block + under_way(budget, layers=layers) + shares.spool + 8 * shares.filters
    assert total <= budget * (5 if layers >= 40 else 7) / 8 + 1
