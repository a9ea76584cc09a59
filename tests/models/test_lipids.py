"""Criteria of familial hypercholesterolaemia: groups of which one finding counts, rows of another implementation."""

import csv
import json
import math
from typing import Any

import pytest

from tests.models.gdl_cases import cases
from tests.models.one_row import answer, bundle, graph
from tests.shared_data import data_file

MGDL = 38.67
DLCN: dict[str, Any] = {
    "family_history_fh": "none",
    "premature_coronary_disease": 0,
    "premature_cerebral_or_peripheral_disease": 0,
    "tendon_xanthoma": 0,
    "corneal_arcus_under_45": 0,
    "ldl_cholesterol": 3.9 * MGDL,
    "fh_mutation": 0,
}
SIMON: dict[str, Any] = {
    "ldl_cholesterol": 4.9 * MGDL,
    "total_cholesterol": 7.5 * MGDL,
    "tendon_xanthoma": 0,
    "tendon_xanthoma_family": 0,
    "fh_mutation": 0,
    "family_premature_mi_or_high_cholesterol": 0,
}


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, 0),
        ({"ldl_cholesterol": 4.0 * MGDL}, 1),
        ({"ldl_cholesterol": 5.0 * MGDL}, 3),
        ({"ldl_cholesterol": 6.5 * MGDL}, 5),
        ({"ldl_cholesterol": 8.5 * MGDL}, 8),
        ({"premature_coronary_disease": 1, "premature_cerebral_or_peripheral_disease": 1}, 2),
        ({"premature_cerebral_or_peripheral_disease": 1}, 1),
        ({"tendon_xanthoma": 1, "corneal_arcus_under_45": 1}, 6),
        ({"corneal_arcus_under_45": 1}, 4),
        ({"family_history_fh": "xanthoma_arcus_or_child"}, 2),
        ({"fh_mutation": 1}, 8),
    ],
)
def test_one_finding_counts_in_each_group(changes: dict[str, Any], wanted: float) -> None:
    assert graph("dutch_lipid_clinic", DLCN | changes)["points"] == wanted


@pytest.mark.parametrize(
    ("points", "text"),
    [(2, "Unlikely"), (3, "Possible"), (5, "Possible"), (6, "Probable"), (8, "Probable"), (9, "Definite")],
)
def test_bands_of_the_dutch_criteria(points: float, text: str) -> None:
    bands = bundle("dutch_lipid_clinic").manifest.outputs[0].bands
    assert [band.text["en"] for band in bands if band.lo <= points < band.hi] == [text]


@pytest.mark.parametrize(
    ("changes", "category"),
    [
        ({}, 0),
        ({"fh_mutation": 1}, 0),
        ({"ldl_cholesterol": 5.0 * MGDL}, 0),
        ({"ldl_cholesterol": 5.0 * MGDL, "tendon_xanthoma_family": 1}, 2),
        ({"total_cholesterol": 7.6 * MGDL, "tendon_xanthoma": 1}, 2),
        ({"total_cholesterol": None, "ldl_cholesterol": 5.0 * MGDL, "fh_mutation": 1}, 2),
        ({"total_cholesterol": 7.6 * MGDL, "family_premature_mi_or_high_cholesterol": 1}, 1),
    ],
)
def test_without_a_high_cholesterol_no_sign_counts(changes: dict[str, Any], category: float) -> None:
    assert graph("simon_broome", SIMON | changes)["category"] == category


@pytest.mark.parametrize(("model", "person"), [("dutch_lipid_clinic", DLCN), ("simon_broome", SIMON)])
def test_a_missing_answer_gives_no_number(model: str, person: dict[str, Any]) -> None:
    for name in person:
        status, outputs, _ = answer(model, person | {name: None}, age=40.0)
        if name == "total_cholesterol":
            assert status == "ready"
        else:
            assert status == "missing_input", name
            assert all(math.isnan(value) for value in outputs.values()), name


@pytest.mark.parametrize(("model", "person"), [("dutch_lipid_clinic", DLCN), ("simon_broome", SIMON)])
def test_a_value_on_a_statin_is_told(model: str, person: dict[str, Any]) -> None:
    status, _, codes = answer(model, person, age=40.0, statin=1.0)
    assert status == "ready"
    assert codes == {"value_on_treatment"}


LDL = {"below4_0": 3.9, "from4_0_to4_9": 4.0, "from5_0_to6_4": 5.0, "from6_5_to8_4": 6.5, "above8_5": 8.6}
FAMILY = {
    "none": "none",
    "relative_with_premature_cvd_or_high_ldl": "premature_cvd_or_high_ldl",
    "relative_with_xanthomas_or_arcus": "xanthoma_arcus_or_child",
}
CATEGORY = {"FH unlikely by Simon Broome criteria": 0, "Possible FH": 1, "Definite FH": 2}


def test_every_row_of_an_independent_implementation_agrees() -> None:
    """It adds two findings of one group; the consensus of 2013 counts the higher one alone."""
    with data_file("equations/clincalc.csv").open(newline="", encoding="utf-8") as f:
        rows = [row for row in csv.DictReader(f) if row["calculator"] == "familial_hypercholesterolaemia"]
    assert rows
    for row in rows:
        x, wanted = json.loads(row["input_json"]), json.loads(row["working_json"])
        dlcn: dict[str, Any] = {
            "family_history_fh": FAMILY[x["dlcn_family_history"]],
            "premature_coronary_disease": float(x["premature_coronary_disease"]),
            "premature_cerebral_or_peripheral_disease": float(x["premature_cerebrovascular_disease"]),
            "tendon_xanthoma": float(x["tendon_xanthomata"]),
            "corneal_arcus_under_45": float(x["arcus_cornealis_under_45"]),
            "ldl_cholesterol": LDL[x["dlcn_ldl"]] * MGDL,
            "fh_mutation": float(x["causative_mutation_confirmed"]),
        }
        twice = min(2 * dlcn["premature_coronary_disease"], dlcn["premature_cerebral_or_peripheral_disease"])
        twice += min(6 * dlcn["tendon_xanthoma"], 4 * dlcn["corneal_arcus_under_45"])
        assert graph("dutch_lipid_clinic", dlcn)["points"] == wanted["dlcn_score"] - twice
        high = x["simon_broome_cholesterol"] == "meets_threshold"
        simon = SIMON | {
            "ldl_cholesterol": (5.0 if high else 3.0) * MGDL,
            "tendon_xanthoma": float(x["tendon_xanthomata"]),
            "fh_mutation": float(x["pathogenic_mutation"]),
            "family_premature_mi_or_high_cholesterol": float(
                x["family_history_premature_chd_or_raised_cholesterol"]
            ),
        }
        assert graph("simon_broome", simon)["category"] == CATEGORY[wanted["simon_broome"]]


def test_the_worked_cases_of_adults() -> None:
    wanted = {"Unlikely": 0, "Probable": 1, "Definite": 2}
    adults = [
        (case, expected)
        for case, expected, _ in cases(
            "Simon_broome_diagnostic_criteria_for_familial_hypercholesterolemia_FH.v1"
        )
        if case["Age (years)"] == "≥16"
    ]
    totals = {"5": 5 * MGDL, "291": 291.0}  # one case is in mmol/L, one in mg/dL
    for case, expected in adults:
        mutation = next(value for key, value in case.items() if key.startswith("DNA-based"))
        known = SIMON | {
            "ldl_cholesterol": float(case["LDL cholesterol"]) * MGDL,
            "total_cholesterol": totals[case["Total cholesterol"]],
            "tendon_xanthoma": float(case["Tendon xanthomas"] == "Yes"),
            "fh_mutation": float(mutation == "Yes"),
            "family_premature_mi_or_high_cholesterol": float(
                "Yes"
                in (
                    case["Family history of premature CVD events"],
                    case["Family history of extremely high cholesterol"],
                )
            ),
        }
        assert graph("simon_broome", known)["category"] == wanted[expected["Familial Hypercholesterolemia"]]
