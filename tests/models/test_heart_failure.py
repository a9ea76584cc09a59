"""MAGGIC: points by ejection fraction, the table of deaths, worked cases."""

import math
from typing import Any

import pytest

from tests.models.gdl_cases import cases
from tests.models.one_row import answer, bundle, graph

PERSON: dict[str, Any] = {
    "age": 54,
    "sex": "female",
    "lvef": 40,
    "nyha_class": "1",
    "systolic_bp": 150,
    "bmi": 30,
    "creatinine": 89 / 88.4,
    "current_smoker": 0,
    "diabetes": 0,
    "copd": 0,
    "heart_failure_over_18_months": 0,
    "beta_blocker": 1,
    "acei_or_arb": 1,
}


def points(**changes: Any) -> float:
    return graph("maggic", PERSON | changes)["points"]


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, 0),
        ({"lvef": 39}, 2),
        ({"lvef": 34}, 3),
        ({"lvef": 29}, 5),
        ({"lvef": 24}, 6),
        ({"lvef": 19}, 7),
        ({"age": 55}, 3),
        ({"age": 80}, 15),
        ({"age": 80, "lvef": 39}, 2 + 13),
        ({"age": 80, "lvef": 29}, 5 + 10),
        ({"systolic_bp": 109}, 2),
        ({"systolic_bp": 129}, 1),
        ({"systolic_bp": 109, "lvef": 39}, 2 + 3),
        ({"systolic_bp": 109, "lvef": 29}, 5 + 5),
        ({"systolic_bp": 149, "lvef": 29}, 5 + 1),
        ({"nyha_class": "4"}, 8),
        ({"bmi": 14.9}, 6),
        ({"creatinine": 90 / 88.4}, 1),
        ({"creatinine": 250 / 88.4}, 8),
        ({"beta_blocker": 0}, 3),
        ({"acei_or_arb": 0}, 1),
        ({"sex": "male", "current_smoker": 1, "copd": 1, "diabetes": 1}, 7),
    ],
)
def test_points_change_at_the_printed_boundaries(changes: dict[str, Any], wanted: float) -> None:
    assert points(**changes) == wanted


def test_more_points_mean_more_deaths_up_to_the_last_line_of_the_table() -> None:
    worst = {
        "age": 85,
        "sex": "male",
        "lvef": 15,
        "nyha_class": "4",
        "systolic_bp": 90,
        "bmi": 14,
        "creatinine": 4,
        "current_smoker": 1,
        "diabetes": 1,
        "copd": 1,
        "heart_failure_over_18_months": 1,
        "beta_blocker": 0,
        "acei_or_arb": 0,
    }
    assert graph("maggic", worst) == {"points": 57, "death_1y": 0.842, "death_3y": 0.985}
    assert graph("maggic", PERSON) == {"points": 0, "death_1y": 0.015, "death_3y": 0.039}


def test_the_worked_cases() -> None:
    for case, expected, _ in cases("MAGGIC_Risk_Calculator_for_Heart_Failure_guideline.v1"):
        found = graph(
            "maggic",
            PERSON
            | {
                "age": float(case["Age"]),
                "systolic_bp": float(case["Systolic BP"]),
                "lvef": float(case["EF"]),
                "bmi": float(case["Body Mass Index"]),
                "creatinine": float(case["Creatinine"]) / 88.4,
            },
        )
        assert found["points"] == float(expected["MAGGIC Score"])
        assert f"{100 * found['death_1y']:.1f}%" == expected["1 year probability of death"]
        assert f"{100 * found['death_3y']:.1f}%" == expected["3 year probability of death"]


@pytest.mark.parametrize("name", PERSON)
def test_a_missing_answer_gives_no_number(name: str) -> None:
    status, outputs, _ = answer("maggic", PERSON | {name: None}, age=54.0)
    assert status == "missing_input"
    assert all(math.isnan(value) for value in outputs.values())


def test_treatment_is_a_marker_and_the_score_is_meant_for_heart_failure() -> None:
    manifest = bundle("maggic").manifest
    assert [spec.name for spec in manifest.inputs if spec.marker] == ["beta_blocker", "acei_or_arb"]
    assert manifest.indications[0].any == ("heart_failure",)
