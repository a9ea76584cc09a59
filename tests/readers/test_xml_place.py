"""XML is read with its lines, and never expands or fetches anything."""

import pytest

from medgui.errors import UnreadableFile
from medgui.readers.limits import Limits
from medgui.readers.xml_place import encoding_note, parse_xml


def _refused(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(UnreadableFile) as caught:
        parse_xml(data, "a.xml", limits or Limits())
    return str(caught.value)


def test_every_element_knows_its_line_and_hl7_names_are_short() -> None:
    text = (
        b'<?xml version="1.0"?>\n<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:s="urn:hl7-org:sdtc"\n'
        b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n<code code="1"/><s:raceCode/>'
        b'<value xsi:type="PQ" value=" 5 "/></ClinicalDocument>'
    )
    root = parse_xml(text, "a.xml")
    assert (root.tag, root.line, root.child("code").line) == ("ClinicalDocument", 2, 4)
    assert [node.tag for node in root] == ["code", "sdtc:raceCode", "value"]
    assert (root.child("value").at("xsi:type"), root.child("value").at("value")) == ("PQ", "5")


def test_an_absent_element_is_false_and_has_no_text() -> None:
    root = parse_xml(b"<a><b><c>1</c></b></a>", "a.xml")
    assert root.child("b", "c")
    assert not root.child("b", "x", "y")
    assert (root.child("x").words(), root.child("x").at("code")) == ("", "")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "DOCTYPE"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "DOCTYPE"),
        (b"<a><b>", "cut off"),
        (b"<a", "cut off"),
        (b"<a></b>", "line 1"),
        (b"<a>&x;</a>", "not valid XML"),
        (b"<a>\x00</a>", "not valid XML"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "klingon"),
    ],
)
def test_what_is_no_sound_xml_is_refused_in_a_sentence(data: bytes, word: str) -> None:
    assert word in _refused(data)


def test_depth_and_number_of_elements_are_bounded() -> None:
    assert "levels deep" in _refused(b"<a>" * 300 + b"</a>" * 300)
    assert "elements" in _refused(b"<a>" + b"<b/>" * 50 + b"</a>", Limits(xml_nodes=20))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030", "iso-8859-1", "windows-1252"])
def test_the_declared_encoding_is_read(encoding: str) -> None:
    word = "é" if encoding in ("iso-8859-1", "windows-1252") else "你好"
    data = f'<?xml version="1.0" encoding="{encoding}"?><a>{word}</a>'.encode(encoding)
    assert parse_xml(data, "a.xml").words() == word


def test_white_space_before_the_declaration_is_taken_off_and_lines_stay_those_of_the_file() -> None:
    data = b'\xef\xbb\xbf \r\n\n  <?xml version="1.0" encoding="utf-8"?>\n<a>\n<b/></a>'
    root = parse_xml(data, "a.xml")
    assert (root.line, root.child("b").line) == (4, 5)
    latin = b'\n<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe9</a>'
    assert (parse_xml(latin, "a.xml").line, parse_xml(latin, "a.xml").words()) == (2, "é")
    assert "line 4" in _refused(b'\n\n<?xml version="1.0"?>\n<a></b>')


def test_bytes_that_are_not_the_declared_utf8_are_read_with_a_note() -> None:
    data = '<?xml version="1.0" encoding="utf-8"?><a>Müller, señora</a>'.encode("cp1252")
    assert parse_xml(data, "a.xml").words() == "Müller, señora"
    assert "Latin-1" in encoding_note(data, "a.xml")
    assert encoding_note(b'<?xml version="1.0" encoding="iso-8859-1"?><a>\xe9</a>', "a.xml") == ""


def test_a_prefix_that_is_nowhere_declared_is_taken_for_the_usual_one() -> None:
    root = parse_xml(b'<a xmlns="urn:hl7-org:v3"><sdtc:raceCode xsi:type="CD"/><b/></a>', "a.xml")
    assert [node.tag for node in root] == ["sdtc:raceCode", "b"]
    assert root.child("sdtc:raceCode").at("xsi:type") == "CD"
