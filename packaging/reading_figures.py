"""What is read of the open patient files: `make reading`.

A walk of its own through each file counts the coded values that stand in it: a number or code of a measurement, the
code of a problem, drug, allergy, procedure or vaccine. Each is looked for in the record by its code (and number), in
what was left out with a trace, and in the parts that the record says it did not read. Needs the development data
(`MEDGUI_DATA` or ../shared/data).
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

from medgui.errors import MedguiError, SeveralPatients
from medgui.readers import open_record
from medgui.record.model import Allergy, Condition, Medication, Observation, Record
from tests.shared_data import find_data_dir

CDA = "{urn:hl7-org:v3}"
FHIR = "{http://hl7.org/fhir}"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}type"
RESOURCES = {
    "Observation": "code", "Condition": "code", "Procedure": "code", "AllergyIntolerance": "code",
    "Immunization": "vaccineCode", "MedicationRequest": "medicationCodeableConcept",
    "MedicationStatement": "medicationCodeableConcept", "MedicationAdministration": "medicationCodeableConcept",
}  # fmt: skip


STATUSES = frozenset({"33999-4", "SEV", "82606-5"})
"""Codes of C-CDA observations that say the status, severity or criticality of the entry around them."""
KINDS_OF_PROBLEM = frozenset(
    {"ASSERTION", "55607006", "282291009", "64572001", "75323-6", "29308-4", "404684003"}
)
NONE_KNOWN = frozenset({"160245001", "787481004", "716186003", "55607006", "71388002", "105590001"})
"""Statements that a list is empty, some as "no" with the code of any problem, procedure or substance: they stand in
the record as its completeness."""


class Coded(NamedTuple):
    """One coded value of a file: its codes (any of them will do), its number, and the part of the file."""

    codes: frozenset[str]
    number: float | None
    part: str
    line: int


# What stands in a file


def in_ccda(path: Path) -> Iterator[Coded]:
    """Coded values of the sections of a C-CDA document; not the qualifiers within an entry (status, severity)."""
    for section in ElementTree.parse(path).iter(f"{CDA}section"):
        title = section.find(f"{CDA}title")
        name = "" if title is None else " ".join("".join(title.itertext()).split())
        for node in section.findall(f"{CDA}entry"):
            yield from _cda_entry(node, name)


def _cda_entry(node: ElementTree.Element, title: str) -> Iterator[Coded]:
    for element in node:
        yield from _cda_element(element, title)
        if element.tag != f"{CDA}observation" and element.get("typeCode") != "RSON":
            yield from _cda_entry(element, title)


def _cda_element(element: ElementTree.Element, title: str) -> Iterator[Coded]:
    name = element.tag.removeprefix(CDA)
    own = _cda_codes(element.find(f"{CDA}code"))
    if name == "observation":
        value = element.find(f"{CDA}value")
        substances = element.findall(f"{CDA}participant/{CDA}participantRole/{CDA}playingEntity/{CDA}code")
        allergens = frozenset(code for node in substances for code in _cda_codes(node))
        if value is not None and value.get("value") and value.get(XSI, "").endswith("PQ"):
            yield Coded(own, _number(value.get("value", "")), title, 0)
        elif allergens:
            yield Coded(allergens, None, title, 0)
        elif _cda_codes(value) and not own & STATUSES:
            yield Coded(_cda_codes(value) | (own - KINDS_OF_PROBLEM), None, title, 0)
    elif name in ("manufacturedMaterial", "procedure") and own:
        yield Coded(own, None, title, 0)


def _cda_codes(code: ElementTree.Element | None) -> frozenset[str]:
    if code is None:
        return frozenset()
    nodes = [code, *code.findall(f"{CDA}translation")]
    return frozenset(node.get("code", "").strip() for node in nodes) - {""}


def in_fhir_json(path: Path) -> Iterator[Coded]:
    """Coded values of the entries of a bundle."""
    for entry in json.loads(path.read_text(encoding="utf-8")).get("entry", []):
        resource = entry.get("resource", {})
        kind = resource.get("resourceType", "")
        if kind in RESOURCES:
            yield from _fhir_resource(resource, kind)


def _fhir_resource(resource: dict[str, Any], kind: str) -> Iterator[Coded]:
    parts = resource.get("component", []) if kind == "Observation" else []
    for holder in (resource, *parts):
        concept = holder.get(RESOURCES[kind] if holder is resource else "code", {})
        codes = frozenset(str(coding.get("code", "")) for coding in concept.get("coding", [])) - {""}
        number = holder.get("valueQuantity", {}).get("value")
        has_value = any(key.startswith("value") for key in holder)
        if codes and (kind != "Observation" or has_value):
            yield Coded(codes, number, kind, 0)


def in_fhir_xml(path: Path) -> Iterator[Coded]:
    """Coded values of the entries of a bundle in XML."""
    for kind, key in RESOURCES.items():
        for resource in ElementTree.parse(path).iter(FHIR + kind):
            nodes = resource.findall(f"{FHIR}{key}/{FHIR}coding/{FHIR}code")
            codes = frozenset(node.get("value", "") for node in nodes)
            if codes:
                yield Coded(codes, None, kind, 0)


def in_hl7(path: Path) -> Iterator[Coded]:
    """The OBX segments with a value."""
    text = path.read_bytes().decode("utf-8-sig", "replace")
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        fields = line.split("|")
        if fields[0] == "OBX" and len(fields) > 5 and fields[5].strip():
            codes = frozenset(fields[3].split("^")[i] for i in (0, 3) if len(fields[3].split("^")) > i)
            yield Coded(codes - {""}, _number(fields[5]), "OBX", number)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


KINDS = {
    "ccda_ehr_exports": ("*.xml", in_ccda), "ccda_hl7": ("*.xml", in_ccda), "fhir_ips": ("*.json", in_fhir_json),
    "fhir_synthea_r4": ("*.json", in_fhir_json), "fhir_us_core": ("*.json", in_fhir_json),
    "fhir_xml_aups": ("*.xml", in_fhir_xml), "hl7v2_misc": ("*.hl7", in_hl7),
    "hl7v2_simhospital": ("*.hl7", in_hl7), "csv": ("*.csv", None), "dicom": ("*.dcm", None),
    "phenopacket": ("*.json", None), "vcf": ("*.vcf", None),
}  # fmt: skip


# The patient whom several vendors wrote down

SHARED = {
    "8302-2": (177, "cm"), "29463-7": (88, "kg"), "8462-4": (88, "mm[Hg]"), "8480-6": (145, "mm[Hg]"),
    "8867-4": (80, "/min"), "59408-5": (95, "%"), "3150-0": (36, "%"), "8310-5": (38, "Cel"), "9279-1": (18, "/min"),
}  # fmt: skip
"""Vital signs of the fictional Alice Newman (ONC certification test data), in canonical units."""
SHARED_LISTS = frozenset({"309090", "209459", "731241", "731184", "7980", "733"})
"""RxNorm codes of her drugs and allergies in the test data."""


def shared_patient(folder: Path) -> tuple[int, int, int]:
    """Files about her, facts of hers whose code stands in them, and how many of those the record has right."""
    files = held = right = 0
    for path in sorted(folder.glob("*.xml")):
        record = opened(path)
        if (record.patient.family.lower(), record.patient.birth_date) != ("newman", "1970-05-01"):
            continue
        files += 1
        codes = {element.get("code") for element in ElementTree.parse(path).iter()}
        listed = {coding.code for entry in _entries(record) for coding in entry.codings}
        for code, (value, unit) in SHARED.items():
            if code in codes:
                held += 1
                right += any(
                    o.code == code
                    and o.unit == unit
                    and isinstance(o.value, float)
                    and abs(o.value - value) < 0.02 * value
                    for o in record.observations
                )
        held += len(SHARED_LISTS & codes)
        right += len(SHARED_LISTS & codes & listed)
    return files, held, right


# What of it is in the record


def where(coded: Coded, record: Record, known: set[str], numbers: Counter[float], unread: str) -> str:
    """Tell where a coded value went: "record", "left out", "unread" or "lost"."""
    if coded.codes & known and (coded.number is None or numbers[coded.number]):
        return "record"
    if coded.codes & NONE_KNOWN and record.completeness:
        return "record"
    if coded.codes and any(code in unread for code in coded.codes):
        return "unread"
    if any(item.section == coded.part or coded.part in item.location for item in record.unread):
        return "unread"
    if any(item.line == coded.line and coded.line for item in record.unread):
        return "unread"
    if any(item.source.section == coded.part for item in record.cleaned):
        return "left out"
    return "lost"


def _entries(record: Record) -> list[Observation | Condition | Medication | Allergy]:
    return [*record.observations, *record.conditions, *record.medications, *record.allergies]


def tally(path: Path, record: Record, walk: Any) -> Counter[str]:
    """Where the coded values of a file went."""
    known = {coding.code for entry in _entries(record) for coding in entry.codings}
    known |= {o.code for o in record.observations}
    known |= {str(o.value) for o in record.observations}
    written = (_number(re.sub(r"^[<>=≤≥ ]+", "", o.value_as_written)) for o in record.observations)
    numbers = Counter(number for number in written if number is not None)
    unread = "\n".join(f"{item.location} {item.reason}" for item in record.unread)
    return Counter(where(coded, record, known, numbers, unread) for coded in walk(path))


def opened(path: Path) -> Record:
    """The record of a file; of several people the first."""
    try:
        return open_record(path, as_of="2026-11-22")
    except SeveralPatients as several:
        return open_record(path, patient=several.patients[0][0], as_of="2026-11-22")


def main() -> int:
    """Print the table; 1 where a file does not open or a coded value is lost."""
    data = find_data_dir()
    if data is None:
        sys.exit("the development data is absent (set MEDGUI_DATA to its folder)")
    heads = (
        "files", "opened", "values questioned", "coded values", "in the record", "unread, with a reason",
        "left out, with a trace", "lost",
    )  # fmt: skip
    print("| " + " | ".join(heads) + " |\n" + "|---" * len(heads) + "|")
    bad = 0
    for folder, (pattern, walk) in KINDS.items():
        paths = sorted((data / "patientfiles" / folder).glob(pattern))
        sums: Counter[str] = Counter()
        for path in paths:
            try:
                record = opened(path)
            except MedguiError as error:
                print(f"{path.name}: {error}", file=sys.stderr)
                continue
            sums["opened"] += 1
            sums["questions"] += sum(bool(q.observation) for q in record.questions)
            found = tally(path, record, walk) if walk else Counter()
            if found["lost"] and "-v" in sys.argv:
                print(path.name, found, file=sys.stderr)
            sums += found
        bad += sums["lost"] + len(paths) - sums["opened"]
        places = [sums[key] for key in ("record", "unread", "left out", "lost")]
        cells = [sum(places), *places] if walk else ["-"] * 5
        print(
            f"| {folder} | {sums['opened']} of {len(paths)} | {sums['questions']} | "
            + " | ".join(map(str, cells))
            + " |"
        )
    files, held, right = shared_patient(data / "patientfiles" / "ccda_ehr_exports")
    print(
        f"\nThe patient whom {files} vendors wrote down: {right} of {held} facts in the files are right in the record"
    )
    return 1 if bad or right < held else 0


if __name__ == "__main__":
    sys.exit(main())
