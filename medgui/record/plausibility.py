"""Does a value fit its unit and its person? Readings of a number in other units, and what is known to compare with.

Nothing is corrected here: a doubt names the readings that would be ordinary, the likely one first.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from medgui.record.dates import age_years, moment, span
from medgui.record.model import Observation, Record
from medgui.record.ucum import parse
from medgui.record.units import UnitError, compatible, convert, normalise
from medgui.record.variables import VARIABLES, Variable

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_ADULT = 18.0
_BMI_POSSIBLE = (13.0, 60.0)
_BMI_ORDINARY = (15.0, 50.0)
_BMI_LARGE_IN_JIN = 40.0
"""In a file in Chinese, kilograms that give a BMI above this are asked about: 斤 is the unit of everyday use."""
_WEIGHT_LARGE_IN_JIN = 110.0
_SAME = 0.12
_CHANGED = 0.30
_COMPARABLE_DAYS = 730


class Reading(NamedTuple):
    """A number taken in one unit (`value` `unit`), and what that is in the canonical unit."""

    value: float
    unit: str
    canonical: float


class Doubt(NamedTuple):
    """Why a value is a question. `readings` would be ordinary, the likely one first; `possible`: it may stand."""

    code: str
    readings: tuple[Reading, ...] = ()
    possible: bool = True


@dataclass(slots=True)
class Person:
    """What other values of the same person say: canonical numbers with the ordinal of their day."""

    sex: str | None
    birth: date | None
    chinese: bool
    weights: list[tuple[float, float, str]] = field(default_factory=list)
    heights: list[tuple[float, float, str]] = field(default_factory=list)
    bmis: list[tuple[float, float, str]] = field(default_factory=list)

    def age(self, at: str) -> float | None:
        """Age in years on a day, None where it is not known."""
        when = span(at)
        return age_years(self.birth, when[0]) if self.birth and when else None

    def height_at(self, day: float, age: float | None) -> float | None:
        """Height in cm that holds on a day: any of an adult's, one of the last 200 days of a child's."""
        near = [item for item in self.heights if age is None or age >= 20 or abs(item[0] - day) <= 200]
        return _nearest(near, day)

    def weight_near(self, day: float, not_from: str) -> float | None:
        """Another weight in kg within two years."""
        others = [w for w in self.weights if w[2] != not_from and abs(w[0] - day) <= _COMPARABLE_DAYS]
        return _nearest(others, day)


def _nearest(items: Iterable[tuple[float, float, str]], day: float) -> float | None:
    found = min(
        items, key=lambda item: abs(item[0] - day) if math.isfinite(item[0]) else math.inf, default=None
    )
    return found[1] if found else None


def person_of(record: Record) -> Person:
    """Collect what is needed to judge weights, heights and the rest."""
    born = span(record.patient.birth_date)
    names = (record.patient.family, record.patient.given, *(o.name for o in record.observations[:20]))
    person = Person(record.patient.sex, born[0] if born else None, any(_CHINESE.search(n) for n in names))
    lists = {"weight": person.weights, "height": person.heights, "bmi": person.bmis}
    for found in record.observations:
        kept = lists.get(found.variable)
        variable = VARIABLES.get(found.variable) if kept is not None else None
        number = found.value
        if kept is None or variable is None or not found.usable or found.comparator:
            continue
        if not isinstance(number, float) or not math.isfinite(number):
            continue
        reading = as_understood(found, variable)
        usual = variable.usual_range(person.sex, person.age(found.time))
        if reading and usual and usual[0] <= reading.canonical <= usual[1]:
            kept.append((moment(found.time)[0], reading.canonical, found.id))
    return person


def as_understood(found: Observation, variable: Variable) -> Reading | None:
    """The value in the unit that the file gives, or None where that unit is missing or does not fit."""
    if not isinstance(found.value, int | float) or isinstance(found.value, bool):
        return None
    value = float(found.value)
    unit = normalise(found.unit_as_written, variable.name) if found.unit_as_written else None
    fits = unit is not None and compatible(unit, variable.unit, variable.name)
    if unit is None or not fits:
        return Reading(value, variable.unit, value) if found.unit == variable.unit else None
    if found.unit == variable.unit:
        written = convert(value, variable.unit, unit, variable.name)
        return Reading(float(f"{written:.10g}"), unit, value)
    return Reading(value, unit, convert(value, unit, variable.unit, variable.name))


def written_number(found: Observation, variable: Variable) -> float | None:
    """The number as it stands in the file."""
    reading = as_understood(found, variable)
    if reading is not None:
        return reading.value
    value = found.value
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def ordinary_readings(
    variable: Variable, number: float, usual: tuple[float, float], code: str
) -> list[Reading]:
    """Readings of *number* in the units of the variable that give an ordinary value.

    A LOINC code of a concentration says mass or moles and decides between the two, unless nothing is left.
    """
    found = []
    for unit in variable.units():
        try:
            canonical = convert(number, unit, variable.unit, variable.name)
        except UnitError:
            continue
        if usual[0] <= canonical <= usual[1]:
            found.append(Reading(number, unit, canonical))
    found = [r for i, r in enumerate(found) if all(not _equal(r.canonical, o.canonical) for o in found[:i])]
    home = variable.usual_units.get(code, variable.unit)
    if code not in variable.codes or not parse(home).dimensions:
        return found
    return [r for r in found if compatible(r.unit, home)] or found


def only_reading(variable: Variable, number: float, usual: tuple[float, float], code: str) -> Reading | None:
    """The one ordinary reading of a number without a unit, where it is in a unit that laboratories report."""
    readings = ordinary_readings(variable, number, usual, code)
    reported = (variable.unit, variable.si.unit, variable.usual_units.get(code, ""))
    return readings[0] if len(readings) == 1 and readings[0].unit in reported else None


def _equal(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-6)


def decimal_readings(reading: Reading, usual: tuple[float, float]) -> list[Reading]:
    """The same unit with the decimal point one or two places on, where that is ordinary."""
    moved = [
        Reading(reading.value * f, reading.unit, reading.canonical * f) for f in (0.1, 10.0, 0.01, 100.0)
    ]
    return [r for r in moved if usual[0] <= r.canonical <= usual[1]][:1]


def judge(found: Observation, variable: Variable, person: Person) -> Doubt | None:
    """Judge one usable number of the file; None where it is plausible as understood.

    斤 is offered in files in Chinese only, unless nothing else fits.
    """
    doubt = _judge(found, variable, person)
    if doubt is None or person.chinese:
        return doubt
    return doubt._replace(readings=tuple(r for r in doubt.readings if r.unit != "[jin]") or doubt.readings)


def _judge(found: Observation, variable: Variable, person: Person) -> Doubt | None:
    number = written_number(found, variable)
    age = person.age(found.time)
    usual = variable.usual_range(person.sex, age)
    if number is None or usual is None or variable.possible is None:
        return None
    reading = as_understood(found, variable)
    if reading is None:
        return _without_unit(found, variable, number, usual)
    if variable.name == "weight" and (age is None or age >= _ADULT):
        doubt = _weight_doubt(found, variable, reading, person)
        if doubt:
            return doubt
    if usual[0] <= reading.canonical <= usual[1]:
        return None
    possible = variable.possible[0] <= reading.canonical <= variable.possible[1]
    others = [r for r in ordinary_readings(variable, number, usual, "") if r.unit != reading.unit]
    if others:
        return Doubt("unit_mismatch", tuple(_by_person(others, found, variable, person)), possible)
    moved = decimal_readings(reading, usual)
    if moved and number:
        return Doubt("decimal_slip", tuple(moved), possible)
    return None if possible else Doubt("impossible_value", (), possible=False)


def _without_unit(
    found: Observation, variable: Variable, number: float, usual: tuple[float, float]
) -> Doubt | None:
    if variable.unit == "1" and not found.unit_as_written:
        return None
    readings = ordinary_readings(variable, number, usual, found.code)
    if found.unit_as_written.strip():
        return Doubt("unit_unknown", tuple(readings), possible=False)
    if only_reading(variable, number, usual, found.code):
        return None
    return Doubt("unit_missing", tuple(readings), possible=False)


def _by_person(
    readings: list[Reading], found: Observation, variable: Variable, person: Person
) -> list[Reading]:
    """Put the reading first that fits the person's other weights or a BMI of 25; others keep their order."""
    if variable.name != "weight":
        return readings
    day = moment(found.time)[0]
    expected = person.weight_near(day, found.id)
    if expected is None:
        height = person.height_at(day, person.age(found.time))
        expected = 25 * (height / 100) ** 2 if height else None
    if expected is None:
        return readings
    return sorted(readings, key=lambda r: abs(math.log(r.canonical / expected)))


# Weight


def _weight_doubt(found: Observation, variable: Variable, reading: Reading, person: Person) -> Doubt | None:
    """kg, lb and 斤 of an adult: against the BMI of the day, other weights, and the height."""
    if reading.canonical <= 0:
        return None
    others = [r for r in _weight_readings(reading) if 25 <= r.canonical <= 250]
    day = moment(found.time)[0]
    height = person.height_at(day, person.age(found.time))
    for expected in (_from_bmi(person, day, height), person.weight_near(day, found.id)):
        if expected is None:
            continue
        if abs(math.log(reading.canonical / expected)) <= math.log(1 + _CHANGED):
            return None
        fitting = [r for r in others if abs(r.canonical / expected - 1) <= _SAME]
        if fitting:
            return Doubt("unit_mismatch", tuple(fitting))
    if height is not None:
        return _by_bmi(reading, others, height / 100, person)
    if person.chinese and reading.unit == "kg" and reading.canonical > _WEIGHT_LARGE_IN_JIN:
        return Doubt("unit_mismatch", tuple(r for r in others if r.unit == "[jin]"))
    return None


def _weight_readings(reading: Reading) -> list[Reading]:
    units = [unit for unit in ("kg", "[lb_av]", "[jin]") if unit != reading.unit]
    return [Reading(reading.value, unit, convert(reading.value, unit, "kg")) for unit in units]


def _from_bmi(person: Person, day: float, height: float | None) -> float | None:
    near = [item for item in person.bmis if abs(item[0] - day) <= 7]
    bmi = _nearest(near, day)
    return bmi * (height / 100) ** 2 if bmi and height else None


def _by_bmi(reading: Reading, others: list[Reading], height_m: float, person: Person) -> Doubt | None:
    def bmi(kilograms: float) -> float:
        return kilograms / height_m**2

    chinese = person.chinese and reading.unit == "kg"
    highest = _BMI_LARGE_IN_JIN if chinese else _BMI_POSSIBLE[1]
    if _BMI_POSSIBLE[0] <= bmi(reading.canonical) <= highest:
        return None
    fitting = [r for r in others if _BMI_ORDINARY[0] <= bmi(r.canonical) <= _BMI_ORDINARY[1]]
    if chinese:
        fitting.sort(key=lambda r: r.unit != "[jin]")
    else:
        fitting = [r for r in fitting if r.unit != "[jin]"] or fitting
    if not fitting:
        return None
    return Doubt("unit_mismatch", tuple(fitting))
