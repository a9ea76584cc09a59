"""A number of the file as it is understood, and what it would be in the other units of its variable."""

from __future__ import annotations

import math
from typing import NamedTuple

from medgui.record.model import Observation
from medgui.record.ucum import parse
from medgui.record.units import UnitError, compatible, convert, normalise, says_nothing
from medgui.record.variables import Variable


class Reading(NamedTuple):
    """A number taken in one unit (`value` `unit`), and what that is in the canonical unit."""

    value: float
    unit: str
    canonical: float


def as_understood(found: Observation, variable: Variable) -> Reading | None:
    """The value in the unit that the file gives, or None where that unit is missing or does not fit."""
    if not isinstance(found.value, int | float) or isinstance(found.value, bool):
        return None
    value = float(found.value)
    unit = stated_unit(found.unit_as_written, variable)
    if unit is None:
        return Reading(value, variable.unit, value) if found.unit == variable.unit else None
    if found.unit == variable.unit:
        written = convert(value, variable.unit, unit, variable.name)
        return Reading(float(f"{written:.10g}"), unit, value)
    return Reading(value, unit, convert(value, unit, variable.unit, variable.name))


def stated_unit(unit_as_written: str, variable: Variable) -> str | None:
    """The UCUM unit that a file states for *variable*; None where it states none, or one that does not fit."""
    if variable.unit != "1" and says_nothing(unit_as_written):
        return None
    unit = normalise(unit_as_written, variable.name)
    return unit if unit is not None and compatible(unit, variable.unit, variable.name) else None


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
    found = [r for r in _readings(variable, number) if usual[0] <= r.canonical <= usual[1]]
    found = [r for i, r in enumerate(found) if all(not _equal(r.canonical, o.canonical) for o in found[:i])]
    home = variable.usual_units.get(code, variable.unit)
    if code not in variable.codes or not parse(home).dimensions:
        return found
    return [r for r in found if compatible(r.unit, home)] or found


def _readings(variable: Variable, number: float) -> list[Reading]:
    found = []
    for unit in variable.units():
        try:
            found.append(Reading(number, unit, convert(number, unit, variable.unit, variable.name)))
        except UnitError:
            continue
    return found


def only_reading(variable: Variable, number: float, usual: tuple[float, float], code: str) -> Reading | None:
    """The one ordinary reading of a number without a unit, where nothing else comes into question.

    It is in a unit that laboratories report, or the number is impossible in every other unit (98.6 of a temperature).
    Feet are none: 5.8 is as often written for 5 feet 8 inches.
    """
    readings = ordinary_readings(variable, number, usual, code)
    if len(readings) != 1 or variable.possible is None:
        return None
    (only,) = readings
    if only.unit == "[ft_i]":
        return None
    if only.unit in (variable.unit, variable.si.unit, variable.usual_units.get(code, "")):
        return only
    lo, hi = variable.possible
    others = [r for r in _readings(variable, number) if not _equal(r.canonical, only.canonical)]
    return None if any(lo <= r.canonical <= hi for r in others) else only


def _equal(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-6)


def decimal_readings(reading: Reading, usual: tuple[float, float]) -> list[Reading]:
    """The same unit with the decimal point one to three places on, where that is ordinary."""
    factors = (0.1, 10.0, 0.01, 100.0, 0.001, 1000.0)
    moved = [Reading(reading.value * f, reading.unit, reading.canonical * f) for f in factors]
    return [r for r in moved if usual[0] <= r.canonical <= usual[1]][:1]


def exchanged_digits(reading: Reading, variable: Variable, usual: tuple[float, float]) -> list[Reading]:
    """The same unit with two neighbouring digits of the whole number exchanged, where that is ordinary."""
    digits = f"{reading.value:.10g}"
    if not digits.isdigit() or not 2 <= len(digits) <= 4:
        return []
    found = []
    for place in range(len(digits) - 1):
        turned = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
        if turned != digits and turned[0] != "0":
            number = float(turned)
            found.append(
                Reading(number, reading.unit, convert(number, reading.unit, variable.unit, variable.name))
            )
    return [r for r in found if usual[0] <= r.canonical <= usual[1]]
