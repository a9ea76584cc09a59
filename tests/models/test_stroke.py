"""ABCD2: boundaries, contradictory pressures, worked cases."""

import math
from typing import Any

import pytest

from tests.models.gdl_cases import cases
from tests.models.one_row import answer, bundle, graph

PERSON: dict[str, Any] = {
    "age": 59,
    "systolic_bp": 139,
    "diastolic_bp": 89,
    "tia_features": "other",
    "tia_duration": "under_10_min",
    "diabetes": 0,
}


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, 0),
        ({"age": 60}, 1),
        ({"systolic_bp": 140}, 1),
        ({"diastolic_bp": 90}, 1),
        ({"systolic_bp": 180, "diastolic_bp": 100}, 1),
        ({"tia_features": "speech_disturbance_without_weakness"}, 1),
        ({"tia_features": "unilateral_weakness"}, 2),
        ({"tia_duration": "10_to_59_min"}, 1),
        ({"tia_duration": "60_min_or_more"}, 2),
        ({"diabetes": 1}, 1),
    ],
)
def test_points_change_at_the_printed_boundaries(changes: dict[str, Any], wanted: float) -> None:
    assert graph("abcd2", PERSON | changes)["points"] == wanted


@pytest.mark.parametrize("name", PERSON)
def test_a_missing_answer_gives_no_number(name: str) -> None:
    status, outputs, codes = answer("abcd2", PERSON | {name: None})
    assert (status, codes) == ("missing_input", {"missing"})
    assert math.isnan(outputs["points"])


def test_a_diastolic_pressure_above_the_systolic_is_no_pressure() -> None:
    status, outputs, codes = answer("abcd2", PERSON | {"systolic_bp": 80})
    assert (status, codes) == ("refused", {"contradictory_inputs"})
    assert math.isnan(outputs["points"])


@pytest.mark.parametrize(("points", "rate"), [(3, "1.0 %"), (4, "4.1 %"), (5, "4.1 %"), (6, "8.1 %")])
def test_bands_tell_the_observed_rate_of_the_cohorts(points: float, rate: str) -> None:
    bands = bundle("abcd2").manifest.outputs[0].bands
    assert [band.text["en"].startswith(rate) for band in bands if band.lo <= points < band.hi] == [True]


FEATURES = {
    "Other symptoms": "other",
    "Speech disturbance without focal weakness": "speech_disturbance_without_weakness",
    "Unilateral weakness": "unilateral_weakness",
}
DURATIONS = {"<10 minutes": "under_10_min", "10-59 minutes": "10_to_59_min", "≥60 minutes": "60_min_or_more"}


def test_the_worked_cases() -> None:
    for case, expected, _ in cases("ABCD2_score.v1"):
        old = next(value for key, value in expected.items() if key.startswith("Age"))
        known = {
            "age": 65.0 if old == "Present" else 50.0,
            "systolic_bp": float(case["Systolic"]),
            "diastolic_bp": float(case["Diastolic"]),
            "tia_features": FEATURES[case["TIA clinical features"]],
            "tia_duration": DURATIONS[case["Symptom duration"]],
            "diabetes": float(case["Diabetes mellitus"] == "Present"),
        }
        assert graph("abcd2", known)["points"] == float(expected["Total score"])
