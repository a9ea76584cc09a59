"""Questions that a record raises: values that do not fit their unit or their person, and facts that are only hinted.

A question leaves its observation as written; no model uses the value until it is answered. `raise_questions`
can run again (after a change of language): its own questions are made anew under the same ids.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace

from medgui.i18n import N_, _, format_age
from medgui.record.comparison import Person, person_of
from medgui.record.course import jumps, misplaced
from medgui.record.dates import age_range, day
from medgui.record.fact_questions import fact_questions
from medgui.record.model import Observation, Question, Record, Suggestion
from medgui.record.plausibility import judge
from medgui.record.readings import as_understood, only_reading, written_number
from medgui.record.swapped import swapped
from medgui.record.units import says_nothing
from medgui.record.value_questions import jump_question, swap_question, time_question, value_question
from medgui.record.variables import VARIABLES, Variable

OWN_CODES = frozenset({
    "unit_mismatch", "unit_missing", "unit_unknown", "decimal_slip", "impossible_value", "swapped", "value_jump",
    "time_impossible", "birth_date_partial", "birth_date_impossible", "fact_hinted", "diabetes_type_conflict",
})  # fmt: skip
"""Codes of the questions made here; those of readers ("sex_conflict", "unit_conflict") are kept as they are."""

BORN = N_("Born {date}, day not stated: {low} or {high} years old?")
BORN_LATER = N_("Born {date}, after the day of the visit: how old is the patient?")
TOO_OLD = N_("Born {date}, {age} years old? Check the birth date and enter the age.")
OLDEST = 122
"""The highest age in completed years that was ever documented (Jeanne Calment, 1875-1997)."""


def raise_questions(record: Record) -> Record:
    """Return the record with its plausibility questions; the values concerned stand as written.

    A number without a unit that is ordinary in one unit alone takes that unit (`resolve` says so).
    """
    kept = [q for q in record.questions if q.code not in OWN_CODES]
    taken = {q.observation for q in kept if q.observation}
    person = person_of(record)
    observations = [_with_only_unit(found, person) for found in record.observations]
    raised = list(_of_values(observations, record, person, taken))
    raised.extend(_of_birth_date(record))
    doubtful = taken | {q.observation for q in raised if q.observation}
    restored = tuple(_as_written(o) if o.id in doubtful else o for o in observations)
    asked = replace(record, observations=restored, questions=(*kept, *raised))
    return replace(asked, questions=(*asked.questions, *fact_questions(asked)))


def _of_values(
    observations: list[Observation], record: Record, person: Person, taken: set[str]
) -> Iterator[Question]:
    """At most one question a value: exchanged, then doubtful by itself, then by its date, then by the others."""
    asked = set(taken)
    judged = [found for found in observations if _judged(found) is not None]

    def open_ones() -> Iterable[Observation]:
        return (found for found in judged if found.id not in asked)

    for first, second in swapped(open_ones()):
        yield swap_question(first, second)
        yield swap_question(second, first)
        asked.update((first.id, second.id))
    for found in list(open_ones()):
        variable = VARIABLES[found.variable]
        doubt = judge(found, variable, person)
        why = "" if doubt else misplaced(found.time, record)
        if doubt or why:
            asked.add(found.id)
            yield (
                value_question(found, variable, doubt, person)
                if doubt
                else time_question(found, variable, why)
            )
    for jump in jumps(open_ones(), record):
        yield jump_question(jump, VARIABLES[jump.found.variable])


def _judged(found: Observation) -> Variable | None:
    """The variable of a number that can be judged."""
    variable = VARIABLES.get(found.variable)
    if variable is None or variable.kind != "quantity" or not found.usable or found.comparator:
        return None
    value = found.value
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return variable if is_number else None


def _as_written(found: Observation) -> Observation:
    variable = _judged(found)
    if variable is None:
        return found
    return replace(found, value=written_number(found, variable), unit=found.unit_as_written)


def _with_only_unit(found: Observation, person: Person) -> Observation:
    """Give a number without a unit the only one in which it is ordinary; bring understood ones to canonical."""
    variable = _judged(found)
    if variable is None or found.unit == variable.unit:
        return found
    reading = as_understood(found, variable)
    if reading is not None:
        return replace(found, value=reading.canonical, unit=variable.unit)
    number = written_number(found, variable)
    usual = variable.usual_range(person.sex, person.age(found.time))
    if number is None or usual is None or not says_nothing(found.unit_as_written):
        return found
    if variable.unit == "1":
        return replace(found, value=number, unit="1")
    only = only_reading(variable, number, usual, found.code)
    return replace(found, value=only.canonical, unit=variable.unit) if only else found


def _of_birth_date(record: Record) -> Iterator[Question]:
    """A birth date that cannot be right, or a partial one that leaves the age on the day of the visit open."""
    written = record.patient.birth_date
    at = record.as_of or record.document_date or record.read_at
    years = age_range(written, at)
    if not written or years is None:
        return
    if years[1] < 0 or (years[0] > OLDEST and not record.patient.deceased):
        message = _(BORN_LATER) if years[1] < 0 else _(TOO_OLD)
        yield Question(
            id="birth_date_impossible",
            code="birth_date_impossible",
            message=message.format(date=written, age=years[0]),
            variable="age",
            source=record.patient.source,
        )
        return
    if day(written) is not None or years[0] == years[1]:
        return
    yield Question(
        id="birth_date_partial",
        code="birth_date_partial",
        message=_(BORN).format(date=written, low=years[0], high=years[1]),
        variable="age",
        suggestions=tuple(Suggestion(format_age(age), float(age), "a") for age in (years[1], years[0])),
        source=record.patient.source,
    )
