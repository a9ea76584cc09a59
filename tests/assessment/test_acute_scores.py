"""An acute score takes inpatient values of one encounter; the others do not."""

from __future__ import annotations

from dataclasses import replace

from medgui.assessment.features import build_row
from medgui.inference.manifest import Manifest
from medgui.record.resolve import resolve
from medgui.record.value import Gap
from tests.assessment.people import TODAY, person, seen, shipped

INPATIENT = {"setting": "inpatient"}


def _manifest(acute: bool) -> Manifest:
    prevent = shipped().get("prevent").manifest
    kept = tuple(spec for spec in prevent.inputs if spec.name in ("systolic_bp", "egfr", "bmi"))
    return replace(prevent, inputs=kept, exclusions=(), acute=acute)


def _row(acute: bool, *observations: object) -> dict[str, float]:
    row = build_row(person(*observations), _manifest(acute), as_of=TODAY, suppliers={})  # type: ignore[arg-type]
    return {used.name: x for used, x in zip(row.inputs, row.x, strict=True)}


def test_inpatient_values_are_for_acute_scores_alone() -> None:
    found = seen("systolic_bp", 88.0, "mm[Hg]", f"{TODAY}T08:00:00", **INPATIENT)
    assert _row(True, found)["systolic_bp"] == 88
    assert _row(False, found)["systolic_bp"] != 88


def test_the_last_reading_counts_and_not_the_mean_of_the_day() -> None:
    early = seen("systolic_bp", 140.0, "mm[Hg]", f"{TODAY}T02:00:00", **INPATIENT)
    late = seen("systolic_bp", 80.0, "mm[Hg]", f"{TODAY}T09:00:00", **INPATIENT)
    assert _row(True, early, late)["systolic_bp"] == 80
    assert resolve(person(early, late), "systolic_bp", as_of=TODAY).gap is Gap.ACUTE


def test_values_more_than_a_day_before_the_newest_are_left_out() -> None:
    pressure = seen("systolic_bp", 90.0, "mm[Hg]", f"{TODAY}T20:00:00", **INPATIENT)
    egfr = seen("egfr", 60.0, "mL/min/{1.73_m2}", "2026-11-20T21:00:00", **INPATIENT)
    older = seen("egfr", 60.0, "mL/min/{1.73_m2}", "2026-11-20T19:00:00", **INPATIENT)
    bmi = seen("bmi", 30.0, "kg/m2", "2026-09-01")
    assert _row(True, pressure, egfr, bmi) == {"systolic_bp": 90, "egfr": 60, "bmi": 30}
    apart = _row(True, pressure, older, bmi)
    assert apart["egfr"] != 60
    assert (apart["systolic_bp"], apart["bmi"]) == (90, 30)


def test_last_months_laboratory_is_no_acute_value_and_says_so_in_days() -> None:
    old = seen("egfr", 60.0, "mL/min/{1.73_m2}", "2026-10-21", **INPATIENT)
    row = build_row(person(old), _manifest(True), as_of=TODAY, suppliers={})
    used = next(each for each in row.inputs if each.name == "egfr")
    assert used.value is None
    assert "1 day" in used.reason


def test_a_pressure_measured_at_home_is_no_acute_value() -> None:
    home = seen("systolic_bp", 120.0, "mm[Hg]", f"{TODAY}T08:00:00", setting="home")
    assert _row(True, home)["systolic_bp"] != 120
