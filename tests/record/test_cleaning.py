"""What stands twice, was corrected, withdrawn or copied is listed once, with a trace of each entry left out."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgui.record.cleaning import clean
from medgui.record.model import Allergy, Cleaned, Condition, Observation, Question, Record, Source
from medgui.record.questions import raise_questions
from tests.record.build import SNOMED, condition, medication, observation, record

MORNING, EVENING = "2026-11-03T08:15:00", "2026-11-03T18:30:00"
DIABETES = (SNOMED, "44054006")


def codes(cleaned: Record) -> list[str]:
    return [trace.code for trace in cleaned.cleaned]


def penicillin(id_: str, **more: object) -> Allergy:
    fields: dict[str, object] = {"reaction": "Hives", "status": "active", "verification": "confirmed", **more}
    return Allergy(
        id_, (), str(fields.pop("name", "Penicillin")), negated=False, recorded="",
        source=Source("f.json", id_), **fields,  # type: ignore[arg-type]
    )  # fmt: skip


# Results


def test_a_result_that_stands_twice_is_listed_once_with_the_fuller_entry() -> None:
    bare = observation("glucose", 99.0, "mg/dL", MORNING, id="a")
    full = observation("glucose", 99.0, "mg/dL", MORNING, id="b", specimen="Serum", interpretation="N")
    cleaned = clean(record(bare, full))
    assert [o.id for o in cleaned.observations] == ["b"]
    assert cleaned.cleaned == (
        Cleaned(
            "duplicate",
            "Glucose, plasma stands in the file more than once; it is listed once.",
            bare.source,
            "b",
        ),
    )


@pytest.mark.parametrize(
    ("one", "other", "left"),
    [
        ("2026-11-03T07:15:00Z", "2026-11-03T08:15:00+01:00", 1),
        ("2026-11-03T23:30:00Z", "2026-11-04T07:30:00+08:00", 1),
        ("2026-11-03T23:30:00Z", "2026-11-04T07:30:00+0800", 1),
        ("2026-11-03T08:15:00", "2026-11-03T08:15:00+01:00", 1),
        ("2026-11-03T07:15:00Z", "2026-11-03T09:15:00+01:00", 2),
        ("2026-11-03T07:15:00", "2026-11-03T08:15:00+01:00", 2),
        ("2026-11-04T00:00:00Z", "2026-11-03T19:00:00-05:00", 2),
    ],
)
def test_one_moment_in_two_time_zones_is_one_result(one: str, other: str, left: int) -> None:
    first = observation("creatinine", 1.1, "mg/dL", one, id="a")
    second = observation("creatinine", 1.1, "mg/dL", other, id="b", source=Source("g.json"))
    for both in ((first, second), (second, first)):
        assert len(clean(record(*both)).observations) == left
    assert len(clean(record(first, replace(second, value=1.2, value_as_written="1.2"))).observations) == 2


def test_a_correction_sent_in_another_time_zone_replaces_the_result_once() -> None:
    wrong = observation("potassium", 42.0, "mmol/L", "2026-11-03T08:15:00+01:00", id="k7@1")
    right = observation(
        "potassium",
        4.2,
        "mmol/L",
        "2026-11-03T07:15:00Z",
        id="k7@2",
        status="corrected",
        source=Source("b.hl7"),
    )
    cleaned = clean(record(wrong, right))
    assert [o.value for o in cleaned.observations] == [4.2]
    assert codes(cleaned) == ["corrected"]


def test_the_same_value_in_two_units_is_one_value() -> None:
    pounds = observation("weight", 194.0, "lb", MORNING, id="lb")
    kilograms = observation("weight", 88.0, "kg", MORNING, id="kg", code="3141-9")
    assert len(clean(record(pounds, kilograms)).observations) == 1
    exact = observation("weight", 88.0, "kg", MORNING, id="exact", value_as_written="88.00")
    other = observation("weight", 87.2, "kg", MORNING, id="other")
    assert len(clean(record(exact, other)).observations) == 2


def test_a_day_without_a_clock_goes_with_an_equal_value_of_that_day_only() -> None:
    day = observation("potassium", 4.2, "mmol/L", "2026-11-03", id="day")
    timed = observation("potassium", 4.2, "mmol/L", MORNING, id="timed")
    assert [o.id for o in clean(record(day, timed)).observations] == ["timed"]
    assert len(clean(record(day, replace(timed, value=4.4))).observations) == 2
    assert len(clean(record(timed, replace(timed, id="later", time=EVENING))).observations) == 2


@pytest.mark.parametrize(
    "difference",
    [
        {"specimen": "Capillary blood"},
        {"setting": "inpatient"},
        {"usable": False, "unusable_reason": "Family history, not about the patient."},
        {"comparator": "<"},
        {"value": 5.1},
        {"method": "Test strip"},
    ],
)
def test_results_that_differ_in_what_counts_stay_apart(difference: dict) -> None:
    first = observation(
        "glucose", 99.0, "mg/dL", MORNING, id="a", specimen="Serum", setting="home", method="Enzymatic"
    )
    assert len(clean(record(first, replace(first, id="b", **difference))).observations) == 2


def test_equal_findings_without_a_number_in_one_section_may_be_of_two_germs() -> None:
    first = replace(
        observation("glucose", 1.0, "mg/dL", MORNING), variable="", code="18906-8", value="S", id="a", unit=""
    )
    twice = replace(first, id="b")
    assert len(clean(record(first, twice)).observations) == 2
    elsewhere = replace(first, id="c", source=Source("g.json"))
    assert len(clean(record(first, elsewhere)).observations) == 1


def test_a_correction_replaces_the_earlier_result_of_its_id_or_of_another_file() -> None:
    wrong = observation("potassium", 42.0, "mmol/L", MORNING, id="k7@1")
    right = observation("potassium", 4.2, "mmol/L", MORNING, id="k7@2", status="corrected")
    cleaned = clean(record(wrong, right))
    assert [o.value for o in cleaned.observations] == [4.2]
    assert [(c.code, c.kept, c.source) for c in cleaned.cleaned] == [("corrected", "k7@2", wrong.source)]
    sent_later = replace(right, id="x@1", source=Source("later.hl7"))
    assert [o.value for o in clean(record(wrong, sent_later)).observations] == [4.2]
    other_order = replace(right, id="k8@2")
    assert [o.value for o in clean(record(wrong, other_order)).observations] == [42.0, 4.2]


def test_a_correction_of_someone_else_replaces_nothing() -> None:
    own = observation("potassium", 4.9, "mmol/L", MORNING, id="k7@1")
    elsewhere = replace(
        own, id="k7@2", status="corrected", value=4.2, usable=False, unusable_reason="Not the patient."
    )
    assert len(clean(record(own, elsewhere)).observations) == 2


def test_a_preliminary_result_goes_where_the_final_one_is_there() -> None:
    final = observation("potassium", 4.2, "mmol/L", MORNING, id="b")
    early = replace(
        final, id="a", value=4.0, status="preliminary", usable=False, unusable_reason="Preliminary."
    )
    assert codes(clean(record(early, final))) == ["superseded"]
    assert codes(clean(record(early))) == []


@pytest.mark.parametrize(
    ("status", "code"), [("entered-in-error", "entered_in_error"), ("cancelled", "cancelled")]
)
def test_withdrawn_results_are_traced_and_not_listed(status: str, code: str) -> None:
    found = observation("potassium", 42.0, "mmol/L", MORNING, status=status, usable=False)
    cleaned = clean(record(found))
    assert (cleaned.observations, codes(cleaned), cleaned.cleaned[0].source) == ((), [code], found.source)


def test_a_question_of_the_reader_goes_with_its_result_and_keeps_it_apart() -> None:
    asked = observation("weight", 88.0, "kg", MORNING, id="a")
    plain = replace(asked, id="b")
    question = Question(
        "unit_conflict:a", "unit_conflict", "88 kg or 88 lb?", observation="a", variable="weight"
    )
    cleaned = clean(record(asked, plain, questions=(question,)))
    assert [o.id for o in cleaned.observations] == ["a", "b"]
    assert cleaned.questions == (question,)
    withdrawn = replace(asked, status="entered-in-error", usable=False)
    assert clean(record(withdrawn, questions=(question,))).questions == ()


def test_a_result_before_birth_that_no_formula_knows_gets_a_note() -> None:
    found = replace(observation("glucose", 1.0, "mg/dL", "1950-01-01"), variable="", name="Basophils")
    cleaned = clean(record(found))
    assert len(cleaned.observations) == 1
    assert [(c.code, c.kept) for c in cleaned.cleaned] == [("time_impossible", found.id)]


# Lists


def test_a_problem_that_stands_in_two_sections_is_listed_once_with_its_onset() -> None:
    problem = condition("Type 2 diabetes mellitus", DIABETES, onset="")
    encounter = replace(problem, id="e", name="Type 2 diabetes mellitus (disorder)", onset="2010-05")
    cleaned = clean(record(problem, encounter))
    assert [(c.id, c.onset) for c in cleaned.conditions] == [("e", "2010-05")]
    assert codes(cleaned) == ["duplicate"]


@pytest.mark.parametrize(
    "difference",
    [
        {"subject": "mother"},
        {"verification": "unconfirmed"},
        {"clinical_status": "resolved"},
        {"usable": False},
        {"onset": "2001-01-01"},
        {"kind": "family_history"},
        {"name": "State after bypass surgery"},
    ],
)
def test_problems_that_differ_in_what_counts_stay_apart(difference: dict) -> None:
    first = condition("State after hysterectomy", (SNOMED, "55607006"), onset="2010-05-01")
    assert len(clean(record(first, replace(first, id="b", **difference))).conditions) == 2


def test_two_sisters_of_one_file_stay_two_and_a_mother_listed_twice_is_one() -> None:
    def relatives(who: str) -> tuple[Condition, ...]:
        more = {"kind": "family_history", "subject": who, "usable": False}
        return tuple(replace(condition("Breast cancer", **more), id=f"f{n}@{n}#1") for n in (1, 2))

    assert len(clean(record(*relatives("Sister"))).conditions) == 2
    assert len(clean(record(*relatives("Mother"))).conditions) == 1


def test_a_procedure_of_another_day_is_another_one() -> None:
    first = condition("Colonoscopy", (SNOMED, "73761001"), kind="procedure", onset="2015-02-01")
    again = replace(first, id="b", onset="2025-02-01")
    twice = replace(first, id="c", onset="2015-02-01T10:00:00")
    assert len(clean(record(first, again, twice)).conditions) == 2
    undated = replace(first, onset="")
    assert len(clean(record(undated, replace(undated, id="b"))).conditions) == 2


def test_drugs_and_allergies_of_two_lists_are_listed_once() -> None:
    first = medication("Metformin 500 mg", ("http://www.nlm.nih.gov/research/umls/rxnorm", "861007"))
    fuller = replace(first, id="b", dose="500 mg", frequency="twice a day")
    other = replace(first, id="c", dose="1000 mg")
    assert [m.id for m in clean(record(first, fuller)).medications] == ["b"]
    assert len(clean(record(fuller, other)).medications) == 2
    assert len(clean(record(first, replace(first, id="d", status="stopped"))).medications) == 2
    listed = (penicillin("a"), penicillin("b", reaction=""), penicillin("c", reaction="Anaphylaxis"))
    assert [a.id for a in clean(record(allergies=listed)).allergies] == ["a", "c"]


def test_entries_in_error_of_every_list_are_traced() -> None:
    wrong = condition("Asthma", verification="entered-in-error", usable=False)
    drug = medication("Aspirin", usable=False, unusable_reason="Entered in error.")
    allergy = penicillin("a", verification="entered-in-error")
    cleaned = clean(record(wrong, drug, allergies=(allergy,)))
    assert (cleaned.conditions, cleaned.medications, cleaned.allergies) == ((), (), ())
    assert codes(cleaned) == ["entered_in_error"] * 3


# Copied forward


def vitals(day: str, systolic: float = 132.0) -> list[Observation]:
    return [
        observation("systolic_bp", systolic, "mmHg", day), observation("diastolic_bp", 84.0, "mmHg", day),
        observation("heart_rate", 71.0, "/min", day),
    ]  # fmt: skip


def test_vital_signs_equal_on_three_days_are_noted_as_copied_and_kept() -> None:
    days = ("2026-01-05", "2026-03-02", "2026-05-04")
    cleaned = clean(record(*(o for day in days for o in vitals(day))))
    assert len(cleaned.observations) == 9
    assert codes(cleaned) == ["copied_forward"]
    assert [bool(o.note) for o in cleaned.observations] == [False] * 3 + [True] * 6
    assert clean(record(*vitals(days[0]), *vitals(days[1]), *vitals(days[2], 131.0))).cleaned == ()


def test_a_weight_with_decimals_that_never_changes_is_noted() -> None:
    days = ("2025-01-05", "2025-04-02", "2025-06-04", "2025-09-01", "2026-01-07")
    same = clean(record(*(observation("weight", 88.4, "kg", day) for day in days)))
    assert codes(same) == ["copied_forward"]
    rounded = clean(record(*(observation("weight", 88.0, "kg", day) for day in days)))
    assert rounded.cleaned == ()


# All

RESULTS = st.builds(
    lambda name, value, unit, time, more: observation(name, value, unit, time, **more),
    st.sampled_from(["weight", "glucose"]),
    st.sampled_from([88.0, 88.4, 99.0, 194.0]),
    st.sampled_from(["kg", "lb", "mg/dL", ""]),
    st.sampled_from(["", "2026-11-03", MORNING, EVENING, "2026-01-05"]),
    st.fixed_dictionaries({
        "id": st.sampled_from(["a1@1", "a1@2", "b@3", "c@4"]),
        "status": st.sampled_from(["final", "corrected", "preliminary", "entered-in-error", "cancelled"]),
        "specimen": st.sampled_from(["", "Serum", "Urine"]),
        "usable": st.booleans(),
    }),
)  # fmt: skip
PROBLEMS = st.builds(
    lambda name, code, more: condition(name, (SNOMED, code), **more),
    st.sampled_from(["Diabetes", "Diabetes mellitus", "Gout"]),
    st.sampled_from(["44054006", "90560007"]),
    st.fixed_dictionaries({
        "onset": st.sampled_from(["", "2010", "2010-05", "2011"]),
        "verification": st.sampled_from(["confirmed", "unconfirmed", "entered-in-error"]),
        "subject": st.sampled_from(["patient", "mother"]),
    }),
)  # fmt: skip


@given(st.lists(RESULTS, max_size=12), st.lists(PROBLEMS, max_size=8))
def test_each_entry_stays_or_leaves_a_trace_and_cleaning_again_changes_nothing(
    results: list[Observation], problems: list
) -> None:
    placed = [
        replace(o, source=Source("f.json", f"entry {i}"), id=f"{o.id}{i}") for i, o in enumerate(results)
    ]
    listed = [replace(c, source=Source("f.json", f"problem {i}"), id=f"p{i}") for i, c in enumerate(problems)]
    before = record(*placed, *listed)
    cleaned = clean(before)
    kept = [entry.source for entry in (*cleaned.observations, *cleaned.conditions)]
    gone = [
        trace.source for trace in cleaned.cleaned if trace.code not in ("copied_forward", "time_impossible")
    ]
    assert sorted([*kept, *gone], key=str) == sorted((e.source for e in (*placed, *listed)), key=str)
    assert clean(cleaned) == cleaned
    ids = {entry.id for entry in (*before.observations, *before.conditions)}
    assert all(trace.kept in ids or not trace.kept for trace in cleaned.cleaned)
    raised = raise_questions(cleaned)
    assert len(raised.observations) == len(cleaned.observations)


def test_a_monitor_that_says_the_same_each_minute_is_kept_and_its_copy_is_not() -> None:
    base = observation("heart_rate", 71.0, "/min", MORNING)
    many = [
        replace(base, id=str(i), time=f"2026-11-{i // 1380 + 1:02d}T{i // 60 % 23 + 1:02d}:{i % 60:02d}:00")
        for i in range(2760)
    ]
    copies = [replace(o, id=f"{o.id} copy", source=Source("g.json")) for o in many]
    cleaned = clean(replace(record(), observations=(*many, *copies)))
    assert len(cleaned.observations) == len(many)
    assert len(cleaned.cleaned) == len(many)
