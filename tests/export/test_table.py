"""The record as a table: read again with the same values, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgui.export.table import COLUMNS, csv_bytes, figure, safe
from medgui.paths import resources_dir
from medgui.readers import open_record
from medgui.record.model import Coding, Record
from tests.export import people

DEMO = sorted((resources_dir() / "demo").glob("*.json"))


def rows(record: Record) -> list[dict[str, str]]:
    text = csv_bytes(record).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
def test_the_table_reader_finds_every_value_with_unit_and_time_again(path: Path, tmp_path: Path) -> None:
    record = open_record(path)
    asked = {q.observation for q in record.open_questions}
    written = tmp_path / "out.csv"
    written.write_bytes(csv_bytes(record))
    back = open_record(written, as_of=record.as_of)
    expected = {
        (o.variable or o.code, o.value, o.unit, o.comparator, o.time, o.usable)
        for o in record.observations
        if o.id not in asked and o.value is not None
    }
    found = {
        (o.variable or o.code, o.value, o.unit, o.comparator, o.time, o.usable) for o in back.observations
    }
    assert found == expected
    assert (back.patient.birth_date, back.patient.sex) == (record.patient.birth_date, record.patient.sex)


def test_excel_finds_a_byte_order_mark_and_chinese_stays() -> None:
    data = csv_bytes(people.record(people.value(70.0, "kg", name="体重")))
    assert data.startswith(b"\xef\xbb\xbf")
    assert "体重" in data.decode("utf-8-sig")


def test_every_kind_of_entry_has_its_row() -> None:
    kinds = [row["kind"] for row in rows(people.whole())]
    assert set(kinds) == {
        "observation",
        "entered",
        "condition",
        "family_history",
        "medication",
        "allergy",
        "document",
    }


def test_a_value_with_an_open_question_is_empty_and_says_why() -> None:
    row, *_documents = rows(people.record(people.value(194.0, "kg")))
    assert (row["value"], row["unit"], row["usable"], row["status"]) == ("", "", "no", "unknown")
    assert (row["value as written"], row["unit as written"]) == ("194", "kg")
    assert "194" in row["open question"]


def test_a_censored_value_keeps_its_sign_in_the_cell_that_is_averaged() -> None:
    row, *_documents = rows(people.record(people.value(5.0, "kg", comparator="<")))
    assert (row["value"], row["comparator"]) == ("<5", "<")


def test_what_is_not_used_is_not_final() -> None:
    row, *_documents = rows(
        people.record(people.value(70.0, "kg", usable=False, unusable_reason="About someone else."))
    )
    assert (row["usable"], row["status"], row["reason"]) == ("no", "unknown", "About someone else.")


def test_an_entry_without_a_usable_code_is_found_again_by_its_standard_name(tmp_path: Path) -> None:
    local = people.record(people.value(70.0, "kg", codings=(Coding("K7", "urn:local:LAB"),)))
    written = tmp_path / "out.csv"
    written.write_bytes(csv_bytes(local))
    assert open_record(written).observations[0].variable == "weight"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1 (555) 0100",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "＝1+1",
        "=cmd|' /C calc'!A0",
        "--5",
        "-5 kg",
    ],
)
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert safe(text) == "'" + text


@pytest.mark.parametrize("text", ["-5", "+3.5", "-1e-07", "70", "", "a=b", "<5"])
def test_numbers_and_plain_text_stay_as_they_are(text: str) -> None:
    assert safe(text) == text


@given(st.text(max_size=20))
def test_no_cell_of_any_text_begins_as_a_formula(text: str) -> None:
    record = people.record(
        people.value(text, "", variable="", name=text, codings=(Coding(text, text),), id=text)
    )
    hurt = replace(record, patient=replace(record.patient, id=text))
    for row in csv.reader(io.StringIO(csv_bytes(hurt).decode("utf-8-sig"), newline="")):
        for cell in row:
            assert not cell.startswith(("=", "@", "\t", "\r", "＝", "＠"))
            assert not cell.startswith(("+", "-")) or float(cell) == float(cell)


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e14, max_value=1e14))
def test_a_number_is_written_so_that_it_is_read_as_itself(number: float) -> None:
    assert float(figure(number)) == number


def test_the_columns_are_a_contract() -> None:
    assert COLUMNS[:6] == ("patient id", "birth date", "sex", "kind", "code", "system")
    assert len(set(COLUMNS)) == len(COLUMNS)
