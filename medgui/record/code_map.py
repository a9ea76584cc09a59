"""The clinic's map of codes: which standard input a laboratory's own code means.

Laboratories send results under codes of their own, without LOINC. Nobody but the clinic can say what they mean: a map
is made by people, from `code_proposals.proposals`, and nothing enters it by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from medgui.frozen import frozen
from medgui.i18n import N_, _
from medgui.record.model import Observation, Record
from medgui.record.specimens import excluded
from medgui.record.units import compatible, convert, normalise, says_nothing
from medgui.record.variables import VARIABLES, Variable, code_system, fold

BY_THE_MAP = N_("What this is comes from the clinic's map of codes.")


class LocalKey(NamedTuple):
    """What a code of a laboratory is told by: system and code as in the file, and the name in folded form.

    The name belongs to it: "100" of one laboratory is not "100" of another. Without a code the name alone stands.
    """

    system: str
    code: str
    name: str


@frozen
class MapEntry:
    """What one local code means. `variable` is a standard input that is a number, or "" for a code to be left alone.

    system, code, name: as the file writes them. unit: of values that come without one ("" where they are asked
    about). by, at: who entered it and when (ISO), "" where that is not kept.
    """

    system: str
    code: str
    name: str
    variable: str
    unit: str = ""
    by: str = ""
    at: str = ""

    @property
    def key(self) -> LocalKey:
        """What the entry is found by."""
        return _key(self.system, self.code, self.name)

    @property
    def ignored(self) -> bool:
        """Whether the code is known to be of no use here: it is not proposed again."""
        return not self.variable

    def problem(self) -> str:
        """Why the entry cannot hold, in a sentence; "" where it can."""
        if not self.code and not self.key.name:
            return _("An entry of the map has neither a code nor a name.")
        if self.ignored:
            return ""
        variable = VARIABLES.get(self.variable)
        if variable is None or variable.kind != "quantity":
            return _("“{name}” is no value that a code can stand for.").format(name=self.variable)
        if self.unit and normalise(self.unit, self.variable) is None:
            return _("The unit “{unit}” is not known.").format(unit=self.unit)
        return ""


@frozen
class Conflict:
    """One code that two maps give different meanings."""

    own: MapEntry
    other: MapEntry


@frozen
class CodeMap:
    """The entries of a clinic, each key once."""

    entries: tuple[MapEntry, ...] = ()

    def by_key(self) -> Mapping[LocalKey, MapEntry]:
        """The entries by what they are found by."""
        return {entry.key: entry for entry in self.entries}

    def with_entries(self, new: Iterable[MapEntry]) -> CodeMap:
        """A map in which *new* hold, in place of entries with their keys. `ValueError` for one with a problem."""
        found = dict(self.by_key())
        for entry in new:
            problem = entry.problem()
            if problem:
                raise ValueError(problem)
            found[entry.key] = entry
        return CodeMap(tuple(found.values()))

    def without(self, keys: Iterable[LocalKey]) -> CodeMap:
        """A map without the entries of these keys."""
        gone = set(keys)
        return CodeMap(tuple(entry for entry in self.entries if entry.key not in gone))

    def conflicts(self, other: CodeMap) -> tuple[Conflict, ...]:
        """The codes to which *other* gives another meaning, or another unit where values come without one."""
        own = self.by_key()
        return tuple(
            Conflict(own[entry.key], entry)
            for entry in other.entries
            if entry.key in own and not _means_the_same(own[entry.key], entry)
        )


def _means_the_same(one: MapEntry, other: MapEntry) -> bool:
    return (one.variable, one.unit) == (other.variable, other.unit)


def _key(system: str, code: str, name: str) -> LocalKey:
    code = code.strip()
    return LocalKey(system.strip() if code else "", code, fold(name) or name.strip().lower())


def key_of(found: Observation) -> LocalKey | None:
    """What the clinic's map would know an observation by.

    None where it needs no map: it has its standard input, or a code of LOINC or SNOMED CT, which is never overruled.
    """
    if found.variable or not (found.code or found.name):
        return None
    if any(code_system(coding.system) in ("loinc", "snomed") for coding in found.codings):
        return None
    if code_system(found.system) in ("loinc", "snomed"):
        return None
    return _key(found.system, found.code, found.name)


def number_of(found: Observation) -> float | None:
    """The number of an observation, None for words, answers and nothing."""
    value = found.value
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def apply(record: Record, code_map: CodeMap) -> Record:
    """The record in which numbers under the map's codes have their standard input and canonical unit.

    Only codes of a laboratory's own are looked up, never LOINC or SNOMED CT. A specimen that the standard input
    does not mean, and a unit that does not fit it, are not brought over: the first stays without a meaning, the
    second is asked about by `raise_questions`, which is to run afterwards. The note of each value names the map.
    """
    entries = {key: entry for key, entry in code_map.by_key().items() if not entry.ignored}
    if not entries:
        return record
    found = tuple(_applied(each, entries) for each in record.observations)
    return replace(record, observations=found)


def _applied(found: Observation, entries: Mapping[LocalKey, MapEntry]) -> Observation:
    key = key_of(found)
    entry = entries.get(key) if key else None
    variable = VARIABLES.get(entry.variable) if entry else None
    value = number_of(found)
    if entry is None or variable is None or value is None or excluded(variable.name, found.specimen):
        return found
    note = " ".join(filter(None, (_(BY_THE_MAP), found.note)))
    named = replace(found, variable=variable.name, note=note)
    unit = entry.unit if says_nothing(found.unit_as_written) else found.unit_as_written
    return _in_canonical_unit(named, variable, value, unit)


def _in_canonical_unit(found: Observation, variable: Variable, value: float, unit: str) -> Observation:
    """Value and normal range in the unit of the variable; as they stand where the unit is missing or does not fit.

    Without a standard input a reader leaves every number as written, so that *unit* is that of value and range.
    """
    code = normalise(unit, variable.name) if unit else None
    if code is None or not compatible(code, variable.unit, variable.name):
        return replace(found, unit=found.unit_as_written, reference_range=None)

    def brought(number: float | None) -> float | None:
        return None if number is None else convert(number, code, variable.unit, variable.name)

    ends = found.reference_range
    limits = (brought(ends[0]), brought(ends[1])) if ends else None
    return replace(found, value=brought(value), unit=variable.unit, reference_range=limits)
