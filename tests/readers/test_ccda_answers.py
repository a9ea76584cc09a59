"""Vital signs, smoking and pregnancy in C-CDA as vendors code them, and the words and times that decide."""

from __future__ import annotations

from pathlib import Path

import pytest

from medgui.record.model import Observation
from medgui.record.resolve import resolve
from tests.readers.build_ccda import (
    LOINC,
    SNOMED,
    choice,
    coded,
    measured,
    nested,
    observation,
    organizer,
    quantity,
    read,
    section,
    value,
)

SMOKING = "2.16.840.1.113883.10.20.22.4.78"
SMOKING_AS_PRINTED = "2.16.840.1.113883.10.22.4.78"
TOBACCO_USE = "2.16.840.1.113883.10.20.22.4.85"
PREGNANCY = "2.16.840.1.113883.10.20.15.3.8"
ACT_CODES = "2.16.840.1.113883.5.4"


def stated(
    held: str,
    *,
    template: str = SMOKING,
    code: str = '<code code="72166-2" codeSystem="2.16.840.1.113883.6.1"/>',
    time: str = '<effectiveTime value="20260220"/>',
    status: str = "completed",
) -> str:
    """A statement of social history."""
    return (
        f'<observation classCode="OBS" moodCode="EVN"><templateId root="{template}"/>{code}'
        f'<statusCode code="{status}"/>{time}{held}</observation>'
    )


def between(first: str, last: str = "") -> str:
    """A time with a beginning and perhaps an end."""
    end = f'<high value="{last}"/>' if last else ""
    return f'<effectiveTime><low value="{first}"/>{end}</effectiveTime>'


def answer(folder: Path, statement: str) -> Observation:
    """The one observation of a social history."""
    (found,) = read(folder, section("social", statement)).observations
    return found


# Vital signs


@pytest.mark.parametrize(
    ("code", "number", "unit", "variable"),
    [
        (coded("code", "WT", LOINC, "Weight"), "88", "kg", "weight"),
        (coded("code", "1001", "1.2.3.4", "Body Weight"), "88", "kg", "weight"),
        ('<code nullFlavor="OTH"><originalText>Body Mass Index</originalText></code>', "28", "kg/m2", "bmi"),
        (coded("code", "8716-3", LOINC, "Pulse"), "80", "/min", "heart_rate"),
        (coded("code", "BP", "1.2.3.4", "Blood pressure systolic"), "120", "mm[Hg]", "systolic_bp"),
        (coded("code", "20564-1", LOINC, "O2 Sat"), "95", "%", "oxygen_saturation"),
        (coded("code", "59417-6", LOINC, "SpO2"), "95", "%", "oxygen_saturation"),
        (coded("code", "41909-3", LOINC, "BMI"), "28", "kg/m2", "bmi"),
        (coded("code", "8287-5", LOINC, "Head"), "57", "cm", "head_circumference"),
        (coded("code", "8339-4", LOINC, "Weight"), "3.2", "kg", ""),
        (coded("code", "X-9", "1.2.3.4", "Pulse pressure"), "40", "mm[Hg]", ""),
    ],
)  # fmt: skip
def test_a_vital_sign_is_known_by_its_code_or_else_by_its_exact_name(
    tmp_path: Path, code: str, number: str, unit: str, variable: str
) -> None:
    """A code of LOINC that means something else is never overruled by a name."""
    entry = f'<observation classCode="OBS" moodCode="EVN">{code}<statusCode code="completed"/>{quantity(number, unit)}'
    (found,) = read(tmp_path, section("vitals", organizer(entry + "</observation>"))).observations
    assert found.variable == variable
    by_name = bool(variable) and not any(
        standard in code for standard in ("20564-1", "59417-6", "41909-3", "8287-5")
    )
    assert found.note == ("Known by its name; it has no standard code." if by_name else "")


def test_a_name_alone_says_nothing_outside_the_vital_signs(tmp_path: Path) -> None:
    """Oxygen saturation of blood among results may be venous; a local code is for the clinic to name."""
    entries = (
        observation("20564-1", quantity("70", "%"), name="Oxygen saturation"),
        observation("SAT", quantity("70", "%"), system="1.2.3", name="Oxygen saturation"),
    )
    record = read(tmp_path, section("results", organizer(*entries)))
    assert [found.variable for found in record.observations] == ["", ""]


@pytest.mark.parametrize(
    ("code", "name", "number", "unit"),
    [("8867-4", "Respiratory rate", "66", "/min"), ("8462-4", "Systolic BP", "90", "mm[Hg]")],
)
def test_a_vital_sign_whose_name_contradicts_its_code_is_not_used(
    tmp_path: Path, code: str, name: str, number: str, unit: str
) -> None:
    """Neither is believed against the other."""
    entry = observation(code, quantity(number, unit), name=name)
    (found,) = read(tmp_path, section("vitals", organizer(entry))).observations
    assert (found.usable, found.unusable_reason) == (False, "Its code and its words contradict each other.")


@pytest.mark.parametrize(
    ("code", "name", "panel"),
    [("2345-7", "Glucose, Urine", "Chemistry"), ("2345-7", "Glucose", "Urinalysis complete")],
)
def test_a_serum_code_under_the_name_of_urine_is_not_serum(
    tmp_path: Path, code: str, name: str, panel: str
) -> None:
    """The specimen belongs to the analyte, wherever it is named (SAFETY 6)."""
    head = coded("code", "24357-6", LOINC, panel)
    record = read(
        tmp_path,
        section("results", organizer(observation(code, quantity("50", "mg/dL"), name=name), more=head)),
    )
    assert record.observations[0].variable == ""


def test_a_number_below_another_result_is_read(tmp_path: Path) -> None:
    """A panel written as an observation holds its members; what only explains it is no result."""
    member = observation("718-7", quantity("13", "g/dL"))
    remark = observation("48767-8", quantity("1", "g"))
    panel = observation(
        "58410-2", value("CD", 'nullFlavor="NA"'), more=nested("SUBJ", member) + nested("SUBJ", remark)
    )
    record = read(tmp_path, section("results", organizer(panel)))
    assert [(found.variable, found.value) for found in record.observations] == [
        ("", None),
        ("haemoglobin", 13.0),
    ]


# Times


@pytest.mark.parametrize(
    ("written", "time"),
    [
        ("20260220 10:30", "2026-02-20T10:30:00"),
        ("20260220T10:30:00", "2026-02-20T10:30:00"),
        ("2026/02/20", "2026-02-20"),
        ("2026-02-20 10:30", "2026-02-20T10:30:00"),
    ],
)
def test_times_with_colons_and_strokes_are_times(tmp_path: Path, written: str, time: str) -> None:
    """In the order of year, month and day there is no doubt."""
    assert measured(tmp_path, quantity("200", "mg/dL"), time=written).time == time


@pytest.mark.parametrize("written", ["02/20/2026", "Feb 20 2026", "20260231"])
def test_a_time_that_is_not_understood_is_named(tmp_path: Path, written: str) -> None:
    """The value does not silently take the time of something else."""
    found = measured(tmp_path, quantity("200", "mg/dL"), time=written)
    assert found.time == ""
    assert written in found.note


# Smoking


@pytest.mark.parametrize(
    ("held", "smokes"),
    [
        (choice("449868002", "Smokes tobacco daily"), True),
        (choice("230063004"), True),
        (choice("160606002"), True),
        (choice("266924008"), False),
        (choice("X-1", "Former smoker", "1.2.3"), False),
        (value("ST", "", "Current every day smoker"), True),
        (value("ST", "", "Heavy tobacco smoker"), True),
        (value("ST", "", "Never smoked tobacco"), False),
        (choice("77176002", "Smoker"), True),
        (choice("77176002", "Smoker, current status unknown"), None),
        (value("ST", "", "Unknown if ever smoked"), None),
        (choice("266927001", "Unknown if ever smoked"), None),
    ],
)
def test_smoking_is_read_from_codes_and_from_whole_words(
    tmp_path: Path, held: str, smokes: bool | None
) -> None:
    """“Unknown” in code or words is no answer (SAFETY 7)."""
    found = answer(tmp_path, stated(held))
    assert (found.variable, found.value, found.usable) == ("current_smoker", smokes, True)


@pytest.mark.parametrize(
    ("template", "code"),
    [
        (SMOKING_AS_PRINTED, coded("code", "ASSERTION", ACT_CODES)),
        (TOBACCO_USE, coded("code", "11367-0", LOINC)),
        ("1.2", coded("code", "229819007", SNOMED)),
        ("1.2", '<code nullFlavor="UNK"><originalText>Smoking</originalText></code>'),
    ],
)
def test_smoking_is_known_under_each_generation_of_template_and_code(
    tmp_path: Path, template: str, code: str
) -> None:
    """The answer is coded as one about smoking; the question is asked in many ways."""
    found = answer(tmp_path, stated(choice("8517006", "Former smoker"), template=template, code=code))
    assert (found.variable, found.value) == ("current_smoker", False)


def test_never_of_another_question_is_not_never_smoked(tmp_path: Path) -> None:
    """Tobacco that is not smoked, and alcohol, have the same words."""
    code = coded("code", "229819007", SNOMED, "Tobacco use")
    assert answer(tmp_path, stated(value("ST", "", "Never"), template="1.2", code=code)).variable == ""


def test_smoking_that_has_ended_is_no_current_smoking(tmp_path: Path) -> None:
    """Its end is stated; the statement is kept and not used."""
    found = answer(tmp_path, stated(choice("449868002"), time=between("20240101", "20251231")))
    assert (found.usable, found.unusable_reason) == (False, "It was so until 2025-12-31 only.")


def test_a_former_smoker_is_one_on_the_day_of_the_document(tmp_path: Path) -> None:
    """The years are those of smoking, not of the statement."""
    former = stated(choice("8517006", "Former smoker"), time=between("19900101", "20110301"))
    record = read(tmp_path, section("social", former))
    assert record.observations[0].note == "From 1990-01-01 to 2011-03-01."
    assert resolve(record, "current_smoker", as_of="2026-03-02").value == 0.0


def test_an_active_habit_is_a_final_statement(tmp_path: Path) -> None:
    """Systems write the status of the habit where that of the observation belongs."""
    assert answer(tmp_path, stated(choice("449868002"), status="active")).usable


@pytest.mark.parametrize(("last", "usable"), [("20260101", False), ("20260801", True), ("", True)])
def test_a_pregnancy_that_is_over_is_not_used(tmp_path: Path, last: str, usable: bool) -> None:
    """An end that is still to come is the day on which the child is due."""
    code = coded("code", "ASSERTION", ACT_CODES)
    time = between("20251101", last)
    found = answer(tmp_path, stated(choice("77386006"), template=PREGNANCY, code=code, time=time))
    assert (found.value, found.usable) == (True, usable)


# Amounts and ranges


@pytest.mark.parametrize(
    ("code", "words", "number"),
    [
        ("8302-2", "5'8\"", 172.72),
        ("8302-2", "5' 8", 172.72),
        ("8302-2", "5 ft. 8 in.", 172.72),
        ("8302-2", "5 feet, 8.5 inches", 173.99),
        ("29463-7", "194 lbs 8 oz", 88.22),
    ],
)
def test_two_units_in_one_text_are_one_amount(tmp_path: Path, code: str, words: str, number: float) -> None:
    """Feet and inches, pounds and ounces; the text stays as written."""
    found = measured(tmp_path, value("ST", "", words.replace('"', "&quot;")), code)
    assert found.value == pytest.approx(number, abs=0.01)
    assert (found.value_as_written, found.unit_as_written, found.usable) == (words, "", True)


@pytest.mark.parametrize("words", ["5'13\"", "5-8", "5'8\" (172 cm)", "194 lbs 20 oz"])
def test_what_is_not_surely_two_units_stays_a_text(tmp_path: Path, words: str) -> None:
    """A foot has twelve inches, a pound sixteen ounces."""
    code = "29463-7" if "lbs" in words else "8302-2"
    assert not measured(tmp_path, value("ST", "", words.replace('"', "&quot;")), code).usable


def test_feet_without_a_unit_are_asked_about(tmp_path: Path) -> None:
    """5.8 is 5 ft 10 in as a number, and 5 ft 8 in as many write it."""
    record = read(tmp_path, section("vitals", organizer(observation("8302-2", quantity("5.8")))))
    assert [question.code for question in record.questions] == ["unit_missing"]


@pytest.mark.parametrize(
    ("words", "limits"),
    [("(0.6-1.3)", (0.6, 1.3)), ("[0.6 - 1.3]", (0.6, 1.3)), ("0.6 to 1.3", (0.6, 1.3)),
     ("6-13 mg/L", (0.6, 1.3)), ("0.6-1.3 mmHg", None), ("M: 0.7-1.3, F: 0.6-1.1", None)],
)  # fmt: skip
def test_a_normal_range_in_words_is_read_where_it_is_one_range(
    tmp_path: Path, words: str, limits: tuple[float, float] | None
) -> None:
    """Its own unit counts; one that measures something else makes it none."""
    written = f"<referenceRange><observationRange><text>{words}</text></observationRange></referenceRange>"
    found = measured(tmp_path, quantity("1", "mg/dL"), "2160-0", more=written)
    assert found.reference_range == limits


def test_ranges_for_men_and_for_women_are_no_range_of_this_patient(tmp_path: Path) -> None:
    """The first one is not hers because it is the first."""
    both = "".join(
        f"<referenceRange><observationRange><text>{words}</text></observationRange></referenceRange>"
        for words in ("14-18", "12-16")
    )
    assert measured(tmp_path, quantity("13", "g/dL"), "718-7", more=both).reference_range is None
