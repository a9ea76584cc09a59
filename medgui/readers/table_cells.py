"""What a cell of a table says: numbers, comparators, units, dates. Ambiguous text is never settled by a guess."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from medgui.frozen import frozen
from medgui.readers.limits import LONGEST_NAME
from medgui.record.units import normalise

MISSING = frozenset({
    "", "na", "n/a", "n.a.", "null", "none", "nil", "nan", "-", "--", "---", "—", "/", ".", "?", "unknown", "not done",
    "missing", "pending", "#n/a", "k.a.", "n.b.", "未测", "未查", "未做", "缺失", "不详", "未知", "待查",
})  # fmt: skip
"""Texts that mean that there is no value, lower case. "ND" is none of them: it is "not done" or "not detected"."""

ERRORS = frozenset({"#VALUE!", "#REF!", "#DIV/0!", "#NUM!", "#NAME?", "#NULL!", "#SPILL!", "#GETTING_DATA"})
"""What a spreadsheet writes in a cell whose formula failed."""
_FLAGS = {
    "h": "H", "hh": "HH", "l": "L", "ll": "LL", "n": "N", "a": "A", "high": "H", "low": "L", "*": "A",
    "↑": "H", "↑↑": "HH", "↓": "L", "↓↓": "LL", "偏高": "H", "偏低": "L", "高": "H", "低": "L",
}  # fmt: skip
_COMPARATORS = {"<": "<", ">": ">", "<=": "<=", ">=": ">=", "≤": "<=", "≥": ">=", "=<": "<=", "=>": ">="}
_LEADING = re.compile(r"(?:(↑+|↓+|\*+)|(HH|LL|H|L)\s)\s*(?=[<>≤≥]?\s*\d)")
_NUMBER = re.compile(
    r"(?P<sign><=|>=|=<|=>|<|>|≤|≥)?\s*"
    r"(?P<figure>[+-]?\d[\d.,' ]*\d(?:e[+-]?\d{1,3})?|[+-]?\d(?:e[+-]?\d{1,3})?)\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_PLAIN_NUMBER = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,12})?")
_PRESSURES = re.compile(r"(\d{2,3})\s*/\s*(\d{2,3})\s*(mm\s*\[?hg\]?|毫米汞柱)?", re.IGNORECASE)
FINAL = frozenset({"f", "final", "c", "corrected", "amended", "正式", "已审核", "审核", "最终"})
PRELIMINARY = frozenset({"p", "prelim", "preliminary", "registered", "i", "r", "初步"})
SETTINGS = {
    "inpatient": "inpatient", "imp": "inpatient", "ip": "inpatient", "住院": "inpatient", "outpatient": "outpatient",
    "amb": "outpatient", "ambulatory": "outpatient", "op": "outpatient", "门诊": "outpatient", "emergency": "emergency",
    "emer": "emergency", "ed": "emergency", "er": "emergency", "急诊": "emergency", "home": "home", "家庭": "home",
}  # fmt: skip
"""Words for the status of a result and for the setting in which it was taken."""


@frozen
class Figure:
    """A number of a cell with what stands beside it; `problem` is a short reason where it is none.

    `text` is comparator and digits as written, with signs between thousands left out. `readings` are the two
    numbers that "1,234" may be, where `problem` is "ambiguous" and there are just two.
    """

    value: float | None
    text: str = ""
    comparator: str = ""
    unit: str = ""
    flag: str = ""
    problem: str = ""
    readings: tuple[float, ...] = ()


def is_missing(text: str) -> bool:
    """Whether a cell says that there is no value."""
    return text.strip().lower() in MISSING


_COMMA = re.compile(
    r"[+-]?(?:\d+,(?:\d{1,2}|\d{4,})|0,\d+|\d{1,3}(?:\.\d{3})+,\d+)(?![\d.,])|[+-]?\d{1,3}(?:\.\d{3}){2,}(?!\d)"
)
_DOT = re.compile(r"[+-]?(?:\d+\.\d+|\d{1,3}(?:,\d{3})+\.\d+)(?![\d.,])|[+-]?\d{1,3}(?:,\d{3}){2,}(?!\d)")
_DOTTED_DAY = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2,4}")
_TWO_READINGS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")


def decimal_sign(cells: Iterable[str]) -> str:
    """The decimal sign of cells: "," or "." where they show one, "both" where they differ, "" where none tells."""
    comma = dot = False
    for text in cells:
        if "," not in text and text.count(".") < (2 if dot else 1) and text.isascii():
            continue  # tells nothing, or nothing more
        plain = unicodedata.normalize("NFKC", text).strip().lstrip("<>=≤≥↑↓* ")
        if _COMMA.match(plain):
            comma = True
        elif _DOT.match(plain) and not _DOTTED_DAY.match(plain):
            dot = True
    return "both" if comma and dot else "," if comma else "." if dot else ""


def figure(text: str, decimal: str = ".") -> Figure | None:
    """Read a number with comparator, unit and flag; None where the cell does not start with a number.

    "1,234" is a number only where the table's decimal sign is known; else `problem` is "ambiguous".
    """
    if _PLAIN_NUMBER.fullmatch(text) and (decimal in ("", ".") or "." not in text):
        return Figure(float(text), text)
    plain = unicodedata.normalize("NFKC", text.replace("↑", " ↑").replace("↓", " ↓")).strip()
    leading = _LEADING.match(plain)
    found = _NUMBER.fullmatch(plain[leading.end() :] if leading else plain)
    if found is None:
        return None
    digits = found["figure"].strip()
    bare = digits.replace(" ", "").replace("'", "")
    value = _value(bare, decimal)
    unit, flag = _tail(found["rest"].strip())
    comparator = _COMPARATORS.get(found["sign"] or "", "")
    if unit is None:
        return Figure(None, problem="text")
    if leading:
        flag = flag or _FLAGS.get((leading[1] or leading[2]).lower(), "A")
    if value is None:
        readings = _both_readings(bare) if decimal not in (".", ",") or "." in bare else ()
        return Figure(None, comparator + digits, comparator, unit, flag, "ambiguous", readings)
    return Figure(value, comparator + _plain(digits, value), comparator, unit, flag)


def _both_readings(digits: str) -> tuple[float, ...]:
    """The number as a fraction and as thousands, where it can be both."""
    if not _TWO_READINGS.fullmatch(digits):
        return ()
    return (float(digits.replace(",", ".")), float(digits.replace(",", "").replace(".", "")))


def _plain(digits: str, value: float) -> str:
    """The digits as written, without signs between thousands, which nobody reads twice the same way."""
    return digits if re.fullmatch(r"[^ ']*", digits) and _simple(digits) == value else f"{value:.15g}"


def _simple(digits: str) -> float | None:
    try:
        return float(digits.replace(",", "."))
    except ValueError:
        return None


def _value(digits: str, decimal: str) -> float | None:
    if "," in digits:
        if (
            decimal == ","
            and digits.count(",") == 1
            and re.fullmatch(r"[+-]?(\d+|\d{1,3}(\.\d{3})+),\d+", digits)
        ):
            digits = digits.replace(".", "").replace(",", ".")
        elif decimal == "." and re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", digits):
            digits = digits.replace(",", "")
        else:
            return None
    elif decimal in (",", "both") and re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+", digits):
        return None
    try:
        value = float(digits)
    except ValueError:
        return None
    return value if abs(value) < 1e15 else None


def _tail(rest: str) -> tuple[str | None, str]:
    """Unit and flag behind a number; a unit of None where neither is understood."""
    if not rest:
        return "", ""
    if rest.lower() in _FLAGS:
        return "", _FLAGS[rest.lower()]
    if not re.search(r"[^\W\d_]|[%‰°]", rest):
        return None, ""
    if normalise(rest) is not None:
        return rest, ""
    unit, _space, flag = rest.rpartition(" ")
    if flag.strip("()").lower() in _FLAGS and (not unit or normalise(unit.strip()) is not None):
        return unit.strip(), _FLAGS[flag.strip("()").lower()]
    return None, ""


def pressures(text: str) -> tuple[float, float] | None:
    """Systolic and diastolic of "160/96 mmHg", or None."""
    found = _PRESSURES.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return (float(found[1]), float(found[2])) if found else None


# Dates

_ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?)?"
)
_CHINESE = re.compile(
    r"(\d{4})\s*年\s*(\d{1,2})\s*月(?:\s*(\d{1,2})\s*日)?(?:\s*(\d{1,2})[:时](\d{2})分?(?::(\d{2}))?)?"
)
_COMPACT = re.compile(r"((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:(\d{2})(\d{2})(\d{2})?)?")
_NAMED = re.compile(
    r"(\d{1,2})[ -.]*([A-Za-zä]{3,9})\.?[ -,]*(\d{4})(?:[, ]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?"
)
_NAMED_US = re.compile(r"([A-Za-zä]{3,9})\.? +(\d{1,2}),? +(\d{4})(?:[, ]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_PAIR = re.compile(
    r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?:[, ]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap]m)?)?",
    re.IGNORECASE,
)
_MORE_MONTHS = {"mär": 3, "mrz": 3, "mai": 5, "okt": 10, "dez": 12}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@frozen
class Day:
    """A date of a cell. `iso` is what is certain; `readings` are the two possible dates where it is ambiguous."""

    iso: str
    readings: tuple[str, ...] = ()


def date_order(cells: Iterable[str]) -> str:
    """The order of a column's dates: "dmy" or "mdy" where they can only be read so, "" where they do not tell."""
    order = ""
    for text in cells:
        found = _PAIR.match(text.strip())
        if found is None:
            continue
        first, second = int(found[1]), int(found[3])
        told = "dmy" if found[2] == "." or first > 12 >= second else "mdy" if second > 12 >= first else ""
        if told and order and told != order:
            return ""
        order = told or order
    return order


_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")


def clock(text: str) -> str:
    """The time of day "8:15" as "T08:15:00", "" where the cell holds none."""
    found = _CLOCK.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return (_clock(found.groups()) or "") if found else ""


def day(text: str, order: str = "", today: date | None = None) -> Day | None:
    """Read a date or date-time; None where it is none.

    "03/04/2026" is certain only as far as its year where *order* ("dmy", "mdy") is not known. Two-digit years
    are read as the last hundred years before *today*.
    """
    return _day(text, order, (today or date.today()).year) if len(text) <= LONGEST_NAME else None


@lru_cache(maxsize=4096)
def _day(text: str, order: str, this_year: int) -> Day | None:
    plain = unicodedata.normalize("NFKC", text).strip()
    for pattern in (_ISO, _CHINESE, _COMPACT):
        found = pattern.fullmatch(plain)
        if found:
            return _certain(found[1], found[2], found[3], found.groups()[3:])
    named = _named(plain)
    if named is not None:
        return named
    if re.fullmatch(r"(19|20)\d{2}", plain):
        return Day(plain)
    found = _PAIR.fullmatch(plain)
    return _paired(found, order, this_year) if found else None


def _named(plain: str) -> Day | None:
    found, month, number = _NAMED.fullmatch(plain), 2, 1
    if found is None:
        found, month, number = _NAMED_US.fullmatch(plain), 1, 2
    if found is None:
        return None
    word = found[month][:3].lower()
    place = _MONTHS.index(word) + 1 if word in _MONTHS else _MORE_MONTHS.get(word)
    return _certain(found[3], str(place), found[number], found.groups()[3:]) if place else None


def _certain(year: str, month: str, number: str | None, clock: tuple[str | None, ...]) -> Day | None:
    try:
        whole = date(int(year), int(month), int(number or 1))
    except ValueError:
        return None
    iso = whole.isoformat()
    if number is None:
        return Day(iso[:7])
    time = _clock(clock)
    return Day(iso + time) if time is not None else None


def _clock(parts: tuple[str | None, ...]) -> str | None:
    if not parts or parts[0] is None:
        return ""
    hour, minute = int(parts[0]), int(parts[1] or 0)
    zone = parts[3] if len(parts) > 3 and parts[3] else ""
    if zone.lower() in ("am", "pm"):
        hour, zone = hour % 12 + (12 if zone.lower() == "pm" else 0), ""
    if hour > 23 or minute > 59:
        return None
    second = f":{int(parts[2]):02d}" if len(parts) > 2 and parts[2] else ":00"
    if zone not in ("", "Z") and ":" not in zone:
        zone = f"{zone[:3]}:{zone[3:]}"
    return f"T{hour:02d}:{minute:02d}{second}{zone}"


def _paired(found: re.Match[str], order: str, this_year: int) -> Day | None:
    year = int(found[4])
    if len(found[4]) == 2:
        year += 2000 if 2000 + year <= this_year else 1900
    first, second, clock = found[1], found[3], found.groups()[4:]
    as_dmy = _certain(str(year), second, first, clock)
    as_mdy = _certain(str(year), first, second, clock)
    if found[2] == "." or order == "dmy":
        return as_dmy
    if order == "mdy" or as_dmy is None:
        return as_mdy
    if as_mdy is None or as_dmy == as_mdy:
        return as_dmy
    return Day(f"{year:04d}", (as_dmy.iso, as_mdy.iso))
