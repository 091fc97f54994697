"""The run that a training writes into: the one it resumes, or a new one where its steps would go back."""

from __future__ import annotations

import re
from pathlib import Path

from tensorboard_plugin_cnnviz.events import last_step

NAME = "cnnviz"


def run_directory(log_dir: Path, *, first_step: int) -> tuple[Path, str | None]:
    """Choose the run below `log_dir` for steps from `first_step` on.

    Runs are named `cnnviz`, `cnnviz_2` and so on; the newest is gone on with unless it holds a later step already.
    (TensorBoard drops a run's later steps when an earlier one follows them.)

    Returns:
        directory: the run; it need not exist yet.
        message: what the user should know, or None.
    """
    newest = _newest(log_dir)
    directory = log_dir / _name(newest)
    last = last_step(directory) if directory.is_dir() else None
    if last is None or last <= first_step:
        return directory, None
    chosen = log_dir / _name(newest + 1)
    return chosen, (
        f"{directory} holds steps up to {last} and this training starts at {first_step}: it is logged to {chosen}. "
        "To go on with a run, resume with initial_epoch"
    )


def _newest(log_dir: Path) -> int:
    numbers = [1]
    if log_dir.is_dir():
        for path in log_dir.iterdir():
            match = re.fullmatch(rf"{NAME}_([1-9]\d*)", path.name)
            if match and path.is_dir():
                numbers.append(int(match[1]))
    return max(numbers)


def _name(number: int) -> str:
    return NAME if number == 1 else f"{NAME}_{number}"
