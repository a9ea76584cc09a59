"""GRACE, HEART and TIMI at their boundaries, and worked cases."""

import math
from typing import Any

import pytest

from tests.models.gdl_cases import cases
from tests.models.one_row import answer, bundle, graph

GRACE: dict[str, Any] = {
    "age": 29,
    "killip_class": "1",
    "systolic_bp": 200,
    "heart_rate": 49,
    "creatinine": 0.39,
    "st_deviation": 0,
    "elevated_cardiac_markers": 0,
    "cardiac_arrest": 0,
}
HEART: dict[str, Any] = {
    "age": 44,
    "chest_pain_history": "slightly_suspicious",
    "ecg_finding": "normal",
    "cad_risk_factors": "none",
    "troponin_level": "normal",
}
TIMI: dict[str, Any] = {
    "age": 64,
    **dict.fromkeys(
        (
            "three_or_more_cad_risk_factors",
            "known_cad",
            "aspirin_past_7_days",
            "severe_angina",
            "st_deviation",
            "elevated_cardiac_markers",
        ),
        0,
    ),
}
STEMI: dict[str, Any] = {
    "age": 64,
    "diabetes_hypertension_or_angina": 0,
    "systolic_bp": 100,
    "heart_rate": 100,
    "killip_class": "1",
    "weight": 67,
    "anterior_st_elevation_or_lbbb": 0,
    "treatment_delay_over_4h": 0,
}
PEOPLE = {"grace": GRACE, "heart_score": HEART, "timi_nstemi": TIMI, "timi_stemi": STEMI}


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, 1),
        ({"age": 30}, 9),
        ({"age": 89}, 92),
        ({"age": 90}, 101),
        ({"heart_rate": 50}, 4),
        ({"heart_rate": 200}, 47),
        ({"systolic_bp": 199}, 11),
        ({"systolic_bp": 80}, 54),
        ({"systolic_bp": 79}, 59),
        ({"creatinine": 0.4}, 4),
        ({"creatinine": 2.0}, 21),
        ({"creatinine": 4.0}, 28),
        ({"killip_class": "4"}, 60),
        ({"cardiac_arrest": 1}, 40),
        ({"st_deviation": 1}, 29),
        ({"elevated_cardiac_markers": 1}, 15),
    ],
)
def test_points_in_hospital_change_at_the_printed_boundaries(changes: dict[str, Any], wanted: float) -> None:
    assert graph("grace", GRACE | changes)["points_in_hospital"] == wanted


def test_points_of_six_months_lie_on_lines_and_are_whole() -> None:
    base = graph("grace", GRACE | {"creatinine": 1.0, "heart_rate": 70})["points_six_month"]
    assert base == 7
    older = graph("grace", GRACE | {"creatinine": 1.0, "heart_rate": 70, "age": 70})["points_six_month"]
    assert older == round(7 + 54 + 1.9 * 5)


def test_the_worked_cases_of_grace() -> None:
    """The library gives Killip class I one point, the paper none."""
    killip = {"Class 1": "1", "Class 2": "2"}
    for case, expected, _ in cases("GRACE_ACS.v1"):
        known = {
            "age": float(expected["Age"]),
            "killip_class": killip[case["Killip Class score"]],
            "systolic_bp": float(case["Systolic"]),
            "heart_rate": float(case["Heart Rate"]),
            "creatinine": float(case["Creatinine"]),
            "st_deviation": float(case["ST segment Deviation on EKG"] == "Yes"),
            "elevated_cardiac_markers": float(case["Elevated/Abnormal Cardiac Enzymes"] == "Yes"),
            "cardiac_arrest": float(case["Cardiac Arrest at admission"] == "Yes"),
        }
        extra = float(known["killip_class"] == "1")
        assert graph("grace", known)["points_in_hospital"] == float(expected["Total score"]) - extra


def test_only_the_score_of_the_hospital_has_categories() -> None:
    manifest = bundle("grace").manifest
    assert [band.lo for band in manifest.output("points_in_hospital").bands] == [1, 109, 141]
    assert manifest.output("points_six_month").bands == ()


@pytest.mark.parametrize(
    ("model", "changes", "wanted"),
    [
        ("heart_score", {}, 0),
        ("heart_score", {"age": 45}, 1),
        ("heart_score", {"age": 64}, 1),
        ("heart_score", {"age": 65}, 2),
        ("heart_score", {"troponin_level": "over_three_times", "ecg_finding": "significant_st_deviation"}, 4),
        ("timi_nstemi", {}, 0),
        ("timi_nstemi", {"age": 65}, 1),
        ("timi_stemi", {}, 0),
        ("timi_stemi", {"age": 65}, 2),
        ("timi_stemi", {"age": 75}, 3),
        ("timi_stemi", {"systolic_bp": 99}, 3),
        ("timi_stemi", {"heart_rate": 101}, 2),
        ("timi_stemi", {"killip_class": "2"}, 2),
        ("timi_stemi", {"weight": 66.9}, 1),
    ],
)
def test_points_change_at_the_printed_boundaries(model: str, changes: dict[str, Any], wanted: float) -> None:
    assert graph(model, PEOPLE[model] | changes)["points"] == wanted


@pytest.mark.parametrize("model", PEOPLE)
def test_a_missing_answer_gives_no_number_and_its_name(model: str) -> None:
    for name in PEOPLE[model]:
        status, outputs, codes = answer(model, PEOPLE[model] | {name: None})
        assert (status, codes) == ("missing_input", {"missing"}), name
        assert all(math.isnan(value) for value in outputs.values()), name


@pytest.mark.parametrize("model", PEOPLE)
def test_acute_scores_run_on_request_only(model: str) -> None:
    manifest = bundle(model).manifest
    assert manifest.acute
    assert manifest.on_request


def test_the_worked_case_of_the_heart_score() -> None:
    for case, expected, _ in cases("HEART_score_for_MACE.v1"):
        assert case["History"] == "Slightly suspicious"
        assert case["Initial Troponin"].startswith(">2")  # as the library labels the highest class
        known = {
            "age": float(expected["Age"]) if expected["Age"].isdigit() else 28.0,
            "chest_pain_history": "slightly_suspicious",
            "ecg_finding": "non_specific_repolarisation",
            "cad_risk_factors": "none",
            "troponin_level": "over_three_times",
        }
        assert graph("heart_score", known)["points"] == float(expected["Total score"])
