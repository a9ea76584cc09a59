"""Numbers as files write them: what is one, which unit is understood, which code is shown first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from medgui.frozen import frozen
from medgui.i18n import _
from medgui.readers.systems import LOINC
from medgui.readers.vocabulary import Canonical, canonical
from medgui.record.model import Coding, Observation, Question, Suggestion
from medgui.record.units import normalise
from medgui.record.variables import by_alias

_PLAIN_NUMBER = re.compile(r"(<=|>=|<|>|≤|≥)?\s*([+-]?\d{1,12}(?:\.\d{1,12})?)")
_COMPARATORS = {"≤": "<=", "≥": ">="}


@frozen
class PlainNumber:
    """A number that stood in a text; with a comparator it is an interval, never the number itself."""

    value: float
    comparator: str = ""


def plain_number(text: str) -> PlainNumber | None:
    """The number that is all of *text* ("5.2", "<0.01", "≥ 90"), or None."""
    found = _PLAIN_NUMBER.fullmatch(text.strip())
    if not found:
        return None
    sign = found[1] or ""
    return PlainNumber(float(found[2]), _COMPARATORS.get(sign, sign))


def first_understood(value: float, units: Iterable[str], variable: str) -> Canonical:
    """Bring a number to its canonical unit by the first of *units* that is understood.

    *units* are what the file says of one unit, the most formal first (UCUM code, then text). Where none is
    understood the number stays with the first as written.
    """
    first: Canonical | None = None
    for unit in dict.fromkeys(units):
        if unit:
            brought = canonical(value, unit, variable)
            if brought.understood:
                return brought
            first = first or brought
    return first or canonical(value, "", variable)


def primary(listed: tuple[Coding, ...]) -> tuple[str, str]:
    """Code and system shown first: LOINC where there is one."""
    best = next((coding for coding in listed if coding.system == LOINC), next(iter(listed), None))
    return (best.code, best.system) if best else ("", "")


def unit_conflict(found: Observation, value: float, text: str, unit: str, code: str) -> Question | None:
    """A question where the *unit* in words and its *code* are both understood and mean different things.

    *text* is the number as written. None where they agree, or one of them is not understood.
    """
    if not unit or not code or code == unit:
        return None
    coded, worded = normalise(code, found.variable), normalise(unit, found.variable)
    if coded is None or worded is None or coded == worded:
        return None
    if canonical(1.0, code, found.variable).value == canonical(1.0, unit, found.variable).value:
        return None
    message = _("{value} {unit} or {value} {code}? The file states both units.")
    return Question(
        id=f"unit_conflict:{found.id}",
        code="unit_conflict",
        message=message.format(value=text, unit=unit, code=code),
        observation=found.id,
        variable=found.variable,
        suggestions=tuple(Suggestion(f"{text} {name}", value, name) for name in (unit, code)),
        source=found.source,
    )


def vital_named(name: str) -> str:
    """The standard input of the vital sign whose name is exactly *name*, or ""."""
    meant = by_alias(name)
    return meant.name if meant and meant.group in ("vital", "vital_more") else ""


def if_so_named(found: Observation) -> Observation:
    """*found*, not used where its name is exactly that of another vital sign than its code means."""
    named = vital_named(found.name)
    if not named or not found.variable or named == found.variable or not found.usable:
        return found
    reason = _("Its code and its words contradict each other.")
    return replace(found, usable=False, unusable_reason=reason)
