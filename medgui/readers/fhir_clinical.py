"""FHIR problems, procedures and family history. Kept and shown; only confirmed facts about the patient are used."""

from __future__ import annotations

from collections.abc import Iterator

from medgui.i18n import _
from medgui.readers.fhir_bundle import Entry, FhirFile, check_usable
from medgui.readers.fhir_patient import Subject, modifiers, subject_text
from medgui.readers.fhir_values import (
    Broken,
    JsonObject,
    check_doubled,
    child,
    children,
    codings,
    concept_text,
    date_text,
    start_of,
    string,
)
from medgui.readers.systems import ABSENT_UNKNOWN
from medgui.readers.wording import (
    family,
    names_family_history,
    procedure_doubt,
    verification_doubt,
    wording_doubt,
)
from medgui.record.model import Coding, Condition

NONE_KNOWN = frozenset(
    {"no-known-problems", "no-known-procedures", "no-known-medications", "no-known-allergies"}
)
"""Codes of the IPS that state an empty list (`nothing` is different: no information)."""
NO_INFORMATION = frozenset({"no-problem-info", "no-procedure-info", "no-medication-info", "no-allergy-info"})
_NO_KNOWN_PROBLEMS = frozenset({"160245001", "1149217004"})


def _first_code(resource: JsonObject, key: str) -> str:
    """The code of a status concept; a bare text counts as the code."""
    for concept in children(resource, key):
        for coding in codings(concept):
            return coding.code
        return concept_text(concept)
    return ""


def _named(resource: JsonObject) -> tuple[tuple[Coding, ...], str]:
    concept = child(resource, "code")
    listed, name = codings(concept), concept_text(concept)
    if not listed and not name:
        raise Broken(_("It does not say what it is (no code)."))
    return listed, name


def states_nothing(resource: JsonObject) -> str:
    """What a resource states in place of an entry: "none" (an empty list), "unknown" (no information), or ""."""
    concept = child(resource, "code") or child(resource, "medicationCodeableConcept")
    concept = concept or child(child(resource, "medication"), "concept")
    found = {coding.code for coding in codings(concept) if coding.system in (ABSENT_UNKNOWN, "")}
    if found & NONE_KNOWN or _NO_KNOWN_PROBLEMS & {coding.code for coding in codings(concept)}:
        return "none"
    return "unknown" if found & NO_INFORMATION else ""


def read_condition(file: FhirFile, entry: Entry, subject: Subject) -> Condition:
    """A problem or diagnosis. `Broken` where the resource is not as FHIR says."""
    resource = entry.resource
    check_usable(resource)
    check_doubled(resource)
    listed, name = _named(resource)
    clinical = _first_code(resource, "clinicalStatus")
    verification = _first_code(resource, "verificationStatus")
    abated = any(key.startswith("abatement") and value is not False for key, value in resource.items())
    if not clinical and abated:
        clinical = "inactive"
    relative = names_family_history(listed, name)
    reason = (
        verification_doubt(verification)
        or subject.doubt(resource)
        or modifiers(resource)
        or wording_doubt(name)
    )
    whose = "family member" if relative else "patient"
    if subject.doubt(resource):
        whose = subject_text(child(resource, "subject"))
    return Condition(
        id=f"{entry.id or 'condition'}@{entry.index}",
        codings=listed,
        name=name,
        clinical_status=clinical,
        verification=verification,
        subject=whose,
        onset=start_of(resource, "onset"),
        recorded=date_text(resource.get("recordedDate")),
        source=file.source(entry, "code", text=name),
        usable=not reason and not relative,
        unusable_reason=reason or (family() if relative else ""),
    )


def read_procedure(file: FhirFile, entry: Entry, subject: Subject) -> Condition:
    """A procedure as a past event (`kind` "procedure"). `Broken` where the resource is not as FHIR says."""
    resource = entry.resource
    check_usable(resource)
    check_doubled(resource)
    listed, name = _named(resource)
    status = string(resource, "status")
    reason = procedure_doubt(status) or subject.doubt(resource) or modifiers(resource)
    when = start_of(resource, "performed") or start_of(resource, "occurrence")
    return Condition(
        id=f"{entry.id or 'procedure'}@{entry.index}",
        codings=listed,
        name=name,
        clinical_status=status,
        verification="",
        subject="patient",
        onset=when,
        recorded=date_text(resource.get("recorded")),
        source=file.source(entry, "code", text=name),
        kind="procedure",
        usable=not reason,
        unusable_reason=reason,
    )


def read_family_history(file: FhirFile, entry: Entry) -> Iterator[Condition]:
    """Diseases of relatives: shown, never used as facts about the patient (SAFETY 1)."""
    resource = entry.resource
    check_usable(resource)
    check_doubled(resource)
    relative = concept_text(child(resource, "relationship")) or "family member"
    for index, item in enumerate(children(resource, "condition")):
        listed, name = _named(item)
        yield Condition(
            id=f"{entry.id or 'family'}@{entry.index}#{index + 1}",
            codings=listed,
            name=name,
            clinical_status="",
            verification=string(resource, "status"),
            subject=relative,
            onset="",
            recorded=date_text(resource.get("date")),
            source=file.source(entry, "condition", index, text=name),
            kind="family_history",
            usable=False,
            unusable_reason=family(),
        )
