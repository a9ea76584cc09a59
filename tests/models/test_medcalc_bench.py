"""MedCalc-Bench: entities of a note in, the audited answer out, for every calculator that the bundles have."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from medgui.cli import main
from tests.models.medcalc import Calculator, Case, cases
from tests.models.medcalc_inputs import CALCULATORS
from tests.models.medcalc_laboratory import LABORATORY
from tests.shared_data import data_file

BUILT = {**CALCULATORS, **LABORATORY}

OTHER_ENTITIES = {
    "3": "2.07 mg/dL in a woman of 51 years and 50 kg cannot give 9 mL/min",
    "120": "a heart rate of 110 alone is 1.5 points, not 3",
    "121": "3 + 1.5 + 1.5 points, not 4.5",
    "138": "surgery in the past four weeks is 1.5 points, not 0",
    "153": "1.2 mg/dL in a man of 43 years cannot give 37",
    "229": "active cancer adds 1 to the -2 of another diagnosis",
    "259": "four of the six items hold, not five",
    "284": "platelets of 119000000 per litre are a slip of the unit",
    "318": "7 years, no cough and exudate are three points, not two",
    "428": "the conditions listed and 75 years are 15 points, not 14",
    "440": "the conditions listed and 78 years are 13 points, not 14",
    "443": "the conditions listed and 90 years are 16 points, not 15",
    "445": "the conditions listed and 79 years are 13 points, not 9",
    "459": "two of the items are stated, not three",
    "513": "183.7 - 39.8 - 19.3 mg/dL is not 110",
    "519": "177 - 38 - 20 mg/dL is not 128",
    "600": "heart rate, breathing and white cells meet the criteria: three, not none",
    "601": "heart rate, breathing and white cells meet the criteria: three, not two",
    "739": "142 - 109 - 18.9 - 12 is not -3",
    "742": "137 - 98 - 9 - 12 is not 3",
    "746": "145 - 108 - 18 - 12 is not 1",
    "747": "134 - 104 - 22 - 12 is not -6",
    "757": "6.3 / 10.3 is not 0.58",
    "758": "9 / 18 is not 0.89",
    "761": "-2 / 5.4 is not 1.56",
    "902": "a ratio of 136 without support is two points: ten in all, not eleven",
}
"""Questions whose audited answer, read from the whole note, does not follow from the entities that are given."""

REFUSED = {
    "467": "sodium below 140: no deficit of free water",
    "468": "sodium below 140: no deficit of free water",
    "748": "bicarbonate above 24: no ratio of two falls",
    "756": "bicarbonate above 24: no ratio of two falls",
    "813": "bicarbonate above 24: no ratio of two falls",
    "822": "bicarbonate above 24: no ratio of two falls",
}
"""Questions that a bundle refuses to answer, and why."""

UNANSWERED = (33, 63)
"""Calculators of which no audited answer follows from the entities."""


def answered(calculator: Calculator, asked: list[Case], folder: Path) -> list[str]:
    """The output of each question as `score` writes it, "" where there is none."""
    rows = [calculator.inputs(case.entities) for case in asked]
    names = sorted({name for row in rows for name in row})
    source, target = folder / "in.csv", folder / "out.csv"
    with source.open("w", newline="", encoding="utf-8") as f:
        writer = csv.DictWriter(f, names)
        writer.writeheader()
        writer.writerows(rows)
    assert main(["score", calculator.model, str(source), "-o", str(target)]) == 0
    with target.open(newline="", encoding="utf-8-sig") as f:
        return [row[calculator.output] for row in csv.DictReader(f)]


@pytest.mark.parametrize("number", sorted(BUILT), ids=lambda number: f"{number}-{BUILT[number].output}")
def test_a_calculator_gives_the_audited_answers(number: int, tmp_path: Path) -> None:
    calculator = BUILT[number]
    asked = [
        case
        for case in cases(data_file("equations/medcalc_bench_v1_test.csv"))
        if case.calculator == number and case.id not in OTHER_ENTITIES
    ]
    if number in UNANSWERED:
        assert asked == []
        return
    for case, text in zip(asked, answered(calculator, asked, tmp_path), strict=True):
        if case.id in REFUSED:
            assert text == "", case.id
        else:
            near = calculator.relative * abs(case.answer) + 1e-9
            assert float(text) == pytest.approx(case.answer, rel=0, abs=near), case.id


def test_the_questions_left_out_are_questions_of_built_calculators() -> None:
    asked = cases(data_file("equations/medcalc_bench_v1_test.csv"))
    known = {case.id for case in asked if case.calculator in BUILT}
    assert not (OTHER_ENTITIES.keys() | REFUSED.keys()) - known
    count = Counter(case.calculator in BUILT for case in asked)
    assert count[True] >= 200
