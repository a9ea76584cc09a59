"""Whose an entry of FHIR is, what is withdrawn or left out, what a problem, drug or allergy states."""

import json
from pathlib import Path

import pytest

from medgui.errors import SeveralPatients
from medgui.readers import open_record
from medgui.record.model import Completeness, Record
from medgui.record.resolve import resolve
from tests.readers.build import (
    LOINC,
    SNOMED,
    Json,
    bundle,
    concept,
    condition,
    drug,
    entries,
    observation,
    only,
    opened,
    patient,
    read,
    save,
)

AS_OF = "2026-11-21"


# Whose entry it is


NHS = "https://fhir.nhs.uk/Id/nhs-number"


def test_a_single_resource_may_hold_its_patient_inside(tmp_path: Path) -> None:
    one = {**observation(subject={"reference": "#pat"}), "contained": [patient("pat")]}
    record = opened(tmp_path, one)
    assert (record.patient.id, record.patient.family) == ("pat", "Weiß")
    assert only(record).usable


@pytest.mark.parametrize(
    ("inside", "usable"),
    [
        (patient("x"), True),
        (patient("x", name=None, birthDate=None, identifier=[{"system": NHS, "value": "9434765919"}]), True),
        (patient("x", birthDate="2020-01-01"), False),
        ({"resourceType": "Group", "id": "x", "type": "person", "actual": True}, False),
    ],
)
def test_a_patient_inside_an_entry_is_compared_with_the_one_of_the_file(
    tmp_path: Path, inside: Json, usable: bool
) -> None:
    own = patient(identifier=[{"system": NHS, "value": "943 476 5919"}])
    measured = {**observation(subject={"reference": "#x"}), "contained": [inside]}
    found = only(opened(tmp_path, bundle(own, measured)))
    assert (found.usable, bool(found.unusable_reason)) == (usable, not usable)


@pytest.mark.parametrize(
    ("reference", "usable"),
    [
        ({"identifier": {"system": NHS, "value": "943 476 5919"}}, True),
        ({"identifier": {"value": "9434765919"}}, True),
        ({"identifier": {"system": "https://other.test/number", "value": "9434765919"}}, False),
        ({"identifier": {"system": NHS, "value": "9434765870"}}, False),
        ({"reference": "urn:uuid:p1"}, True),
        ({"reference": "https://ehr.test/r4/Patient/p1/_history/7"}, True),
        ({"reference": "Group/g1"}, False),
        ({"reference": "Device/p1"}, False),
    ],
)
def test_a_reference_is_compared_by_system_and_number(tmp_path: Path, reference: Json, usable: bool) -> None:
    own = patient(identifier=[{"system": NHS, "value": "9434765919"}])
    assert only(opened(tmp_path, bundle(own, observation(subject=reference)))).usable is usable


def test_an_entry_that_names_nobody_among_several_people_is_listed_as_not_read(tmp_path: Path) -> None:
    two = bundle(patient(), patient("p2", birthDate="1950-01-01"), observation(subject=None))
    record = opened(tmp_path, two, patient="p1")
    assert record.observations == ()
    (note,) = record.unread
    assert "whom" in note.reason
    assert record.completeness["observations"] is Completeness.PARTIAL


@pytest.mark.parametrize(("code", "asked"), [("LA2-8", True), ("LA3-6", False)])
def test_sex_in_an_observation_is_heard_beside_the_patients_entry(
    tmp_path: Path, code: str, asked: bool
) -> None:
    at_birth = observation("76689-9", valueQuantity=None, valueCodeableConcept=concept(code, LOINC))
    record = read(tmp_path, at_birth)
    assert record.patient.sex == (None if asked else "female")
    assert [question.code for question in record.questions] == (["sex_conflict"] if asked else [])


BIRTH_SEX = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-BirthSex"
RECORDED = "http://hl7.org/fhir/StructureDefinition/individual-recordedSexOrGender"


@pytest.mark.parametrize(
    ("extension", "asked"),
    [
        ({"url": BIRTH_SEX, "valueCodeableConcept": concept("M")}, True),
        ({"url": "http://x.test/ca/StructureDefinition/ext-patientbirthsex", "valueCode": "M"}, True),
        ({"url": RECORDED, "extension": [{"url": "value", "valueCodeableConcept": concept("M")}]}, True),
        (
            {
                "url": RECORDED,
                "extension": [
                    {"url": "value", "valueCodeableConcept": concept("M")},
                    {"url": "type", "valueCodeableConcept": {"text": "Gender identity"}},
                ],
            },
            False,
        ),
        ({"url": "http://x.test/StructureDefinition/sexual-orientation", "valueCode": "M"}, False),
    ],
)
def test_the_sex_recorded_at_birth_is_heard_in_every_guide_and_no_identity_is(
    tmp_path: Path, extension: Json, asked: bool
) -> None:
    record = opened(tmp_path, bundle(patient(extension=[extension])))
    assert record.patient.sex == (None if asked else "female")
    assert bool(record.questions) is asked


def test_sex_in_an_observation_serves_where_the_patients_entry_says_none(tmp_path: Path) -> None:
    at_birth = observation("76689-9", valueQuantity=None, valueCodeableConcept=concept("LA2-8", LOINC))
    record = opened(tmp_path, bundle(patient(gender=None), at_birth))
    assert (record.patient.sex, record.patient.sex_source) == ("male", "recorded sex")


# Withdrawn documents, searches


def test_nothing_of_a_withdrawn_document_is_used_or_assumed(tmp_path: Path) -> None:
    composition = {
        "resourceType": "Composition", "id": "d", "status": "entered-in-error", "type": concept("60591-5", LOINC),
        "subject": {"reference": "Patient/p1"}, "date": "2026-01-01", "title": "Summary",
    }  # fmt: skip
    listed = (composition, patient(), observation(), condition("44054006", "Diabetes"))
    record = opened(tmp_path, bundle(*listed, type="document"))
    assert not any(item.usable for item in (*record.observations, *record.conditions))
    assert set(record.completeness.values()) == {Completeness.PARTIAL}


SELF = "https://ehr.test/r4/"


def search(folder: Path, *modes: str, url: str = "", total: int | None = None) -> Record:
    """A search result that holds patient p1 and a problem with these modes."""
    found = [patient(), condition("38341003", "Hypertension"), observation("2160-0", 1.0)]
    listed = [{"resource": each, "search": {"mode": mode}} for each, mode in zip(found, modes, strict=False)]
    link = [{"relation": "self", "url": SELF + url}] if url else []
    counted = {} if total is None else {"total": total}
    return opened(folder, entries(*listed, type="searchset", link=link, **counted))


@pytest.mark.parametrize(
    ("modes", "url", "total", "state"),
    [
        (("include", "match"), "Condition?patient=p1&_include=Condition:patient&_count=50", 1, "complete"),
        (("include", "match"), "Condition?patient=p1&_include=Condition:patient", 40, "partial"),
        (("include", "match"), "Condition?patient=p1&code=38341003", 1, "partial"),
        (("include", "match"), "Condition?subject:Patient=p1&clinical-status=active", 1, "partial"),
        (("include", "match"), "Condition?patient=p1&category=encounter-diagnosis", 1, "partial"),
        (
            ("include", "match"),
            "Condition?patient=p1&category=http://x.test|problem-list-item",
            1,
            "complete",
        ),
        (("include", "include", "match"), "Observation?patient=p1&_include=*", 1, "partial"),
        (("match", "include", "include"), "Patient?_id=p1&_revinclude=Condition:patient", 1, "complete"),
        (("match", "include", "include"), "", None, "complete"),
        (("match", "match", "match"), "Patient/p1/$everything?_count=100&_type=Condition", 3, "complete"),
        (("match", "match", "match"), "Patient/p1/$everything?_since=2026-01-01", 3, "partial"),
        (("match", "match", "match"), "", None, "complete"),
    ],
)
def test_a_search_lists_a_section_completely_or_in_part(
    tmp_path: Path, modes: tuple[str, ...], url: str, total: int | None, state: str
) -> None:
    assert search(tmp_path, *modes, url=url, total=total).completeness["conditions"] == state


def test_bills_among_the_hits_do_not_make_a_search_partial(tmp_path: Path) -> None:
    bill = {"resourceType": "Claim", "id": "b", "patient": {"reference": "Patient/p1"}}
    listed = [{"resource": each} for each in (patient(), condition("38341003", "Hypertension"), bill)]
    record = opened(tmp_path, entries(*listed, type="searchset", total=3))
    assert record.completeness["conditions"] is Completeness.COMPLETE


# Problems, drugs and allergies


@pytest.mark.parametrize(
    ("letter", "verification", "usable"),
    [("G", "", True), ("V", "unconfirmed", False), ("A", "refuted", False), ("Z", "", True)],
)
def test_a_german_diagnosis_carries_its_certainty_beside_the_code(
    tmp_path: Path, letter: str, verification: str, usable: bool
) -> None:
    extension = {
        "url": "http://fhir.de/StructureDefinition/icd-10-gm-diagnosesicherheit",
        "valueCoding": {
            "system": "https://fhir.kbv.de/CodeSystem/KBV_CS_SFHIR_ICD_DIAGNOSESICHERHEIT",
            "code": letter,
        },
    }
    coding = {
        "system": "http://fhir.de/CodeSystem/bfarm/icd-10-gm",
        "code": "E11.90",
        "extension": [extension],
    }
    code = {"coding": [coding], "text": "Diabetes mellitus Typ 2"}
    (found,) = read(tmp_path, condition("x", "", code=code, verificationStatus=None)).conditions
    assert (found.verification, found.usable) == (verification, usable)


def test_a_problem_that_ended_is_not_taken_as_active(tmp_path: Path) -> None:
    record = read(tmp_path, condition("44054006", "Diabetes mellitus", abatementDateTime="2020-01-01"))
    assert record.conditions[0].clinical_status == "inactive"
    assert [question.code for question in record.questions] == ["fact_hinted"]


@pytest.mark.parametrize(
    ("status", "usable"),
    [
        (concept("Refuted"), False),
        (concept("Confirmed"), True),
        (concept("410605003", SNOMED, "Confirmed present"), True),
        (concept("410516002", SNOMED, "Known absent"), False),
        (concept("415684004", SNOMED, "Suspected"), False),
        ({"text": "Ruled out"}, False),
        ({"text": "probable"}, False),
        (None, True),
    ],
)
def test_a_problem_counts_only_where_its_stated_certainty_is_confirmed(
    tmp_path: Path, status: Json | None, usable: bool
) -> None:
    (found,) = read(tmp_path, condition("44054006", "Diabetes", verificationStatus=status)).conditions
    assert found.usable is usable


def test_a_drug_whose_every_dosage_has_ended_is_not_taken(tmp_path: Path) -> None:
    def dosage(end: str | None) -> Json:
        bounds = {"start": "2020-01-01", **({"end": end} if end else {})}
        return {
            "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d", "boundsPeriod": bounds}}
        }

    over = drug(medicationCodeableConcept={"text": "Atorvastatin"}, dosageInstruction=[dosage("2020-02-01")])
    assert resolve(read(tmp_path, over), "statin", as_of=AS_OF).value == 0.0
    goes_on = {**over, "dosageInstruction": [dosage("2020-02-01"), dosage(None)]}
    assert resolve(read(tmp_path, goes_on), "statin", as_of=AS_OF).value == 1.0


@pytest.mark.parametrize("name", ["None", "NONE", "No medications", "Not on any medication", "无"])
def test_a_drug_that_says_that_there_is_none_is_not_taken(tmp_path: Path, name: str) -> None:
    (found,) = read(tmp_path, drug(medicationCodeableConcept={"text": name})).medications
    assert not found.usable


def allergy(**changes: object) -> Json:
    """An entry of the allergy list of patient p1."""
    base = {"resourceType": "AllergyIntolerance", "id": "a", "patient": {"reference": "Patient/p1"}}
    return {key: value for key, value in {**base, **changes}.items() if value is not None}


@pytest.mark.parametrize(
    ("changes", "negated"),
    [
        ({"code": concept("716186003", SNOMED)}, True),
        ({"code": concept("160244002", SNOMED, "No known allergies")}, True),
        ({"code": {"text": "NKDA"}}, True),
        ({"code": {"text": "No Known Allergies"}}, True),
        ({"code": {"text": "否认药物过敏史"}}, True),
        ({"code": concept("716186003", SNOMED), "verificationStatus": concept("refuted")}, False),
        ({"code": {"text": "Penicillin"}}, False),
        ({"code": {"text": "Nickel"}}, False),
    ],
)
def test_no_known_allergies_is_understood_by_code_and_in_words(
    tmp_path: Path, changes: Json, negated: bool
) -> None:
    (found,) = read(tmp_path, allergy(**changes)).allergies
    assert found.negated is negated


@pytest.mark.parametrize(
    "code",
    [
        concept("not-asked", "http://terminology.hl7.org/CodeSystem/data-absent-reason", "Not asked"),
        concept("NASK", "http://terminology.hl7.org/CodeSystem/v3-NullFlavor"),
        concept("1631000175102", SNOMED, "Patient not asked"),
    ],
)
def test_not_asked_about_allergies_is_neither_an_allergy_nor_none(tmp_path: Path, code: Json) -> None:
    record = read(tmp_path, allergy(code=code))
    assert record.allergies == ()
    assert record.completeness["allergies"] is Completeness.ABSENT


# Files of a bulk export, entries that were put together, more searches


LONG = "0f2c1b7a-11aa-4bde-9c55-3f1d2a9b7e01"


def lines(*resources: Json) -> str:
    """Resources one a line."""
    return "\n".join(json.dumps(each) for each in resources)


def of(name: str, resource: Json) -> Json:
    """The resource as one of a patient with this id."""
    return {**resource, "subject": {"reference": f"Patient/{name}"}}


def test_a_folder_with_a_file_for_each_kind_is_one_record(tmp_path: Path) -> None:
    save(tmp_path, lines(patient(LONG)), "Patient.ndjson")
    save(tmp_path, lines(of(LONG, observation())), "Observation.ndjson")
    save(tmp_path, lines(of(LONG, condition("38341003", "Hypertension"))), "Condition.ndjson")
    record = open_record(tmp_path, as_of=AS_OF)
    assert (record.patient.family, len(record.observations), len(record.conditions)) == ("Weiß", 1, 1)
    assert all(found.usable for found in (*record.observations, *record.conditions))
    assert record.questions == ()


def test_of_an_export_of_many_people_the_chosen_one_is_read_from_every_file(tmp_path: Path) -> None:
    other = LONG.replace("0f2c", "9e9e")
    save(tmp_path, lines(patient(LONG), patient(other, birthDate="1950-01-01")), "Patient.ndjson")
    mine, theirs = of(LONG, observation(id="a")), of(other, observation("2085-9", 45, id="b"))
    save(tmp_path, lines(mine, theirs), "Observation.ndjson")
    record = open_record(tmp_path, as_of=AS_OF, patient=other)
    assert [found.variable for found in record.observations] == ["hdl_cholesterol"]
    assert record.patient.birth_date == "1950-01-01"


def test_an_id_that_may_be_somebody_else_s_is_asked_about(tmp_path: Path) -> None:
    save(tmp_path, lines(patient("12")), "Patient.ndjson")
    save(tmp_path, lines(of("12", observation())), "Observation.ndjson")
    record = open_record(tmp_path, as_of=AS_OF)
    assert record.patient.family == "Weiß"
    assert [question.code for question in record.questions] == ["identity_unsure"]
    assert not only(record).usable
    assert only(open_record(tmp_path, as_of=AS_OF, same_person=True)).usable


def test_a_file_about_an_id_that_no_other_file_knows_is_left_out_with_a_reason(tmp_path: Path) -> None:
    save(tmp_path, lines(patient(LONG)), "Patient.ndjson")
    save(tmp_path, lines(of("somebody-else", observation())), "Observation.ndjson")
    record = open_record(tmp_path, as_of=AS_OF)
    assert record.observations == ()
    assert [note.location for note in record.unread] == ["Observation.ndjson"]


def test_entries_of_a_patient_that_was_put_together_with_another_are_this_patient_s(tmp_path: Path) -> None:
    old = patient("old", active=False, link=[{"other": {"reference": "Patient/p1"}, "type": "replaced-by"}])
    record = opened(tmp_path, bundle(old, patient(), of("old", observation())))
    assert record.patient.id == "p1"
    assert only(record).usable


def test_two_birth_dates_are_never_put_together_by_a_link(tmp_path: Path) -> None:
    link = [{"other": {"reference": "Patient/p1"}, "type": "replaced-by"}]
    old = patient("old", birthDate="1950-01-01", link=link)
    with pytest.raises(SeveralPatients):
        opened(tmp_path, bundle(old, patient()))


def test_a_conditional_reference_names_the_patient_by_number(tmp_path: Path) -> None:
    own = patient(identifier=[{"system": NHS, "value": "9434765919"}])
    measured = observation(subject={"reference": f"Patient?identifier={NHS}|9434765919"})
    assert only(opened(tmp_path, bundle(own, measured, type="transaction"))).usable


def test_a_further_page_of_a_search_inside_makes_the_lists_partial(tmp_path: Path) -> None:
    inside = bundle(
        condition("38341003", "Hypertension"), type="searchset", link=[{"relation": "next", "url": "x"}]
    )
    record = opened(tmp_path, bundle(patient(), inside, type="batch-response"))
    assert record.completeness["conditions"] is Completeness.PARTIAL


def test_a_value_beside_the_reason_why_there_is_none_is_not_used(tmp_path: Path) -> None:
    found = only(read(tmp_path, observation("2160-0", 1.1, "mg/dL", dataAbsentReason=concept("error"))))
    assert (found.value, found.usable) == (1.1, False)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            {
                "valueRatio": {
                    "numerator": {"value": 30, "unit": "mg"},
                    "denominator": {"value": 1, "unit": "g"},
                }
            },
            30.0,
        ),
        (
            {
                "valueRatio": {
                    "numerator": {"value": 30, "unit": "mg"},
                    "denominator": {"value": 2, "unit": "g"},
                }
            },
            15.0,
        ),
        ({"valueSampledData": {"origin": {"value": 0}, "period": 10, "dimensions": 1, "data": "30"}}, None),
        ({"valueRange": {"low": {"value": 20, "unit": "mg/g"}, "high": {"value": 30, "unit": "mg/g"}}}, None),
    ],
)
def test_only_a_ratio_with_units_is_a_number(tmp_path: Path, value: Json, expected: float | None) -> None:
    found = only(read(tmp_path, observation("9318-7", valueQuantity=None, **value)))
    assert (found.value if found.usable else None) == (expected and pytest.approx(expected))
