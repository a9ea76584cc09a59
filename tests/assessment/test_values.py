"""Raw values have their own rows, whatever the models do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from medgui.assessment.finding import Finding, Level
from medgui.assessment.run import assess
from medgui.record.model import Question
from tests.assessment.people import person, seen, shipped


def rows(record: object, region: str = "us") -> dict[str, Finding]:
    return {f.model: f for f in assess(record, shipped(), region=region).findings if f.kind == "value"}  # type: ignore[arg-type]


def pressure(systolic: float, diastolic: float, **more: object) -> tuple[object, object]:
    return (
        seen("systolic_bp", systolic, "mm[Hg]", **more),  # type: ignore[arg-type]
        seen("diastolic_bp", diastolic, "mm[Hg]", **more),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("region", "systolic", "diastolic", "word"),
    [
        ("us", 119, 79, "Normal"),
        ("us", 125, 79, "Elevated"),
        ("us", 125, 80, "Stage 1"),
        ("us", 139, 89, "Stage 1"),
        ("us", 140, 70, "Stage 2"),
        ("china", 139, 89, "High normal"),
        ("china", 159, 99, "Grade 1"),
        ("china", 160, 80, "Grade 2"),
        ("china", 150, 110, "Grade 3"),
        ("europe", 129, 84, "Normal"),
        ("europe", 130, 70, "High normal"),
        ("europe", 119, 79, "Optimal"),
    ],
)
def test_a_pressure_has_the_word_of_the_clinics_guideline(
    region: str, systolic: float, diastolic: float, word: str
) -> None:
    found = rows(person(*pressure(float(systolic), float(diastolic))), region)["blood_pressure"]
    category = found.outputs[0].category
    assert category is not None
    assert category.text.startswith(word)
    assert category.guideline


def test_a_region_without_a_table_gets_the_figures_alone() -> None:
    found = rows(person(*pressure(150.0, 95.0)), "other")["blood_pressure"]
    assert found.outputs[0].value == 150.0
    assert found.outputs[0].category is None


def test_the_figure_as_shown_decides_the_class() -> None:
    found = rows(person(*pressure(139.6, 70.0)))["blood_pressure"]
    assert found.outputs[0].category is not None
    assert "Stage 2" in found.outputs[0].category.text


def test_a_diastolic_pressure_that_is_not_below_the_systolic_one_has_no_category() -> None:
    found = rows(person(*pressure(150.0, 160.0)))["blood_pressure"]
    assert found.outputs[0].category is None
    assert [caution.code for caution in found.cautions] == ["contradictory_inputs"]


def test_a_measured_value_has_no_interval() -> None:
    found = rows(person(*pressure(150.0, 95.0)))["blood_pressure"]
    assert all(output.interval is None for output in found.outputs)


def test_a_child_and_a_pregnant_woman_get_no_pressure_category() -> None:
    child = person(*pressure(150.0, 95.0), born="2015-01-01")
    pregnant = person(*pressure(150.0, 95.0), seen("pregnant", True, "", "2026-10-01"))
    for record in (child, pregnant):
        assert rows(record)["blood_pressure"].outputs[0].category is None


@pytest.mark.parametrize(("systolic", "diastolic"), [(180.0, 80.0), (150.0, 120.0), (210.0, 130.0)])
def test_a_pressure_of_180_or_120_has_a_row_of_its_own(systolic: float, diastolic: float) -> None:
    found = rows(person(*pressure(systolic, diastolic)))["severe_blood_pressure"]
    assert any(o.category and o.category.level is Level.HIGH for o in found.outputs)


def test_a_severe_reading_in_hospital_is_shown_although_no_model_uses_it() -> None:
    record = person(*pressure(190.0, 100.0, setting="inpatient"))
    assert "severe_blood_pressure" in rows(record)


def test_a_later_normal_reading_ends_the_severe_row() -> None:
    record = person(*pressure(190.0, 100.0, time="2026-10-01"), *pressure(130.0, 80.0))
    assert "severe_blood_pressure" not in rows(record)


def test_the_highest_reading_of_the_day_counts_not_the_mean() -> None:
    first, second = seen("systolic_bp", 186.0, "mm[Hg]"), seen("systolic_bp", 160.0, "mm[Hg]")
    record = person(first, second, seen("diastolic_bp", 90.0, "mm[Hg]"))
    found = rows(record)
    assert found["severe_blood_pressure"].outputs[0].value == 186.0


def test_a_severe_reading_that_is_asked_about_waits_for_the_answer() -> None:
    systolic, diastolic = pressure(190.0, 100.0)
    record = replace(
        person(systolic, diastolic),  # type: ignore[arg-type]
        questions=(Question("q", "value_implausible", "?", observation=systolic.id),),  # type: ignore[attr-defined]
    )
    assert "severe_blood_pressure" not in rows(record)


def test_a_critical_potassium_has_a_row_with_its_source() -> None:
    potassium = seen("", 6.9, "mmol/L", code="2823-3", name="Potassium")
    found = rows(person(potassium))["critical_2823-3"]
    assert found.outputs[0].value == 6.9
    assert found.outputs[0].category is not None
    assert "Kost" in found.outputs[0].category.guideline


def test_potassium_in_milliequivalents_is_the_same() -> None:
    potassium = seen("", 6.9, "meq/L", code="2823-3", name="Potassium")
    assert "critical_2823-3" in rows(person(potassium))


def test_glucose_is_converted_before_it_is_judged() -> None:
    high = seen("glucose", 30.0, "mmol/L", code="14749-6")
    usual = seen("glucose", 5.5, "mmol/L", code="14749-6")
    assert "critical_glucose" in rows(person(high))
    assert "critical_glucose" not in rows(person(usual))


def test_the_laboratorys_own_flag_counts_whatever_the_analyte() -> None:
    troponin = seen("", 5.2, "ug/L", code="10839-9", name="Troponin I", interpretation="HH")
    found = rows(person(troponin))["critical_10839-9"]
    assert found.outputs[0].category is not None
    assert "laboratory" in found.outputs[0].category.guideline


def test_what_is_not_used_or_old_has_no_row() -> None:
    unused = seen("", 6.9, "mmol/L", code="2823-3", name="Potassium", usable=False)
    old = seen("", 6.9, "mmol/L", "2024-01-01", code="2823-3", name="Potassium")
    assert rows(person(unused)) == {}
    assert rows(person(old)) == {}
