"""Statements of several files that contradict each other: the newer one wins where it is dated, and that is shown.

What no date settles is asked. The entry that lost stays in the record with its reason; it is never deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from medgui.frozen import frozen
from medgui.i18n import N_, _, format_list
from medgui.record.dates import span
from medgui.record.fact_rules import drug_rules
from medgui.record.model import (
    Allergy,
    Coding,
    Condition,
    Medication,
    Question,
    Record,
    Suggestion,
    Unread,
)
from medgui.record.patient_words import partial_date
from medgui.record.problems import stating

STOPPED = N_("Not taken any more: {file} of {date} says “{status}”.")
OVER = N_("Not active any more: {file} of {date} says “{status}”.")
FILES_DIFFER = N_("{file} says “{status}”; no date tells which of the two is newer.")
ASK_TAKEN = N_("Is {drug} taken? {one} says so, {other} says “{status}”; no date tells which is newer.")
NO_ALLERGY_BESIDE = N_("{file} states no known allergies, other files list {names}; what is listed stands.")

_ENDED_DRUG = ("stopped", "completed", "not-taken")
_ENDED_PROBLEM = ("inactive", "remission", "resolved")
_KIND_VARIABLES = {"statin": "statin", "antihypertensive": "bp_treatment"}

_Entry = TypeVar("_Entry", Medication, Condition)
_Key = tuple[str, str]


def note_conflicts(record: Record, ignored: Collection[str] = ()) -> Record:
    """Settle or ask what the files of *record* contradict each other in; files in *ignored* have no say."""
    dates = {part.name: part.document_date for part in record.parts}
    drugs = _against(record.medications, dates, ignored, _is_taken, _drug_end, STOPPED)
    problems = _against(record.conditions, dates, ignored, _is_active, _problem_end, OVER)
    medications = tuple(_lost(item, drugs.get(item.id)) for item in record.medications)
    conditions = tuple(_lost(item, problems.get(item.id)) for item in record.conditions)
    asked = [(item, drugs[item.id]) for item in record.medications if item.id in drugs]
    return replace(
        record,
        medications=medications,
        conditions=conditions,
        questions=(*record.questions, *_questions(record, asked, medications)),
        unread=(*record.unread, *_allergies(record, ignored)),
    )


# Drugs and problems


@frozen
class _Loss:
    """Why an entry lost: the other entry with its status, words for it, and whether a date settled it."""

    other: Medication | Condition
    words: str
    status: str
    settled: bool


def _is_taken(found: Medication) -> bool:
    return found.usable and found.status == "active"


def _drug_end(found: Medication) -> str:
    return found.status if found.status in _ENDED_DRUG else ""


def _is_active(found: Condition) -> bool:
    return found.kind == "condition" and found.usable and found.clinical_status.lower() not in _ENDED_PROBLEM


def _problem_end(found: Condition) -> str:
    if found.kind != "condition" or found.subject not in ("patient", ""):
        return ""
    if found.verification.lower() == "refuted":
        return "refuted"
    return found.clinical_status if found.usable and found.clinical_status.lower() in _ENDED_PROBLEM else ""


def _keys(codings: Iterable[Coding], name: str) -> Iterator[_Key]:
    yield from ((coding.system, coding.code) for coding in codings if coding.code)
    if name.strip():
        yield "", " ".join(name.casefold().split())


def _against(
    entries: Iterable[_Entry],
    dates: Mapping[str, str],
    ignored: Collection[str],
    holds: Callable[[_Entry], bool],
    ended: Callable[[_Entry], str],
    words: str,
) -> dict[str, _Loss]:
    """Entries that hold in one file and are ended in another that is not older, by id."""
    listed = [item for item in entries if item.source.file not in ignored]
    ends: dict[_Key, list[_Entry]] = {}
    for item in listed:
        if ended(item):
            for key in _keys(item.codings, item.name):
                ends.setdefault(key, []).append(item)
    if not ends:
        return {}
    holding = [item for item in listed if holds(item)]
    held_in = {(key, item.source.file) for item in holding for key in _keys(item.codings, item.name)}
    losses: dict[str, _Loss] = {}
    for item in holding:
        for key in _keys(item.codings, item.name):
            for other in ends.get(key, ()):
                if (key, other.source.file) not in held_in and item.id not in losses:
                    loss = _loss(item, other, dates, ended(other), words)
                    if loss is not None:
                        losses[item.id] = loss
    return losses


def _loss(item: _Entry, other: _Entry, dates: Mapping[str, str], status: str, words: str) -> _Loss | None:
    """Why *item* does not hold against *other*; None where it is the newer, or begins after the other's end."""
    begins, over = span(_begin(item)), span(_end(other))
    if begins and over and begins[0] > over[1]:
        return None
    file = other.source.file
    mine, theirs = span(dates.get(item.source.file, "")), span(dates.get(file, ""))
    if mine and theirs and theirs[1] < mine[0]:
        return None
    if mine and theirs and mine[1] < theirs[0]:
        said = _(words).format(file=file, date=partial_date(dates[file]), status=status)
        return _Loss(other, said, status, True)
    return _Loss(other, _(FILES_DIFFER).format(file=file, status=status), status, False)


def _begin(item: Medication | Condition) -> str:
    return item.start if isinstance(item, Medication) else item.onset


def _end(item: Medication | Condition) -> str:
    return (item.end or item.start) if isinstance(item, Medication) else ""


def _lost(item: _Entry, loss: _Loss | None) -> _Entry:
    return item if loss is None else replace(item, usable=False, unusable_reason=loss.words)


def _questions(
    record: Record, asked: list[tuple[Medication, _Loss]], left: Iterable[Medication]
) -> Iterator[Question]:
    """Whether a drug is taken, where no date settles it. A problem needs none: its facts are asked by themselves."""
    seen: set[str] = set()
    for item, loss in asked:
        variable = _variable(item)
        if variable == "bp_treatment" and not stating(record, "hypertension").evidence:
            variable = ""  # the drug alone is no treatment of blood pressure (SAFETY 7)
        settled = variable and any(_is_taken(other) and _variable(other) == variable for other in left)
        name = " ".join(item.name.casefold().split())
        if loss.settled or settled or name in seen:
            continue
        seen.add(name)
        message = _(ASK_TAKEN).format(
            drug=item.name, one=item.source.file, other=loss.other.source.file, status=loss.status
        )
        yield Question(
            id=f"drug_conflict:{item.id}",
            code="drug_conflict",
            message=message,
            variable=variable,
            suggestions=(Suggestion(_("Taken"), True), Suggestion(_("Not taken"), False)),
            source=item.source,
        )


def _variable(item: Medication) -> str:
    """The standard input that rests on a drug; "" for most."""
    local = drug_rules()["local"].matches_route(item)
    kinds = (v for kind, v in _KIND_VARIABLES.items() if not local and drug_rules()[kind].matches(item))
    return next(kinds, "")


# Allergies


def _allergies(record: Record, ignored: Collection[str]) -> Iterator[Unread]:
    """A stated "no known allergies" beside allergies of other files: what is listed stands (SAFETY 5)."""
    known = [a for a in record.allergies if not a.negated and a.verification != "entered-in-error"]
    for item in record.allergies:
        others = [a for a in known if a.source.file != item.source.file]
        if item.negated and others and item.source.file not in ignored:
            yield _beside(item, others)


def _beside(item: Allergy, others: list[Allergy]) -> Unread:
    names = format_list(list(dict.fromkeys(a.name for a in others))[:5])
    reason = _(NO_ALLERGY_BESIDE).format(file=item.source.file, names=names)
    where = ", ".join(part for part in (item.source.file, item.source.location) if part)
    return Unread(where, reason, item.source.line, "allergies")
