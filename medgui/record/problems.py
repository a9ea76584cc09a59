"""Which of the patient's problems and procedures state which fact; worked out once for a list of problems."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field

from medgui.record.dates import moment
from medgui.record.fact_rules import Named, denies, rules
from medgui.record.model import Condition, Record

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


def forget() -> None:
    """Let go of the lists kept here."""
    _known.clear()


def _classify(conditions: tuple[Condition, ...]) -> Mapping[str, Stating]:
    found: dict[str, Stating] = {}
    for condition in sorted(conditions, key=lambda c: moment(c.onset or c.recorded)):
        other = condition.kind in ("family_history", "immunization")
        if other or condition.subject not in ("patient", "") or denies(condition.name):
            continue
        doubtful = _is_doubtful(condition)
        if condition.usable or doubtful:
            _classify_one(condition, doubtful, found)
    return found


def _is_doubtful(condition: Condition) -> bool:
    """Whether an entry neither counts nor may be passed over: kept as unconfirmed, not as denied or undone."""
    verification = condition.verification.lower()
    if verification in _DOUBTFUL:
        return True
    return not condition.usable and condition.kind == "condition" and verification not in _SETTLED


def _classify_one(condition: Condition, doubtful: bool, found: dict[str, Stating]) -> None:
    named = Named.of(condition.name, condition.codings)
    active = condition.clinical_status.lower() in _ACTIVE
    for name, rule in rules().items():
        if rule.matches(named):
            entry = found.setdefault(name, Stating())
            if doubtful:
                entry.hints.append(condition)
            elif rule.ever or active:
                entry.evidence.append(condition)
                for kind, finer in rule.types.items():
                    if finer.matches(named):
                        entry.types.setdefault(kind, []).append(condition)
            else:
                entry.ended.append(condition)
        elif rule.hints(named):
            found.setdefault(name, Stating()).hints.append(condition)
