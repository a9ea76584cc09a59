"""What `resolve` looks up in a record, made once a record and kept for the last few."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from medgui.record import drug_kinds, plain_rules, problems
from medgui.record.answers import canonical_answer
from medgui.record.dates import moment
from medgui.record.model import Answer, Observation, Origin, Record
from medgui.record.value import Value
from medgui.record.variables import Variable

_KEPT = 8
_indexes: OrderedDict[int, tuple[Record, Index]] = OrderedDict()


class Dated(NamedTuple):
    """An observation with its sort key and the ordinal of its first possible day (-inf: no date)."""

    key: tuple[float, str]
    observation: Observation

    @property
    def day(self) -> float:
        return self.key[0]


@dataclass(slots=True)
class Index:
    """Observations by standard name, latest first, entered answers, and what open questions touch.

    entered: answers that stand for the variable itself. corrections: answers by the observation they settle.
    questioned: observations with an open question. questioned_names: variables with a question of no observation.
    """

    by_variable: Mapping[str, tuple[Dated, ...]]
    entered: Mapping[str, Answer]
    corrections: Mapping[str, Answer]
    questioned: frozenset[str]
    questioned_names: frozenset[str]
    resolved: dict[tuple[str, str, int | None, bool, str], Value] = field(default_factory=dict)

    def latest_first(self, variable: Variable) -> tuple[Dated, ...]:
        """All observations that may answer for *variable*, latest first, undated ones at the end."""
        own = self.by_variable.get(variable.name, ())
        others = [self.by_variable[name] for name in variable.narrower if name in self.by_variable]
        if not others:
            return own
        merged = [dated for listed in (own, *others) for dated in listed]
        return tuple(sorted(merged, key=lambda dated: dated.key, reverse=True))

    def is_questioned(self, found: Observation, variable: Variable) -> bool:
        """Whether a value waits for an answer, or stands in a unit that is not the variable's."""
        if found.id in self.questioned:
            return True
        return variable.kind == "quantity" and (found.unit or "1") != variable.unit

    def settled(self, found: Observation, variable: Variable) -> Observation | None:
        """The observation with the doctor's answer in place; None where it was left out."""
        answer = self.corrections.get(found.id)
        if answer is None:
            return found
        if answer.left_out or answer.value is None:
            return None
        value = canonical_answer(variable, answer)
        if value is None:
            return found
        return replace(
            found, value=value, unit=variable.unit, origin=Origin.ENTERED, comparator="", usable=True
        )


def index_of(record: Record) -> Index:
    """The index of *record*, made at the first call."""
    kept = _indexes.get(id(record))
    if kept is not None and kept[0] is record:
        return kept[1]
    index = _build(record)
    _indexes[id(record)] = (record, index)
    while len(_indexes) > _KEPT:
        _indexes.popitem(last=False)
    return index


def forget() -> None:
    """Let go of all records kept here (when a patient is closed)."""
    _indexes.clear()
    problems.forget()
    drug_kinds.forget()
    plain_rules.folded.cache_clear()


def _build(record: Record) -> Index:
    listed: dict[str, list[Dated]] = {}
    for found in record.observations:
        if found.variable and (found.value is not None or found.value_as_written):
            listed.setdefault(found.variable, []).append(Dated(moment(found.time), found))
    questions = {question.id: question for question in record.questions}
    entered: dict[str, Answer] = {}
    corrections: dict[str, Answer] = {}
    for answer in record.answers:
        question = questions.get(answer.question)
        if question is not None and question.observation:
            corrections[question.observation] = answer
        elif answer.variable:
            entered[answer.variable] = answer
    opened = record.open_questions
    return Index(
        by_variable={
            name: tuple(sorted(items, key=lambda dated: dated.key, reverse=True))
            for name, items in listed.items()
        },
        entered=entered,
        corrections=corrections,
        questioned=frozenset(q.observation for q in opened if q.observation),
        questioned_names=frozenset(q.variable for q in opened if not q.observation and q.variable),
    )
