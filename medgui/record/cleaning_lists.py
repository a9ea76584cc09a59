"""Problems, procedures, immunisations, drugs and allergies that stand in several sections or files.

Two entries are one where they are the same concept (a code in common or the same name, and no code or name that
tells them apart) and agree in all that decides what they count for. What one leaves open the other may state.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from medgui.record.cleaning_results import Dropped, entered_in_error
from medgui.record.model import Allergy, Coding, Condition, Medication
from medgui.record.variables import fold

Entry = TypeVar("Entry", Condition, Medication, Allergy)
_FEW = 20
_TAIL = re.compile(
    r"\s*\((disorder|finding|procedure|situation|event|substance|product|regime/therapy)\)\s*$", re.I
)


def alike_conditions(listed: Iterable[Condition]) -> Iterator[Dropped]:
    """Problems, procedures, immunisations and family history that stand twice, or were entered in error."""
    kept = []
    for entry in listed:
        if entry.verification == "entered-in-error" or entry.clinical_status == "entered-in-error":
            yield Dropped(entry, "entered_in_error")
        else:
            kept.append(entry)
    yield from _alike(kept, _condition_standing, _same_condition, lambda c: bool(c.onset) + bool(c.recorded))


def alike_medications(listed: Iterable[Medication]) -> Iterator[Dropped]:
    """Drugs that stand twice, or were entered in error."""
    kept = []
    for entry in listed:
        if entered_in_error(entry.unusable_reason):
            yield Dropped(entry, "entered_in_error")
        else:
            kept.append(entry)
    yield from _alike(
        kept,
        lambda m: (m.status, m.usable, m.unusable_reason),
        _same_course,
        lambda m: sum(map(bool, (m.dose, m.route, m.start, m.end, m.frequency))),
    )


def alike_allergies(listed: Iterable[Allergy]) -> Iterator[Dropped]:
    """Allergies that stand twice, or were entered in error."""
    kept = []
    for entry in listed:
        if "entered-in-error" in (entry.verification, entry.status):
            yield Dropped(entry, "entered_in_error")
        else:
            kept.append(entry)
    yield from _alike(
        kept,
        lambda a: (a.negated, a.status, a.verification),
        lambda one, other: _open_or_equal(fold(one.reaction), fold(other.reaction)),
        lambda a: bool(a.reaction) + bool(a.recorded),
    )


def _condition_standing(entry: Condition) -> tuple[object, ...]:
    """All that decides what an entry counts for; what is done once a day is told apart by its day."""
    once = (entry.onset[:10] or entry.id) if entry.kind in ("procedure", "immunization") else ""
    return (
        entry.kind, entry.subject, entry.clinical_status, entry.verification, entry.usable, entry.unusable_reason, once,
    )  # fmt: skip


_ONE_OF_A_KIND = re.compile(r"\b(mother|father|mth|fth)\b|[父母]", re.IGNORECASE | re.ASCII)


def _same_condition(one: Condition, other: Condition) -> bool:
    if one.kind == "family_history" and one.source.file == other.source.file and _two_relatives(one, other):
        return False
    return one.onset.startswith(other.onset) or other.onset.startswith(one.onset)


def _two_relatives(one: Condition, other: Condition) -> bool:
    """Two sisters that one file lists with the same disease; a mother listed twice is one."""
    several = not _ONE_OF_A_KIND.search(one.subject) and one.subject != "family member"
    return several and one.id.partition("#")[0] != other.id.partition("#")[0]


def _same_course(one: Medication, other: Medication) -> bool:
    return all(
        _open_or_equal(fold(a), fold(b))
        for a, b in (
            (one.dose, other.dose), (one.frequency, other.frequency), (one.route, other.route),
            (one.start[:10], other.start[:10]), (one.end[:10], other.end[:10]),
        )
    )  # fmt: skip


def _open_or_equal(one: str, other: str) -> bool:
    return not one or not other or one == other


def _alike(
    listed: Sequence[Entry],
    standing: Callable[[Entry], tuple[object, ...]],
    agree: Callable[[Entry, Entry], bool],
    stated: Callable[[Entry], int],
) -> Iterator[Dropped]:
    """Entries that say the same as another; the one that states most stays, of equals the first."""
    clusters: dict[tuple[object, ...], list[list[Entry]]] = {}
    all_clusters: list[list[Entry]] = []
    for entry in listed:
        keys = [(standing(entry), key) for key in _keys(entry)]
        near = (cluster for key in keys for cluster in clusters.get(key, ())[:_FEW])
        cluster = next(
            (c for c in near if all(_one_concept(entry, o) and agree(entry, o) for o in c[:_FEW])), None
        )
        if cluster is None:
            cluster = []
            all_clusters.append(cluster)
        cluster.append(entry)
        for key in keys:
            known = clusters.setdefault(key, [])
            if not any(cluster is c for c in known[:_FEW]):
                known.append(cluster)
    for cluster in all_clusters:
        best = max(cluster, key=lambda entry: (stated(entry), len(entry.codings)))
        yield from (Dropped(entry, "duplicate", best.id) for entry in cluster if entry is not best)


def _keys(entry: Condition | Medication | Allergy) -> Iterator[object]:
    yield from ((coding.system, coding.code) for coding in entry.codings if coding.code)
    if entry.name:
        yield fold(entry.name)


def _one_concept(one: Entry, other: Entry) -> bool:
    """The same concept: no system in which the codes differ, and names of which one says no more than the other.

    Codes alone are not enough: many systems file different things under one unspecific code.
    """
    first, second = _by_system(one.codings), _by_system(other.codings)
    if any(first[system] != second[system] for system in first.keys() & second.keys()):
        return False
    names = _words(one.name), _words(other.name)
    return not all(names) or names[0] <= names[1] or names[1] <= names[0]


def _by_system(codings: Iterable[Coding]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for coding in codings:
        if coding.code:
            found.setdefault(coding.system, set()).add(coding.code)
    return {system: frozenset(codes) for system, codes in found.items()}


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", _TAIL.sub("", name).lower()))
