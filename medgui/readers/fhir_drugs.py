"""FHIR medications and allergies. Only what the patient takes now is used; allergies have three states."""

from __future__ import annotations

import re

from medgui.i18n import _
from medgui.readers.fhir_bundle import Entry, FhirFile
from medgui.readers.fhir_dosage import read_dosage
from medgui.readers.fhir_subject import Subject, modifiers
from medgui.readers.fhir_values import (
    Broken,
    JsonObject,
    child,
    children,
    codings,
    concept_text,
    date_text,
    first_code,
    referred_concept,
    referred_text,
    start_of,
    string,
)
from medgui.readers.nothing import states_nothing as nothing_in_words
from medgui.readers.wording import drug_doubt
from medgui.record.model import Allergy, Coding, Medication

_PLANS = frozenset({"proposal", "plan", "option"})
_REQUEST = {
    "active": "active",
    "completed": "completed",
    "stopped": "stopped",
    "cancelled": "not-taken",
    "on-hold": "stopped",
    "ended": "stopped",
    "draft": "planned",
}
_STATEMENT = {
    "active": "active",
    "recorded": "active",
    "completed": "completed",
    "stopped": "stopped",
    "on-hold": "stopped",
    "intended": "planned",
    "not-taken": "not-taken",
}
_ADMINISTRATION = {
    "in-progress": "active",
    "completed": "completed",
    "not-done": "not-taken",
    "stopped": "stopped",
    "on-hold": "stopped",
}
_DISPENSE = {
    "preparation": "planned",
    "cancelled": "not-taken",
    "declined": "not-taken",
    "on-hold": "stopped",
    "stopped": "stopped",
}
"""A drug that was handed out ("completed", "in-progress") may be taken or not: its status is unknown, so that it is
shown and neither its taking nor its absence is assumed."""
_STATUS = {
    "MedicationRequest": _REQUEST,
    "MedicationStatement": _STATEMENT,
    "MedicationAdministration": _ADMINISTRATION,
    "MedicationDispense": _DISPENSE,
}
_ADHERENCE = (
    ("not-taking", "not-taken"),
    ("stopped", "stopped"),
    ("on-hold", "stopped"),
    ("unknown", "unknown"),
)
"""Beginnings of R5 adherence codes ("stopped-as-directed") that say more than the status "recorded"."""

_NO_KNOWN_ALLERGY = frozenset({
    "716186003", "160244002", "409137002", "429625007", "428607008", "428197003", "1003774007", "716184000",
    "no-known-allergies", "no-known-medication-allergies", "no-known-environmental-allergies",
    "no-known-food-allergies",
})  # fmt: skip


_NONE = re.compile(
    r"no (?:known|current|active|regular)? ?(?:medications?|meds|drugs?|medicines?)\b.*|no (?:known|current) .*"
    r"|none|nil|nkm|not (?:on|taking) any .*|无|无用药史?|未用药",
    re.IGNORECASE,
)
"""What stands in the place of a drug where none is taken."""


def read_medication(file: FhirFile, entry: Entry, subject: Subject) -> Medication:
    """A drug that was ordered, reported, dispensed or given. `Broken` where the resource is not as FHIR says."""
    resource = entry.resource
    file.check(resource)
    listed, name = _drug(file, resource)
    status = _drug_status(entry.kind, resource)
    stated = string(resource, "status")
    handed_out = entry.kind == "MedicationDispense" and stated in ("completed", "in-progress")
    reason = (
        (_("The drug was dispensed; the file does not say whether it is taken.") if handed_out else "")
        or drug_doubt(stated, status)
        or subject.doubt(resource)
        or modifiers(resource)
        or (_("The entry says that it is absent.") if _NONE.fullmatch(name.strip()) else "")
    )
    dosage = read_dosage(resource)
    return Medication(
        id=f"{entry.id or 'medication'}@{entry.index}",
        codings=listed,
        name=name,
        status=status,
        dose=dosage.dose,
        route=dosage.route,
        start=_start(resource),
        end=_end(resource),
        source=file.source(entry, text=name),
        usable=not reason,
        unusable_reason=reason,
        frequency=dosage.frequency,
    )


def _drug(file: FhirFile, resource: JsonObject) -> tuple[tuple[Coding, ...], str]:
    """Codes and name of the drug, inline, contained or in an entry of its own (R5: `medication`)."""
    inline = child(resource, "medicationCodeableConcept") or child(child(resource, "medication"), "concept")
    reference = child(resource, "medicationReference") or child(child(resource, "medication"), "reference")
    target = file.resolve(resource, reference) if reference else {}
    concept = inline or child(target, "code")
    listed, name = codings(concept), concept_text(concept) or string(reference, "display")
    parts = [
        child(item, "itemCodeableConcept") or referred_concept(child(item, "item"))
        for item in children(target, "ingredient")
    ]
    ingredients = [coding for part in parts for coding in codings(part)]
    listed += tuple(coding for coding in ingredients if coding not in listed)
    name = name or next((coding.display for coding in ingredients if coding.display), "")
    if not listed and not name:
        raise Broken(_("It does not say which drug (the reference leads nowhere)."))
    return listed, name


def _drug_status(kind: str, resource: JsonObject) -> str:
    if resource.get("doNotPerform") is True:
        return "not-taken"
    if kind == "MedicationRequest" and string(resource, "intent") in _PLANS:
        return "planned"
    if kind == "MedicationStatement":
        adherence = first_code(child(resource, "adherence"), "code")
        for beginning, status in _ADHERENCE:
            if adherence.startswith(beginning):
                return status
    return _STATUS[kind].get(string(resource, "status"), "unknown")


def _start(resource: JsonObject) -> str:
    """When taking began; else when the drug was given, handed out, ordered or reported."""
    for stem in ("effective", "occurence", "occurrence"):
        found = start_of(resource, stem)
        if found:
            return found
    keys = ("whenHandedOver", "whenPrepared", "authoredOn", "dateAsserted")
    return next((date_text(resource[key]) for key in keys if resource.get(key) is not None), "")


def _end(resource: JsonObject) -> str:
    for key in ("effectivePeriod", "occurencePeriod", "occurrencePeriod"):
        if child(resource, key).get("end") is not None:
            return date_text(child(resource, key)["end"])
    return _last_dose(resource)


def _last_dose(resource: JsonObject) -> str:
    """The day until which every dosage is limited; "" where one goes on."""
    dosages = [item for key in ("dosageInstruction", "dosage") for item in children(resource, key)]
    bounds = [child(child(child(item, "timing"), "repeat"), "boundsPeriod").get("end") for item in dosages]
    return max((date_text(end) for end in bounds), default="") if all(bounds) else ""


def _denied(resource: JsonObject, listed: tuple[Coding, ...], name: str) -> bool:
    """Whether an entry states that no allergy is known. A statement that was refuted denies nothing."""
    if first_code(resource, "verificationStatus").lower() in ("refuted", "entered-in-error"):
        return False
    return any(coding.code in _NO_KNOWN_ALLERGY for coding in listed) or nothing_in_words(name) == "none"


def read_allergy(file: FhirFile, entry: Entry, subject: Subject) -> Allergy:
    """An allergy, or the statement that none is known. `Broken` where the resource is not as FHIR says."""
    resource = entry.resource
    file.check(resource)
    foreign = subject.doubt(resource)
    if foreign:
        raise Broken(foreign)
    concept = child(resource, "code")
    listed, name = codings(concept), concept_text(concept)
    reactions = list(children(resource, "reaction"))
    if not listed and not name:
        substances = [child(item, "substance") for item in reactions]
        listed = tuple(coding for item in substances for coding in codings(item))
        name = next((concept_text(item) for item in substances if concept_text(item)), "")
    if not listed and not name:
        raise Broken(_("It does not say what the allergy is to."))
    shown = [referred_text(sign) for item in reactions for sign in children(item, "manifestation")]
    shown += [string(item, "description") for item in reactions if not item.get("manifestation")]
    return Allergy(
        id=f"{entry.id or 'allergy'}@{entry.index}",
        codings=listed,
        name=name,
        reaction=", ".join(dict.fromkeys(text for text in shown if text)),
        status=first_code(resource, "clinicalStatus"),
        verification=first_code(resource, "verificationStatus"),
        negated=_denied(resource, listed, name),
        recorded=date_text(resource.get("recordedDate")) or start_of(resource, "onset"),
        source=file.source(entry, "code", text=name),
    )
