"""A DICOMDIR: the patients, studies and series of a disc or folder, with the places of their files (PS3.3 F.3)."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from medgui.errors import UnreadableFile
from medgui.i18n import _, ngettext
from medgui.readers import dicom_tags as tags
from medgui.readers.chosen import Person, choose
from medgui.readers.collected import Collected
from medgui.readers.dicom_person import check_human, read_person
from medgui.readers.dicom_stream import Element
from medgui.readers.dicom_text import PersonName, Texts, iso_moment, person_name
from medgui.readers.patient_file import PatientFile
from medgui.record.model import Document, Record, Source, Unread

_LEVELS = {"PATIENT": 0, "STUDY": 1, "SERIES": 2}
_PART = re.compile(r"[^/\\:\x00-\x1f]{1,64}")


@dataclass(slots=True)
class _Node:
    """One directory record with the records below it."""

    kind: str
    texts: Texts
    below: list[_Node] = field(default_factory=list)


def read_directory(file: PatientFile, texts: Texts, header: Mapping[int, Element]) -> Record:
    """Read one patient of a directory: one document a series, named by its first file.

    `UnreadableFile` where the directory names no patient, `SeveralPatients` where it names several.
    """
    got = Collected()
    patients = _merged(_tree(texts, header, got), got)
    if not patients:
        raise UnreadableFile(_("{file} holds no patient.").format(file=file.name))
    chosen = patients[choose(file, [_listed(node, index) for index, node in enumerate(patients)])]
    check_human(file.name, chosen.texts)
    person, named = read_person(file.name, chosen.texts, got)
    days = []
    for study in chosen.below:
        days.append(study.texts.date(tags.STUDY_DATE))
        for series in study.below:
            got.documents.append(_document(file, study, series, named, got))
    if any(node.texts.doubtful for node in (chosen, *chosen.below)):
        reason = _("The texts are not in the character set that the header states. Check names and texts.")
        got.unread.append(Unread("DICOMDIR", reason))
    return got.record(file, person, {}, document_date=max(days, default=""))


def _listed(node: _Node, index: int) -> Person:
    named = person_name(node.texts.raw(tags.NAME))
    words = (" ".join(filter(None, (named.given, named.family))), node.texts.date(tags.BIRTH_DATE))
    return Person(node.texts.one(tags.PATIENT_ID) or f"#{index + 1}", ", ".join(filter(None, words)))


def _merged(patients: list[_Node], got: Collected) -> list[_Node]:
    """Records of one person as one: the same id, name and birth date. The same id alone is not enough."""
    found: dict[tuple[str, ...], _Node] = {}
    for node in patients:
        key = tuple(node.texts.one(tag) for tag in (tags.PATIENT_ID, tags.NAME, tags.BIRTH_DATE))
        if key in found:
            found[key].below.extend(node.below)
        else:
            found[key] = node
    ids = [node.texts.one(tags.PATIENT_ID) for node in found.values()]
    if len(set(ids)) != len(ids):
        reason = _("Two people in the directory have the same patient number.")
        got.unread.append(Unread("DICOMDIR", reason))
    return list(found.values())


# The tree


def _tree(texts: Texts, header: Mapping[int, Element], got: Collected) -> list[_Node]:
    """The patients: by the offsets that link the records, or in the order of the file where these lead nowhere."""
    items = header[tags.RECORDS].items if tags.RECORDS in header else ()
    nodes = [_Node(item.one(tags.RECORD_KIND), item) for item in texts.items(tags.RECORDS)]
    in_use = [node for node in nodes if node.texts.whole(tags.IN_USE) != 0]
    by_start = {item.start: node for item, node in zip(items, nodes, strict=True)}
    seen: set[int] = set()
    roots = _linked(texts.whole(tags.FIRST_RECORD), by_start, seen)
    if len(seen) >= len(in_use):
        return [node for node in roots if node.kind == "PATIENT"]
    if items:
        reason = _("The links of the directory are damaged; its entries were read in the order of the file.")
        got.unread.append(Unread("DICOMDIR", reason))
    return _in_order(in_use)


def _linked(first: int | None, by_start: Mapping[int, _Node], seen: set[int]) -> list[_Node]:
    """The records of one level from the byte *first* on, each with those below it; no record twice."""
    roots: list[_Node] = []
    pending = [(first, roots)]
    while pending:
        at, siblings = pending.pop()
        while at and at in by_start and at not in seen:
            seen.add(at)
            node = by_start[at]
            node.below = []
            if node.texts.whole(tags.IN_USE) != 0:
                siblings.append(node)
            pending.append((node.texts.whole(tags.LOWER_RECORD), node.below))
            at = node.texts.whole(tags.NEXT_RECORD)
    return roots


def _in_order(nodes: list[_Node]) -> list[_Node]:
    patients: list[_Node] = []
    path: list[_Node] = []
    for node in nodes:
        level = _LEVELS.get(node.kind, 3)
        node.below = []
        if level > len(path):
            continue
        path = path[:level]
        (path[-1].below if path else patients).append(node)
        path.append(node)
    return patients


# Series and their files


def _document(file: PatientFile, study: _Node, series: _Node, named: PersonName, got: Collected) -> Document:
    parts = [
        series.texts.one(tags.MODALITY),
        study.texts.one(tags.STUDY_TEXT),
        series.texts.one(tags.SERIES_TEXT),
    ]
    title = " · ".join(dict.fromkeys(filter(None, parts))) or _("Series without a name")
    present, absent = _files(file.path.parent, series)
    if absent:
        sentence = ngettext(
            "{n} file of the series “{title}” is not beside the DICOMDIR.",
            "{n} files of the series “{title}” are not beside the DICOMDIR.",
            absent,
        )
        got.unread.append(Unread("DICOMDIR", sentence.format(n=absent, title=title), section="documents"))
    day = study.texts.date(tags.STUDY_DATE)
    facts = [(_(label), series.texts.one(tag) or study.texts.one(tag)) for label, tag in tags.FACTS]
    facts += [
        (_("Files"), str(len(present) + absent)),
        (_("Name in its own signs"), named.ideographic),
    ]
    return Document(
        id=series.texts.one(tags.SERIES) or f"{title}#{len(got.documents) + 1}",
        title=title,
        media_type="application/dicom",
        time=iso_moment(day, study.texts.one(tags.STUDY_TIME)),
        source=Source(file.name, title),
        facts=tuple((label, value) for label, value in facts if value),
        size=sum(size for _path, size in present),
        path=str(present[0][0]) if present else "",
    )


def _files(folder: Path, series: _Node) -> tuple[list[tuple[Path, int]], int]:
    """The files of a series that are there, with their sizes, and the number of those that are not."""
    looked_up = [_found(folder, parts) for parts in _references(series)]
    present = [found for found in looked_up if found]
    return present, len(looked_up) - len(present)


def _found(folder: Path, parts: tuple[str, ...]) -> tuple[Path, int] | None:
    for path in _spellings(folder, parts):
        with suppress(OSError):
            state = path.stat()
            if stat.S_ISREG(state.st_mode):
                return path, state.st_size
    return None


def _references(series: _Node) -> Iterator[tuple[str, ...]]:
    for node in series.below:
        parts = node.texts.all(tags.FILE_PARTS)
        if parts:
            yield parts


def _spellings(folder: Path, parts: tuple[str, ...]) -> Iterator[Path]:
    """Where a reference may lie: below the directory's own folder, in the case it is written in, or in small letters.

    A reference that would lead out of that folder leads nowhere.
    """
    if any(part in (".", "..") or not _PART.fullmatch(part) for part in parts):
        return
    yield folder.joinpath(*parts)
    yield folder.joinpath(*(part.lower() for part in parts))
    yield folder.joinpath(*parts[:-1], f"{parts[-1]}.dcm")
