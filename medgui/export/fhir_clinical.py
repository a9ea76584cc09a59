"""Problems, procedures, immunisations, family history, drugs, allergies and documents as FHIR resources."""

from __future__ import annotations

import base64

from medgui.export.elements import (
    DATA_ABSENT,
    HL7,
    Ids,
    Json,
    clean,
    coded,
    concept,
    day_or_time,
    filled,
    instant,
    named,
    place,
    reference,
)
from medgui.i18n import _
from medgui.readers.systems import OWN_KIND, SNOMED
from medgui.record.model import Allergy, Coding, Condition, Document, Medication

_CLINICAL = frozenset({"active", "recurrence", "relapse", "inactive", "remission", "resolved"})
_DOUBTFUL = frozenset({"unconfirmed", "provisional", "differential", "refuted", "entered-in-error"})
_DONE = frozenset({"completed", "in-progress"})
_PROCEDURE = _DONE | {"preparation", "not-done", "on-hold", "stopped", "entered-in-error", "unknown"}
_FAMILY = frozenset({"partial", "completed", "entered-in-error", "health-unknown"})
_TAKEN = {"planned": "intended"}
_STATEMENT = frozenset({"active", "completed", "stopped", "intended", "not-taken", "unknown"})
_ALLERGY = frozenset({"active", "inactive", "resolved"})
_ALLERGY_SURE = frozenset({"unconfirmed", "confirmed", "refuted", "entered-in-error"})
_NO_KNOWN_ALLERGY = Coding("716186003", SNOMED, "No known allergy")
_NONE_KNOWN = frozenset({
    "716186003", "409137002", "429625007", "428607008", "428197003", "1003774007",
    "no-known-allergies", "no-known-medication-allergies", "no-known-environmental-allergies",
    "no-known-food-allergies",
})  # fmt: skip
"""Codes (SNOMED CT, IPS) that say by themselves that no allergy is known."""


def problem(found: Condition, patient: str, ids: Ids) -> Json:
    """A condition of any kind as the resource that FHIR has for it. What is about a relative never leaves as the
    patient's own, and what is not used never as confirmed.
    """
    if found.kind == "procedure":
        return _procedure(found, patient, ids)
    if found.kind == "immunization":
        return _immunization(found, patient, ids)
    if found.kind == "family_history" or found.subject not in ("", "patient"):
        return _family_history(found, patient, ids)
    return _condition(found, patient, ids)


def _base(kind: str, found: Condition | Medication | Allergy, ids: Ids) -> Json:
    reason = "" if getattr(found, "usable", True) else getattr(found, "unusable_reason", "")
    made: Json = {
        "resourceType": kind,
        "id": ids.of(kind, found.id),
        "extension": [part for part in (place(found.source),) if part],
    }
    return made | ({"note": [{"text": clean(reason)}]} if clean(reason) else {})


def _condition(found: Condition, patient: str, ids: Ids) -> Json:
    sure = found.verification if found.verification in _DOUBTFUL else ""
    if not sure:
        sure = "unconfirmed" if not found.usable else found.verification
    made = _base("Condition", found, ids) | {
        "verificationStatus": coded("condition-ver-status", sure)
        if sure in _DOUBTFUL | {"confirmed"}
        else {},
        "code": named(found.codings, found.name),
        "subject": reference(patient),
        **_onset(found.onset),
        "recordedDate": day_or_time(found.recorded),
    }
    if found.clinical_status in _CLINICAL and sure != "entered-in-error":
        made["clinicalStatus"] = coded("condition-clinical", found.clinical_status)
    if found.kind != "condition":
        made["category"] = [{"coding": [{"system": OWN_KIND, "code": found.kind}]}]
    return filled(made)


def _onset(text: str) -> Json:
    """A date, or words such as "at the age of 14 years"."""
    when = day_or_time(text)
    return {"onsetDateTime": when} if when else {"onsetString": clean(text)}


def _procedure(found: Condition, patient: str, ids: Ids) -> Json:
    status = found.clinical_status if found.clinical_status in _PROCEDURE else "unknown"
    made = _base("Procedure", found, ids) | {
        "status": "unknown" if status in _DONE and not found.usable else status,
        "code": named(found.codings, found.name),
        "subject": reference(patient),
        "performedDateTime": day_or_time(found.onset),
    }
    return filled(made)


def _immunization(found: Condition, patient: str, ids: Ids) -> Json:
    """FHIR knows three statuses; a dose that is not sure to have been given is not stated as given."""
    status = found.clinical_status if found.clinical_status in ("completed", "not-done") else ""
    if not status or (status == "completed" and not found.usable):
        status = "entered-in-error"
    made = _base("Immunization", found, ids) | {
        "status": status,
        "vaccineCode": named(found.codings, found.name),
        "patient": reference(patient),
        "recorded": day_or_time(found.recorded),
    }
    when = day_or_time(found.onset)
    made |= {"occurrenceDateTime": when} if when else {"occurrenceString": _("The date is not stated.")}
    return filled(made)


def _family_history(found: Condition, patient: str, ids: Ids) -> Json:
    condition = {"code": named(found.codings, found.name), "onsetString": clean(found.onset)}
    made = _base("FamilyMemberHistory", found, ids) | {
        "status": found.verification if found.verification in _FAMILY else "completed",
        "patient": reference(patient),
        "date": day_or_time(found.recorded),
        "relationship": named((), found.subject if found.subject != "patient" else "family member"),
        "condition": [filled(condition)],
    }
    return filled(made)


def medication(found: Medication, patient: str, ids: Ids) -> Json:
    """A drug as a statement of what is taken."""
    status = _TAKEN.get(found.status, found.status)
    status = status if status in _STATEMENT else "unknown"
    dosage = filled(
        {
            "text": clean(found.dose),
            "timing": filled({"code": concept((), found.frequency)}),
            "route": concept((), found.route),
        }
    )
    made = _base("MedicationStatement", found, ids) | {
        "status": "unknown" if status == "active" and not found.usable else status,
        "medicationCodeableConcept": named(found.codings, found.name),
        "subject": reference(patient),
        "effectivePeriod": filled({"start": day_or_time(found.start), "end": day_or_time(found.end)}),
        "dosage": [dosage] if dosage else [],
    }
    return filled(made)


def allergy(found: Allergy, patient: str, ids: Ids) -> Json:
    """An allergy, or the statement that none is known."""
    codings = found.codings
    if found.negated and not any(known.code in _NONE_KNOWN for known in codings):
        codings = (_NO_KNOWN_ALLERGY,)  # the code of the file names an allergy, which another element denies
    made = _base("AllergyIntolerance", found, ids) | {
        "code": named(codings, found.name),
        "patient": reference(patient),
        "recordedDate": day_or_time(found.recorded),
        "reaction": [{"manifestation": [concept((), found.reaction)]}] if clean(found.reaction) else [],
    }
    if found.verification in _ALLERGY_SURE:
        made["verificationStatus"] = coded("allergyintolerance-verification", found.verification)
    if found.status in _ALLERGY:
        made["clinicalStatus"] = coded("allergyintolerance-clinical", found.status)
    elif found.verification != "entered-in-error":
        # A status has to be there (invariant ait-1); that none is stated is said, and none is made up.
        made["clinicalStatus"] = {"extension": [{"url": DATA_ABSENT, "valueCode": "unknown"}]}
    return filled(made)


def document(found: Document, patient: str, ids: Ids) -> Json:
    """A document; its text stands inside, other content stays in its file."""
    attachment: Json = {
        "contentType": "text/plain; charset=utf-8" if found.text else found.media_type,
        "title": clean(found.title),
        "creation": day_or_time(found.time),
        "size": found.size if found.size > 0 and not found.text else None,
        "data": base64.b64encode(found.text.encode()).decode() if found.text else "",
    }
    facts = "; ".join(f"{label}: {value}" for label, value in found.facts)
    made: Json = {
        "resourceType": "DocumentReference",
        "id": ids.of("DocumentReference", found.id),
        "extension": [part for part in (place(found.source),) if part],
        "status": "current",
        "type": concept((), found.title),
        "subject": reference(patient),
        "date": instant(found.time),
        "description": clean(facts),
        "content": [{"attachment": filled(attachment)}],
    }
    return filled(made)


def act_reason(code: str) -> Json:
    """A tag of HL7's reasons for acting ("HTEST": test data)."""
    return {"system": HL7 + "v3-ActReason", "code": code}
