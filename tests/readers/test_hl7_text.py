"""HL7 v2 as text: separators, escapes, character sets, line ends, batches, continuations."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgui.errors import UnreadableFile
from medgui.readers.hl7_text import Delimiters, Part
from tests.readers.hl7_build import PID, header, message, obr, obx, read, results, save


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\r\r\n", "\n\n"])
def test_every_kind_of_line_end_gives_the_same_record(tmp_path: Path, end: str) -> None:
    record = read(tmp_path, message(obr(), obx(), end=end))
    assert record.patient.family == "WEISS"
    assert [o.value for o in record.observations] == [5.2]


@pytest.mark.parametrize("frame", ["\x0b{}\x1c\r", "\ufeff{}", "\r\n\n{}", "  {}"])
def test_frames_marks_and_blank_lines_around_a_message_mean_nothing(tmp_path: Path, frame: str) -> None:
    record = read(tmp_path, frame.format(message(obr(), obx())))
    assert (record.patient.id, len(record.observations), record.unread) == ("4711", 1, ())


def test_a_message_names_its_own_separators(tmp_path: Path) -> None:
    text = message(obr(), obx("a\\T\\b", "X1^Name^LOCAL", "ST", ""))
    odd = text.translate(str.maketrans({"|": "#", "^": "$", "~": "*", "\\": "!", "&": "%"}))
    record = read(tmp_path, odd)
    assert record.patient.given == "ZOE M"
    assert record.patient.identifiers[0].system == "urn:oid:1.2.3.4"
    assert [o.value for o in record.observations] == ["a%b"]


@pytest.mark.parametrize("signs", ["^~&", "^~\\\\&", "^~\\&#", "^"])
def test_lost_doubled_and_missing_encoding_characters_are_the_usual_ones(tmp_path: Path, signs: str) -> None:
    text = "\r".join((header(signs=signs), PID, obr(), obx("1\\T\\2", "X^N^L", "ST", "")))
    assert [o.value for o in read(tmp_path, text).observations] == ["1&2"]


def test_escapes_become_what_they_stand_for() -> None:
    part = Part(r"a\F\b\S\c\T\d\R\e\E\f\.br\g\H\h\N\i\X41C3A9\j\Zx\k\.sp\l\C2842\m", Delimiters())
    assert part.prose() == "a|b^c&d~e\\f\nghiAéjk\nlm"


def test_what_is_no_escape_stays_as_it_is() -> None:
    assert Part(r"C:\temp\new", Delimiters()).text() == r"C:\temp\new"


@given(st.text(alphabet="|^~\\&aé \t", max_size=30))
def test_any_text_that_is_escaped_comes_back(text: str) -> None:
    signs = Delimiters()
    table = {"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "~": "\\R\\", "&": "\\T\\"}
    written = "".join(table.get(sign, sign) for sign in text)
    assert signs.plain(written) == text


@pytest.mark.parametrize(
    ("charset", "codec"),
    [
        ("8859/1", "latin-1"),
        ("8859/2", "iso8859-2"),
        ("UNICODE UTF-8", "utf-8"),
        ("GB 18030-2000", "gb18030"),
        ("", "utf-8"),
        ("ASCII", "utf-8"),
        ("8859/1", "utf-8"),
    ],
)
def test_the_stated_character_set_is_used(tmp_path: Path, charset: str, codec: str) -> None:
    family = "林慧敏" if codec == "gb18030" else "Weiß"
    pid = PID.replace("WEISS", family)
    text = "\r".join((header(charset=charset), pid, obr(), obx()))
    assert read(tmp_path, text.encode(codec)).patient.family == family


def test_a_letter_before_a_separator_never_takes_it_along(tmp_path: Path) -> None:
    text = message(obr(), obx()).replace("WEISS", "Weiß")
    patient = read(tmp_path, text.encode("latin-1")).patient
    assert (patient.family, patient.given) == ("Weiß", "ZOE M")


def test_a_character_set_that_does_not_hold_is_said(tmp_path: Path) -> None:
    text = "\r".join((header(charset="8859/1"), PID.replace("WEISS", "Weiß")))
    assert "8859/1" in read(tmp_path, text.encode("utf-8")).unread[0].reason


def test_a_batch_and_several_messages_of_one_patient_make_one_record(tmp_path: Path) -> None:
    text = (
        "FHS|^~\\&|A\rBHS|^~\\&|A\r"
        + message(obr(), obx("5.1"))
        + message(obr("F2"), obx("5.3"))
        + "BTS|2\rFTS|1\r"
    )
    assert [o.value for o in read(tmp_path, text).observations] == [5.1, 5.3]


def test_a_segment_that_was_cut_goes_on_in_an_addendum(tmp_path: Path) -> None:
    found = results(tmp_path, "OBX|1|ST|X^N^LOCAL||first ", "ADD|second||||||F")
    assert [(o.value, o.status) for o in found] == [("first second", "final")]


def test_a_message_that_was_cut_goes_on_in_the_next(tmp_path: Path) -> None:
    first = message(obr(), "OBX|1|ST|X^N^LOCAL||one ", "DSC|77|F")
    second = f"{header()}||||||".split("|")
    second[13] = "77"
    text = first + "|".join(second) + "\rADD|two||||||F\r" + obx("5.5") + "\r"
    assert [o.value for o in read(tmp_path, text).observations] == ["one two", 5.5]


def test_a_continuation_that_is_not_in_the_file_is_said(tmp_path: Path) -> None:
    record = read(tmp_path, message(obr(), obx(), "DSC|77|F"))
    assert "77" in record.unread[0].reason


def test_lower_case_short_and_unknown_segments_do_no_harm(tmp_path: Path) -> None:
    text = message(obr(), obx().replace("OBX", "obx"), "OBX", "PV1", "ZZZ|own|thing", "ZZZ|2")
    record = read(tmp_path, text)
    assert [o.value for o in record.observations] == [5.2]
    assert any("ZZZ" in note.reason and "2" in note.reason for note in record.unread)


def test_a_broken_line_is_kept_as_unread_with_its_line(tmp_path: Path) -> None:
    record = read(tmp_path, message(obr(), obx(), "this is no segment", obx("5.4")))
    assert [o.value for o in record.observations] == [5.2, 5.4]
    assert [(note.line, "no segment" in note.reason) for note in record.unread] == [(5, True)]


def test_a_line_break_inside_a_text_belongs_to_the_text(tmp_path: Path) -> None:
    record = read(tmp_path, message(obr(), "OBX|1|TX|X^Finding^LOCAL||first\nsecond||||||F"))
    assert record.observations[0].value == "first\nsecond"
    assert record.unread == ()


@pytest.mark.parametrize(
    "text", ["MSH|^~\\&|A|B\r", "MSH|^~\\&\rEVN|A01\r", "FHS|^~\\&|A\rFTS|0\r", "MSH|ABC|\rPID|1\r"]
)
def test_a_file_without_a_message_about_a_patient_is_refused_in_words(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnreadableFile, match=r"m\.hl7"):
        read(tmp_path, text)


def test_more_lines_than_are_read_are_refused(tmp_path: Path) -> None:
    save(tmp_path, message() + "\r" * 600_001)
    with pytest.raises(UnreadableFile, match="lines"):
        read(tmp_path, message() + "\r" * 600_001)
