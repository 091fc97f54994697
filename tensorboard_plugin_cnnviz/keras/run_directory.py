"""The run that a training writes into: the one it resumes, or a new one.

Runs are named `cnnviz`, `cnnviz_2` and so on. A training from the start gets a run of its own, and so does one beside
which another writer is at work in the run.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from tensorboard_plugin_cnnviz.events import read_recorded
from tensorboard_plugin_cnnviz.run_lock import RunInUseError
from tensorboard_plugin_cnnviz.writer import SummaryWriter

NAME = "cnnviz"


def open_run(
    log_dir: Path, open_writer: Callable[[Path], SummaryWriter], *, first_step: int, resumes: bool
) -> tuple[SummaryWriter, str | None]:
    """Open a writer for the newest run below `log_dir`, or for the next.

    Args:
        log_dir: where the runs lie; it exists.
        open_writer: opens the writer of a run; raises `RunInUseError` where another one writes into it.
        first_step: the first step that will be written.
        resumes: whether that goes on with what the run holds, some of which may be logged again.

    Returns:
        writer: of the run that was chosen.
        message: what the user should know, or None.
    """
    number = _newest(log_dir)
    directory, following = log_dir / _name(number), log_dir / _name(number + 1)
    last = read_recorded(directory).last_step
    message = None
    if last is not None and last > first_step and resumes:
        message = (
            f"{directory} holds steps up to {last} and goes on from step {first_step}: a step that is logged again "
            "takes the place of the old one"
        )
    elif last is not None and last > first_step:
        number += 1
        message = (
            f"{directory} holds steps up to {last}: what starts anew is logged to {following}. To go on with a run, "
            "resume with initial_epoch"
        )
    elif last is not None and last == first_step:
        message = f"{directory} holds step {last} already: what is logged now takes its place"
    while True:
        try:
            return open_writer(log_dir / _name(number)), message
        except RunInUseError as error:
            number += 1
            message = f"{error}: what this one logs goes to {log_dir / _name(number)}"


def _newest(log_dir: Path) -> int:
    numbers = [1]
    for path in log_dir.iterdir():
        match = re.fullmatch(rf"{NAME}_([1-9]\d*)", path.name)
        if match and path.is_dir():
            numbers.append(int(match[1]))
    return max(numbers)


def _name(number: int) -> str:
    return NAME if number == 1 else f"{NAME}_{number}"
