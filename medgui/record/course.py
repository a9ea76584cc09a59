"""Values over time that do not fit together: dates outside a life, and changes that a body does not make."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

from medgui.i18n import N_, _, format_date
from medgui.record.comparison import GROWN
from medgui.record.dates import DAYS_IN_YEAR, age_years, moment, span
from medgui.record.model import Observation, Record
from medgui.record.swapped import number_of
from medgui.record.variables import VARIABLES

BEFORE_BIRTH = N_("dated {date}, before the birth")
AFTER_DEATH = N_("dated {date}, after the death")
IN_FUTURE = N_("dated {date}, which is still to come")

_ONE_DAY = timedelta(days=1)
"""Time zones may move a day."""
_ACUTE = ("inpatient", "emergency")
_WEIGHT_DAYS, _WEIGHT_RATIO = 7, 1.3
_CREATININE_DAYS, _CREATININE_RATIO = 7, 5.0
_HEIGHT_CM, _SHRINKING_CM_A_YEAR = 5.0, 0.5


def misplaced(time: str, record: Record) -> str:
    """Why a result cannot be of this day, in words; "" where it can."""
    when = span(time)
    if when is None:
        return ""
    born, died = span(record.patient.birth_date), span(record.patient.deceased)
    if born and when[1] < born[0] - _ONE_DAY:
        return _(BEFORE_BIRTH).format(date=format_date(when[0]))
    if died and when[0] > died[1] + _ONE_DAY:
        return _(AFTER_DEATH).format(date=format_date(when[0]))
    known = (span(day) for day in (record.read_at, record.as_of, record.document_date))
    last = max((day[1] for day in known if day), default=None)
    if last and when[0] > last + _ONE_DAY:
        return _(IN_FUTURE).format(date=format_date(when[0]))
    return ""


class Jump(NamedTuple):
    """A value and the other of the same person that it does not go with."""

    found: Observation
    other: Observation


def jumps(observations: Iterable[Observation], record: Record) -> Iterator[Jump]:
    """Weights, adult heights and creatinines that change more than a body does; one for each value.

    *observations* are usable numbers in their canonical units. Of three or more, the value is named that is far
    from the others; of two, the later one.
    """
    series: dict[str, list[Observation]] = {"weight": [], "height": [], "creatinine": []}
    for found in observations:
        if found.variable in series and found.unit == VARIABLES[found.variable].unit and span(found.time):
            series[found.variable].append(found)
    for listed in series.values():
        listed.sort(key=lambda found: moment(found.time))
    outpatient = [found for found in series["creatinine"] if found.setting not in _ACUTE]
    pairs = [
        *_steep(series["weight"], _WEIGHT_DAYS, _WEIGHT_RATIO),
        *_steep(outpatient, _CREATININE_DAYS, _CREATININE_RATIO),
        *_heights(series["height"], record),
    ]
    named: set[str] = set()
    for jump in pairs:
        if jump.found.id not in named and jump.other.id not in named:
            named.add(jump.found.id)
            yield jump


def _steep(listed: list[Observation], days: int, ratio: float) -> Iterator[Jump]:
    """Neighbours within *days* of which one is *ratio* times the other."""
    for earlier, later in pairwise(listed):
        one, two = number_of(earlier), number_of(later)
        near = moment(later.time)[0] - moment(earlier.time)[0] <= days
        if near and one > 0 and two > 0 and abs(math.log(two / one)) >= math.log(ratio):
            yield _further_out(earlier, later, listed)


def _further_out(earlier: Observation, later: Observation, listed: list[Observation]) -> Jump:
    others = [number_of(o) for o in listed if o is not earlier and o is not later]
    if others:
        middle = sorted(others)[len(others) // 2]
        if abs(number_of(earlier) - middle) > abs(number_of(later) - middle):
            return Jump(earlier, later)
    return Jump(later, earlier)


def _heights(listed: list[Observation], record: Record) -> Iterator[Jump]:
    """Heights of an adult more than 5 cm apart; half a centimetre a year may be lost."""
    born = span(record.patient.birth_date)
    if born is None:
        return
    grown = [o for o in listed if (when := span(o.time)) and age_years(born[1], when[0]) >= GROWN]
    for earlier, later in pairwise(grown):
        gained = number_of(later) - number_of(earlier)
        years = (moment(later.time)[0] - moment(earlier.time)[0]) / DAYS_IN_YEAR
        if gained > _HEIGHT_CM or -gained > _HEIGHT_CM + _SHRINKING_CM_A_YEAR * years:
            yield _further_out(earlier, later, grown)
