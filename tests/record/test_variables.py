import re

import pytest

from medgui.record.ucum import parse
from medgui.record.variables import VARIABLES, by_alias, by_code

ISSUE_UNITS = {
    "age": "a", "weight": "kg", "height": "cm", "bmi": "kg/m2", "waist": "cm", "systolic_bp": "mm[Hg]",
    "diastolic_bp": "mm[Hg]", "heart_rate": "/min", "total_cholesterol": "mg/dL", "hdl_cholesterol": "mg/dL",
    "ldl_cholesterol": "mg/dL", "triglycerides": "mg/dL", "hba1c": "%", "glucose": "mg/dL", "creatinine": "mg/dL",
    "cystatin_c": "mg/L", "egfr": "mL/min/{1.73_m2}", "uacr": "mg/g", "albumin": "g/dL", "alkaline_phosphatase": "U/L",
    "bun": "mg/dL", "bilirubin_total": "mg/dL", "uric_acid": "mg/dL", "crp": "mg/L", "ggt": "U/L", "wbc": "10*3/uL",
    "rbc": "10*6/uL", "mcv": "fL", "rdw": "%", "lymphocytes_percent": "%", "age_at_diabetes": "a",
}  # fmt: skip
YES_NO = [
    "pregnant",
    "current_smoker",
    "diabetes",
    "bp_treatment",
    "statin",
    "prior_ascvd",
    "heart_failure",
    "dialysis_or_transplant",
    "fasting_glucose_over_120",
    "exercise_angina",
]
CHOICES = [
    "sex",
    "ethnicity",
    "diabetes_type",
    "chest_pain_type",
    "resting_ecg",
    "st_slope",
    "birads",
    "mass_shape",
    "mass_margin",
    "mass_density",
]


def test_every_standard_input_is_there_with_its_unit_and_kind() -> None:
    for name, unit in ISSUE_UNITS.items():
        assert (VARIABLES[name].unit, VARIABLES[name].kind) == (unit, "quantity")
    assert all(VARIABLES[name].kind == "boolean" for name in YES_NO)
    assert all(VARIABLES[name].kind == "category" and VARIABLES[name].categories for name in CHOICES)
    assert set(VARIABLES["ethnicity"].categories) == {"NH White", "NH Black", "NH Asian", "Hispanic", "Other"}


@pytest.mark.parametrize("variable", VARIABLES.values(), ids=lambda v: v.name)
def test_a_variable_is_complete_and_consistent(variable) -> None:
    assert variable.title["en"]
    assert re.search(r"[\u4e00-\u9fff]|BI-RADS|eGFR", variable.title["zh"])
    if variable.kind != "quantity":
        return
    parse(variable.unit)
    parse(variable.si.unit)
    possible, usual = variable.possible, variable.usual
    assert possible is not None
    assert usual is not None
    assert possible[0] <= usual[0] < usual[1] <= possible[1]
    for band in variable.usual_by:
        assert possible[0] <= band.lo < band.hi <= possible[1]


TAKEN = {"tumour_size": "size", "tumour_grade": "grade", "positive_nodes": "nodes",
    "mean_arterial_pressure": "mean_bp", "hormonal_treatment": "hormon"}  # fmt: skip
"""Names of inputs of published scores whose words in a heading mean an older input; they are derived from it."""


def test_no_code_and_no_alias_stands_for_two_variables() -> None:
    codes = [code for variable in VARIABLES.values() for code in variable.codes]
    assert len(codes) == len(set(codes))
    for variable in VARIABLES.values():
        assert by_alias(variable.name) is VARIABLES[TAKEN.get(variable.name, variable.name)]
        for alias in variable.aliases:
            assert by_alias(alias) is variable, alias


def test_loinc_codes_have_a_right_check_digit() -> None:
    for variable in VARIABLES.values():
        for code in (c for c in variable.codes if "-" in c):
            digits, check = code.split("-")
            doubled = [int(d) * (2 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits))]
            total = sum(d // 10 + d % 10 for d in doubled)
            assert (10 - total % 10) % 10 == int(check), code


def test_snomed_codes_have_a_right_check_digit() -> None:
    from medgui.record.fact_rules import rules
    from medgui.record.plain_rules import snomed_codes

    listed = set(snomed_codes()) | {c for v in VARIABLES.values() for c in v.codes if "-" not in c}
    for rule in rules().values():
        listed |= rule.snomed | rule.hint_snomed
        for finer in rule.types.values():
            listed |= finer.snomed
    wrong = {code for code in listed if not _verhoeff(code)}
    assert not wrong


def _verhoeff(code: str) -> bool:
    multiply = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 0, 6, 7, 8, 9, 5], [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
        [3, 4, 0, 1, 2, 8, 9, 5, 6, 7], [4, 0, 1, 2, 3, 9, 5, 6, 7, 8], [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
        [6, 5, 9, 8, 7, 1, 0, 4, 3, 2], [7, 6, 5, 9, 8, 2, 1, 0, 4, 3], [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
        [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    ]  # fmt: skip
    row = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]
    permute = [list(range(10)), row]
    for _ in range(6):
        permute.append([permute[-1][row[i]] for i in range(10)])
    check = 0
    for place, digit in enumerate(reversed(code)):
        check = multiply[check][permute[place % 8][int(digit)]]
    return check == 0


def test_specimens_are_kept_apart() -> None:
    found = {code: by_code(code) for code in ("2345-7", "41653-7", "2339-0", "1558-6", "2161-8", "2160-0")}
    assert [v.name if v else "" for v in found.values()] == [
        "glucose", "glucose_capillary", "glucose_blood", "fasting_glucose", "urine_creatinine", "creatinine",
    ]  # fmt: skip


def test_a_code_of_another_system_never_matches() -> None:
    assert by_code("8480-6", "http://loinc.org") is VARIABLES["systolic_bp"]
    assert by_code("8480-6", "urn:oid:2.16.840.1.113883.6.1") is VARIABLES["systolic_bp"]
    assert by_code("8480-6", "http://hospital.example/codes") is None
    assert by_code("271649006", "http://snomed.info/sct") is VARIABLES["systolic_bp"]
    assert by_code("271649006", "http://loinc.org") is None


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("SBP", "systolic_bp"),
        ("Systolic BP", "systolic_bp"),
        ("收缩压", "systolic_bp"),
        ("HDL-C", "hdl_cholesterol"),
        ("HbA1c", "hba1c"),
        ("Lymph %", "lymphocytes_percent"),
        ("肌酐", "creatinine"),
        ("Body Weight", "weight"),
        ("mass_density", "mass_density"),
        ("年龄", "age"),
    ],
)
def test_column_headers_in_both_languages_are_recognised(header: str, name: str) -> None:
    found = by_alias(header)
    assert found is not None
    assert found.name == name


def test_an_unknown_header_is_no_variable() -> None:
    assert by_alias("favourite colour") is None
