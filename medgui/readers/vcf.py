"""VCF files (plain, gzip, bgzip) to a Record: the header is read, the variants are counted, the file is kept.

Nothing is loaded whole. A compressed file is unpacked piece by piece and no further than the limit of unpacked bytes.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from medgui.errors import UnreadableFile
from medgui.files import reason
from medgui.i18n import _, format_count, format_list
from medgui.readers.chosen import Person, choose
from medgui.readers.collected import Collected
from medgui.readers.dicom_text import iso_date
from medgui.readers.limits import clean, shortened
from medgui.readers.patient_file import PatientFile
from medgui.record.dates import span
from medgui.record.model import Document, Identifier, Patient, Record, Source, Unread

MEDIA_TYPE = "text/x-vcf"
_COLUMNS = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO")
_PIECE = 1 << 18
_LONGEST_HEADER = 16 << 20
_MOST_SAMPLES = 10_000
_CHECKED_LINES = 50
_CHROMOSOME_1 = {"248956422": "GRCh38", "249250621": "GRCh37", "248387328": "T2T-CHM13"}
"""Length of chromosome 1 in each assembly (NCBI assembly reports)."""
_CONTIG = re.compile(r"##contig=<(.*)>")
_MEMBER = re.compile(r'(\w+)=("(?:[^"\\]|\\.)*"|[^,>]*)')


@dataclass(slots=True)
class _Header:
    """What the header lines say."""

    version: str = ""
    made: str = ""
    stated: dict[str, str] = field(default_factory=dict)
    assemblies: set[str] = field(default_factory=set)
    contigs: int = 0
    columns: tuple[str, ...] = ()

    @property
    def samples(self) -> tuple[str, ...]:
        return self.columns[len(_COLUMNS) + 1 :]


def read_vcf(file: PatientFile) -> Record:
    """Read the header of a VCF file and keep the file as a document.

    Raises `UnreadableFile` (cut off, no line of column names), `SeveralPatients` where it holds several samples, and
    `UserError` for a sample that is not in the file.
    """
    try:
        size = file.path.stat().st_size
        text = _Pieces(file)
        pieces = iter(text)
        header, rest = _header(file, pieces)
        count, notes = _count(header, rest, pieces)
    except OSError as error:
        sentence = _("{file} cannot be opened: {reason}.")
        raise UnreadableFile(sentence.format(file=file.name, reason=reason(error))) from error
    samples = [shortened(clean(name).strip()) for name in header.samples]
    sample = samples[choose(file, [Person(name, name) for name in samples])] if samples else ""
    got = Collected(unread=[Unread(file.name, note) for note in notes])
    note = _("The file names no patient, only the sample “{sample}”.").format(sample=sample)
    got.unread.append(Unread(file.name, note if sample else _("The file names no patient.")))
    counted = format_count(count) if text.whole else _("more than {n}").format(n=format_count(count))
    got.documents.append(_document(file, header, size, counted, samples))
    person = Patient(
        id=sample,
        identifiers=(Identifier("", sample),) if sample else (),
        source=Source(file.name, "#CHROM", sample),
    )
    return got.record(file, person, {}, document_date=header.made)


class _Pieces:
    """The text of the file in pieces. `whole` becomes false where it went on beyond the limit of unpacked bytes."""

    def __init__(self, file: PatientFile) -> None:
        self._file = file
        self.whole = True

    def __iter__(self) -> Iterator[bytes]:
        """Give the pieces; `UnreadableFile` where a compressed file is cut off or damaged."""
        with self._file.path.open("rb") as stream:
            first = stream.read(_PIECE)
            if first.startswith(b"\x1f\x8b"):
                yield from self._unpacked(stream, first)
                return
            while first:
                yield first
                first = stream.read(_PIECE)

    def _unpacked(self, stream: BinaryIO, packed: bytes) -> Iterator[bytes]:
        """The parts of a gzip or bgzip file one after the other."""
        unpacker, unpacked = None, 0
        while packed := packed or stream.read(_PIECE):
            if unpacker is None:
                packed = packed.lstrip(b"\x00")
                unpacker = zlib.decompressobj(31)
                continue
            try:
                data = unpacker.decompress(packed, _PIECE)
            except zlib.error as error:
                sentence = _("{file} is damaged: it cannot be unpacked.")
                raise UnreadableFile(sentence.format(file=self._file.name)) from error
            unpacked += len(data)
            yield data
            if unpacked > self._file.limits.unpacked_bytes:
                self.whole = False
                return
            packed = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            unpacker = None if unpacker.eof else unpacker
        while unpacker and (data := unpacker.decompress(b"", _PIECE)):
            yield data
        if unpacker and not unpacker.eof:
            sentence = _("{file} is cut off: its packed text has no end.")
            raise UnreadableFile(sentence.format(file=self._file.name))


def _header(file: PatientFile, pieces: Iterator[bytes]) -> tuple[_Header, bytes]:
    """The header lines, and what was read of the text behind them."""
    header, parts, length = _Header(), list[bytes](), 0
    for piece in pieces:
        parts.append(piece)
        length += len(piece)
        lines = b"".join(parts).split(b"\n") if b"\n" in piece else []
        pending = lines.pop() if lines else b""
        parts = [pending] if lines else parts
        for number, raw in enumerate(lines):
            line = raw.decode("utf-8", "replace").strip("\r\ufeff ")
            if line.startswith("#CHROM"):
                header.columns = tuple(line.split("\t")[: _MOST_SAMPLES + len(_COLUMNS)])
                return _checked(file, header), b"\n".join([*lines[number + 1 :], pending])
            if line and not line.startswith("##"):
                raise _no_columns(file)
            _take(header, line)
        if length > _LONGEST_HEADER:
            break
    line = b"".join(parts).decode("utf-8", "replace").strip("\r\ufeff ")
    if line.startswith("#CHROM"):
        header.columns = tuple(line.split("\t"))
        return _checked(file, header), b""
    raise _no_columns(file)


def _no_columns(file: PatientFile) -> UnreadableFile:
    sentence = _(
        "{file} is a damaged VCF file: the line with the names of the columns (#CHROM) is not there."
    )
    return UnreadableFile(sentence.format(file=file.name))


def _checked(file: PatientFile, header: _Header) -> _Header:
    if header.columns[: len(_COLUMNS)] != _COLUMNS:
        raise _no_columns(file)
    return header


def _take(header: _Header, line: str) -> None:
    key, _equals, value = line.removeprefix("##").partition("=")
    if key == "fileformat":
        header.version = shortened(clean(value), 40)
    elif key == "fileDate":
        day = iso_date(value[:10]) if value[:8].isdigit() else value[:10]
        header.made = day if span(day) else ""
    elif key in ("reference", "assembly", "source"):
        header.stated.setdefault(key, shortened(clean(value)))
    elif key == "contig":
        header.contigs += 1
        found = _CONTIG.match(line[:2000])
        parts = {name: text.strip('"') for name, text in _MEMBER.findall(found[1])} if found else {}
        if parts.get("assembly") and len(header.assemblies) < 5:
            header.assemblies.add(shortened(clean(parts["assembly"]), 60))
        if parts.get("ID", "").removeprefix("chr") == "1" and parts.get("length", "") in _CHROMOSOME_1:
            header.stated["by length"] = _CHROMOSOME_1[parts["length"]]


def _count(header: _Header, rest: bytes, pieces: Iterator[bytes]) -> tuple[int, list[str]]:
    """The number of variants, and notes on the first lines."""
    notes = []
    width = len(header.columns)
    wrong = sum(
        1
        for line in rest.split(b"\n", _CHECKED_LINES)[:-1]
        if line.strip() and line.rstrip(b"\r").count(b"\t") + 1 != width
    )
    if wrong and width < _MOST_SAMPLES:
        sentence = _(
            "Some of the first lines have another number of columns than the header; the file is damaged."
        )
        notes.append(sentence)
    count, last = 0, b"\n"
    for piece in _chained(rest, pieces):
        count += piece.count(b"\n")
        last = piece[-1024:]
    blank = re.sub(rb"[^\n]", b"", last[len(last.rstrip(b"\r\n")) :])
    return max(0, count + 1 - len(blank)), notes


def _chained(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from (piece for piece in rest if piece)


def _document(file: PatientFile, header: _Header, size: int, count: str, samples: list[str]) -> Document:
    by_length = header.stated.get("by length", "")
    assembly = ", ".join(sorted(header.assemblies)) or header.stated.get("assembly", "")
    facts = [
        (_("Format"), header.version),
        (_("Genome"), assembly or header.stated.get("reference", "")),
        (_("Genome by the length of chromosome 1"), by_length),
        (_("Samples"), format_list(samples[:10]) + (" …" if len(samples) > 10 else "")),
        (_("Variants"), count),
        (_("Sequences"), format_count(header.contigs) if header.contigs else ""),
        (_("Made with"), header.stated.get("source", "")),
    ]
    return Document(
        id=file.name,
        title=file.name,
        media_type=MEDIA_TYPE,
        time=header.made,
        source=Source(file.name),
        facts=tuple((label, value) for label, value in facts if value),
        size=size,
        path=str(file.path),
    )
