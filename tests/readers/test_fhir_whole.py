"""Nothing that is coded in an open FHIR file is lost: it is in the record, or left out with a reason."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from medgui.readers import open_record
from medgui.readers.fhir_xml import resource_of
from medgui.readers.xml_place import parse_xml
from medgui.record.model import Record
from tests.shared_data import data_dir

pytestmark = pytest.mark.shared_data
Json = dict[str, Any]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _codes(concept: Any) -> set[str]:
    return {item["code"] for item in _listed((concept or {}).get("coding")) if "code" in item}


def _resources(path: Path) -> Iterator[Json]:
    data = path.read_bytes()
    whole = json.loads(data) if path.suffix == ".json" else resource_of(parse_xml(data, path.name))
    for entry in whole["entry"]:
        yield entry["resource"]


def _left_out(record: Record, resource: Json) -> bool:
    """Whether a trace with a reason names the entry."""
    name = f"{resource['resourceType']}/{resource.get('id')}"
    traces = [(note.location, note.reason) for note in record.unread]
    traces += [(item.source.location, item.message) for item in record.cleaned]
    return any(name in place and reason for place, reason in traces)


def _values(resource: Json) -> Iterator[tuple[Json, Json]]:
    """Each Observation or component that states a value, or why it has none."""
    for holder in (resource, *_listed(resource.get("component"))):
        if any(key.startswith(("value", "dataAbsentReason")) for key in holder):
            yield holder, holder["code"]


def _as_stated(holder: Json) -> set[str]:
    """Texts by which a value may stand in the record."""
    if "valueQuantity" in holder:
        quantity = holder["valueQuantity"]
        return {f"{quantity.get('comparator', '')}{quantity['value']}"}
    if "valueCodeableConcept" in holder:
        concept = holder["valueCodeableConcept"]
        shown = [concept.get("text"), *(item.get("display") for item in _listed(concept.get("coding")))]
        return {text for text in shown if text} | _codes(concept)
    plain = [
        str(value) for key, value in holder.items() if key.startswith("value") and not isinstance(value, dict)
    ]
    return set(plain) or {""}


def _check_observation(record: Record, resource: Json) -> None:
    for holder, concept in _values(resource):
        same = [o for o in record.observations if o.id.split("@")[0] == resource["id"]]
        found = [o for o in same if {c.code for c in o.codings} == _codes(concept)]
        assert found, (resource["id"], concept)
        assert {o.value_as_written for o in found} & {*_as_stated(holder), *_floats(holder)}, resource["id"]


def _floats(holder: Json) -> set[str]:
    value = holder.get("valueQuantity", {}).get("value")
    return {value.text} if hasattr(value, "text") else set()


_WHERE = {
    "Condition": ("conditions", "code"),
    "Procedure": ("conditions", "code"),
    "Immunization": ("conditions", "vaccineCode"),
    "AllergyIntolerance": ("allergies", "code"),
    "MedicationRequest": ("medications", "medicationCodeableConcept"),
    "MedicationStatement": ("medications", "medicationCodeableConcept"),
}


@pytest.mark.parametrize("kind", ["json", "xml"])
def test_every_coded_entry_of_the_open_files_is_in_the_record_or_left_out_with_a_reason(kind: str) -> None:
    paths = sorted((data_dir() / "patientfiles").glob(f"fhir_*/*.{kind}"))
    assert paths
    checked = 0
    for path in paths:
        record = open_record(path)
        for resource in _resources(path):
            name = resource["resourceType"]
            if _left_out(record, resource):
                continue
            if name == "Observation":
                _check_observation(record, resource)
            elif name in _WHERE:
                listed, key = _WHERE[name]
                found = [e for e in getattr(record, listed) if e.id.split("@")[0] == resource["id"]]
                assert found, (path.name, name, resource["id"])
                assert _codes(resource.get(key)) <= {c.code for e in found for c in e.codings}
            checked += name == "Observation" or name in _WHERE
    assert checked >= (8 if kind == "xml" else 500) - 4


@pytest.mark.parametrize("kind", ["json", "xml"])
def test_every_other_kind_of_clinical_entry_is_counted(kind: str) -> None:
    counted = {"Goal", "CarePlan", "ImagingStudy"}
    for path in sorted((data_dir() / "patientfiles").glob(f"fhir_*/*.{kind}")):
        notes = {note.location for note in open_record(path).unread}
        assert {r["resourceType"] for r in _resources(path)} & counted <= notes
