"""PDF files and notes: kept and shown, of a patient whom nothing names."""

from __future__ import annotations

from pathlib import Path

import pytest

from medgui.errors import UnreadableFile, UserError
from medgui.readers import open_record
from medgui.record.model import Record
from tests.readers.build import save


def _names_nobody(record: Record) -> None:
    patient = record.patient
    assert (patient.id, patient.family, patient.given, patient.birth_date, patient.sex) == (
        "",
        "",
        "",
        "",
        None,
    )
    assert record.unread[-1].reason == "The file names no patient."
    assert record.observations == ()
    assert record.conditions == ()


def test_a_pdf_is_kept_as_it_is(tmp_path: Path) -> None:
    path = save(tmp_path, b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\nstartxref\n9\n%%EOF\n", "letter.pdf")
    record = open_record(path)
    _names_nobody(record)
    (document,) = record.documents
    assert (document.title, document.media_type, document.text) == ("letter.pdf", "application/pdf", "")
    assert (document.path, document.size) == (str(path), path.stat().st_size)
    assert dict(document.facts) == {"Format": "PDF 1.7"}


def test_a_protected_pdf_says_so(tmp_path: Path) -> None:
    record = open_record(save(tmp_path, b"%PDF-1.6\ntrailer <</Encrypt 5 0 R>>\n%%EOF", "a.pdf"))
    assert "Protection" in dict(record.documents[0].facts)


def test_a_note_is_shown_with_its_lines(tmp_path: Path) -> None:
    text = "Dear colleague,\r\n\r\nMrs X has a weight of 71 kg.\u202e\r\nKind regards\r\n"
    record = open_record(save(tmp_path, text, "note.txt"))
    _names_nobody(record)
    (document,) = record.documents
    assert document.media_type == "text/plain"
    assert document.text == "Dear colleague,\n\nMrs X has a weight of 71 kg.\nKind regards"


def test_a_chinese_note_of_an_older_system_is_read_and_the_encoding_is_said(tmp_path: Path) -> None:
    record = open_record(
        save(tmp_path, "患者女，五十岁，胸痛三天。\n既往体健。\n".encode("gb18030"), "note.txt")
    )
    assert record.documents[0].text.startswith("患者女")
    assert "GB18030" in record.unread[0].reason


def test_a_note_without_end_is_cut_and_that_is_said(tmp_path: Path) -> None:
    record = open_record(save(tmp_path, "All is well. \n" * 5000, "note.txt"))
    assert len(record.documents[0].text) <= 20_000
    assert "Only the first 20,000" in record.unread[0].reason


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{\\rtf1\\ansi Dear colleague}", "RTF"),
        ("id: x\nsubject:\n  id: p\nphenotypicFeatures:\n  - type:\n      id: HP:1\n", "YAML"),
    ],
)
def test_text_that_is_no_note_is_refused_by_its_name(tmp_path: Path, text: str, word: str) -> None:
    with pytest.raises(UnreadableFile, match=word):
        open_record(save(tmp_path, text, "note.txt"))


def test_a_patient_cannot_be_chosen_where_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no patient"):
        open_record(save(tmp_path, "A note.\n", "note.txt"), patient="17")
