"""FHIR medications and allergies. Only what the patient takes now is used; allergies have three states."""

from __future__ import annotations

from medgui.i18n import _
from medgui.readers.fhir_bundle import Entry, FhirFile, check_usable
from medgui.readers.fhir_patient import Subject, modifiers
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
from medgui.readers.json_place import written
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
_STATUS = {
    "MedicationRequest": _REQUEST,
    "MedicationStatement": _STATEMENT,
    "MedicationAdministration": _ADMINISTRATION,
}

_NO_KNOWN_ALLERGY = frozenset({
    "716186003", "409137002", "429625007", "428607008", "428197003", "1003774007",
    "no-known-allergies", "no-known-medication-allergies", "no-known-environmental-allergies",
    "no-known-food-allergies",
})  # fmt: skip


def read_medication(file: FhirFile, entry: Entry, subject: Subject) -> Medication:
    """A drug that was ordered, reported or given. `Broken` where the resource is not as FHIR says."""
    resource = entry.resource
    check_usable(resource)
    check_doubled(resource)
    listed, name = _drug(file, resource)
    status = _drug_status(entry.kind, resource)
    reason = drug_doubt(string(resource, "status"), status) or subject.doubt(resource) or modifiers(resource)
    dosage = next(children(resource, "dosageInstruction"), None) or next(children(resource, "dosage"), {})
    start = (
        start_of(resource, "effective") or start_of(resource, "occurence") or start_of(resource, "occurrence")
    )
    return Medication(
        id=f"{entry.id or 'medication'}@{entry.index}",
        codings=listed,
        name=name,
        status=status,
        dose=_dose(dosage),
        route=concept_text(child(dosage, "route")),
        start=start or date_text(resource.get("authoredOn")) or date_text(resource.get("dateAsserted")),
        end=_end(resource),
        source=file.source(entry, text=name),
        usable=not reason,
        unusable_reason=reason,
    )


def _drug(file: FhirFile, resource: JsonObject) -> tuple[tuple[Coding, ...], str]:
    """Codes and name of the drug, inline, contained or in an entry of its own (R5: `medication`)."""
    inline = child(resource, "medicationCodeableConcept") or child(child(resource, "medication"), "concept")
    reference = child(resource, "medicationReference") or child(child(resource, "medication"), "reference")
    target = file.resolve(resource, reference)
    concept = inline or child(target, "code")
    listed, name = codings(concept), concept_text(concept) or string(reference, "display")
    parts = [child(item, "itemCodeableConcept") for item in children(target, "ingredient")]
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
    adherence = {coding.code for coding in codings(child(child(resource, "adherence"), "code"))}
    if "not-taking" in adherence or any(code.startswith("not-taking") for code in adherence):
        return "not-taken"
    return _STATUS[kind].get(string(resource, "status"), "unknown")


def _dose(dosage: JsonObject) -> str:
    text = string(dosage, "text")
    if text:
        return text
    for item in children(dosage, "doseAndRate"):
        quantity = child(item, "doseQuantity")
        if quantity:
            return f"{written(quantity.get('value'))} {string(quantity, 'unit') or string(quantity, 'code')}".strip()
    quantity = child(dosage, "dose") or child(dosage, "doseQuantity")
    return (
        f"{written(quantity.get('value'))} {string(quantity, 'unit') or string(quantity, 'code')}".strip()
        if quantity
        else ""
    )


def _end(resource: JsonObject) -> str:
    for key in ("effectivePeriod", "occurencePeriod", "occurrencePeriod"):
        if child(resource, key).get("end") is not None:
            return date_text(child(resource, key)["end"])
    return ""


def read_allergy(file: FhirFile, entry: Entry) -> Allergy:
    """An allergy, or the statement that none is known. `Broken` where the resource is not as FHIR says."""
    resource = entry.resource
    check_usable(resource)
    check_doubled(resource)
    concept = child(resource, "code")
    listed, name = codings(concept), concept_text(concept)
    reactions = list(children(resource, "reaction"))
    if not listed and not name:
        substances = [child(item, "substance") for item in reactions]
        listed = tuple(coding for item in substances for coding in codings(item))
        name = next((concept_text(item) for item in substances if concept_text(item)), "")
    if not listed and not name:
        raise Broken(_("It does not say what the allergy is to."))
    shown = [concept_text(sign) for item in reactions for sign in children(item, "manifestation")]
    shown += [
        concept_text(child(sign, "concept")) for item in reactions for sign in children(item, "manifestation")
    ]
    return Allergy(
        id=f"{entry.id or 'allergy'}@{entry.index}",
        codings=listed,
        name=name,
        reaction=", ".join(dict.fromkeys(text for text in shown if text)),
        status=_code(resource, "clinicalStatus"),
        verification=_code(resource, "verificationStatus"),
        negated=any(coding.code in _NO_KNOWN_ALLERGY for coding in listed),
        recorded=date_text(resource.get("recordedDate")) or start_of(resource, "onset"),
        source=file.source(entry, "code", text=name),
    )


def _code(resource: JsonObject, key: str) -> str:
    return next((coding.code for coding in codings(child(resource, key))), "")
