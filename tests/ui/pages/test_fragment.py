"""The part of the file around a value, whatever kind of file it is."""

import hashlib
import json
from pathlib import Path

import pytest

from medgui.paths import resources_dir
from medgui.readers import open_record
from medgui.record.model import FilePart, Source
from medgui.ui.pages.record import fragment


def part(path: Path, kind: str = "hl7v2") -> FilePart:
    data = path.read_bytes()
    return FilePart(path.name, kind, hashlib.sha256(data).hexdigest(), len(data), "", str(path))


def marked(found: fragment.Fragment) -> str:
    return found.lines[found.marked][1]


def test_a_value_in_json_of_one_line_begins_the_marked_piece(tmp_path: Path) -> None:
    demo = json.loads((resources_dir() / "demo" / "marlow_helen.json").read_text(encoding="utf-8"))
    path = tmp_path / "one.json"
    path.write_text(json.dumps(demo), encoding="utf-8")
    record = open_record(path)
    for found in record.observations:
        shown = fragment.read(found.source, record.parts)
        behind = "".join(text for _number, text in shown.lines[shown.marked :])
        assert found.value_as_written in behind
        assert len(shown.lines) <= fragment.BEFORE + fragment.BEHIND + 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_lines_are_shown_in_the_encoding_of_the_file(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("项目,结果\r\n体重,70\r\n身高,170\r\n血压,160/90\r\n".encode(encoding))
    found = fragment.read(Source("a.csv", line=2), [part(path, "csv")])
    assert marked(found) == "体重,70"
    assert [number for number, _text in found.lines][:2] == [1, 2]


def test_a_declared_encoding_of_xml_holds(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes('<?xml version="1.0" encoding="ISO-8859-1"?>\n<a>Weiß</a>\n'.encode("latin-1"))
    assert marked(fragment.read(Source("a.xml", line=2), [part(path, "c-cda")])) == "<a>Weiß</a>"


def test_segments_that_end_with_a_carriage_return_alone_are_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.hl7"
    path.write_bytes(b"MSH|^~\\&|A\rPID|1\rOBX|1|NM|2345-7||99\rOBX|2|NM|2160-0||1.0\r")
    assert marked(fragment.read(Source("a.hl7", line=3), [part(path)])) == "OBX|1|NM|2345-7||99"


def test_signs_that_only_unicode_counts_as_line_ends_do_not_shift_the_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("one\u2028still one\x0bstill\ntwo\n", encoding="utf-8")
    assert marked(fragment.read(Source("a.txt", line=2), [part(path)])) == "two"


def test_the_file_of_the_value_is_shown_among_several(tmp_path: Path) -> None:
    parts = []
    for name in ("a.txt", "b.txt"):
        path = tmp_path / name
        path.write_text(f"line of {name}\n", encoding="utf-8")
        parts.append(part(path))
    assert marked(fragment.read(Source("b.txt", line=1), parts)) == "line of b.txt"
    assert marked(fragment.read(Source("", "b.txt, entry 4", line=1), parts)) == "line of b.txt"
    assert fragment.read(Source("c.txt", line=1), parts) == fragment.Fragment()


@pytest.mark.parametrize("kind", ["xlsx", "dicom", "pdf"])
def test_a_file_without_lines_says_so(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"PK\x03\x04\n\n\n")
    found = fragment.read(Source("a.bin", "Sheet1!C4", line=2), [part(path, kind)])
    assert (found.lines, bool(found.note)) == ((), True)


def test_a_file_that_changed_or_is_gone_is_never_shown_as_the_source(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("one\n", encoding="utf-8")
    read = part(path)
    path.write_text("two\n", encoding="utf-8")
    assert fragment.read(Source("a.txt", line=1), [read]).changed
    path.unlink()
    assert fragment.read(Source("a.txt", line=1), [read]).changed


def test_a_long_line_without_a_known_place_is_not_marked_by_a_guess(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text('<value v="7"/>' * 200, encoding="utf-8")
    found = fragment.read(Source("a.xml", text='v="7"', line=1), [part(path, "c-cda")])
    assert (found.lines, bool(found.note)) == ((), True)
    once = path.with_name("b.xml")
    once.write_text("<a/>" * 200 + '<value v="9.75"/>' + "<b/>" * 200, encoding="utf-8")
    assert "9.75" in marked(fragment.read(Source("b.xml", text="9.75 kg", line=1), [part(once, "c-cda")]))


def test_nothing_of_the_file_is_kept_after_the_patient_was_left(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("one\n", encoding="utf-8")
    fragment.read(Source("a.txt", line=1), [part(path)])
    fragment.forget()
    assert fragment._last.lines == ()
