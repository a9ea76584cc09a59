"""Numbers, dates and encodings of tables: each column has its own decimal sign, and what is ambiguous is asked."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgui.errors import UnreadableFile
from medgui.readers import open_record
from medgui.readers.encodings import decode, encoding_of
from medgui.readers.sniff import find_delimiter
from medgui.readers.table_cells import day, decimal_sign, figure
from medgui.record.model import Answer, Record
from medgui.record.resolve import resolve
from tests.readers.build import save


def table(folder: Path, text: str, encoding: str = "utf-8") -> Record:
    """Open a CSV text."""
    return open_record(save(folder, text.encode(encoding), "table.csv"), as_of="2026-11-21")


def test_each_column_has_its_own_decimal_sign(tmp_path: Path) -> None:
    record = table(
        tmp_path, "id;creatinine (mg/dL);platelets (10*3/uL);LDL (mg/dL)\n1;1,1;1.5;100.5\n1;1,234;2.5;90\n"
    )
    assert [(o.variable, o.value) for o in record.observations] == [
        ("creatinine", 1.1),
        ("platelets", 1.5),
        ("ldl_cholesterol", 100.5),
        ("creatinine", 1.234),
        ("platelets", 2.5),
        ("ldl_cholesterol", 90.0),
    ]


def test_a_number_with_two_readings_is_a_question_that_an_answer_settles(tmp_path: Path) -> None:
    record = table(tmp_path, 'id,date,platelets (10*3/uL)\n1,2026-11-03,"1,234"\n1,2025-11-03,200\n')
    (question,) = record.questions
    assert (question.code, [s.value for s in question.suggestions]) == ("number_ambiguous", [1.234, 1234.0])
    assert resolve(record, "platelets", as_of="2026-11-21").gap == "questioned"
    answer = Answer("platelets", 1234.0, question.suggestions[1].unit, "2026-11-03", question.id)
    assert resolve(record.with_answer(answer), "platelets", as_of="2026-11-21").value == 1234.0


def test_thousands_of_one_sign_show_the_other_to_be_decimal() -> None:
    assert decimal_sign(["1,234,567"]) == "."
    assert decimal_sign(["1.234.567"]) == ","
    assert decimal_sign(["1,234.5"]) == "."
    assert decimal_sign(["1.234,5"]) == ","
    assert decimal_sign(["0,123"]) == ","


@pytest.mark.parametrize("text", ["↑5.2", "H 5.2", "5.2↑", "5.2 (H)", "5.2 H"])
def test_a_flag_may_stand_on_either_side(text: str) -> None:
    found = figure(text)
    assert found is not None
    assert (found.value, found.flag) == (5.2, "H")


@given(st.floats(0.01, 9999, allow_nan=False).map(lambda value: round(value, 2)))
def test_a_number_reads_the_same_in_either_notation(value: float) -> None:
    english, german = f"{value:,.2f}", f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
    one, other = figure(english, "."), figure(german, ",")
    assert one is not None
    assert other is not None
    assert one.value == other.value == value


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("3. März 2026", "2026-03-03"),
        ("5 Okt 2026", "2026-10-05"),
        ("2026年3月5日 08:15", "2026-03-05T08:15:00"),
    ],
)
def test_dates_in_german_and_chinese_words(text: str, iso: str) -> None:
    found = day(text)
    assert found is not None
    assert found.iso == iso


# Delimiters and encodings

LONG = "code,value,unit\n2093-3,200,mg/dL\n2085-9,45,mg/dL\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "，"])
def test_every_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    assert len(table(tmp_path, LONG.replace(",", delimiter)).observations) == 2


def test_the_line_of_excel_that_names_the_separator_is_obeyed(tmp_path: Path) -> None:
    record = table(tmp_path, "sep=;\ncode;value;unit\n2093-3;200;mg/dL\n")
    assert record.observations[0].source.line == 3
    assert find_delimiter("sep=|\na,b\n") == "|"


CHINESE = "姓名;性别;检验项目;结果;单位\n林慧敏;女;肌酐;70,7;umol/L\n"
TRADITIONAL = "姓名;性別;檢驗項目;結果;單位\n林慧敏;女;creatinine;70.7;umol/L\n"
JAPANESE = "氏名;性別;test;result;unit\nさくら;女;creatinine;0.7;mg/dL\n"


@pytest.mark.parametrize(
    ("text", "encoding", "shown"),
    [
        (CHINESE, "utf-16-le", "UTF-16-LE"),
        (CHINESE, "utf-16-be", "UTF-16-BE"),
        (CHINESE, "utf-32-le", "UTF-32-LE"),
        (CHINESE, "utf-32-be", "UTF-32-BE"),
        (CHINESE, "gbk", "GB18030"),
        (TRADITIONAL, "big5", "Big5"),
        (JAPANESE, "shift_jis", "Shift-JIS"),
        ("name;test;result;unit\nMüller;creatinine;0.7;mg/dL\n", "latin-1", "Latin-1"),
    ],
)
def test_an_encoding_that_is_not_stated_is_found_and_said(
    tmp_path: Path, text: str, encoding: str, shown: str
) -> None:
    assert decode(text.encode(encoding), "x").text == text
    record = table(tmp_path, text, encoding)
    assert len(record.observations) == 1
    assert shown in record.unread[0].reason


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_stated_encoding_needs_no_note(tmp_path: Path, encoding: str) -> None:
    assert table(tmp_path, CHINESE, encoding).unread == ()


def test_wrong_bytes_behind_a_mark_are_told_by_their_place() -> None:
    data = b"\xef\xbb\xbf" + b"a" * 2_000_000 + b"\xff"
    with pytest.raises(UnreadableFile, match="byte 2,000,003"):
        encoding_of(data, "x")


@given(st.binary(max_size=400))
def test_any_bytes_have_an_encoding_or_a_refusal(data: bytes) -> None:
    try:
        found = decode(data, "x")
    except UnreadableFile:
        return
    assert found.text == data[encoding_of(data, "x").mark :].decode(
        found.encoding, "strict" if not found.note else "replace"
    )


def test_a_quotation_mark_alone_and_a_cell_without_end_are_told_by_their_line(tmp_path: Path) -> None:
    start = "code,value\n" + "2093-3,200\n" * 3
    for text, words in (
        (start + '1,"a"b\n', "stands alone in line 5"),
        (start + '1,"' + "a\n" * 200_000, "cell without end"),
        (start + "x" * 5_000_000 + "\n", "row of more than"),
    ):
        with pytest.raises(UnreadableFile, match=words):
            table(tmp_path, text)


def test_records_of_one_table_do_not_depend_on_line_endings(tmp_path: Path) -> None:
    first, *others = (table(tmp_path, LONG.replace("\n", ending)) for ending in ("\n", "\r\n", "\r"))
    for other in others:
        assert [replace(o, source=o.source) for o in other.observations] == list(first.observations)
