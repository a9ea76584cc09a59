"""What is decided about local codes before it is saved: steps, units, and what may be taken all at once."""

from dataclasses import replace

import pytest

from medgui.record.code_map import CodeMap, MapEntry, apply
from medgui.record.code_proposals import Proposal, proposals
from medgui.record.model import Coding, Observation, Patient, Record, Source
from medgui.record.questions import raise_questions
from medgui.ui.pages.codes.decisions import Decision, Decisions, needs_unit, taken_for, unambiguous, unfitting
from medgui.ui.pages.codes.texts import effect

LAB = "urn:local:LAB"


def value(
    number: float, unit: str, name: str, code: str, system: str = LAB, specimen: str = ""
) -> Observation:
    """A number under a local code, as a reader leaves it."""
    return Observation(
        id=f"{system}{code}{name}{number}", code=code, system=system, name=name, value=number, unit=unit,
        value_as_written=f"{number:g}", unit_as_written=unit, time="2026-11-03", source=Source("f.hl7"),
        codings=(Coding(code, system, name),), specimen=specimen,
    )  # fmt: skip


def record(*observations: Observation) -> Record:
    patient = Patient("1", birth_date="1976-01-01", sex="female")
    return Record(patient, "f.hl7", "hl7v2", "", as_of="2026-11-10", observations=observations)


def listed(*observations: Observation) -> tuple[Proposal, ...]:
    return proposals(record(*observations))


CREA = value(80, "umol/L", "Creatinine", "c")
K = value(4.1, "mmol/L", "Potassium", "k")


def test_steps_are_taken_back_and_again() -> None:
    found = Decisions()
    (one,) = listed(CREA)
    assert not found.undo()
    found.decide(one.key, Decision("creatinine"))
    found.decide(one.key, Decision("creatinine"))  # the same again is no step
    found.decide(one.key, Decision(""))
    assert found.undo()
    assert found.of(one.key) == Decision("creatinine")
    assert found.redo()
    assert found.of(one.key) == Decision("")
    found.undo()
    found.undo()
    assert found.of(one.key) is None
    assert not found.can_undo


def test_all_at_once_is_one_step_and_keeps_what_was_decided() -> None:
    codes = listed(CREA, K)
    found = Decisions()
    found.decide(codes[0].key, Decision(""))
    found.decide_all(unambiguous(codes, found))
    assert [found.of(each.key) for each in codes] == [Decision(""), Decision("potassium")]
    found.undo()
    assert [found.of(each.key) for each in codes] == [Decision(""), None]


@pytest.mark.parametrize(
    "observation",
    [
        value(80, "", "Creatinine", "c"),
        value(80, "kg", "Creatinine", "c"),
        value(80, "umol/L", "Creatinine level xy", "c"),
        value(90_000, "umol/L", "Creatinine", "c"),
        value(80, "umol/L", "Creatinine", "c", specimen="Urine"),
    ],
)
def test_doubtful_codes_are_not_taken_with_the_others(observation: Observation) -> None:
    assert unambiguous(listed(observation), Decisions()) == {}


def test_two_codes_of_one_laboratory_for_the_same_are_left_to_the_doctor() -> None:
    second = replace(CREA, id="2", code="cu", codings=(Coding("cu", LAB),))
    assert unambiguous(listed(CREA, second), Decisions()) == {}
    elsewhere = value(82, "umol/L", "Creatinine", "c", "urn:local:OTHER")
    assert len(unambiguous(listed(CREA, elsewhere), Decisions())) == 2


def test_a_unit_is_asked_for_where_values_come_without_one() -> None:
    (bare,) = listed(value(5.6, "", "HbA1c", "h"))
    assert taken_for(bare, "hba1c") == Decision("hba1c", None)
    (ratio,) = listed(value(1.1, "", "INR", "i"))
    assert not needs_unit(ratio, "inr")
    found = Decisions()
    found.decide(bare.key, taken_for(bare, "hba1c"))
    assert found.without_unit([bare]) == (bare.key,)
    assert found.without_unit([ratio]) == ()
    found.decide(bare.key, Decision("hba1c", "%"))
    assert found.without_unit([bare]) == ()
    assert [entry.unit for entry in found.entries([bare], "2026-11-10")] == ["%"]


def test_a_unit_that_does_not_fit_is_named() -> None:
    (one,) = listed(value(80, "kg", "Creatinine", "c"))
    assert unfitting(one, "creatinine") == ("kg",)
    assert unfitting(one, "weight") == ()


def test_an_entry_of_a_decision_is_found_under_the_code() -> None:
    (one,) = listed(CREA)
    found = Decisions()
    found.decide(one.key, taken_for(one, "creatinine"))
    entries = found.entries([one], "2026-11-10T08:00:00+01:00")
    assert [(each.key, each.at[:10]) for each in entries] == [(one.key, "2026-11-10")]
    assert apply(record(CREA), CodeMap(entries)).observations[0].variable == "creatinine"


def test_the_effect_counts_used_waiting_and_lost_values() -> None:
    before = record(CREA, K, value(82, "kg", "Creatinine", "c"))
    entry = MapEntry(LAB, "c", "Creatinine", "creatinine")
    after = raise_questions(apply(before, CodeMap((entry,))))
    assert effect(before, after) == "1 value is used now. 1 value waits for an answer on the Record page."
    assert effect(after, before) == "2 values are not used any more."
    assert effect(before, before) == "No value of the open record changes."
