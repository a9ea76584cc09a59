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
