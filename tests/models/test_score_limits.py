"""What published scores may not say: bands without a guideline, silence as no, groups of another question."""

import math

import pytest

from medgui.record.units import convert
from tests.models.one_row import answer, bundle, graph


def test_a_low_class_of_pesi_is_not_said_of_a_patient_in_shock_without_a_word() -> None:
    young = {**bundle("pesi").manifest.explanation.reference, "age": 30, "systolic_bp": 70}
    assert graph("pesi", young)["risk_class"] == 1
    band = bundle("pesi").manifest.output("risk_class").bands[0]
    assert "not with a systolic pressure under 90" in band.text["en"]


SCORES = [
    "revised_geneva", "pesi", "spesi", "canadian_syncope", "bisap", "glasgow_pancreatitis", "lace", "hospital_score",
]  # fmt: skip


def test_scores_of_other_questions_do_not_stand_under_a_diagnosis() -> None:
    questions = {model: bundle(model).manifest.question for model in SCORES}
    assert questions["revised_geneva"] == "pulmonary_embolism"
    assert questions["pesi"] == questions["spesi"] == "pulmonary_embolism_outcome"
    assert questions["canadian_syncope"] == "syncope"
    assert questions["bisap"] == questions["glasgow_pancreatitis"] == "pancreatitis"
    assert questions["lace"] == questions["hospital_score"] == "readmission"


def test_bode_is_for_copd_and_stands_under_prognosis() -> None:
    manifest = bundle("bode").manifest
    assert manifest.group == "prognosis"
    assert answer("bode", manifest.explanation.reference, copd=0)[0] == "out_of_scope"
    assert answer("bode", manifest.explanation.reference, copd=1)[0] == "ready"


def test_alvarado_is_not_for_pregnancy() -> None:
    reference = bundle("alvarado").manifest.explanation.reference
    assert answer("alvarado", reference, age=30, pregnant=1)[0] == "out_of_scope"


def test_bisap_draws_no_category_that_no_guideline_sets() -> None:
    manifest = bundle("bisap").manifest
    assert not manifest.outputs[0].bands
    assert manifest.evidence != "guideline"


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("canadian_syncope", "heart_disease"), ("ottawa_heart_failure", "intubation_history"),
        ("oakland", "lower_bleeding_admission"), ("hscore", "immunosuppression"), ("atria_stroke", "proteinuria"),
        ("glasgow_blatchford", "liver_disease"), ("glasgow_blatchford", "heart_failure"),
    ],
)  # fmt: skip
def test_what_a_problem_list_does_not_hold_is_never_assumed_absent(model: str, name: str) -> None:
    assert not bundle(model).manifest.input(name).assume_absent


@pytest.mark.parametrize(
    ("mmol", "expected"), [(3.9, 0), (4.0, 1), (4.9, 1), (5.0, 3), (6.5, 5), (8.4, 5), (8.5, 8)]
)
def test_a_limit_in_mmol_is_reached_by_the_value_that_the_laboratory_gives(
    mmol: float, expected: int
) -> None:
    reference = bundle("dutch_lipid_clinic").manifest.explanation.reference
    ldl = convert(mmol, "mmol/L", "mg/dL", "ldl_cholesterol")
    assert graph("dutch_lipid_clinic", {**reference, "ldl_cholesterol": ldl})["points"] == expected


def test_a_limit_that_must_be_passed_is_not_passed_by_a_conversion() -> None:
    reference = bundle("lrinec").manifest.explanation.reference
    for umol, expected in ((141, 0), (142, 2)):
        creatinine = convert(umol, "umol/L", "mg/dL", "creatinine")
        assert graph("lrinec", {**reference, "creatinine": creatinine})["points"] == expected
    family = {
        **bundle("simon_broome").manifest.explanation.reference,
        "family_premature_mi_or_high_cholesterol": 1,
    }
    for mmol, category in ((4.9, 0), (5.0, 1)):
        ldl = convert(mmol, "mmol/L", "mg/dL", "ldl_cholesterol")
        assert graph("simon_broome", {**family, "ldl_cholesterol": ldl})["category"] == category


@pytest.mark.parametrize(
    ("model", "name", "slip", "output"),
    [
        ("psi", "pao2", 12.0, "points"), ("apache2", "pao2", 9.5, "points"),
        ("glasgow_pancreatitis", "pao2", 11.0, "points"), ("years", "d_dimer", 0.9, "embolism_excluded"),
        ("dutch_lipid_clinic", "ldl_cholesterol", 5.2, "points"), ("simon_broome", "ldl_cholesterol", 5.2, "category"),
    ],
)  # fmt: skip
def test_a_number_in_the_other_unit_is_refused(model: str, name: str, slip: float, output: str) -> None:
    usual = bundle(model).manifest.explanation.reference
    known = {key: value for key, value in usual.items() if value != "same"}
    reference = {"age": 40, "fio2": 0.21, **known, name: slip}
    _status, outputs, codes = answer(model, reference, age=40, pregnant=0, statin=0)
    assert math.isnan(outputs[output])
    assert codes & {"below_accepted", "output_not_applicable"}
