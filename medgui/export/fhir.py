"""A record as a FHIR R4 Bundle of type collection.

Every entry names its place in the file (extension urn:medgui:source) and, where it has a value, the value as it
stands there (urn:medgui:as-written). How far each section was read travels as tags of the bundle, so that an
absence is not read as "no" where it may not be (SAFETY 2). Codes are those of the file; our own name of a
standard input is added only where no code says which one it is.
"""

from __future__ import annotations

from medgui import __version__
from medgui.export.elements import (
    HL7,
    Ids,
    Json,
    clean,
    day_or_time,
    filled,
    instant,
    place,
    reference,
    resource_id,
    system_address,
)
from medgui.export.fhir_clinical import act_reason, allergy, document, medication, problem
from medgui.export.fhir_observation import observations
from medgui.readers.systems import OWN_AS_OF, OWN_COMPLETENESS, OWN_DOCUMENT_DATE, OWN_TAG
from medgui.record.model import Completeness, Identifier, Patient, Record

_STRUCTURE = "http://hl7.org/fhir/StructureDefinition/"
_US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/"
_OMB = "urn:oid:2.16.840.1.113883.6.238"
_RACES = {
    "NH White": ("2106-3", "White"),
    "NH Black": ("2054-5", "Black or African American"),
    "NH Asian": ("2028-9", "Asian"),
    "Other": ("2131-1", "Other Race"),
}
_GENDERS = frozenset({"male", "female", "other", "unknown"})


def fhir_bundle(record: Record) -> Json:
    """The record as plain data, ready for JSON."""
    ids = Ids(record)
    patient = ids.of("Patient", record.patient.id)
    resources = [
        _patient(record, patient),
        *observations(record, patient, ids),
        *(problem(found, patient, ids) for found in record.conditions),
        *(medication(found, patient, ids) for found in record.medications),
        *(allergy(found, patient, ids) for found in record.allergies),
        *(document(found, patient, ids) for found in record.documents),
    ]
    entries = [{"fullUrl": f"urn:uuid:{made['id']}", "resource": made} for made in resources]
    entries[0]["resource"] = {
        **resources[0],
        "id": resource_id(record.patient.id) or patient,
    }
    files = _provenance(record, [resource["id"] for resource in resources], ids)
    entries += [{"fullUrl": f"urn:uuid:{made['id']}", "resource": made} for made in files]
    return filled(
        {
            "resourceType": "Bundle",
            "id": ids.of("Bundle", record.key[0]),
            "meta": {"tag": _tags(record)},
            "type": "collection",
            "timestamp": instant(record.document_date),
            "entry": entries,
        }
    )


def _tags(record: Record) -> list[Json]:
    """What holds for the whole bundle.

    The day of the visit goes along only where today would be wrong: for test patients, and for shifted dates, of
    which nothing is said when they were read.
    """
    tags = [{"system": OWN_TAG, "code": "cleaned-record", "version": __version__}]
    if record.patient.is_test:
        tags.append(act_reason("HTEST"))
    if not record.read_at:
        tags.append({"system": OWN_TAG, "code": "dates-shifted"})
    if record.as_of and (record.patient.is_test or not record.read_at):
        tags.append({"system": OWN_AS_OF, "code": record.as_of})
    if record.document_date:
        tags.append({"system": OWN_DOCUMENT_DATE, "code": record.document_date})
    tags += [
        {"system": OWN_COMPLETENESS, "code": f"{section}-{_stated(record, section).value}"}
        for section in sorted(record.completeness)
    ]
    return tags


def _stated(record: Record, section: str) -> Completeness:
    """How far a section was read; a list older than the document is not complete as of the document's day."""
    state = record.completeness[section]
    older = record.list_date(section) != record.document_date
    return Completeness.PARTIAL if state is Completeness.COMPLETE and older else state


# The person


def _patient(record: Record, name: str) -> Json:
    person = record.patient
    given = [clean(person.given)] if clean(person.given) else []
    made: Json = {
        "resourceType": "Patient",
        "id": name,
        "meta": {"tag": [act_reason("HTEST")]} if person.is_test else {},
        "extension": [*_ethnicity(person.ethnicity), *_sexes(record)],
        "identifier": [_identifier(known) for known in person.identifiers],
        "name": [filled({"family": clean(person.family), "given": given})] if person.family or given else [],
        "gender": _gender(person),
        "birthDate": day_or_time(person.birth_date)[:10],
    }
    source = place(person.source)
    made["extension"] += [source] if source else []
    if person.deceased:
        died = day_or_time(person.deceased)
        made |= {"deceasedDateTime": died} if died else {"deceasedBoolean": True}
    return filled(made)


def _gender(person: Patient) -> str:
    written = person.administrative_gender.lower()
    return written if written in _GENDERS else person.sex or "unknown"


def _identifier(known: Identifier) -> Json:
    kind = {"coding": [{"system": HL7 + "v2-0203", "code": known.kind}]} if known.kind.strip() else {}
    return filled({"type": kind, "system": system_address(known.system), "value": clean(known.value)})


def _sexes(record: Record) -> list[Json]:
    """The sex that the record uses where it is not the administrative one, and all sides of a contradiction."""
    person = record.patient
    stated = [person.sex] if person.sex else []
    conflict = next((q for q in record.open_questions if q.code == "sex_conflict"), None)
    if conflict is not None:
        stated = [s.value for s in conflict.suggestions if s.value in ("female", "male")]  # type: ignore[misc]
    gender = _gender(person)
    return [
        {
            "url": _STRUCTURE + "individual-recordedSexOrGender",
            "extension": [
                {
                    "url": "value",
                    "valueCodeableConcept": {
                        "coding": [{"system": "http://hl7.org/fhir/administrative-gender", "code": sex}]
                    },
                }
            ],
        }
        for sex in stated
        if sex != gender
    ]


def _ethnicity(text: str) -> list[Json]:
    """US Core race and ethnicity, which are where the record has the standard text from."""
    if text == "Hispanic":
        return [_category("us-core-ethnicity", "2135-2", "Hispanic or Latino")]
    if text not in _RACES:
        return []
    return [
        _category("us-core-race", *_RACES[text]),
        _category("us-core-ethnicity", "2186-5", "Not Hispanic or Latino"),
    ]


def _category(name: str, code: str, display: str) -> Json:
    return {
        "url": _US_CORE + name,
        "extension": [
            {"url": "ombCategory", "valueCoding": {"system": _OMB, "code": code, "display": display}},
            {"url": "text", "valueString": display},
        ],
    }


# The files


def _provenance(record: Record, targets: list[str], ids: Ids) -> list[Json]:
    """Which files the entries were read from, with their checksums; none where the record says nothing of it."""
    recorded = instant(record.read_at)
    if not recorded or not record.parts:
        return []
    entities = [
        {
            "role": "source",
            "what": filled(
                {
                    "identifier": filled({"system": "urn:medgui:sha256", "value": part.sha256}),
                    "display": clean(part.name),
                }
            ),
        }
        for part in record.parts
    ]
    return [
        {
            "resourceType": "Provenance",
            "id": ids.of("Provenance", "files"),
            "target": [reference(name) for name in targets],
            "recorded": recorded,
            "agent": [{"who": {"display": f"medgui {__version__}"}}],
            "entity": entities,
        }
    ]
