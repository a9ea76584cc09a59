"""What kind of file is this? Decided by its content; the name's ending is never trusted.

Kinds that are not read are recognised too, so that the refusal can name them.
"""

from __future__ import annotations

import io
import re
import zipfile
from enum import StrEnum
from pathlib import Path

from medgui.errors import UnreadableFile
from medgui.i18n import N_, _
from medgui.readers.limits import DEFAULT_LIMITS, Limits, decode, name_of, read_bytes


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
    Format.FHIR_XML: N_("{file} is FHIR in XML; medgui reads {kinds}."),
    Format.CCDA: N_("{file} is a C-CDA document; medgui reads {kinds}."),
    Format.HL7V2: N_("{file} is an HL7 v2 message; medgui reads {kinds}."),
    Format.DICOM: N_("{file} is a DICOM image; medgui reads {kinds}."),
    Format.VCF: N_("{file} is a list of gene variants (VCF); medgui reads {kinds}."),
    Format.PHENOPACKET: N_("{file} is a phenopacket; medgui reads {kinds}."),
    Format.PDF: N_("{file} is a PDF; medgui reads {kinds}."),
    Format.TEXT: N_("{file} is plain text without a table; medgui reads {kinds}."),
    Format.XLS: N_("{file} is an old or password-protected Office file; save it as an open .xlsx or as CSV."),
    Format.ZIP: N_("{file} is a ZIP archive; unpack it and open the patient file inside."),
    Format.GZIP: N_("{file} is a compressed file; unpack it and open the patient file inside."),
    Format.IMAGE: N_("{file} is a picture; medgui reads {kinds}."),
    Format.JSON: N_("{file} is JSON but holds no FHIR resource; medgui reads {kinds}."),
    Format.XML: N_("{file} is an XML file of another kind; medgui reads {kinds}."),
    Format.HTML: N_("{file} is a web page; medgui reads {kinds}."),
    Format.BINARY: N_("{file} is a binary file of unknown kind; medgui reads {kinds}."),
}
_KINDS = N_("FHIR R4 in JSON, CSV and Excel files")

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

_HEAD = 65_536


def refusal(kind: Format, name: str) -> UnreadableFile | None:
    """The refusal of a file of a kind that is never read: one sentence that names the kind. None for the others."""
    sentence = _REFUSED.get(kind)
    return None if sentence is None else UnreadableFile(_(sentence).format(file=name, kinds=_(_KINDS)))


def recognise(path: Path | str, limits: Limits = DEFAULT_LIMITS) -> Format:
    """Tell the kind of a file by its content. `UnreadableFile` where it cannot be read at all or is empty."""
    path = Path(path)
    return recognise_bytes(read_bytes(path, limits), name_of(path))


def recognise_bytes(data: bytes, name: str) -> Format:
    """Tell the kind of a file by its bytes; *name* is for the words of an error."""
    kind = _by_signature(data)
    if kind is not None:
        return kind
    head = data[:_HEAD]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[: len(head) // 2 * 2]
    elif _is_binary(head):
        return Format.BINARY
    try:
        text = decode(_whole_characters(head, len(data)), name).text
    except UnreadableFile:
        return Format.BINARY
    if not text.strip("\x00 \t\r\n\ufeff"):
        raise UnreadableFile(_("{file} is empty.").format(file=name))
    return _by_text(text.lstrip("\ufeff \t\r\n"))


def _by_signature(data: bytes) -> Format | None:
    if data[128:132] == b"DICM" or data[:8] in (
        b"\x08\x00\x05\x00\x0a\x00\x00\x00",
        b"\x08\x00\x00\x00\x04\x00\x00\x00",
    ):
        return Format.DICOM
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(data)
    for signature, kind in _SIGNATURES:
        if data.startswith(signature) and not (signature == b"BM" and not _is_binary(data[:_HEAD])):
            return kind
    return Format.IMAGE if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def _zip_kind(data: bytes) -> Format:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, UnicodeError):
        office = b"docProps/" in data or b"[Content_Types]" in data
        return Format.XLSX if b"xl/" in data or (office and b"word/" not in data) else Format.ZIP
    return Format.XLSX if "xl/workbook.xml" in names else Format.ZIP


def _is_binary(head: bytes) -> bool:
    """More than one byte in a hundred is a control character that text does not use, and it is not UTF-16."""
    if not head:
        return False
    zeros = max(head[::2].count(0), head[1::2].count(0))
    if zeros > 0.3 * len(head) and min(head[::2].count(0), head[1::2].count(0)) < 0.01 * len(head):
        return False
    control = len(head) - len(
        head.translate(None, bytes(set(range(32)) - {9, 10, 11, 12, 13, 28, 29, 30, 31}))
    )
    return control > 0.01 * len(head)


def _whole_characters(head: bytes, size: int) -> bytes:
    """Drop a UTF-8 character that the cut of the head went through."""
    if len(head) == size or head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head
    for back in range(1, 4):
        if head[-back] >= 0xC0:
            return head[:-back]
        if head[-back] < 0x80:
            break
    return head


def _by_text(text: str) -> Format:
    if text.startswith(("{", "[")):
        return _json_kind(text)
    if text.startswith("<"):
        return _xml_kind(text)
    if re.match(r"\x0b?(MSH|FHS|BHS)[|^]", text):
        return Format.HL7V2
    if text.startswith("##fileformat=VCF"):
        return Format.VCF
    return Format.CSV if looks_like_table(text) else Format.TEXT


def _json_kind(text: str) -> Format:
    if '"resourceType"' in text:
        lines = [line for line in text.splitlines() if line.strip()][:3]
        several = len(lines) > 1 and all(
            line.startswith("{") and line.rstrip().endswith("}") for line in lines[:2]
        )
        return Format.FHIR_NDJSON if several else Format.FHIR_JSON
    if re.search(r'"(phenotypicFeatures|phenopacketSchemaVersion|proband)"', text):
        return Format.PHENOPACKET
    return Format.JSON


def _xml_kind(text: str) -> Format:
    if "http://hl7.org/fhir" in text:
        return Format.FHIR_XML
    if "urn:hl7-org:v3" in text or "<ClinicalDocument" in text:
        return Format.CCDA
    return Format.HTML if re.search(r"<html|<!doctype html", text[:2000], re.IGNORECASE) else Format.XML


def looks_like_table(text: str) -> bool:
    """Whether the first lines have the same number (at least two) of cells by one delimiter."""
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    if len(lines) < 2:
        return False
    for delimiter in (",", ";", "\t", "|", "，"):
        counts = [line.count(delimiter) for line in lines]
        if counts[0] >= 1 and (counts[1] == counts[0] or lines[0].count('"') > 0 or '"' in text):
            return True
    return False
