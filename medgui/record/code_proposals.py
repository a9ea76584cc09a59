"""Proposals for the clinic's map of codes: by name, unit and value, ranked. Nothing is taken by itself."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from medgui.frozen import frozen
from medgui.record.code_map import CodeMap, LocalKey, key_of, number_of
from medgui.record.model import Observation, Record
from medgui.record.specimens import excluded
from medgui.record.units import UnitError, compatible, convert, normalise, says_nothing
from medgui.record.variables import VARIABLES, Variable, fold

GENES = "expression"
"""Group of the probe sets of gene expression: no code of a laboratory means one of them."""

_LEAST_NAME, _MOST = 0.34, 5
_WEIGHTS = (0.6, 0.25, 0.15)
"""What name, unit and value count: the name says what was measured, unit and value can only speak against it."""
_SPELLING = 0.84
"""From this likeness on two words are one in two spellings: "hemoglobin" and "haemoglobin" have 0.95."""
_EMPTY_WORDS = frozenset({
    "serum", "plasma", "blood", "level", "levels", "total", "test", "result", "value", "s", "p", "b", "the", "of", "in",
    "venous", "concentration", "measured", "calculated",
})  # fmt: skip
"""Words that do not tell one analyte from another. A word that does (urine, free, direct, ratio) is not among them."""


@frozen
class Candidate:
    """One standard input that a code may mean.

    score: 0-1, to rank by. name: likeness of the names, 0-1. unit_fits: whether every unit seen fits; None where the
    values come without one. ordinary: share of the values that would be ordinary, None where there is no unit.
    """

    variable: str
    score: float
    name: float
    unit_fits: bool | None
    ordinary: float | None


@frozen
class Proposal:
    """One code of the record without a standard input, and what it may mean.

    units: as written, the most frequent first ("" for none). count: values under the code. sample: one of them, the
    latest. candidates: the likeliest first, at most five; may be empty.
    """

    key: LocalKey
    system: str
    code: str
    name: str
    units: tuple[str, ...]
    count: int
    sample: Observation
    candidates: tuple[Candidate, ...]


def unnamed(record: Record, code_map: CodeMap | None = None) -> Mapping[LocalKey, tuple[Observation, ...]]:
    """The numbers under codes of a laboratory's own that neither medgui nor the map knows, by code."""
    known = code_map.by_key() if code_map else {}
    groups: dict[LocalKey, list[Observation]] = {}
    for found in record.observations:
        key = key_of(found)
        if key is not None and key not in known and number_of(found) is not None:
            groups.setdefault(key, []).append(found)
    return {key: tuple(group) for key, group in groups.items()}


def proposals(record: Record, code_map: CodeMap | None = None) -> tuple[Proposal, ...]:
    """One proposal for each local code with numbers in the record that the map does not know yet.

    Codes with most values come first.
    """
    listed = [_proposal(key, group) for key, group in unnamed(record, code_map).items()]
    return tuple(sorted(listed, key=lambda each: (-each.count, each.name.casefold())))


def _proposal(key: LocalKey, group: Sequence[Observation]) -> Proposal:
    units = Counter(found.unit_as_written.strip() for found in group)
    sample = max(group, key=lambda found: found.time)
    return Proposal(
        key=key,
        system=sample.system,
        code=sample.code,
        name=sample.name,
        units=tuple(unit for unit, _count in units.most_common()),
        count=len(group),
        sample=sample,
        candidates=_candidates(group),
    )


def fitting(units: Iterable[str]) -> tuple[str, ...]:
    """Standard inputs that are numbers and that all of *units* (as written, "" ignored) fit, in table order."""
    stated = [unit for unit in units if not says_nothing(unit)]
    return tuple(
        name
        for name, variable in VARIABLES.items()
        if variable.kind == "quantity"
        and variable.group != GENES
        and all(_fits(unit, variable) for unit in stated)
    )


def _fits(unit: str, variable: Variable) -> bool:
    code = normalise(unit, variable.name)
    return code is not None and compatible(code, variable.unit, variable.name)


def _candidates(group: Sequence[Observation]) -> tuple[Candidate, ...]:
    sample = group[0]
    names = {sample.name, sample.code, *(coding.display for coding in sample.codings)} - {""}
    specimen = " ".join({sample.specimen, *names})
    found = []
    for variable in VARIABLES.values():
        if variable.kind != "quantity" or variable.group == GENES or excluded(variable.name, specimen):
            continue
        likeness = max((_likeness(name, variable) for name in names), default=0.0)
        if likeness >= _LEAST_NAME:
            found.append(_candidate(group, variable, likeness))
    possible = [each for each in found if each.unit_fits is not False and each.ordinary != 0.0]
    return tuple(sorted(possible, key=lambda each: -each.score)[:_MOST])


def _candidate(group: Sequence[Observation], variable: Variable, likeness: float) -> Candidate:
    stated = {found.unit_as_written for found in group if not says_nothing(found.unit_as_written)}
    fits = all(_fits(unit, variable) for unit in stated) if stated else None
    ordinary = _ordinary(group, variable) if fits else None
    parts = (likeness, 0.5 if fits is None else float(fits), 0.5 if ordinary is None else ordinary)
    score = sum(weight * part for weight, part in zip(_WEIGHTS, parts, strict=True))
    return Candidate(variable.name, round(score, 3), round(likeness, 3), fits, ordinary)


def _ordinary(group: Sequence[Observation], variable: Variable) -> float | None:
    """Share of the values with a unit that lie in the usual range of an adult."""
    usual = variable.usual
    if usual is None:
        return None
    inside = []
    for found in group:
        number, code = number_of(found), normalise(found.unit_as_written, variable.name)
        if number is None or code is None or says_nothing(found.unit_as_written):
            continue
        try:
            inside.append(usual[0] <= convert(number, code, variable.unit, variable.name) <= usual[1])
        except UnitError:
            continue
    return round(sum(inside) / len(inside), 3) if inside else None


# Names


def _likeness(name: str, variable: Variable) -> float:
    """How much a name is one of the variable's: 1 for the same, less for each word that only one of them has."""
    folded = fold(name)
    if folded in _folded(variable.name):
        return 1.0
    if any(ord(sign) > 0x2E80 for sign in folded):
        return _chinese(folded, variable)
    words = _words(name)
    return max((_shared(words, own) for own in _worded(variable.name)), default=0.0)


@cache
def _folded(variable: str) -> frozenset[str]:
    return frozenset(fold(text) for text in _texts(variable))


@cache
def _worded(variable: str) -> tuple[tuple[str, ...], ...]:
    return tuple({_words(text) for text in _texts(variable) if _words(text)})


def _texts(variable: str) -> list[str]:
    known = VARIABLES[variable]
    return [variable.replace("_", " "), *known.title.values(), *known.aliases]


def _words(text: str) -> tuple[str, ...]:
    """Words of a name in lower case, those that tell nothing left out unless nothing else is there."""
    found = tuple(re.findall(r"[a-z0-9]+", text.lower()))
    return tuple(word for word in found if word not in _EMPTY_WORDS) or found


def _shared(words: tuple[str, ...], own: tuple[str, ...]) -> float:
    if not words:
        return 0.0
    left = list(own)
    points = 0.0
    for word in words:
        best = max(left, key=lambda other: _alike(word, other), default="")
        likeness = _alike(word, best) if best else 0.0
        if likeness:
            points += likeness
            left.remove(best)
    return points / max(len(words), len(own))


@cache
def _alike(word: str, other: str) -> float:
    if word == other:
        return 1.0
    if min(len(word), len(other)) < 4:
        return 0.0
    if word.startswith(other) or other.startswith(word):
        return 0.9
    ratio = difflib.SequenceMatcher(None, word, other).ratio()
    return ratio if ratio >= _SPELLING else 0.0


def _chinese(folded: str, variable: Variable) -> float:
    """Names in Chinese have no blanks: the share of the longer name that the shorter one inside it is."""
    best = 0.0
    for own in _folded(variable.name):
        if len(own) >= 1 and any(ord(sign) > 0x2E80 for sign in own) and (own in folded or folded in own):
            best = max(best, min(len(own), len(folded)) / max(len(own), len(folded)))
    return best
