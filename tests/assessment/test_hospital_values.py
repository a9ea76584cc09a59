"""Formulas of one sample take hospital values; an optional value never moves the needed ones to an older day."""

from __future__ import annotations

import pytest

from medgui.assessment.finding import Finding, Status
from medgui.assessment.run import assess
from medgui.record.model import Observation
from tests.assessment.people import TODAY, person, seen, shipped

YESTERDAY, LAST_WEEK = "2026-11-20", "2026-11-14"
SALTS = {"sodium": 140.0, "chloride": 100.0, "bicarbonate": 16.0}


def salts(time: str = TODAY, **more: object) -> list[Observation]:
    return [seen(name, value, "mmol/L", time, **more) for name, value in SALTS.items()]


def one(model: str, *observations: Observation) -> Finding:
    found = assess(person(*observations), shipped(), models=[model]).findings
    return next(f for f in found if f.model == model)


def value(finding: Finding, name: str) -> float | None:
    return next(each.value for each in finding.outputs if each.name == name)


@pytest.mark.parametrize("setting", ["inpatient", "emergency", "ambulatory"])
def test_a_gap_is_computed_from_the_sample_of_a_ward(setting: str) -> None:
    found = one("anion_gap", *salts(setting=setting))
    assert found.status is Status.READY
    assert value(found, "anion_gap") == pytest.approx(24.0)


def test_kidney_function_of_outpatients_still_leaves_out_the_ward() -> None:
    found = one("ckd_epi_2021", seen("creatinine", 2.0, "mg/dL", setting="inpatient"))
    assert found.status is Status.MISSING_INPUT


def test_an_old_albumin_never_moves_the_gap_to_an_older_sample() -> None:
    found = one("anion_gap", *salts(), *salts(LAST_WEEK), seen("albumin", 2.0, "g/dL", LAST_WEEK))
    assert value(found, "anion_gap") == pytest.approx(24.0)
    assert value(found, "anion_gap_corrected") is None
    assert {used.time for used in found.inputs if used.name in SALTS} == {TODAY}
    assert any(caution.code == "values_apart" for caution in found.cautions)


def test_an_optional_value_is_taken_from_the_day_of_the_sample() -> None:
    albumins = [seen("albumin", 2.0, "g/dL", YESTERDAY), seen("albumin", 4.0, "g/dL", TODAY)]
    found = one("anion_gap", *salts(LAST_WEEK), *albumins, seen("albumin", 3.0, "g/dL", LAST_WEEK))
    assert value(found, "anion_gap_corrected") == pytest.approx(24.0 + 2.5)


def test_a_measured_osmolality_of_another_day_gives_no_gap() -> None:
    blood = [
        seen("sodium", 140.0, "mmol/L"),
        seen("glucose", 90.0, "mg/dL"),
        seen("bun", 14.0, "mg/dL"),
        seen("osmolality_measured", 330.0, "mosm/kg", YESTERDAY),
    ]
    found = one("serum_osmolality", *blood)
    assert value(found, "osmolality") == pytest.approx(290.0)
    assert value(found, "osmolal_gap") is None
    assert "ethanol" in found.notice.lower()


def test_needed_values_of_two_days_are_no_sample() -> None:
    later = [each for each in salts() if each.variable != "sodium"]
    found = one("anion_gap", seen("sodium", 140.0, "mmol/L", YESTERDAY), *later)
    assert found.status is Status.MISSING_INPUT


def test_water_is_planned_by_a_sodium_of_these_days_alone() -> None:
    weight = seen("weight", 70.0, "kg", YESTERDAY)
    assert (
        one("free_water_deficit", weight, seen("sodium", 160.0, "mmol/L", YESTERDAY)).status is Status.READY
    )
    old = one("free_water_deficit", weight, seen("sodium", 160.0, "mmol/L", LAST_WEEK))
    assert old.status is Status.MISSING_INPUT


def test_meld_is_made_from_values_of_three_months() -> None:
    def row(time: str) -> list[Observation]:
        return [
            seen("bilirubin_total", 3.0, "mg/dL", time, setting="inpatient"),
            seen("inr", 1.8, "1", time, setting="inpatient"),
            seen("creatinine", 1.5, "mg/dL", time, setting="inpatient"),
            seen("dialysis_past_week", False, ""),
            seen("cirrhosis", True, ""),
        ]

    assert one("meld", *row(LAST_WEEK)).status is Status.READY
    assert one("meld", *row("2026-06-01")).status is Status.MISSING_INPUT
