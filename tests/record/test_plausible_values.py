"""What is severe but real is believed; what is only a slip of the unit or the decimal point is asked about."""

import pytest

from medgui.record.model import Question
from medgui.record.questions import raise_questions
from medgui.record.units import convert
from medgui.record.variables import VARIABLES
from tests.record.build import observation, record

SICK = [
    ("glucose", 900, "mg/dL"), ("glucose", 1050, "mg/dL"), ("glucose", 50, "mmol/L"), ("creatinine", 15, "mg/dL"),
    ("creatinine", 1300, "umol/L"), ("potassium", 7.2, "mmol/L"), ("potassium", 1.9, "mmol/L"),
    ("sodium", 112, "mmol/L"), ("sodium", 168, "mmol/L"), ("haemoglobin", 4, "g/dL"), ("haemoglobin", 40, "g/L"),
    ("haemoglobin", 2.4, "g/dL"), ("haemoglobin", 21.5, "g/dL"), ("platelets", 5, "10*9/L"), ("platelets", 1, "10*9/L"),
    ("bilirubin_total", 30, "mg/dL"), ("bilirubin_total", 513, "umol/L"), ("crp", 400, "mg/L"), ("crp", 40, "mg/dL"),
    ("triglycerides", 3000, "mg/dL"), ("triglycerides", 34, "mmol/L"), ("inr", 9, "1"), ("inr", 9, ""),
    ("tsh", 150, "m[iU]/L"), ("tsh", 0.003, "m[iU]/L"), ("tsh", 0.005, "u[iU]/mL"), ("hba1c", 16, "%"),
    ("hba1c", 151, "mmol/mol"), ("hba1c", 3.9, "%"), ("bmi", 70, "kg/m2"), ("systolic_bp", 250, "mm[Hg]"),
    ("diastolic_bp", 140, "mm[Hg]"), ("heart_rate", 220, "/min"), ("heart_rate", 31, "/min"),
    ("oxygen_saturation", 70, "%"), ("temperature", 41.5, "Cel"), ("temperature", 32, "Cel"),
    ("temperature", 106.7, "[degF]"), ("wbc", 0.1, "10*9/L"), ("wbc", 250, "10*9/L"), ("neutrophils", 0.05, "10*9/L"),
    ("neutrophils", 50, "/uL"), ("alt", 9000, "U/L"), ("ck", 150000, "U/L"), ("lactate", 18, "mmol/L"),
    ("bicarbonate", 3, "mmol/L"), ("calcium", 16, "mg/dL"), ("calcium", 5, "mg/dL"), ("phosphate", 10, "mg/dL"),
    ("magnesium", 4.5, "mg/dL"), ("albumin", 1.2, "g/dL"), ("bun", 180, "mg/dL"), ("urea", 60, "mmol/L"),
    ("uric_acid", 20, "mg/dL"), ("ferritin", 40000, "ng/mL"), ("nt_probnp", 70000, "pg/mL"),
    ("d_dimer", 50000, "ng/mL{FEU}"), ("hdl_cholesterol", 6, "mg/dL"), ("ldl_cholesterol", 600, "mg/dL"),
    ("total_cholesterol", 900, "mg/dL"), ("uacr", 8000, "mg/g"), ("egfr", 4, "mL/min/{1.73_m2}"),
    ("free_t4", 7, "ng/dL"), ("vitamin_d", 4, "ng/mL"), ("vitamin_b12", 60, "pg/mL"), ("fibrinogen", 40, "mg/dL"),
    ("aptt", 180, "s"), ("weight", 32, "kg"), ("height", 125, "cm"), ("height", 210, "cm"), ("ldh", 8000, "U/L"),
    ("bilirubin_direct", 18, "mg/dL"), ("iron", 350, "ug/dL"), ("respiratory_rate", 55, "/min"),
    ("respiratory_rate", 4, "/min"), ("psa", 4000, "ng/mL"), ("cystatin_c", 6, "mg/L"),
]  # fmt: skip
"""Ketoacidosis, dialysis, leukaemia, familial hypercholesterolaemia, opioids, storms: seen on any large ward."""

NEWBORN, INFANT, TODDLER, CHILD, OLD = "2026-11-02", "2026-05-01", "2025-05-01", "2021-05-01", "1931-05-01"
BY_AGE = [
    (NEWBORN, "haemoglobin", 22, "g/dL"), (NEWBORN, "bilirubin_total", 18, "mg/dL"), (NEWBORN, "glucose", 30, "mg/dL"),
    (NEWBORN, "bilirubin_total", 300, "umol/L"), (NEWBORN, "weight", 0.6, "kg"), (NEWBORN, "weight", 3400, "g"),
    (NEWBORN, "height", 50, "cm"), (NEWBORN, "heart_rate", 190, "/min"), (NEWBORN, "systolic_bp", 45, "mm[Hg]"),
    (NEWBORN, "diastolic_bp", 28, "mm[Hg]"), (NEWBORN, "potassium", 6.5, "mmol/L"), (NEWBORN, "haematocrit", 68, "%"),
    (NEWBORN, "haematocrit", 0.68, "L/L"), (NEWBORN, "wbc", 30, "10*9/L"), (NEWBORN, "tsh", 80, "m[iU]/L"),
    (NEWBORN, "free_t4", 4, "ng/dL"), (NEWBORN, "calcium", 7, "mg/dL"), (NEWBORN, "mcv", 110, "fL"),
    (NEWBORN, "total_protein", 4.2, "g/dL"), (NEWBORN, "albumin", 2.4, "g/dL"), (NEWBORN, "phosphate", 8, "mg/dL"),
    (INFANT, "creatinine", 0.15, "mg/dL"), (INFANT, "phosphate", 7, "mg/dL"), (INFANT, "respiratory_rate", 60, "/min"),
    (TODDLER, "creatinine", 18, "umol/L"), (TODDLER, "weight", 10, "kg"), (TODDLER, "height", 75, "cm"),
    (TODDLER, "iron", 20, "ug/dL"), (TODDLER, "bun", 7, "mg/dL"), (CHILD, "alkaline_phosphatase", 700, "U/L"),
    (CHILD, "bmi", 13.5, "kg/m2"), (CHILD, "creatinine", 0.3, "mg/dL"), (OLD, "weight", 35, "kg"),
    (OLD, "height", 138, "cm"), (OLD, "systolic_bp", 85, "mm[Hg]"), (OLD, "heart_rate", 38, "/min"),
    (OLD, "creatinine", 0.3, "mg/dL"), (OLD, "albumin", 1.8, "g/dL"),
]  # fmt: skip

EVERYDAY = {
    "total_cholesterol": (150, 200, 240), "hdl_cholesterol": (40, 55, 75), "ldl_cholesterol": (80, 120, 160),
    "non_hdl_cholesterol": (110, 150, 190), "triglycerides": (70, 120, 250), "apolipoprotein_b": (70, 95, 130),
    "hba1c": (5.2, 6.5, 9), "glucose": (75, 95, 140, 250), "fasting_glucose": (80, 95, 130),
    "glucose_blood": (90, 140), "glucose_capillary": (90, 180), "creatinine": (0.6, 0.9, 1.3),
    "uric_acid": (3.5, 5.5, 8),
    "calcium": (8.8, 9.5, 10.5), "magnesium": (1.7, 2, 2.4), "phosphate": (2.7, 3.5, 4.4), "albumin": (3.2, 4.2, 4.9),
    "total_protein": (6.2, 7.1, 8), "bilirubin_total": (0.3, 0.6, 1.1), "haemoglobin": (9, 13.5, 16),
    "haematocrit": (30, 40, 48), "mchc": (32, 34, 36), "free_t4": (0.9, 1.2, 1.7), "platelets": (150, 250, 380),
    "wbc": (4.5, 7, 11), "rbc": (4, 4.7, 5.4), "d_dimer": (200, 400, 1500),
}  # fmt: skip
"""Ordinary results in the canonical unit. Where two usual units give ordinary values both ways (BUN, vitamin D, iron,
B12, folate, albumin in urine) nothing but the file's own range can tell, and that is tested elsewhere."""


def asked(name: str, number: float, unit: str, **more: object) -> list[Question]:
    """The questions about one value of a person."""
    found = raise_questions(record(observation(name, float(number), unit), **more)).questions
    return [question for question in found if question.observation]


@pytest.mark.parametrize(("name", "number", "unit"), SICK)
def test_a_severe_value_that_is_seen_in_the_sick_is_not_asked_about(
    name: str, number: float, unit: str
) -> None:
    assert asked(name, number, unit) == []


@pytest.mark.parametrize(("born", "name", "number", "unit"), BY_AGE)
def test_a_value_that_is_ordinary_at_this_age_is_not_asked_about(
    born: str, name: str, number: float, unit: str
) -> None:
    assert asked(name, number, unit, birth_date=born) == []


def slips() -> list[tuple[str, float, str, str]]:
    """Ordinary results with the number of one usual unit and the name of the other."""
    found = []
    for name, values in EVERYDAY.items():
        variable = VARIABLES[name]
        for meant, stated in ((variable.unit, variable.si.unit), (variable.si.unit, variable.unit)):
            for value in values:
                number = float(f"{convert(value, variable.unit, meant, name):.3g}")
                if abs(convert(number, stated, variable.unit, name) / value - 1) > 0.1:
                    found.append((name, number, stated, meant))
    return found


@pytest.mark.parametrize(("name", "number", "stated", "meant"), slips())
def test_an_ordinary_number_under_the_name_of_the_other_unit_is_asked_about(
    name: str, number: float, stated: str, meant: str
) -> None:
    (question,) = asked(name, number, stated)
    assert meant in [suggestion.unit for suggestion in question.suggestions]


@pytest.mark.parametrize(
    ("name", "number", "unit", "likely"),
    [
        ("creatinine", 0.9, "mmol/L", "mg/dL"),
        ("haemoglobin", 13.5, "mmol/L", "g/dL"), ("neutrophils", 4.2, "/uL", "10*3/uL"),
        ("lymphocytes", 1.8, "/uL", "10*3/uL"), ("iron", 50, "umol/L", "ug/dL"), ("vitamin_d", 112, "ng/mL", "nmol/L"),
        ("bilirubin_total", 42.8, "mg/dL", "umol/L"), ("urine_creatinine", 4.4, "mg/dL", "mmol/L"),
    ],
)  # fmt: skip
def test_a_seldom_value_that_would_be_everyday_in_another_unit_is_asked_about(
    name: str, number: float, unit: str, likely: str
) -> None:
    (question,) = asked(name, number, unit)
    assert question.suggestions[0].unit == likely


def test_the_file_itself_speaks_for_a_seldom_creatinine() -> None:
    dialysis = observation("creatinine", 0.9, "mmol/L")
    assert asked("creatinine", 0.9, "mmol/L")
    with_urea = raise_questions(record(dialysis, observation("bun", 90.0, "mg/dL"))).questions
    assert [question for question in with_urea if question.observation] == []
