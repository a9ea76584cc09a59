"""Vital signs in a wrong unit are asked about, those of real people are not."""

import csv
import gzip
import math
import random
from collections import Counter

import pytest

from medgui.record.model import Observation, Question
from medgui.record.questions import raise_questions
from medgui.record.resolve import resolve
from medgui.record.variables import VARIABLES, by_code
from tests.record.build import AS_OF, observation, record
from tests.shared_data import data_file

VITAL_SIGN_CODES = (
    "8310-5", "8867-4", "9279-1", "59408-5", "2708-6", "2710-2", "3150-0", "3151-8", "8302-2", "3137-7", "8306-3",
    "8308-9", "29463-7", "3141-9", "3142-7", "8341-0", "3140-1", "8277-6", "39156-5", "8480-6", "8462-4", "8478-0",
    "8459-0", "8453-3", "8460-8", "8454-1", "8461-6", "8455-8", "8287-5", "9843-4", "8289-1", "59576-9", "77606-2",
)  # fmt: skip
WRONG = [
    ("temperature", 98.6, "Cel"), ("temperature", 37.0, "[degF]"), ("temperature", 98.6, "C"),
    ("temperature", 36.8, "F"),
    ("temperature", 37.0, "%"), ("temperature", 37.0, "K"), ("temperature", 97.9, "kg"), ("temperature", 3.7, "Cel"),
    ("height", 67.0, "cm"), ("height", 1.7, "cm"), ("height", 170.0, "m"), ("height", 170.0, "[in_i]"),
    ("height", 170.0, "[ft_i]"), ("height", 5.6, "m"), ("height", 70.0, "mm"), ("height", 177.0, "kg"),
    ("height", 177.0, "%"), ("height", 17.7, "cm"), ("height", 1770.0, "cm"),
    ("weight", 194.0, "kg"), ("weight", 75.0, "[lb_av]"), ("weight", 80.0, "g"), ("weight", 3104.0, "kg"),
    ("weight", 88.0, "[oz_av]"), ("weight", 88.0, "cm"), ("weight", 88.0, "%"), ("weight", 880.0, "kg"),
    ("weight", 88.0, "1"), ("weight", 88.0, "stones throw"),
    ("heart_rate", 80.0, "1"), ("heart_rate", 80.0, "%"), ("heart_rate", 80.0, "mm[Hg]"),
    ("heart_rate", 800.0, "/min"),
    ("heart_rate", 80.0, "/h"),
    ("heart_rate", 80.0, "s"), ("respiratory_rate", 18.0, "mm[Hg]"), ("respiratory_rate", 18.0, "%"),
    ("respiratory_rate", 180.0, "/min"), ("oxygen_saturation", 95.0, "/min"),
    ("oxygen_saturation", 95.0, "1"), ("oxygen_saturation", 0.95, "%"),
    ("oxygen_saturation", 95.0, "mm[Hg]"), ("oxygen_saturation", 950.0, "%"),
    ("systolic_bp", 120.0, "%"), ("systolic_bp", 120.0, "cm"), ("systolic_bp", 120.0, "kPa"),
    ("systolic_bp", 16.0, "mm[Hg]"),
    ("systolic_bp", 1200.0, "mm[Hg]"), ("systolic_bp", 120.0, "/min"), ("diastolic_bp", 80.0, "kPa"),
    ("diastolic_bp", 800.0, "mm[Hg]"), ("diastolic_bp", 80.0, "%"), ("diastolic_bp", 10.7, "mm[Hg]"),
    ("bmi", 28.1, "%"), ("bmi", 28.1, "1"), ("bmi", 28.1, "kg"), ("bmi", 0.25, "kg/m2"),
    ("bmi", 281.0, "kg/m2"), ("bmi", 28.1, "kg/m"),
    ("bmi", 28.1, "kg/cm2"), ("bmi", 28.1, "cm"), ("inhaled_oxygen", 2.0, "L/min"), ("inhaled_oxygen", 0.36, "%"),
    ("body_surface_area", 2.05, "m"), ("body_surface_area", 20.5, "m2"), ("head_circumference", 22.0, "cm"),
]  # fmt: skip
RIGHT = [
    ("temperature", 38.4, "Cel"), ("temperature", 98.6, "[degF]"), ("temperature", 98.6, ""),
    ("temperature", 36.6, ""),
    ("height", 177.0, ""), ("height", 70.0, "[in_i]"), ("height", 1.77, "m"), ("weight", 194.0, "[lb_av]"),
    ("weight", 2900.0, "[oz_av]"), ("heart_rate", 80.0, ""), ("heart_rate", 80.0, "{beats}"),
    ("heart_rate", 38.0, "bpm"),
    ("respiratory_rate", 18.0, "{breaths}/min"), ("oxygen_saturation", 97.0, ""),
    ("oxygen_saturation", 97.0, "% sat"),
    ("oxygen_saturation", 0.97, "1"), ("systolic_bp", 145.0, "mm"), ("systolic_bp", 228.0, "mmHg"),
    ("systolic_bp", 19.0, "kPa"),
    ("bmi", 28.1, "kg/m²"), ("bmi", 28.1, ""), ("inhaled_oxygen", 36.0, "%"), ("body_surface_area", 2.05, "m2"),
    ("head_circumference", 57.0, "cm"), ("oxygen_flow", 2.0, "L/min"),
]  # fmt: skip


def asked(*parts: Observation, **more: object) -> list[Question]:
    return [q for q in raise_questions(record(*parts, **more)).questions if q.observation]


def test_every_vital_sign_code_is_judged() -> None:
    assert [code for code in VITAL_SIGN_CODES if by_code(code) is None] == []
    assert all(VARIABLES[by_code(code).name].usual for code in VITAL_SIGN_CODES)


@pytest.mark.parametrize(("name", "value", "unit"), WRONG)
def test_a_vital_sign_in_a_wrong_unit_is_asked_about_and_not_used(name: str, value: float, unit: str) -> None:
    rec = raise_questions(record(observation(name, value, unit)))
    (question,) = [q for q in rec.questions if q.observation]
    found = rec.observations[0]
    assert (found.value, found.unit) == (pytest.approx(value), unit)
    assert question.message
    assert not resolve(rec, name, as_of=AS_OF).known


@pytest.mark.parametrize(("name", "value", "unit"), RIGHT)
def test_a_vital_sign_in_its_unit_or_in_the_only_one_that_fits_is_not_asked_about(
    name: str, value: float, unit: str
) -> None:
    rec = raise_questions(record(observation(name, value, unit)))
    assert [q.message for q in rec.questions] == []
    assert rec.observations[0].unit == VARIABLES[name].unit


def test_a_misfit_unit_is_named_with_the_one_that_fits() -> None:
    (question,) = asked(observation("bmi", 28.1, "%"))
    assert question.message.replace("\u00a0", " ") == (
        "Body mass index 28.1 %: the unit does not fit. 28.1 kg/m² would be usual."
    )
    assert (question.suggestions[0].value, question.suggestions[0].unit) == (28.1, "kg/m2")


def test_infants_are_judged_by_their_age() -> None:
    born = {"birth_date": "2026-05-01"}
    ordinary = [
        observation("weight", 8.0, "kg"), observation("height", 67.0, "cm"), observation("heart_rate", 140.0, "/min"),
        observation("systolic_bp", 80.0, "mmHg"), observation("diastolic_bp", 50.0, "mmHg"),
        observation("respiratory_rate", 40.0, "/min"), observation("head_circumference", 43.0, "cm"),
    ]  # fmt: skip
    assert asked(*ordinary, **born) == []
    assert [q.suggestions[0].unit for q in asked(observation("weight", 17.6, "kg"), **born)] == ["[lb_av]"]
    assert [q.suggestions[0].unit for q in asked(observation("height", 26.4, "cm"), **born)] == ["[in_i]"]
    light = asked(observation("weight", 12.3, "kg"), observation("height", 61.0, "cm"), **born)
    assert [q.suggestions[0].unit for q in light] == ["[lb_av]"]


def test_a_weight_that_agrees_with_another_in_the_same_wrong_unit_is_still_judged_by_the_height() -> None:
    both = (observation("weight", 174.0, "kg"), observation("weight", 171.0, "kg", "2026-06-01"))
    assert len(asked(*both, observation("height", 163.0, "cm"))) == 2
    heavy = (observation("weight", 150.0, "kg"), observation("weight", 330.0, "lb", "2026-06-01"))
    assert asked(*heavy, observation("height", 163.0, "cm")) == []


# What other results, ranges and days say


def test_a_value_that_would_be_everyday_in_the_other_unit_is_asked_about_unless_the_file_speaks_for_it() -> (
    None
):
    (question,) = asked(observation("bilirubin_total", 17.0, "mg/dL"))
    assert [(s.value, s.unit) for s in question.suggestions] == [(17.0, "umol/L"), (17.0, "mg/dL")]
    for more in ({"interpretation": "HH"}, {"reference_range": (0.1, 1.2)}):
        assert asked(observation("bilirubin_total", 17.0, "mg/dL", **more)) == []
    assert asked(observation("bilirubin_total", 17.0, "mg/dL"), observation("alt", 900.0, "U/L")) == []
    assert len(asked(observation("phosphate", 1.1, "mg/dL"))) == 1
    assert asked(observation("phosphate", 9.0, "mg/dL"), observation("creatinine", 6.0, "mg/dL")) == []


@pytest.mark.parametrize(
    ("name", "value", "unit", "reference", "likely"),
    [
        ("bun", 5.2, "mg/dL", (2.5, 7.1), "mmol/L"), ("vitamin_d", 110.0, "ng/mL", (75.0, 250.0), "nmol/L"),
        ("iron", 17.0, "ug/dL", (9.0, 30.0), "umol/L"), ("uacr", 2.0, "mg/g", (0.0, 3.0), "mg/mmol"),
        ("magnesium", 1.3, "mg/dL", (0.7, 1.05), "mmol/L"),
    ],
)  # fmt: skip
def test_a_reference_range_of_another_unit_raises_a_question(
    name: str, value: float, unit: str, reference: tuple[float, float], likely: str
) -> None:
    (question,) = asked(observation(name, value, unit, reference_range=reference))
    assert question.suggestions[0].unit == likely


@pytest.mark.parametrize(
    ("name", "value", "unit", "reference"),
    [
        ("bun", 19.0, "mg/dL", (7.0, 25.0)), ("vitamin_d", 21.0, "ng/mL", (30.0, 100.0)),
        ("iron", 17.0, "ug/dL", (50.0, 170.0)),
        ("uacr", 2.0, "mg/g", (0.0, 30.0)), ("vitamin_d", 30.0, "ng/mL", (20.0, 50.0)),
        ("folate", 9.0, "ng/mL", (4.6, 34.8)),
    ],
)  # fmt: skip
def test_a_reference_range_of_the_stated_unit_raises_none(
    name: str, value: float, unit: str, reference: tuple[float, float]
) -> None:
    assert asked(observation(name, value, unit, reference_range=reference)) == []


@pytest.mark.parametrize(
    ("name", "value", "unit"),
    [
        ("creatinine", 110.0, "mg/dL"), ("potassium", 45.0, "mmol/L"), ("haemoglobin", 135.0, "g/dL"),
        ("calcium", 2.3, "mg/dL"), ("hba1c", 48.0, "%"), ("uric_acid", 350.0, "mg/dL"), ("glucose", 5.5, "mg/dL"),
        ("sodium", 1400.0, "mmol/L"), ("haemoglobin", 1.35, "g/dL"), ("iron", 100.0, "umol/L"),
        ("free_t4", 1.2, "pmol/L"),
    ],
)  # fmt: skip
def test_slips_of_unit_and_decimal_point_in_laboratory_values_are_asked_about(
    name: str, value: float, unit: str
) -> None:
    assert len(asked(observation(name, value, unit))) == 1


@pytest.mark.parametrize("time", ["1950-01-01", "2030-01-01"])
def test_a_result_before_birth_or_still_to_come_is_asked_about(time: str) -> None:
    (question,) = asked(observation("creatinine", 0.9, "mg/dL", time))
    assert (question.code, question.suggestions[0].value) == ("time_impossible", 0.9)


def test_a_result_after_the_death_is_asked_about() -> None:
    found = observation("creatinine", 0.9, "mg/dL", "2026-10-20")
    assert [q.code for q in asked(found, deceased="2026-10-01")] == ["time_impossible"]


def test_changes_that_a_body_does_not_make_are_asked_about_with_the_other_value() -> None:
    weights = [observation("weight", w, "kg", f"2026-10-0{i + 1}") for i, w in enumerate((80.0, 58.0, 79.5))]
    (question,) = asked(*weights)
    assert (question.code, question.observation) == ("value_jump", weights[1].id)
    assert "80" in question.message
    heights = [observation("height", h, "cm", f"202{i}-05-01") for i, h in enumerate((165.0, 177.0, 166.0))]
    assert [q.observation for q in asked(*heights)] == [heights[1].id]
    acute = [observation("creatinine", c, "mg/dL", f"2026-10-0{i + 1}") for i, c in enumerate((0.8, 5.5))]
    assert [q.code for q in asked(*acute)] == ["value_jump"]
    slow = [
        observation("weight", w, "kg", f"2026-{i + 4:02d}-01")
        for i, w in enumerate((110.0, 95.0, 80.0, 70.0))
    ]
    assert asked(*slow) == []


def test_exchanged_digits_are_a_hint_beside_the_question() -> None:
    (question,) = asked(observation("oxygen_saturation", 69.0, "%"), observation("heart_rate", 901.0, "/min"))
    assert (question.code, question.facts) == ("decimal_slip", ())
    (question,) = asked(observation("age", 850.0, "a"), birth_date="")
    assert question.observation


# Real people


@pytest.mark.shared_data
def test_at_most_one_in_a_hundred_vital_signs_of_real_adults_is_asked_about() -> None:
    path = data_file("tabular/nhanes_mortality.csv.gz")
    with gzip.open(path, "rt") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if all(row[k] for k in ("weight", "height", "sbp", "dbp", "bmi"))
        ]
    chosen = random.Random(7).sample(rows, 800)
    questions, values = 0, 0
    for row in chosen:
        parts = [
            observation("weight", float(row["weight"]), "kg"), observation("height", float(row["height"]), "cm"),
            observation("systolic_bp", float(row["sbp"]), "mm[Hg]"),
            observation("diastolic_bp", float(row["dbp"]), "mm[Hg]"),
        ]  # fmt: skip
        born = f"{2025 - int(float(row['age']))}-12-01"
        questions += len(asked(*parts, birth_date=born, sex="female" if row["sex"] == "F" else "male"))
        values += len(parts)
    assert questions <= values / 100


GROWTH = [
    (0.02, 3.4, 0.5, 50, 2.0, 140, 42, 70), (0.5, 7.7, 0.9, 67, 2.3, 135, 40, 82),
    (1, 9.5, 1.1, 75, 2.6, 120, 30, 88),
    (2, 12.2, 1.4, 87, 3.2, 110, 26, 92), (4, 16.5, 2.4, 103, 4.3, 100, 24, 98), (6, 21, 3.6, 116, 5.0, 90, 21, 102),
    (8, 26, 5.5, 128, 5.7, 85, 20, 105), (10, 33, 8, 138, 6.5, 82, 19, 108), (12, 42, 11, 150, 7.5, 80, 18, 111),
    (14, 51, 12, 160, 8.0, 78, 17, 114), (16, 58, 13, 167, 8.0, 74, 16, 118),
]  # fmt: skip
"""Age, median and SD of weight and height; medians of pulse, breathing, pressure (WHO, CDC 2000, Fleming 2011)."""


def test_at_most_one_in_a_hundred_vital_signs_of_ordinary_children_is_asked_about() -> None:
    chance = random.Random(11)
    found: Counter[str] = Counter()
    for _person in range(300):
        age, kg, kg_sd, cm, cm_sd, pulse, breaths, systolic = chance.choice(GROWTH)
        size = chance.gauss(0, 1)
        weight = kg * math.exp((0.6 * size + 0.8 * chance.gauss(0, 1)) * kg_sd / kg)
        parts = [
            observation("weight", round(weight, 1), "kg"), observation("height", round(cm + size * cm_sd, 1), "cm"),
            observation("heart_rate", float(round(chance.gauss(pulse, 12))), "/min"),
            observation("respiratory_rate", float(round(chance.gauss(breaths, 4))), "/min"),
            observation("systolic_bp", float(round(chance.gauss(systolic, 9))), "mmHg"),
            observation("temperature", round(chance.gauss(37, 0.5), 1), "Cel"),
        ]  # fmt: skip
        born = (
            f"{2026 - int(age + 0.5)}-{max(1, 11 - round(age % 1 * 12)):02d}-01"
            if age < 1
            else f"{2026 - int(age)}-11-01"
        )
        found["asked"] += len(asked(*parts, birth_date=born))
        found["values"] += len(parts)
    assert found["asked"] <= found["values"] / 100
