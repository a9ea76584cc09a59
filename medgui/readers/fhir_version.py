"""Which FHIR release a file is: R4 and R4B are read, R5 where it is the same; DSTU2 and STU3 are refused in words."""

from __future__ import annotations

from collections.abc import Iterable

from medgui.errors import UnreadableFile
from medgui.i18n import _
from medgui.readers.fhir_bundle import FhirFile
from medgui.readers.fhir_values import JsonObject, child, children, string

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
_KEYS_DSTU2 = {
    "Observation": ("comments",),
    "Condition": ("patient", "dateRecorded"),
    "AllergyIntolerance": ("substance", "reporter"),
    "Patient": ("careProvider",),
    "Encounter": ("patient", "indication"),
    "MedicationStatement": ("patient", "wasNotTaken"),
    "Immunization": ("wasNotGiven", "reported"),
}
_KEYS_STU3 = {
    "Observation": ("context", "comment", "related"),
    "Condition": ("context", "assertedDate"),
    "AllergyIntolerance": ("assertedDate",),
    "Patient": ("animal",),
    "Encounter": ("incomingReferral",),
    "MedicationRequest": ("context", "definition"),
    "MedicationStatement": ("taken"),
    "MedicationAdministration": ("notGiven", "prescription"),
    "Procedure": ("context", "notDone", "definition"),
    "Immunization": ("notGiven",),
    "DiagnosticReport": ("context", "codedDiagnosis"),
    "CarePlan": ("context", "definition"),
    "FamilyMemberHistory": ("notDone", "definition"),
    "Claim": ("employmentImpacted", "hospitalization"),
    "ExplanationOfBenefit": ("hospitalization", "employmentImpacted"),
}


def check_version(file: FhirFile) -> None:
    """`UnreadableFile` naming the release where the file is DSTU2 or STU3."""
    found = release(entry.resource for entry in file.entries)
    if found == R4:
        stated = _stated_version(string(file.bundle, "fhirVersion"))
        found = stated if stated in (DSTU2, STU3) else R4
    if found in (DSTU2, STU3):
        sentence = _("{file} is FHIR {release}; medgui reads FHIR R4. Export the file as R4.")
        raise UnreadableFile(sentence.format(file=file.name, release=found))


def release(resources: Iterable[JsonObject]) -> str:
    """The release that most resources were written for, by what only one release has; R4 where nothing tells."""
    counts = {DSTU2: 0, STU3: 0, R4: 0}
    for resource in resources:
        found = old_release(resource)
        if found:
            counts[found] += 1
        elif isinstance(resource.get("clinicalStatus"), dict) or isinstance(
            resource.get("verificationStatus"), dict
        ):
            counts[R4] += 1
    old = counts[DSTU2] + counts[STU3]
    if old <= counts[R4]:
        return R4
    return DSTU2 if counts[DSTU2] >= counts[STU3] else STU3


def old_release(resource: JsonObject) -> str:
    """DSTU2 or STU3 where a resource has what only that release has, else ""."""
    kind = string(resource, "resourceType")
    if kind in _ONLY_DSTU2:
        return DSTU2
    if kind in _ONLY_STU3:
        return STU3
    stated = _stated_version(string(resource, "fhirVersion")) or _by_profile(resource)
    if stated:
        return stated
    if any(key in resource for key in _KEYS_DSTU2.get(kind, ())):
        return DSTU2
    if any(key in resource for key in _KEYS_STU3.get(kind, ())):
        return STU3
    return _by_shape(kind, resource)


def _stated_version(text: str) -> str:
    if text.startswith(("0.", "1.")):
        return DSTU2
    return STU3 if text.startswith("3.") else ""


def _by_profile(resource: JsonObject) -> str:
    profiles = child(resource, "meta").get("profile")
    for profile in profiles if isinstance(profiles, list) else ():
        low = profile.lower() if isinstance(profile, str) else ""
        if "dstu2" in low:
            return DSTU2
        if "stu3" in low:
            return STU3
    return ""


def _by_shape(kind: str, resource: JsonObject) -> str:
    """Elements whose type changed: a status that became a concept, a category that became a list."""
    if kind in ("Condition", "AllergyIntolerance") and isinstance(resource.get("clinicalStatus"), str):
        return DSTU2 if isinstance(resource.get("category"), dict) else STU3
    if kind == "Observation" and isinstance(resource.get("category"), dict):
        return DSTU2
    if kind == "Encounter" and isinstance(resource.get("class"), str):
        return DSTU2
    if kind == "Patient":
        families = [item.get("family") for item in children(resource, "name")]
        return DSTU2 if any(isinstance(family, list) for family in families) else ""
    return ""
