import json

from medgui.record.model import Allergy, Answer, Source, Unread
from medgui.record.questions import raise_questions
from medgui.record.to_json import record_json
from tests.record.build import AS_OF, SNOMED, condition, medication, observation, record


def whole():
    return raise_questions(
        record(
            observation("creatinine", 88.4, "umol/L"), observation("weight", 194.0, "kg"),
            condition("Type 2 diabetes", (SNOMED, "44054006")), medication("Atorvastatin"),
            allergies=(Allergy("a", (), "Penicillin", "rash", "active", "confirmed", False, "2020", Source("f.json")),),
            unread=(Unread("entry[3]", "broken", 12, "conditions"),),
        )
    )  # fmt: skip


def test_a_record_is_plain_json_with_its_schema() -> None:
    data = json.loads(json.dumps(record_json(whole()), allow_nan=False))
    assert data["schema"] == "medgui.record/1"
    assert data["patient"]["name"] == {"family": "Marlow", "given": ""}
    assert data["patient"]["birth_date"] == "1976-05-01"
    assert data["patient"]["deceased"] is False
    assert set(data) >= {"observations", "conditions", "medications", "allergies", "questions", "unread"}


def test_values_are_canonical_and_what_was_written_is_kept() -> None:
    creatinine, weight = record_json(whole())["observations"]
    assert (creatinine["value"], creatinine["unit"], creatinine["code"]) == (1.0, "mg/dL", "2160-0")
    assert (creatinine["value_as_written"], creatinine["unit_as_written"]) == ("88.4", "umol/L")
    assert (weight["value"], weight["unit"]) == (194.0, "kg")
    assert creatinine["source"]["file"] == "f.json"


def test_an_open_question_is_listed_with_its_suggestion_and_an_answered_one_is_not() -> None:
    rec = whole()
    (question,) = record_json(rec)["questions"]
    assert question["suggestion"]["value"] == 194.0
    assert question["suggestion"]["unit"] == "[lb_av]"
    assert question["observation"] == "weight@2026-11-03"
    answered = rec.with_answer(Answer("weight", 194.0, "[lb_av]", AS_OF, question=question["id"]))
    assert record_json(answered)["questions"] == []
    assert record_json(answered)["answers"][0]["unit"] == "[lb_av]"


def test_problems_keep_status_verification_and_subject() -> None:
    (problem,) = record_json(whole())["conditions"]
    assert (problem["clinical_status"], problem["verification"], problem["subject"]) == (
        "active", "confirmed", "patient",
    )  # fmt: skip
    assert (problem["code"], problem["system"], problem["name"]) == ("44054006", SNOMED, "Type 2 diabetes")


def test_death_is_a_date_or_a_yes() -> None:
    assert record_json(record(deceased="2025-02-03"))["patient"]["deceased"] == "2025-02-03"
    assert record_json(record(deceased="yes"))["patient"]["deceased"] is True
