"""A screen gives way to the measurement that it guesses at, and shows a group's own rate."""

from __future__ import annotations

from dataclasses import replace

import pytest

from medgui.assessment.finding import Finding, Status
from medgui.assessment.run import assess, what_if
from medgui.i18n import format_percent, using_language
from medgui.record.model import Record
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


def stating(group: str) -> Record:
    record = person(*PRESSURE)
    return replace(record, patient=replace(record.patient, ethnicity=group))


@pytest.mark.parametrize(("group", "told"), [("NH Black", True), ("NH White", False)])
def test_a_group_whose_rate_differs_is_told_beside_an_unchanged_number(group: str, told: bool) -> None:
    """In a clinic outside the United States a stated group moves nothing."""
    plain = found(person(*PRESSURE))
    assessment = assess(stating(group), shipped(), as_of=TODAY, region="china")
    finding = next(f for f in assessment.findings if f.model == "ckd_screen")
    assert plain is not None
    assert finding.outputs[0].value == plain.outputs[0].value
    codes = [c.code for c in finding.cautions]
    assert "group_not_used" in codes
    assert "group_shift" not in codes
    assert ("group_rate" in codes) is told


@pytest.mark.parametrize(("group", "rises", "told"), [("NH Black", True, False), ("NH Asian", False, True)])
def test_a_stated_group_moves_the_number_and_the_number_without_it_stands_beside_it(
    group: str, rises: bool, told: bool
) -> None:
    plain, finding = found(person(*PRESSURE)), found(stating(group))
    assert plain is not None
    assert finding is not None
    before, after = plain.outputs[0].value or 0, finding.outputs[0].value or 0
    assert (after > before) is rises
    shift = next(c for c in finding.cautions if c.code == "group_shift")
    assert f"Without it: {format_percent(before)}" in shift.message
    assert "no cause" in shift.message
    assert ("group_rate" in [c.code for c in finding.cautions]) is told
    used = next(used for used in finding.inputs if used.name == "ethnicity")
    assert used.marker
    assert not used.editable


def test_a_group_is_left_out_by_one_answer() -> None:
    plain = found(person(*PRESSURE))
    assert plain is not None
    changed = what_if(stating("NH Black"), shipped(), "ckd_screen", {"ethnicity": None}, as_of=TODAY)
    assert changed.outputs[0].value == plain.outputs[0].value
    assert "group_shift" not in [c.code for c in changed.cautions]


@pytest.mark.parametrize("hint", ["Black", "Han", "2054-5", ""])
def test_a_hint_of_a_group_moves_nothing(hint: str) -> None:
    plain, finding = found(person(*PRESSURE)), found(stating(hint))
    assert plain is not None
    assert finding is not None
    assert finding.outputs[0].value == plain.outputs[0].value
