"""Records sorted by person: who surely belongs together, who waits for an answer, who could be several people."""

from __future__ import annotations

from collections.abc import Iterable

from medgui.frozen import frozen
from medgui.record.merge_identity import Identity, Verdict, compare, has_facts, identity_of
from medgui.record.model import Record


@frozen
class Group:
    """Records about one person. `doubtful` are those of them that only an answer puts with the others.

    `doubt` says why ("" without doubt): `Verdict.NAME_CHANGED` or `Verdict.UNSURE`.
    """

    records: tuple[Record, ...]
    doubtful: tuple[Record, ...] = ()
    doubt: str = ""


@frozen
class _Voice:
    """Records that state the same of their person; `silent` where they name nobody and hold documents alone."""

    identity: Identity
    silent: bool
    records: tuple[Record, ...]


def order_of(record: Record) -> tuple[str, str, str, str]:
    """Sort key of a record among others, the same whatever the order in which files are given: oldest first."""
    return (record.document_date, record.file, record.sha256, record.patient.id)


def group(records: Iterable[Record]) -> tuple[tuple[Group, ...], tuple[Record, ...]]:
    """Sort records by person; those that would fit several people, or nobody among several, come back apart.

    The second part are those: files without a name beside files of several people, and files that could be
    about more than one of them.
    """
    people: list[list[_Voice]] = []
    unclear: list[Record] = []
    for voice in _voices(records):
        fitting = _fitting(people, voice)
        if len(fitting) > 1:
            unclear.extend(voice.records)
        elif fitting:
            fitting[0].append(voice)
        else:
            people.append([voice])
    return tuple(_settled(voices) for voices in people), tuple(unclear)


def _voices(records: Iterable[Record]) -> list[_Voice]:
    """Those who say most of themselves first, so that the others find whom they belong to."""
    heard: dict[Identity, list[Record]] = {}
    found: list[_Voice] = []
    for record in sorted(records, key=order_of):
        identity = identity_of(record)
        silent = identity.is_empty and not has_facts(record)
        if not silent and compare(identity, identity) is Verdict.SAME:
            heard.setdefault(identity, []).append(record)
        else:  # to state the same little is not to be the same person
            found.append(_Voice(identity, silent, (record,)))
    found += [_Voice(identity, False, tuple(listed)) for identity, listed in heard.items()]
    return sorted(found, key=_rank)


def _rank(voice: _Voice) -> tuple[bool, bool, bool, bool]:
    identity = voice.identity
    named = bool(identity.family or identity.given)
    return (voice.silent, not identity.is_exact, not named, not identity.numbers)


def _fitting(people: list[list[_Voice]], voice: _Voice) -> list[list[_Voice]]:
    """The people whom a record is about, surely or perhaps; the sure ones alone where there are any."""
    sure: list[list[_Voice]] = []
    perhaps: list[list[_Voice]] = []
    for person in people:
        verdicts = {_verdict(voice, other) for other in person}
        if not any(verdict.is_other for verdict in verdicts):
            (sure if Verdict.SAME in verdicts else perhaps).append(person)
    return sure or perhaps


def _verdict(voice: _Voice, other: _Voice) -> Verdict:
    """As `compare`; a document that names nobody belongs to whomever it lies with."""
    return Verdict.SAME if voice.silent or other.silent else compare(voice.identity, other.identity)


def _settled(person: list[_Voice]) -> Group:
    """Tell the records that surely belong together from those that wait for an answer.

    A file that fits two such parts does not make them one: it waits with the smaller. The largest part that names
    somebody stands; of equal ones that with the older document, since a name changes later.
    """
    everyone = tuple(sorted((record for voice in person for record in voice.records), key=order_of))
    parts: list[list[_Voice]] = []
    waiting: list[_Voice] = []
    for voice in person:
        fitting = [part for part in parts if _belongs(voice, part)]
        if voice.silent or len(fitting) == 1:
            (fitting or parts or [[]])[0].append(voice)
        elif fitting:
            waiting.append(voice)
        else:
            parts.append([voice])
    if len(parts) < 2:
        return Group(everyone)
    parts.sort(key=_weight)
    waiting += [voice for part in parts[1:] for voice in part if not voice.silent]
    doubts = {_verdict(voice, other) for voice in waiting for other in parts[0]}
    doubt = Verdict.NAME_CHANGED if Verdict.NAME_CHANGED in doubts else Verdict.UNSURE
    doubtful = sorted((record for voice in waiting for record in voice.records), key=order_of)
    return Group(everyone, tuple(doubtful), doubt)


def _weight(part: list[_Voice]) -> tuple[bool, int, tuple[str, str, str, str]]:
    is_named = any(voice.identity.family or voice.identity.given for voice in part)
    records = [record for voice in part if not voice.silent for record in voice.records]
    return (not is_named, -len(records), min(map(order_of, records)))


def _belongs(voice: _Voice, part: list[_Voice]) -> bool:
    verdicts = {_verdict(voice, other) for other in part}
    return Verdict.SAME in verdicts and Verdict.NAME_CHANGED not in verdicts
