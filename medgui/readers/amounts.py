"""Numbers that stand in a text, alone or with their unit: "98 %", "<5 mg/dL", "36,6", "120/80"."""

from __future__ import annotations

import re

from medgui.frozen import frozen
from medgui.record.units import normalise

_NUMBER = r"[+-]?(?:\d{1,12}(?:\.\d{0,12})?|\.\d{1,12})(?:[eE][+-]?\d{1,2})?"
_GROUPED = r"[+-]?\d{1,3}(?:,\d{3})+\.\d+|[+-]?\d{1,3}(?:,\d{3}){2,}"
_COMMA = r"[+-]?\d{1,6},\d{1,2}(?!\d)"
_AMOUNT = re.compile(rf"(<=|>=|<|>|≤|≥)?\s*({_GROUPED}|{_COMMA}|{_NUMBER})\s*(.*)", re.DOTALL)


@frozen
class Amount:
    """A number as it stands in a text, with the unit behind it; with a comparator it is an interval."""

    value: float
    unit: str = ""
    comparator: str = ""


def amount_in(text: str, variable: str = "") -> Amount | None:
    """The number that is all of *text*, with a unit that is understood behind it ("98 %", "<5 mg/dL", "36,6").

    None for words, for a comma that may be a thousand or a decimal ("1,234"), and for more behind the number.
    """
    found = _AMOUNT.fullmatch(text.strip())
    if not found:
        return None
    sign, figure, unit = found[1] or "", found[2], found[3].strip()
    if unit and not _may_be_unit(unit, variable):
        return None
    if "," in figure:
        figure = figure.replace(",", "." if re.fullmatch(_COMMA, figure) else "")
    return Amount(float(figure), unit, {"≤": "<=", "≥": ">="}.get(sign, sign))


def _may_be_unit(unit: str, variable: str) -> bool:
    """Whether the words behind a number are a unit; another number ("120/80") and a lone letter are none."""
    if re.match(r"/\s*\d|[^A-Za-z%°\"'\u00b5-\uffff]+$", unit) and unit != "%":
        return False
    if len(unit) == 1 and unit != "%" and not variable:
        return False
    return normalise(unit, variable) is not None


PRESSURE_PANELS = frozenset({"85354-9", "55284-4", "35094-2", "75367002"})
"""Codes of a blood pressure as one result: its parts, or a text "120/80"."""
_PRESSURES = re.compile(r"(\d{2,3})\s*/\s*(\d{2,3})\s*(mm\s?\[?Hg\]?)?", re.IGNORECASE)


@frozen
class Pressures:
    """Systolic and diastolic pressure as they stand in one text; `unit` "" where the text names none."""

    systolic: str
    diastolic: str
    unit: str


def pressures_in(text: str) -> Pressures | None:
    """The two pressures that are all of *text* ("120/80", "120/80 mmHg"), or None."""
    found = _PRESSURES.fullmatch(text.strip())
    return Pressures(found[1], found[2], "mm[Hg]" if found[3] else "") if found else None


_FEET, _INCHES = r"(?:'|’|′|ft\.?|feet|foot)", r"(?:\"|”|″|''|in\.?|inch(?:es)?)"
_POUNDS, _OUNCES = r"(?:lbs?\.?|pounds?)", r"(?:oz\.?|ounces?)"
_FEW = r"\s*,?\s*(\d{1,2}(?:\.\d+)?)\s*"
_TWO_UNITS = (
    ("height", "[in_i]", 12, re.compile(rf"(\d)\s*{_FEET}{_FEW}{_INCHES}?", re.IGNORECASE)),
    ("weight", "[oz_av]", 16, re.compile(rf"(\d{{1,3}})\s*{_POUNDS}{_FEW}{_OUNCES}", re.IGNORECASE)),
)
"""Standard input, the smaller of two units, how many of it make one of the larger, and how both are written."""


def in_two_units(text: str, variable: str) -> Amount | None:
    """A height in feet and inches or a weight in pounds and ounces that is all of *text*, in the smaller unit."""
    for name, unit, many, pattern in _TWO_UNITS:
        found = pattern.fullmatch(text.strip()) if name == variable else None
        if found and float(found[2]) < many:
            return Amount(float(found[1]) * many + float(found[2]), unit)
    return None
