"""Variant files: the header is read, the variants are counted, nothing is loaded whole."""

from __future__ import annotations

import gzip
import random
import tracemalloc
import zlib
from pathlib import Path

import pytest

from medgui.errors import SeveralPatients, UnreadableFile, UserError
from medgui.readers import Format, Limits, open_record
from medgui.readers.sniff import recognise
from medgui.record.model import Record
from tests.shared_data import data_file

_HEAD = (
    "##fileformat=VCFv4.2\n##fileDate=20250304\n##source=caller\n"
    '##contig=<ID=chr1,length=248956422,assembly=GRCh38,species="Homo sapiens">\n'
)
_COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"


def vcf(samples: tuple[str, ...] = ("S1",), lines: int = 3, head: str = _HEAD, ending: str = "\n") -> bytes:
    """A file of some variants."""
    columns = "\t".join((_COLUMNS, *(("FORMAT", *samples) if samples else ())))
    one = "\t".join(
        ("chr1", "1", ".", "A", "T", ".", "PASS", ".", *(("GT", *["0/1"] * len(samples)) if samples else ()))
    )
    return (head + columns + "\n" + (one + "\n") * lines).replace("\n", ending).encode()


def bgzip(data: bytes, piece: int = 60_000) -> bytes:
    """Blocks of gzip one after another, with the empty block that ends a bgzip file."""
    parts = [data[at : at + piece] for at in range(0, len(data), piece)]
    return b"".join(gzip.compress(part) for part in (*parts, b""))


def saved(folder: Path, data: bytes, name: str = "a.vcf") -> Path:
    """Write it."""
    (folder / name).write_bytes(data)
    return folder / name


def facts(record: Record) -> dict[str, str]:
    """What stands beside the one document."""
    (document,) = record.documents
    return dict(document.facts)


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bgzip])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_variant_file_is_kept_with_what_its_header_says(tmp_path: Path, pack: type, ending: str) -> None:
    path = saved(tmp_path, pack(vcf(lines=1500, ending=ending)))
    assert recognise(path) is Format.VCF
    record = open_record(path)
    assert facts(record) == {
        "Format": "VCFv4.2", "Genome": "GRCh38", "Genome by the length of chromosome 1": "GRCh38", "Samples": "S1",
        "Variants": "1,500", "Sequences": "1", "Made with": "caller",
    }  # fmt: skip
    document = record.documents[0]
    assert (document.media_type, document.path, document.time) == ("text/x-vcf", str(path), "2025-03-04")
    assert (record.patient.id, record.patient.birth_date, record.patient.sex) == ("S1", "", None)
    assert [identifier.value for identifier in record.patient.identifiers] == ["S1"]
    assert "names no patient" in record.unread[0].reason


def test_the_last_line_counts_without_its_end(tmp_path: Path) -> None:
    assert facts(open_record(saved(tmp_path, vcf(lines=3).rstrip(b"\n"))))["Variants"] == "3"
    assert facts(open_record(saved(tmp_path, vcf(lines=3) + b"\r\n\n")))["Variants"] == "3"
    assert facts(open_record(saved(tmp_path, vcf(lines=0))))["Variants"] == "0"
    assert facts(open_record(saved(tmp_path, vcf(lines=0).rstrip(b"\n"))))["Variants"] == "0"


def test_of_several_samples_one_is_chosen(tmp_path: Path) -> None:
    path = saved(tmp_path, vcf(("child", "mother")))
    with pytest.raises(SeveralPatients) as raised:
        open_record(path)
    assert raised.value.patients == [("child", "child"), ("mother", "mother")]
    assert open_record(path, patient="mother").patient.id == "mother"
    with pytest.raises(UserError):
        open_record(path, patient="aunt")


def test_a_list_of_sites_has_no_sample(tmp_path: Path) -> None:
    record = open_record(saved(tmp_path, vcf(())))
    assert record.patient.id == ""
    assert record.unread[0].reason == "The file names no patient."


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"##fileformat=VCFv4.2\n", "CHROM"),
        (b"##fileformat=VCFv4.2\nchr1\t1\n", "CHROM"),
        (b"##fileformat=VCFv4.2\n#CHROM\tPOS\n", "CHROM"),
        (gzip.compress(vcf(lines=5000))[:-200], "cut off"),
        (gzip.compress(vcf()) + b"\x1f\x8b\x09" * 9, "damaged"),
    ],
)
def test_a_damaged_file_is_refused_in_words(tmp_path: Path, data: bytes, word: str) -> None:
    with pytest.raises(UnreadableFile, match=word):
        open_record(saved(tmp_path, data))


def test_lines_of_another_width_are_said(tmp_path: Path) -> None:
    record = open_record(saved(tmp_path, vcf() + b"chr1\t2\n"))
    assert "number of columns" in record.unread[0].reason


def test_a_line_that_goes_on_in_the_next_piece_is_not_said_to_be_short(tmp_path: Path) -> None:
    samples = tuple(f"S{number}" for number in range(3000))
    record = open_record(saved(tmp_path, vcf(samples, lines=60)), patient="S7")
    assert [item.reason for item in record.unread] == ["The file names no patient, only the sample “S7”."]
    assert facts(record)["Variants"] == "60"


def test_a_large_file_is_counted_in_little_memory_and_a_bomb_up_to_the_bound(tmp_path: Path) -> None:
    body = vcf(lines=0) + b"chr1\t1\t.\tA\tT\t.\tPASS\t.\tGT\t0/1\n" * 400_000
    limits = Limits(unpacked_bytes=5_000_000)
    for data, count in ((body, "400,000"), (gzip.compress(body), "more than")):
        path = saved(tmp_path, data)
        tracemalloc.start()
        record = open_record(path, limits=limits)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert facts(record)["Variants"].startswith(count)
        assert peak < 8_000_000


def test_a_header_line_without_end_is_refused(tmp_path: Path) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    data = packer.compress(b"##fileformat=VCFv4.2\n##x=" + b"y" * 30_000_000) + packer.flush()
    with pytest.raises(UnreadableFile, match="CHROM"):
        open_record(saved(tmp_path, data))


@pytest.mark.parametrize("seed", range(4))
def test_damaged_bytes_end_in_a_record_or_a_sentence(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    wholes = [vcf(lines=20), gzip.compress(vcf(lines=20)), bgzip(vcf(lines=20), 300)]
    for _round in range(60):
        changed = bytearray(chance.choice(wholes))
        for _step in range(chance.choice([1, 2, 6])):
            at = chance.randrange(25, len(changed))
            if chance.random() < 0.6:
                changed[at] = chance.randrange(256)
            else:
                del changed[at : at + chance.choice([1, 3, 30])]
        path = saved(tmp_path, bytes(changed), "mutant.vcf")
        try:
            words = open_record(path).file
        except (UnreadableFile, SeveralPatients) as refused:
            words = str(refused)
        assert "mutant.vcf" in words


@pytest.mark.shared_data
def test_a_real_file_opens() -> None:
    record = open_record(data_file("patientfiles/vcf/pharmcat.example.vcf"))
    assert record.patient.id == "Sample_1"
    assert facts(record)["Genome"] == "GRCh38.p14"
    lines = data_file("patientfiles/vcf/pharmcat.example.vcf").read_text(encoding="utf-8").splitlines()
    count = sum(1 for line in lines if line and not line.startswith("#"))
    assert facts(record)["Variants"] == f"{count:,}"
