"""Several files into one record: whose they are, what they say together, and what they contradict each other in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgui.errors import DifferentPeople
from medgui.record.merge import SAME_PERSON, merge
from medgui.record.model import (
    Allergy,
    Answer,
    Completeness,
    Document,
    FilePart,
    Identifier,
    Patient,
    Question,
    Record,
    Source,
)
from medgui.record.resolve import resolve
from medgui.record.value import Gap
from tests.record import build

BORN = "1976-05-01"
MR = Identifier("urn:oid:1.2.3", "4471-0928", "MR")


def file(name: str, *parts: Any, **more: Any) -> Record:
    """A record of one file; `family`, `given`, `born`, `numbers`, `sex` change its person."""
    person = Patient(
        more.pop("id", "p1"),
        family=more.pop("family", "Marlow"),
        given=more.pop("given", "Helen"),
        birth_date=more.pop("born", BORN),
        sex=more.pop("sex", "female"),
        identifiers=tuple(more.pop("numbers", (MR,))),
        deceased=more.pop("deceased", ""),
        source=Source(name),
    )
    allergies = tuple(replace(p, source=Source(name)) for p in parts if isinstance(p, Allergy))
    documents = tuple(replace(p, source=Source(name)) for p in parts if isinstance(p, Document))
    moved = [
        replace(p, source=replace(p.source, file=name))
        for p in parts
        if not isinstance(p, Allergy | Document)
    ]
    made = build.record(*moved, **more)
    part = FilePart(name, "fhir-json", f"hash of {name}", 10, made.document_date)
    return replace(
        made,
        patient=person,
        file=name,
        sha256=part.sha256,
        parts=(part,),
        allergies=allergies,
        documents=documents,
    )


def allergy(name: str, *, negated: bool = False) -> Allergy:
    return Allergy(name, (), name, "", "active", "confirmed", negated, "2020-01-01", Source(""))


def value(record: Record, name: str) -> object:
    return resolve(record, name, as_of=build.AS_OF).value


# Whose file is it?


def test_files_of_one_person_become_one_record_with_all_values() -> None:
    one = file("a.json", build.observation("weight", 70.0, "kg"))
    two = file("b.json", build.observation("height", 170.0, "cm"), document_date="2026-11-05")
    both = merge([one, two])
    assert [part.name for part in both.parts] == ["a.json", "b.json"]
    assert (both.file, both.format, both.document_date) == ("a.json (+1)", "several", "2026-11-05")
    assert value(both, "weight") == 70.0
    assert value(both, "bmi") == pytest.approx(24.2, abs=0.05)
    assert not both.questions


def test_another_birth_date_is_refused_and_both_files_and_dates_are_named() -> None:
    with pytest.raises(DifferentPeople) as caught:
        merge([file("a.json"), file("b.json", born="1967-05-01")])
    sentence = str(caught.value).replace("\u00a0", " ")
    for words in ("a.json", "b.json", "1 May 1976", "1 May 1967"):
        assert words in sentence


@pytest.mark.parametrize("partial", ["1977", "1976-06"])
def test_a_partial_birth_date_that_contradicts_is_refused(partial: str) -> None:
    with pytest.raises(DifferentPeople):
        merge([file("a.json"), file("b.json", born=partial)])


def test_a_partial_birth_date_that_fits_is_completed_by_the_other_file() -> None:
    assert merge([file("a.json", born="1976"), file("b.json")]).patient.birth_date == BORN


def test_another_name_without_a_common_number_is_refused_though_the_birth_date_is_the_same() -> None:
    with pytest.raises(DifferentPeople, match=r"a\.json.*b\.json"):
        merge([file("a.json"), file("b.json", family="Nguyen", given="Linh", numbers=())])


@pytest.mark.parametrize(
    ("family", "given"),
    [
        ("MARLOW", "HELEN"),
        ("Marlow", "Helen Jane"),
        ("Helen", "Marlow"),
        ("Márlow", "Hélen"),
        ("", "Helen Marlow"),
        ("Marlow-Reed", "Helen"),
        ("Marlow", "Dr. Helen"),
    ],
)
def test_a_name_written_another_way_is_the_same_name(family: str, given: str) -> None:
    both = merge([file("a.json"), file("b.json", family=family, given=given, numbers=())])
    assert not both.questions


def test_an_initial_may_be_a_twin_s_and_is_asked_about_without_a_common_number() -> None:
    (question,) = merge([file("a.json"), file("b.json", given="H.", numbers=())]).questions
    assert question.code == "identity_unsure"
    assert not merge([file("a.json"), file("b.json", given="H.")]).questions


@pytest.mark.parametrize("given", ["Hannah", "Henry", "Helena"])
def test_twins_are_refused(given: str) -> None:
    with pytest.raises(DifferentPeople):
        merge([file("a.json"), file("b.json", given=given, numbers=())])


def test_chinese_names_are_compared_whole_and_never_with_latin_ones() -> None:
    one = file("a.json", family="林", given="慧敏", numbers=())
    assert not merge([one, file("b.json", family="", given="林慧敏", numbers=())]).questions
    (asked,) = merge([one, file("b.json", family="Lin", given="Huimin", numbers=())]).questions
    assert asked.code == "identity_unsure"
    with pytest.raises(DifferentPeople):
        merge([one, file("b.json", family="王", given="慧敏", numbers=())])


def test_two_record_numbers_of_one_numbering_are_asked_about() -> None:
    other = Identifier("urn:oid:1.2.3", "9999-1111", "MR")
    (asked,) = merge([file("a.json"), file("b.json", numbers=(other,))]).questions
    assert asked.code == "identity_unsure"


def test_chart_numbers_sent_as_social_security_numbers_tell_nobody_apart() -> None:
    one, two = (Identifier("urn:oid:2.16.840.1.113883.4.1", value, "SS") for value in ("T-10118", "58350859"))
    assert not merge([file("a.xml", numbers=(one,)), file("b.xml", numbers=(two,))]).questions


def test_a_file_without_a_birth_date_needs_number_and_name() -> None:
    assert not merge([file("a.json"), file("b.json", born="")]).questions
    assert merge([file("a.json"), file("b.json", born="", numbers=())]).questions[0].id == SAME_PERSON
    with pytest.raises(DifferentPeople):
        merge([file("a.json"), file("b.json", born="", family="Nguyen", given="Linh")])


def test_the_row_number_of_a_table_is_no_number_of_a_person() -> None:
    row = (Identifier("", "1"),)
    (asked,) = merge([file("a.csv", born="", numbers=row), file("b.csv", born="", numbers=row)]).questions
    assert asked.code == "identity_unsure"


def test_an_ambiguous_birth_date_is_settled_or_refused_by_the_other_file() -> None:
    text = Source("b.csv", text="05/01/1976")
    question = Question("q", "birth_date_ambiguous", "?", variable="age", source=text)
    other = replace(file("b.csv", born=""), questions=(question,))
    settled = merge([file("a.json"), other])
    assert settled.questions == ()
    assert settled.patient.birth_date == BORN
    with pytest.raises(DifferentPeople):
        merge([file("a.json", born="1976-06-01"), other])


def test_a_document_that_names_nobody_joins_the_person_it_lies_with() -> None:
    note = Document("d", "Letter", "application/pdf", "", Source("letter.pdf"))
    nobody: dict[str, Any] = {"family": "", "given": "", "born": "", "numbers": (), "sex": None, "id": ""}
    both = merge([file("a.json"), file("letter.pdf", note, **nobody)])
    assert [d.title for d in both.documents] == ["Letter"]
    assert not both.questions
    values = file("values.csv", build.observation("weight", 70.0, "kg"), **nobody)
    asked = merge([file("a.json"), values])
    assert asked.questions[0].id == SAME_PERSON
    assert value(asked, "weight") is None


# A changed name


def changed() -> list[Record]:
    return [
        file("a.json", build.observation("weight", 70.0, "kg"), document_date="2026-01-01"),
        file(
            "b.json",
            build.observation("weight", 90.0, "kg", time="2026-11-04"),
            build.observation("height", 170.0, "cm"),
            build.medication("Atorvastatin 40 mg"),
            allergy("No known allergies", negated=True),
            family="Reed",
            completeness={**build.COMPLETE, "allergies": Completeness.COMPLETE},
        ),
    ]


def test_a_changed_name_is_asked_and_until_then_the_later_file_feeds_no_model() -> None:
    asked = merge(changed())
    (question,) = asked.questions
    assert (question.id, question.code, question.variable) == (SAME_PERSON, "name_changed", "")
    assert [s.value for s in question.suggestions] == [True, False]
    assert {name for name, _who in question.facts} == {"a.json", "b.json"}
    assert asked.patient.family == "Marlow"
    assert value(asked, "weight") == 70.0
    assert value(asked, "height") is None
    waiting: list[Any] = [
        item for item in (*asked.observations, *asked.medications) if item.source.file == "b.json"
    ]
    assert waiting
    assert not any(item.usable for item in waiting)
    assert all("b.json" in item.unusable_reason for item in waiting)


def test_a_file_in_doubt_lets_nothing_be_assumed_absent_and_states_no_absence() -> None:
    asked = merge(changed())
    assert resolve(asked, "diabetes", as_of=build.AS_OF).gap is Gap.NOT_STATED
    assert asked.completeness["conditions"] is Completeness.PARTIAL
    assert not asked.allergies


def test_the_answer_that_it_is_the_same_person_takes_the_file_in() -> None:
    record = merge(changed(), same_person=True)
    assert record.patient.family == "Reed"
    assert value(record, "weight") == 90.0
    assert not record.open_questions
    assert record.answers[0].question == SAME_PERSON
    assert record.sha256 == merge(changed()).sha256


def test_the_answer_that_it_is_another_person_leaves_the_file_out() -> None:
    record = merge(changed(), same_person=False)
    assert record.patient.family == "Marlow"
    assert [o.value for o in record.observations] == [70.0]
    assert [note.location for note in record.unread] == ["b.json"]
    assert not record.open_questions
    assert record.completeness["conditions"] is Completeness.COMPLETE


def test_an_answer_that_only_closes_the_question_frees_no_value() -> None:
    asked = merge(changed())
    closed = asked.with_answer(Answer("", True, "", "", SAME_PERSON))
    assert value(closed, "height") is None


def test_a_file_without_a_name_does_not_bridge_two_names() -> None:
    nameless = file("c.json", build.observation("height", 170.0, "cm"), family="", given="")
    asked = merge([*changed(), nameless])
    assert asked.questions[0].code == "name_changed"
    assert value(asked, "height") is None


# What the files say together


def test_two_sexes_are_a_question_and_no_sex() -> None:
    record = merge([file("a.json"), file("b.json", sex="male")])
    assert record.patient.sex is None
    assert [q.code for q in record.questions] == ["sex_conflict"]
    assert resolve(record, "sex", as_of=build.AS_OF).gap is Gap.QUESTIONED


def test_who_died_by_one_file_is_dead() -> None:
    record = merge([file("a.json", deceased="2026-10-01"), file("b.json", document_date="2026-11-05")])
    assert record.patient.deceased == "2026-10-01"


def test_two_days_of_death_are_said() -> None:
    record = merge([file("a.json", deceased="2026-10-01"), file("b.json", deceased="2026-10-02")])
    assert "different days of death" in record.unread[0].reason


def test_ids_of_two_files_are_told_apart_and_questions_still_find_their_value() -> None:
    weight = build.observation("weight", 70.0, "kg", id="o1")
    question = Question("q:o1", "unit_conflict", "?", observation="o1", variable="weight")
    one = replace(file("a.json", weight), questions=(question,))
    both = merge([one, replace(file("b.json", weight), questions=(question,))])
    assert len({o.id for o in both.observations}) == 2
    assert {q.observation for q in both.questions} == {o.id for o in both.observations}
    assert len({q.id for q in both.questions}) == 2


def test_ids_that_differ_anyway_stay_as_they_are() -> None:
    one = file("a.json", build.observation("weight", 70.0, "kg", id="w"))
    two = file("b.json", build.observation("height", 170.0, "cm", id="h"))
    assert {o.id for o in merge([one, two]).observations} == {"w", "h"}


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        (("complete", "2026-01-01"), ("absent", "2026-02-01"), "complete"),
        (("complete", "2026-02-01"), ("partial", "2026-01-01"), "complete"),
        (("complete", "2026-01-01"), ("partial", "2026-02-01"), "partial"),
        (("complete", "2026-01-01"), ("partial", "2026-01-01"), "partial"),
        (("complete", "2026-01-01"), ("partial", ""), "partial"),
        (("complete", ""), ("partial", "2026-01-01"), "partial"),
        (("partial", "2026-01-01"), ("absent", "2026-02-01"), "partial"),
        (("absent", ""), ("absent", ""), "absent"),
    ],
)
def test_a_section_is_complete_only_where_no_partial_list_is_as_new(
    first: tuple[str, str], second: tuple[str, str], together: str
) -> None:
    files = [
        file(name, document_date=date, completeness={"conditions": Completeness(state)})
        for name, (state, date) in (("a.json", first), ("b.json", second))
    ]
    assert merge(files).completeness["conditions"] is Completeness(together)


def test_none_listed_carries_the_date_of_the_list_and_not_that_of_a_newer_file() -> None:
    old = file("a.json", document_date="2020-01-01")
    new = file("b.json", document_date="2026-11-01", completeness={})
    found = resolve(merge([old, new]), "diabetes", as_of=build.AS_OF)
    assert (found.value, found.time) == (0.0, "2020-01-01")


def test_what_one_file_lists_is_not_absent_because_another_list_lacks_it() -> None:
    diabetes = build.condition("Type 2 diabetes mellitus", (build.SNOMED, "44054006"))
    record = merge([file("a.json", diabetes, document_date="2020-01-01"), file("b.json")])
    assert value(record, "diabetes") == 1.0


# Contradictions


def test_a_drug_that_a_newer_file_stopped_is_kept_with_the_reason_and_not_used() -> None:
    taken = file("a.json", build.medication("Atorvastatin 40 mg"), document_date="2026-01-01")
    stopped = file("b.json", build.medication("Atorvastatin 40 mg", status="stopped"))
    record = merge([taken, stopped])
    active = next(m for m in record.medications if m.status == "active")
    assert not active.usable
    assert "b.json" in active.unusable_reason
    assert value(record, "statin") == 0.0


def test_a_drug_that_a_newer_file_lists_again_is_taken() -> None:
    stopped = file(
        "a.json", build.medication("Atorvastatin 40 mg", status="stopped"), document_date="2026-01-01"
    )
    record = merge([stopped, file("b.json", build.medication("Atorvastatin 40 mg"))])
    assert value(record, "statin") == 1.0


def test_a_new_course_after_the_end_of_an_old_one_is_no_contradiction() -> None:
    taken = file(
        "a.json", build.medication("Atorvastatin 40 mg", start="2026-01-05"), document_date="2026-02-01"
    )
    ended = file("b.json", build.medication("Atorvastatin 40 mg", status="stopped", end="2025-12-01"))
    assert value(merge([taken, ended]), "statin") == 1.0


def test_undated_contradictions_about_a_drug_are_asked_and_block_the_input() -> None:
    taken = file("a.json", build.medication("Atorvastatin 40 mg"), document_date="")
    stopped = file("b.json", build.medication("Atorvastatin 40 mg", status="stopped"))
    record = merge([taken, stopped])
    (question,) = record.questions
    assert (question.code, question.variable) == ("drug_conflict", "statin")
    assert resolve(record, "statin", as_of=build.AS_OF).gap is Gap.QUESTIONED
    answered = record.with_answer(Answer("statin", True, "", "", question.id))
    assert value(answered, "statin") == 1.0


def test_a_problem_that_a_newer_file_calls_resolved_states_no_fact_any_more() -> None:
    code = (build.SNOMED, "44054006")
    active = file("a.json", build.condition("Type 2 diabetes mellitus", code), document_date="2026-01-01")
    ended = file("b.json", build.condition("Type 2 diabetes mellitus", code, clinical_status="resolved"))
    assert value(merge([active, ended]), "diabetes") is None


def test_no_known_allergies_never_hides_an_allergy_of_another_file() -> None:
    none = file("b.json", allergy("No known allergies", negated=True), document_date="2026-11-09")
    record = merge([file("a.json", allergy("Penicillin")), none])
    assert "Penicillin" in [a.name for a in record.allergies]
    assert "Penicillin" in record.unread[0].reason


# Always


def test_the_same_file_twice_counts_once_and_that_is_said() -> None:
    one = file("a.json", build.observation("weight", 70.0, "kg"))
    copy = replace(one, file="copy.json")
    record = merge([one, copy])
    assert len(record.observations) == 1
    assert "copy.json" in record.cleaned[0].message


def everything(record: Record) -> tuple[object, ...]:
    parts = ("observations", "conditions", "medications", "allergies", "questions")
    lists = tuple(frozenset(getattr(record, name)) for name in parts)
    return (
        *lists,
        record.patient,
        dict(record.completeness),
        record.sha256,
        record.key,
        record.document_date,
    )


names = st.sampled_from(["Marlow", "MARLOW", "Reed"])
days = st.sampled_from(["", "2020", "2026-01-01", "2026-02-01"])
states = st.sampled_from(list(Completeness))
drugs = st.sampled_from(["active", "stopped"])
kilograms = st.floats(40, 120).map(lambda n: round(n, 1))


@st.composite
def files(draw: st.DrawFn) -> list[Record]:
    found = []
    for number in range(draw(st.integers(2, 4))):
        parts = [
            build.observation("weight", draw(kilograms), "kg", id="w", time=draw(days)),
            build.medication("Atorvastatin 40 mg", status=draw(drugs)),
        ]
        lists = {"conditions": draw(states), "medications": draw(states)}
        name, date = f"{number}.json", draw(days)
        found.append(file(name, *parts, family=draw(names), document_date=date, completeness=lists))
    return found


@given(files(), st.randoms(use_true_random=False), st.sampled_from([None, True, False]))
def test_the_order_of_files_changes_nothing(listed: list[Record], chance: Any, answer: bool | None) -> None:
    shuffled = listed.copy()
    chance.shuffle(shuffled)
    assert everything(merge(listed, same_person=answer)) == everything(merge(shuffled, same_person=answer))


@given(files(), st.integers(0, 3))
def test_a_file_given_twice_changes_nothing(listed: list[Record], again: int) -> None:
    assert everything(merge([*listed, listed[again % len(listed)]])) == everything(merge(listed))


births = st.sampled_from(["", "1976", "1976-05", "1976-05-01", "1976-05-02", "1977", "1980-01-01"])


@given(
    st.lists(st.tuples(births, names, st.booleans()), min_size=2, max_size=5), st.sampled_from([None, True])
)
def test_contradicting_birth_dates_are_never_in_one_record(
    people: list[tuple[str, str, bool]], answer: bool | None
) -> None:
    listed = [
        file(f"{n}.json", born=born, family=family, numbers=(MR,) if known else ())
        for n, (born, family, known) in enumerate(people)
    ]
    try:
        merge(listed, same_person=answer)
    except DifferentPeople:
        return
    stated = [born for born, _family, _known in people if born]
    assert all(a.startswith(b) or b.startswith(a) for a in stated for b in stated)
