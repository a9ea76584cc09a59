"""Patient files to a Record. Tolerant of what files are like, silent about nothing, guessing nothing.

`open_record` is the one way in. Everything it cannot read ends in one sentence for the user.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medgui.errors import UnreadableFile
from medgui.i18n import _
from medgui.readers.limits import (
    DEFAULT_LIMITS,
    Limits,
    changed,
    digest,
    file_state,
    name_of,
    read_bytes,
    read_head,
)
from medgui.readers.patient_file import PatientFile, Reader
from medgui.readers.pause import collection_paused
from medgui.readers.sniff import Format, recognise_bytes, refusal, streamed_kind
from medgui.record.cleaning import clean
from medgui.record.model import FilePart, Record
from medgui.record.questions import raise_questions

if TYPE_CHECKING:
    from medgui.record.code_map import CodeMap

__all__ = ["Format", "Limits", "open_record"]


def open_record(
    path: Path | str | Sequence[Path | str],
    *,
    patient: str | None = None,
    as_of: str | date | None = None,
    limits: Limits = DEFAULT_LIMITS,
    mapping: Mapping[str, Any] | None = None,
    same_person: bool | None = None,
    code_map: CodeMap | None = None,
) -> Record:
    """Read the patient file at *path*; a folder, or several files, are read into the record of one person.

    *patient* chooses where there are several people: an id, an identifier, or a row number of a table. *as_of*
    is the day of the visit: what is given, else what a demo file states, else today. *mapping* says which
    column of a table holds what (see `readers.table_mapping`; of several tables under "files", by path).
    *same_person* answers the question whether files in doubt belong to the others (see `record.merge`).
    *code_map* is the clinic's: what the own codes of its laboratories mean. Raises `UnreadableFile` with one
    sentence, `SeveralPatients` where none was chosen, `DifferentPeople` where several files are about several
    people, and `UserError` for a patient that is not there.
    """
    day = as_of.isoformat() if isinstance(as_of, date) else as_of or ""
    visit = _day(day)
    paths = [Path(path)] if isinstance(path, Path | str) else [Path(each) for each in path]
    if len(paths) == 1 and not os.path.isdir(paths[0]):
        record = read_file(paths[0], patient, visit, limits, mapping)
    else:
        from medgui.readers.several import read_several

        def read(one: Path, name: str, who: str | None, own: Mapping[str, Any] | None) -> Record:
            return read_file(one, who, visit, limits, own, name)

        record = read_several(paths, read, patient=patient, mapping=mapping, same_person=same_person)
    record = replace(
        record,
        read_at=datetime.now().astimezone().isoformat(timespec="seconds"),
        as_of=day or record.as_of or date.today().isoformat(),
    )
    if code_map is not None and code_map.entries:
        from medgui.record.code_map import apply

        record = apply(record, code_map)
    with collection_paused():
        return raise_questions(clean(record))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return date.today()


def read_file(
    path: Path,
    patient: str | None,
    day: date,
    limits: Limits,
    mapping: Mapping[str, Any] | None,
    name: str = "",
) -> Record:
    """One file as its reader gives it, before values are questioned. *name* is what its values carry as file."""
    name = name or name_of(path)
    kind = streamed_kind(read_head(path))
    if kind is None:
        data = read_bytes(path, limits)
        kind = recognise_bytes(data, name)
        sha256, size = hashlib.sha256(data).hexdigest(), len(data)
        record = _read(PatientFile(path, name, kind, data, day, patient, mapping, limits))
    else:
        sha256, before = digest(path, limits)
        size = before[2]
        record = _read(PatientFile(path, name, kind, b"", day, patient, mapping, limits))
        if file_state(path) != before:
            raise changed(path)
    part = FilePart(name, kind, sha256, size, record.document_date, str(path))
    return replace(record, sha256=sha256, parts=(part,))


def _read(file: PatientFile) -> Record:
    read = _reader(Format(file.kind), file.name)
    try:
        with collection_paused():
            return read(file)
    except (RecursionError, MemoryError) as error:
        sentence = _("{file} is too large or too deeply nested to read.")
        raise UnreadableFile(sentence.format(file=file.name)) from error


def _reader(kind: Format, name: str) -> Reader:
    """The reader of a kind, imported when it is first needed. `UnreadableFile` for kinds that are never read."""
    match kind:
        case Format.FHIR_JSON | Format.FHIR_NDJSON | Format.FHIR_XML:
            from medgui.readers.fhir import read_fhir

            return read_fhir
        case Format.CSV | Format.XLSX:
            from medgui.readers.table import read_table

            return read_table
        case Format.DICOM:
            from medgui.readers.dicom import read_dicom

            return read_dicom
        case Format.PHENOPACKET:
            from medgui.readers.phenopacket import read_phenopacket

            return read_phenopacket
        case Format.VCF:
            from medgui.readers.vcf import read_vcf

            return read_vcf
        case Format.PDF:
            from medgui.readers.documents import read_pdf

            return read_pdf
        case Format.TEXT:
            from medgui.readers.documents import read_note

            return read_note
        case Format.HL7V2:
            from medgui.readers.hl7 import read_hl7

            return read_hl7
        case Format.CCDA:
            from medgui.readers.ccda import read_ccda

            return read_ccda
    raise refusal(kind, name) or LookupError(kind)
