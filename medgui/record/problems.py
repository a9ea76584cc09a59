"""Which of the patient's problems and procedures state which fact; worked out once for a list of problems."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from medgui.record.dates import moment
from medgui.record.fact_rules import Named, rules
from medgui.record.model import Coding, Condition, Record
from medgui.record.plain_rules import plain_facts, plain_rules
from medgui.record.wording import wording

_ACTIVE = ("", "active", "recurrence", "relapse", "completed", "in-progress")
_DOUBTFUL = ("unconfirmed", "provisional", "differential", "possible", "probable", "suspected")
_SETTLED = ("refuted", "entered-in-error")
_KEPT = 8
_known: OrderedDict[int, tuple[tuple[Condition, ...], Mapping[str, Stating]]] = OrderedDict()


@dataclass(slots=True)
class Stating:
    """Own problems about one fact, earliest first.

    evidence: they state it. ended: they state it, but are resolved or in remission. hints: they only hint at it
    or are not confirmed. types: finer kinds (types of diabetes) that the evidence names.
    """

    evidence: list[Condition] = field(default_factory=list)
    ended: list[Condition] = field(default_factory=list)
    hints: list[Condition] = field(default_factory=list)
    types: dict[str, list[Condition]] = field(default_factory=dict)


def stating(record: Record, name: str) -> Stating:
    """What the problem and procedure lists say about the fact *name*; empty where nothing."""
    kept = _known.get(id(record.conditions))
    if kept is None or kept[0] is not record.conditions:
        kept = (record.conditions, _classify(record.conditions))
        _known[id(record.conditions)] = kept
        while len(_known) > _KEPT:
            _known.popitem(last=False)
    return kept[1].get(name) or Stating()


class Terms(NamedTuple):
    """On which terms entries count: sections complete for "no", `ever` or only while active, within which days."""

    sections: tuple[str, ...]
    ever: bool
    within: int


def is_ruled(name: str) -> bool:
    """Whether problems state the fact *name*."""
    return name in rules() or name in plain_rules()


def terms(name: str) -> Terms:
    """The terms of the fact *name*."""
    if name in plain_rules():
        plain = plain_rules()[name]
        return Terms(plain.sections, plain.ever, plain.within)
    rule = rules()[name]
    return Terms(rule.sections, rule.ever, rule.expires_days)


def forget() -> None:
    """Let go of the lists kept here."""
    _known.clear()
    _named_facts.cache_clear()


def _classify(conditions: tuple[Condition, ...]) -> Mapping[str, Stating]:
    found: dict[str, Stating] = {}
    for condition in sorted(conditions, key=lambda c: moment(c.onset or c.recorded)):
        other = condition.kind in ("family_history", "immunization")
        if other or condition.subject not in ("patient", "") or _denied(condition.name):
            continue
        doubtful = _is_doubtful(condition)
        if condition.usable or doubtful:
            _classify_one(condition, doubtful, found)
    return found


def _denied(name: str) -> bool:
    return bool(name) and wording(name).denied


def _is_doubtful(condition: Condition) -> bool:
    """Whether an entry neither counts nor may be passed over: kept as unconfirmed, not as denied or undone."""
    verification = condition.verification.lower()
    if verification in _DOUBTFUL:
        return True
    return not condition.usable and condition.kind == "condition" and verification not in _SETTLED


def _classify_one(condition: Condition, doubtful: bool, found: dict[str, Stating]) -> None:
    active = condition.clinical_status.lower() in _ACTIVE
    for name, types in _named_facts(condition.name, condition.codings).items():
        if condition.kind == "procedure" and name in plain_rules() and not plain_rules()[name].procedures:
            continue
        entry = found.setdefault(name, Stating())
        if types is None or doubtful:
            entry.hints.append(condition)
        elif active or terms(name).ever:
            entry.evidence.append(condition)
            for kind in types:
                entry.types.setdefault(kind, []).append(condition)
        else:
            entry.ended.append(condition)


@lru_cache(maxsize=4096)
def _named_facts(name: str, codings: tuple[Coding, ...]) -> Mapping[str, tuple[str, ...] | None]:
    """The facts that a problem of this name and these codes states, with their finer kinds; None for a mere hint.

    The same problems stand in many records.
    """
    named = Named.of(name, codings)
    facts: dict[str, tuple[str, ...] | None] = {}
    for fact, rule in rules().items():
        if rule.matches(named):
            facts[fact] = tuple(kind for kind, finer in rule.types.items() if finer.matches(named))
        elif rule.hints(named):
            facts[fact] = None
    facts.update(plain_facts(named))
    return facts
