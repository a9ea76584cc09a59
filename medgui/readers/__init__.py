"""Patient files to a Record. Tolerant of what files are like, silent about nothing, guessing nothing.

`open_record` is the one way in. Everything it cannot read ends in one sentence for the user.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from medgui.errors import UnreadableFile
from medgui.i18n import _
from medgui.readers.fhir import read_fhir
from medgui.readers.limits import DEFAULT_LIMITS, Limits, decode, name_of, read_bytes
from medgui.readers.sniff import READ, Format, recognise_bytes, refusal
from medgui.record.model import Record
from medgui.record.questions import raise_questions

__all__ = ["Format", "Limits", "open_record"]


def open_record(
    path: Path | str,
    *,
    patient: str | None = None,
    as_of: str | date | None = None,
    limits: Limits = DEFAULT_LIMITS,
    mapping: Mapping[str, Any] | None = None,
) -> Record:
    """Read the patient file at *path*.

    *patient* chooses where the file holds several: an id, an identifier, or a row number of a table. *as_of*
    is the day of the visit: what is given, else what a demo file states, else today. *mapping* says which
    column of a table holds what (see `readers.table_mapping`). Raises `UnreadableFile` with one sentence,
    `SeveralPatients` where none was chosen, and `UserError` for a patient that is not in the file.
    """
    path = Path(path)
    day = as_of.isoformat() if isinstance(as_of, date) else as_of or ""
    data = read_bytes(path, limits)
    kind = recognise_bytes(data, name_of(path))
    if kind not in READ:
        raise refusal(kind, name_of(path))
    try:
        if kind in (Format.FHIR_JSON, Format.FHIR_NDJSON):
            record = _read_fhir(data, name_of(path), patient, limits)
        else:
            from medgui.readers.table import read_table

            record = read_table(kind, data, name_of(path), patient, limits, mapping, _day(day))
    except (RecursionError, MemoryError) as error:
        sentence = _("{file} is too large or too deeply nested to read.")
        raise UnreadableFile(sentence.format(file=name_of(path))) from error
    record = replace(
        record,
        sha256=hashlib.sha256(data).hexdigest(),
        read_at=datetime.now().astimezone().isoformat(timespec="seconds"),
        as_of=day or record.as_of or date.today().isoformat(),
    )
    return raise_questions(record)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return date.today()


def _read_fhir(data: bytes, name: str, patient: str | None, limits: Limits) -> Record:
    """The scan for depth and the place of a cut need UTF-8 bytes; other encodings are brought to it."""
    decoded = decode(data, name)
    if decoded.encoding != "utf-8" or decoded.note or data.startswith(b"\xef\xbb\xbf"):
        data = decoded.text.encode("utf-8", "surrogatepass")
    return read_fhir(data, decoded, name, patient, limits)
