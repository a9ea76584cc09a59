"""FHIR in XML gives the record that the same resources give in JSON."""

from dataclasses import replace
from pathlib import Path

import pytest

from medgui.errors import UnreadableFile
from medgui.readers import open_record
from medgui.readers.fhir_xml import resource_of
from medgui.readers.xml_place import parse_xml
from medgui.record.model import Record, Source
from tests.readers.build import LOINC, bundle, concept, condition, drug, observation, only, patient, save
from tests.readers.fhir_as_xml import NAMESPACE, as_xml
from tests.shared_data import data_file


def read_xml(folder: Path, *resources: dict, **top: object) -> Record:
    """Open a collection of these resources and patient p1, in XML."""
    return open_record(
        save(folder, as_xml(bundle(patient(), *resources, **top)), "file.xml"), as_of="2026-11-21"
    )


def _without_places(record: Record) -> tuple:
    def bare(found: object) -> object:
        source = Source("", text=found.source.text)  # type: ignore[attr-defined]
        return replace(found, source=source)  # type: ignore[type-var]

    lists = (record.observations, record.conditions, record.medications, record.allergies, record.documents)
    return (
        replace(record.patient, source=Source("")),
        *[[bare(found) for found in listed] for listed in lists],
        record.completeness,
        [(note.location, note.reason) for note in record.unread],
    )


_RESOURCES = [
    observation("4548-4", 7.5, "%", referenceRange=[{"low": {"value": 4, "unit": "%"}, "high": {"value": 6}}]),
    observation("1988-5", valueQuantity={"value": 3, "unit": "mg/L", "comparator": "<"}),
    observation("72166-2", valueQuantity=None, valueCodeableConcept=concept("449868002", text="Every day")),
    observation("82810-3", valueQuantity=None, valueBoolean=True),
    observation("2345-7", valueQuantity=None, dataAbsentReason={"text": "haemolysed"}),
    observation(
        "85354-9",
        valueQuantity=None,
        component=[
            {"code": concept("8480-6", LOINC), "valueQuantity": {"value": 160, "unit": "mmHg"}},
            {"code": concept("8462-4", LOINC), "valueQuantity": {"value": 96, "unit": "mmHg"}},
        ],
    ),
    condition("44054006", "Type 2 diabetes mellitus", onsetAge={"value": 45, "unit": "a"}),
    drug(doNotPerform=True),
    drug(id="m2", contained=[{"resourceType": "Medication", "id": "d", "code": {"text": "Ramipril"}}],
         medicationCodeableConcept=None, medicationReference={"reference": "#d"}),
    {"resourceType": "AllergyIntolerance", "patient": {"reference": "Patient/p1"}, "code": {"text": "Penicillin"},
     "reaction": [{"manifestation": [{"text": "Hives"}, {"text": "Wheeze"}]}]},
    {"resourceType": "Immunization", "id": "i1", "status": "completed", "patient": {"reference": "Patient/p1"},
     "vaccineCode": concept("141", "http://hl7.org/fhir/sid/cvx", "Influenza"), "occurrenceDateTime": "2025-10-01"},
    {"resourceType": "DiagnosticReport", "id": "r1", "status": "final", "code": {"text": "Chest film"},
     "subject": {"reference": "Patient/p1"}, "conclusion": "K < 5 & clear"},
]  # fmt: skip


def test_every_kind_of_entry_is_read_as_from_json(tmp_path: Path) -> None:
    from_json = open_record(save(tmp_path, bundle(patient(), *_RESOURCES)), as_of="2026-11-21")
    from_xml = read_xml(tmp_path, *_RESOURCES)
    assert _without_places(from_xml) == _without_places(from_json)
    assert len(from_xml.observations) == 7


@pytest.mark.parametrize("text", ["0.10", "7.50", "12", "1e2", "-3.0"])
def test_digits_of_a_number_stay_as_written(tmp_path: Path, text: str) -> None:
    found = only(read_xml(tmp_path, observation("4548-4", text, "%")))
    assert (found.value, found.value_as_written) == (float(text), text)


@pytest.mark.parametrize("text", ["5,4", "abc", "", "NaN", "Infinity", "0x10", "9" * 400])
def test_what_is_no_number_is_no_value(tmp_path: Path, text: str) -> None:
    record = read_xml(tmp_path, observation("4548-4", text, "%"))
    assert [o.value for o in record.observations] == []
    assert record.unread


def test_each_value_knows_the_line_of_its_element(tmp_path: Path) -> None:
    record = read_xml(tmp_path, *_RESOURCES)
    lines = (tmp_path / "file.xml").read_text(encoding="utf-8").splitlines()
    for found in record.observations:
        assert found.source.line is not None
        wanted = "<Observation>" if found.value is None else "<value"
        assert wanted in lines[found.source.line - 1]
    systolic, diastolic = (o.source.line or 0 for o in record.observations[-2:])
    assert "160" in lines[systolic]
    assert "96" in lines[diastolic]


def test_a_single_resource_and_its_name_space_prefix_are_read(tmp_path: Path) -> None:
    text = as_xml(patient()).replace(f'xmlns="{NAMESPACE}"', f'xmlns:f="{NAMESPACE}"')
    text = text.replace("</", "</f:").replace("<", "<f:").replace("<f:/f:", "</f:").replace("<f:?", "<?")
    record = open_record(save(tmp_path, text, "file.xml"))
    assert (record.patient.family, record.format) == ("Weiß", "fhir-xml")


def test_extensions_of_a_primitive_stand_beside_it() -> None:
    text = (
        f'<Patient xmlns="{NAMESPACE}"><birthDate value="1970-05-17"><extension url="u">'
        '<valueDateTime value="1970-05-17T03:00:00Z"/></extension></birthDate>'
        '<gender><extension url="absent"><valueCode value="unknown"/></extension></gender></Patient>'
    )
    made = resource_of(parse_xml(text.encode(), "a.xml"))
    assert made["birthDate"] == "1970-05-17"
    assert made["_birthDate"]["extension"] == [{"valueDateTime": "1970-05-17T03:00:00Z", "url": "u"}]
    assert "gender" not in made
    assert made["_gender"]["extension"][0]["url"] == "absent"


def test_a_value_that_stands_twice_is_not_settled_by_one_of_them(tmp_path: Path) -> None:
    twice = observation("4548-4", valueQuantity=[{"value": 5, "unit": "%"}, {"value": 9, "unit": "%"}])
    record = read_xml(tmp_path, twice)
    assert record.observations == ()
    assert "not a quantity" in record.unread[0].reason


def test_the_rows_of_a_narrative_stay_rows(tmp_path: Path) -> None:
    rows = "<table><tr><th>Drug</th><th>Dose</th></tr><tr><td>A &lt; B</td><td>5 mg</td></tr></table>"
    summary = {
        "resourceType": "Composition",
        "status": "final",
        "section": [{"title": "Medicines", "x": "y"}],
    }
    narrative = f'<text><div xmlns="http://www.w3.org/1999/xhtml">{rows}</div></text>'
    text = as_xml(bundle(patient(), summary)).replace('<x value="y"/>', narrative)
    (document,) = open_record(save(tmp_path, text, "file.xml")).documents
    assert (document.title, document.text) == ("Medicines", "Drug Dose\nA < B 5 mg")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (f'<Bundle xmlns="{NAMESPACE}"><entry>', "cut off"),
        (f'<bundle xmlns="{NAMESPACE}"/>', "no FHIR resource"),
        (f'<Bundle xmlns="{NAMESPACE}"/>', "no patient"),
        (f'<!DOCTYPE Bundle [<!ENTITY a "b">]><Bundle xmlns="{NAMESPACE}">&a;</Bundle>', "DOCTYPE"),
        (f'<Bundle xmlns="{NAMESPACE}">' + "<entry>" * 500 + "</entry>" * 500 + "</Bundle>", "levels deep"),
    ],
)
def test_what_is_no_sound_file_is_refused_in_a_sentence(tmp_path: Path, text: str, word: str) -> None:
    with pytest.raises(UnreadableFile, match=word):
        open_record(save(tmp_path, text, "file.xml"))


@pytest.mark.parametrize(
    ("changes", "release"),
    [
        ({"clinicalStatus": "active"}, "STU3"),
        ({"verificationStatus": "confirmed", "clinicalStatus": None}, "STU3"),
        ({"patient": {"reference": "Patient/p1"}, "subject": None}, "DSTU2"),
    ],
)
def test_an_older_release_is_refused_by_name(tmp_path: Path, changes: dict, release: str) -> None:
    with pytest.raises(UnreadableFile, match=release):
        read_xml(tmp_path, condition("1", "x", **changes))


@pytest.mark.shared_data
def test_the_australian_summary() -> None:
    record = open_record(data_file("patientfiles/fhir_xml_aups/aups-basicsummary.xml"))
    assert (record.patient.family, record.patient.given, record.patient.birth_date, record.patient.sex) == (
        "Banks", "Mia Leanne", "1983-08-25", "female",
    )  # fmt: skip
    assert [(a.name, a.reaction, a.recorded) for a in record.allergies] == [
        ("Intolerance to lactose", "Abdominal pain, Abdominal bloating, Diarrhoea", "2023-03-14"),
        ("Gluten intolerance", "Fatigue", "2023-01-12"),
        ("Chlorhexidine", "Hives", "2023-09-09"),
    ]
    (medication,) = record.medications
    assert (medication.name, medication.status, medication.dose) == (
        "Bisoprolol 2.5mg tab", "active", "1/2 tablet in the morning",
    )  # fmt: skip
    assert [document.title for document in record.documents] == [
        "Active Problems", "Active Allergies or Intolerances", "Current Medicines",
    ]  # fmt: skip


@pytest.mark.shared_data
def test_a_summary_without_problems_drugs_and_allergies_says_so() -> None:
    record = open_record(data_file("patientfiles/fhir_xml_aups/aups-noknownx.xml"))
    assert (record.patient.family, record.medications, record.conditions) == ("MORRIS", (), ())
    assert [(a.name, a.negated) for a in record.allergies] == [("No known allergy", True)]
    assert {record.completeness[name] for name in ("conditions", "medications", "allergies")} == {"complete"}
    assert len(record.cleaned) == 2
