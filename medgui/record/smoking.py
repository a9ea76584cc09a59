"""Smoking: one statement answers several inputs; how heavy a smoker is comes from a count alone (SAFETY 7)."""

from __future__ import annotations

from medgui.record.asking import Asked, blank, derived_as
from medgui.record.value import Gap, Value

COUNTED = ("light_smoker", "moderate_smoker", "heavy_smoker")
LIGHT_BELOW, MODERATE_BELOW = 10, 20
"""Cigarettes a day (QRISK3): light under 10, moderate 10 to 19, heavy from 20."""
IN_A_PACK = 20


def status(asked: Asked, own: Value) -> Value:
    """Never, former, or a current smoker of so many cigarettes; a smoker without a count is just that."""
    if own.known and own.value != "current_smoker":
        return own
    smoker = own if own.known else asked.ask("current_smoker")
    if own.known or smoker.value == 1.0:
        return _by_count(asked, smoker)
    if smoker.value == 0.0:
        kind = _answer(asked, smoker)
        return derived_as(asked, kind, [smoker]) if kind in ("ex_smoker", "non_smoker") else blank(asked)
    return blank(asked, smoker.gap if smoker.gap is not Gap.NONE else Gap.NOT_STATED)


def _by_count(asked: Asked, smoker: Value) -> Value:
    count = asked.ask("cigarettes_per_day")
    if isinstance(count.value, float) and count.value > 0:
        place = (count.value >= LIGHT_BELOW) + (count.value >= MODERATE_BELOW)
        return derived_as(asked, COUNTED[place], [smoker, count])
    kind = _answer(asked, smoker)
    return derived_as(asked, kind if kind in COUNTED else "current_smoker", [smoker])


def _answer(asked: Asked, smoker: Value) -> str:
    """What the entry says beyond yes and no."""
    found = (o for o in asked.record.observations if smoker.observation and o.id == smoker.observation)
    return next((o.answer for o in found), "")


def current(asked: Asked, own: Value) -> Value:
    """Yes or no from a status that the file or the doctor gives."""
    said = asked.direct("smoking_status")
    if not isinstance(said.value, str):
        return own
    smokes = said.value not in ("ex_smoker", "non_smoker")
    return derived_as(asked, float(smokes), [said])


def pack_years(asked: Asked, own: Value) -> Value:
    """Packs of twenty a day times years."""
    count, smoked = asked.ask("cigarettes_per_day"), asked.direct("smoking_years")
    if not isinstance(count.value, float) or not isinstance(smoked.value, float):
        return own
    return derived_as(asked, count.value / IN_A_PACK * smoked.value, [count, smoked])


def years(asked: Asked, own: Value) -> Value:
    """Years from pack-years and cigarettes a day."""
    count, packs = asked.ask("cigarettes_per_day"), asked.direct("pack_years")
    if not isinstance(count.value, float) or not isinstance(packs.value, float) or count.value <= 0:
        return own
    return derived_as(asked, packs.value * IN_A_PACK / count.value, [count, packs])
