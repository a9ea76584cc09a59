"""Values of an acute score: inpatient and emergency ones count, of one encounter within 24 hours (SAFETY 9, 10)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from medgui.frozen import replace
from medgui.inference.manifest import InputSpec
from medgui.record.dates import instant
from medgui.record.model import Origin
from medgui.record.value import Gap, Value
from medgui.record.variables import VARIABLES

HOURS = 24.0
DAYS = 1
_SLOW = frozenset(("weight", "height", "bmi", "waist", "body_surface_area"))
_LASTING = frozenset(("person", "expression", "history"))
_WEEK = 7


def changes_by_the_hour(name: str) -> bool:
    """Whether an input is measured anew in each encounter: vital signs and laboratory values, not height or habits."""
    variable = VARIABLES.get(name)
    if variable is None or variable.kind != "quantity" or name in _SLOW or variable.group in _LASTING:
        return False
    return variable.group != "score" or (variable.max_age_days or 9999) <= _WEEK


def acute_spec(spec: InputSpec) -> InputSpec:
    """The input of an acute score: what changes by the hour is at most a day old."""
    recent = spec.max_age_days is not None and spec.max_age_days <= DAYS
    if recent or not changes_by_the_hour(spec.name):
        return spec
    return replace(spec, max_age_days=min(spec.max_age_days or DAYS, DAYS))


def of_one_encounter(values: dict[str, Value]) -> None:
    """Take out the values that were measured more than 24 hours before the newest one, in place."""
    timed = {name: value for name, value in values.items() if _measured(name, value)}
    newest = max(_clocks(timed.values()), default=None)
    if newest is None:
        return
    for name, value in timed.items():
        if (newest - _clock(value.time)).total_seconds() > 3600 * HOURS:
            values[name] = replace(value, value=None, gap=Gap.CONFLICT)


def _measured(name: str, value: Value) -> bool:
    own = value.known and bool(value.time) and value.origin is not Origin.ENTERED
    return own and changes_by_the_hour(name) and _clock(value.time) != datetime.min


def _clocks(values: Iterable[Value]) -> list[datetime]:
    return [_clock(value.time) for value in values]


def _clock(time: str) -> datetime:
    """The moment of an ISO time; a time with a zone as on the world's clock; a day alone is its midnight."""
    at = instant(time)
    try:
        return (
            datetime.fromtimestamp(at).replace(tzinfo=None)
            if at is not None
            else datetime.fromisoformat(time)
        )
    except (ValueError, OverflowError, OSError):
        return datetime.min
