"""Vaccines, dispensed drugs, dosages, family history, reports and documents of FHIR files; R4B and R5 as well as R4."""

import base64
from pathlib import Path

import pytest

from medgui.errors import UnreadableFile
from medgui.readers import open_record
from medgui.record.model import Completeness
from medgui.record.resolve import resolve
from tests.readers.build import (
    LOINC,
    bundle,
    concept,
    condition,
    drug,
    observation,
    only,
    patient,
    read,
    save,
)

CVX = "http://hl7.org/fhir/sid/cvx"
OWN = {"reference": "Patient/p1"}


def vaccine(**changes: object) -> dict:
    """An influenza vaccine given to patient p1."""
    base = {
        "resourceType": "Immunization",
        "id": "i1",
        "status": "completed",
        "vaccineCode": concept("140", CVX, "Influenza"),
        "patient": OWN,
        "occurrenceDateTime": "2025-10-01",
    }
    return {key: value for key, value in {**base, **changes}.items() if value is not None}


# Vaccines


def test_a_vaccine_is_listed_with_code_and_day(tmp_path: Path) -> None:
    record = read(tmp_path, vaccine())
    (found,) = record.conditions
    assert (found.kind, found.name, found.codings[0].system, found.onset) == (
        "immunization",
        "Influenza",
        CVX,
        "2025-10-01",
    )
    assert found.usable
    assert record.completeness["immunizations"] is Completeness.COMPLETE


@pytest.mark.parametrize("status", ["not-done", "draft", ""])
def test_a_vaccine_that_was_not_given_is_kept_and_not_used(tmp_path: Path, status: str) -> None:
    (found,) = read(tmp_path, vaccine(status=status, statusReason={"text": "fever"})).conditions
    assert not found.usable
    assert found.unusable_reason
    assert found.note == "fever"


def test_the_disease_in_the_name_of_a_vaccine_is_no_disease_of_the_patient(tmp_path: Path) -> None:
    record = read(tmp_path, vaccine(vaccineCode={"text": "Type 2 diabetes mellitus"}), condition("1", "Gout"))
    assert resolve(record, "diabetes", as_of="2026-11-21").value == 0.0


def test_a_broken_vaccine_makes_the_list_partial(tmp_path: Path) -> None:
    record = read(tmp_path, vaccine(), vaccine(id="i2", vaccineCode=None))
    assert record.completeness["immunizations"] is Completeness.PARTIAL


# Family history


def family(**changes: object) -> dict:
    """The history of the patient's mother."""
    base = {
        "resourceType": "FamilyMemberHistory",
        "id": "f1",
        "status": "completed",
        "patient": OWN,
        "relationship": {"text": "mother"},
        "condition": [{"code": {"text": "Breast cancer"}, "onsetAge": {"value": 41, "unit": "a"}}],
    }
    return {key: value for key, value in {**base, **changes}.items() if value is not None}


def test_a_relatives_disease_keeps_the_age_at_onset_in_words(tmp_path: Path) -> None:
    record = read(tmp_path, family())
    (found,) = record.conditions
    assert (found.kind, found.subject, found.onset, found.note) == (
        "family_history",
        "mother",
        "",
        "Onset: 41 a",
    )
    assert record.completeness["family_history"] is Completeness.COMPLETE


def test_a_family_history_that_names_no_disease_is_not_passed_over(tmp_path: Path) -> None:
    record = read(tmp_path, family(condition=None))
    assert "mother" in record.unread[0].reason
    assert record.completeness["family_history"] is Completeness.PARTIAL


@pytest.mark.parametrize(
    ("onset", "note"),
    [
        ({"onsetAge": {"value": 45, "unit": "years"}}, "Onset: 45 years"),
        ({"onsetString": "in childhood"}, "Onset: in childhood"),
        (
            {"onsetRange": {"low": {"value": 40, "unit": "a"}, "high": {"value": 45, "unit": "a"}}},
            "Onset: 40 a–45 a",
        ),
        ({"onsetDateTime": "2015-03"}, ""),
    ],
)
def test_an_onset_that_is_no_date_stays_in_words(tmp_path: Path, onset: dict, note: str) -> None:
    (found,) = read(tmp_path, condition("38341003", "Hypertension", **onset)).conditions
    assert (found.note, found.onset) == (note, "" if note else "2015-03")


# Drugs


def _dispensed(**changes: object) -> dict:
    return drug(resourceType="MedicationDispense", intent=None, authoredOn=None, **changes)


def test_a_dispensed_drug_is_neither_taken_nor_absent(tmp_path: Path) -> None:
    statin = _dispensed(
        status="completed",
        medicationCodeableConcept={"text": "Atorvastatin 20 mg"},
        whenHandedOver="2026-10-01",
    )
    record = read(tmp_path, statin)
    (found,) = record.medications
    assert (found.status, found.usable, found.start) == ("unknown", False, "2026-10-01")
    assert "dispensed" in found.unusable_reason
    assert record.completeness["medications"] is Completeness.COMPLETE
    assert not resolve(record, "statin", as_of="2026-11-21").known


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"status": "recorded"}, "active"),
        ({"status": "recorded", "adherence": {"code": concept("taking-as-directed")}}, "active"),
        ({"status": "recorded", "adherence": {"code": concept("not-taking")}}, "not-taken"),
        ({"status": "recorded", "adherence": {"code": concept("stopped-not-as-directed")}}, "stopped"),
        ({"status": "recorded", "adherence": {"code": concept("on-hold-as-directed")}}, "stopped"),
        ({"status": "recorded", "adherence": {"code": concept("unknown")}}, "unknown"),
        ({"status": "draft"}, "unknown"),
    ],
)
def test_a_statement_of_r5_says_by_its_adherence_whether_the_drug_is_taken(
    tmp_path: Path, changes: dict, status: str
) -> None:
    statement = drug(resourceType="MedicationStatement", intent=None, medicationCodeableConcept=None)
    statement |= {"medication": {"concept": {"text": "Metformin"}}, **changes}
    (found,) = read(tmp_path, statement).medications
    assert (found.name, found.status, found.usable) == ("Metformin", status, status == "active")


_TIMING = {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}}
_DOSE = [{"doseQuantity": {"value": 40, "unit": "mg"}}]


@pytest.mark.parametrize(
    ("dosage", "dose", "frequency"),
    [
        ({"doseAndRate": _DOSE, "timing": _TIMING}, "40 mg", "2 times a day"),
        ({"text": "1 b.i.d.", "doseAndRate": _DOSE, "timing": _TIMING}, "40 mg", "2 times a day"),
        ({"text": "one at night"}, "one at night", ""),
        ({"doseAndRate": _DOSE, "timing": {"code": concept("BID")}}, "40 mg", "2 times a day"),
        ({"doseAndRate": _DOSE, "timing": {"code": concept("Q8H")}}, "40 mg", "every 8 hours"),
        ({"doseAndRate": _DOSE, "timing": {"code": {"text": "every other day"}}}, "40 mg", "every other day"),
        (
            {"timing": {"repeat": {"frequency": "1", "period": "12", "periodUnit": "h"}}, "asNeededBoolean": True},
            "",
            "every 12 hours, as needed",
        ),
        (
            {"timing": {"repeat": {"when": ["HS"]}}, "asNeededCodeableConcept": {"text": "pain"}},
            "",
            "at bedtime, as needed for pain",
        ),
        (
            {"timing": {"repeat": {"frequency": 1, "frequencyMax": 3, "period": 1, "periodUnit": "wk"}}},
            "",
            "1–3 times a week",
        ),
        ({"timing": {"repeat": {"dayOfWeek": ["mon"], "timeOfDay": ["08:00:00"]}}}, "", "on Monday, 08:00"),
        ({"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "??"}}}, "", ""),
    ],
)  # fmt: skip
def test_dose_and_frequency_are_apart_where_the_file_keeps_them_apart(
    tmp_path: Path, dosage: dict, dose: str, frequency: str
) -> None:
    (found,) = read(tmp_path, drug(dosageInstruction=[{**dosage, "route": {"text": "oral"}}])).medications
    assert (found.dose, found.frequency, found.route) == (dose, frequency, "oral")


def test_no_step_of_a_changing_dose_is_lost(tmp_path: Path) -> None:
    steps = [{"text": "2 tablets for a week"}, {"text": "then 1 tablet"}]
    (found,) = read(tmp_path, drug(dosageInstruction=steps)).medications
    assert (found.dose, found.frequency) == ("2 tablets for a week; then 1 tablet", "")


@pytest.mark.parametrize("code", ["787481004", "no-known-medications"])
def test_no_known_drugs_is_no_drug(tmp_path: Path, code: str) -> None:
    system = (
        "http://snomed.info/sct"
        if code.isdigit()
        else "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
    )
    record = read(tmp_path, drug(medicationCodeableConcept=concept(code, system, "No known medications")))
    assert record.medications == ()
    assert record.completeness["medications"] is Completeness.COMPLETE
    assert "No known medications" in record.cleaned[0].message


# Reports and documents


def report(**changes: object) -> dict:
    """A report about patient p1."""
    base = {
        "resourceType": "DiagnosticReport",
        "id": "r1",
        "status": "final",
        "code": {"text": "Chest film"},
        "subject": OWN,
    }
    return {**base, **changes}


def test_conclusion_and_file_of_a_report_are_kept_as_documents(tmp_path: Path) -> None:
    text = base64.b64encode("Line 1\nLine 2 ≥ 5".encode()).decode()
    pdf = base64.b64encode(b"%PDF-1.7 " * 10).decode()
    forms = [
        {"contentType": "text/plain; charset=utf-8", "data": text},
        {"contentType": "application/pdf", "data": pdf},
    ]
    record = read(
        tmp_path,
        report(conclusion="Clear.\nNo effusion.", presentedForm=forms, effectiveDateTime="2026-01-02"),
    )
    assert [(d.title, d.media_type, d.text, d.size, d.time) for d in record.documents] == [
        ("Chest film", "text/plain", "Clear.\nNo effusion.", 0, "2026-01-02"),
        ("Chest film", "text/plain", "Line 1\nLine 2 ≥ 5", 19, "2026-01-02"),
        ("Chest film", "application/pdf", "", 90, "2026-01-02"),
    ]


def test_results_that_are_not_in_the_file_are_named(tmp_path: Path) -> None:
    record = read(
        tmp_path, observation(), report(result=[{"reference": "Observation/lost", "display": "Troponin"}])
    )
    assert "Troponin" in record.unread[0].reason
    assert record.completeness["observations"] is Completeness.PARTIAL
    whole = read(tmp_path, observation(), report(result=[{"reference": "Observation/o2093-3"}]))
    assert whole.unread == ()


def test_results_inside_of_a_report_are_results_of_its_patient(tmp_path: Path) -> None:
    inside = observation("2345-7", 100, id="glu", subject=None, specimen={"reference": "#s"})
    specimen = {"resourceType": "Specimen", "id": "s", "type": {"text": "Urine"}}
    record = read(tmp_path, report(contained=[specimen, inside], result=[{"reference": "#glu"}]))
    found = only(record)
    assert (found.id, found.value, found.specimen, found.variable) == ("r1#glu@1", 100.0, "Urine", "")
    assert record.unread == ()


def test_a_document_and_the_binary_it_refers_to_are_one(tmp_path: Path) -> None:
    note = {
        "resourceType": "DocumentReference", "id": "d1", "status": "current", "subject": OWN,
        "type": {"text": "Letter"}, "date": "2026-03-04",
        "content": [{"attachment": {"contentType": "text/html", "url": "Binary/b1"}}],
    }  # fmt: skip
    page = base64.b64encode(
        b"<html><body><p>Dear <b>colleague</b></p><p>A &amp; B</p></body></html>"
    ).decode()
    binary = {"resourceType": "Binary", "id": "b1", "contentType": "text/html", "data": page}
    (document,) = read(tmp_path, note, binary).documents
    assert (document.title, document.text, document.time) == ("Letter", "Dear colleague\nA & B", "2026-03-04")


def test_what_was_entered_in_error_or_is_about_someone_else_is_no_document(tmp_path: Path) -> None:
    wrong = report(status="entered-in-error", conclusion="x")
    other = report(id="r2", subject={"reference": "Patient/other"}, conclusion="y")
    record = read(tmp_path, wrong, other)
    assert record.documents == ()
    assert [note.location for note in record.unread] == [
        "entry[1] DiagnosticReport/r1", "entry[2] DiagnosticReport/r2",
    ]  # fmt: skip


def test_a_section_of_text_only_is_kept_as_a_document(tmp_path: Path) -> None:
    section = {
        "title": "Vaccines", "code": concept("11369-6", LOINC),
        "text": {"div": "<div><table><tr><td>Tetanus</td><td>2019</td></tr></table></div>"},
    }  # fmt: skip
    record = read(tmp_path, {"resourceType": "Composition", "subject": OWN, "section": [section]})
    assert [(d.title, d.text) for d in record.documents] == [("Vaccines", "Tetanus 2019")]
    assert record.completeness["immunizations"] is Completeness.PARTIAL


def test_what_the_sender_could_not_give_makes_every_list_partial(tmp_path: Path) -> None:
    issue = {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "warning", "diagnostics": "some are withheld"}],
    }
    content = bundle(patient(), condition("1", "Gout"), issues=issue)
    record = open_record(save(tmp_path, content))
    assert "withheld" in record.unread[0].reason
    assert record.completeness["conditions"] is Completeness.PARTIAL


# Releases


@pytest.mark.parametrize(
    "resource",
    [
        {"resourceType": "Encounter", "id": "e", "class": [concept("IMP")],
         "reason": [{"value": [{"concept": concept("1")}]}]},
        {"resourceType": "MedicationStatement", "status": "active", "subject": OWN,
         "context": {"reference": "Encounter/e"}, "medicationCodeableConcept": {"text": "x"}},
        {"resourceType": "Procedure", "status": "completed", "subject": OWN, "code": {"text": "PCI"},
         "occurrenceDateTime": "2020", "reportedBoolean": True},
        {"resourceType": "AllergyIntolerance", "patient": OWN, "type": concept("allergy"), "code": {"text": "Nuts"},
         "participant": [{"actor": OWN}], "reaction": [{"manifestation": [{"concept": {"text": "Hives"}}]}]},
        condition("1", "x", participant=[{"actor": OWN}]),
        patient("p2", meta={"profile": ["http://hl7.org/fhir/us/core/STU3.1.1/StructureDefinition/us-core-patient"]}),
        observation(meta={"profile": ["http://hl7.org/fhir/us/core/StructureDefinition/us-core-lab|3.1.1"]}),
        observation(meta={"profile": ["http://hl7.org/fhir/StructureDefinition/vitalsigns|4.0.1"]}),
        {"resourceType": "CapabilityStatement", "fhirVersion": "5.0.0"},
        {"resourceType": "CapabilityStatement", "fhirVersion": "4.3.0"},
    ],
)  # fmt: skip
def test_nothing_of_r4_to_r5_is_taken_for_an_older_release(tmp_path: Path, resource: dict) -> None:
    record = open_record(save(tmp_path, bundle(patient(), resource)), patient="p1")
    assert not any("FHIR" in note.reason for note in record.unread)


@pytest.mark.parametrize(
    ("content", "release"),
    [
        (bundle(patient(), fhirVersion="3.0.2"), "STU3"),
        (bundle(patient(), fhirVersion="6.0.0-ballot2"), "6.0.0-ballot2"),
        (
            bundle(
                patient(), meta={"tag": [{"system": "http://hl7.org/fhir/FHIR-version", "code": "1.0.2"}]}
            ),
            "DSTU2",
        ),
        (
            bundle(patient(meta={"profile": ["http://hl7.org/fhir/StructureDefinition/Patient|3.0.1"]})),
            "STU3",
        ),
        (bundle(patient(meta={"profile": ["http://hl7.org/fhir/3.0/StructureDefinition/Patient"]})), "STU3"),
        (bundle(patient(), drug(resourceType="MedicationStatement", taken="y")), "STU3"),
        (bundle(patient(), vaccine(notGiven=False)), "STU3"),
        (bundle(patient(), vaccine(wasNotGiven=False)), "DSTU2"),
    ],
)
def test_every_other_stated_release_is_refused_by_name(tmp_path: Path, content: dict, release: str) -> None:
    with pytest.raises(UnreadableFile, match=release):
        open_record(save(tmp_path, content))


def test_values_of_every_other_kind_are_kept_in_words(tmp_path: Path) -> None:
    values = [
        (
            {"valueRange": {"low": {"value": 1, "unit": "mg"}, "high": {"value": 2, "unit": "mg"}}},
            "1 mg–2 mg",
        ),
        ({"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 128}}}, "1/128"),
        ({"valueDateTime": "2026-03-01"}, "2026-03-01"),
        ({"valueTime": "08:30:00"}, "08:30:00"),
        ({"valuePeriod": {"start": "2026-01-01", "end": "2026-02-01"}}, "2026-01-01–2026-02-01"),
        ({"valueAttachment": {"title": "ECG strip"}}, "ECG strip"),
        ({"valueReference": {"display": "Pacemaker"}}, "Pacemaker"),
    ]
    given = [
        observation("99999-9", id=str(n), valueQuantity=None, **value)
        for n, (value, _text) in enumerate(values)
    ]
    assert [o.value_as_written for o in read(tmp_path, *given).observations] == [
        text for _value, text in values
    ]
