"""What the server keeps in memory of bundles."""

from __future__ import annotations

from pathlib import Path

from tensorboard_plugin_cnnviz.server.bundles import BundleStore
from tensorboard_plugin_cnnviz.writer import SummaryWriter

from .conftest import STEPS, bundles_of, make_probes, make_responses


def test_steps_of_one_layout_keep_it_once(log: Path, tmp_path: Path) -> None:
    store = BundleStore()
    paths = sorted(bundles_of(log).glob("[-0-9]*.zip"))
    kept = [store.layout(path) for path in paths]
    assert len(kept) == len(STEPS)
    assert len({id(each.layout) for each in kept}) == len({id(each.json) for each in kept}) == 1
    probes = make_probes()
    with SummaryWriter(tmp_path, probes) as writer:
        writer.write(0, make_responses(probes, 0))
    (other,) = bundles_of(tmp_path, "").glob("0-*.zip")
    assert store.layout(other).layout != kept[0].layout
