"""Files that are no files, change while they are read, or look like another kind; nothing hangs, nothing is guessed."""

import gzip
import os
import sys
from pathlib import Path

import pytest

from medgui.errors import UnreadableFile
from medgui.readers import Format, limits, open_record
from medgui.readers.sniff import looks_like_table, recognise_bytes
from tests.readers.build import bundle, observation, patient, save

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices are files on POSIX only")


def refusal(path: Path) -> str:
    """The sentence with which a file is refused."""
    with pytest.raises(UnreadableFile) as raised:
        open_record(path)
    return str(raised.value)


@POSIX
def test_a_pipe_that_nobody_writes_to_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    os.mkfifo(path)
    assert "no file but a pipe" in refusal(path)


@POSIX
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
def test_a_device_is_refused_also_behind_a_link(tmp_path: Path, device: str) -> None:
    link = tmp_path / "a.json"
    link.symlink_to(device)
    assert "device" in refusal(Path(device))
    assert "device" in refusal(link)


@POSIX
def test_a_link_is_followed_and_one_in_a_circle_is_told(tmp_path: Path) -> None:
    target = save(tmp_path, bundle(patient()))
    link, circle = tmp_path / "link.json", tmp_path / "circle.json"
    link.symlink_to(target)
    circle.symlink_to(circle)
    assert open_record(link).patient.family == "Weiß"
    assert "circle" in refusal(circle)


def test_a_file_that_is_written_to_meanwhile_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(tmp_path, bundle(patient(), observation()))
    states = iter([(1, 2, 3, 4), (1, 2, 3, 5)])
    monkeypatch.setattr(limits, "_state", lambda _stream: next(states))
    with pytest.raises(UnreadableFile, match="changed while it was read; open it again"):
        limits.read_bytes(path)


def test_a_file_that_is_replaced_while_it_is_streamed_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(tmp_path, b"##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n", "a.vcf")
    assert limits.file_state(path) == limits.digest(path)[1]
    monkeypatch.setattr("medgui.readers.digest", lambda *_ignored: ("0" * 64, (0, 0, 0, 0)))
    assert "changed" in refusal(path)


def test_a_gigabyte_of_the_wrong_kind_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with path.open("wb") as stream:
        stream.truncate(1_000_000_001)
    text = refusal(path)
    assert "1,000 MB" in text or "1000 MB" in text
    assert "100 MB" in text
    assert "setting" in text


def test_a_streamed_file_has_a_limit_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "big.vcf"
    with path.open("wb") as stream:
        stream.write(b"##fileformat=VCFv4.2\n")
        stream.truncate(1_000_000_001)
    assert "above 1000 MB" in refusal(path).replace(",", "")


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"\xef\xbb\xbf \n", b"\0\0\0\0", b"\n" * 100_000, b"\x0b\x1c\r"]
)
def test_nothing_but_a_mark_or_white_space_is_empty(tmp_path: Path, content: bytes) -> None:
    assert "is empty" in refusal(save(tmp_path, content, "a.csv"))


# Kinds

LATE = b'"x": "' + b"y" * 100_000 + b'", "resourceType": "Bundle"}'


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"{" + LATE, Format.FHIR_JSON),
        (b"{\n " + LATE, Format.FHIR_JSON),
        (("{" + LATE.decode()).encode("utf-16"), Format.FHIR_JSON),
        (b"{" + LATE + b'\n{"resourceType": "Patient"}\n', Format.FHIR_NDJSON),
        (b'<ClinicalDocument xmlns="urn:hl7-org:v3"><!-- http://hl7.org/fhir --></ClinicalDocument>', Format.CCDA),
        (b"<!-- " + b"x" * 100_000 + b'--><ClinicalDocument xmlns="urn:hl7-org:v3"/>', Format.CCDA),
        (b'<f:Bundle xmlns:f="http://hl7.org/fhir"/>', Format.FHIR_XML),
        (b'<cda:ClinicalDocument xmlns:cda="urn:hl7-org:v3"/>', Format.CCDA),
        (b'<report xmlns="urn:x"><a href="http://hl7.org/fhir"/></report>', Format.XML),
        (b"\r\n\n\x0bMSH|^~\\&|LAB|X\r", Format.HL7V2),
        (b"\xef\xbb\xbfMSH|^~\\&|LAB|X\r", Format.HL7V2),
        (b"MSH#*~$!#LAB#X\r", Format.HL7V2),
        (b"\xef\xbb\xbf##fileformat=VCFv4.2\n", Format.VCF),
        (gzip.compress(b"##fileformat=VCFv4.2\n#CHROM\tPOS\n", mtime=0), Format.VCF),
        (gzip.compress(b"anything else", mtime=0), Format.GZIP),
        (b"\x08\x00\x05\x00CS\x0a\x00ISO_IR 100", Format.DICOM),
        (b"\x02\x00\x10\x00UI\x14\x001.2.840.10008.1.2.1\x00", Format.DICOM),
        (b'{"id": "1", "subject": {}, "phenotypic_features": []}', Format.PHENOPACKET),
        (b"[SBP],[DBP]\n160,96\n", Format.CSV),
        (b"<SBP>;<DBP>\n160;96\n", Format.CSV),
        (b"{SBP}\t{DBP}\n160\t96\n", Format.CSV),
        ("收缩压；舒张压\n".encode(), Format.TEXT),
        (b"Mr Smith, 55, was seen today.\nHe has pain, mild.\nHe takes aspirin, daily.\n", Format.TEXT),
        (b"Name: Smith, John\nBorn: May 5, 1960\nBP: 120/80, pulse 70\n", Format.TEXT),
    ],
)  # fmt: skip
def test_a_kind_is_told_by_its_content(content: bytes, kind: Format) -> None:
    assert recognise_bytes(content, "patient") is kind


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("a,b\n1,2\n", True),
        ("Test, Result, Unit\nGlucose, 5.4, mmol/L\n", True),
        ("title\n\na;b;c\n1;2;3\n4;5;6\n", True),
        ("one line, with a comma\n", False),
        ("Dear colleague,\nthank you for seeing Mrs X, who has pain, fever.\nBest, Y\n", False),
    ],
)
def test_a_table_is_told_from_prose(text: str, table: bool) -> None:
    assert looks_like_table(text) is table
