"""What stands on a patient's page: models about this patient, in order of what they say, cautions once."""

from __future__ import annotations

import pytest

from medgui.assessment.finding import Finding, Status
from medgui.assessment.run import assess
from medgui.i18n import using_language
from medgui.record.model import Record
from tests.assessment.people import TODAY, person, problem, seen, shipped

pytestmark = pytest.mark.skipif(
    "ckd_screen" not in shipped().bundles, reason="the screens are not in this checkout"
)
SCREENS = {"ckd_screen", "albuminuria", "undiagnosed_diabetes"}
PRESSURE = (seen("systolic_bp", 148.0, "mm[Hg]"), seen("diastolic_bp", 84.0, "mm[Hg]"))
MASS = tuple(
    seen(name, code, "")
    for name, code in {"birads": 4.0, "mass_shape": 4.0, "mass_margin": 4.0, "mass_density": 3.0}.items()
)


def shown(record: Record) -> list[Finding]:
    return list(assess(record, shipped(), as_of=TODAY).findings)


def names(record: Record) -> list[str]:
    return [finding.model for finding in shown(record)]


def test_age_and_sex_alone_bring_no_screen_to_the_page() -> None:
    assert not SCREENS & set(names(person()))
    assert set(names(person(*PRESSURE))) >= SCREENS


def test_values_that_are_too_old_bring_no_screen_either() -> None:
    old = (seen("systolic_bp", 148.0, "mm[Hg]", "2015-06-22"), seen("bmi", 31.0, "kg/m2", "2015-06-22"))
    assert not SCREENS & set(names(person(*old)))


@pytest.mark.parametrize(
    ("known", "screen"),
    [
        (problem("44054006", "Diabetes mellitus type 2"), "undiagnosed_diabetes"),
        (problem("709044004", "Chronic kidney disease"), "ckd_screen"),
        (problem("709044004", "Chronic kidney disease"), "albuminuria"),
    ],
)
def test_a_screen_for_a_known_disease_is_not_shown_and_says_why_where_it_is_asked_for(
    known: object, screen: str
) -> None:
    record = person(*PRESSURE, conditions=(known,))
    assert screen not in names(record)
    asked = assess(record, shipped(), as_of=TODAY, models=[screen]).findings
    assert [finding.status for finding in asked] == [Status.OUT_OF_SCOPE]


def test_what_speaks_of_the_patient_stands_before_what_guesses_at_a_test_and_before_a_demonstration() -> None:
    record = person(*PRESSURE, *MASS, seen("chest_pain_type", 3.0, ""))
    ready = [f.model for f in shown(record) if f.status is Status.READY and f.group != "prognosis"]
    assert ready.index("breast_mass") < min(ready.index(screen) for screen in SCREENS)
    assert ready[-1] == "cad"


def test_values_that_are_too_old_are_said_in_one_sentence() -> None:
    old = [
        seen(name, value, unit, "2015-06-22")
        for name, value, unit in (
            ("systolic_bp", 148.0, "mm[Hg]"),
            ("diastolic_bp", 84.0, "mm[Hg]"),
            ("bmi", 31.0, "kg/m2"),
            ("creatinine", 0.9, "mg/dL"),
        )
    ]
    finding = next(f for f in shown(person(*old)) if f.model == "mortality_10y")
    (said,) = (c.message for c in finding.cautions if c.code == "value_too_old")
    assert said.startswith("4 values are too old and are not used: Body mass index; Systolic pressure;")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "of 24 values are missing"), ("zh", "24 项输入中缺少")]
)
def test_many_missing_values_are_counted_and_not_listed(language: str, words: str) -> None:
    with using_language(language):
        finding = next(f for f in shown(person(*PRESSURE)) if f.model == "mortality_10y")
    (said,) = (c.message for c in finding.cautions if c.code == "input_imputed")
    assert words in said
    assert len(said) < 120


def test_a_file_without_age_sex_and_any_input_shows_no_risk_of_death() -> None:
    record = person(seen("M27891_at", 500.0, "{intensity}"), born="", sex=None)
    assert not {"mortality_10y", "cvd_death_10y", *SCREENS} & set(names(record))
