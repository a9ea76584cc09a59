"""Real FHIR files open, and chosen values are those that stand in the file (checked by hand)."""

import pytest

from medgui.readers import open_record
from medgui.record.model import Completeness, Record
from tests.shared_data import data_dir, data_file

pytestmark = pytest.mark.shared_data
SYNTHEA = "patientfiles/fhir_synthea_r4/"


def of(record: Record, variable: str, day: str) -> list[tuple[object, str]]:
    """Value and unit of a variable on a day."""
    return [
        (o.value, o.unit) for o in record.observations if o.variable == variable and o.time.startswith(day)
    ]


def test_every_fhir_file_in_json_opens_with_all_of_its_entries() -> None:
    paths = sorted((data_dir() / "patientfiles").glob("fhir_*/*.json"))
    assert paths
    for path in paths:
        record = open_record(path)
        lines = path.read_text(encoding="utf-8").splitlines()
        assert record.patient.birth_date
        assert all(state is Completeness.COMPLETE for state in record.completeness.values())
        ids = [o.id for o in record.observations]
        assert len(set(ids)) == len(ids)
        for found in record.observations:
            assert found.source.line is not None
            if found.value_as_written and "." in found.value_as_written:
                near = "".join(lines[found.source.line - 1 : found.source.line + 4])
                assert found.value_as_written in near


def test_reuben_lind() -> None:
    record = open_record(data_file(SYNTHEA + "Reuben_Lind_1d03714f-4851-44d9-a6b6-8a2752bbe178.json"))
    assert (record.patient.family, record.patient.given, record.patient.birth_date) == (
        "Lind",
        "Reuben",
        "1974-01-25",
    )
    assert (record.patient.sex, record.patient.ethnicity, record.patient.is_test) == (
        "male",
        "NH White",
        True,
    )
    assert of(record, "height", "2011-09-09") == [(180.1306960668356, "cm")]
    assert of(record, "systolic_bp", "2018-02-09") == [(168.95994053943275, "mm[Hg]")]
    assert of(record, "creatinine", "2018-02-09") == [(1.307068081419578, "mg/dL")]
    drugs = [(m.name, m.status) for m in record.medications]
    assert drugs[0] == ("Hydrochlorothiazide 25 MG", "active")
    assert ("Ibuprofen 200 MG Oral Tablet", "stopped") in drugs
    problems = {c.name: c.clinical_status for c in record.conditions if c.kind == "condition"}
    assert (problems["Gout"], problems["Hypertension"], problems["Whiplash injury to neck"]) == (
        "active", "active", "resolved",
    )  # fmt: skip


def test_the_us_core_examples() -> None:
    record = open_record(data_file("patientfiles/fhir_us_core/us-core-9.0.0-examples-collection.json"))
    assert (record.patient.family, record.patient.sex, record.patient.ethnicity) == (
        "Baxter",
        "female",
        "Hispanic",
    )
    assert of(record, "wbc", "2005") == [(10.0, "10*3/uL")]
    assert of(record, "systolic_bp", "1999") == [(109.0, "mm[Hg]")]
    (allergy,) = record.allergies
    assert (allergy.name, allergy.reaction, allergy.negated) == (
        "sulfonamide antibacterial",
        "skin rash",
        False,
    )


def test_the_international_patient_summary() -> None:
    record = open_record(data_file("patientfiles/fhir_ips/IPS-examples-Bundle-01.json"))
    assert (record.patient.family, record.patient.given, record.patient.birth_date) == (
        "DeLarosa",
        "Martha",
        "1972-05-01",
    )
    assert record.document_date == "2017-12-11T14:30:00+01:00"
    assert of(record, "hba1c", "2017-11-10") == [(7.5, "%")]
    assert [m.name for m in record.medications] == [
        "Product containing anastrozole (medicinal product)",
        "Black Cohosh Extract herbal supplement",
    ]
    assert record.medications[0].codings[3].code == "L02BG03"
    assert [(c.name, c.clinical_status) for c in record.conditions] == [
        ("Menopausal flushing (finding)", "active"),
        ("Malignant tumor of breast", "remission"),
    ]
    assert [(a.negated, a.name) for a in record.allergies] == [
        (False, "Substance with penicillin structure (substance)"),
        (True, "No known food allergy (situation)"),
    ]
