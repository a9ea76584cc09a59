"""Files that medgui exported: what they hold beyond FHIR, so that reading one gives the record that was exported.

A value with an open question leaves without a number (docs/exporting.md); here it is put back as the file of origin
had it, so that the question is asked again. Nothing is put back into a resource that states a value.
"""

from __future__ import annotations

from collections.abc import Mapping

from medgui.readers.fhir_bundle import FhirFile
from medgui.readers.fhir_values import JsonObject, child, children, string
from medgui.readers.json_place import Number
from medgui.readers.measured import plain_number
from medgui.readers.systems import OWN_AS_WRITTEN, OWN_COMPLETENESS, OWN_KIND, OWN_QUESTION, OWN_TAG
from medgui.record.model import Completeness


def restore(file: FhirFile) -> None:
    """Put back into the Observations of a file that medgui exported what FHIR has no place for."""
    if own_tag(file.bundle, OWN_TAG):
        for entry in file.of_kind("Observation"):
            entry.resource = restored(entry.resource)


def restored(resource: JsonObject) -> JsonObject:
    """An Observation with the time as written, and with the value of an open question, where medgui exported it."""
    written = _parts(resource, OWN_AS_WRITTEN)
    made = dict(resource)
    day, time = string(resource, "effectiveDateTime"), written.get("time", "")
    if day and time.startswith(day):
        made["effectiveDateTime"] = time
    stated = any(key.startswith("value") for key in resource)
    if stated or string(resource, "status") != "unknown" or not _parts(resource, OWN_QUESTION):
        return made
    number = plain_number(written.get("value", ""))
    if number is None or "status" not in written:
        return made
    figure = Number(written["value"].lstrip("<>=≤≥ "))
    quantity = {"value": figure, "unit": written.get("unit", ""), "comparator": number.comparator}
    made["valueQuantity"] = {key: value for key, value in quantity.items() if value != ""}
    made["status"] = written["status"]
    made.pop("dataAbsentReason", None)
    made.pop("note", None)
    return made


def own_tag(bundle: JsonObject, system: str) -> str:
    """The code of the first tag of *system*, or ""."""
    tags = children(child(bundle, "meta"), "tag")
    return next((string(tag, "code") for tag in tags if string(tag, "system") == system), "")


def own_kind(resource: JsonObject, otherwise: str) -> str:
    """The kind of an exported problem ("phenotype"), else *otherwise*."""
    for concept in children(resource, "category"):
        for coding in children(concept, "coding"):
            if string(coding, "system") == OWN_KIND:
                return string(coding, "code") or otherwise
    return otherwise


def own_completeness(bundle: JsonObject, found: Mapping[str, Completeness]) -> dict[str, Completeness]:
    """How far each section was read: never further than in the file that was exported (SAFETY 2)."""
    states = dict(found)
    for tag in children(child(bundle, "meta"), "tag"):
        section, _sign, state = string(tag, "code").rpartition("-")
        if string(tag, "system") != OWN_COMPLETENESS or state not in set(Completeness):
            continue
        if states.get(section) is not Completeness.PARTIAL:
            states[section] = Completeness(state)
    return states


def _parts(resource: JsonObject, url: str) -> dict[str, str]:
    for item in children(resource, "extension"):
        if string(item, "url") == url:
            return {string(part, "url"): string(part, "valueString") for part in children(item, "extension")}
    return {}
