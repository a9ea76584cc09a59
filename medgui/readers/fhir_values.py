"""Data types of FHIR as they stand in JSON: codings, quantities, times, texts. Tolerant; never guesses."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import unescape
from typing import Any, NamedTuple

from medgui.i18n import _
from medgui.readers.json_place import DOUBLED, written
from medgui.readers.limits import LONGEST_TEXT, clean, shortened
from medgui.readers.systems import UCUM, system_uri
from medgui.record.model import Coding

JsonObject = Mapping[str, Any]

LARGEST = 1e15
"""No measurement is as large in any unit (cells per litre reach 10^13)."""

_DATE = re.compile(
    r"(\d{4})(?:[-/](0[1-9]|1[0-2])(?:[-/](0[1-9]|[12]\d|3[01])"
    r"(?:[T ]([01]\d|2[0-3]):[0-5]\d(?::(?:[0-5]\d|60)(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?)?)?"
)
"""Also as systems write it that do not keep to FHIR: a blank for the T, 2026/11/03, a zone without its colon."""
_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Broken(Exception):
    """A resource is not as FHIR says; the sentence tells how. It goes to `unread`, the rest is read."""


def is_object(value: object) -> bool:
    """Whether a JSON value is an object."""
    return isinstance(value, dict)


def child(resource: JsonObject, key: str) -> JsonObject:
    """The object under *key*, or an empty one."""
    value = resource.get(key)
    return value if isinstance(value, dict) else {}


def children(resource: JsonObject, key: str) -> Sequence[JsonObject]:
    """The objects in the list under *key*; a single object counts as a list of one."""
    value = resource.get(key)
    if isinstance(value, list):
        return [item for item in value if isinstance(item, dict)]
    return (value,) if isinstance(value, dict) else ()


def string(resource: JsonObject, key: str) -> str:
    """The text under *key*, or ""."""
    value = resource.get(key)
    if not isinstance(value, str):
        return ""
    is_clean = value.isprintable() and len(value) <= LONGEST_TEXT
    return value.strip() if is_clean else clean(value).strip()


def codings(concept: JsonObject) -> tuple[Coding, ...]:
    """Codes of a CodeableConcept in the order of the file."""
    found = []
    for item in children(concept, "coding"):
        coding = _coding(_bare(item, "code"), _bare(item, "system"), _bare(item, "display"))
        if coding.code:
            found.append(coding)
    return tuple(found)


def _bare(item: JsonObject, key: str) -> str | int:
    value = item.get(key)
    return value if isinstance(value, (str, int)) else ""


@lru_cache(maxsize=4096, typed=True)
def _coding(*parts: str | int) -> Coding:
    """One code as it may be shown; most codes of a file stand in it many times."""
    code, system, display = (clean(part).strip() if isinstance(part, str) else "" for part in parts)
    if isinstance(parts[0], int) and not isinstance(parts[0], bool):
        code = str(parts[0])
    return Coding(code, system_uri(system), display)


def concept_text(concept: JsonObject) -> str:
    """A CodeableConcept in words: its text, else the first display, else the first code."""
    if not concept:
        return ""
    text = string(concept, "text")
    if text:
        return text
    listed = list(children(concept, "coding"))
    for key in ("display", "code"):
        for item in listed:
            if string(item, key):
                return string(item, key)
    return ""


def first_code(resource: JsonObject, key: str) -> str:
    """The code of a status concept; a bare text counts as the code."""
    for concept in children(resource, key):
        for coding in codings(concept):
            return coding.code
        return concept_text(concept)
    return ""


def referred_concept(holder: JsonObject) -> JsonObject:
    """The concept of a CodeableReference of R5, or a CodeableConcept as it stands."""
    return child(holder, "concept") or holder


def referred_text(holder: JsonObject) -> str:
    """A CodeableReference (R5) or a CodeableConcept (R4) in words."""
    return concept_text(referred_concept(holder)) or string(child(holder, "reference"), "display")


_ENDS_LINE = re.compile(r"(?i)<\s*(?:br|/p|/tr|/li|/h\d|/div|/table)\b[^<>]*>")
_ENDS_CELL = re.compile(r"(?i)</t[dh]\s*>")
_TAG = re.compile(r"<[^<>]*>")


def plain_text(xhtml: str) -> str:
    """The words of an XHTML text with a line for each row, paragraph and item."""
    broken = _ENDS_LINE.sub("\n", _ENDS_CELL.sub(" ", " ".join(xhtml.split())))
    return clean_lines(unescape(_TAG.sub("", broken)))


def clean_lines(text: str) -> str:
    """A text of several lines as it may be shown (`limits.clean`), without empty ones."""
    lines = (clean(" ".join(line.split())) for line in text[: LONGEST_TEXT + 1].splitlines())
    return shortened("\n".join(line for line in lines if line), LONGEST_TEXT)


def narrative(resource: JsonObject) -> str:
    """The text that a resource or section holds for people, or ""."""
    return plain_text(string_as_is(child(resource, "text"), "div"))


def string_as_is(resource: JsonObject, key: str) -> str:
    """The text under *key* uncleaned and of any length, or ""."""
    value = resource.get(key)
    return value if isinstance(value, str) else ""


def date_text(value: object) -> str:
    """A FHIR date or dateTime in ISO 8601, "" where there is none. `Broken` where it is no real date."""
    if value is None:
        return ""
    if isinstance(value, str) and _is_date(value.strip()):
        text = value.strip()
        return text if "/" not in text and " " not in text else text.replace("/", "-").replace(" ", "T")
    raise Broken(_not_a_date(value))


@lru_cache(maxsize=4096)
def _is_date(text: str) -> bool:
    found = _DATE.fullmatch(text)
    if not found or found[1] == "0000":
        return False
    return not found[3] or int(found[3]) <= _days(found[1], found[2])


def _days(year: str, month: str) -> int:
    if month == "02" and (int(year) % 4 or (int(year) % 100 == 0 and int(year) % 400)):
        return 28
    return _MONTH_DAYS[int(month) - 1]


def _not_a_date(value: object) -> str:
    return _("“{text}” is not a date.").format(text=_shown(value))


def _shown(value: object) -> str:
    return "…" if isinstance(value, dict | list) else short(written(value))


def short(text: str, limit: int = 60) -> str:
    """A text of the file for a message, cut to a readable length."""
    flat = " ".join(clean(text).split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def start_of(resource: JsonObject, stem: str) -> str:
    """The date of a choice element (`effective[x]`, `onset[x]`, `performed[x]`): the start of a period."""
    for kind in ("DateTime", "Instant", "Date"):
        if resource.get(stem + kind) is not None:
            return date_text(resource[stem + kind])
    period = child(resource, stem + "Period")
    if period.get("start") is not None:
        return date_text(period["start"])
    if period.get("end") is not None:
        return date_text(period["end"])
    timing = child(resource, stem + "Timing").get("event")
    return date_text(timing[0]) if isinstance(timing, list) and timing else ""


def words_of(resource: JsonObject, stem: str) -> str:
    """A choice element that is no date in words: an age, a range of ages or dates, a text; "" for a date."""
    text = string(resource, stem + "String")
    if text:
        return text
    for kind in ("Age", "Range", "Period"):
        value = child(resource, stem + kind)
        if value and not (kind == "Period" and value.get("end") is None):
            return in_words(value)
    return ""


def in_words(value: object) -> str:
    """A quantity, range, ratio, period or time as it stands, for people."""
    if not isinstance(value, dict):
        return clean(written(value)) if not isinstance(value, list) else ""
    if "value" in value:
        shown = f"{string(value, 'comparator')}{written(value.get('value'))}"
        return clean(f"{shown} {string(value, 'unit') or string(value, 'code')}").strip()
    for key in ("title", "display", "data", "url"):
        if string(value, key):
            return short(string(value, key))
    parts = [value.get(key) for key in ("low", "high", "numerator", "denominator", "start", "end")]
    words = [in_words(part) for part in parts if part is not None]
    return ("/" if "numerator" in value else "–").join(word for word in words if word)


_DECIMAL = re.compile(r"-?\d{1,12}(?:\.\d{1,12})?")


class Amount(NamedTuple):
    """A Quantity as it stands: number, text of the number, unit code and unit text, comparator."""

    value: float | None
    text: str
    code: str
    unit: str
    comparator: str
    is_ucum: bool
    may_be_ucum: bool

    @property
    def unit_as_written(self) -> str:
        """What a person reads as the unit in the file."""
        return self.unit or self.code


def number(value: object) -> float | None:
    """A JSON number below `LARGEST`, or None where there is none; "80" in quotes is 80. `Broken` for anything else."""
    if value is None:
        return None
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        value = float(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            figure = float(value)
        except OverflowError:
            figure = math.inf
        if abs(figure) < LARGEST:
            return figure
    raise Broken(_("“{text}” is not a number.").format(text=_shown(value)))


def amount(quantity: JsonObject) -> Amount:
    """Read a Quantity. `Broken` where its value is no number or its comparator unknown."""
    figure = number(quantity.get("value"))
    comparator = string(quantity, "comparator")
    if comparator not in ("", "<", "<=", ">", ">="):
        raise Broken(_("The comparator “{text}” is not known.").format(text=short(comparator)))
    system = system_uri(string(quantity, "system"))
    return Amount(
        figure,
        written(quantity.get("value")),
        string(quantity, "code"),
        string(quantity, "unit"),
        comparator,
        system == UCUM,
        system in (UCUM, ""),
    )


def check_doubled(resource: object) -> None:
    """`Broken` where an object of *resource* names a key twice: which one holds is not for a reader to say."""
    if isinstance(resource, dict):
        if DOUBLED in resource:
            raise Broken(
                _("“{key}” stands twice in one object.").format(key=short(str(resource[DOUBLED][0])))
            )
        for value in resource.values():
            if isinstance(value, dict | list):
                check_doubled(value)
    elif isinstance(resource, list):
        for value in resource:
            if isinstance(value, dict | list):
                check_doubled(value)
