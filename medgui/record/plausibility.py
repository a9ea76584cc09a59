"""Does a value fit its unit and its person? Nothing is corrected here.

A doubt names the readings of the number that would be ordinary, the likely one first.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from medgui.record.comparison import Person
from medgui.record.dates import moment
from medgui.record.model import Observation
from medgui.record.readings import (
    Reading,
    as_understood,
    decimal_readings,
    only_reading,
    ordinary_readings,
    written_number,
)
from medgui.record.units import UnitError, convert, normalise, says_nothing
from medgui.record.variables import VARIABLES, Variable

CYTOSOL = frozenset(("er", "pgr"))
"""Receptors in fmol: a percentage of stained cells is another quantity, its number is never offered as fmol."""
_ADULT = 18.0
_BMI_POSSIBLE = (13.0, 60.0)
_BMI_LIKELY = (15.0, 50.0)
"""Outside, about 1 adult in 150 (NHANES 1999-2018): asked about where nothing but this height is to compare with."""
_BMI_COMMON = (17.0, 40.0)
_BMI_LIKELY_CHILD = ((2.0, 11.0, 24.0), (5.0, 11.0, 25.0), (12.0, 11.0, 33.0), (_ADULT, 12.5, 42.0))
"""Below which age, from, to: about 1 child in 200 lies outside (CDC 2000 charts, NHANES 1999-2018)."""
_BMI_LARGE_IN_JIN = 40.0
"""In a file in Chinese, kilograms that give a BMI above this are asked about: 斤 is the unit of everyday use."""
_WEIGHT_LARGE_IN_JIN = 110.0
_SAME = 0.12
_CHANGED = 0.30
_SAME_VISIT_DAYS = 7
_RANGE_FITS, _RANGE_BETTER = math.log(2.0), math.log(2.1)
"""A reference range was meant in another unit where its end is within a factor 2 of the textbook's there, and there at
least 2.1 times nearer than in the unit stated."""


class Doubt(NamedTuple):
    """Why a value is a question. `readings` would be ordinary, the likely one first; `possible`: it may stand."""

    code: str
    readings: tuple[Reading, ...] = ()
    possible: bool = True


def judge(found: Observation, variable: Variable, person: Person) -> Doubt | None:
    """Judge one usable number of the file; None where it is plausible as understood.

    斤 is offered in files in Chinese only, unless nothing else fits.
    """
    doubt = _judge(found, variable, person)
    if doubt is None or person.chinese:
        return doubt
    return doubt._replace(readings=tuple(r for r in doubt.readings if r.unit != "[jin]") or doubt.readings)


def _judge(found: Observation, variable: Variable, person: Person) -> Doubt | None:
    age = person.age(found.time)
    usual = variable.usual_range(person.sex, age)
    if usual is None or variable.possible is None:
        return None
    reading = as_understood(found, variable)
    if reading is None:
        number = written_number(found, variable)
        return None if number is None else _without_unit(found, variable, number, usual)
    if variable.name == "weight":
        doubt = _weight_doubt(found, reading, person, age)
        if doubt:
            return doubt
    if usual[0] <= reading.canonical <= usual[1]:
        return _meant_otherwise(found, variable, reading, person, age)
    possible = variable.possible[0] <= reading.canonical <= variable.possible[1]
    others = [r for r in ordinary_readings(variable, reading.value, usual, "") if r.unit != reading.unit]
    if others:
        return Doubt("unit_mismatch", tuple(_by_person(others, found, variable, person)), possible)
    moved = decimal_readings(reading, usual)
    if moved and reading.value:
        return Doubt("decimal_slip", tuple(moved), possible)
    return None if possible else Doubt("impossible_value", (), possible=False)


def _without_unit(
    found: Observation, variable: Variable, number: float, usual: tuple[float, float]
) -> Doubt | None:
    missing = says_nothing(found.unit_as_written)
    if variable.unit == "1" and missing:
        return None
    readings = ordinary_readings(variable, number, usual, found.code)
    if not missing:
        other = variable.name in CYTOSOL and normalise(found.unit_as_written) == "%"
        return Doubt("unit_unknown", () if other else tuple(readings), possible=False)
    if only_reading(variable, number, usual, found.code):
        return None
    return Doubt("unit_missing", tuple(readings), possible=False)


def _by_person(
    readings: list[Reading], found: Observation, variable: Variable, person: Person
) -> list[Reading]:
    """Put the reading first that fits the person's other weights or a BMI of 25; others keep their order."""
    if variable.name != "weight":
        return readings
    day, age = moment(found.time)[0], person.age(found.time)
    near = person.weight_near(day, age, found.id)
    height = person.height_at(day, age)
    expected = near.value if near else 25 * (height / 100) ** 2 if height else None
    if expected is None:
        return readings
    return sorted(readings, key=lambda r: abs(math.log(r.canonical / expected)))


# A value that is possible as stated, and everyday in the other usual unit


def _meant_otherwise(
    found: Observation, variable: Variable, reading: Reading, person: Person, age: float | None
) -> Doubt | None:
    """Bilirubin of 17 mg/dL: severe jaundice, or 17 µmol/L and normal? The file's own range and flag decide first."""
    everyday = variable.everyday
    if everyday is None or (age is not None and age < 1):
        return None
    other = _in_other_unit(variable, reading)
    if other is None or not everyday[0] <= other.canonical <= everyday[1]:
        return _by_range(found, variable, reading, other, everyday)
    by_range = _by_range(found, variable, reading, other, everyday)
    if by_range is not None:
        return by_range
    seldom = variable.seldom
    if (
        seldom is None
        or seldom[0] <= reading.canonical <= seldom[1]
        or _believed(found, variable, reading, person)
    ):
        return None
    return Doubt("unit_mismatch", (other,))


def _in_other_unit(variable: Variable, reading: Reading) -> Reading | None:
    """The number in the other unit that laboratories report, where that makes another value of it."""
    for unit in (variable.unit, variable.si.unit):
        try:
            canonical = convert(reading.value, unit, variable.unit, variable.name)
        except UnitError:
            continue
        if not math.isclose(canonical, reading.canonical, rel_tol=0.05):
            return Reading(reading.value, unit, canonical)
    return None


def _by_range(
    found: Observation,
    variable: Variable,
    reading: Reading,
    other: Reading | None,
    everyday: tuple[float, float],
) -> Doubt | None:
    """A reference range that is the textbook's in the other unit says that the unit is wrong."""
    top = found.reference_range[1] if found.reference_range else None
    if other is None or not top or top <= 0 or reading.canonical <= 0:
        return None
    factor = other.canonical / reading.canonical
    own, moved = abs(math.log(top / everyday[1])), abs(math.log(top * factor / everyday[1]))
    if moved <= _RANGE_FITS and own - moved >= _RANGE_BETTER:
        return Doubt("unit_mismatch", (other,))
    return None


def _believed(found: Observation, variable: Variable, reading: Reading, person: Person) -> bool:
    """Whether the file itself says that a seldom value is one: by its flag, its range, or other results."""
    everyday = variable.everyday or (0.0, 0.0)
    flag = found.interpretation.upper()
    if flag[:1] in ("H", "L") or flag in ("A", "AA", ">", "<"):
        return True
    low, high = found.reference_range or (None, None)
    if high and abs(math.log(high / everyday[1])) < _RANGE_FITS:
        return True
    if low and not high and everyday[0] and abs(math.log(low / everyday[0])) < _RANGE_FITS:
        return True
    return person.has_sign(variable.signs, moment(found.time)[0])


# Weight


def _weight_doubt(found: Observation, reading: Reading, person: Person, age: float | None) -> Doubt | None:
    """kg, lb and 斤: against the BMI of the day, other weights, and the height."""
    if reading.canonical <= 0:
        return None
    variable = VARIABLES["weight"]
    adult = age is None or age >= _ADULT
    lo, hi = (25.0, 250.0) if adult else variable.usual_range(person.sex, age) or (0.3, 250.0)
    others = [r for r in _weight_readings(reading) if lo <= r.canonical <= hi]
    day = moment(found.time)[0]
    height = person.height_at(day, age)
    near = person.weight_near(day, age, found.id)
    for expected in (_from_bmi(person, day, height), near.value if near else None):
        if expected is None:
            continue
        if abs(math.log(reading.canonical / expected)) <= math.log(1 + _CHANGED):
            independent = near is None or expected != near.value or near.unit != reading.unit
            if independent or height is None:
                return None
            return _by_bmi(reading, others, height, person, age, _BMI_POSSIBLE)
        fitting = [r for r in others if abs(r.canonical / expected - 1) <= _SAME]
        if fitting:
            return Doubt("unit_mismatch", tuple(fitting))
    if height is not None:
        return _by_bmi(reading, others, height, person, age, _BMI_LIKELY)
    if adult and person.chinese and reading.unit == "kg" and reading.canonical > _WEIGHT_LARGE_IN_JIN:
        return Doubt("unit_mismatch", tuple(r for r in others if r.unit == "[jin]"))
    return None


def _weight_readings(reading: Reading) -> list[Reading]:
    units = [unit for unit in ("kg", "[lb_av]", "[jin]") if unit != reading.unit]
    return [Reading(reading.value, unit, convert(reading.value, unit, "kg")) for unit in units]


def _from_bmi(person: Person, day: float, height: float | None) -> float | None:
    near = person.near("bmi", day, _SAME_VISIT_DAYS)
    return near.value * (height / 100) ** 2 if near and height else None


def _by_bmi(
    reading: Reading,
    others: list[Reading],
    height: float,
    person: Person,
    age: float | None,
    adults: tuple[float, float],
) -> Doubt | None:
    def bmi(kilograms: float) -> float:
        return kilograms / (height / 100) ** 2

    adult = age is None or age >= _ADULT
    usual = adults if adult else next((lo, hi) for below, lo, hi in _BMI_LIKELY_CHILD if (age or 0) < below)
    common = _BMI_COMMON if adult else usual
    chinese = person.chinese and reading.unit == "kg" and adult
    if usual[0] <= bmi(reading.canonical) <= (_BMI_LARGE_IN_JIN if chinese else usual[1]):
        return None
    fitting = [r for r in others if common[0] <= bmi(r.canonical) <= common[1]]
    if chinese:
        fitting.sort(key=lambda r: r.unit != "[jin]")
    else:
        fitting = [r for r in fitting if r.unit != "[jin]"] or fitting
    return Doubt("unit_mismatch", tuple(fitting)) if fitting else None
