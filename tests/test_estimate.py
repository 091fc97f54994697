"""What a run will take, as it is told."""

from __future__ import annotations

import pytest

from tensorboard_plugin_cnnviz.disk import Limit, Space
from tensorboard_plugin_cnnviz.estimate import disk_message
from tensorboard_plugin_cnnviz.keep import Keep

MB, GB = 10**6, 10**9
ROOMY = Space(77 * GB, 250 * GB)
TIGHT = Space(3 * GB, 250 * GB)
MAX_DISK = Limit(10 * GB, "max_disk")


@pytest.mark.parametrize(
    ("size", "steps", "options", "told"),
    [
        pytest.param(15 * MB, 102, {}, "15 MB per step, about 1.53 GB for 102 steps, 77 GB are free", id="it fits"),
        pytest.param(15 * MB, 1, {}, "15 MB per step, about 15 MB for 1 step, 77 GB are free", id="one step"),
        pytest.param(
            15 * MB,
            50,
            {"earlier": 700 * MB},
            "15 MB per step, about 750 MB for 50 steps, beside 700 MB of earlier steps, 77 GB are free",
            id="resumed",
        ),
        pytest.param(
            15 * MB,
            None,
            {},
            "15 MB per step, max_disk (10 GB) holds about 466 of them whole (they may fill 70 % of it), 77 GB are free",
            id="open",
        ),
        pytest.param(
            15 * MB,
            None,
            {"limit": Limit(2 * GB, "free_disk"), "space": TIGHT, "whole": 93},
            "15 MB per step, the disk, less 1 GB for checkpoints, holds about 93 of them whole "
            "(they may fill 70 % of it), 3 GB are free",
            id="open, on a full disk",
        ),
        pytest.param(
            15 * MB,
            102,
            {"keep": 3},
            "15 MB per step, at most about 60 MB at a time with keep=3, 77 GB are free",
            id="keep",
        ),
        pytest.param(
            15 * MB,
            None,
            {"keep": "last 3"},
            "15 MB per step, at most about 60 MB at a time with keep=3, 77 GB are free",
            id="keep, open",
        ),
        pytest.param(
            15 * MB,
            3,
            {"keep": 5},
            "15 MB per step, about 45 MB for 3 steps, 77 GB are free",
            id="keep, but fewer steps",
        ),
        pytest.param(
            15 * MB,
            102,
            {"keep": "every 10"},
            '15 MB per step, at most about 180 MB at a time with keep="every 10", 77 GB are free',
            id="keep every tenth",
        ),
        pytest.param(
            120 * MB,
            102,
            {"whole": 58},
            "120 MB per step, about 12.2 GB for 102 steps, 77 GB are free\n"
            "max_disk (10 GB) holds about 58 of them whole (they may fill 70 % of it), then less of each: "
            'raise max_disk, or set keep or detail="strip"',
            id="more than max_disk",
        ),
        pytest.param(
            120 * MB,
            102,
            {"limit": Limit(2 * GB, "free_disk"), "space": TIGHT, "whole": 11},
            "120 MB per step, about 12.2 GB for 102 steps, 3 GB are free\n"
            "the disk, less 1 GB for checkpoints, holds about 11 of them whole (they may fill 70 % of it), "
            'then less of each: make room, or set keep or detail="strip"',
            id="more than the disk",
        ),
        pytest.param(
            120 * MB,
            102,
            {"space": None, "whole": None},
            "120 MB per step, about 12.2 GB for 102 steps",
            id="little known",
        ),
        pytest.param(
            MB,
            None,
            {"share": 1.0},
            "1 MB per step, max_disk (10 GB) holds about 466 of them whole, 77 GB are free",
            id="summaries alone",
        ),
    ],
)
def test_in_words(size, steps, options, told):
    known = {
        "earlier": 0,
        "limit": MAX_DISK,
        "space": ROOMY,
        "share": 0.7,
        "whole": 466,
        **options,
        "keep": Keep(options.get("keep")),
    }
    assert disk_message("run", size, steps, **known) == f"run: {told}"
