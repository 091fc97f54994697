"""The table that is printed at the end: a model's results beside those that were published on IRMAS."""

from __future__ import annotations

from collections.abc import Sequence

from clips import CLASSES
from evaluation import Result

NOT_CHECKED = "not checked at the source"
# System, micro F1, macro F1, where the numbers are from.
PUBLISHED = (
    ("Bosch 2012", ".503", ".432", NOT_CHECKED),
    ("Han 2016 (arXiv)", ".602", ".503", "abstract"),
    ("Han 2016 (journal, ensemble)", ".629", ".517", "as quoted by Gomez"),
    ("Gomez's reproduction of Han, S1", ".568", ".471", "thesis"),
    ("Gomez's reproduction of Han, S2", ".574", ".475", "thesis"),
    ("Pons 2017, single layer", ".559", ".484", NOT_CHECKED),
    ("Pons 2017, multi-layer", ".589", ".516", NOT_CHECKED),
    ("Swin-T ensemble 2022", ".66", ".62", "abstract"),
    ("Zhong 2023", ".674", "-", "paper"),
)


def report(results: Sequence[Result], *, data: str, excerpts: int) -> str:
    """Write the table.

    Args:
        results: of each aggregation.
        data: name of the data set, "IRMAS" or another.
        excerpts: how many there were, both halves together.
    """
    lines = [
        f"{excerpts} excerpts ({data}): each threshold was chosen on {excerpts // 2} and scored on the others.",
        "",
        f"{'':<34}{'micro F1':>9}{'macro F1':>9}  ",
    ]
    lines += [
        f"{f'This model, {each.aggregation}':<34}{_decimals(each.micro):>9}{_decimals(each.macro):>9}"
        f"  threshold {each.threshold:.2f}"
        for each in results
    ]
    lines += ["", "Published, on IRMAS"]
    lines += [f"{system:<34}{micro:>9}{macro:>9}  {source}" for system, micro, macro, source in PUBLISHED]
    if data != "IRMAS":
        lines += [f"These are no measure for {data}: train with --irmas to compare."]
    # The other half must not decide which aggregation is shown.
    best = max(results, key=lambda result: result.searched)
    lines += [
        "",
        f"{f'Each class, {best.aggregation}':<34}{'precision':>9}{'recall':>9}{'F1':>9}{'excerpts':>9}",
    ]
    lines += [
        f"{name:<34}{_decimals(precision):>9}{_decimals(recall):>9}{_decimals(f1):>9}{count:>9}"
        for name, precision, recall, f1, count in zip(
            CLASSES, best.precision, best.recall, best.f1, best.excerpts, strict=True
        )
    ]
    return "\n".join(line.rstrip() for line in lines)


def _decimals(share: float) -> str:
    """Write a share as papers do, without the zero before the point."""
    return f"{share:.3f}".removeprefix("0")
