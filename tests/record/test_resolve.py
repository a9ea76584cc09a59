from dataclasses import replace

import pytest

from medgui.record.model import Answer, Origin
from medgui.record.questions import raise_questions
from medgui.record.resolve import resolve
from medgui.record.value import Gap, Value
from medgui.record.variables import VARIABLES
from tests.record.build import AS_OF, SNOMED, condition, medication, observation, record


def value(rec, name: str, as_of: str = AS_OF, **more) -> Value:
    return resolve(rec, name, as_of=as_of, **more)


def test_the_latest_value_is_taken_with_its_place_and_what_the_file_says() -> None:
    rec = record(
        observation("creatinine", 88.4, "umol/L"), observation("creatinine", 2.0, "mg/dL", "2026-01-05")
    )
    found = value(rec, "creatinine")
    assert (found.value, found.unit, found.time, found.origin) == (1.0, "mg/dL", "2026-11-03", Origin.FILE)
    assert (found.value_as_written, found.unit_as_written) == ("88.4", "umol/L")
    assert found.source.location == "creatinine@2026-11-03"


def test_a_value_from_after_the_day_of_assessment_is_not_seen() -> None:
    rec = record(
        observation("creatinine", 2.0, "mg/dL"), observation("creatinine", 1.0, "mg/dL", "2026-01-05")
    )
    assert value(rec, "creatinine", "2026-02-01").value == 1.0


def test_a_value_older_than_its_limit_is_too_old() -> None:
    rec = record(observation("total_cholesterol", 200.0, "mg/dL", "2025-10-01"))
    assert value(rec, "total_cholesterol").gap is Gap.TOO_OLD
    assert value(rec, "total_cholesterol", max_age_days=1000).value == 200.0
    assert value(rec, "hdl_cholesterol").gap is Gap.MISSING
    assert value(rec, "no_such_name").gap is Gap.MISSING


def test_an_adults_height_does_not_age() -> None:
    assert value(record(observation("height", 168.0, "cm", "2011-01-01")), "height").value == 168.0


def test_a_height_measured_in_childhood_is_no_adult_height() -> None:
    assert value(record(observation("height", 111.0, "cm", "1983-01-01")), "height").gap is Gap.TOO_OLD
    child = {"birth_date": "2018-01-01"}
    assert value(record(observation("height", 111.0, "cm", "2026-09-01"), **child), "height").value == 111.0
    assert not value(record(observation("height", 100.0, "cm", "2025-01-01"), **child), "height").known


def test_a_problem_that_began_after_the_day_is_not_there_yet() -> None:
    rec = record(condition("Type 2 diabetes", onset="2026-06-01"))
    assert value(rec, "diabetes").value == 1.0
    assert value(rec, "diabetes", "2026-02-01").value != 1.0


def test_a_censored_value_is_no_number() -> None:
    found = value(record(observation("crp", 0.5, "mg/L", comparator="<", value_as_written="<0.5")), "crp")
    assert (found.value, found.gap, found.value_as_written) == (None, Gap.CENSORED, "<0.5")


@pytest.mark.parametrize("setting", ["inpatient", "emergency"])
def test_values_of_an_acute_stay_are_not_used(setting: str) -> None:
    rec = record(observation("creatinine", 3.0, "mg/dL", setting=setting))
    assert value(rec, "creatinine").gap is Gap.ACUTE
    both = record(*rec.observations, observation("creatinine", 1.0, "mg/dL", "2026-06-01"))
    assert value(both, "creatinine").value == 1.0


def test_an_unusable_value_is_never_used() -> None:
    rec = record(observation("creatinine", 3.0, "mg/dL", usable=False, unusable_reason="preliminary"))
    assert value(rec, "creatinine").gap is Gap.MISSING


def test_pressures_of_one_day_are_one_mean_and_home_readings_are_kept_apart() -> None:
    readings = [
        observation("systolic_bp", 150.0, "mmHg", "2026-11-03T09:00", id="a"),
        observation("systolic_bp", 140.0, "mmHg", "2026-11-03T09:05", id="b"),
        observation("systolic_bp", 140.0, "mmHg", "2026-11-03T09:05", id="copy of b"),
        observation("systolic_bp", 120.0, "mmHg", "2026-11-03T07:00", id="c", setting="home"),
        observation("systolic_bp", 180.0, "mmHg", "2026-10-01", id="d"),
    ]
    found = value(record(*readings), "systolic_bp")
    assert found.value == 145.0
    assert len(found.sources) == 3
    home = value(record(readings[3]), "systolic_bp")
    assert (home.value, home.cautions[0][0]) == (120.0, "home_pressure")


def test_the_same_result_twice_is_one_and_two_that_differ_are_a_conflict() -> None:
    first = observation("glucose", 99.0, "mg/dL", id="a")
    assert value(record(first, replace(first, id="b")), "glucose").value == 99.0
    other = observation("glucose", 140.0, "mg/dL", id="b")
    assert value(record(first, other), "glucose").gap is Gap.CONFLICT


def test_an_undated_value_is_used_and_says_so() -> None:
    found = value(record(observation("glucose", 99.0, "mg/dL", "")), "glucose")
    assert (found.value, found.cautions[0][0]) == (99.0, "undated")


def test_a_fasting_glucose_answers_for_glucose_but_not_the_other_way() -> None:
    fasting = record(observation("fasting_glucose", 99.0, "mg/dL"))
    assert value(fasting, "glucose").value == 99.0
    assert not value(record(observation("glucose", 99.0, "mg/dL")), "fasting_glucose").known
    assert not value(record(observation("glucose_capillary", 99.0, "mg/dL")), "glucose").known


def test_an_open_question_blocks_the_value_and_the_answer_frees_it() -> None:
    rec = raise_questions(record(observation("weight", 194.0, "kg"), observation("height", 168.0, "cm")))
    assert value(rec, "weight").gap is Gap.QUESTIONED
    assert value(rec, "bmi").gap is Gap.QUESTIONED
    question = rec.open_questions[0]
    answered = rec.with_answer(Answer("weight", 194.0, "[lb_av]", AS_OF, question=question.id))
    found = value(answered, "weight")
    assert found.value == pytest.approx(88.0, abs=0.01)
    assert (found.origin, found.time, found.value_as_written) == (Origin.ENTERED, "2026-11-03", "194")
    assert value(answered, "bmi").value == pytest.approx(31.18, abs=0.01)
    left_out = rec.with_answer(Answer("weight", None, "", AS_OF, question=question.id, left_out=True))
    assert value(left_out, "weight").gap is Gap.MISSING


def test_an_older_value_does_not_stand_in_for_a_questioned_one() -> None:
    old = observation("weight", 88.0, "kg", "2026-06-01")
    rec = raise_questions(record(observation("weight", 194.0, "kg"), old))
    assert value(rec, "weight").gap is Gap.QUESTIONED


def test_an_entered_value_wins_over_the_file() -> None:
    rec = record(observation("hba1c", 7.0, "%")).with_answer(Answer("hba1c", 48.0, "mmol/mol", AS_OF))
    found = value(rec, "hba1c")
    assert found.value == pytest.approx(6.54, abs=0.01)
    assert found.origin is Origin.ENTERED
    gone = rec.with_answer(Answer("hba1c", None, "", AS_OF, left_out=True))
    assert value(gone, "hba1c").gap is Gap.LEFT_OUT


def test_undoing_an_answer_brings_the_file_back() -> None:
    answer = Answer("hba1c", 6.0, "%", AS_OF)
    rec = record(observation("hba1c", 7.0, "%"))
    assert value(rec.with_answer(answer).without_answer(answer), "hba1c").value == 7.0


def test_bmi_non_hdl_and_ratio_are_computed_and_name_their_parents() -> None:
    rec = record(
        observation("weight", 80.0, "kg"), observation("height", 200.0, "cm", "2015-01-01"),
        observation("total_cholesterol", 200.0, "mg/dL"), observation("hdl_cholesterol", 50.0, "mg/dL"),
    )  # fmt: skip
    bmi = value(rec, "bmi")
    assert (bmi.value, bmi.origin, bmi.derived_from) == (20.0, Origin.DERIVED, ("weight", "height"))
    assert value(rec, "non_hdl_cholesterol").value == 150.0
    assert value(rec, "cholesterol_hdl_ratio").value == 4.0


def test_cholesterols_of_two_samples_make_no_difference() -> None:
    rec = record(
        observation("total_cholesterol", 200.0, "mg/dL"),
        observation("hdl_cholesterol", 50.0, "mg/dL", "2026-09-01"),
    )
    assert value(rec, "non_hdl_cholesterol").gap is Gap.CONFLICT


def test_a_newer_weight_makes_a_newer_bmi() -> None:
    rec = record(
        observation("bmi", 30.0, "kg/m2", "2026-01-01"), observation("weight", 80.0, "kg"),
        observation("height", 200.0, "cm"),
    )  # fmt: skip
    assert value(rec, "bmi").value == 20.0
    assert value(rec, "bmi", "2026-02-01").value == 30.0


def test_urea_and_urea_nitrogen_are_never_the_same_number() -> None:
    assert value(record(observation("urea", 30.03, "mg/dL")), "bun").value == pytest.approx(14.0, abs=0.02)
    assert value(record(observation("bun", 14.0, "mg/dL")), "urea").value == pytest.approx(30.0, abs=0.05)


def test_age_is_in_completed_years_on_the_day() -> None:
    assert value(record(birth_date="1976-11-10"), "age").value == 50.0
    assert value(record(birth_date="1976-11-11"), "age").value == 49.0


def test_a_partial_birth_date_gives_an_age_only_where_it_is_certain() -> None:
    assert value(record(birth_date="1976-05"), "age").value == 50.0
    assert value(record(birth_date="1976"), "age").gap is Gap.QUESTIONED
    asked = raise_questions(record(birth_date="1976"))
    answered = asked.with_answer(Answer("age", 50.0, "a", AS_OF, question="birth_date_partial"))
    assert value(answered, "age").value == 50.0


def test_an_age_that_the_file_states_moves_on_with_the_years() -> None:
    rec = record(observation("age", 50.0, "a", "2024-11-01"), birth_date="")
    found = value(rec, "age")
    assert (found.value, found.cautions[0][0]) == (52.0, "age_stated")


def test_age_stops_at_death() -> None:
    assert value(record(deceased="2020-06-01"), "age").value == 44.0


def test_sex_comes_from_the_person_and_is_never_guessed() -> None:
    assert value(record(sex="male"), "sex").value == "male"
    assert value(record(sex=None), "sex").gap is Gap.NOT_STATED
    assert value(record(sex=None).with_answer(Answer("sex", "female", "", AS_OF)), "sex").value == "female"


def test_categories_of_data_sets_keep_their_numbers() -> None:
    rec = record(observation("chest_pain_type", "2"), observation("birads", 4.0, ""))
    assert value(rec, "chest_pain_type").value == 2.0
    assert value(rec, "birads").value == 4.0
    assert value(record(observation("birads", "55")), "birads").gap is Gap.NOT_STATED


def test_a_value_without_its_unit_is_not_used() -> None:
    rec = raise_questions(record(observation("weight", 88.0, "")))
    assert value(rec, "weight").gap is Gap.QUESTIONED
    only = raise_questions(record(observation("glucose", 99.0, "")))
    found = value(only, "glucose")
    assert (found.value, found.cautions[0][0]) == (99.0, "unit_assumed")


def test_a_changed_record_gives_its_own_values_and_the_old_one_keeps_its_own() -> None:
    rec = record(observation("hba1c", 7.0, "%"))
    changed = rec.with_answer(Answer("hba1c", 6.0, "%", AS_OF))
    assert [value(r, "hba1c").value for r in (rec, changed, rec)] == [7.0, 6.0, 7.0]


def test_a_rising_creatinine_says_so() -> None:
    earlier = observation("creatinine", 1.0, "mg/dL", "2026-11-01", setting="inpatient")
    found = value(record(observation("creatinine", 1.3, "mg/dL"), earlier), "creatinine")
    assert (found.value, [code for code, _ in found.cautions]) == (1.3, ["creatinine_rising"])
    steady = value(record(observation("creatinine", 1.2, "mg/dL"), earlier), "creatinine")
    assert steady.cautions == ()


def test_creatinine_lasts_three_months_in_kidney_disease() -> None:
    old = observation("creatinine", 1.8, "mg/dL", "2026-06-01")
    assert value(record(old), "creatinine").value == 1.8
    assert value(record(old, condition("Chronic kidney disease stage 3")), "creatinine").gap is Gap.TOO_OLD


def test_lipids_from_before_the_statin_say_so() -> None:
    rec = record(
        observation("total_cholesterol", 240.0, "mg/dL", "2026-05-01"),
        medication("Atorvastatin", start="2026-06-01"),
    )
    assert [code for code, _ in value(rec, "total_cholesterol").cautions] == ["before_statin"]


def test_an_egfr_by_an_older_equation_is_used_only_without_creatinine() -> None:
    older = observation("egfr_older", 70.0, "mL/min/1.73m2")
    found = value(record(older), "egfr")
    assert (found.value, found.name, found.cautions[0][0]) == (70.0, "egfr", "older_equation")
    assert not value(record(older, observation("creatinine", 1.0, "mg/dL")), "egfr").known
    current = observation("egfr", 75.0, "mL/min/1.73m2")
    assert value(record(older, current), "egfr").value == 75.0


def test_a_named_kind_of_chest_pain_is_read_and_is_no_known_coronary_disease() -> None:
    rec = record(condition("Atypical angina", onset="2026-09-01"))
    assert value(rec, "chest_pain_type").value == 2.0
    assert value(rec, "prior_ascvd").value == 0.0
    assert value(record(condition("Chest pain", onset="2026-09-01")), "chest_pain_type").gap is Gap.NOT_STATED
    assert (
        value(record(condition("Typical angina", onset="2020-09-01")), "chest_pain_type").gap
        is Gap.NOT_STATED
    )


@pytest.mark.parametrize("name", ["creatinine", "egfr"])
@pytest.mark.parametrize(
    ("problem", "code"), [("Chronic kidney disease stage 3", "433144002"), ("Hemodialysis", "302497006")]
)
def test_in_kidney_disease_a_creatinine_holds_three_months(name: str, problem: str, code: str) -> None:
    unit = VARIABLES[name].unit
    older = observation(name, 30.0 if name == "egfr" else 1.6, unit, "2026-06-01")
    newer = observation(name, 31.0 if name == "egfr" else 1.7, unit, "2026-09-01")
    kidney = condition(problem, (SNOMED, code))
    assert value(record(older), name).known
    assert value(record(older, kidney), name).gap is Gap.TOO_OLD
    assert value(record(older, kidney), name, max_age_days=365).gap is Gap.TOO_OLD
    assert value(record(newer, kidney), name).known


def test_an_answer_of_yes_is_no_number_and_no_choice() -> None:
    for name in ("systolic_bp", "chest_pain_type"):
        answered = record().with_answer(Answer(name, True, "", AS_OF))
        assert resolve(answered, name, as_of=AS_OF).gap is Gap.QUESTIONED


def test_an_answer_beyond_all_numbers_is_none() -> None:
    for value in (1e308, float("nan"), float("inf")):
        answered = record().with_answer(Answer("creatinine", value, "g/L", AS_OF))
        assert resolve(answered, "creatinine", as_of=AS_OF).gap is Gap.QUESTIONED
