"""Who a FHIR file is about, and what counts as a fact about this person."""

import json
from pathlib import Path

import pytest

from medgui.errors import SeveralPatients, UnreadableFile, UserError
from medgui.readers import open_record
from medgui.record.model import Completeness
from medgui.record.resolve import resolve
from tests.readers.build import bundle, concept, condition, drug, observation, only, patient, read, save

SPCU = "http://hl7.org/fhir/StructureDefinition/patient-sexParameterForClinicalUse"
RECORDED = "http://hl7.org/fhir/StructureDefinition/individual-recordedSexOrGender"
US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/"
TWO = bundle(
    patient("p1"),
    patient("p2", gender="male"),
    observation(),
    observation("2085-9", 45, subject={"reference": "Patient/p2"}),
)


def _of(tmp_path: Path, **changes: object):
    return open_record(save(tmp_path, bundle(patient(**changes))), as_of="2026-11-21")


def _value(url: str, code: str) -> dict:
    return {"url": url, "extension": [{"url": "value", "valueCodeableConcept": concept(code)}]}


@pytest.mark.parametrize(
    ("extension", "gender", "sex", "source"),
    [
        ([], "female", "female", "administrative gender"),
        ([], "other", None, ""),
        ([], "unknown", None, ""),
        ([], None, None, ""),
        ([_value(SPCU, "male-typical")], "other", "male", "sex parameter for clinical use"),
        ([_value(SPCU, "unknown")], "female", "female", "administrative gender"),
        ([_value(RECORDED, "female")], None, "female", "recorded sex"),
        ([{"url": US_CORE + "us-core-birthsex", "valueCode": "M"}], "male", "male", "recorded sex"),
        (
            [{"url": US_CORE + "us-core-individual-sex", "valueCoding": {"code": "248152002"}}],
            None,
            "female",
            "recorded sex",
        ),
    ],
)
def test_sex_follows_the_order_of_clinical_use(tmp_path: Path, extension, gender, sex, source) -> None:
    person = _of(tmp_path, extension=extension, gender=gender).patient
    assert (person.sex, person.sex_source, person.administrative_gender) == (sex, source, gender or "")


@pytest.mark.parametrize(
    "extension", [_value(SPCU, "male-typical"), {"url": US_CORE + "us-core-birthsex", "valueCode": "M"}]
)
def test_statements_of_sex_that_differ_are_a_question(tmp_path: Path, extension: dict) -> None:
    record = _of(tmp_path, extension=[extension], gender="female")
    assert record.patient.sex is None
    (question,) = [q for q in record.questions if q.code == "sex_conflict"]
    assert [s.value for s in question.suggestions] == ["male", "female"]
    assert resolve(record, "sex", as_of="2026-11-21").gap == "questioned"


def _race(*races: str, ethnicity: str = "2186-5") -> list[dict]:
    def omb(name: str, codes: tuple[str, ...]) -> dict:
        return {
            "url": US_CORE + name,
            "extension": [{"url": "ombCategory", "valueCoding": {"code": c}} for c in codes],
        }

    return [omb("us-core-race", races), omb("us-core-ethnicity", (ethnicity,) if ethnicity else ())]


@pytest.mark.parametrize(
    ("extension", "expected"),
    [
        (_race("2106-3"), "NH White"), (_race("2054-5"), "NH Black"), (_race("2028-9"), "NH Asian"),
        (_race("1002-5"), "Other"), (_race("2106-3", "2028-9"), "Other"),
        (_race("2106-3", ethnicity="2135-2"), "Hispanic"), (_race(ethnicity="2135-2"), "Hispanic"),
        (_race("2106-3", ethnicity=""), ""), (_race("UNK"), ""), ([], ""),
    ],
)  # fmt: skip
def test_race_and_ethnicity_give_the_standard_text(tmp_path: Path, extension: list, expected: str) -> None:
    assert _of(tmp_path, extension=extension).patient.ethnicity == expected


@pytest.mark.parametrize(
    ("written", "read_as", "unread"),
    [
        ("1970", "1970", 0),
        ("1970-05", "1970-05", 0),
        (None, "", 0),
        ("1970-02-30", "", 1),
        ("17.05.1970", "", 1),
        (1970, "", 1),
    ],
)
def test_a_partial_birth_date_stays_partial(
    tmp_path: Path, written: object, read_as: str, unread: int
) -> None:
    record = _of(tmp_path, birthDate=written)
    assert record.patient.birth_date == read_as
    assert len(record.unread) == unread


@pytest.mark.parametrize(
    ("key", "value", "deceased"),
    [
        ("deceasedBoolean", True, "yes"),
        ("deceasedBoolean", False, ""),
        ("deceasedDateTime", "2024-03-01", "2024-03-01"),
    ],
)
def test_death_is_read(tmp_path: Path, key: str, value: object, deceased: str) -> None:
    assert _of(tmp_path, **{key: value}).patient.deceased == deceased


def test_test_data_is_marked(tmp_path: Path) -> None:
    assert _of(tmp_path, meta={"tag": [{"code": "HTEST"}]}).patient.is_test
    assert not _of(tmp_path).patient.is_test


def test_the_name_in_use_wins_and_any_script_is_kept(tmp_path: Path) -> None:
    names = [
        {"use": "old", "family": "Alt", "given": ["A"]},
        {"use": "official", "family": "Nguyễn-Łukasz", "given": ["Şahin", "𠮷"]},
    ]
    person = _of(tmp_path, name=names).patient
    assert (person.family, person.given) == ("Nguyễn-Łukasz", "Şahin 𠮷")


def test_signs_that_do_not_belong_into_a_name_are_taken_out(tmp_path: Path) -> None:
    person = _of(tmp_path, name=[{"family": "\u202eEvil\x00\u0007", "given": ["a\nb"]}]).patient
    assert (person.family, person.given) == ("Evil", "a b")


def test_half_of_a_surrogate_pair_is_replaced(tmp_path: Path) -> None:
    path = save(tmp_path, '{"resourceType":"Patient","id":"1","name":[{"family":"x\\ud800y"}]}')
    assert open_record(path).patient.family == "x\ufffdy"


# Whose entry


def test_several_patients_are_listed_and_one_is_chosen(tmp_path: Path) -> None:
    path = save(tmp_path, TWO)
    with pytest.raises(SeveralPatients) as raised:
        open_record(path)
    assert [found[0] for found in raised.value.patients] == ["p1", "p2"]
    assert "Weiß" in raised.value.patients[0][1]
    assert only(open_record(path, patient="p1")).variable == "total_cholesterol"
    assert only(open_record(path, patient="p2")).variable == "hdl_cholesterol"
    assert open_record(path, patient="p2").patient.sex == "male"


def test_a_patient_that_is_not_in_the_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="p9"):
        open_record(save(tmp_path, TWO), patient="p9")


def test_a_patient_is_chosen_by_identifier_too(tmp_path: Path) -> None:
    people = bundle(patient("a", identifier=[{"system": "x", "value": "4711"}]), patient("b"))
    assert open_record(save(tmp_path, people), patient="4711").patient.id == "a"


def test_a_document_names_its_patient_itself(tmp_path: Path) -> None:
    paper = {"resourceType": "Composition", "subject": {"reference": "Patient/p2"}, "date": "2026-03-04"}
    record = open_record(save(tmp_path, bundle(paper, patient("p1"), patient("p2"))))
    assert (record.patient.id, record.document_date) == ("p2", "2026-03-04")


@pytest.mark.parametrize(
    "reference",
    ["urn:uuid:0c1e", "https://ehr.example/fhir/Patient/p1", "Patient/p1", "Patient/p1/_history/2"],
)
def test_references_are_followed_in_every_form(tmp_path: Path, reference: str) -> None:
    content = bundle(patient(), observation(subject={"reference": reference}))
    content["entry"][0]["fullUrl"] = reference.partition("/_history")[0]
    assert only(open_record(save(tmp_path, content))).usable


def test_an_entry_about_somebody_else_is_kept_and_not_used(tmp_path: Path) -> None:
    record = read(tmp_path, observation(subject={"reference": "Patient/stranger"}))
    assert not only(record).usable
    assert "stranger" in only(record).unusable_reason


def test_lines_of_resources_are_read_like_a_bundle(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps(item) for item in (patient(), observation(), observation("2085-9", 45)))
    record = open_record(save(tmp_path, lines, "export.ndjson"))
    assert [o.variable for o in record.observations] == ["total_cholesterol", "hdl_cholesterol"]
    assert [o.source.line for o in record.observations] == [2, 3]


@pytest.mark.parametrize("shape", ["one", "list", "nested", "byte order mark", "utf-16"])
def test_other_shapes_of_a_file_are_read(tmp_path: Path, shape: str) -> None:
    whole = bundle(patient(), observation())
    content = {
        "one": patient(),
        "list": json.dumps([patient(), observation()]),
        "nested": bundle(whole),
        "byte order mark": b"\xef\xbb\xbf" + json.dumps(whole).encode(),
        "utf-16": json.dumps(whole).encode("utf-16"),
    }[shape]
    record = open_record(save(tmp_path, content))
    assert record.patient.family == "Weiß"
    assert len(record.observations) == (0 if shape == "one" else 1)


def test_a_file_without_a_patient_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"file\.json holds no patient\."):
        open_record(save(tmp_path, bundle(observation())))


# Problems, drugs, allergies


@pytest.mark.parametrize(
    ("changes", "usable"),
    [
        ({}, True),
        ({"verificationStatus": None}, True),
        ({"verificationStatus": concept("provisional")}, False),
        ({"verificationStatus": concept("unconfirmed")}, False),
        ({"verificationStatus": concept("refuted")}, False),
        ({"clinicalStatus": concept("resolved")}, True),
        ({"subject": {"reference": "Patient/mother"}}, False),
        ({"code": {"text": "Family history of type 2 diabetes"}}, False),
        ({"code": {"text": "No history of diabetes"}}, False),
        ({"code": {"text": "疑似糖尿病"}}, False),
        (
            {
                "code": {
                    "coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "Z83.3"}],
                    "text": "FH",
                }
            },
            False,
        ),
    ],
)
def test_only_a_confirmed_problem_of_the_patient_counts(tmp_path: Path, changes: dict, usable: bool) -> None:
    record = read(tmp_path, condition("44054006", "Type 2 diabetes mellitus", **changes))
    (found,) = record.conditions
    assert found.usable is usable
    assert bool(found.unusable_reason) is not usable
    assert found.name


def test_a_problem_that_was_entered_in_error_is_left_out_with_a_trace(tmp_path: Path) -> None:
    changes = {"verificationStatus": concept("entered-in-error")}
    record = read(tmp_path, condition("44054006", "Type 2 diabetes mellitus", **changes))
    assert record.conditions == ()
    assert [trace.code for trace in record.cleaned] == ["entered_in_error"]


def test_family_history_is_shown_with_the_relative(tmp_path: Path) -> None:
    history = {
        "resourceType": "FamilyMemberHistory",
        "id": "f1",
        "status": "completed",
        "patient": {"reference": "Patient/p1"},
        "relationship": {"text": "father"},
        "condition": [{"code": {"text": "Myocardial infarction"}}],
    }
    record = read(tmp_path, history, condition("38341003", "Hypertension"))
    assert [(c.subject, c.usable) for c in record.conditions] == [("father", False), ("patient", True)]
    assert resolve(record, "prior_ascvd", as_of="2026-11-21").value != 1.0


@pytest.mark.parametrize(
    ("status", "usable"),
    [
        ("completed", True),
        ("in-progress", True),
        ("preparation", False),
        ("not-done", False),
        ("unknown", False),
    ],
)
def test_a_procedure_counts_when_it_was_done(tmp_path: Path, status: str, usable: bool) -> None:
    done = {
        "resourceType": "Procedure",
        "status": status,
        "code": {"text": "PCI"},
        "subject": {"reference": "Patient/p1"},
        "performedDateTime": "2021-02-13",
    }
    (found,) = read(tmp_path, done).conditions
    assert (found.kind, found.usable, found.onset) == ("procedure", usable, "2021-02-13")


@pytest.mark.parametrize(
    ("changes", "status", "usable"),
    [
        ({}, "active", True),
        ({"intent": "proposal"}, "planned", False),
        ({"intent": "plan"}, "planned", False),
        ({"status": "draft"}, "planned", False),
        ({"status": "stopped"}, "stopped", False),
        ({"status": "on-hold"}, "stopped", False),
        ({"status": "cancelled"}, "not-taken", False),
        ({"status": "completed"}, "completed", False),
        ({"status": "unknown"}, "unknown", False),
        ({"doNotPerform": True}, "not-taken", False),
    ],
)
def test_only_a_drug_that_is_taken_counts(tmp_path: Path, changes: dict, status: str, usable: bool) -> None:
    (found,) = read(tmp_path, drug(**changes)).medications
    assert (found.status, found.usable) == (status, usable)


def test_a_drug_in_an_entry_of_its_own_or_inside_is_found(tmp_path: Path) -> None:
    own = {"resourceType": "Medication", "id": "d1", "code": {"text": "Ramipril 5 mg"}}
    within = {"resourceType": "Medication", "id": "d1", "code": {"text": "Bisoprolol 5 mg"}}
    outside = drug(medicationCodeableConcept=None, medicationReference={"reference": "Medication/d1"})
    inside = drug(
        id="m2", medicationCodeableConcept=None, medicationReference={"reference": "#d1"}, contained=[within]
    )
    lost = drug(id="m3", medicationCodeableConcept=None, medicationReference={"reference": "Medication/none"})
    record = read(tmp_path, own, outside, inside, lost)
    assert [m.name for m in record.medications] == ["Ramipril 5 mg", "Bisoprolol 5 mg"]
    assert [note.location for note in record.unread] == ["entry[4] MedicationRequest/m3"]
    assert record.completeness["medications"] is Completeness.PARTIAL


def _allergy(code: str, text: str, system: str = "http://snomed.info/sct") -> dict:
    return {
        "resourceType": "AllergyIntolerance",
        "patient": {"reference": "Patient/p1"},
        "code": concept(code, system, text),
        "recordedDate": "2024-01-01",
    }


def test_allergies_have_three_states(tmp_path: Path) -> None:
    absent = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
    none = read(tmp_path, _allergy("716186003", "No known allergy"))
    assert (none.allergies[0].negated, none.allergies[0].recorded) == (True, "2024-01-01")
    some = read(tmp_path, _allergy("91936005", "Allergy to penicillin"))
    assert not some.allergies[0].negated
    unknown = read(tmp_path, _allergy("no-allergy-info", "No information", absent))
    assert unknown.allergies == ()
    assert unknown.completeness["allergies"] is Completeness.ABSENT
    assert "allergies" not in read(tmp_path, observation()).completeness


# Completeness


def _document(*sections: dict) -> dict:
    return {
        "resourceType": "Composition",
        "id": "doc",
        "subject": {"reference": "Patient/p1"},
        "section": list(sections),
    }


def _section(code: str, **content: object) -> dict:
    return {"title": "Section", "code": concept(code, "http://loinc.org"), **content}


@pytest.mark.parametrize(
    ("section", "state"),
    [
        (_section("11450-4", emptyReason=concept("nilknown")), Completeness.COMPLETE),
        (_section("11450-4", emptyReason=concept("unavailable")), Completeness.ABSENT),
        (_section("11450-4", emptyReason=concept("withheld")), Completeness.ABSENT),
        (_section("11450-4", text={"div": "diabetes"}), Completeness.PARTIAL),
        (_section("11450-4", entry=[{"reference": "Condition/lost"}]), Completeness.PARTIAL),
        (_section("11450-4", entry=[{"reference": "Condition/c38341003"}]), Completeness.COMPLETE),
    ],
)
def test_a_document_section_is_complete_only_when_all_of_it_was_read(
    tmp_path: Path, section: dict, state: Completeness
) -> None:
    problem = [condition("38341003", "Hypertension")] if "c38341003" in str(section) else []
    record = read(tmp_path, _document(section), *problem)
    assert record.completeness["conditions"] is state


def test_no_known_problems_is_an_empty_list_and_no_information_is_none(tmp_path: Path) -> None:
    absent = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
    none = read(tmp_path, condition("x", "none", code=concept("no-known-problems", absent)))
    assert (none.conditions, none.completeness["conditions"]) == ((), Completeness.COMPLETE)
    unknown = read(tmp_path, condition("x", "unknown", code=concept("no-problem-info", absent)))
    assert (unknown.conditions, unknown.completeness["conditions"]) == ((), Completeness.ABSENT)


def test_one_broken_problem_makes_the_list_partial_and_no_answer_assumed(tmp_path: Path) -> None:
    whole = read(tmp_path, condition("38341003", "Hypertension"))
    assert resolve(whole, "diabetes", as_of="2026-11-21").origin == "assumed_absent"
    cut = read(tmp_path, condition("38341003", "Hypertension"), condition("1", "x", code=None))
    assert cut.completeness["conditions"] is Completeness.PARTIAL
    assert not resolve(cut, "diabetes", as_of="2026-11-21").known


def test_a_page_of_a_search_is_not_the_whole_list(tmp_path: Path) -> None:
    content = bundle(patient(), condition("38341003", "Hypertension"), type="searchset")
    content["link"] = [{"relation": "next", "url": "https://ehr.example/fhir?page=2"}]
    assert open_record(save(tmp_path, content)).completeness["conditions"] is Completeness.PARTIAL


def test_kinds_that_are_not_used_are_named_once(tmp_path: Path) -> None:
    goal = {"resourceType": "Goal", "subject": {"reference": "Patient/p1"}}
    notes = [note.reason for note in read(tmp_path, goal, dict(goal), observation()).unread]
    assert notes == ["2 entries of the kind Goal are not used."]


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("1970-05-17T00:00:00", "1970-05-17"),
        ("1970-05-17T00:00:00Z", "1970-05-17"),
        ("1970-05-16T16:00:00Z", ""),
        ("1970/05/17", "1970-05-17"),
    ],
)
def test_a_birth_date_that_was_moved_by_a_time_zone_is_not_taken(
    tmp_path: Path, written: str, read_as: str
) -> None:
    record = open_record(save(tmp_path, bundle(patient(birthDate=written))), as_of="2026-11-21")
    assert record.patient.birth_date == read_as
    assert bool(record.unread) is not bool(read_as)
