"""The grid is drawn by a worker and, where there can be none, by the page itself: the same, pixel for pixel."""

from __future__ import annotations

import numpy as np
import pytest

from .browser import Opener
from .conftest import show_trained
from .panel import Panel
from .tensorboard import TensorBoard


def painters(panel: Panel) -> list[str]:
    return [worker.url for worker in panel.page.workers if worker.url.endswith("/data/plugin/cnnviz/painter.js")]


@pytest.mark.parametrize("ratio", [1, 1.25, 2])
def test_the_page_draws_what_the_worker_draws(open_panel: Opener, tensorboard: TensorBoard, ratio: float) -> None:
    one, other = open_panel(tensorboard, ratio=ratio), open_panel(tensorboard, ratio=ratio)
    other.page.route("**/painter.js", lambda route: route.abort())
    other.watch.expect("ERR_FAILED")
    other.page.reload()
    show_trained(one)
    show_trained(other)
    assert (len(painters(one)), len(painters(other))) == (1, 0)
    for layer, mode in (("conv2", "strip"), ("conv8", "window"), ("conv8", "raster"), ("conv1", "strip")):
        drawn = [each.choose_layer(layer).choose_mode(mode).pixels("grid") for each in (one, other)]
        assert drawn[0][..., 3].any()
        np.testing.assert_array_equal(*drawn)
