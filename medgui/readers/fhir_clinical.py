"""FHIR problems, procedures, vaccines and family history. Kept and shown; only confirmed own facts are used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from medgui.i18n import _
from medgui.readers.fhir_bundle import Entry, FhirFile
from medgui.readers.fhir_own import own_kind
from medgui.readers.fhir_subject import Subject, modifiers, subject_text
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
    start_of,
    string,
    words_of,
)
from medgui.readers.systems import ABSENT_UNKNOWN
from medgui.readers.wording import (
    family,
    names_family_history,
    procedure_doubt,
    vaccine_doubt,
    verification_doubt,
    wording_doubt,
)
from medgui.record.model import Cleaned, Coding, Condition

_KINDS = ("problems", "procedures", "medications", "allergies", "immunizations")
NONE_KNOWN = frozenset(f"no-known-{kind}" for kind in _KINDS)
"""Codes of the IPS that state an empty list (`NO_INFORMATION` is different)."""
NO_INFORMATION = frozenset(
    f"no-{kind}-info" for kind in ("problem", "procedure", "medication", "allergy", "immunization")
)
_NONE_KNOWN_SNOMED = frozenset({"160245001", "1149217004", "787481004", "787480003"})
"""No current problems, no known problems, no known medications, no known procedures."""


_ABSENT = ("data-absent-reason", "v3-NullFlavor")
_NOT_ASKED = "1631000175102"
"""SNOMED CT: patient not asked."""


def what(resource: JsonObject, *keys: str) -> tuple[tuple[Coding, ...], str]:
    """Codes and name of an entry, by the first of *keys* that states any. `Broken` where none does."""
    for key in keys:
        concept = referred_concept(child(resource, key))
        listed, name = codings(concept), concept_text(concept)
        if listed or name:
            return listed, name
    raise Broken(_("It does not say what it is (no code)."))


def states_nothing(resource: JsonObject) -> str:
    """What a resource states in place of an entry: "none" (an empty list), "unknown" (no information), or ""."""
    for key in ("code", "vaccineCode", "medicationCodeableConcept", "medication"):
        for coding in codings(referred_concept(child(resource, key))):
            if coding.code in _NONE_KNOWN_SNOMED:
                return "none"
            if coding.system.endswith(_ABSENT) or coding.code == _NOT_ASKED:
                return "unknown"
            if coding.system in (ABSENT_UNKNOWN, "") and coding.code in NONE_KNOWN | NO_INFORMATION:
                return "none" if coding.code in NONE_KNOWN else "unknown"
    return ""


def stated_nothing(file: FhirFile, entry: Entry) -> Cleaned:
    """The trace of an entry that states that a list is empty, or that nothing is known about it."""
    _listed, name = what(entry.resource, "code", "vaccineCode", "medicationCodeableConcept", "medication")
    sentence = _("“{text}” stands for a list without entries.")
    return Cleaned("none_listed", sentence.format(text=name), file.source(entry, text=name))


def _in_words(resource: JsonObject, stem: str, sentence: str) -> str:
    """A time that is no date ("45 a", "childhood") as a note; *sentence* says which time it is."""
    words = words_of(resource, stem)
    return sentence.format(time=words) if words else ""


def read_condition(file: FhirFile, entry: Entry, subject: Subject) -> Condition:
    """A problem or diagnosis. `Broken` where the resource is not as FHIR says."""
    resource = entry.resource
    file.check(resource)
    listed, name = what(resource, "code")
    clinical = first_code(resource, "clinicalStatus")
    verification = _certainty(resource) or _verification(child(resource, "verificationStatus"))
    abated = any(key.startswith("abatement") and value is not False for key, value in resource.items())
    if abated and clinical.lower() in ("", "active", "recurrence", "relapse"):
        clinical = "inactive"
    relative = names_family_history(listed, name)
    foreign = subject.doubt(resource)
    reason = verification_doubt(verification) or foreign or modifiers(resource) or wording_doubt(name)
    whose = "family member" if relative else "patient"
    if foreign:
        whose = subject_text(child(resource, "subject"))
    notes = (
        _in_words(resource, "onset", _("Onset: {time}")),
        _in_words(resource, "abatement", _("End: {time}")),
    )
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
        kind=own_kind(resource, "condition"),
        usable=not reason and not relative,
        unusable_reason=reason or (family() if relative else ""),
        note="; ".join(filter(None, notes)),
    )


_CERTAINTY = {"a": "refuted", "v": "unconfirmed"}
"""Letters that German diagnoses carry beside their ICD-10-GM code: "Ausschluss" and "Verdacht". G is confirmed."""


_CONFIRMED = frozenset({"confirmed", "410605003", "known present"})
_KNOWN_STATUS = frozenset({"unconfirmed", "provisional", "differential", "refuted", "entered-in-error"})
_OTHER_STATUS = {
    "410516002": "refuted", "723511001": "refuted", "ruled out": "refuted", "excluded": "refuted",
    "entered in error": "entered-in-error",
}  # fmt: skip
"""SNOMED CT (known absent, refuted) and words in place of the codes of FHIR."""


def _verification(concept: JsonObject) -> str:
    """The verification status as FHIR names it; "unconfirmed" for one that is stated and means none of them."""
    stated = [coding.code.lower() for coding in codings(concept)]
    stated += [text for text in (concept_text(concept).lower(),) if text]
    for text in stated:
        found = "confirmed" if text in _CONFIRMED else _OTHER_STATUS.get(text, text)
        if found in _KNOWN_STATUS or found == "confirmed":
            return found
    return "unconfirmed" if stated else ""


def _certainty(resource: JsonObject) -> str:
    for coding in children(child(resource, "code"), "coding"):
        for item in children(coding, "extension"):
            if string(item, "url").lower().endswith("diagnosesicherheit"):
                letter = string(child(item, "valueCoding"), "code") or string(item, "valueCode")
                return _CERTAINTY.get(letter.lower(), "")
    return ""


def _event(
    file: FhirFile, entry: Entry, kind: str, key: str, whens: tuple[str, ...], reason: str
) -> Condition:
    """Something that was done to the patient at a time; *whens* are the stems of its time in R4 and R5."""
    resource = entry.resource
    listed, name = what(resource, key)
    notes = (_in_words(resource, stem, _("When: {time}")) for stem in whens)
    return Condition(
        id=f"{entry.id or kind}@{entry.index}",
        codings=listed,
        name=name,
        clinical_status=string(resource, "status"),
        verification="",
        subject="patient",
        onset=next(filter(None, (start_of(resource, stem) for stem in whens)), ""),
        recorded=date_text(resource.get("recorded")),
        source=file.source(entry, key, text=name),
        kind=kind,
        usable=not reason,
        unusable_reason=reason,
        note="; ".join(filter(None, notes)),
    )


def read_procedure(file: FhirFile, entry: Entry, subject: Subject) -> Condition:
    """A procedure as a past event (`kind` "procedure"). `Broken` where the resource is not as FHIR says."""
    resource = entry.resource
    file.check(resource)
    reason = procedure_doubt(string(resource, "status")) or subject.doubt(resource) or modifiers(resource)
    return _event(file, entry, "procedure", "code", ("performed", "occurrence"), reason)


def read_immunization(file: FhirFile, entry: Entry, subject: Subject) -> Condition:
    """A vaccine given or not given (`kind` "immunization"). `Broken` where the resource is not as FHIR says."""
    resource = entry.resource
    file.check(resource)
    reason = vaccine_doubt(string(resource, "status")) or subject.doubt(resource) or modifiers(resource)
    found = _event(file, entry, "immunization", "vaccineCode", ("occurrence",), reason)
    why_not = [concept_text(item) for item in children(resource, "statusReason")]
    return replace(found, note="; ".join(filter(None, (found.note, *why_not)))) if why_not else found


def read_family_history(file: FhirFile, entry: Entry) -> Iterator[Condition]:
    """Diseases of relatives: shown, never used as facts about the patient (SAFETY 1).

    `Broken` where the resource is not as FHIR says or names no disease.
    """
    resource = entry.resource
    file.check(resource)
    relative = concept_text(child(resource, "relationship")) or "family member"
    in_error = string(resource, "status") == "entered-in-error"
    places = [
        (key, index, item)
        for key in ("condition", "procedure")
        for index, item in enumerate(children(resource, key))
    ]
    if not places:
        raise Broken(_("It names no disease of the relative ({relative}).").format(relative=relative))
    for number, (key, index, item) in enumerate(places):
        listed, name = what(item, "code")
        yield Condition(
            id=f"{entry.id or 'family'}@{entry.index}#{number + 1}",
            codings=listed,
            name=name,
            clinical_status="",
            verification="entered-in-error" if in_error else "",
            subject=relative,
            onset=start_of(item, "onset") or start_of(item, "performed"),
            recorded=date_text(resource.get("date")),
            source=file.source(entry, key, index, text=name),
            kind="family_history",
            usable=False,
            unusable_reason=_("Entered in error.") if in_error else family(),
            note=_in_words(item, "onset", _("Onset: {time}")),
        )
