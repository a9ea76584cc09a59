"""What a value of a person is compared with: age, sex, other weights and heights, results that make it believable."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from medgui.record.dates import age_years, moment, span
from medgui.record.model import Observation, Record
from medgui.record.readings import as_understood
from medgui.record.variables import VARIABLES

GROWN = 20.0
"""Years from which a height is taken to stay."""
_COMPARABLE_DAYS, _COMPARABLE_DAYS_CHILD, _COMPARABLE_DAYS_INFANT = 730, 183, 31
_SIGN_DAYS = 30
_ASIDE = 3
"""So many neighbours in time are looked at, to pass over the value itself and its twin."""


class Past(NamedTuple):
    """One ordinary value of the person: ordinal of its day (-inf: no date), canonical number, id, unit as stated."""

    day: float
    value: float
    id: str
    unit: str


@dataclass(slots=True)
class Person:
    """What other values of the same person say. `values` holds the ordinary ones by standard name, in order of time."""

    sex: str | None
    birth: date | None
    chinese: bool
    values: dict[str, list[Past]] = field(default_factory=dict)

    def age(self, at: str) -> float | None:
        """Age in years on a day, None where it is not known."""
        when = span(at)
        return age_years(self.birth, when[0]) if self.birth and when else None

    def near(self, name: str, day: float, reach: float = math.inf, not_from: str = "") -> Past | None:
        """The value of *name* nearest in time within *reach* days; one without a date only where all else fails."""
        listed = self.values.get(name, [])
        place = bisect_left(listed, day, key=lambda past: past.day)
        before = next((p for p in reversed(listed[max(place - _ASIDE, 0) : place]) if p.id != not_from), None)
        after = next((p for p in listed[place : place + _ASIDE] if p.id != not_from), None)
        beside = [
            p for p in (before, after) if p is not None and (reach == math.inf or abs(p.day - day) <= reach)
        ]
        return min(beside, key=lambda p: abs(p.day - day) if math.isfinite(p.day) else math.inf, default=None)

    def height_at(self, day: float, age: float | None) -> float | None:
        """Height in cm that holds on a day: any of an adult's, a recent one of a child's or infant's."""
        found = self.near("height", day, math.inf if age is None or age >= GROWN else _child_days(age))
        return found.value if found else None

    def weight_near(self, day: float, age: float | None, not_from: str) -> Past | None:
        """Another weight that this one should be close to."""
        reach = _COMPARABLE_DAYS if age is None or age >= GROWN else _child_days(age)
        return self.near("weight", day, reach, not_from)

    def has_sign(self, signs: Iterable[tuple[str, float]], day: float) -> bool:
        """Whether a result within a month is at least as high as one of *signs* (variable, least)."""
        return any(
            past.value >= least and abs(past.day - day) <= _SIGN_DAYS
            for name, least in signs
            for past in self.values.get(name, ())
        )


def _child_days(age: float) -> float:
    return _COMPARABLE_DAYS_CHILD if age >= 2 else _COMPARABLE_DAYS_INFANT


def person_of(record: Record) -> Person:
    """Collect the ordinary values of the variables that others are compared with."""
    born = span(record.patient.birth_date)
    names = (record.patient.family, record.patient.given, *(o.name for o in record.observations[:20]))
    chinese = any("\u4e00" <= sign <= "\u9fff" for name in names for sign in name)
    person = Person(record.patient.sex, born[0] if born else None, chinese)
    wanted = _compared()
    for found in record.observations:
        if found.variable in wanted:
            past = _ordinary(found, person)
            if past is not None:
                person.values.setdefault(found.variable, []).append(past)
    for listed in person.values.values():
        listed.sort(key=lambda past: past.day)
    return person


def _compared() -> set[str]:
    signs = {name for variable in VARIABLES.values() for name, _ in variable.signs}
    return {"weight", "height", "bmi", *signs}


def _ordinary(found: Observation, person: Person) -> Past | None:
    variable = VARIABLES[found.variable]
    number = found.value
    if not found.usable or found.comparator or not isinstance(number, float) or not math.isfinite(number):
        return None
    reading = as_understood(found, variable)
    usual = variable.usual_range(person.sex, person.age(found.time))
    if reading is None or usual is None or not usual[0] <= reading.canonical <= usual[1]:
        return None
    return Past(moment(found.time)[0], reading.canonical, found.id, reading.unit)
