"""Inputs that come from several results of one kind: kidney disease from two eGFR, variability, mean pressure."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import replace

from medgui.record.asking import Asked, blank, derived_as
from medgui.record.dates import days_between, least_days_between, moment
from medgui.record.index import Index
from medgui.record.model import Observation, Origin
from medgui.record.value import Gap, Value
from medgui.record.variables import VARIABLES

ACUTE_SETTINGS = ("inpatient", "emergency")
REDUCED_EGFR = 60.0
CHRONIC_DAYS = 90
"""KDIGO 2024: under 60 mL/min/1.73 m² for more than three months (SAFETY 10)."""
SD_DAYS, SD_READINGS = 1826, 3
"""QRISK3 takes the standard deviation of the systolic readings of five years; two are not enough to tell it."""


def numbers(index: Index, name: str, as_of: str) -> Iterator[tuple[Observation, float]]:
    """Settled numbers of *name* up to the day, latest first; none that is doubtful, a limit, acute or undated."""
    variable = VARIABLES[name]
    for dated in index.by_variable.get(name, ()):
        found = index.settled(dated.observation, variable)
        if found is None or not found.usable or found.comparator or index.is_questioned(found, variable):
            continue
        if found.setting in ACUTE_SETTINGS or isinstance(found.value, bool | str) or found.value is None:
            continue
        days = days_between(found.time, as_of)
        if days is not None and days >= 0:
            yield found, float(found.value)


def reduced_egfr(index: Index, as_of: str) -> tuple[list[Observation], bool]:
    """The latest eGFR under 60 and those right before it, latest first; and whether they span three months."""
    both = [*numbers(index, "egfr", as_of), *numbers(index, "egfr_older", as_of)]
    both.sort(key=lambda pair: moment(pair[0].time), reverse=True)
    low: list[Observation] = []
    for found, value in both:
        if value >= REDUCED_EGFR:
            break
        low.append(found)
    if not low:
        return [], False
    return low, (least_days_between(low[-1].time, low[0].time) or 0) >= CHRONIC_DAYS


def kidney_disease(asked: Asked, own: Value) -> Value:
    """Yes where the eGFR was under 60 for three months; one reduced value is no proof of health."""
    low, chronic = reduced_egfr(asked.known, asked.as_of)
    if not low:
        return own
    if not chronic:
        return blank(asked)
    parts = [_value(found) for found in (low[0], low[-1])]
    return derived_as(asked, 1.0, parts)


def _value(found: Observation) -> Value:
    return Value(
        found.variable,
        found.value if isinstance(found.value, float) else None,
        found.unit,
        origin=found.origin,
        source=found.source,
        sources=(found.source,),
        time=found.time,
    )


def systolic_sd(asked: Asked, own: Value) -> Value:
    """Sample standard deviation of three or more clinic readings of the past five years (QRISK3)."""
    readings = {
        (found.time, value): found
        for found, value in numbers(asked.known, "systolic_bp", asked.as_of)
        if found.setting != "home" and (days_between(found.time, asked.as_of) or 0) <= SD_DAYS
    }
    if len(readings) < SD_READINGS:
        return own
    parts = [_value(found) for found in readings.values()]
    return derived_as(asked, statistics.stdev(value for _time, value in readings), parts)


def mean_arterial_pressure(asked: Asked, own: Value) -> Value:
    """The mean as measured, or a third of systolic and two thirds of diastolic pressure of one reading (SAFETY 9)."""
    limit = asked.limit
    measured = asked.ask("mean_bp", limit)
    if measured.known:
        return replace(measured, name=asked.variable.name, origin=Origin.DERIVED, derived_from=("mean_bp",))
    systolic, diastolic = (asked.ask(name, limit) for name in ("systolic_bp", "diastolic_bp"))
    if not isinstance(systolic.value, float) or not isinstance(diastolic.value, float):
        gap = next((v.gap for v in (systolic, diastolic) if v.gap is not Gap.NONE), Gap.MISSING)
        return blank(asked, gap)
    read = [value.time for value in (systolic, diastolic) if value.origin is not Origin.ENTERED]
    if len(set(map(moment, read))) > 1 or systolic.value < diastolic.value:
        return blank(asked, Gap.CONFLICT)
    return derived_as(asked, (systolic.value + 2 * diastolic.value) / 3, [systolic, diastolic])
