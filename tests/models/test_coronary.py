"""Stable chest pain: the CAD Consortium models, the rules of primary care and the Duke treadmill score."""

import math
from typing import Any

import pytest

from tests.models.gdl_cases import cases, years, yes
from tests.models.one_row import answer, bundle, graph

CAD: dict[str, Any] = {
    "age": 56,
    "sex": "female",
    "chest_pain_type": "1",
    "diabetes": 1,
    "hypertension": 1,
    "dyslipidaemia": 0,
    "current_smoker": 1,
}
MARBURG: dict[str, Any] = {
    "age": 54,
    "sex": "male",
    "prior_ascvd": 0,
    "chest_pain_on_exertion": 0,
    "chest_pain_on_palpation": 1,
    "patient_assumes_cardiac": 0,
}
INTERCHEST: dict[str, Any] = {
    "age": 54,
    "sex": "male",
    "ischaemic_heart_disease": 0,
    "chest_pain_on_exertion": 0,
    "chest_pain_on_palpation": 0,
    "physician_suspects_serious": 0,
    "chest_pain_pressure": 0,
}


def test_cad_consortium_gives_the_numbers_of_the_reference() -> None:
    found = graph("cad_consortium", CAD)
    assert round(100 * found["cad_basic"], 1) == 20.2
    assert round(100 * found["cad_clinical"], 1) == 29.4


def test_typical_angina_adds_less_in_diabetes() -> None:
    def logit(**changes: Any) -> float:
        p = graph("cad_consortium", CAD | changes)["cad_clinical"]
        return math.log(p / (1 - p))

    with_diabetes = logit() - logit(chest_pain_type="3")
    without = logit(diabetes=0) - logit(diabetes=0, chest_pain_type="3")
    assert with_diabetes == pytest.approx(math.log(4.91))
    assert without == pytest.approx(math.log(7.36))


@pytest.mark.parametrize("name", ["diabetes", "hypertension", "dyslipidaemia", "current_smoker"])
def test_without_a_risk_factor_only_the_clinical_model_is_empty(name: str) -> None:
    status, outputs, codes = answer("cad_consortium", CAD | {name: None}, ischaemic_heart_disease=0.0)
    assert status == "ready"
    assert codes == {"output_not_applicable"}
    assert math.isnan(outputs["cad_clinical"])
    assert outputs["cad_basic"] == graph("cad_consortium", CAD)["cad_basic"]


@pytest.mark.parametrize("name", ["age", "sex", "chest_pain_type"])
def test_without_age_sex_or_pain_there_is_no_number(name: str) -> None:
    assert answer("cad_consortium", CAD | {name: None})[0] == "missing_input"
    assert all(math.isnan(value) for value in graph("cad_consortium", CAD | {name: None}).values())


@pytest.mark.parametrize("changes", [{"age": 29}, {"age": 86}])
def test_outside_the_ages_of_the_cohorts_it_is_out_of_scope(changes: dict[str, Any]) -> None:
    assert answer("cad_consortium", CAD | changes)[0] == "out_of_scope"


def test_known_coronary_disease_is_out_of_scope_and_silence_is_told() -> None:
    assert answer("cad_consortium", CAD, ischaemic_heart_disease=1.0)[0] == "out_of_scope"
    assert answer("cad_consortium", CAD)[2] == {"history_not_stated"}


def test_somebody_without_chest_pain_gets_no_probability() -> None:
    assert set(bundle("cad_consortium").manifest.input("chest_pain_type").categories) == {"1", "2", "3"}


@pytest.mark.parametrize(("model", "person"), [("marburg_heart_score", MARBURG), ("interchest", INTERCHEST)])
def test_age_counts_from_55_in_men_and_65_in_women(model: str, person: dict[str, Any]) -> None:
    def points(**changes: Any) -> float:
        return graph(model, person | changes)["points"]

    assert (points(), points(age=55)) == (0, 1)
    assert (points(sex="female", age=64), points(sex="female", age=65)) == (0, 1)
    for name in person:
        assert answer(model, person | {name: None}, age=54.0)[0] == "missing_input"


def test_pain_on_palpation_speaks_against_the_heart() -> None:
    assert graph("marburg_heart_score", MARBURG | {"chest_pain_on_palpation": 0})["points"] == 1
    assert graph("interchest", INTERCHEST | {"chest_pain_on_palpation": 1})["points"] == -1


MARBURG_FINDINGS = {
    "History of CAD, cerebrovascular disease, or peripheral vascular disease": "prior_ascvd",
    "Pain worse with exercise": "chest_pain_on_exertion",
    "Pain reproducible by palpation": "chest_pain_on_palpation",
    "Patient assumes pain is cardiac": "patient_assumes_cardiac",
}
INTERCHEST_FINDINGS = {
    "History of CAD": "ischaemic_heart_disease",
    "Chest pain related to effort": "chest_pain_on_exertion",
    "Pain reproducible by palpation": "chest_pain_on_palpation",
    "Physician initially suspected a serious condition": "physician_suspects_serious",
    "Chest discomfort feels like pressure": "chest_pain_pressure",
}


@pytest.mark.parametrize(
    ("model", "guideline", "findings"),
    [
        ("marburg_heart_score", "Marburg_Heart_Score.v1", MARBURG_FINDINGS),
        ("interchest", "interchest.v1", INTERCHEST_FINDINGS),
    ],
)
def test_the_worked_cases_of_primary_care(model: str, guideline: str, findings: dict[str, str]) -> None:
    for case, expected, day in cases(guideline):
        known: dict[str, Any] = {name: yes(case[text]) for text, name in findings.items()}
        known |= {"age": years(case["Birthdate"], day), "sex": case["Gender"].lower()}
        assert graph(model, known)["points"] == float(expected["Total score"])


ANGINA = {"Patients stops exercising because of angina +2": "limiting"}


def test_the_worked_cases_of_the_treadmill_score() -> None:
    scored = 0
    for case, expected, _ in cases("Duke_Treadmill_Score.v1"):
        if "Duke Treadmill score" not in expected:
            continue
        known = {
            "exercise_duration": float(case["Duration of exercise"]),
            "exercise_st_deviation": next(
                float(v) for k, v in case.items() if k.startswith("Maximal net ST")
            ),
            "exercise_angina_index": ANGINA[case["Angina index"]],
        }
        assert graph("duke_treadmill", known)["points"] == float(expected["Duke Treadmill score"])
        scored += 1
    assert scored == 2


def test_a_treadmill_time_that_nobody_reaches_is_refused() -> None:
    known = {"exercise_duration": 31, "exercise_st_deviation": 0, "exercise_angina_index": "none"}
    assert answer("duke_treadmill", known, age=50.0)[0] == "out_of_scope"


@pytest.mark.parametrize(("minutes", "text"), [(4.9, "Moderate risk"), (5, "Low risk")])
def test_bands_of_the_treadmill_score(minutes: float, text: str) -> None:
    known = {"exercise_duration": minutes, "exercise_st_deviation": 0, "exercise_angina_index": "none"}
    value = graph("duke_treadmill", known)["points"]
    bands = bundle("duke_treadmill").manifest.output("points").bands
    assert [band.text["en"] for band in bands if band.lo <= value < band.hi] == [text]
