"""The printed table: what each line says, and where the published numbers are from."""

from __future__ import annotations

import numpy as np
from clips import CLASSES
from evaluation import Result
from report import report


def _result(aggregation: str, searched: float, micro: float) -> Result:
    share = np.linspace(0, 1, len(CLASSES))
    return Result(aggregation, 0.2, searched, micro, 0.4751, share, share[::-1], share / 2, np.arange(len(CLASSES)))


RESULTS = [_result("S1", 0.6, 0.5), _result("S2", 0.7, 0.4)]


def _lines(data: str) -> list[str]:
    return report(RESULTS, data=data, excerpts=101).splitlines()


def test_own_and_published_results_stand_in_the_same_columns():
    lines = _lines("IRMAS")
    rows = {line[:34].strip(): line[34:].split(maxsplit=2) for line in lines if line[:1].strip()}
    assert rows["This model, S1"] == [".500", ".475", "threshold 0.20"]
    assert rows["This model, S2"] == [".400", ".475", "threshold 0.20"]
    assert rows["Bosch 2012"] == [".503", ".432", "not checked at the source"]
    assert rows["Gomez's reproduction of Han, S2"] == [".574", ".475", "thesis"]
    assert rows["Zhong 2023"] == [".674", "-", "paper"]
    assert rows["cello"] == [".000", "1.000", ".000        0"]
    assert "chosen on 50" in lines[0]
    assert max(map(len, lines)) <= 80


def test_the_classes_are_those_of_the_aggregation_that_the_search_prefers():
    assert any(line.startswith("Each class, S2") for line in _lines("IRMAS"))


def test_results_on_other_sound_are_said_to_be_no_comparison():
    assert sum("no measure for rendered phrases" in line for line in _lines("rendered phrases")) == 1
    assert not any("no measure" in line for line in _lines("IRMAS"))
