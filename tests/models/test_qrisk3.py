"""QRISK3: the original program's numbers, what is refused, what is marked as estimated, and the disclaimer."""

import csv
import math
from typing import Any

import pytest

from medgui.paths import models_dir
from tests.models.one_row import answer, bundle, graph

PERSON: dict[str, Any] = {
    "age": 64,
    "sex": "female",
    **dict.fromkeys(
        (
            "atrial_fibrillation",
            "atypical_antipsychotic",
            "corticosteroids",
            "migraine",
            "rheumatoid_arthritis",
            "chronic_kidney_disease",
            "severe_mental_illness",
            "systemic_lupus",
            "bp_treatment",
            "type_1_diabetes",
            "type_2_diabetes",
            "family_history_premature_cvd",
            "erectile_dysfunction",
        ),
        0,
    ),
    "cholesterol_hdl_ratio": 4,
    "systolic_bp": 180,
    "systolic_bp_sd": 20,
    "townsend_score": 0,
    "bmi": 80 / 1.78**2,
    "ethnicity_uk": "indian",
    "smoking_status": "non_smoker",
}
FACTS = {"prior_ascvd": 0.0, "statin": 0.0}


def risk(**changes: Any) -> float:
    return graph("qrisk3", PERSON | changes)["cvd_10y"]


def without(*names: str) -> dict[str, Any]:
    return PERSON | dict.fromkeys(names)


@pytest.mark.parametrize(
    ("condition", "percent"),
    [("atypical_antipsychotic", 21.6), ("rheumatoid_arthritis", 20.9), ("bp_treatment", 20.1)],
)
def test_numbers_of_the_original_program(condition: str, percent: float) -> None:
    assert round(100 * risk(**{condition: 1}), 1) == percent


def test_men_and_women_have_their_own_terms() -> None:
    assert risk(erectile_dysfunction=1) == risk()
    assert risk(sex="male", erectile_dysfunction=1) > risk(sex="male")
    assert math.isnan(risk(sex=None))


def test_what_is_not_stated_counts_as_in_the_original_or_as_the_mean() -> None:
    assert graph("qrisk3", without("townsend_score"))["cvd_10y"] == risk(townsend_score=0)
    assert graph("qrisk3", without("ethnicity_uk"))["cvd_10y"] == risk(ethnicity_uk="white")
    assert graph("qrisk3", without("systolic_bp_sd"))["cvd_10y"] == pytest.approx(
        risk(systolic_bp_sd=9.002537727355957), abs=1e-12
    )


def test_an_estimated_result_says_so() -> None:
    manifest = bundle("qrisk3").manifest
    names = {frozenset(variant.needs): variant.title["en"] for variant in manifest.variants}
    assert names[frozenset()].startswith("estimated")
    assert names[frozenset({"townsend_score"})].startswith("estimated")
    assert not names[frozenset({"systolic_bp_sd", "townsend_score"})].startswith("estimated")


@pytest.mark.parametrize(
    "name", [name for name in PERSON if name not in ("systolic_bp_sd", "townsend_score")]
)
def test_a_missing_input_gives_no_number(name: str) -> None:
    status, outputs, codes = answer("qrisk3", without(name), **FACTS)
    if name in ("ethnicity_uk", "erectile_dysfunction"):
        assert status == "ready"
    else:
        assert status == "missing_input"
        assert "missing" in codes
        assert math.isnan(outputs["cvd_10y"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("age", 24),
        ("age", 85),
        ("systolic_bp", 69),
        ("systolic_bp", 211),
        ("systolic_bp_sd", 86),
        ("cholesterol_hdl_ratio", 12.1),
        ("townsend_score", 13),
        ("bmi", 56),
    ],
)
def test_outside_the_limits_there_is_no_number(name: str, value: float) -> None:
    status, outputs, _ = answer("qrisk3", PERSON | {name: value}, **FACTS)
    assert status == "out_of_scope"
    assert math.isnan(outputs["cvd_10y"])


@pytest.mark.parametrize(("bmi", "code"), [(19.9, "below_seen"), (40.1, "above_seen")])
def test_a_bmi_that_the_official_engine_moves_comes_with_a_caution(bmi: float, code: str) -> None:
    status, _, codes = answer("qrisk3", PERSON | {"bmi": bmi}, **FACTS)
    assert status == "ready"
    assert codes == {code}


@pytest.mark.parametrize("fact", ["prior_ascvd", "statin", "familial_hypercholesterolaemia", "pregnant"])
def test_after_an_event_and_on_a_statin_it_is_out_of_scope(fact: str) -> None:
    assert answer("qrisk3", PERSON, **FACTS | {fact: 1.0})[0] == "out_of_scope"


def test_two_types_of_diabetes_contradict_each_other() -> None:
    status, outputs, codes = answer("qrisk3", PERSON | {"type_1_diabetes": 1, "type_2_diabetes": 1}, **FACTS)
    assert (status, codes) == ("refused", {"contradictory_inputs", "type_1_diabetes"})
    assert math.isnan(outputs["cvd_10y"])


def test_type_1_diabetes_is_told_to_need_no_score() -> None:
    status, outputs, codes = answer("qrisk3", PERSON | {"type_1_diabetes": 1}, **FACTS)
    assert (status, codes) == ("ready", {"type_1_diabetes"})
    assert 0 < outputs["cvd_10y"] < 1


def test_silence_about_events_and_statins_is_told() -> None:
    status, _, codes = answer("qrisk3", PERSON)
    assert status == "ready"
    assert codes == {"history_not_stated", "statin_not_stated"}


def test_the_disclaimer_of_clinrisk_stands_word_for_word() -> None:
    notice = bundle("qrisk3").manifest.notice
    assert notice["en"].startswith(
        "The initial version of this file, to be found at http://svn.clinrisk.co.uk/opensource/qrisk2, "
        "faithfully implements QRISK3-2017."
    )
    assert notice["en"].endswith(
        "Inaccurate implementations of risk scores can lead to wrong patients being given the wrong treatment."
    )
    assert "以英文原文为准" in notice["zh"]


def test_the_copyright_stands_next_to_the_coefficients() -> None:
    lines = (models_dir() / "qrisk3" / "coefficients.csv").read_text(encoding="utf-8").splitlines()
    assert "Copyright 2017 ClinRisk Ltd." in lines[0]
    assert len(list(csv.DictReader(line for line in lines if not line.startswith("#")))) == 151
