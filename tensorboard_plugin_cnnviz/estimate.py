"""What a run will take of the disk, in words."""

from __future__ import annotations

from .disk import Limit, Space, size_text
from .keep import Keep


def disk_message(
    name: str,
    bytes_per_step: int,
    steps: int | None,
    *,
    keep: Keep,
    earlier: int,
    limit: Limit,
    space: Space | None,
    share: float,
    whole: int | None,
) -> str:
    """Name the bytes per step, what all steps take and what is free; where it is not enough, a second line says so.

    Args:
        name: of the run.
        bytes_per_step: of the newest step.
        steps: of the whole training, or None where their number is not known beforehand.
        keep: which of the steps stay.
        earlier: bytes of the steps that the run held before this training.
        limit: of all the run's bundles.
        space: the file system, or None where it is not known.
        share: of the limit that steps with all their detail may fill.
        whole: steps of this training that can lie there at once with all their detail; None where it is cut already.
    """
    filling = f" (they may fill {share:.0%} of it)".replace("%", " %") if share < 1 else ""
    at_once = keep.at_once(steps)
    parts = [f"{size_text(bytes_per_step)} per step"]
    if at_once is not None:
        total = f"about {size_text(bytes_per_step * at_once)}"
        all_steps = f"{total} for {steps} step{'s' * (steps != 1)}"
        parts.append(all_steps if at_once == steps else f"at most {total} at a time with {keep}")
    elif whole is not None:
        parts.append(f"{_holder(limit, space)} holds about {whole} of them whole{filling}")
    if earlier:
        parts.append(f"beside {size_text(earlier)} of earlier steps")
    if space is not None:
        parts.append(f"{size_text(space.free)} are free")
    message = f"{name}: {', '.join(parts)}"
    if at_once is None or whole is None or at_once <= whole:
        return message
    remedy = "raise max_disk" if limit.why == "max_disk" else "make room"
    return (
        f"{message}\n{_holder(limit, space)} holds about {whole} of them whole{filling}, then less of each: "
        f'{remedy}, or set keep or detail="strip"'
    )


def _holder(limit: Limit, space: Space | None) -> str:
    if limit.why == "max_disk" or space is None:
        return f"max_disk ({size_text(limit.bytes)})"
    return f"the disk, less {size_text(space.reserve)} for checkpoints,"
