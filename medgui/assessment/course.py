"""What the course of values over time says about a single one: a number can be right and yet not mean what it seems."""

from __future__ import annotations

from collections.abc import Iterable

from medgui.assessment import words
from medgui.assessment.finding import Caution, InputUsed
from medgui.assessment.value_rows import counting, figure_of
from medgui.i18n import _
from medgui.record.dates import days_between
from medgui.record.model import Record

RISE_48_HOURS = 0.3
"""mg/dL of creatinine within 48 hours (KDIGO 2012 definition of acute kidney injury)."""

RISE_7_DAYS = 1.5
"""Ratio of creatinine within 7 days (KDIGO 2012)."""

ROUNDING = 1e-9
"""Of binary fractions: 1.2 is a rise of 0.3 from 0.9."""

LIPIDS = ("total_cholesterol", "hdl_cholesterol", "ldl_cholesterol", "triglycerides")


def course_cautions(record: Record, inputs: Iterable[InputUsed], as_of: str) -> list[Caution]:
    """Say what the course of the record adds to the values in use."""
    used = {item.name: item for item in inputs if item.value is not None}
    found = []
    if "creatinine" in used and _creatinine_rises(record, used["creatinine"].time, as_of):
        sentence = _("Creatinine rose within days: the eGFR is not steady and may be too high.")
        found.append(Caution("creatinine_not_steady", sentence, "creatinine"))
    statin = used.get("statin")
    if statin is not None and statin.value == 1.0 and statin.time:
        older = [used[name] for name in LIPIDS if name in used and _is_older(used[name].time, statin.time)]
        if older:
            sentence = _("The lipids of {date} are older than the statin, which started on {start}.")
            text = sentence.format(date=words.when(older[0].time), start=words.when(statin.time))
            found.append(Caution("lipids_before_statin", text, older[0].name))
    return found


def _creatinine_rises(record: Record, time: str, as_of: str) -> bool:
    """Tell whether the value in use ends a rise of 0.3 mg/dL in 48 hours or to 1.5 times in 7 days."""
    series = [o for o in counting(record, as_of, "creatinine") if o.unit == "mg/dL"]
    series = [o for o in series if not time or o.time <= time]
    if not series:
        return False
    after = figure_of(series[-1])
    for earlier in series[:-1]:
        days, before = days_between(earlier.time, series[-1].time), figure_of(earlier)
        if days is not None and (
            (days <= 2 and after - before >= RISE_48_HOURS - ROUNDING)
            or (days <= 7 and after >= RISE_7_DAYS * before - ROUNDING and before > 0)
        ):
            return True
    return False


def _is_older(time: str, start: str) -> bool:
    """Tell whether a value is certainly older than the start of a drug, whose date may be partial."""
    return bool(time) and time[: len(start)] < start[:10]
