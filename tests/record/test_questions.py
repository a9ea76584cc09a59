import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgui import i18n
from medgui.errors import SeveralPatients, UserError
from medgui.record.model import Answer, Question
from medgui.record.questions import OWN_CODES, raise_questions
from medgui.record.resolve import resolve
from medgui.record.to_json import record_json
from medgui.record.units import convert
from medgui.record.value import Gap
from medgui.record.variables import VARIABLES
from tests.record.build import AS_OF, observation, record
from tests.shared_data import data_dir

QUANTITIES = [v for v in VARIABLES.values() if v.kind == "quantity"]


def asked(*parts, **more) -> list[Question]:
    return list(raise_questions(record(*parts, **more)).questions)


WRONG = [
    ("temperature", 98.6, "Cel", "unit_mismatch", 98.6, "[degF]"),
    ("temperature", 37.0, "degF", "unit_mismatch", 37.0, "Cel"),
    ("weight", 194.0, "kg", "unit_mismatch", 194.0, "[lb_av]"),
    ("weight", 70000.0, "kg", "unit_mismatch", 70000.0, "g"),
    ("height", 1.75, "cm", "unit_mismatch", 1.75, "m"),
    ("height", 68.0, "cm", "unit_mismatch", 68.0, "[in_i]"),
    ("height", 175.0, "m", "unit_mismatch", 175.0, "cm"),
    ("height", 5.9, "cm", "unit_mismatch", 5.9, "[ft_i]"),
    ("glucose", 5.5, "mg/dL", "unit_mismatch", 5.5, "mmol/L"),
    ("glucose", 99.0, "mmol/L", "unit_mismatch", 99.0, "mg/dL"),
    ("creatinine", 88.0, "mg/dL", "unit_mismatch", 88.0, "umol/L"),
    ("creatinine", 1.1, "umol/L", "unit_mismatch", 1.1, "mg/dL"),
    ("hba1c", 48.0, "%", "unit_mismatch", 48.0, "mmol/mol"),
    ("hba1c", 6.1, "mmol/mol", "unit_mismatch", 6.1, "%"),
    ("total_cholesterol", 5.2, "mg/dL", "unit_mismatch", 5.2, "mmol/L"),
    ("total_cholesterol", 200.0, "mmol/L", "unit_mismatch", 200.0, "mg/dL"),
    ("hdl_cholesterol", 1.3, "mg/dL", "unit_mismatch", 1.3, "mmol/L"),
    ("triglycerides", 1.5, "mg/dL", "unit_mismatch", 1.5, "mmol/L"),
    ("uric_acid", 350.0, "mg/dL", "unit_mismatch", 350.0, "umol/L"),
    ("albumin", 42.0, "g/dL", "unit_mismatch", 42.0, "g/L"),
    ("haemoglobin", 135.0, "g/dL", "unit_mismatch", 135.0, "g/L"),
    ("haematocrit", 0.42, "%", "unit_mismatch", 0.42, "L/L"),
    ("platelets", 250000.0, "10*3/uL", "unit_mismatch", 250000.0, "/uL"),
    ("systolic_bp", 16.0, "mmHg", "unit_mismatch", 16.0, "kPa"),
    ("potassium", 42.0, "mmol/L", "decimal_slip", 4.2, "mmol/L"),
    ("sodium", 14.0, "mmol/L", "decimal_slip", 140.0, "mmol/L"),
    ("weight", 88.0, "", "unit_missing", 88.0, "kg"),
    ("weight", 88.0, "foo", "unit_unknown", 88.0, "kg"),
    ("weight", 88.0, "cm", "unit_unknown", 88.0, "kg"),
    ("uacr", 30.0, "", "unit_missing", 30.0, "mg/g"),
]


@pytest.mark.parametrize(("name", "number", "unit", "code", "likely", "likely_unit"), WRONG)
def test_a_value_that_does_not_fit_is_asked_about_with_the_likely_answer_first(
    name: str, number: float, unit: str, code: str, likely: float, likely_unit: str
) -> None:
    rec = raise_questions(record(observation(name, number, unit)))
    (question,) = rec.questions
    assert (question.code, question.variable) == (code, name)
    first = question.suggestions[0]
    assert (first.value, first.unit) == (pytest.approx(likely), likely_unit)
    found = rec.observations[0]
    assert (found.value, found.unit) == (pytest.approx(number), unit)
    assert not resolve(rec, name, as_of=AS_OF).known


def test_an_impossible_value_without_another_reading_is_asked_about() -> None:
    (question,) = asked(observation("inr", 80.0, "1"))
    assert (question.code, question.suggestions) == ("decimal_slip", question.suggestions)
    (question,) = asked(observation("age", 900.0, "a"), birth_date="")
    assert question.code in ("decimal_slip", "impossible_value")
    (question,) = asked(observation("temperature", 0.0, "Cel"))
    assert (question.code, question.suggestions) == ("impossible_value", ())


def test_the_question_speaks_as_a_doctor_would_and_helps_to_decide() -> None:
    (question,) = asked(
        observation("weight", 194.0, "kg"), observation("height", 168.0, "cm"),
        observation("weight", 87.5, "kg", "2026-05-03"),
    )  # fmt: skip
    assert question.message.replace("\u00a0", " ") == "194 kg? 194 lb = 88.0 kg"
    facts = {key.replace("\u00a0", " "): text.replace("\u00a0", " ") for key, text in question.facts}
    assert facts == {
        "BMI if 194 lb": "31.2",
        "BMI if 194 kg": "68.7",
        "Other weight": "87.5 kg on 3 May 2026",
    }
    assert [s.label.replace("\u00a0", " ") for s in question.suggestions] == [
        "194 lb = 88.0 kg", "194 kg, as written",
    ]  # fmt: skip


def test_a_weight_is_judged_by_the_persons_other_weights() -> None:
    earlier = observation("weight", 68.0, "kg", "2026-05-01")
    (question,) = asked(observation("weight", 150.0, "kg"), earlier)
    assert question.suggestions[0].unit == "[lb_av]"
    assert asked(observation("weight", 80.0, "kg"), earlier) == []
    assert asked(observation("weight", 150.0, "kg"), observation("weight", 145.0, "kg", "2026-05-01")) == []


def test_a_weight_is_judged_by_the_bmi_that_the_file_states() -> None:
    parts = (observation("height", 170.0, "cm"), observation("bmi", 23.6, "kg/m2"))
    (question,) = asked(observation("weight", 150.0, "kg"), *parts)
    assert question.suggestions[0].unit == "[lb_av]"


def test_jin_is_offered_in_a_chinese_file_only() -> None:
    parts = (observation("weight", 130.0, "kg"), observation("height", 165.0, "cm"))
    assert asked(*parts) == []
    (question,) = asked(*parts, family="林")
    assert question.suggestions[0].unit == "[jin]"
    assert asked(observation("weight", 130.0, "斤"), parts[1], family="林") == []
    (english,) = asked(observation("weight", 194.0, "kg"))
    assert "[jin]" not in {s.unit for s in english.suggestions}


def test_swapped_pressures_and_swapped_height_and_weight_are_asked_about_together() -> None:
    pressures = asked(
        observation("systolic_bp", 80.0, "mmHg", id="bp#1"),
        observation("diastolic_bp", 120.0, "mmHg", id="bp#2"),
    )
    assert [(q.code, q.variable, q.suggestions[0].value) for q in pressures] == [
        ("swapped", "systolic_bp", 120.0), ("swapped", "diastolic_bp", 80.0),
    ]  # fmt: skip
    sizes = asked(observation("weight", 170.0, "kg"), observation("height", 70.0, "cm"))
    assert [(q.variable, q.suggestions[0].value) for q in sizes] == [("weight", 70.0), ("height", 170.0)]


def test_a_partial_birth_date_is_asked_about_where_the_age_is_open() -> None:
    (question,) = asked(birth_date="1976")
    assert (question.variable, [s.value for s in question.suggestions]) == ("age", [50.0, 49.0])
    assert asked(birth_date="1976-05") == []


@pytest.mark.parametrize("born", ["2099-01-01", "2099", "1780-01-01"])
def test_a_birth_date_that_cannot_be_right_is_asked_about_and_no_age_is_used(born: str) -> None:
    rec = raise_questions(record(birth_date=born))
    (question,) = rec.open_questions
    assert (question.code, question.variable, question.suggestions) == ("birth_date_impossible", "age", ())
    assert born in question.message
    assert resolve(rec, "age", as_of=AS_OF).gap is Gap.QUESTIONED


def test_a_value_that_was_entered_answers_the_question_about_it() -> None:
    rec = raise_questions(record(birth_date="2099-01-01")).with_answer(Answer("age", 55.0, "a", AS_OF))
    assert rec.open_questions == ()
    assert resolve(rec, "age", as_of=AS_OF).value == 55


def test_who_died_long_ago_is_not_asked_about_by_the_age_of_today() -> None:
    assert asked(birth_date="1880-01-01", deceased="1950-01-01") == []


def test_children_are_judged_as_children() -> None:
    child = {"birth_date": "2022-11-01"}
    assert asked(observation("weight", 16.0, "kg"), observation("height", 102.0, "cm"), **child) == []
    (question,) = asked(observation("weight", 36.0, "lb"), observation("weight", 160.0, "kg"), **child)
    assert question.observation.startswith("weight")


def test_values_that_are_not_used_or_are_intervals_are_not_asked_about() -> None:
    assert asked(observation("creatinine", 88.0, "mg/dL", usable=False)) == []
    assert asked(observation("glucose", 5.5, "mg/dL", comparator="<")) == []


def test_a_severe_but_possible_value_without_another_reading_stands() -> None:
    for name, number, unit in (
        ("creatinine", 14.0, "mg/dL"), ("glucose", 850.0, "mg/dL"), ("ast", 9000.0, "U/L"), ("wbc", 250.0, "10*3/uL"),
        ("systolic_bp", 240.0, "mmHg"), ("potassium", 7.9, "mmol/L"), ("sodium", 108.0, "mmol/L"),
        ("crp", 480.0, "mg/L"), ("triglycerides", 2200.0, "mg/dL"), ("haemoglobin", 4.1, "g/dL"),
    ):  # fmt: skip
        assert asked(observation(name, number, unit)) == [], name


@given(st.sampled_from(QUANTITIES), st.floats(0.0, 1.0), st.data())
def test_an_ordinary_value_raises_no_question_in_any_unit_that_laboratories_report(
    variable, share: float, data
) -> None:
    unit = data.draw(st.sampled_from([variable.unit, variable.si.unit]))
    lo, hi = variable.usual_range("female", 50.5)
    lo, hi = max(lo, (variable.seldom or (lo, hi))[0]), min(hi, (variable.seldom or (lo, hi))[1])
    inside = lo + (hi - lo) * (0.01 + 0.98 * share)
    number = convert(inside, variable.unit, unit, variable.name)
    found = [q for q in asked(observation(variable.name, number, unit)) if q.code != "fact_hinted"]
    assert found == []


@given(
    st.sampled_from(QUANTITIES),
    st.floats(-1e7, 1e7),
    st.sampled_from(["", "mg/dL", "kg", "%", "foo", "斤", "mm"]),
)
def test_any_number_in_any_unit_is_used_in_its_canonical_unit_or_asked_about(
    variable, number: float, unit: str
) -> None:
    rec = raise_questions(record(observation(variable.name, number, unit), birth_date=""))
    found = resolve(rec, variable.name, as_of=AS_OF)
    questioned = any(q.observation for q in rec.questions)
    assert found.known != questioned or not found.known
    if found.known and isinstance(found.value, float):
        lo, hi = variable.possible
        assert lo <= found.value <= hi
    assert raise_questions(rec) == rec
    json.dumps(record_json(rec), allow_nan=False)


@given(
    st.floats(-1e4, 1e4, allow_nan=False), st.floats(-1e4, 1e4), st.sampled_from(["kg", "lb", "斤", ""]),
    st.floats(30, 200), st.sampled_from(["Bauer", "林"]),
)  # fmt: skip
def test_no_weight_and_height_break_the_judgement(weight, height, unit, other, family) -> None:
    rec = raise_questions(record(
        observation("weight", weight, unit), observation("height", height, "cm"),
        observation("weight", other, "kg", "2026-01-01"), family=family,
    ))  # fmt: skip
    assert raise_questions(rec) == rec
    for question in rec.questions:
        assert question.message
        if question.observation.startswith("weight@2026-11"):
            assert resolve(rec, "weight", as_of=AS_OF).value is None


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_never_used(value: float) -> None:
    found = replace(observation("temperature", 37.0, "Cel"), value=value)
    rec = raise_questions(record(found))
    assert not resolve(rec, "temperature", as_of=AS_OF).known
    json.dumps(record_json(rec), allow_nan=False)


def test_asking_again_in_another_language_keeps_the_questions_and_their_ids() -> None:
    english = raise_questions(
        record(observation("weight", 194.0, "kg"), observation("glucose", 5.5, "mg/dL"))
    )
    with i18n.using_language("zh"):
        chinese = raise_questions(english)
    assert [q.id for q in chinese.questions] == [q.id for q in english.questions]
    assert [q.message for q in chinese.questions] != [q.message for q in english.questions]
    assert raise_questions(chinese) == english


def test_questions_of_the_reader_are_kept() -> None:
    own = Question("sex_conflict", "sex_conflict", "Female or male?", variable="sex")
    rec = raise_questions(record(questions=(own,)))
    assert rec.questions == (own,)
    assert own.code not in OWN_CODES


@pytest.mark.shared_data
def test_ordinary_real_files_raise_no_question_about_a_value() -> None:
    from medgui.readers import open_record

    files = sorted((data_dir() / "patientfiles").glob("fhir_*/*.json"))
    assert files
    for path in files:
        try:
            rec = open_record(path)
        except SeveralPatients as error:
            rec = open_record(path, patient=error.patients[0][0])
        except UserError:
            continue
        assert [q.message for q in rec.questions if q.observation] == [], path.name
