"""Scores of a first cardiovascular event on the page: what fixes a category, who is refused, which score leads."""

from typing import Any

import pytest

from medgui.assessment.categories import category_of
from medgui.assessment.finding import Finding, Status
from medgui.assessment.run import assess, what_if
from medgui.record.model import Answer, Record
from tests.assessment.people import TODAY, example, shipped
from tests.models.one_row import answer, bundle

GERMAN = {"country": "DEU", "region": "europe"}


def woman(**changes: Any) -> Record:
    """A woman of 50 without diabetes."""
    return example(diabetes=False, systolic_bp=140.0, **changes)


def found(record: Record, model: str, **options: Any) -> Finding:
    findings = assess(record, shipped(), as_of=TODAY, models=[model], **options).findings
    return next(finding for finding in findings if finding.model == model)


def fixed_by(finding: Finding) -> set[str]:
    assert finding.status is Status.READY, finding.reason
    assert all(output.category is None for output in finding.outputs)
    return {caution.input for caution in finding.cautions if caution.code == "category_fixed"}


@pytest.mark.parametrize("model", ["score2", "pce", "who_cvd_lab"])
def test_an_egfr_below_60_takes_the_chip_of_a_score_that_does_not_take_it(model: str) -> None:
    record = woman(egfr=None, statin=False).with_answer(Answer("ethnicity", "NH White", "", TODAY))
    healthy = record.with_answer(Answer("creatinine", 0.8, "mg/dL", TODAY))
    assert found(healthy, model, **GERMAN).outputs[0].category is not None
    ill = record.with_answer(Answer("creatinine", 1.9, "mg/dL", TODAY))
    assert fixed_by(found(ill, model, **GERMAN)) == {"egfr"}
    assert fixed_by(found(woman(egfr=45.0).with_answer(ill.answers[0]), model, **GERMAN)) == {"egfr"}


def test_a_changed_creatinine_takes_the_chip_in_what_if() -> None:
    record = woman(egfr=None).with_answer(Answer("creatinine", 1.9, "mg/dL", TODAY))
    assert fixed_by(what_if(record, shipped(), "score2", {"systolic_bp": 130.0}, as_of=TODAY, **GERMAN))


@pytest.mark.parametrize(("uacr", "fixed"), [(299.0, False), (300.0, True)])
def test_much_albumin_in_the_urine_fixes_the_category_in_diabetes_too(uacr: float, fixed: bool) -> None:
    """ESC 2023: an ACR above 300 mg/g is severe organ damage, at very high risk whatever SCORE2-Diabetes says."""
    record = example(systolic_bp=140.0)
    for name, value, unit in (
        ("hba1c", 7.2, "%"), ("age_at_diabetes", 45.0, "a"), ("diabetes_type", "type_2", ""), ("uacr", uacr, "mg/g"),
    ):  # fmt: skip
        record = record.with_answer(Answer(name, value, unit, TODAY))
    finding = found(record, "score2_diabetes", **GERMAN)
    assert finding.status is Status.READY, finding.reason
    assert (finding.outputs[0].category is None) == fixed
    assert ("uacr" in {caution.input for caution in finding.cautions}) == fixed


def test_familial_hypercholesterolaemia_has_no_prevent_number() -> None:
    record = woman().with_answer(Answer("familial_hypercholesterolaemia", True, "", TODAY))
    finding = found(record, "prevent")
    assert finding.status is Status.OUT_OF_SCOPE
    assert "familial_hypercholesterolaemia" in {caution.code for caution in finding.cautions}


def test_diabetes_found_after_the_present_age_contradicts_itself() -> None:
    given = {
        "region": "low", "age": 55, "sex": "male", "current_smoker": 0, "systolic_bp": 140, "total_cholesterol": 200,
        "hdl_cholesterol": 50, "diabetes": 1, "age_at_diabetes": 56, "hba1c": 7.0, "egfr": 80,
    }  # fmt: skip
    facts = {"prior_ascvd": 0.0, "heart_failure": 0.0}
    assert answer("score2_diabetes", given, **facts)[0] == "refused"
    assert answer("score2_diabetes", given | {"age_at_diabetes": 55}, **facts)[0] == "ready"


@pytest.mark.parametrize(
    ("options", "first"),
    [
        ({"country": "USA", "region": "us"}, "prevent"),
        (GERMAN, "score2"),
        ({"country": "GBR", "region": "uk"}, "score2"),
        ({"country": "CHN", "region": "china"}, "who_cvd_lab"),
        ({"country": "IND", "region": "other"}, "who_cvd_lab"),
    ],
)
def test_a_score_that_is_calibrated_to_the_place_goes_before_one_from_elsewhere(
    options: dict[str, str], first: str
) -> None:
    findings = assess(woman(), shipped(), as_of=TODAY, **options).findings  # type: ignore[arg-type]
    led = [f for f in findings if f.question == "cvd_10y" and f.preferred]
    assert [f.model for f in led] == [first]
    assert "made_elsewhere" not in {caution.code for caution in led[0].cautions}


def test_limits_that_another_guideline_has_since_drawn_stand_beside_the_number() -> None:
    assert "PREVENT" in bundle("pce").manifest.notice["en"]
    assert "2025" in bundle("score2").manifest.notice["en"]
    output = bundle("score2").manifest.outputs[0]
    assert [category_of(output, 0.0494, age).text for age in (49, 50, 70)] == [  # type: ignore[union-attr]
        "High", "Low to moderate", "Low to moderate",
    ]  # fmt: skip
