"""Several files about one person, put together into one record.

`merge` never mixes people (SAFETY 26): contradicting birth dates and unrelated names are refused, a changed name is
a question, and until that is answered nothing of the files concerned feeds a model. The result does not depend on
the order of the files.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from medgui.errors import DifferentPeople
from medgui.i18n import N_, _, format_list
from medgui.record.dates import day, moment, span
from medgui.record.merge_conflicts import note_conflicts
from medgui.record.merge_groups import Group, group, order_of
from medgui.record.merge_identity import Verdict, compare, has_facts, identity_of
from medgui.record.model import (
    Answer,
    Cleaned,
    Completeness,
    FilePart,
    Identifier,
    Patient,
    Question,
    Record,
    Source,
    Suggestion,
    Unread,
)
from medgui.record.patient_words import full_name, partial_date

SEVERAL = "several"
"""`Record.format` of a record of several files."""
SAME_PERSON = "same_person"
"""Id of the question whether the files are about one person; its code is a `Verdict`."""
IDENTITY_CODES = (Verdict.NAME_CHANGED.value, Verdict.UNSURE.value)

OTHER_BORN = N_(
    "Not opened together: {one} is about a person born on {born}, {other} about a person born on {date}."
)
OTHER_NAMED = N_("Not opened together: {one} is about {name}, {other} about {other_name}.")
ASK_NAME = N_("The same person? The birth date is the same, the name is not.")
ASK_ANY = N_("The same person? The files do not state enough to be sure.")
WAITS = N_("Waits for the answer whether {file} is about the same person.")
NOT_THE_SAME = N_("Left out: about another person, as was answered.")
KEPT_WITH = N_("It names no patient; it is kept with this record as a document.")
SAME_FILE = N_("{file} is the same file as {kept}; it was read once.")


def merge(records: Iterable[Record], *, same_person: bool | None = None) -> Record:
    """Put the records of files about one person together; a single one comes back as it is.

    *same_person* is the answer to the question whether files in doubt belong to the others: True takes them in,
    False leaves them out, None asks and keeps their values from use. Raises `DifferentPeople` with one sentence.
    """
    listed = sorted(records, key=order_of)
    if not listed:
        raise LookupError("no record to merge")
    distinct, copies = _without_copies(listed)
    if len(distinct) == 1:
        only = distinct[0]
        return replace(only, cleaned=(*only.cleaned, *copies)) if copies else only
    groups, unclear = group(distinct)
    if len(groups) > 1 or unclear:
        raise different_people(groups)
    merged = _merged(groups[0], same_person)
    return replace(merged, cleaned=(*merged.cleaned, *copies))


def different_people(groups: Sequence[Group]) -> DifferentPeople:
    """The refusal to put the files of several people together."""
    people = people_of(groups)
    first = groups[0].records[0]
    others = [item.records[0] for item in groups[1:]] or [groups[0].records[-1]]
    clear = next((r for r in others if _compared(first, r) is Verdict.OTHER_BIRTH_DATE), others[0])
    words = {"one": first.file, "other": clear.file}
    if (
        first.patient.birth_date
        and clear.patient.birth_date
        and _compared(first, clear) is not Verdict.OTHER_NAME
    ):
        born, other = partial_date(first.patient.birth_date), partial_date(clear.patient.birth_date)
        return DifferentPeople(_(OTHER_BORN).format(**words, born=born, date=other), people)
    name, other_name = full_name(first.patient), full_name(clear.patient)
    return DifferentPeople(_(OTHER_NAMED).format(**words, name=name, other_name=other_name), people)


def _compared(one: Record, other: Record) -> Verdict:
    return compare(identity_of(one), identity_of(other))


def people_of(groups: Sequence[Group]) -> list[tuple[str, str]]:
    """(id, label) of each person, to choose from: the patient's id where it is one person's alone, else a file."""
    ids = Counter(item.records[0].patient.id for item in groups)
    return [(_id_of(item, ids), _label(item)) for item in groups]


def _id_of(item: Group, ids: Counter[str]) -> str:
    number = item.records[0].patient.id
    return number if number and ids[number] == 1 else item.records[0].file


def _label(item: Group) -> str:
    person = _patient(item.records)
    files = [record.file for record in item.records[:2]]
    more = f" (+{len(item.records) - 2})" if len(item.records) > 2 else ""
    born = partial_date(person.birth_date) if person.birth_date else ""
    parts = [full_name(person), born, format_list(files) + more]
    return " \u00b7 ".join(part for part in parts if part)


def _without_copies(records: Sequence[Record]) -> tuple[list[Record], list[Cleaned]]:
    """Each file once, whatever it is called, with a trace of its copies."""
    kept: dict[tuple[str, str], Record] = {}
    traces = []
    for record in records:
        first = kept.setdefault((record.sha256 or record.file, record.patient.id), record)
        if first is not record:
            words = _(SAME_FILE).format(file=record.file, kept=first.file)
            traces.append(Cleaned("duplicate_file", words, Source(record.file)))
    return list(kept.values()), traces


# One record


def _merged(people: Group, same_person: bool | None) -> Record:
    doubtful = {_key(record) for record in people.doubtful}
    held = people.doubtful if same_person is None else ()
    left_out = people.doubtful if same_person is False else ()
    used = [record for record in people.records if not (left_out and _key(record) in doubtful)]
    sure = [record for record in used if not (held and _key(record) in doubtful)]
    put = [_held(r) if held and _key(r) in doubtful else r for r in _with_own_ids(used)]
    question = _question(people) if doubtful else None
    questions, unread = _asked(sure, [r for r in put if not (held and _key(r) in doubtful)])
    states, dates = _completeness(sure, held)
    parts = tuple(part for record in people.records for part in record.parts or (_part(record),))
    merged = Record(
        patient=_patient(sure),
        file=_file_name(parts),
        format=SEVERAL,
        read_at=max(record.read_at for record in people.records),
        document_date=_newest_date(sure),
        as_of=max(record.as_of for record in sure),
        observations=_joined(put, "observations"),
        conditions=_joined(put, "conditions"),
        medications=_joined(put, "medications"),
        allergies=_joined(put, "allergies"),
        documents=_joined(put, "documents"),
        questions=(*((question,) if question else ()), *questions),
        answers=_answers(question, same_person),
        unread=(*(Unread(r.file, _(NOT_THE_SAME), section="file") for r in left_out), *unread, *_unread(put)),
        completeness=states,
        sha256=hashlib.sha256("".join(sorted(part.sha256 for part in parts)).encode()).hexdigest(),
        cleaned=_joined(put, "cleaned"),
        parts=parts,
        list_dates=dates,
    )
    if any(asked.code == "sex_conflict" for asked in questions):
        merged = replace(merged, patient=replace(merged.patient, sex=None, sex_source=""))
    return note_conflicts(merged, ignored={record.file for record in held})


def _key(record: Record) -> tuple[str, str]:
    return (record.file, record.sha256)


def _joined(records: Sequence[Record], name: str) -> tuple[Any, ...]:
    return tuple(item for record in records for item in getattr(record, name))


def _part(record: Record) -> FilePart:
    return FilePart(record.file, record.format, record.sha256, 0, record.document_date)


def _file_name(parts: Sequence[FilePart]) -> str:
    """The first name and how many more, as in "a.json (+2)": the same in every language."""
    first = min(part.name for part in parts)
    return f"{first} (+{len(parts) - 1})" if len(parts) > 1 else first


def _unread(records: Sequence[Record]) -> Iterable[Unread]:
    """Notes with the file they are about before their place."""
    for record in records:
        if identity_of(record).is_empty and not has_facts(record):
            yield Unread(record.file, _(KEPT_WITH), section="file")
        for note in record.unread:
            where = f"{record.file}, {note.location}" if note.location != record.file else note.location
            yield replace(note, location=where)


def _newest_date(records: Sequence[Record]) -> str:
    return max((record.document_date for record in records), key=moment)


# Identity


def _patient(records: Sequence[Record]) -> Patient:
    """Who the newest file says it is, with what only the others state. Two sexes are none (SAFETY 3)."""
    people = [
        r.patient for r in sorted(records, key=lambda r: (moment(r.document_date), order_of(r)), reverse=True)
    ]
    named = next((p for p in people if p.family or p.given), people[0])
    sexes = {person.sex for person in people if person.sex}
    stated = next((p for p in people if p.sex), named) if len(sexes) == 1 else named
    births = sorted((p.birth_date for p in people), key=len, reverse=True)
    return replace(
        named,
        birth_date=births[0],
        sex=stated.sex if len(sexes) == 1 else None,
        sex_source=stated.sex_source if len(sexes) == 1 else "",
        administrative_gender=named.administrative_gender or _first(people, "administrative_gender"),
        identifiers=_identifiers(people),
        deceased=max((p.deceased for p in people), key=lambda text: (text[:1].isdigit(), bool(text))),
        ethnicity=named.ethnicity or _first(people, "ethnicity"),
        is_test=any(person.is_test for person in people),
    )


def _first(people: Sequence[Patient], name: str) -> str:
    return next((getattr(person, name) for person in people if getattr(person, name)), "")


def _identifiers(people: Sequence[Patient]) -> tuple[Identifier, ...]:
    return tuple(dict.fromkeys(item for person in people for item in person.identifiers))


def _question(people: Group) -> Question:
    """The question whether the files in doubt are about the same person."""
    doubtful = {_key(record) for record in people.doubtful}
    others = [record for record in people.records if _key(record) not in doubtful]
    message = ASK_NAME if people.doubt == Verdict.NAME_CHANGED else ASK_ANY
    named = [record for record in others if record.patient.family or record.patient.given]
    shown = [(named or others)[-1], *people.doubtful[:4]]
    return Question(
        id=SAME_PERSON,
        code=str(people.doubt),
        message=_(message),
        suggestions=(Suggestion(_("The same person"), True), Suggestion(_("Another person"), False)),
        facts=tuple((record.file, _who(record.patient)) for record in shown),
        source=people.doubtful[0].patient.source,
    )


def _who(person: Patient) -> str:
    number = next((item.value for item in person.identifiers), "")
    born = partial_date(person.birth_date) if person.birth_date else ""
    return " \u00b7 ".join(part for part in (full_name(person), born, number) if part)


def _answers(question: Question | None, same_person: bool | None) -> tuple[Answer, ...]:
    if question is None or same_person is None:
        return ()
    label = question.suggestions[0 if same_person else 1].label
    return (Answer("", same_person, "", "", question.id, note=label),)


def _held(record: Record) -> Record:
    """A record whose person is in doubt: all of it is shown, nothing of it is used.

    A stated "no known allergies" is not shown either: it would stand for the patient.
    """
    reason = _(WAITS).format(file=record.file)
    return replace(
        record,
        observations=tuple(_unusable(item, reason) for item in record.observations),
        conditions=tuple(_unusable(item, reason) for item in record.conditions),
        medications=tuple(_unusable(item, reason) for item in record.medications),
        allergies=tuple(item for item in record.allergies if not item.negated),
    )


def _unusable(item: Any, reason: str) -> Any:
    return replace(item, usable=False, unusable_reason=reason) if item.usable else item


def _asked(sure: Sequence[Record], renamed: Sequence[Record]) -> tuple[list[Question], list[Unread]]:
    """The questions of the files, those of the person once; one more where the files disagree about the sex."""
    questions = [q for record in renamed for q in record.questions if q.code not in _OF_PERSON]
    asked: dict[str, Question] = {}
    for record in sure:
        for question in record.questions:
            if question.code in _OF_PERSON:
                asked.setdefault(question.code, question)
    if any(day(record.patient.birth_date) for record in sure):
        asked.pop("birth_date_ambiguous", None)
    if "sex_conflict" not in asked and len({r.patient.sex for r in sure if r.patient.sex}) > 1:
        asked["sex_conflict"] = _sex_question(sure)
    return [*asked.values(), *questions], _deaths(sure)


_OF_PERSON = ("sex_conflict", "birth_date_ambiguous")


def _sex_question(records: Sequence[Record]) -> Question:
    words = {"female": _("Female"), "male": _("Male")}
    stated = [(r.file, r.patient.sex) for r in records if r.patient.sex]
    counts = Counter(sex for _file, sex in stated)
    return Question(
        id="sex_conflict",
        code="sex_conflict",
        message=_("Female or male? The files differ."),
        variable="sex",
        suggestions=tuple(Suggestion(words[sex], sex) for sex, _n in counts.most_common()),
        facts=tuple((file, words[sex]) for file, sex in stated[:6]),
        source=next(r.patient.source for r in records if r.patient.sex),
    )


def _deaths(records: Sequence[Record]) -> list[Unread]:
    """A note where the files name different days of death."""
    dated = {r.patient.deceased: r.file for r in records if span(r.patient.deceased)}
    if len({text[:10] for text in dated}) < 2:
        return []
    listed = format_list([f"{partial_date(text)} ({file})" for text, file in sorted(dated.items())])
    reason = _("The files state different days of death: {dates}.").format(dates=listed)
    return [Unread(next(iter(dated.values())), reason, section="patient")]


# Sections


def _completeness(
    sure: Sequence[Record], held: Sequence[Record]
) -> tuple[dict[str, Completeness], dict[str, str]]:
    """How far each section was read in all files together, and the date of the list that makes it complete.

    Complete: some file lists the section completely, and every file that was read only in part is dated and older.
    A file whose person is in doubt makes what it holds partial: it may list what the others do not.
    """
    states: dict[str, Completeness] = {}
    dates: dict[str, str] = {}
    for section in sorted({name for record in (*sure, *held) for name in record.completeness}):
        complete = [r for r in sure if r.completeness.get(section) is Completeness.COMPLETE]
        partial = [r for r in sure if r.completeness.get(section) is Completeness.PARTIAL]
        doubtful = any(
            r.completeness.get(section, Completeness.ABSENT) is not Completeness.ABSENT for r in held
        )
        newest = max((r.list_date(section) for r in complete), key=moment, default="")
        if complete and not doubtful and all(_older(r.document_date, newest) for r in partial):
            states[section] = Completeness.COMPLETE
            dates[section] = newest
        elif complete or partial or doubtful:
            states[section] = Completeness.PARTIAL
        else:
            states[section] = Completeness.ABSENT
    return states, dates


def _older(date: str, newest: str) -> bool:
    one, other = span(date), span(newest)
    return bool(one and other and one[1] < other[0])


# Ids

_LISTS = ("observations", "conditions", "medications", "allergies", "documents", "questions")


def _with_own_ids(records: Sequence[Record]) -> list[Record]:
    """Records in which no two files use one id: those that do carry the name of their file in front."""
    counts: Counter[tuple[str, str]] = Counter()
    for record in records:
        for name in _LISTS:
            counts.update({(name, item.id) for item in getattr(record, name)})
    taken = {key for key, count in counts.items() if count > 1}
    if not taken:
        return list(records)
    return [
        _renamed(r) if any((n, item.id) in taken for n in _LISTS for item in getattr(r, n)) else r
        for r in records
    ]


def _renamed(record: Record) -> Record:
    before = record.file.replace("#", "_") + ":"
    lists: dict[str, Any] = {
        name: tuple(replace(item, id=before + item.id) for item in getattr(record, name))
        for name in _LISTS[:-1]
    }
    questions = tuple(
        replace(q, id=before + q.id, observation=before + q.observation if q.observation else "")
        for q in record.questions
    )
    cleaned = tuple(replace(c, kept=before + c.kept) if c.kept else c for c in record.cleaned)
    return replace(record, **lists, questions=questions, cleaned=cleaned)
