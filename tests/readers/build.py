"""Small FHIR files for the tests of the readers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from medgui.readers import open_record
from medgui.record.model import Observation, Record

Json = dict[str, Any]
LOINC, SNOMED, UCUM = "http://loinc.org", "http://snomed.info/sct", "http://unitsofmeasure.org"


def patient(name: str = "p1", /, **changes: Any) -> Json:
    """A woman born in 1970."""
    base: Json = {
        "resourceType": "Patient",
        "id": name,
        "name": [{"family": "Weiß", "given": ["Zoë"]}],
        "gender": "female",
        "birthDate": "1970-05-17",
    }
    return _changed(base, changes)


def observation(code: str = "2093-3", value: float = 200, unit: str = "mg/dL", /, **changes: Any) -> Json:
    """A final laboratory value of patient p1."""
    base: Json = {
        "resourceType": "Observation",
        "id": f"o{code}",
        "status": "final",
        "code": {"coding": [{"system": LOINC, "code": code}], "text": f"test {code}"},
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2026-11-03T08:15:00+01:00",
        "valueQuantity": {"value": value, "unit": unit, "system": UCUM, "code": unit},
    }
    return _changed(base, changes)


def condition(code: str, text: str, /, **changes: Any) -> Json:
    """A confirmed active problem of patient p1."""
    base: Json = {
        "resourceType": "Condition",
        "id": f"c{code}",
        "clinicalStatus": concept("active"),
        "verificationStatus": concept("confirmed"),
        "code": {"coding": [{"system": SNOMED, "code": code, "display": text}], "text": text},
        "subject": {"reference": "Patient/p1"},
    }
    return _changed(base, changes)


def drug(**changes: Any) -> Json:
    """An active order of metformin for patient p1."""
    base: Json = {
        "resourceType": "MedicationRequest",
        "id": "m1",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {"text": "Metformin"},
        "subject": {"reference": "Patient/p1"},
        "authoredOn": "2025-02-01",
    }
    return _changed(base, changes)


def _changed(base: Json, changes: Json) -> Json:
    base.update(changes)
    return {key: value for key, value in base.items() if value is not None}


def concept(code: str, system: str = "", text: str = "") -> Json:
    """A CodeableConcept of one code."""
    coding = {"code": code, **({"system": system} if system else {})}
    return {"coding": [coding], **({"text": text} if text else {})}


def bundle(*resources: Any, **top: Any) -> Json:
    """A collection of resources."""
    return {
        "resourceType": "Bundle",
        "type": "collection",
        **top,
        "entry": [{"resource": resource} for resource in resources],
    }


def save(folder: Path, content: Any, name: str = "file.json") -> Path:
    """Write JSON data, text or bytes."""
    path = folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, indent=1)
        path.write_bytes(text.encode())
    return path


def read(folder: Path, *resources: Any, **options: Any) -> Record:
    """Open a collection of these resources and patient p1."""
    return open_record(save(folder, bundle(patient(), *resources)), as_of="2026-11-21", **options)


def only(record: Record) -> Observation:
    """The one observation of a record."""
    (found,) = record.observations
    return found


def opened(folder: Path, content: object, name: str = "file.json", **options: object) -> Record:
    """Open a file of this content on the day of the visit."""
    return open_record(save(folder, content, name), as_of="2026-11-21", **options)  # type: ignore[arg-type]


def entries(*items: Json, **top: object) -> Json:
    """A Bundle of whole entries."""
    return {"resourceType": "Bundle", "type": "collection", **top, "entry": list(items)}
