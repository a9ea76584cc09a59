"""Several files, or a folder, read one by one and sorted by person."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from medgui.errors import NoPatient, SeveralPatients, UnreadableFile, UserError
from medgui.i18n import _, format_list, ngettext
from medgui.readers.folder import MOST_BYTES, Listing, list_folder, names_of, none_readable
from medgui.readers.image_series import fold_series
from medgui.record.merge import different_people, merge, people_of
from medgui.record.merge_groups import Group, group
from medgui.record.merge_identity import Verdict, compare, identity_of
from medgui.record.model import Record, Unread

ReadOne = Callable[[Path, str, str | None, Mapping[str, Any] | None], Record]
"""Reads one file under a name, for one patient, with a mapping: `readers.read_file` with the rest filled in."""
MOST_TRIED = 20
"""People of one file who are read to see whether one of them is the person of the others."""


@dataclass(slots=True)
class _Gathered:
    """What reading gave: records, files of several people, and a sentence for each file that gave nothing.

    apart: files that refer to people by ids, whose own entries are in another file of the same export.
    """

    records: list[Record] = field(default_factory=list)
    crowds: list[tuple[Path, str, SeveralPatients]] = field(default_factory=list)
    apart: list[tuple[Path, str, NoPatient]] = field(default_factory=list)
    notes: list[Unread] = field(default_factory=list)


def read_several(
    paths: Sequence[Path],
    read: ReadOne,
    *,
    patient: str | None = None,
    mapping: Mapping[str, Any] | None = None,
    same_person: bool | None = None,
) -> Record:
    """Read files, or the files of a folder, into the record of one person.

    *mapping* holds for every table; under "files" it may have one for each path. A file that cannot be read is left
    out with a note. `UnreadableFile` where none can be read, `SeveralPatients` where a folder or file holds several
    people and *patient* chooses none, `DifferentPeople` where the files named are about several, `UserError` where
    *patient* is none of them.
    """
    folder = paths[0] if len(paths) == 1 and paths[0].is_dir() else None
    listing = _listing(paths)
    got = _Gathered(notes=list(listing.notes))
    _read_all(listing.paths, read, mapping, got)
    if not got.records and not got.crowds:
        got.notes += [Unread(name, str(error), section="file") for _path, name, error in got.apart]
        raise none_readable(folder, len(listing.paths), next((n.reason for n in got.notes), ""))
    if patient is not None:
        _read_named(read, patient, mapping, got)
    got.records = fold_series(got.records)
    groups, unclear = group(got.records)
    chosen = _chosen(groups, got, patient, is_folder=folder is not None or any(p.is_dir() for p in paths))
    records = list(chosen.records) + _from_crowds(chosen, groups, read, mapping, got, patient)
    records += _kept_apart(records, read, mapping, got)
    merged = merge(records, same_person=same_person)
    others = [item for item in groups if item is not chosen]
    notes = [*got.notes, *(_about_another(r) for item in others for r in item.records)]
    notes += [
        Unread(r.file, _("Not read: it does not say whom it is about."), section="file") for r in unclear
    ]
    return replace(merged, unread=(*notes, *merged.unread))


def _listing(paths: Sequence[Path]) -> Listing:
    """All files named, with those of folders in their place, each once."""
    found: dict[Path, None] = {}
    notes: list[Unread] = []
    for path in paths:
        if path.is_dir():
            listing = list_folder(path)
            found.update(dict.fromkeys(listing.paths))
            notes += listing.notes
        else:
            found[path] = None
    return Listing(tuple(found), tuple(notes))


def _read_all(
    paths: Sequence[Path], read: ReadOne, mapping: Mapping[str, Any] | None, got: _Gathered
) -> None:
    taken = 0
    for path, name in zip(paths, names_of(paths), strict=True):
        if taken > MOST_BYTES:
            got.notes.append(Unread(name, _("Not read: the files together are too large."), section="file"))
            continue
        try:
            record = read(path, name, None, _mapping_of(path, mapping))
            got.records.append(record)
            taken += sum(part.size for part in record.parts if part.format not in ("dicom", "vcf"))
        except SeveralPatients as error:
            got.crowds.append((path, name, error))
        except NoPatient as error:
            got.apart.append((path, name, error))
        except UnreadableFile as error:
            got.notes.append(Unread(name, str(error), section="file"))


def _mapping_of(path: Path, mapping: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if mapping is None:
        return None
    general = {key: value for key, value in mapping.items() if key != "files"}
    return {**mapping.get("files", {}).get(str(path), {}), **general} or None


# Whose record is wanted


def _read_named(read: ReadOne, patient: str, mapping: Mapping[str, Any] | None, got: _Gathered) -> None:
    """The person asked for out of every file that holds several."""
    for path, name, _error in got.crowds:
        try:
            got.records.append(read(path, name, patient, _mapping_of(path, mapping)))
        except UserError:
            continue


def _chosen(groups: Sequence[Group], got: _Gathered, patient: str | None, *, is_folder: bool) -> Group:
    """The person to read. Raises what tells the caller to choose one."""
    if patient is not None:
        for (number, _label), item in zip(people_of(groups), groups, strict=True):
            if patient == number or patient in _names(item):
                return item
        listed = format_list([number for number, _label in _everyone(groups, got)[:10]])
        sentence = _("No file is about patient {patient}; the files are about: {list}.")
        raise UserError(sentence.format(patient=patient, list=listed))
    if len(groups) == 1:
        return groups[0]
    if len(groups) > 1 and not is_folder and not got.crowds:
        raise different_people(groups)
    if len(got.crowds) == 1 and not groups:
        raise got.crowds[0][2]
    raise _choose_one(_everyone(groups, got))


def _choose_one(people: list[tuple[str, str]]) -> SeveralPatients:
    sentence = ngettext(
        "The files are about {n} person; choose one.",
        "The files are about {n} people; choose one.",
        len(people),
    )
    return SeveralPatients(sentence.format(n=len(people)), people)


def _everyone(groups: Sequence[Group], got: _Gathered) -> list[tuple[str, str]]:
    listed = dict(people_of(groups))
    for _path, _name, error in got.crowds:
        for number, label in error.patients:
            listed.setdefault(number, label)
    return sorted(listed.items(), key=lambda person: person[1].casefold())


def _names(item: Group) -> set[str]:
    people = [record.patient for record in item.records]
    return {p.id for p in people} | {i.value for p in people for i in p.identifiers} - {""}


def _about_another(record: Record) -> Unread:
    return Unread(record.file, _("Not read: it is about another person."), section="file")


def _from_crowds(
    chosen: Group,
    groups: Sequence[Group],
    read: ReadOne,
    mapping: Mapping[str, Any] | None,
    got: _Gathered,
    patient: str | None,
) -> list[Record]:
    """The same person out of files of several people, where nobody was chosen by name.

    `SeveralPatients` where a file holds several people and none of them is the person of the other files.
    """
    if patient is not None:
        return []
    found = []
    for path, name, error in got.crowds:
        own = _mapping_of(path, mapping)
        record = _matching(chosen, error, partial(_read_person, read, path, name, own))
        if record is None:
            raise _choose_one(_everyone(groups, got))
        found.append(record)
    return found


def _read_person(
    read: ReadOne, path: Path, name: str, mapping: Mapping[str, Any] | None, number: str
) -> Record:
    return read(path, name, number, mapping)


def _matching(chosen: Group, error: SeveralPatients, read: Callable[[str], Record]) -> Record | None:
    """The one of several people who is surely the person of *chosen*: by id, identifier, or birth date."""
    known = [identity_of(record) for record in chosen.records]
    names = _names(chosen)
    births = {record.patient.birth_date for record in chosen.records if len(record.patient.birth_date) == 10}
    likely = [number for number, _label in error.patients if number in names]
    likely += [number for number, label in error.patients if any(born in label for born in births)]
    for number in dict.fromkeys([*likely, *sorted(names)][:MOST_TRIED]):
        try:
            record = read(number)
        except UserError:
            continue
        verdicts = {compare(identity_of(record), identity) for identity in known}
        if Verdict.SAME in verdicts and not any(verdict.is_other for verdict in verdicts):
            return record
    return None


# Files of an export that keeps people and their entries apart

_UNIQUE = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=.*\d)(?=.*[A-Za-z])[\w.-]{20,}", re.IGNORECASE
)
"""Ids that no two servers give (UUIDs, long tokens). A short one ("12") is asked about."""


def _kept_apart(
    records: Sequence[Record], read: ReadOne, mapping: Mapping[str, Any] | None, got: _Gathered
) -> list[Record]:
    """The person's entries out of files that only refer to the person, by the id in the file with the person's own.

    Where that id might be another person's on another server, the record names nobody, and so it is asked about.
    """
    people = {record.patient.id: record.patient for record in records if record.format.startswith("fhir")}
    found = []
    for path, name, error in got.apart:
        number = next((number for number in error.people if number in people), None)
        if number is None:
            got.notes.append(Unread(name, str(error), section="file"))
            continue
        record = read(path, name, number, _mapping_of(path, mapping))
        if _UNIQUE.fullmatch(number):
            record = replace(record, patient=people[number])
        found.append(record)
    return found
