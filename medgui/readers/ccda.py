"""C-CDA documents (R1.1, R2.1, and C32 and CCD before them) to a Record. Coded entries are read, narrative is kept."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from medgui.errors import UnreadableFile
from medgui.i18n import _, ngettext
from medgui.readers.ccda_allergies import read_allergies
from medgui.readers.ccda_clinical import (
    read_family_history,
    read_immunization,
    read_problems,
    read_procedures,
)
from medgui.readers.ccda_drugs import read_medications
from medgui.readers.ccda_file import CcdaFile, Section, Taken, open_document
from medgui.readers.ccda_kinds import (
    ALLERGIES,
    BEFORE,
    COMPLETENESS_OF,
    DIAGNOSES,
    ENCOUNTERS,
    FAMILY,
    GIVEN,
    HISTORY,
    IMMUNIZATIONS,
    MEDICATIONS,
    PROBLEMS,
    PROCEDURES,
    RESOLVED,
    RESULTS,
    SOCIAL,
    VITALS,
    WHOLE_LISTS,
    kind_of_entry,
)
from medgui.readers.ccda_narrative import narrative_text, rows_without_entry
from medgui.readers.ccda_observation import read_observations
from medgui.readers.ccda_patient import read_patient
from medgui.readers.ccda_values import Broken
from medgui.readers.collected import Collected
from medgui.readers.nothing import states_nothing
from medgui.readers.patient_file import PatientFile
from medgui.readers.xml_place import Node, encoding_note, parse_xml
from medgui.record.model import (
    Allergy,
    Completeness,
    Condition,
    Document,
    Medication,
    Patient,
    Record,
    Source,
    Unread,
)

_EntryReader = Callable[[CcdaFile, Section, Node, str], Taken]
_READ: dict[str, _EntryReader] = {
    **dict.fromkeys((VITALS, RESULTS, SOCIAL), read_observations),
    **dict.fromkeys((PROBLEMS, HISTORY, DIAGNOSES, RESOLVED, ENCOUNTERS), read_problems),
    PROCEDURES: read_procedures,
    IMMUNIZATIONS: read_immunization,
    FAMILY: read_family_history,
    **dict.fromkeys((MEDICATIONS, GIVEN, BEFORE), read_medications),
    ALLERGIES: read_allergies,
}
_LISTS = WHOLE_LISTS - {VITALS, RESULTS, SOCIAL}
"""Sections whose rows are compared with their entries, and whose silence may be taken for "no"."""
_DEAD = "419099009"


@dataclass(slots=True)
class _Parts:
    """How far each part of the record was read."""

    read: set[str] = field(default_factory=set)
    added: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    partial: set[str] = field(default_factory=set)

    def completeness(self) -> dict[str, Completeness]:
        """The state of each part. What only adds to a list that is not there is no complete list."""
        states = dict.fromkeys(sorted(self.unknown), Completeness.ABSENT)
        states.update(dict.fromkeys(self.added, Completeness.PARTIAL))
        states.update(dict.fromkeys(self.read, Completeness.COMPLETE))
        states.update(dict.fromkeys(self.partial, Completeness.PARTIAL))
        return dict(sorted(states.items()))


def read_ccda(source: PatientFile) -> Record:
    """Read the patient of a C-CDA document.

    Raises `UnreadableFile` (no sound XML, another HL7 v3 message, no patient or several), and `UserError` for a
    patient that is not in the file.
    """
    root = parse_xml(source.data, source.name, source.limits)
    if str(root.tag).rpartition("}")[2] != "ClinicalDocument":
        sentence = _("{file} is an HL7 version 3 message, not a clinical document; medgui does not read it.")
        raise UnreadableFile(sentence.format(file=source.name))
    file = open_document(source, root)
    person, questions, unread = read_patient(file, source.patient)
    got = Collected(questions=questions, unread=unread)
    note = encoding_note(source.data, source.name)
    if note:
        got.unread.insert(0, Unread(source.name, note))
    parts = _Parts()
    for section in file.sections:
        _read_section(file, section, got, parts)
    got.documents += _documents(file)
    _other_body(file, got)
    return got.record(source, _with_death(person, got), parts.completeness(), document_date=file.date)


def _with_death(person: Patient, got: Collected) -> Patient:
    """A confirmed finding that the patient is dead counts as the statement itself."""
    dead = any(c.usable and any(item.code == _DEAD for item in c.codings) for c in got.conditions)
    return replace(person, deceased="yes") if dead and not person.deceased else person


# Sections


def _read_section(file: CcdaFile, section: Section, got: Collected, parts: _Parts) -> None:
    before = len(got.conditions), len(got.medications), len(got.allergies)
    states: list[str] = []
    other: list[Node] = []
    for statement in section.entries:
        kind = kind_of_entry(section.kind, statement)
        if not kind or kind == ENCOUNTERS:
            other.append(statement)
        if kind:
            states.append(_read_entry(file, section, statement, kind, got, parts))
    if other:
        got.unread.append(_not_read(section, other))
    part = COMPLETENESS_OF.get(section.kind)
    if part is None:
        return
    if not states:
        _text_only(file, section, got, parts)
    elif "" in states or "none" in states:
        (parts.read if section.kind in WHOLE_LISTS else parts.added).add(part)
    else:
        parts.unknown.add(part)
    if states and section.kind in _LISTS:
        _compare_rows(section, *_named(got, before), got, parts)


def _read_entry(
    file: CcdaFile, section: Section, statement: Node, kind: str, got: Collected, parts: _Parts
) -> str:
    """Read one entry; what is broken goes to `unread` and makes its part partial. Returns what it states."""
    part = COMPLETENESS_OF[kind]
    try:
        if section.about:
            raise Broken(section.about)
        taken = _READ[kind](file, section, statement, kind)
    except Broken as problem:
        got.unread.append(file.not_read(section, statement, str(problem)))
        parts.partial.add(part)
        return ""
    except (TypeError, ValueError, AttributeError, KeyError, IndexError, OverflowError):
        got.unread.append(file.not_read(section, statement, _("The entry is not as C-CDA says.")))
        parts.partial.add(part)
        return ""
    got.observations += taken.observations
    got.conditions += taken.conditions
    got.medications += taken.medications
    got.allergies += taken.allergies
    got.unread += taken.unread
    if taken.unread or taken.doubtful:
        parts.partial.add(part)
    if part != COMPLETENESS_OF.get(section.kind) and not taken.states:
        parts.added.add(part)
    return taken.states


def _not_read(section: Section, other: list[Node]) -> Unread:
    sentence = ngettext(
        "{n} entry of the section “{title}” is of a kind that is not read.",
        "{n} entries of the section “{title}” are of a kind that is not read.",
        len(other),
    )
    reason = sentence.format(n=len(other), title=section.title)
    return Unread(section.title, reason, other[0].line, section.title)


def _text_only(file: CcdaFile, section: Section, got: Collected, parts: _Parts) -> None:
    """A section without entries: absent, a stated empty list, or text that is not read."""
    part = COMPLETENESS_OF[section.kind]
    text = section.node.child("text")
    words = narrative_text(text)
    if section.kind not in WHOLE_LISTS:
        return
    if section.node.at("nullFlavor") or not words:
        parts.unknown.add(part)
        return
    lines = words.split("\n")
    if section.about:
        got.unread.append(file.not_read(section, text, section.about))
        parts.partial.add(part)
        return
    stated = {states_nothing(line) for line in (*lines, words) if line}
    if "none" in stated and stated <= {"none", "unknown", ""} and len(lines) <= 3:
        _none_known(
            file, section, next(line for line in (*lines, words) if states_nothing(line) == "none"), got
        )
        parts.read.add(part)
    elif "unknown" in stated and len(lines) <= 3:
        parts.unknown.add(part)
    else:
        sentence = _("The section “{title}” holds text only, which is not read.")
        got.unread.append(
            Unread(section.title, sentence.format(title=section.title), text.line, section.title)
        )
        parts.partial.add(part)


def _none_known(file: CcdaFile, section: Section, words: str, got: Collected) -> None:
    """An empty allergy list that is stated in words is an entry of its own (SAFETY 5)."""
    if section.kind == ALLERGIES:
        text = section.node.child("text")
        words = words.strip(" |")
        source = file.source(section, text, words)
        stated = Allergy(
            file.identity(text), (), words, "", "", "", negated=True, recorded=file.date, source=source
        )
        got.allergies.append(stated)


def _named(got: Collected, before: tuple[int, int, int]) -> tuple[list[str], int]:
    """Names and codes of what was read since *before*, and how many items that are."""
    items: tuple[Condition | Medication | Allergy, ...] = (
        *got.conditions[before[0] :],
        *got.medications[before[1] :],
        *got.allergies[before[2] :],
    )
    named = [item.name for item in items]
    listed = [coding for item in items for coding in item.codings]
    return [*named, *(c.display for c in listed), *(c.code for c in listed)], len(items)


def _compare_rows(section: Section, names: list[str], items: int, got: Collected, parts: _Parts) -> None:
    lost = rows_without_entry(section, names, items)
    if not lost:
        return
    sentence = ngettext(
        "{n} row of the text of the section “{title}” has no entry that can be read.",
        "{n} rows of the text of the section “{title}” have no entry that can be read.",
        lost,
    )
    reason = sentence.format(n=lost, title=section.title)
    got.unread.append(Unread(section.title, reason, section.node.child("text").line, section.title))
    parts.partial.add(COMPLETENESS_OF[section.kind])


# Documents


def _documents(file: CcdaFile) -> list[Document]:
    """The narrative of each section, to be shown beside its entries."""
    found = []
    for number, section in enumerate(file.sections, start=1):
        node = section.node.child("text")
        text = narrative_text(node)
        if text:
            where = _("{place}, line {line}").format(place=section.title, line=node.line)
            source = Source(file.name, where, "", node.line, section.title, node.column)
            found.append(
                Document(f"section-{number}", section.title, "text/plain", file.date, source, text=text)
            )
    return found


def _other_body(file: CcdaFile, got: Collected) -> None:
    """A document whose body is a file of its own (PDF, text): kept, its content is not read."""
    node = file.root.child("component", "nonXMLBody", "text")
    if not node:
        return
    media = node.at("mediaType") or "text/plain"
    encoded = node.at("representation").upper() == "B64"
    raw = "".join(node.itertext())
    data = _decoded(raw) if encoded else raw.encode("utf-8", "replace")
    title = file.root.child("title").words() or file.root.child("code").at("displayName") or media
    where = _("{place}, line {line}").format(place="nonXMLBody", line=node.line)
    source = Source(file.name, where, "", node.line)
    text = ""
    if media.startswith("text/") and data is not None:
        text = data.decode("utf-8", "replace")
    got.documents.append(
        Document("body", title, media, file.date, source, text=text[:200_000], size=len(data or b""))
    )
    reason = _("The document is kept as it is; its content is not read.")
    got.unread.append(Unread(title, reason, node.line))


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=False)
    except (binascii.Error, ValueError):
        return None
