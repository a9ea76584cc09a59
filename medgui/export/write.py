"""Writing an export in one step: the file appears whole, or what stood there before is unchanged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from medgui.errors import OutputNotWritable
from medgui.export.deidentify import deidentified, random_key, random_offset
from medgui.export.fhir import fhir_bundle
from medgui.export.table import csv_bytes
from medgui.files import reason, write_atomic
from medgui.i18n import _
from medgui.record.model import Record

Form = Literal["fhir", "csv"]
SUFFIXES: dict[Form, str] = {"fhir": ".json", "csv": ".csv"}


def export_bytes(record: Record, form: Form, *, identified: bool = True) -> bytes:
    """The file as bytes. Without *identified* names, texts and dates are removed or moved (`export.deidentify`)."""
    if not identified:
        record = deidentified(record, offset_days=random_offset(), key=random_key())
    if form == "csv":
        return csv_bytes(record)
    text = json.dumps(fhir_bundle(record), ensure_ascii=False, indent=1, allow_nan=False)
    return text.encode("utf-8", "replace") + b"\n"


def write_export(record: Record, path: Path, form: Form, *, identified: bool = True) -> None:
    """Write the record to *path*. `OutputNotWritable` where the folder is read-only or the disk full."""
    data = export_bytes(record, form, identified=identified)
    try:
        write_atomic(path, data)
    except OSError as error:
        sentence = _("{file} cannot be written: {reason}.")
        raise OutputNotWritable(
            sentence.format(file=path.name, reason=reason(error, writing=True))
        ) from error
