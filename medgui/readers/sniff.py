"""What kind of file is this? Decided by its content; the name's ending is never trusted.

Kinds that are not read are recognised too, so that the refusal can name them.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from itertools import islice
from pathlib import Path

from medgui.errors import UnreadableFile
from medgui.i18n import N_, _
from medgui.readers.encodings import decode, wide_encoding
from medgui.readers.limits import DEFAULT_LIMITS, HEAD, Limits, name_of, read_bytes, read_head


class Format(StrEnum):
    """Kinds of file that are told apart."""

    FHIR_JSON = "fhir-json"
    FHIR_NDJSON = "fhir-ndjson"
    CSV = "csv"
    XLSX = "xlsx"
    FHIR_XML = "fhir-xml"
    CCDA = "c-cda"
    HL7V2 = "hl7v2"
    DICOM = "dicom"
    VCF = "vcf"
    PHENOPACKET = "phenopacket"
    PDF = "pdf"
    XLS = "xls"
    WORD = "word"
    SLIDES = "slides"
    XLSB = "xlsb"
    OPEN_TEXT = "odt"
    OPEN_SHEET = "ods"
    ZIP = "zip"
    GZIP = "gzip"
    IMAGE = "image"
    JSON = "json"
    XML = "xml"
    HTML = "html"
    BINARY = "binary"
    TEXT = "text"


STREAMED = frozenset({Format.DICOM, Format.VCF})
"""Kinds that may be large and are read piece by piece."""

_REFUSED = {
    Format.XLS: N_("{file} is an old or password-protected Office file; save it as an open .xlsx or as CSV."),
    Format.WORD: N_(
        "{file} is a Word document; save a letter as PDF or plain text, a table as .xlsx or CSV."
    ),
    Format.SLIDES: N_("{file} is a presentation; save it as PDF."),
    Format.XLSB: N_("{file} is a binary Excel workbook; save it as .xlsx or CSV."),
    Format.OPEN_TEXT: N_(
        "{file} is an OpenDocument text; save a letter as PDF or plain text, a table as .xlsx or CSV."
    ),
    Format.OPEN_SHEET: N_("{file} is an OpenDocument spreadsheet; save it as .xlsx or CSV."),
    Format.ZIP: N_("{file} is a ZIP archive; unpack it and open the patient file inside."),
    Format.GZIP: N_("{file} is a compressed file; unpack it and open the patient file inside."),
    Format.IMAGE: N_("{file} is a picture; medgui reads {kinds}."),
    Format.JSON: N_("{file} is JSON but holds no FHIR resource; medgui reads {kinds}."),
    Format.XML: N_("{file} is an XML file of another kind; medgui reads {kinds}."),
    Format.HTML: N_("{file} is a web page; medgui reads {kinds}."),
    Format.BINARY: N_("{file} is a binary file of unknown kind; medgui reads {kinds}."),
}
_KINDS = N_("FHIR, C-CDA, HL7 v2, DICOM, phenopackets, VCF, CSV, Excel, PDF and text files")

_SIGNATURES = (
    (b"%PDF-", Format.PDF),
    (b"\x1f\x8b", Format.GZIP),
    (b"BZh", Format.GZIP),
    (b"\xfd7zXZ\x00", Format.GZIP),
    (b"7z\xbc\xaf\x27\x1c", Format.ZIP),
    (b"Rar!\x1a\x07", Format.ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format.XLS),
    (b"\x89PNG\r\n\x1a\n", Format.IMAGE),
    (b"\xff\xd8\xff", Format.IMAGE),
    (b"GIF8", Format.IMAGE),
    (b"BM", Format.IMAGE),
    (b"II*\x00", Format.IMAGE),
    (b"MM\x00*", Format.IMAGE),
    (b"\x00\x00\x01\x00", Format.IMAGE),
)


def refusal(kind: Format, name: str) -> UnreadableFile | None:
    """The refusal of a file of a kind that is never read: one sentence that names the kind. None for the others."""
    sentence = _REFUSED.get(kind)
    return None if sentence is None else UnreadableFile(_(sentence).format(file=name, kinds=_(_KINDS)))


def recognise(path: Path | str, limits: Limits = DEFAULT_LIMITS) -> Format:
    """Tell the kind of a file by its content. `UnreadableFile` where it cannot be read at all or is empty."""
    path = Path(path)
    return streamed_kind(read_head(path)) or recognise_bytes(read_bytes(path, limits), name_of(path))


def streamed_kind(head: bytes) -> Format | None:
    """The kind of a file that is read piece by piece, by its first bytes; None for all others."""
    if _is_dicom(head):
        return Format.DICOM
    text = _gunzipped(head) if head.startswith(b"\x1f\x8b") else head
    return Format.VCF if text.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"##fileformat=VCF") else None


def _gunzipped(head: bytes) -> bytes:
    """The first bytes of a compressed file (also bgzip), b"" where they cannot be unpacked."""
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, 1024)
    except zlib.error:
        return b""


_BLANK = b"\x00 \t\r\n\x0b\x0c\x1c\xef\xbb\xbf\xff\xfe"
"""Bytes of white space, marks and zeros: a file of nothing else is empty."""


def recognise_bytes(data: bytes, name: str) -> Format:
    """Tell the kind of a file by its bytes; *name* is for the words of an error."""
    kind = streamed_kind(data[:HEAD]) or _by_signature(data)
    if kind is not None:
        return kind
    head = data[:HEAD]
    if not head.strip(_BLANK) and not data.strip(_BLANK):
        raise UnreadableFile(_("{file} is empty.").format(file=name))
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")) or wide_encoding(head[:4096]):
        head = head[: len(head) // 4 * 4] if len(data) > HEAD else head
    elif _is_binary(head):
        return Format.BINARY
    try:
        text = decode(_whole_characters(head, len(data)), name).text
    except UnreadableFile:
        return Format.BINARY
    text = text.lstrip("\ufeff \t\r\n\0\x0b\x1c")
    return _by_text(text, data)


_VALUE_KINDS = frozenset(
    b"AE AS AT CS DA DS DT FL FD IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV".split()
)


def _is_dicom(head: bytes) -> bool:
    """A preamble with its mark, or (older files) a data set that begins with group 2 or 8."""
    if head[128:132] == b"DICM":
        return True
    little, big = head[:2] in (b"\x02\x00", b"\x08\x00"), head[:2] in (b"\x00\x02", b"\x00\x08")
    if not (little or big) or len(head) < 12:
        return False
    if head[4:6] in _VALUE_KINDS:
        return True
    length = int.from_bytes(head[4:8], "little")
    return little and head[3] == 0 and length % 2 == 0 and length <= 1024 and not head[8:10].isspace()


def _by_signature(data: bytes) -> Format | None:
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(data)
    for signature, kind in _SIGNATURES:
        if data.startswith(signature) and not (signature == b"BM" and not _is_binary(data[:HEAD])):
            return kind
    return Format.IMAGE if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


_OFFICE_PARTS = (
    (b"xl/workbook.xml", Format.XLSX),
    (b"xl/workbook.bin", Format.XLSB),
    (b"word/document.xml", Format.WORD),
    (b"ppt/presentation.xml", Format.SLIDES),
)
"""The part by which an Office file is told (ECMA-376 part 1)."""
_OPEN_TYPES = {b"spreadsheet": Format.OPEN_SHEET, b"text": Format.OPEN_TEXT, b"presentation": Format.SLIDES}
_OPEN_TYPE = re.compile(rb"mimetypeapplication/vnd\.oasis\.opendocument\.([a-z]+)")
"""OpenDocument files begin with their media type, not compressed (OpenDocument 1.3 part 2, 3.3)."""
_FIRST_NAME = 30
"""Where the name of the first part of an archive stands."""


def _zip_kind(data: bytes) -> Format:
    stated = _OPEN_TYPE.match(data, _FIRST_NAME)
    if stated and stated[1] in _OPEN_TYPES:
        return _OPEN_TYPES[stated[1]]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {name.encode(errors="replace") for name in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, UnicodeError):
        return _damaged_zip_kind(data)
    return next((kind for part, kind in _OFFICE_PARTS if part in names), Format.ZIP)


def _damaged_zip_kind(data: bytes) -> Format:
    """An archive whose list of parts cannot be read, by the names that still stand before its parts."""
    told = next((kind for part, kind in _OFFICE_PARTS if part in data), None)
    office = b"docProps/" in data or b"[Content_Types]" in data
    return told or (Format.XLSX if b"xl/" in data or (office and b"word/" not in data) else Format.ZIP)


_CONTROL = bytes(set(range(32)) - {9, 10, 11, 12, 13, 28, 29, 30, 31})


def _is_binary(head: bytes) -> bool:
    """More than one byte in a hundred is a control character that text does not use."""
    return bool(head) and len(head) - len(head.translate(None, _CONTROL)) > 0.01 * len(head)


def _whole_characters(head: bytes, size: int) -> bytes:
    """Drop a UTF-8 character that the cut of the head went through."""
    if len(head) == size or head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head
    for back in range(1, 5):
        if head[-back] >= 0xC0:
            return head[:-back]
        if head[-back] < 0x80:
            break
    return head


_MESSAGE = re.compile(r"(?:MSH|FHS|BHS)(?:[|^]|([^\w\s])[^\w\s]{2,5}\1)")
_JSON_START = re.compile(r"\{\s*(?:[\"}]|$)|\[\s*(?:[\[{\"\]\d\-tfn]|$)")
_XML_START = re.compile(r"<(?:\?xml|!|[A-Za-z_][\w.\-]*(?::[\w.\-]+)?(?=[\s/>]))")
_CELL_IN_BRACKETS = re.compile(r"(?:<[^<>\r\n]*>|\[[^\[\]\r\n]*\]|\{[^{}\r\n]*\})[ ]*[,;\t|，]")


def _by_text(text: str, data: bytes) -> Format:
    bracketed = (
        _CELL_IN_BRACKETS.match(text) and not _holds(data, b'"resourceType"') and looks_like_table(text)
    )
    if not bracketed:
        if _JSON_START.match(text) or (text.startswith(("{", "[")) and _holds(data, b'"resourceType"')):
            return _json_kind(text, data)
        if _XML_START.match(text):
            return _xml_kind(text, data)
    if _MESSAGE.match(text):
        return Format.HL7V2
    return Format.CSV if looks_like_table(text) or names_probes(text) else Format.TEXT


def _holds(data: bytes, word: bytes) -> bool:
    """Whether an ASCII word stands anywhere in a text, in one byte a sign or two."""
    if word in data:
        return True
    wide = word.decode().encode("utf-16-le")
    return b"\0" in data[:64] and (wide in data or wide[1:] in data)


_PHENOPACKET = (
    b'"phenotypicFeatures"', b'"phenotypic_features"', b'"phenopacketSchemaVersion"',
    b'"phenopacket_schema_version"', b'"proband"', b'"metaData"', b'"meta_data"',
)  # fmt: skip


def _json_kind(text: str, data: bytes) -> Format:
    if _holds(data, b'"resourceType"'):
        return Format.FHIR_NDJSON if _is_lines_of_json(text, data) else Format.FHIR_JSON
    if any(_holds(data, word) for word in _PHENOPACKET):
        return Format.PHENOPACKET
    return Format.JSON


_LINE = re.compile(r"\S[^\r\n]*")


def _is_lines_of_json(text: str, data: bytes) -> bool:
    """Whether the first two lines that are not blank are whole objects; a line may be longer than the head."""
    lines = [found[0].strip() for found in islice(_LINE.finditer(text), 3)]
    if len(lines) > 2:
        return all(line.startswith("{") and line.endswith("}") for line in lines[:2])
    start, found = 0, 0
    while found < 2 and start < len(data):
        end = data.find(b"\n", start)
        line = data[start : end if end >= 0 else len(data)].strip(b" \t\r\0\xef\xbb\xbf\xff\xfe")
        start = end + 1 if end >= 0 else len(data)
        if line and not (line.startswith(b"{") and line.endswith(b"}")):
            return False
        found += bool(line)
    return found == 2


_PROLOG = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE(?:[^\[>]|\[.*?\])*>", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(r"<(?:([\w.\-]+):)?([\w.\-]+)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)")


def _xml_kind(text: str, data: bytes) -> Format:
    """Told by the root element and its namespace; a damaged head by the words in it."""
    at = 0
    while found := _PROLOG.match(text, at):
        at = found.end()
    root = _ROOT.match(text, at)
    prefix, name, attributes = root.groups("") if root else ("", "", text)
    space = re.search(rf"xmlns{':' if prefix else ''}{re.escape(prefix)}\s*=\s*[\"']([^\"']*)", attributes)
    address = space[1].strip() if space else ""
    if (
        name == "ClinicalDocument"
        or address == "urn:hl7-org:v3"
        or (not root and _holds(data, b"<ClinicalDocument"))
    ):
        return Format.CCDA
    if address == "http://hl7.org/fhir":
        return Format.FHIR_XML
    if name.lower() == "html" or re.search(r"<html|<!doctype html", text[:2000], re.IGNORECASE):
        return Format.HTML
    if "<ClinicalDocument" in text or ("urn:hl7-org:v3" in text and not address):
        return Format.CCDA
    fhir = not address and (
        _holds(data, b"http://hl7.org/fhir") if not root else "http://hl7.org/fhir" in text
    )
    return Format.FHIR_XML if fhir else Format.XML


# Tables

_PROBES = re.compile(r"(?:^|[,;\t\n\"])[A-Za-z0-9][\w.\-/]*_[as]t(?=\"?[,;\t\r\n])")
"""A name of a probe set of an expression array: "X95735_at"."""
LEAST_PROBES = 20


def names_probes(text: str) -> bool:
    """Whether the beginning of a text names probe sets of an expression array, across a heading or down a column."""
    return "_at" in text and len(_PROBES.findall(text[:20_000])) >= LEAST_PROBES


DELIMITERS = (",", ";", "\t", "|", "^", "，")
_PROBE = 40
_PROSE = re.compile(r"[.!?:。！？：]\s*$")


def looks_like_table(text: str) -> bool:
    """Whether most of the first rows have the same number (at least two) of cells by one delimiter, and no prose."""
    return bool(find_delimiter(text))


def find_delimiter(text: str) -> str:
    """The sign that cuts most of the first rows into the same number of cells, at least two; "" where none does."""
    stated = re.match(r"\s*sep=(.)\s*(?:\r|\n)", text, re.IGNORECASE)
    if stated:
        return stated[1]
    best, best_score = "", 0.0
    for delimiter in DELIMITERS:
        score = _score(list(_first_rows(text, delimiter)))
        if score > best_score + 1e-9:
            best, best_score = delimiter, score
    return best


def _score(rows: list[list[str]]) -> float:
    """How much like a table rows are: 0 for one cell a row, too few rows alike, or sentences."""
    counts = Counter(len(row) for row in rows if len(row) > 1)
    if not counts or len(rows) < 2:
        return 0.0
    width, times = max(counts.items(), key=lambda item: (item[1], item[0]))
    near = sum(times for other, times in counts.items() if abs(other - width) <= 1 or other > 4)
    if near < 2 or (times < 2 and near < len(rows)):
        return 0.0
    if _is_prose(rows) or (width <= 4 and times < 0.3 * len(rows)):
        return 0.0
    return times / len(rows) * (1 + min(width, 50) / 100)


_LABEL = re.compile(r"\s*[^\W\d][\w .()/-]{0,30}[:：]\s")


def _is_prose(rows: list[list[str]]) -> bool:
    """Sentences and labelled lines: a blank after most delimiters, and full stops, labels or many words."""
    inner = [cell for row in rows for cell in row[1:]]
    if sum(1 for cell in inner if not cell or cell[0] == " ") < 0.6 * len(inner):
        return False
    ends = sum(1 for row in rows if any(sign.isalpha() for sign in row[-1]) and _PROSE.search(row[-1]))
    labels = sum(1 for row in rows if _LABEL.match(row[0]))
    words = sum(len(cell.split()) for row in rows for cell in row)
    return max(ends, labels) >= 0.3 * len(rows) or words > 2.5 * (len(rows) + len(inner))


def _first_rows(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=delimiter)
    try:
        for number, row in enumerate(reader):
            if number >= _PROBE:
                return
            if len(row) > 1 or any(cell.strip() for cell in row):
                yield row
    except csv.Error:
        return
