"""How often a drug is taken, in words, from the numbers and codes that files give; shared by all readers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from medgui.i18n import N_, _, format_list, format_number, ngettext

_RHYTHMS = {
    "QD": (1, 1, "d"), "OD": (1, 1, "d"), "BID": (2, 1, "d"), "TID": (3, 1, "d"), "QID": (4, 1, "d"),
    "QOD": (1, 2, "d"), "WK": (1, 1, "wk"), "MO": (1, 1, "mo"),
}  # fmt: skip
"""HL7 GTSAbbreviation: times in each period of a unit."""
_HOURLY = re.compile(r"Q(\d{1,2})H")
_TIMES_OF_DAY = {
    "AM": N_("in the morning"), "PM": N_("in the afternoon"), "BED": N_("at bedtime"), "HS": N_("at bedtime"),
    "WAKE": N_("on waking"), "C": N_("with meals"), "CM": N_("with breakfast"), "CD": N_("with lunch"),
    "CV": N_("with dinner"), "AC": N_("before meals"), "ACM": N_("before breakfast"), "ACD": N_("before lunch"),
    "ACV": N_("before dinner"), "PC": N_("after meals"), "PCM": N_("after breakfast"), "PCD": N_("after lunch"),
    "PCV": N_("after dinner"), "MORN": N_("in the morning"), "MORN.early": N_("early in the morning"),
    "MORN.late": N_("late in the morning"), "NOON": N_("at noon"), "AFT": N_("in the afternoon"),
    "EVE": N_("in the evening"), "NIGHT": N_("at night"), "PHS": N_("after sleep"), "IMD": N_("at once"),
}  # fmt: skip
"""HL7 TimingEvent, FHIR EventTiming and the usual short forms of prescriptions."""

_DAYS = {
    "mon": N_("Monday"), "tue": N_("Tuesday"), "wed": N_("Wednesday"), "thu": N_("Thursday"), "fri": N_("Friday"),
    "sat": N_("Saturday"), "sun": N_("Sunday"),
}  # fmt: skip


def code_in_words(code: str) -> str:
    """A timing code in words, "" where it is not known."""
    upper = code.strip().upper()
    hourly = _HOURLY.fullmatch(upper)
    rhythm = (1, int(hourly[1]), "h") if hourly else _RHYTHMS.get(upper)
    if rhythm:
        return rhythm_in_words(*rhythm)
    words = _TIMES_OF_DAY.get(code.strip()) or _TIMES_OF_DAY.get(upper, "")
    return _(words) if words else ""


def days_in_words(days: Iterable[str]) -> str:
    """Weekdays ("mon") in words; "" where there are none or one is not known."""
    listed = list(days)
    if not listed or any(day not in _DAYS for day in listed):
        return ""
    return _("on {days}").format(days=format_list([_(_DAYS[day]) for day in listed]))


def rhythm_in_words(times: float, period: float, unit: str, *, times_at_most: float = 0) -> str:
    """*times* in each *period* of *unit* (UCUM s, min, h, d, wk, mo, a) in words; "" where the unit is not known."""
    if times <= 0 or period <= 0 or unit not in ("s", "min", "h", "d", "wk", "mo", "a"):
        return ""
    if times == 1 and not times_at_most and period != 1:
        return _every(period, unit)
    shown = format_number(times, 0 if times == int(times) else 1)
    if times_at_most > times:
        shown += f"–{format_number(times_at_most, 0)}"
    once = times == 1 and not times_at_most
    if period == 1 and unit in ("h", "d", "wk", "mo", "a"):
        if once:
            return _(_ONCE[unit])
        return _(_TIMES[unit]).format(n=shown)
    return _("{n} times {every}").format(n=shown, every=_every(period, unit))


_ONCE = {
    "h": N_("once an hour"), "d": N_("once a day"), "wk": N_("once a week"), "mo": N_("once a month"),
    "a": N_("once a year"),
}  # fmt: skip
_TIMES = {
    "h": N_("{n} times an hour"), "d": N_("{n} times a day"), "wk": N_("{n} times a week"),
    "mo": N_("{n} times a month"), "a": N_("{n} times a year"),
}  # fmt: skip


def _every(period: float, unit: str) -> str:
    n = int(period) if period == int(period) else 2
    sentence = {
        "s": ngettext("every second", "every {n} seconds", n),
        "min": ngettext("every minute", "every {n} minutes", n),
        "h": ngettext("every hour", "every {n} hours", n),
        "d": ngettext("every day", "every {n} days", n),
        "wk": ngettext("every week", "every {n} weeks", n),
        "mo": ngettext("every month", "every {n} months", n),
        "a": ngettext("every year", "every {n} years", n),
    }[unit]
    return sentence.format(n=format_number(period, 0 if period == int(period) else 1))


def as_needed(what: str = "") -> str:
    """That a drug is taken when there is need, and for what."""
    return _("as needed for {reason}").format(reason=what) if what else _("as needed")
