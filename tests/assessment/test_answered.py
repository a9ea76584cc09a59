"""A screen gives way to the measurement that it guesses at, and shows a group's own rate."""

from __future__ import annotations

from dataclasses import replace

import pytest

from medgui.assessment.finding import Finding, Status
from medgui.assessment.run import assess
from medgui.i18n import using_language
from tests.assessment.people import TODAY, person, seen, shipped

pytestmark = pytest.mark.skipif(
    "ckd_screen" not in shipped().bundles, reason="the screens are not in this checkout"
)
PRESSURE = (seen("systolic_bp", 148.0, "mm[Hg]"), seen("bp_treatment", True, ""))


def found(record: object, model: str = "ckd_screen", *, by_name: bool = False) -> Finding | None:
    wanted = [model] if by_name else None
    assessment = assess(record, shipped(), as_of=TODAY, models=wanted)  # type: ignore[arg-type]
    return next((f for f in assessment.findings if f.model == model), None)


def test_the_screen_gives_a_number_where_nobody_measured_creatinine() -> None:
    finding = found(person(*PRESSURE))
    assert finding is not None
    assert finding.status is Status.READY
    assert 0 < (finding.outputs[0].value or 0) < 1
    assert "no reason against a test that is due" in finding.cautions[-1].message


@pytest.mark.parametrize(
    ("model", "name", "value", "unit"),
    [
        ("ckd_screen", "creatinine", 0.9, "mg/dL"),
        ("ckd_screen", "egfr", 78.0, "mL/min/{1.73_m2}"),
        ("albuminuria", "uacr", 12.0, "mg/g"),
        ("undiagnosed_diabetes", "hba1c", 5.4, "%"),
    ],
)
def test_a_screen_is_not_shown_where_the_test_was_done(
    model: str, name: str, value: float, unit: str
) -> None:
    assert found(person(*PRESSURE), model) is not None
    assert found(person(*PRESSURE, seen(name, value, unit)), model) is None


def test_a_screen_asked_for_by_name_says_that_the_measurement_decides_and_gives_no_number() -> None:
    record = person(*PRESSURE, seen("egfr", 78.0, "mL/min/{1.73_m2}"))
    finding = found(record, by_name=True)
    assert finding is not None
    assert finding.status is Status.OUT_OF_SCOPE
    assert finding.outputs[0].value is None
    assert "78" in finding.reason
    with using_language("zh"):
        chinese = found(record, by_name=True)
    assert chinese is not None
    assert "以测定结果为准" in chinese.reason


def test_an_acute_creatinine_is_no_reason_to_show_a_screen_instead() -> None:
    acute = seen("creatinine", 3.1, "mg/dL", setting="inpatient")
    assert found(person(*PRESSURE, acute)) is None


def test_an_older_measurement_stands_beside_the_number() -> None:
    finding = found(person(*PRESSURE, seen("creatinine", 1.4, "mg/dL", "2021-03-01")))
    assert finding is not None
    assert finding.status is Status.READY
    assert ("older_measurement", "creatinine") in [(c.code, c.input) for c in finding.cautions]


def test_a_second_run_over_the_same_record_says_nothing_twice_and_forgets_nothing() -> None:
    record = person(*PRESSURE, seen("creatinine", 1.4, "mg/dL", "2021-03-01"))
    first = assess(record, shipped(), as_of=TODAY)
    again = assess(record, shipped(), as_of=TODAY, previous=first)
    one, two = (next(f for f in a.findings if f.model == "ckd_screen") for a in (first, again))
    assert [c.code for c in one.cautions] == [c.code for c in two.cautions]


@pytest.mark.parametrize(("group", "told"), [("NH Black", True), ("NH White", False)])
def test_a_group_whose_rate_differs_is_told_beside_an_unchanged_number(group: str, told: bool) -> None:
    record = person(*PRESSURE)
    stated = replace(record, patient=replace(record.patient, ethnicity=group))
    plain, finding = found(record), found(stated)
    assert plain is not None
    assert finding is not None
    assert finding.outputs[0].value == plain.outputs[0].value
    assert ("group_rate" in [c.code for c in finding.cautions]) is told
