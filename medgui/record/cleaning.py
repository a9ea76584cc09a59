"""Standardisation of a record as it was read: what stands twice, was corrected, withdrawn or copied.

`clean` runs once after reading (and after several files became one record), before questions are raised. Nothing
vanishes: each entry of the input is in the output or has a trace in `Record.cleaned` with its place in the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from medgui.i18n import N_, _
from medgui.record.cleaning_copies import copied_forward
from medgui.record.cleaning_lists import alike_allergies, alike_conditions, alike_medications
from medgui.record.cleaning_results import Dropped, corrected, repeated, superseded, withdrawn
from medgui.record.course import misplaced
from medgui.record.model import Allergy, Cleaned, Condition, Medication, Observation, Question, Record

SENTENCES = {
    "duplicate": N_("{name} stands in the file more than once; it is listed once."),
    "corrected": N_("{name} was replaced by a corrected result."),
    "superseded": N_("The preliminary result of {name} was replaced by the final one."),
    "entered_in_error": N_("{name} was entered in error and withdrawn."),
    "cancelled": N_("{name} was cancelled; there is no result."),
}
Entry = TypeVar("Entry", Observation, Condition, Medication, Allergy)

WRONG_DAY = N_("{name} is {reason}. Check the date before you use it.")


def clean(record: Record) -> Record:
    """The record without repetitions and withdrawn entries, each with its trace; running it again changes nothing."""
    asked = {q.observation: q.code for q in record.questions if q.observation}
    results, traces = list(record.observations), list[Cleaned]()
    for step in (corrected, superseded, withdrawn):
        dropped = list(step(results))
        results = _without(results, dropped)
        traces.extend(map(_trace, dropped))
    doubles = list(repeated(results, asked))
    results = _without(results, doubles)
    traces.extend(map(_trace, doubles))
    conditions = _settled(list(record.conditions), alike_conditions, traces)
    medications = _settled(list(record.medications), alike_medications, traces)
    allergies = _settled(list(record.allergies), alike_allergies, traces)
    results, copies = copied_forward(results, record)
    traces.extend(copies)
    traces.extend(_wrong_days(results, record))
    left = {found.id for found in results}
    return replace(
        record,
        observations=tuple(results),
        conditions=tuple(conditions),
        medications=tuple(medications),
        allergies=tuple(allergies),
        questions=tuple(_still_asked(record, left)),
        cleaned=(*record.cleaned, *_new(traces, record.cleaned)),
    )


def _settled(
    entries: list[Entry], step: Callable[[list[Entry]], Iterable[Dropped]], traces: list[Cleaned]
) -> list[Entry]:
    """Run *step* until it finds nothing more: what is left may go together where a third entry stood between."""
    while dropped := list(step(entries)):
        traces.extend(map(_trace, dropped))
        entries = _without(entries, dropped)
    return entries


def _without(entries: Iterable[Entry], dropped: Iterable[Dropped]) -> list[Entry]:
    gone = {id(item.entry) for item in dropped}
    return [entry for entry in entries if id(entry) not in gone]


def _trace(dropped: Dropped) -> Cleaned:
    sentence = _(SENTENCES[dropped.code]).format(name=dropped.entry.name or dropped.entry.id)
    return Cleaned(dropped.code, sentence, dropped.entry.source, dropped.kept)


def _wrong_days(results: Iterable[Observation], record: Record) -> Iterable[Cleaned]:
    """Notes on results of impossible days that no question is raised about, because no formula knows them."""
    for found in results:
        reason = "" if found.variable and found.usable else misplaced(found.time, record)
        if reason:
            sentence = _(WRONG_DAY).format(name=found.name or found.id, reason=reason)
            yield Cleaned("time_impossible", sentence, found.source, found.id)


def _still_asked(record: Record, left: set[str]) -> Iterable[Question]:
    """Questions whose observation is still listed; those of withdrawn ones went with them."""
    before = {found.id for found in record.observations}
    return (q for q in record.questions if q.observation in left or q.observation not in before)


def _new(traces: Iterable[Cleaned], known: Iterable[Cleaned]) -> Iterable[Cleaned]:
    seen = {
        (item.code, item.kept, item.source)
        for item in known
        if item.code in ("copied_forward", "time_impossible")
    }
    return (item for item in traces if (item.code, item.kept, item.source) not in seen)
