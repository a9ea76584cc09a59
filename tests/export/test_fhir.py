"""The record as FHIR R4: valid, nothing said for certain that is not, and the same when it is read again."""

from __future__ import annotations

import base64
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given
from hypothesis import strategies as st

from medgui.export.fhir import fhir_bundle
from medgui.paths import resources_dir
from medgui.readers import open_record
from medgui.record.model import Answer, Coding, Completeness, Observation, Question, Record, Suggestion
from tests.export import people

DEMO = sorted((resources_dir() / "demo").glob("*.json"))


def written(record: Record, folder: Path) -> Path:
    path = folder / "exported.json"
    path.write_text(json.dumps(fhir_bundle(record), ensure_ascii=False, allow_nan=False), encoding="utf-8")
    return path


def again(record: Record, folder: Path) -> Record:
    return open_record(written(record, folder), as_of=record.as_of)


def values(record: Record) -> Counter[Any]:
    return Counter(
        (o.variable, o.value, o.unit, o.comparator, o.time, o.usable, o.setting) for o in record.observations
    )


def problems(record: Record) -> Counter[Any]:
    return Counter(
        (c.kind, c.name, c.codings[:1] and c.codings[0].code, c.onset, c.usable, c.clinical_status)
        for c in record.conditions
    )


def drugs(record: Record) -> Counter[Any]:
    return Counter((m.name, m.status, m.dose, m.start, m.end, m.usable) for m in record.medications)


def allergies(record: Record) -> Counter[Any]:
    return Counter((a.name, a.reaction, a.status, a.verification, a.negated) for a in record.allergies)


def questions(record: Record) -> Counter[Any]:
    return Counter((q.code, q.message, q.variable) for q in record.open_questions)


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
def test_every_demo_patient_leaves_as_valid_fhir_and_comes_back_the_same(path: Path, tmp_path: Path) -> None:
    record = open_record(path)
    Bundle.model_validate(fhir_bundle(record))
    back = again(record, tmp_path)
    for of in (values, problems, drugs, allergies, questions):
        assert of(back) == of(record), of.__name__
    assert back.completeness == record.completeness
    assert (back.patient.sex, back.patient.birth_date) == (record.patient.sex, record.patient.birth_date)
    assert back.document_date == record.document_date


def bundle(record: Record) -> dict[str, Any]:
    made = fhir_bundle(record)
    Bundle.model_validate(made)
    return made


def resources(record: Record, kind: str) -> list[dict[str, Any]]:
    return [e["resource"] for e in bundle(record)["entry"] if e["resource"]["resourceType"] == kind]


def test_one_of_everything_is_valid_and_comes_back(tmp_path: Path) -> None:
    full = people.whole()
    bundle(full)
    back = again(replace(full, answers=()), tmp_path)
    for of in (values, problems, allergies, questions):
        assert of(back) == of(replace(full, answers=())), of.__name__
    assert drugs(back) == drugs(full)


def test_a_value_with_an_open_question_leaves_without_a_number_and_not_as_final() -> None:
    (made,) = resources(people.record(people.value(194.0, "kg")), "Observation")
    assert made["status"] == "unknown"
    assert not [key for key in made if key.startswith("value")]
    assert made["dataAbsentReason"]["coding"][0]["code"] == "temp-unknown"
    assert "194" in " ".join(note["text"] for note in made["note"])


def test_an_answered_question_leaves_the_old_value_unused_and_the_new_one_marked(tmp_path: Path) -> None:
    asked = people.record(people.value(194.0, "kg"))
    (question,) = asked.open_questions
    settled = asked.with_answer(Answer("weight", 88.0, "kg", "2026-10-02", question.id))
    old, new = resources(settled, "Observation")
    assert old["status"] == "unknown"
    assert "valueQuantity" not in old
    assert new["valueQuantity"]["value"] == 88
    assert new["method"]["text"] == "Entered by the clinician"
    assert "performer" not in new
    assert new["derivedFrom"][0]["reference"] == f"urn:uuid:{old['id']}"
    back = again(settled, tmp_path)
    assert [(o.value, o.usable) for o in back.observations] == [(None, False), (88.0, True)]
    assert back.open_questions == ()


def test_pressures_of_one_reading_are_one_panel_and_others_are_not() -> None:
    def pressure(name: str, number: float, time: str) -> Observation:
        code = {"systolic_bp": "8480-6", "diastolic_bp": "8462-4"}[name]
        codings = (Coding(code, people.LOINC),)
        return people.value(number, "mm[Hg]", id=f"{name}{time}", variable=name, codings=codings, time=time)

    one, two = "2026-10-02T08:15:00+02:00", "2026-10-02T18:00:00+02:00"
    made = resources(
        people.record(
            pressure("systolic_bp", 130.0, one),
            pressure("diastolic_bp", 80.0, one),
            pressure("systolic_bp", 140.0, two),
        ),
        "Observation",
    )
    assert [m["code"]["coding"][0]["code"] for m in made] == ["85354-9", "8480-6"]
    assert [c["valueQuantity"]["value"] for c in made[0]["component"]] == [130, 80]


def test_our_own_unit_never_leaves_as_ucum() -> None:
    made = resources(people.record(people.value(140.0, "[jin]", variable="", codings=())), "Observation")
    assert made[0]["valueQuantity"] == {"value": 140, "unit": "斤"}


@pytest.mark.parametrize("comparator", ["<", "<=", ">", ">="])
def test_an_interval_stays_one(comparator: str, tmp_path: Path) -> None:
    record = people.record(people.value(5.0, "kg", comparator=comparator))
    back = again(record, tmp_path)
    assert (back.observations[0].comparator, back.observations[0].value) == (comparator, 5.0)


@pytest.mark.parametrize(
    "time", ["", "2024", "2024-03", "2024-03-05", "2024-03-05T10:00:00", "2024-03-05T10:00"]
)
def test_a_time_stays_as_precise_as_it_was_and_gets_no_zone(time: str, tmp_path: Path) -> None:
    record = people.record(people.value(70.0, "kg", time=time))
    (made,) = resources(record, "Observation")
    assert "+" not in made.get("effectiveDateTime", "")
    if time != "2024-03-05T10:00":
        assert again(record, tmp_path).observations[0].time == time


def test_what_is_not_used_is_never_exported_as_sure() -> None:
    record = people.record(
        people.value(70.0, "kg", usable=False, unusable_reason="About someone else."),
        people.problem(usable=False, unusable_reason="Suspected."),
        people.problem("2", kind="procedure", clinical_status="completed", usable=False),
        people.problem("3", kind="immunization", clinical_status="completed", usable=False),
        people.drug(usable=False),
        people.problem("4", subject="Mother", usable=False),
    )
    stated = {e["resource"]["resourceType"]: e["resource"] for e in bundle(record)["entry"]}
    assert stated["Observation"]["status"] == "unknown"
    assert stated["Condition"]["verificationStatus"]["coding"][0]["code"] == "unconfirmed"
    assert stated["Procedure"]["status"] == "unknown"
    assert stated["Immunization"]["status"] == "entered-in-error"
    assert stated["MedicationStatement"]["status"] == "unknown"
    assert stated["FamilyMemberHistory"]["relationship"]["text"] == "Mother"


def test_how_far_a_section_was_read_comes_back(tmp_path: Path) -> None:
    states = {
        "conditions": Completeness.PARTIAL,
        "medications": Completeness.COMPLETE,
        "allergies": Completeness.ABSENT,
    }
    record = people.record(people.problem(), completeness=states)
    back = again(record, tmp_path)
    assert back.completeness["conditions"] is Completeness.PARTIAL
    assert back.completeness["medications"] is Completeness.COMPLETE
    older = replace(record, list_dates={"medications": "2020-01-01"})
    assert again(older, tmp_path).completeness["medications"] is Completeness.PARTIAL


def test_no_known_allergy_is_said_and_none_stated_is_not(tmp_path: Path) -> None:
    stated = people.record(people.allergy(negated=True, codings=(), name="No known allergies", reaction=""))
    assert again(stated, tmp_path).allergies[0].negated
    assert resources(people.record(), "AllergyIntolerance") == []


def test_a_denied_allergy_never_leaves_as_one(tmp_path: Path) -> None:
    denied = people.allergy(
        negated=True, codings=(Coding("419199007", people.SNOMED, "Allergy to substance"),)
    )
    (made,) = resources(people.record(denied), "AllergyIntolerance")
    assert [coding["code"] for coding in made["code"]["coding"]] == ["716186003"]
    assert again(people.record(denied), tmp_path).allergies[0].negated


def test_a_contradiction_about_sex_comes_back_as_the_question(tmp_path: Path) -> None:
    sides = (Suggestion("Female", "female"), Suggestion("Male", "male"))
    conflict = Question("sex_conflict", "sex_conflict", "Female or male?", variable="sex", suggestions=sides)
    record = people.record(patient=people.person(sex=None, sex_source=""), questions=(conflict,))
    back = again(record, tmp_path)
    assert back.patient.sex is None
    assert [q.code for q in back.open_questions] == ["sex_conflict"]


def test_a_document_stands_inside_as_text_and_a_file_names_its_checksum() -> None:
    record = people.whole()
    (made,) = resources(record, "DocumentReference")
    attachment = made["content"][0]["attachment"]
    assert base64.b64decode(attachment["data"]).decode() == "Dear Quimbydear"
    (files,) = resources(record, "Provenance")
    assert files["entity"][0]["what"]["identifier"]["value"] == "ab" * 32


def test_every_entry_names_its_place_in_the_file_and_the_text_as_written() -> None:
    (made,) = resources(people.record(people.value(70.0, "kg")), "Observation")
    parts = {
        part["url"]: part.get("valueString", part.get("valueInteger"))
        for item in made["extension"]
        for part in item["extension"]
    }
    assert parts == {
        "file": "Quimby_Zelda_MRN77123.xml", "section": "vitals", "place": "section Quimbyplace", "line": 12,
        "text": "as Drquimby wrote", "value": "70", "unit": "kg",
    }  # fmt: skip


def test_the_same_record_gives_the_same_ids_and_another_file_other_ones() -> None:
    ids = [e["fullUrl"] for e in bundle(people.whole())["entry"]]
    assert ids == [e["fullUrl"] for e in bundle(people.whole())["entry"]]
    assert len(set(ids)) == len(ids)
    other = replace(people.whole(), sha256="cd" * 32)
    assert not set(ids) & {e["fullUrl"] for e in bundle(other)["entry"]}


@given(st.floats(allow_nan=True, allow_infinity=True), st.text(max_size=8), st.text(max_size=12))
def test_whatever_a_file_held_the_bundle_is_valid(number: float, unit: str, text: str) -> None:
    codings = (Coding(text, unit, text),)
    record = people.record(
        people.value(
            number, unit, variable="", codings=codings, note=text, status=text, specimen=text, name=text
        ),
        people.value(text, id="t", variable="", time=text, interpretation=text, category=text),
        people.problem(
            codings=codings, name=text, clinical_status=text, verification=text, onset=text, recorded=text
        ),
        people.drug(codings=codings, name=text, dose=text, route=text, start=text, end=text, status=text),
        people.allergy(codings=codings, name=text, status=text, verification=text, recorded=text),
        patient=people.person(id=text, family=text, given=text, birth_date=text, deceased=text),
    )
    json.dumps(bundle(record), allow_nan=False)
