"""What the course of values over time adds to a single one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from medgui.assessment.course import course_cautions
from medgui.assessment.finding import InputUsed
from medgui.assessment.run import assess
from medgui.record.model import Origin
from tests.assessment.people import TODAY, example, person, seen, shipped


@pytest.mark.parametrize(
    ("before", "when", "after", "steady"),
    [
        (0.9, "2026-11-20", 1.2, False),
        (0.9, "2026-11-20", 1.1, True),
        (0.8, "2026-11-15", 1.2, False),
        (0.8, "2026-10-01", 1.6, True),
        (1.2, "2026-11-20", 0.9, True),
    ],
)
def test_a_creatinine_that_rises_makes_the_egfr_unsteady(
    before: float, when: str, after: float, steady: bool
) -> None:
    record = person(seen("creatinine", before, "mg/dL", when), seen("creatinine", after, "mg/dL"))
    found = next(f for f in assess(record, shipped()).findings if f.model == "ckd_epi_2021")
    assert ("creatinine_not_steady" not in {c.code for c in found.cautions}) is steady


def test_an_unsteady_egfr_is_said_where_it_is_used() -> None:
    record = example(egfr=None)
    values = (seen("creatinine", 0.8, "mg/dL", "2026-11-20"), seen("creatinine", 1.2, "mg/dL"))
    record = replace(record, observations=(*record.observations, *values))
    found = next(f for f in assess(record, shipped()).findings if f.model == "prevent")
    assert "creatinine_not_steady" in {c.code for c in found.cautions}


@pytest.mark.parametrize(("start", "older"), [("2026-11-10", True), ("2026", False), ("2026-11-01", False)])
def test_lipids_older_than_the_statin_are_flagged(start: str, older: bool) -> None:
    inputs = [
        InputUsed("statin", "On a statin", 1.0, "1", Origin.FILE, time=start),
        InputUsed("total_cholesterol", "Total cholesterol", 200.0, "mg/dL", Origin.FILE, time="2026-11-03"),
    ]
    codes = {c.code for c in course_cautions(person(), inputs, TODAY)}
    assert ("lipids_before_statin" in codes) is older
