"""How laboratories and hospitals really write HL7 v2: what is a number, whose it is, and which result holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from medgui.errors import SeveralPatients
from tests.readers.hl7_build import PID, header, message, obr, obx, read, results

OTHER_NAME = PID.replace("WEISS^ZOE^M", "BLACK^JOE")
MARRIED = PID.replace("WEISS^ZOE^M", "SCHWARZ^ZOE^MARIE")


def about(pid: str, *segments: str, time: str = "20261103120000") -> str:
    """One message about somebody."""
    return "\r".join((header(time=time), pid, *segments)) + "\r"


# Values


@pytest.mark.parametrize(
    ("text", "code", "variable", "value", "unit"),
    [
        ("5,2 mmol/L", "2823-3^K^LN", "potassium", 5.2, "mmol/L"),
        ("< 5,0 mg/l", "1988-5^CRP^LN", "crp", 5.0, "mg/L"),
        ("98.6 F", "8310-5^Temp^LN", "temperature", 37.0, "Cel"),
        ("5' 8\"", "8302-2^Height^LN", "height", 172.72, "cm"),
        ("194 lb 8 oz", "29463-7^Weight^LN", "weight", 88.22, "kg"),
    ],
)
def test_a_unit_inside_the_value_is_read(
    tmp_path: Path, text: str, code: str, variable: str, value: float, unit: str
) -> None:
    (found,) = results(tmp_path, obx(text, code, "ST", ""))
    assert (found.variable, found.unit, found.usable) == (variable, unit, True)
    assert found.value == pytest.approx(value, abs=0.01)


@pytest.mark.parametrize("kind", ["NM", "ST"])
@pytest.mark.parametrize(
    ("text", "value", "comparator"), [("5,2", 5.2, ""), ("< 0,1", 0.1, "<"), ("＞90", 90.0, ">")]
)
def test_a_decimal_comma_is_one_before_one_or_two_digits(
    tmp_path: Path, kind: str, text: str, value: float, comparator: str
) -> None:
    (found,) = results(tmp_path, obx(text, kind=kind))
    assert (found.value, found.comparator, found.value_as_written) == (value, comparator, text)


@pytest.mark.parametrize("text", ["1,234", "10,000", "1.234,5", "5,2,1"])
def test_a_comma_that_may_part_thousands_makes_no_number(tmp_path: Path, text: str) -> None:
    (found,) = results(tmp_path, obx(text))
    assert (found.value, found.usable) == (text, False)


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ("44～97", (44.0, 97.0)),
        ("0--40", (0.0, 40.0)),
        ("-5--1", (-5.0, -1.0)),
        ("5--1", None),
        ("44-97 (M)", None),
    ],
)
def test_ranges_with_two_strokes_and_wide_signs_are_ranges(
    tmp_path: Path, limits: str, expected: tuple[float, float] | None
) -> None:
    (found,) = results(tmp_path, obx("7", "X^x^L", limits=limits))
    assert found.reference_range == expected


@pytest.mark.parametrize("text", ["120/80", "120 / 80", "120/80 mmHg"])
def test_two_pressures_in_one_text_are_two_values(tmp_path: Path, text: str) -> None:
    found = results(tmp_path, obx(text, "85354-9^BP^LN", "ST", ""))
    assert [(one.variable, one.value) for one in found] == [("systolic_bp", 120.0), ("diastolic_bp", 80.0)]


def test_a_vital_sign_whose_name_contradicts_its_code_is_not_used(tmp_path: Path) -> None:
    (found,) = results(tmp_path, obx("100", "8462-4^Systolic BP^LN", unit="mmHg"))
    assert (found.usable, found.unusable_reason) == (False, "Its code and its words contradict each other.")


@pytest.mark.parametrize("code", ["2345-7^Glucose, Urine^LN", "2345-7^Glucose^LN^GLUU^Glucose urine^L"])
def test_a_serum_code_under_the_name_of_urine_is_not_serum(tmp_path: Path, code: str) -> None:
    (found,) = results(tmp_path, obx("100", code, unit="mg/dL"))
    assert found.variable == ""


# Which result holds


def test_a_correction_holds_whatever_its_place_in_the_file(tmp_path: Path) -> None:
    later = message(obr(status="C"), obx("5.2", status="C"), time="20261103130000")
    record = read(tmp_path, later + message(obr(), obx("5.0")))
    assert [(one.value, one.status) for one in record.observations] == [(5.2, "corrected")]


def test_a_result_sent_again_with_another_value_replaces_the_first(tmp_path: Path) -> None:
    record = read(tmp_path, message(obr(), obx("5.0")) + message(obr(), obx("5.2"), time="20261103130000"))
    assert [one.value for one in record.observations] == [5.2]
    assert len(record.cleaned) == 1


@pytest.mark.parametrize(
    "second",
    [
        message(obr("F2"), obx("5.2"), time="20261103130000"),
        message(obr(), obx("5.2", sub="2"), time="20261103130000"),
        message(obr(), obx("5.2")),
    ],
    ids=["another order", "another sub-id", "no later message"],
)
def test_other_results_stay_beside_each_other(tmp_path: Path, second: str) -> None:
    record = read(tmp_path, message(obr(), obx("5.0")) + second)
    assert [one.value for one in record.observations] == [5.0, 5.2]


# Whose it is


@pytest.mark.parametrize("pid", [OTHER_NAME, OTHER_NAME.replace("19700517", "")])
def test_one_number_with_another_name_is_not_read_as_one_patient(tmp_path: Path, pid: str) -> None:
    with pytest.raises(SeveralPatients):
        read(tmp_path, about(PID, obr(), obx("5.0")) + about(pid, obr("F2"), obx("6.0")))


def test_a_name_that_changed_with_a_marriage_is_one_patient(tmp_path: Path) -> None:
    record = read(
        tmp_path, about(PID, obr(), obx("5.0")) + about(MARRIED, obr("F2"), obx("6.0"), time="20261104")
    )
    assert (record.patient.family, len(record.observations)) == ("SCHWARZ", 2)


@pytest.mark.parametrize(("code", "sex"), [("男", "male"), ("女", "female"), ("X", None)])
def test_sex_may_be_a_word(tmp_path: Path, code: str, sex: str | None) -> None:
    record = read(tmp_path, about(PID.replace("|F", f"|{code}"), obr(), obx()))
    assert record.patient.sex == sex


# Allergies


def test_allergies_that_are_denied_or_not_known_are_no_allergies(tmp_path: Path) -> None:
    segments = (
        "AL1|1|DA|^No known drug allergies",
        "AL1|2|DA|^NO KNOWN ALLERGIES TO DRUGS",
        "AL1|3|DA|^No allergies to penicillin",
        "AL1|4|DA|^None",
        "AL1|5|DA|^Unknown",
        "AL1|6|DA|7982^Penicillin^RXNORM",
    )
    record = read(tmp_path, message(*segments, kind="ADT^A01"))
    assert [(one.name, one.negated, one.verification) for one in record.allergies] == [
        ("No known drug allergies", True, ""),
        ("NO KNOWN ALLERGIES TO DRUGS", True, ""),
        ("No allergies to penicillin", False, "refuted"),
        ("Penicillin", False, ""),
    ]
    assert [note.line for note in record.unread] == [6, 7]
