"""Point scores, indications and groups of one question, from the record to the finding."""

from __future__ import annotations

from dataclasses import replace

import pytest

from medgui.assessment.finding import Finding, Output, Status
from medgui.assessment.order import in_page_order
from medgui.assessment.points import point_rows
from medgui.assessment.questions import with_preferred
from medgui.assessment.run import assess
from medgui.assessment.to_json import finding_json
from medgui.assessment.words import figure
from medgui.charts import figures
from medgui.record.model import Answer, Completeness
from tests.assessment.people import COMPLETE, TODAY, person, problem, seen, shipped

AF = problem("49436004", "Atrial fibrillation")
PARTIAL = {**COMPLETE, "conditions": Completeness.PARTIAL}


def one(record: object, model: str = "cha2ds2_va", **options: object) -> Finding | None:
    found = assess(record, shipped(), **options).findings  # type: ignore[arg-type]
    return next((f for f in found if f.model == model), None)


def fibrillating(**options: object) -> object:
    return person(seen("weight", 80.0, "kg"), born="1952-03-14", conditions=(AF,), **options)  # type: ignore[arg-type]


def answered(**values: float) -> list[Answer]:
    """Every item but the age; those that are not named are no."""
    names = (
        "heart_failure",
        "hypertension",
        "diabetes",
        "prior_stroke_tia_thromboembolism",
        "vascular_disease",
    )
    return [Answer(name, values.get(name, 0.0), "1", TODAY) for name in names]


def test_a_score_is_shown_unasked_only_where_it_is_meant() -> None:
    assert one(fibrillating()) is not None
    assert one(person(seen("weight", 80.0, "kg"))) is None


def test_a_score_that_is_asked_for_says_that_it_is_not_meant() -> None:
    found = one(person(), models=["cha2ds2_va"])
    assert found is not None
    assert found.status is Status.OUT_OF_SCOPE
    assert found.cautions[0].code == "not_indicated"
    assert "atrial fibrillation" in found.reason
    assert any(not check.inside and "fibrillation" in check.name for check in found.checks)


def test_a_score_that_is_asked_for_tells_that_the_indication_is_not_stated() -> None:
    found = one(person(completeness=PARTIAL), models=["cha2ds2_va"], overrides=answered())
    assert found is not None
    assert (found.status, found.outputs[0].value) == (Status.READY, 0.0)
    caution = next(c for c in found.cautions if c.code == "indication_not_stated")
    assert "Atrial fibrillation" in caution.message


def test_an_unfinished_score_reads_at_least_and_has_a_category_only_where_it_is_sure() -> None:
    found = one(fibrillating(completeness=PARTIAL), region="europe")
    assert found is not None
    output = found.outputs[0]
    assert found.status is Status.MISSING_INPUT
    assert output.value is None
    assert output.interval is not None
    assert (output.interval.lo, output.interval.hi, output.interval.kind) == (1, 7, "plausible_missing")
    assert figures.at_least(output) == "≥\u00a01"
    assert output.category is None
    stroke = Answer("prior_stroke_tia_thromboembolism", 1.0, "1", TODAY)
    sure = one(fibrillating(completeness=PARTIAL), region="europe", overrides=[stroke])
    assert sure is not None
    assert sure.outputs[0].category is not None
    assert figures.at_least(sure.outputs[0]) == "≥\u00a03"


def test_points_are_never_read_as_a_share() -> None:
    found = one(fibrillating(), overrides=answered())
    assert found is not None
    output = found.outputs[0]
    assert (output.value, output.unit, figures.value_text(output)) == (1, "{score}", "1")
    assert figure(output.name, 3.0, output.unit, output.decimals) == "3"
    assert figures.value_text(replace(output, value=1.304, decimals=2)) == "1.30"


def test_the_contributions_of_a_point_score_are_its_points() -> None:
    found = one(fibrillating(), overrides=answered(prior_stroke_tia_thromboembolism=1.0))
    assert found is not None
    points = {c.input: c.value for c in found.explanations[0].contributions if c.value}
    assert points == {"age": 1, "prior_stroke_tia_thromboembolism": 2}


def test_questions_and_guidelines_are_in_the_json() -> None:
    found = one(fibrillating(), region="europe")
    assert found is not None
    plain = finding_json(found)
    assert (plain["question"], plain["preferred"]) == ("stroke_in_af", True)
    assert "2024" in plain["guideline"]
    assert plain["notice"] == ""


def _finding(model: str, status: Status = Status.READY, question: str = "cvd_10y") -> Finding:
    outputs = (Output("risk", model, 0.1, "1"),)
    return Finding(model, "1", "risk", model, "demonstration", status, "", outputs, question=question)


@pytest.mark.parametrize(
    ("region", "status", "first"),
    [
        ("europe", Status.READY, "cha2ds2_va"),
        ("us", Status.READY, "prevent"),
        ("europe", Status.OUT_OF_SCOPE, "prevent"),
    ],
)
def test_the_regions_guideline_leads_a_question_among_those_with_a_number(
    region: str, status: Status, first: str
) -> None:
    findings = [_finding("cad"), _finding("prevent"), _finding("cha2ds2_va", status)]
    marked = with_preferred([*findings, _finding("albuminuria", question="")], shipped(), region)
    assert [f.model for f in marked if f.preferred] == [first]


def test_findings_of_one_question_stand_together_the_preferred_one_first() -> None:
    alone = replace(_finding("b", question=""), title="between")
    preferred = replace(_finding("c", Status.MISSING_INPUT), preferred=True)
    ordered = in_page_order([_finding("a"), alone, preferred])
    assert [f.model for f in ordered] == ["c", "a", "b"]


def test_a_score_on_request_is_added_to_the_others() -> None:
    record = person(seen("weight", 80.0, "kg"))
    assert one(record, also=["cha2ds2_va"]) is not None
    assert one(record, also=["no_such_model"]) is None


@pytest.mark.parametrize("model", ["cha2ds2_va", "cha2ds2_vasc"])
def test_whole_points_are_listed_as_whole_numbers_and_nothing_as_no_line(model: str) -> None:
    found = one(
        fibrillating(), model, models=[model], overrides=answered(heart_failure=1.0, hypertension=1.0)
    )
    assert found is not None
    rows = point_rows(found, found.outputs[0])
    assert all("." not in row.points for row in rows)
    assert sum(int(row.points) for row in rows) == found.outputs[0].value
