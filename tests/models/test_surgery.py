"""RCRI and EuroSCORE II: boundaries, every row of an independent implementation, worked cases."""

import csv
import json
import math
from typing import Any

import pytest

from tests.models.gdl_cases import cases, years, yes
from tests.models.one_row import answer, bundle, graph
from tests.shared_data import data_file

RCRI: dict[str, Any] = {
    "high_risk_surgery": 0,
    "ischaemic_heart_disease": 0,
    "heart_failure": 0,
    "cerebrovascular_disease": 0,
    "insulin_treatment": 0,
    "creatinine": 2.0,
}
EURO: dict[str, Any] = {
    "age": 60,
    "sex": "male",
    "renal_impairment": "normal",
    **dict.fromkeys(
        (
            "extracardiac_arteriopathy",
            "poor_mobility",
            "prior_cardiac_surgery",
            "chronic_lung_treatment",
            "active_endocarditis",
            "critical_preoperative_state",
            "insulin_treatment",
            "ccs4_angina",
            "recent_myocardial_infarction",
            "thoracic_aorta_surgery",
        ),
        0,
    ),
    "nyha_class": "1",
    "lvef": 60,
    "pulmonary_hypertension": "none",
    "surgery_urgency": "elective",
    "surgery_weight": "isolated_cabg",
}


def death(**changes: Any) -> float:
    return graph("euroscore2", EURO | changes)["death_in_hospital"]


def test_creatinine_counts_above_two_only() -> None:
    assert graph("rcri", RCRI)["points"] == 0
    assert graph("rcri", RCRI | {"creatinine": 2.01})["points"] == 1
    assert graph("rcri", dict.fromkeys(RCRI, 1) | {"creatinine": 3})["points"] == 6


@pytest.mark.parametrize("name", RCRI)
def test_rcri_without_an_answer_gives_no_number(name: str) -> None:
    status, outputs, _ = answer("rcri", RCRI | {name: None}, age=60.0)
    assert status == "missing_input"
    assert math.isnan(outputs["points"])


def test_age_counts_from_61_years_on() -> None:
    assert death(age=40) == death(age=60)
    assert math.log(death(age=62) / (1 - death(age=62))) == pytest.approx(-5.324537 + 3 * 0.0285181)


@pytest.mark.parametrize(("below", "above"), [(20, 20.1), (30, 30.1), (50, 50.1)])
def test_the_ejection_fraction_counts_in_the_printed_classes(below: float, above: float) -> None:
    assert death(lvef=below) > death(lvef=above)
    assert death(lvef=below) == death(lvef=below - 5)


@pytest.mark.parametrize("name", EURO)
def test_euroscore_without_an_answer_gives_no_number(name: str) -> None:
    status, outputs, _ = answer("euroscore2", EURO | {name: None}, age=60.0)
    assert status == "missing_input"
    assert math.isnan(outputs["death_in_hospital"])


def test_over_95_years_it_is_out_of_scope() -> None:
    assert answer("euroscore2", EURO | {"age": 96})[0] == "out_of_scope"


FLAGS = {
    "active_endocarditis": "active_endocarditis",
    "ccs4_angina": "ccs4_angina",
    "chronic_pulmonary_dysfunction": "chronic_lung_treatment",
    "critical_preoperative_state": "critical_preoperative_state",
    "extracardiac_arteriopathy": "extracardiac_arteriopathy",
    "insulin_dependent_diabetes": "insulin_treatment",
    "poor_mobility": "poor_mobility",
    "previous_cardiac_surgery": "prior_cardiac_surgery",
    "recent_mi": "recent_myocardial_infarction",
    "thoracic_aorta_surgery": "thoracic_aorta_surgery",
}
CLASSES = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
FRACTIONS = {"good": 60.0, "moderate": 40.0, "poor": 25.0, "very_poor": 15.0}
WEIGHTS = {
    "isolated_cabg": "isolated_cabg",
    "single_non_cabg": "one_other",
    "two_procedures": "two",
    "three_or_more": "three_or_more",
}


def test_every_row_of_an_independent_euroscore_agrees() -> None:
    with data_file("equations/clincalc.csv").open(newline="", encoding="utf-8") as f:
        rows = [row for row in csv.DictReader(f) if row["calculator"] == "euroscore2"]
    assert rows
    for row in rows:
        x = json.loads(row["input_json"])
        known: dict[str, Any] = {name: float(x[text]) for text, name in FLAGS.items()}
        known |= {
            "age": float(x["age"]),
            "sex": "female" if x["female"] else "male",
            "renal_impairment": {"on_dialysis": "dialysis"}.get(x["renal_function"], x["renal_function"]),
            "nyha_class": CLASSES[x["nyha"]],
            "lvef": FRACTIONS[x["lv_function"]],
            "pulmonary_hypertension": x["pulmonary_hypertension"],
            "surgery_urgency": x["urgency"],
            "surgery_weight": WEIGHTS[x["weight_of_intervention"]],
        }
        exact = json.loads(row["working_json"])["predicted_mortality_percent"]
        assert 100 * graph("euroscore2", known)["death_in_hospital"] == pytest.approx(exact, abs=1e-9)


GDL_FLAGS = {
    "Extracardiac arteriopathy": "extracardiac_arteriopathy",
    "Poor mobility": "poor_mobility",
    "Previous cardiac surgery": "prior_cardiac_surgery",
    "Chronic lung disease": "chronic_lung_treatment",
    "Active endocarditis": "active_endocarditis",
    "Critical preoperative state": "critical_preoperative_state",
    "Diabetes or insulin": "insulin_treatment",
    "CCS Class 4 angina": "ccs4_angina",
    "Recent MI": "recent_myocardial_infarction",
    "Surgery on Thoracic Aorta": "thoracic_aorta_surgery",
}


def test_the_worked_cases_of_euroscore() -> None:
    for case, expected, day in cases("EuroSCORE_II.v1"):
        known = EURO | {name: yes(case[text]) for text, name in GDL_FLAGS.items()}
        known |= {
            "age": years(case["Birthdate"], day),
            "sex": case["Gender"].lower(),
            "nyha_class": {"Class I": "1", "Class III": "3"}[case["NYHA Class"]],
            "lvef": {"> 50 %": 60.0, "31-50 %": 40.0}[case["LV function"]],
            "surgery_urgency": case["Urgency"].lower(),
            "surgery_weight": {"Isolated CABG": "isolated_cabg", "3 procedures": "three_or_more"}[
                case["Weight of the intervention"]
            ],
        }
        got = 100 * graph("euroscore2", known)["death_in_hospital"]
        assert got == pytest.approx(float(expected["Predicted mortality"]), abs=0.006)


def test_a_death_of_surgery_stands_under_prognosis_and_has_no_category() -> None:
    manifest = bundle("euroscore2").manifest
    assert manifest.group == "prognosis"
    assert manifest.outputs[0].bands == ()
