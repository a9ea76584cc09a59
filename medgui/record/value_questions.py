"""Questions about single values in words: what the file says, the likely answer first, what helps to decide."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from medgui.i18n import N_, _, format_date, format_number, localised, with_unit
from medgui.record.comparison import Person
from medgui.record.course import Jump
from medgui.record.dates import moment, span
from medgui.record.model import Observation, Question, Suggestion
from medgui.record.plausibility import Doubt
from medgui.record.readings import Reading, as_understood, exchanged_digits, written_number
from medgui.record.units import normalise, printed
from medgui.record.variables import VARIABLES, Variable

OTHER_UNIT = N_("{written}? {other} = {converted}")
WOULD_FIT = N_("{written}? {other} would be usual.")
IMPOSSIBLE = N_("{title} of {written} is not possible.")
NO_UNIT = N_("{title} {written}: in which unit? The file gives none.")
UNKNOWN_UNIT = N_("{title} {written}: the unit is unknown or does not fit.")
NOT_ITS_UNIT = N_("{title} {written}: the unit does not fit. {other} would be usual.")
SWAPPED = N_("Swapped? {first_title} {first}, {second_title} {second}")
JUMP = N_("{title} {written}? It was {other} on {date}.")
WRONG_DAY = N_("{title} {written}: {reason}. Is it this patient’s?")


def value_question(found: Observation, variable: Variable, doubt: Doubt, person: Person) -> Question:
    """The question about a value that does not fit its unit, its person or nature."""
    return Question(
        id=f"{doubt.code}:{found.id}",
        code=doubt.code,
        message=_message(found, variable, doubt),
        observation=found.id,
        variable=variable.name,
        suggestions=tuple(_suggestions(found, variable, doubt)),
        facts=tuple(_facts(found, variable, doubt, person)),
        source=found.source,
    )


def time_question(found: Observation, variable: Variable, reason: str) -> Question:
    """The question about a value of a day that cannot be; *reason* says why in words."""
    return Question(
        id=f"time_impossible:{found.id}",
        code="time_impossible",
        message=_(WRONG_DAY).format(title=localised(variable.title), written=_written(found), reason=reason),
        observation=found.id,
        variable=variable.name,
        suggestions=tuple(_as_it_stands(found, variable)),
        source=found.source,
    )


def jump_question(jump: Jump, variable: Variable) -> Question:
    """The question about a value that is too far from another one of the same person."""
    found, other = jump.found, jump.other
    when = span(other.time)
    shown = format_date(when[0]) if when else other.time
    return Question(
        id=f"value_jump:{found.id}",
        code="value_jump",
        message=_(JUMP).format(
            title=localised(variable.title), written=_written(found), other=_written(other), date=shown
        ),
        observation=found.id,
        variable=variable.name,
        suggestions=tuple(_as_it_stands(found, variable)),
        facts=(
            (_("{value} on {date}").format(value=localised(variable.title), date=shown), _written(other)),
        ),
        source=found.source,
    )


def swap_question(found: Observation, other: Observation) -> Question:
    """The question about one of two values that may stand in each other's place."""
    variable = VARIABLES[found.variable]
    number = written_number(other, VARIABLES[other.variable])
    suggestions = (
        [Suggestion(_figure(number, variable.unit, variable), number, variable.unit)] if number else []
    )
    first, second = sorted((found, other), key=lambda o: o.variable not in ("systolic_bp", "weight"))
    message = _(SWAPPED).format(
        first=_written(first),
        second=_written(second),
        first_title=localised(VARIABLES[first.variable].title),
        second_title=localised(VARIABLES[second.variable].title),
    )
    return Question(
        id=f"swapped:{found.id}",
        code="swapped",
        message=message,
        observation=found.id,
        variable=variable.name,
        suggestions=(*suggestions, *_as_it_stands(found, variable)),
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
        if len(doubt.readings) != 1 or normalise(found.unit_as_written) is None:
            return _(UNKNOWN_UNIT).format(title=title, written=written)
        other = _figure(doubt.readings[0].value, doubt.readings[0].unit, variable)
        return _(NOT_ITS_UNIT).format(title=title, written=written, other=other)
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
    if doubt.possible:
        yield from _as_it_stands(found, variable)


def _as_it_stands(found: Observation, variable: Variable) -> Iterator[Suggestion]:
    understood = as_understood(found, variable)
    if understood is not None:
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
    """What helps to decide: BMI of each reading of a weight, the other weight nearest in time, a slip of digits."""
    if variable.name != "weight":
        yield from _exchanged(found, variable, doubt, person)
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
    other = person.near("weight", when, not_from=found.id)
    if other:
        text = with_unit(format_number(other.value, 1), "kg")
        if other.day > 0:
            on = format_date(date.fromordinal(int(other.day)))
            text = _("{weight} on {date}").format(weight=text, date=on)
        yield _("Other weight"), text


def _exchanged(
    found: Observation, variable: Variable, doubt: Doubt, person: Person
) -> Iterator[tuple[str, str]]:
    understood = as_understood(found, variable)
    usual = variable.usual_range(person.sex, person.age(found.time))
    if doubt.readings or understood is None or usual is None:
        return
    for reading in exchanged_digits(understood, variable, usual)[:1]:
        yield _("If two digits were exchanged"), _figure(reading.value, reading.unit, variable)
