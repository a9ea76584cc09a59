"""ISO dates that may be partial ("1976", "1976-03"), ages and distances in days."""

from __future__ import annotations

import math
import re
from calendar import monthrange
from datetime import date, datetime
from functools import lru_cache

_ISO = re.compile(r"(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?(?:[T ].*)?")
_ZONED = re.compile(r"(?:Z|[+-]\d\d:?\d\d)$")
DAYS_IN_YEAR = 365.2425
"""Mean length of a Gregorian year."""


@lru_cache(maxsize=4096)
def span(iso: str) -> tuple[date, date] | None:
    """First and last day that an ISO date, date-time or part of a date ("2026-03") may mean; None for no date."""
    match = _ISO.fullmatch(iso.strip())
    if match is None:
        return None
    year, month, day_of_month = (int(part) if part else 0 for part in match.groups())
    try:
        if day_of_month:
            exact = date(year, month, day_of_month)
            return exact, exact
        if month:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        return date(year, 1, 1), date(year, 12, 31)
    except ValueError:
        return None


def day(iso: str) -> date | None:
    """The day of an ISO date or date-time as written (local to its place); None where it is not exact."""
    found = span(iso)
    return found[0] if found and found[0] == found[1] else None


def days_between(earlier: str, later: str) -> int | None:
    """Days from *earlier* to *later*, the largest that partial dates allow; None where one is no date."""
    start, end = span(earlier), span(later)
    return (end[1] - start[0]).days if start and end else None


def least_days_between(earlier: str, later: str) -> int | None:
    """Days from *earlier* to *later*, the smallest that partial dates allow; None where one is no date."""
    start, end = span(earlier), span(later)
    return (end[0] - start[1]).days if start and end else None


def completed_years(birth: date, at: date) -> int:
    """Age in completed years; a birthday on 29 February is kept on 1 March. Negative before birth."""
    return at.year - birth.year - ((at.month, at.day) < (birth.month, birth.day))


@lru_cache(maxsize=4096)
def age_years(birth: date, at: date) -> float:
    """Age as a fraction: completed years plus the share of the year since the last birthday."""
    whole = completed_years(birth, at)
    since = (at - _birthday(birth, birth.year + whole)).days
    length = (_birthday(birth, birth.year + whole + 1) - _birthday(birth, birth.year + whole)).days
    return whole + since / length


def _birthday(birth: date, year: int) -> date:
    try:
        return birth.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def age_range(birth_date: str, at: str) -> tuple[int, int] | None:
    """Lowest and highest age in completed years for a possibly partial birth date; None where one is no date."""
    born, when = span(birth_date), span(at)
    if born is None or when is None:
        return None
    return completed_years(born[1], when[0]), completed_years(born[0], when[1])


def moment(iso: str) -> tuple[float, str]:
    """Sort key of a time: day (a partial date counts as its first day), then the clock as written.

    No date sorts before every date.
    """
    found = span(iso)
    return (found[0].toordinal(), iso[11:19]) if found else (-math.inf, "")


def hours_between(one: str, other: str) -> float | None:
    """Hours between two times with a clock, however they are written; None where one is a day alone."""
    zoned = instant(one), instant(other)
    if zoned[0] is not None and zoned[1] is not None:
        return abs(zoned[0] - zoned[1]) / 3600
    try:
        clocks = [
            datetime.fromisoformat(time).replace(tzinfo=None) for time in (one, other) if len(time) > 10
        ]
    except ValueError:
        return None
    return abs((clocks[0] - clocks[1]).total_seconds()) / 3600 if len(clocks) == 2 else None


@lru_cache(maxsize=4096)
def instant(iso: str) -> float | None:
    """Seconds of the world's clock for a time with a clock and a zone ("2026-11-03T08:15:00+01:00"), else None."""
    if len(iso) < len("2026-11-03T08:15Z") or not _ZONED.search(iso):
        return None
    try:
        return datetime.fromisoformat(iso).timestamp()
    except (ValueError, OverflowError):
        return None
