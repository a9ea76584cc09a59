"""The images of one series, each a file of its own, as one document: five hundred slices are one examination."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace

from medgui.i18n import _, format_count
from medgui.readers.sniff import Format
from medgui.record.model import Document, Record


def fold_series(records: Iterable[Record]) -> list[Record]:
    """Records with the images of each series in one: its first image stands for all, every file is listed.

    Images whose headers differ in who the patient is, or in what was measured, stay apart.
    """
    kept: list[Record] = []
    series: dict[tuple[object, ...], list[Record]] = {}
    for record in records:
        key = _series_of(record)
        if key is None:
            kept.append(record)
        else:
            series.setdefault(key, []).append(record)
    return kept + [_folded(images) for images in series.values()]


def _series_of(record: Record) -> tuple[object, ...] | None:
    if record.format != Format.DICOM or len(record.documents) != 1 or record.questions:
        return None
    number = dict(record.documents[0].facts).get(_("Identifier of the series"))
    if not number:
        return None
    person = record.patient
    measured = tuple((o.variable, o.value_as_written, o.unit_as_written) for o in record.observations)
    who = (person.id, person.family, person.given, person.birth_date, person.sex, person.identifiers)
    return (number, who, measured, tuple(note.reason for note in record.unread))


def _folded(images: Sequence[Record]) -> Record:
    first = images[0]
    if len(images) == 1:
        return first
    parts = tuple(part for image in images for part in image.parts)
    digest = hashlib.sha256("".join(sorted(part.sha256 for part in parts)).encode()).hexdigest()
    return replace(first, documents=(_together(images),), parts=parts, sha256=digest)


def _together(images: Sequence[Record]) -> Document:
    first = images[0].documents[0]
    own = _("Image number")
    facts = tuple(pair for pair in first.facts if pair[0] != own)
    count = (_("Images"), format_count(len(images)))
    size = sum(image.documents[0].size for image in images)
    return replace(first, facts=(*facts, count), size=size)
