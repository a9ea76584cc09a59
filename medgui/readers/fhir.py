"""FHIR (R4, R4B, R5; JSON and XML) to a Record: bundles of any type, documents, single resources, one a line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from medgui.i18n import _
from medgui.readers.collected import Collected, not_used
from medgui.readers.fhir_bundle import NEVER_READ, Entry, FhirFile
from medgui.readers.fhir_clinical import (
    read_condition,
    read_family_history,
    read_immunization,
    read_procedure,
    stated_nothing,
    states_nothing,
)
from medgui.readers.fhir_documents import DOCUMENTS, lost_results, read_documents
from medgui.readers.fhir_drugs import read_allergy, read_medication
from medgui.readers.fhir_json import open_json
from medgui.readers.fhir_observation import read_observation
from medgui.readers.fhir_own import own_completeness, own_tag, restore
from medgui.readers.fhir_patient import choose, read_patient, resettle_sex
from medgui.readers.fhir_sections import OBSERVATIONS, SECTION_OF, SOCIAL, Sections
from medgui.readers.fhir_subject import Subject
from medgui.readers.fhir_values import Broken, child, children, date_text, string
from medgui.readers.fhir_version import check_version
from medgui.readers.fhir_versions import check_people, settle_versions
from medgui.readers.fhir_xml import open_xml
from medgui.readers.limits import Decoded
from medgui.readers.patient_file import PatientFile
from medgui.readers.sniff import Format
from medgui.readers.systems import OWN_AS_OF, OWN_DOCUMENT_DATE
from medgui.record.model import Condition, Patient, Record, Unread

_NOT_CLINICAL = NEVER_READ | {
    "Patient", "Medication", "Encounter", "Specimen", "Organization", "Practitioner", "PractitionerRole", "Location",
    "OperationOutcome", "RelatedPerson", "List", "Group", "Account", "CapabilityStatement", "Parameters", "Endpoint",
    "HealthcareService", "Person", "Consent", "MessageHeader", "Substance",
}  # fmt: skip
_DATED_KINDS: dict[str, Callable[[FhirFile, Entry, Subject], Condition]] = {
    "Condition": read_condition,
    "Procedure": read_procedure,
    "Immunization": read_immunization,
}
_ODD = (TypeError, ValueError, AttributeError, KeyError, IndexError, OverflowError)
"""What a value of another kind than FHIR says leads to."""


@dataclass(slots=True)
class _Collected(Collected):
    """With what tells a resource that stands twice, and counts the kinds that are not used."""

    other: Counter[str] = field(default_factory=Counter)
    seen: dict[str, object] = field(default_factory=dict)


def read_fhir(source: PatientFile) -> Record:
    """Read one patient of a FHIR file. Its `as_of` is what the file states, or "".

    Raises `UnreadableFile` (cut off, neither JSON nor XML, no patient, another FHIR release), `SeveralPatients`,
    and `UserError` for a patient that is not in the file.
    """
    decoded = source.decoded()
    if source.kind == Format.FHIR_XML:
        file = open_xml(source.data, source.name, source.limits)
    else:
        file = open_json(_utf8(source.data, decoded), decoded.text, source.name, source.limits)
    check_version(file)
    older = settle_versions(file)
    check_people(file)
    restore(file)
    chosen = choose(file, source.patient)
    person, questions, unread = read_patient(file, chosen)
    got = _Collected(questions=questions, unread=[*file.unread, *unread], cleaned=older)
    if decoded.note:
        got.unread.insert(0, Unread(file.name, decoded.note))
    sections = Sections(file)
    if file.unread:
        sections.broken |= set(SECTION_OF.values())
    subject = Subject(file, chosen)
    if subject.withdrawn:
        sections.broken |= set(SECTION_OF.values())
    for entry in file.entries:
        _take(file, entry, subject, got, sections)
    person = _with_stated_sex(file, chosen, person, got)
    completeness, notes = sections.completeness()
    completeness = own_completeness(file.bundle, completeness)
    dated = own_tag(file.bundle, OWN_DOCUMENT_DATE) or _document_date(file)
    got.unread += [*notes, *not_used(got.other)]
    return got.record(source, person, completeness, document_date=dated, as_of=_own_as_of(file))


def _with_stated_sex(file: FhirFile, chosen: Entry, person: Patient, got: _Collected) -> Patient:
    """Sex as an observation states it is heard beside what the patient's own entry says."""
    stated = [str(found.value) for found in got.observations if found.variable == "sex" and found.usable]
    if not stated:
        return person
    sex, source, questions = resettle_sex(file, chosen, stated)
    got.questions = [*(item for item in got.questions if item.code != "sex_conflict"), *questions]
    return replace(person, sex=sex, sex_source=source)


def _utf8(data: bytes, decoded: Decoded) -> bytes:
    """The scan for depth and the place of a cut need UTF-8 bytes; other encodings are brought to it."""
    if decoded.encoding != "utf-8" or decoded.note or data.startswith(b"\xef\xbb\xbf"):
        return decoded.text.encode("utf-8", "surrogatepass")
    return data


def _take(file: FhirFile, entry: Entry, subject: Subject, got: _Collected, sections: Sections) -> None:
    """Read one entry; what is broken goes to `unread` and makes its section partial."""
    kind = entry.kind
    if kind not in SECTION_OF and kind not in DOCUMENTS:
        if kind not in _NOT_CLINICAL and subject.belongs(entry.resource):
            got.other[kind] += 1
        return
    if subject.is_unclear(entry.resource):
        _give_up(file, entry, _("It does not say whom it is about."), got, sections)
        return
    if not subject.belongs(entry.resource) or _repeated(entry, got):
        return
    section = SECTION_OF.get(kind, "")
    try:
        if entry.release:
            raise Broken(_("The entry is FHIR {release}, not R4.").format(release=entry.release))
        if section:
            _read_entry(file, entry, subject, got, sections)
        else:
            _read_document(file, entry, subject, got, sections)
    except Broken as problem:
        _give_up(file, entry, str(problem), got, sections)
    except _ODD:
        _give_up(file, entry, _("The entry is not as FHIR says."), got, sections)


def _give_up(file: FhirFile, entry: Entry, reason: str, got: _Collected, sections: Sections) -> None:
    section = SECTION_OF.get(entry.kind, "")
    got.unread.append(file.not_read(entry, reason, section))
    sections.broken |= {section, *_social(entry)} - {""}


def _social(entry: Entry) -> set[str]:
    if entry.kind != "Observation":
        return set()
    listed = (coding for item in children(entry.resource, "category") for coding in children(item, "coding"))
    return {SOCIAL} if any(coding.get("code") == "social-history" for coding in listed) else set()


def _repeated(entry: Entry, got: _Collected) -> bool:
    """The same resource twice in one file counts once."""
    if not entry.id:
        return False
    key = f"{entry.kind}/{entry.id}"
    if key in got.seen and got.seen[key] == entry.resource:
        return True
    got.seen.setdefault(key, entry.resource)
    return False


def _read_entry(file: FhirFile, entry: Entry, subject: Subject, got: _Collected, sections: Sections) -> None:
    kind = entry.kind
    section = SECTION_OF[kind]
    if kind == "Observation":
        for observation, question in list(read_observation(file, entry, subject)):
            got.observations.append(observation)
            got.questions.extend([question] if question else [])
        sections.found |= {OBSERVATIONS, *_social(entry)}
        return
    nothing = states_nothing(entry.resource)
    if nothing == "unknown" or (nothing and kind != "AllergyIntolerance"):
        (sections.none_known if nothing == "none" else sections.no_information).add(section)
        got.cleaned.append(stated_nothing(file, entry))
        return
    if kind in _DATED_KINDS:
        got.conditions.append(_DATED_KINDS[kind](file, entry, subject))
    elif kind == "FamilyMemberHistory":
        got.conditions.extend(list(read_family_history(file, entry)))
    elif kind == "AllergyIntolerance":
        got.allergies.append(read_allergy(file, entry, subject))
    else:
        got.medications.append(read_medication(file, entry, subject))
    sections.found.add(section)


def _read_document(
    file: FhirFile, entry: Entry, subject: Subject, got: _Collected, sections: Sections
) -> None:
    """Keep what a report or document holds for people; results that it lacks make the results partial."""
    foreign = subject.doubt(entry.resource)
    if foreign:
        raise Broken(foreign)
    got.documents.extend(list(read_documents(file, entry)))
    lost = lost_results(file, entry)
    if lost:
        got.unread.append(file.not_read(entry, lost, OBSERVATIONS))
        sections.broken.add(OBSERVATIONS)


def _document_date(file: FhirFile) -> str:
    """Date of the document or bundle, "" where the file states none."""
    dates = [string(entry.resource, "date") for entry in file.of_kind("Composition")]
    dates += [string(file.bundle, "timestamp"), string(child(file.bundle, "meta"), "lastUpdated")]
    for text in dates:
        try:
            if date_text(text or None):
                return text
        except Broken:
            continue
    return ""


def _own_as_of(file: FhirFile) -> str:
    """The day that an exported or demo file states for itself."""
    try:
        return date_text(own_tag(file.bundle, OWN_AS_OF) or None)[:10]
    except Broken:
        return ""
