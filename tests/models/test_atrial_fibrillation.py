"""Scores of stroke and bleeding in atrial fibrillation: points at their boundaries and worked cases."""

import math
from typing import Any

import pytest

from tests.models.gdl_cases import cases, years, yes
from tests.models.one_row import answer, bundle, graph

NONE: dict[str, dict[str, Any]] = {
    "cha2ds2_vasc": {
        "age": 64,
        "sex": "male",
        "heart_failure": 0,
        "hypertension": 0,
        "diabetes": 0,
        "prior_stroke_tia_thromboembolism": 0,
        "vascular_disease": 0,
    },
    "chads2": {
        "age": 64,
        "heart_failure": 0,
        "hypertension": 0,
        "diabetes": 0,
        "prior_stroke_tia_thromboembolism": 0,
    },
    "atria_stroke": {
        "age": 64,
        "sex": "male",
        "prior_stroke": 0,
        "diabetes": 0,
        "heart_failure": 0,
        "hypertension": 0,
        "proteinuria": 0,
        "egfr": 45,
    },
    "has_bled": dict.fromkeys(
        (
            "uncontrolled_hypertension",
            "abnormal_renal_function",
            "abnormal_liver_function",
            "prior_stroke",
            "bleeding_history",
            "labile_inr",
            "age_over_65",
            "antiplatelet_or_nsaid",
            "alcohol_excess",
        ),
        0,
    ),
    "orbit": {
        "age": 74,
        "sex": "male",
        "haemoglobin": 13.0,
        "egfr": 60,
        "major_bleeding_history": 0,
        "antiplatelet": 0,
    },
    "atria_bleeding": {
        "age": 74,
        "sex": "male",
        "haemoglobin": 13.0,
        "egfr": 30,
        "major_bleeding_history": 0,
        "hypertension": 0,
    },
    "hemorr2hages": {
        "age": 75,
        **dict.fromkeys(
            (
                "major_bleeding_history",
                "hepatic_or_renal_disease",
                "alcohol_abuse",
                "malignancy_history",
                "reduced_platelets",
                "uncontrolled_hypertension",
                "anaemia_history",
                "genetic_bleeding_factors",
                "fall_risk",
                "prior_stroke",
            ),
            0,
        ),
    },
}


def points(model: str, **changes: Any) -> float:
    return graph(model, NONE[model] | changes)["points"]


@pytest.mark.parametrize("model", NONE)
def test_nobody_has_a_point_just_below_every_boundary(model: str) -> None:
    assert points(model) == 0


@pytest.mark.parametrize(
    ("model", "changes", "wanted"),
    [
        ("cha2ds2_vasc", {"age": 65}, 1),
        ("cha2ds2_vasc", {"age": 74}, 1),
        ("cha2ds2_vasc", {"age": 75}, 2),
        ("cha2ds2_vasc", {"sex": "female"}, 1),
        ("cha2ds2_vasc", {"prior_stroke_tia_thromboembolism": 1}, 2),
        ("chads2", {"age": 74}, 0),
        ("chads2", {"age": 75}, 1),
        ("chads2", {"prior_stroke_tia_thromboembolism": 1}, 2),
        ("atria_stroke", {"age": 65}, 3),
        ("atria_stroke", {"age": 75}, 5),
        ("atria_stroke", {"age": 85}, 6),
        ("atria_stroke", {"prior_stroke": 1}, 8),
        ("atria_stroke", {"age": 65, "prior_stroke": 1}, 7),
        ("atria_stroke", {"age": 84, "prior_stroke": 1}, 7),
        ("atria_stroke", {"age": 85, "prior_stroke": 1}, 9),
        ("atria_stroke", {"egfr": 44.9}, 1),
        ("orbit", {"age": 75}, 1),
        ("orbit", {"haemoglobin": 12.9}, 2),
        ("orbit", {"sex": "female", "haemoglobin": 12.0}, 0),
        ("orbit", {"sex": "female", "haemoglobin": 11.9}, 2),
        ("orbit", {"haematocrit": 39.9}, 2),
        ("orbit", {"haematocrit": 40}, 0),
        ("orbit", {"anaemia_history": 1}, 2),
        ("orbit", {"haemoglobin": 9, "haematocrit": 30, "anaemia_history": 1}, 2),
        ("orbit", {"egfr": 59}, 1),
        ("orbit", {"major_bleeding_history": 1}, 2),
        ("atria_bleeding", {"age": 75}, 2),
        ("atria_bleeding", {"haemoglobin": 12.9}, 3),
        ("atria_bleeding", {"sex": "female", "haemoglobin": 12.0}, 0),
        ("atria_bleeding", {"egfr": 29}, 3),
        ("hemorr2hages", {"age": 76}, 1),
        ("hemorr2hages", {"major_bleeding_history": 1}, 2),
    ],
)
def test_points_change_at_the_printed_boundaries(model: str, changes: dict[str, Any], wanted: float) -> None:
    assert points(model, **changes) == wanted


@pytest.mark.parametrize(
    ("model", "most", "extreme"),
    [
        ("cha2ds2_vasc", 9, {"age": 90, "sex": "female"}),
        ("chads2", 6, {"age": 90}),
        ("atria_stroke", 15, {"age": 90, "sex": "female", "egfr": 20}),
        ("has_bled", 9, {}),
        ("orbit", 7, {"age": 90, "haemoglobin": 8, "egfr": 20}),
        ("atria_bleeding", 10, {"age": 90, "haemoglobin": 8, "egfr": 20}),
        ("hemorr2hages", 12, {"age": 90}),
    ],
)
def test_everything_together_gives_the_published_maximum(
    model: str, most: float, extreme: dict[str, Any]
) -> None:
    ticked = {name: 1 for name, value in NONE[model].items() if value == 0}
    assert points(model, **ticked, **extreme) == most


@pytest.mark.parametrize("model", NONE)
def test_a_missing_answer_gives_no_number_and_its_name(model: str) -> None:
    for name in NONE[model]:
        facts = {} if "age" in NONE[model] else {"age": 70.0}
        status, outputs, codes = answer(model, NONE[model] | {name: None}, **facts)
        assert (status, codes) == ("missing_input", {"missing", "indication_not_stated"}), name
        assert math.isnan(outputs["points"]), name


@pytest.mark.parametrize("model", NONE)
def test_every_score_is_meant_for_atrial_fibrillation_alone(model: str) -> None:
    assert [rule.any for rule in bundle(model).manifest.indications] == [("atrial_fibrillation",)]


FINDINGS = {
    "Congestive Heart Failure": "heart_failure",
    "Hypertension": "hypertension",
    "Diabetes": "diabetes",
    "Stroke/TIA/Thromboembolism": "prior_stroke_tia_thromboembolism",
    "Vascular disease": "vascular_disease",
}


@pytest.mark.parametrize(
    ("model", "guideline"), [("cha2ds2_vasc", "CHA2DS2-VASc.v1"), ("chads2", "CHADS2.v1")]
)
def test_the_worked_cases_of_the_stroke_scores(model: str, guideline: str) -> None:
    for case, expected, day in cases(guideline):
        known: dict[str, Any] = {"age": years(case["Birthdate"], day)}
        known |= {name: yes(case[text]) for text, name in FINDINGS.items() if text in case}
        if "Gender" in case:
            known["sex"] = case["Gender"].lower()
        assert graph(model, known)["points"] == float(expected["Total score"])


def test_the_worked_cases_of_the_atria_stroke_score() -> None:
    for case, expected, day in cases("ATRIA_stroke_risk_score.v1"):
        known = {
            "age": years(case["Birthdate"], day),
            "sex": case["Gender"].lower(),
            "egfr": float(case["Estimated Glomerular Filtration Rate"]),
            "prior_stroke": yes(case["Stroke/cerebrovascular accident"]),
            "diabetes": yes(case["Diabetes Mellitus"]),
            "heart_failure": yes(case["Congestive Heart Failure"]),
            "hypertension": yes(case["Hypertension"]),
            "proteinuria": yes(expected["Proteinuria"]),
        }
        assert graph("atria_stroke", known)["points"] == float(expected["ATRIA stroke risk score"])


def test_the_worked_cases_of_the_bleeding_scores() -> None:
    for case, expected, day in cases("ATRIA_bleeding_risk_score.v1"):
        known: dict[str, Any] = {
            "age": years(case["Birthdate"], day),
            "sex": case["Gender"].lower(),
            "haemoglobin": float(case["Haemoglobin"]),
            "egfr": float(case["Estimated Glomerular Filtration Rate"]),
            "major_bleeding_history": yes(case["Hemorrhage diagnosis (unspecified)"]),
            "hypertension": yes(case["Hypertension"]),
        }
        assert graph("atria_bleeding", known)["points"] == float(expected["Total score"])
    for case, expected, _ in cases("ORBIT_bleeding_risk_score.v1"):
        known = {
            "age": float(case["Age"]),
            "sex": case["Gender"].lower(),
            "haemoglobin": float(case["Haemoglobin"]),
            "haematocrit": float(case["Hematocrit"]),
            "egfr": float(case["GFR"]),
            "major_bleeding_history": yes(case["Bleeding history"]),
            "antiplatelet": yes(case["Treatment with antiplatelet agents"]),
        }
        assert graph("orbit", known)["points"] == float(expected["ORBIT Score"])


HEMORRHAGES = {
    "Hepatic or Renal Disease": "hepatic_or_renal_disease",
    "Ethanol (Alcohol) Abuse": "alcohol_abuse",
    "Malignancy History": "malignancy_history",
    "Reduced Platelet Count or Function": "reduced_platelets",
    "Rebleeding Risk": "major_bleeding_history",
    "Hypertension (Uncontrolled)": "uncontrolled_hypertension",
    "Anemia": "anaemia_history",
    "Genetic Factors": "genetic_bleeding_factors",
    "Excessive Fall Risk": "fall_risk",
    "Stroke History": "prior_stroke",
}


def test_the_worked_cases_of_hemorr2hages() -> None:
    for case, expected, _ in cases("HEMORR2HAGES_Score_for_Major_Bleeding_Risk.v1"):
        known = {name: yes(case[text]) for text, name in HEMORRHAGES.items()}
        known["age"] = 76.0 if yes(case["Older (Age > 75)"]) else 70.0
        assert graph("hemorr2hages", known)["points"] == float(expected["Hemorr2hages total score"])


@pytest.mark.parametrize("model", ["has_bled", "orbit", "atria_bleeding", "hemorr2hages"])
def test_no_bleeding_score_argues_against_an_anticoagulant(model: str) -> None:
    manifest = bundle(model).manifest
    assert "by itself no reason against an anticoagulant" in manifest.not_for["en"]
    assert "本身不是停用或不用抗凝的理由" in manifest.not_for["zh"]
    assert bool(manifest.outputs[0].bands) == (model in ("has_bled", "orbit"))
