"""Notes on a value from its course and from treatment: what a reader of the number has to know (SAFETY 10, 12)."""

from __future__ import annotations

from dataclasses import replace

from medgui.i18n import N_, _
from medgui.record.dates import moment, span
from medgui.record.facts import drugs
from medgui.record.index import Index
from medgui.record.model import Record
from medgui.record.value import Value

Notes = tuple[tuple[str, str], ...]

RISING = N_("Creatinine is rising (from {earlier} mg/dL within {days} days); an eGFR from it is not steady.")
BEFORE_STATIN = N_("Measured before the statin was started.")
OLDER_EQUATION = N_("This eGFR is by an older equation; no creatinine is there to compute it again.")

_LIPIDS = ("total_cholesterol", "hdl_cholesterol", "ldl_cholesterol", "non_hdl_cholesterol", "triglycerides")
_RISE_MG_DL, _RISE_DAYS = 0.3, 2
_RATIO, _RATIO_DAYS = 1.5, 7
"""KDIGO 2012 acute kidney injury guideline: ≥ 0.3 mg/dL in 48 hours, or ≥ 1.5 times baseline in 7 days."""


def notes(record: Record, index: Index, value: Value, as_of: str) -> Notes:
    """Cautions for a value that is used; empty for most."""
    if value.name == "creatinine":
        return _rising(index, value)
    if value.name in _LIPIDS:
        return _before_statin(record, value, as_of)
    return ()


def _rising(index: Index, value: Value) -> Notes:
    now, latest = moment(value.time)[0], value.value
    if not isinstance(latest, float):
        return ()
    for dated in index.by_variable.get("creatinine", ()):
        earlier, found = dated.observation.value, dated.observation
        days = now - dated.day
        if not (
            found.usable and isinstance(earlier, float) and found.unit == "mg/dL" and 0 <= days <= _RATIO_DAYS
        ):
            continue
        steep = days <= _RISE_DAYS and latest - earlier >= _RISE_MG_DL - 1e-9
        if earlier > 0 and (steep or latest / earlier >= _RATIO):
            words = _(RISING).format(earlier=f"{earlier:.2f}", days=max(int(days), 1))
            return (("creatinine_rising", words),)
    return ()


def _before_statin(record: Record, value: Value, as_of: str) -> Notes:
    measured = span(value.time)
    starts = [span(m.start) for m in drugs(record, "statin", as_of)]
    if measured and any(start and measured[1] < start[0] for start in starts):
        return (("before_statin", _(BEFORE_STATIN)),)
    return ()


def older_equation(value: Value) -> Value:
    """An eGFR by an older equation in the place of one by the current equation, with its caution."""
    return replace(value, name="egfr", cautions=(*value.cautions, ("older_equation", _(OLDER_EQUATION))))
