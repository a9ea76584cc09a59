"""Questions that a record raises: values that do not fit their unit or their person, and facts that are only hinted.

A question leaves its observation as written; no model uses the value until it is answered. `raise_questions`
can run again (after a change of language): its own questions are made anew under the same ids.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from medgui.i18n import N_, _, format_age, format_date, format_number, localised, with_unit
from medgui.record.comparison import Person, nearest, person_of
from medgui.record.dates import age_range, day, moment
from medgui.record.fact_questions import fact_questions
from medgui.record.model import Observation, Question, Record, Suggestion
from medgui.record.plausibility import Doubt, judge
from medgui.record.readings import Reading, as_understood, only_reading, written_number
from medgui.record.units import printed, says_nothing
from medgui.record.variables import VARIABLES, Variable

OWN_CODES = frozenset({
    "unit_mismatch", "unit_missing", "unit_unknown", "decimal_slip", "impossible_value", "swapped",
    "birth_date_partial", "birth_date_impossible", "fact_hinted", "diabetes_type_conflict",
})  # fmt: skip
"""Codes of the questions made here; those of readers ("sex_conflict", "unit_conflict") are kept as they are."""

OTHER_UNIT = N_("{written}? {other} = {converted}")
WOULD_FIT = N_("{written}? {other} would be usual.")
IMPOSSIBLE = N_("{title} of {written} is not possible.")
NO_UNIT = N_("{title} {written}: in which unit? The file gives none.")
UNKNOWN_UNIT = N_("{title} {written}: the unit is unknown or does not fit.")
SWAPPED = N_("Swapped? {first_title} {first}, {second_title} {second}")
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
    raised: list[Question] = []
    for pair in _swapped(observations, taken):
        raised.extend(pair)
    taken.update(q.observation for q in raised)
    for found in observations:
        if found.id not in taken:
            raised.extend(_of_value(found, person))
    raised.extend(_of_birth_date(record))
    doubtful = taken | {q.observation for q in raised if q.observation}
    restored = tuple(_as_written(o) if o.id in doubtful else o for o in observations)
    asked = replace(record, observations=restored, questions=(*kept, *raised))
    return replace(asked, questions=(*asked.questions, *fact_questions(asked)))


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


# One value


def _of_value(found: Observation, person: Person) -> Iterator[Question]:
    variable = _judged(found)
    if variable is None:
        return
    doubt = judge(found, variable, person)
    if doubt is None:
        return
    yield Question(
        id=f"{doubt.code}:{found.id}",
        code=doubt.code,
        message=_message(found, variable, doubt),
        observation=found.id,
        variable=variable.name,
        suggestions=tuple(_suggestions(found, variable, doubt)),
        facts=tuple(_facts(found, variable, doubt, person)),
        source=found.source,
    )


def _written(found: Observation) -> str:
    return with_unit(found.value_as_written, printed_as_written(found.unit_as_written))


def printed_as_written(unit: str) -> str:
    """A unit of the file as people read it: UCUM codes in print, other spellings as they stand."""
    return printed(unit) or unit


def _message(found: Observation, variable: Variable, doubt: Doubt) -> str:
    written, title = _written(found), localised(variable.title)
    if doubt.code == "unit_missing":
        return _(NO_UNIT).format(title=title, written=written)
    if doubt.code == "unit_unknown":
        return _(UNKNOWN_UNIT).format(title=title, written=written)
    if not doubt.readings:
        return _(IMPOSSIBLE).format(title=title, written=written)
    likely = doubt.readings[0]
    other = _figure(likely.value, likely.unit, variable)
    if doubt.code == "unit_mismatch" and likely.unit not in (variable.unit, variable.si.unit):
        return _(OTHER_UNIT).format(
            written=written, other=other, converted=_canonical_figure(likely, variable)
        )
    return _(WOULD_FIT).format(written=written, other=other)


def _suggestions(found: Observation, variable: Variable, doubt: Doubt) -> Iterator[Suggestion]:
    for reading in doubt.readings:
        label = _figure(reading.value, reading.unit, variable)
        if reading.unit not in (variable.unit, variable.si.unit):
            label = f"{label} = {_canonical_figure(reading, variable)}"
        yield Suggestion(label, reading.value, reading.unit)
    understood = as_understood(found, variable)
    if doubt.possible and understood is not None:
        label = _("{value}, as written").format(value=_written(found))
        yield Suggestion(label, understood.value, understood.unit)


def _figure(value: float, unit: str, variable: Variable) -> str:
    """A number in a unit, with the decimals of that unit where it is shown in one, else as short as it is."""
    for shown in (variable.conventional, variable.si):
        if shown.unit == unit and abs(value - round(value, shown.decimals)) < 1e-9:
            text = f"{round(value, shown.decimals):.10g}"
            return with_unit(text, printed(unit))
    return with_unit(f"{round(value, 6):.10g}", printed(unit))


def _canonical_figure(reading: Reading, variable: Variable) -> str:
    shown = variable.conventional
    return with_unit(format_number(reading.canonical, shown.decimals), printed(shown.unit))


def _facts(found: Observation, variable: Variable, doubt: Doubt, person: Person) -> Iterator[tuple[str, str]]:
    """What helps to decide about a weight: BMI of each reading, the other weight nearest in time."""
    if variable.name != "weight":
        return
    when = moment(found.time)[0]
    height = person.height_at(when, person.age(found.time))
    understood = as_understood(found, variable)
    readings = [*doubt.readings, *([understood] if understood else [])]
    for reading in readings:
        if height is None:
            break
        bmi = reading.canonical / (height / 100) ** 2
        name = _("BMI if {value}").format(value=_figure(reading.value, reading.unit, variable))
        yield name, format_number(bmi, 1)
    other = nearest((w for w in person.values.get("weight", ()) if w.id != found.id), when)
    if other:
        text = with_unit(format_number(other.value, 1), "kg")
        if other.day > 0:
            on = format_date(date.fromordinal(int(other.day)))
            text = _("{weight} on {date}").format(weight=text, date=on)
        yield _("Other weight"), text


# Pairs


def _swapped(observations: list[Observation], taken: set[str]) -> Iterator[tuple[Question, Question]]:
    """Systolic below diastolic, and weight and height in each other's place."""
    for first, second in _pairs(observations, "systolic_bp", "diastolic_bp", taken):
        if _value(first) <= _value(second):
            yield _swap(first, second)
    for first, second in _pairs(observations, "weight", "height", taken):
        if _would_swap(first, second):
            yield _swap(first, second)


def _pairs(
    observations: Iterable[Observation], one: str, other: str, taken: set[str]
) -> Iterator[tuple[Observation, Observation]]:
    """Values of one reading: the same panel, else the same time."""
    firsts: dict[tuple[str, str], Observation] = {}
    seconds: dict[tuple[str, str], Observation] = {}
    for found in observations:
        if found.variable not in (one, other) or found.id in taken or _judged(found) is None:
            continue
        kept = firsts if found.variable == one else seconds
        panel = found.id.partition("#")[0] if "#" in found.id else ""
        kept.setdefault((panel, found.time), found)
    for place, first in firsts.items():
        if place in seconds and _in_own_unit(first) and _in_own_unit(seconds[place]):
            yield first, seconds[place]


def _in_own_unit(found: Observation) -> bool:
    return found.unit == VARIABLES[found.variable].unit


def _value(found: Observation) -> float:
    return float(found.value) if isinstance(found.value, int | float) else 0.0


def _would_swap(weight: Observation, height: Observation) -> bool:
    kilograms, centimetres = _value(weight), _value(height)
    return 120 <= kilograms <= 220 and 35 <= centimetres <= 118 and kilograms > centimetres + 40


def _swap(first: Observation, second: Observation) -> tuple[Question, Question]:
    words = {}
    for key, found in (("first", first), ("second", second)):
        words[key] = _written(found)
        words[f"{key}_title"] = localised(VARIABLES[found.variable].title)
    message = _(SWAPPED).format(**words)
    return (_swap_question(first, second, message), _swap_question(second, first, message))


def _swap_question(found: Observation, other: Observation, message: str) -> Question:
    variable = VARIABLES[found.variable]
    number = written_number(other, VARIABLES[other.variable])
    own = as_understood(found, variable)
    suggestions = (
        [Suggestion(_figure(number, variable.unit, variable), number, variable.unit)] if number else []
    )
    if own is not None:
        label = _("{value}, as written").format(value=_written(found))
        suggestions.append(Suggestion(label, own.value, own.unit))
    return Question(
        id=f"swapped:{found.id}",
        code="swapped",
        message=message,
        observation=found.id,
        variable=variable.name,
        suggestions=tuple(suggestions),
        source=found.source,
    )


# Birth date


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
