"""HL7 v2 data types: times, codes, names, identifiers, numbers, normal ranges."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from medgui.frozen import frozen
from medgui.i18n import _
from medgui.readers.hl7_text import Part, Segment
from medgui.readers.limits import clean, shortened
from medgui.readers.measured import PlainNumber, plain_number
from medgui.readers.systems import hl7_system
from medgui.record.model import Coding, Identifier, Unread

_TIME = re.compile(
    r"(\d{4})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2}))?)?(?:\.\d{1,6})?)?)?)?([+-]\d{4})?"
)
_ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?"
)


def iso_time(text: str) -> str | None:
    """An HL7 time ("20261103", "202611030815+0100") as ISO, as exact as it is written; None where it is none.

    A clock of only zeros counts as a date alone: systems without a clock write it. A time of ISO itself is taken too.
    """
    found = _TIME.fullmatch(text) or _ISO.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if int(year) < 1800:
        return None
    whole = "-".join(part for part in (year, month, day) if part)
    if hour is None or not int(f"{hour}{minute or 0}{second or 0}"):
        return whole
    if int(hour) > 23 or int(minute or 0) > 59 or int(second or 0) > 59:
        return None
    clock = f"{hour}:{minute or '00'}:{second or '00'}"
    return f"{whole}T{clock}{_zone(zone)}"


def _zone(zone: str | None) -> str:
    if not zone or zone == "Z":
        return zone or ""
    return f"{zone[:3]}:{zone[-2:]}"


def time_of(segment: Segment, number: int, unread: list[Unread], section: str = "") -> str:
    """The ISO time in a field; "" where it holds none, with a note where it holds something else."""
    text = segment.text(number)
    found = iso_time(text) if text else ""
    if found is None:
        unread.append(segment.not_read(_("“{text}” is not a date.").format(text=text[:40]), section))
    return found or ""


# Codes


def codings(parts: Iterable[Part], system: str = "") -> tuple[Coding, ...]:
    """Codes of a coded element: its own three components and the alternate three, of every repetition.

    *system* is where another field names the coding system of a code that names none.
    """
    found: list[Coding] = []
    for part in parts:
        for first in (1, 4, 10):
            code, shown, named = (part.text(first + step) for step in range(3))
            if code and (first != 10 or named):
                found.append(Coding(code, hl7_system(named or (system if first == 1 else "")), shown))
    return tuple(dict.fromkeys(found))


def concept_text(part: Part) -> str:
    """The words of a coded element: what was written first, else its text, its alternate text, or its code."""
    for component in (9, 2, 5, 1, 4):
        text = part.text(component)
        if text and not (component == 9 and len(text) < 3):
            return text
    return ""


# People


@frozen
class Name:
    """A name of a person and whether a better one may stand beside it (0 is best)."""

    family: str
    given: str
    rank: int


_NAME_KINDS = {
    "L": 0, "R": 1, "D": 1, "C": 1, "CURRENT": 1, "U": 1, "": 1, "I": 2, "B": 2, "M": 3, "BAD": 5, "NOUSE": 5,
    "MSK": 5, "NAV": 5, "TEMP": 5,
}  # fmt: skip
"""Table 0200. Legal, then usual, birth and maiden names; aliases (4) after them, withdrawn ones last."""
_OVER = 10


def names(parts: Iterable[Part], today: date) -> list[Name]:
    """Names of a field, the one to show first: legal before others, names that were given up last."""
    found = []
    for part in parts:
        family, given = part.text(1), " ".join(filter(None, (part.text(2), part.text(3))))
        if not given and "," in family:
            family, given = (piece.strip() for piece in family.split(",", 1))
        ended = iso_time(part.text(13)) or iso_time(part.text(10, 2)) or ""
        over = _OVER if len(ended) >= 10 and ended[:10] < today.isoformat() else 0
        if family or given:
            rank = over + _NAME_KINDS.get(part.text(7).upper(), 4)
            found.append(Name(shortened(family), shortened(given), rank))
    return sorted(found, key=lambda name: name.rank)


def identifiers(parts: Iterable[Part], kind: str = "") -> Iterator[Identifier]:
    """Identifiers of a field with the authority that gave them and their kind (table 0203)."""
    for part in parts:
        value = part.text(1)
        if value:
            yield Identifier(_authority(part), value, part.text(5) or kind)


def _authority(part: Part) -> str:
    local, universal, form = part.text(4, 1), part.text(4, 2), part.text(4, 3).upper()
    if universal and (form == "ISO" or re.fullmatch(r"[0-2](\.\d+)+", universal)):
        return f"urn:oid:{universal}"
    return universal if universal and form in ("URI", "UUID", "GUID", "DNS") else local or universal


# Numbers

_NUMBER = re.compile(r"(<=|>=|=<|=>|<|>|≤|≥|＜|＞|=)?\s*([+-]?)(\d{0,12})(\.\d{0,12}|,\d{1,2})?")
"""A comma before three digits may part thousands: that is no number."""


def number(text: str) -> PlainNumber | None:
    """The number that is all of *text* ("0065.88", ".5", "5.", "5,2"), with a comparator; or None."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None or not re.search(r"\d", text):
        return None
    sign = {"=<": "<=", "=>": ">=", "=": "", "＜": "<", "＞": ">"}.get(found[1] or "", found[1] or "")
    rest = (found[4] or ".").replace(",", ".")
    return plain_number(f"{sign}{found[2]}{found[3] or '0'}{rest if rest != '.' else ''}")


@frozen
class Structured:
    """A structured number (SN): a number with its comparator, or words where it is a range, ratio or titre."""

    number: PlainNumber | None
    text: str
    pair: tuple[float, float] | None = None


def structured(part: Part) -> Structured:
    """Read an SN: comparator, first number, separator, second number. `pair` holds both numbers of "120/80"."""
    sign, first, separator, second = (part.text(component) for component in range(1, 5))
    text = f"{sign}{first}{separator}{second}"
    one, other = number(first), number(second)
    if not separator and not second:
        return Structured(number(f"{sign}{first}") if sign != "<>" else None, text)
    pair = (one.value, other.value) if one and other and separator == "/" else None
    return Structured(None, text, pair)


# Texts


def in_lines(text: str, limit: int) -> str:
    """A text of several lines fit to be shown: each line cleaned, at most *limit* signs in all."""
    lines = [clean(line.rstrip()) for line in text[:limit].replace("\r", "\n").split("\n")]
    joined = "\n".join(lines).strip("\n")
    return shortened(joined, limit) if len(text) <= limit else joined + "…"
