"""PDF files and plain notes: kept as documents, read by people, never a source of numbers."""

from __future__ import annotations

import re

from medgui.errors import UnreadableFile
from medgui.i18n import _, format_count
from medgui.readers.chosen import choose
from medgui.readers.collected import Collected
from medgui.readers.limits import LONGEST_TEXT, clean
from medgui.readers.patient_file import PatientFile
from medgui.record.model import Document, Patient, Record, Source, Unread

_PDF_VERSION = re.compile(rb"%PDF-(\d\.\d)")
_YAML_PACKET = re.compile(
    r"^(phenotypicFeatures|phenotypic_features|phenopacketSchemaVersion|metaData|meta_data|proband)\s*:", re.M
)
_YAML_SUBJECT = re.compile(r"^(subject|proband|members)\s*:", re.M)


def read_pdf(file: PatientFile) -> Record:
    """A PDF as a document of an unnamed patient; it is not looked into."""
    found = _PDF_VERSION.match(file.data[:16])
    facts = [(_("Format"), f"PDF {found[1].decode()}")] if found else []
    if b"/Encrypt" in file.data[-4096:]:
        facts.append((_("Protection"), _("It is protected by a password or against copying.")))
    return _kept(file, "application/pdf", "", facts, [])


def read_note(file: PatientFile) -> Record:
    """A plain text as a document of an unnamed patient.

    `UnreadableFile` where it is a phenopacket in YAML or formatted text (RTF).
    """
    decoded = file.decoded()
    text = decoded.text.lstrip("\ufeff")
    if text.startswith("{\\rtf"):
        sentence = _("{file} is formatted text (RTF); save it as plain text or as PDF.")
        raise UnreadableFile(sentence.format(file=file.name))
    if _YAML_PACKET.search(text) and _YAML_SUBJECT.search(text):
        sentence = _("{file} is a phenopacket in YAML; save it as JSON.")
        raise UnreadableFile(sentence.format(file=file.name))
    notes = [decoded.note] if decoded.note else []
    if len(text) > LONGEST_TEXT:
        sentence = _("Only the first {limit} of {count} signs of the text are shown.")
        notes.append(sentence.format(limit=format_count(LONGEST_TEXT), count=format_count(len(text))))
    return _kept(file, "text/plain", _lines(text), [], notes)


def _lines(text: str) -> str:
    """The beginning of a text as it may be shown, its lines kept."""
    return "\n".join(clean(line).rstrip() for line in text[:LONGEST_TEXT].splitlines()).strip("\n")


def _kept(
    file: PatientFile, media_type: str, text: str, facts: list[tuple[str, str]], notes: list[str]
) -> Record:
    if file.patient is not None:
        choose(file, [])
    got = Collected(unread=[Unread(file.name, note) for note in notes])
    got.unread.append(Unread(file.name, _("The file names no patient.")))
    got.documents.append(
        Document(
            id=file.name,
            title=file.name,
            media_type=media_type,
            time="",
            source=Source(file.name),
            text=text,
            facts=tuple(facts),
            size=len(file.data),
            path=str(file.path),
        )
    )
    return got.record(file, Patient(id="", source=Source(file.name)), {})
