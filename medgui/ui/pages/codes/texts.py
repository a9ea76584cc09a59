"""The words of the page: codes, proposals and why they are made, values, and what a saved map changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from medgui.assessment import words
from medgui.i18n import _, format_count, format_list, language, ngettext, with_unit
from medgui.record.code_map import MapEntry
from medgui.record.code_proposals import Candidate
from medgui.record.dates import moment
from medgui.record.model import Observation, Record
from medgui.record.units import printed, says_nothing
from medgui.record.variables import VARIABLES, UnitSystem

if TYPE_CHECKING:
    from medgui.ui.pages.codes.decisions import Decision

_LOCAL = "urn:local:"
_NEAR = 0.8
"""Likeness of names from which they are called nearly the same."""


def sentences(parts: Sequence[str]) -> str:
    """Sentences one after the other; Chinese puts no blank between them."""
    return ("" if language() == "zh" else " ").join(parts)


def code_text(system: str, code: str) -> str:
    """A code and whose it is, "tt-3 (WinPath)"; in words where the file gives a name alone."""
    if not code:
        return _("no code")
    whose = system.removeprefix(_LOCAL)
    return f"{code} ({whose})" if whose else code


def name_text(name: str, code: str) -> str:
    """The name in the file, the code where there is none."""
    return name.strip() or code


def units_text(units: Sequence[str]) -> str:
    """Units as the file writes them; values without one are said."""
    return format_list([_("no unit") if says_nothing(unit) else unit for unit in units])


def unit_text(unit: str) -> str:
    """A unit as a doctor reads it."""
    return printed(unit) or unit


def value_text(found: Observation) -> str:
    """A value as written with its unit."""
    return with_unit(found.value_as_written, found.unit_as_written)


def date_text(found: Observation) -> str:
    """The day of a value."""
    return words.when(found.time) if found.time else _("no date")


def latest(values: Sequence[Observation]) -> list[Observation]:
    """The values, latest first."""
    return sorted(values, key=lambda found: moment(found.time), reverse=True)


def standard_unit(variable: str, system: UnitSystem) -> str:
    """The unit in which a standard value is read; "" for a plain number."""
    unit = printed(VARIABLES[variable].display(system).unit)
    return "" if unit == "1" else unit


def why(candidate: Candidate, system: UnitSystem) -> str:
    """Why a proposal is made: name, unit and values, in that order."""
    if candidate.name == 1.0:
        parts = [_("Same name")]
    else:
        parts = [_("Nearly the same name") if candidate.name >= _NEAR else _("Similar name")]
    parts.append(_("the unit fits") if candidate.unit_fits else _("the file gives no unit"))
    if candidate.ordinary is not None:
        parts.append(_ordinary(candidate.ordinary))
    unit = standard_unit(candidate.variable, system)
    if unit:
        parts.append(_("shown in {unit}").format(unit=unit))
    return ("；" if language() == "zh" else "; ").join(parts)


def _ordinary(share: float) -> str:
    if share == 1.0:
        return _("all values are ordinary for it")
    return _("most values are ordinary for it") if share >= 0.5 else _("few values are ordinary for it")


def decision_text(decision: Decision | None) -> str:
    """What is decided about a code."""
    if decision is None:
        return _("decide later")
    if not decision.variable:
        return _("ignored")
    return words.title(decision.variable)


def entry_text(entry: MapEntry) -> str:
    """What an entry of the map says its code means."""
    if entry.ignored:
        return _("ignored")
    title = words.title(entry.variable)
    return f"{title} ({unit_text(entry.unit)})" if entry.unit else title


def unnamed_text(count: int) -> str:
    """How many values have codes that nobody has named."""
    sentence = ngettext(
        "{n} value has a code of the laboratory that medgui does not know.",
        "{n} values have codes of the laboratory that medgui does not know.",
        count,
    )
    return sentence.format(n=format_count(count))


def taken_text(count: int) -> str:
    """How many proposals were taken at once."""
    sentence = ngettext(
        "{n} is taken. Look at it before you save.", "{n} are taken. Look at them before you save.", count
    )
    return sentence.format(n=format_count(count))


def entries_count(count: int) -> str:
    """How many codes the clinic has named."""
    return ngettext("{n} entry", "{n} entries", count).format(n=format_count(count))


def effect(before: Record, after: Record) -> str:
    """What a changed map did to the values of the open record."""
    meant = {found.id: found.variable for found in before.observations}
    changed = [f for f in after.observations if f.variable and meant.get(f.id, "") != f.variable]
    asked = {question.observation for question in after.open_questions}
    now = {found.id: found.variable for found in after.observations}
    waiting = sum(found.id in asked for found in changed)
    used = sum(found.usable and found.id not in asked for found in changed)
    lost = sum(bool(variable) and now.get(key, variable) == "" for key, variable in meant.items())
    parts = []
    if used:
        parts.append(ngettext("{n} value is used now.", "{n} values are used now.", used).format(n=used))
    if waiting:
        sentence = ngettext(
            "{n} value waits for an answer on the Record page.",
            "{n} values wait for an answer on the Record page.",
            waiting,
        )
        parts.append(sentence.format(n=waiting))
    if lost:
        sentence = ngettext("{n} value is not used any more.", "{n} values are not used any more.", lost)
        parts.append(sentence.format(n=lost))
    return sentences(parts or [_("No value of the open record changes.")])
