"""What the entry point does to TensorBoard's flags, and what it loads."""

from __future__ import annotations

from argparse import Namespace

import pytest
from tensorboard.plugins import base_plugin

from tensorboard_plugin_cnnviz.server.loader import CNNVizLoader


@pytest.mark.parametrize(
    ("given", "fixed"),
    [
        ({}, {"cnnviz": 0}),
        ({"images": 3}, {"cnnviz": 0, "images": 3}),
        ({"cnnviz": 5, "images": 3}, {"cnnviz": 5, "images": 3}),
        (None, {"cnnviz": 0}),
    ],
)
def test_all_steps_are_kept_unless_told_otherwise(given: dict[str, int] | None, fixed: dict[str, int]) -> None:
    flags = Namespace(samples_per_plugin=given)
    CNNVizLoader().fix_flags(flags)
    assert flags.samples_per_plugin == fixed


def test_without_a_data_provider_there_is_no_plugin() -> None:
    assert CNNVizLoader().load(base_plugin.TBContext(data_provider=None)) is None
