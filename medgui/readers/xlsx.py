"""The cells of an Excel workbook (.xlsx), after a check that it does not unpack to something huge."""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from xml.etree.ElementTree import ParseError

from medgui.errors import UnreadableFile
from medgui.i18n import _, format_count
from medgui.readers.limits import Limits, clean, megabytes
from medgui.readers.table_rows import Grid, check_size

_BROKEN = (
    zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, TypeError, AttributeError, IndexError,
    OSError, EOFError, RuntimeError, OverflowError, AssertionError,
)  # fmt: skip
_SMALL = 10_000_000


def read_xlsx(data: bytes, name: str, limits: Limits) -> Grid:
    """Read the first sheet that holds a table. `UnreadableFile` where the workbook is damaged or a bomb."""
    try:
        _check_archive(data, name, limits)
        return _first_table(data, name, limits)
    except UnreadableFile:
        raise
    except _BROKEN as error:
        sentence = _("{file} is a damaged or incomplete Excel workbook.")
        raise UnreadableFile(sentence.format(file=name)) from error


def _check_archive(data: bytes, name: str, limits: Limits) -> None:
    """Sizes as declared (the archive reader never unpacks more), their ratio, and no entity definitions."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        unpacked = sum(part.file_size for part in parts)
        ratio = unpacked / max(1, len(data))
        if unpacked > limits.unpacked_bytes or (unpacked > _SMALL and ratio > limits.unpacked_ratio):
            sentence = _("{file} unpacks to {size} MB ({ratio} times its size); it is not opened.")
            shown = format_count(int(ratio))
            raise UnreadableFile(sentence.format(file=name, size=megabytes(unpacked), ratio=shown))
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                with archive.open(part) as stream:
                    head = stream.read(65_536)
                if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                    sentence = _("{file} holds definitions that no workbook needs; it is not opened.")
                    raise UnreadableFile(sentence.format(file=name))


def _first_table(data: bytes, name: str, limits: Limits) -> Grid:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            grids = [
                _sheet(book[title], clean(title), name, limits)
                for title in book.sheetnames
                if _is_grid(book[title])
            ]
        finally:
            book.close()
    filled = [grid for grid in grids if len(grid.rows) > 1]
    if not filled:
        raise UnreadableFile(
            _("{file} holds no table (a row of headings and values below).").format(file=name)
        )
    first = filled[0]
    for other in filled[1:]:
        first.notes.append(
            _("The sheet “{sheet}” is not read; only the first table is.").format(sheet=other.sheet)
        )
    return first


def _is_grid(sheet: Any) -> bool:
    return hasattr(sheet, "iter_rows") and getattr(sheet, "sheet_state", "visible") == "visible"


def _sheet(sheet: Any, title: str, name: str, limits: Limits) -> Grid:
    rows: list[list[str]] = []
    lines: list[int] = []
    cells = 0
    sheet.reset_dimensions()
    for number, values in enumerate(_values(sheet), start=1):
        row = [_text(value) for value in values]
        while row and not row[-1]:
            row.pop()
        if not row:
            continue
        cells += len(row)
        check_size(name, len(rows), len(row), cells, limits)
        rows.append(row)
        lines.append(number)
    return Grid(name, rows, lines, [], title)


def _values(sheet: Any) -> Iterator[tuple[Any, ...]]:
    yield from sheet.iter_rows(values_only=True)


def _text(value: object) -> str:
    """A cell as text: dates in ISO form, numbers without needless digits."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.15g}"
    return clean(str(value)).strip()
