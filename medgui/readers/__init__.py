"""Patient files to a Record. Tolerant of what files are like, silent about nothing, guessing nothing.

`open_record` is the one way in. Everything it cannot read ends in one sentence for the user.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from medgui.errors import UnreadableFile
from medgui.i18n import _
from medgui.readers.fhir import read_fhir
from medgui.readers.limits import DEFAULT_LIMITS, Limits, decode, read_bytes
from medgui.readers.sniff import READ, Format, recognise_bytes, refusal
from medgui.record.model import Record

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
    data = read_bytes(path, limits)
    kind = recognise_bytes(data, path.name)
    if kind not in READ:
        raise refusal(kind, path.name)
    try:
        record = _read(kind, data, path.name, patient, limits, mapping)
    except (RecursionError, MemoryError) as error:
        raise UnreadableFile(
            _("{file} is too large or too deeply nested to read.").format(file=path.name)
        ) from error
    day = as_of.isoformat() if isinstance(as_of, date) else as_of
    record = replace(
        record,
        sha256=hashlib.sha256(data).hexdigest(),
        read_at=datetime.now().astimezone().isoformat(timespec="seconds"),
        as_of=day or record.as_of or date.today().isoformat(),
    )
    return _questioned(record)


def _read(
    kind: Format,
    data: bytes,
    name: str,
    patient: str | None,
    limits: Limits,
    mapping: Mapping[str, Any] | None,
) -> Record:
    if kind in (Format.FHIR_JSON, Format.FHIR_NDJSON):
        decoded = decode(data, name)
        plain = (
            data
            if decoded.encoding == "utf-8" and not data.startswith(b"\xef\xbb\xbf")
            else decoded.text.encode("utf-8", "surrogatepass")
        )
        return read_fhir(plain, decoded, name, patient, limits)
    from medgui.readers.table import read_table

    return read_table(kind, data, name, patient, limits, mapping)


def _questioned(record: Record) -> Record:
    """Ask what the file does not settle: implausible values, missing units, sex and age."""
    try:
        from medgui.record.questions import raise_questions
    except ImportError:
        return record
    ask: Callable[[Record], Record] = raise_questions
    return ask(record)
