"""Which FHIR release a file is: R4, R4B and R5 are read; DSTU2, STU3 and what is newer are refused in words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from medgui.errors import UnreadableFile
from medgui.i18n import _
from medgui.readers.fhir_bundle import Entry, FhirFile
from medgui.readers.fhir_values import JsonObject, child, children, short, string

DSTU2, STU3, R4 = "DSTU2", "STU3", "R4"

_ONLY_DSTU2 = frozenset({"MedicationOrder", "DiagnosticOrder", "DeviceUseRequest", "BodySite", "Conformance"})
_ONLY_STU3 = frozenset(
    {
        "ProcedureRequest",
        "ReferralRequest",
        "EligibilityRequest",
        "DeviceComponent",
        "DataElement",
        "BodySite",
    }
)
_KEYS_DSTU2: dict[str, tuple[str, ...]] = {
    "Observation": ("comments",),
    "Condition": ("patient", "dateRecorded"),
    "AllergyIntolerance": ("substance", "reporter"),
    "Patient": ("careProvider",),
    "Encounter": ("patient", "indication"),
    "MedicationStatement": ("patient", "wasNotTaken"),
    "MedicationAdministration": ("patient", "wasNotGiven", "effectiveTimeDateTime"),
    "MedicationDispense": ("patient", "dispenser"),
    "Procedure": ("notPerformed", "reasonNotPerformed"),
    "Immunization": ("wasNotGiven", "requester"),
    "DiagnosticReport": ("requestDetail",),
}
_KEYS_STU3: dict[str, tuple[str, ...]] = {
    "Observation": ("context", "comment", "related"),
    "Condition": ("context", "assertedDate"),
    "AllergyIntolerance": ("assertedDate",),
    "Patient": ("animal",),
    "Encounter": ("incomingReferral",),
    "MedicationRequest": ("context", "definition"),
    "MedicationStatement": ("taken", "reasonNotTaken"),
    "MedicationDispense": ("notDone", "notDoneReasonCodeableConcept"),
    "MedicationAdministration": ("notGiven", "prescription"),
    "Procedure": ("context", "notDone", "notDoneReason", "definition"),
    "Immunization": ("notGiven", "explanation"),
    "DiagnosticReport": ("context", "codedDiagnosis"),
    "CarePlan": ("context", "definition"),
    "FamilyMemberHistory": ("notDone", "definition"),
    "Composition": ("class",),
}


_OLD_PROFILE = re.compile(
    r"https?://(?!hl7\.org/fhir/[a-z]{2}/).*/(dstu2|stu3)(?:/|$)|"
    r"https?://hl7\.org/fhir/(?:(\d\.\d[\d.]*)/)?StructureDefinition/[a-z-]+(?:\|(\d\.\d[\d.]*))?",
    re.IGNORECASE,
)
"""A profile that names a release: in its path (national guides), or as the version of one of FHIR's own. "STU3" in the
path of a guide of HL7 (hl7.org/fhir/us/core/STU3.1.1) is the release of the guide."""


def check_version(file: FhirFile) -> None:
    """`UnreadableFile` naming the release where the file is DSTU2, STU3 or newer than R5."""
    found = release(file.entries)
    if found == R4:
        found = next(filter(None, _tags(file.bundle)), R4)
    if found != R4:
        sentence = _("{file} is FHIR {release}; medgui reads FHIR R4, R4B and R5. Export the file as R4.")
        raise UnreadableFile(sentence.format(file=file.name, release=found))


def _tags(bundle: JsonObject) -> Iterator[str]:
    """What a bundle itself says of its release."""
    yield _other_release(string(bundle, "fhirVersion"))
    yield _by_profile(bundle)
    for tag in children(child(bundle, "meta"), "tag"):
        if string(tag, "system").lower().endswith("/fhir-version"):
            yield _other_release(string(tag, "code"))


def release(entries: Iterable[Entry]) -> str:
    """The release that most entries were written for, by what only one release has; R4 where nothing tells.

    Marks each entry with its own.
    """
    counts = Counter({DSTU2: 0, STU3: 0, R4: 0})
    for entry in entries:
        entry.release = old_release(entry.kind, entry.resource)
        if entry.release:
            counts[entry.release] += 1
        elif child(entry.resource, "clinicalStatus") or child(entry.resource, "verificationStatus"):
            counts[R4] += 1
    now = counts.pop(R4)
    return R4 if counts.total() <= now else counts.most_common(1)[0][0]


def old_release(kind: str, resource: JsonObject) -> str:
    """DSTU2 or STU3 where a resource has what only that release has, else ""."""
    if kind in _ONLY_DSTU2:
        return DSTU2
    if kind in _ONLY_STU3:
        return STU3
    stated = _other_release(string(resource, "fhirVersion")) if "fhirVersion" in resource else ""
    if stated or "meta" in resource:
        stated = stated or _by_profile(resource)
    if stated:
        return stated
    if not resource.keys().isdisjoint(_KEYS_DSTU2.get(kind, ())):
        return DSTU2
    if not resource.keys().isdisjoint(_KEYS_STU3.get(kind, ())):
        return STU3
    return _by_shape(kind, resource)


def _other_release(version: str) -> str:
    """The release of a FHIR version ("3.0.2") or of its name, "" for R4, R4B, R5 and where none is stated."""
    if version.startswith(("0.", "1.")) or version.upper() in ("DSTU2", "R2"):
        return DSTU2
    if version.startswith("3.") or version.upper() in ("STU3", "R3"):
        return STU3
    known = not version or version.startswith(("4.", "5.")) or version.upper() in ("R4", "R4B", "R5")
    return "" if known else short(version, 20)


def _by_profile(resource: JsonObject) -> str:
    profiles = child(resource, "meta").get("profile")
    for profile in profiles if isinstance(profiles, list) else (profiles,):
        found = _OLD_PROFILE.match(profile) if isinstance(profile, str) else None
        if found:
            stated = found[1].upper() if found[1] else _other_release(found[2] or found[3] or "")
            if stated:
                return stated
    return ""


def _by_shape(kind: str, resource: JsonObject) -> str:
    """Elements whose type changed: a status that became a concept, a category that became a list."""
    if kind in ("Condition", "AllergyIntolerance"):
        if not any(isinstance(resource.get(key), str) for key in ("clinicalStatus", "verificationStatus")):
            return ""
        return DSTU2 if isinstance(resource.get("category"), dict) else STU3
    if kind == "Observation" and isinstance(resource.get("category"), dict):
        return DSTU2
    if kind == "Encounter" and isinstance(resource.get("class"), str):
        return DSTU2
    if kind == "Patient":
        families = [item.get("family") for item in children(resource, "name")]
        return DSTU2 if any(isinstance(family, list) for family in families) else ""
    return ""
