"""HL7 v2: who a file is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from medgui.errors import SeveralPatients, UserError
from medgui.record.model import Record
from tests.readers.hl7_build import PID, header, message, obr, obx, read


def about(folder: Path, *pids: str, kind: str = "ADT^A08") -> Record:
    """The record of one message for each PID segment."""
    return read(folder, "\r".join(f"{header(kind)}\r{pid}" for pid in pids))


def pid(**fields: str) -> str:
    """A PID segment with other fields; `pid(f8="M")` changes PID-8."""
    cells = PID.split("|") + [""] * 40
    for name, value in fields.items():
        cells[int(name[1:])] = value
    return "|".join(cells).rstrip("|")


def test_identity_comes_from_the_patient_segment(tmp_path: Path) -> None:
    found = about(tmp_path, pid(f3="99^^^NHS^NH~4711^^^HOSP&1.2.3&ISO^MR", f19="123")).patient
    assert (found.id, found.family, found.given) == ("4711", "WEISS", "ZOE M")
    assert (found.birth_date, found.sex, found.sex_source) == (
        "1970-05-17",
        "female",
        "administrative gender",
    )
    assert [(i.system, i.value, i.kind) for i in found.identifiers] == [
        ("NHS", "99", "NH"),
        ("urn:oid:1.2.3", "4711", "MR"),
        ("http://hl7.org/fhir/sid/us-ssn", "123", "SS"),
    ]


@pytest.mark.parametrize(
    ("written", "family", "given"),
    [
        ("ALIAS^ZED^^^^^A~WEISS^ZOE^^^^^L", "WEISS", "ZOE"),
        ("OLD^NAME^^^^^L^^^^^19900101^19950101~NEW^NAME^^^^^D", "NEW", "NAME"),
        ("VAN&DER&BERG^ZOE", "VAN", "ZOE"),
        ("DOE, JANE", "DOE", "JANE"),
        ("BORN^ZOE^^^^^B", "BORN", "ZOE"),
        ('WEISS^""', "WEISS", ""),
    ],
)
def test_the_legal_name_that_holds_now_is_shown(
    tmp_path: Path, written: str, family: str, given: str
) -> None:
    found = about(tmp_path, pid(f5=written)).patient
    assert (found.family, found.given) == (family, given)


@pytest.mark.parametrize(
    ("written", "born"),
    [("1970", "1970"), ("197005", "1970-05"), ("19700517103000+0100", "1970-05-17"), ('""', ""), ("", "")],
)
def test_a_partial_birth_date_stays_partial(tmp_path: Path, written: str, born: str) -> None:
    assert about(tmp_path, pid(f7=written)).patient.birth_date == born


@pytest.mark.parametrize("written", ["19701350", "17/05/1970", "00000000", "soon"])
def test_a_birth_date_that_is_none_is_said(tmp_path: Path, written: str) -> None:
    record = about(tmp_path, pid(f7=written))
    assert record.patient.birth_date == ""
    assert [written in note.reason for note in record.unread] == [True]


@pytest.mark.parametrize(
    ("written", "sex"),
    [("F", "female"), ("m", "male"), ("F^Female^HL70001", "female"), ("Male", "male"), ("O", None), ("U", None),
     ("A", None), ("N", None), ("1", None), ("", None)],
)  # fmt: skip
def test_only_female_and_male_are_taken_as_sex(tmp_path: Path, written: str, sex: str | None) -> None:
    assert about(tmp_path, pid(f8=written)).patient.sex == sex


def test_messages_that_contradict_each_other_are_a_question(tmp_path: Path) -> None:
    record = about(tmp_path, PID, pid(f8="M", f7="19700518"))
    assert (record.patient.sex, record.patient.birth_date) == (None, "")
    assert {q.code for q in record.questions} == {"sex_conflict", "birth_date_ambiguous"}


def test_a_more_exact_birth_date_is_no_contradiction(tmp_path: Path) -> None:
    record = about(tmp_path, pid(f7="1970"), PID)
    assert (record.patient.birth_date, record.questions) == ("1970-05-17", ())


@pytest.mark.parametrize(
    ("fields", "deceased"),
    [({"f30": "Y"}, "yes"), ({"f29": "20260101", "f30": "Y"}, "2026-01-01"), ({"f30": "N"}, ""), ({}, "")],
)
def test_death_is_read(tmp_path: Path, fields: dict[str, str], deceased: str) -> None:
    assert about(tmp_path, pid(**fields)).patient.deceased == deceased


@pytest.mark.parametrize(
    ("race", "group", "text"),
    [
        ("2106-3^White^HL70005", "N^No^HL70189", "NH White"),
        ("2106-3~2054-5", "2186-5", "Other"),
        ("2106-3", "H", "Hispanic"),
        ("2106-3", "", ""),
        ("A^White - British", "N", ""),
    ],
)
def test_ethnicity_needs_both_statements(tmp_path: Path, race: str, group: str, text: str) -> None:
    assert about(tmp_path, pid(f10=race, f22=group)).patient.ethnicity == text


def test_training_messages_are_of_test_patients(tmp_path: Path) -> None:
    record = read(tmp_path, message().replace("|1|P|", "|1|T|"))
    assert record.patient.is_test
    assert not about(tmp_path, PID).patient.is_test


def test_several_patients_are_a_choice(tmp_path: Path) -> None:
    text = message(obr(), obx("5.1")) + message(obr(), obx("5.9")).replace("4711", "4712").replace(
        "ZOE", "ANN"
    )
    with pytest.raises(SeveralPatients) as found:
        read(tmp_path, text)
    assert [one for one, _label in found.value.patients] == ["4711", "4712"]
    assert "ZOE M WEISS, 1970-05-17, F" in found.value.patients[0][1]
    assert [o.value for o in read(tmp_path, text, "4712").observations] == [5.9]
    with pytest.raises(UserError, match="4713"):
        read(tmp_path, text, "4713")


def test_two_people_under_one_number_stay_two(tmp_path: Path) -> None:
    with pytest.raises(SeveralPatients):
        about(tmp_path, PID, pid(f5="OTHER^PERSON", f7="19300101"))


def test_a_new_name_under_the_same_number_and_birth_date_is_said(tmp_path: Path) -> None:
    record = about(tmp_path, PID, pid(f5="BLACK^ZOE"))
    assert record.patient.family == "BLACK"
    assert any("WEISS" in note.reason for note in record.unread)


def test_a_merge_joins_the_old_number_to_the_patient(tmp_path: Path) -> None:
    first = message(obr(), obx("5.1")).replace("4711", "OLD")
    merge = f"{header('ADT^A34')}\r{PID}\rMRG|OLD^^^HOSP&1.2.3.4&ISO^MR\r"
    record = read(tmp_path, first + merge + message(obr(), obx("5.2")))
    assert record.patient.id == "4711"
    assert [o.value for o in record.observations] == [5.1, 5.2]


def test_older_versions_name_the_patient_in_other_fields(tmp_path: Path) -> None:
    assert about(tmp_path, pid(f2="E1", f3="")).patient.id == "E1"


def test_patients_without_numbers_are_told_by_name_and_birth_date(tmp_path: Path) -> None:
    assert about(tmp_path, pid(f3=""), pid(f3="")).patient.id == "#1"
    with pytest.raises(SeveralPatients):
        about(tmp_path, pid(f3=""), pid(f3="", f7="19700518"))


def test_a_message_about_nobody_is_said(tmp_path: Path) -> None:
    record = read(tmp_path, message() + header("ACK") + "\rMSA|AA|1\r")
    assert ["ACK" in note.reason for note in record.unread] == [True]
