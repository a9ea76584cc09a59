"""The services that write documents and picture them: export of the record, preview of the report."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from medgui.ui.services import Picture

if TYPE_CHECKING:
    from medgui.record.model import Record

PDFIUM = threading.Lock()
"""Held by whoever calls PDFium, which must not be called from two threads at once (its own documentation)."""


def export_record(record: Record, path: Path, form: str, identified: bool) -> None:
    """Write the cleaned record in one step."""
    from medgui.export.write import write_export

    write_export(record, path, "csv" if form == "csv" else "fhir", identified=identified)


def preview(pdf: bytes, page: int, width: int) -> Picture:
    """Draw *page* (from 0) of a PDF *width* pixels wide."""
    import pypdfium2

    with PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
        try:
            sheet = document[page]
            bitmap = sheet.render(scale=width / sheet.get_width(), force_bitmap_format=4)
            data = bytes(bitmap.buffer)
            found = Picture(data, bitmap.width, bitmap.height, bitmap.stride, len(document))
            bitmap.close()
            sheet.close()
            return found
        finally:
            document.close()
