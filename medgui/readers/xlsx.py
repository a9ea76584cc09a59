"""The cells of an Excel workbook (.xlsx), after a check that it does not unpack to something huge."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable

from medgui.errors import UnreadableFile
from medgui.frozen import frozen
from medgui.i18n import _, format_count
from medgui.readers.limits import Limits, clean, megabytes
from medgui.readers.table_rows import Grid, column_letters
from medgui.readers.xlsx_cells import (
    Broken,
    Formats,
    SheetReader,
    column_number,
    parse_part,
    read_strings,
    read_styles,
)

_BROKEN = (
    zipfile.BadZipFile, zlib.error, Broken, KeyError, ValueError, OSError, EOFError, NotImplementedError, RuntimeError,
)  # fmt: skip
_SMALL = 10_000_000
_MOST_PARTS = 5000
_WORKBOOK = "xl/workbook.xml"


@frozen
class _Sheet:
    """A worksheet: its name, its part of the archive, and whether it is shown."""

    title: str
    part: str
    hidden: bool


def read_xlsx(data: bytes, name: str, limits: Limits, known: Callable[[Grid], int]) -> Grid:
    """Read the sheet with most headings that *known* counts, else the first that holds a table.

    The other sheets are named in its notes. `UnreadableFile` where the workbook is damaged, encrypted or a bomb.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_archive(archive, len(data), name, limits)
            return _chosen_table(archive, name, limits, known)
    except UnreadableFile:
        raise
    except _BROKEN as error:
        if str(error) == "definitions":
            sentence = _("{file} holds definitions that no workbook needs; it is not opened.")
        else:
            sentence = _("{file} is a damaged or incomplete Excel workbook.")
        raise UnreadableFile(sentence.format(file=name)) from error


def _check_archive(archive: zipfile.ZipFile, size: int, name: str, limits: Limits) -> None:
    """Sizes as declared (the archive reader never unpacks more), their ratio, number of parts, encryption."""
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    ratio = unpacked / max(1, size)
    if unpacked > limits.unpacked_bytes or (unpacked > _SMALL and ratio > limits.unpacked_ratio):
        sentence = _("{file} unpacks to {size} MB ({ratio} times its size); it is not opened.")
        shown = format_count(int(ratio))
        raise UnreadableFile(sentence.format(file=name, size=megabytes(unpacked), ratio=shown))
    if len(parts) > _MOST_PARTS:
        sentence = _("{file} has {count} parts; no workbook needs so many. It is not opened.")
        raise UnreadableFile(sentence.format(file=name, count=format_count(len(parts))))
    if any(part.flag_bits & 1 for part in parts):
        sentence = _("{file} is password-protected; save it without a password.")
        raise UnreadableFile(sentence.format(file=name))


def _chosen_table(archive: zipfile.ZipFile, name: str, limits: Limits, known: Callable[[Grid], int]) -> Grid:
    sheets, since_1904 = _sheets(archive)
    parts = set(archive.namelist())
    targets = _targets(archive, parts)
    strings = _part_of(targets, parts, "sharedStrings")
    styles = _part_of(targets, parts, "styles")
    texts = read_strings(archive, strings, name, limits) if strings else []
    formats = Formats(read_styles(archive, styles) if styles else (), since_1904)
    best, best_score, passed = None, -1, []
    for sheet in sheets:
        part = targets.get(sheet.part, ("", ""))[1]
        if part not in parts or "chartsheet" in part:
            continue
        if sheet.hidden:
            passed.append((sheet.title, True))
            continue
        grid = _read_sheet(archive, part, Grid(name, [], [], [], sheet.title), texts, formats, limits)
        if len(grid.rows) < 2:
            continue
        score = known(grid)
        if score > best_score:
            passed += [(best.sheet, False)] if best else []
            best, best_score = grid, score
        else:
            passed.append((sheet.title, False))
    if best is None:
        raise UnreadableFile(
            _("{file} holds no table (a row of headings and values below).").format(file=name)
        )
    for title, hidden in passed:
        sentence = _("The hidden sheet “{sheet}” is not read.") if hidden else ""
        sentence = sentence or _("The sheet “{sheet}” is not read; only “{read}” is.")
        best.notes.append(sentence.format(sheet=title, read=best.sheet))
    return best


def _read_sheet(
    archive: zipfile.ZipFile, part: str, grid: Grid, strings: list[str], formats: Formats, limits: Limits
) -> Grid:
    reader = SheetReader(grid, strings, formats, limits)
    parse_part(archive, part, reader.start, reader.end, reader.text)
    grid.since_1904 = formats.since_1904
    grid.serials = True
    for reference in reader.merged:
        _fill_down(grid, reference)
    if reader.empty_formulas:
        column, _sign, line = reader.empty_formulas[0].partition(":")
        sentence = _("{count} formulas (such as {cell}) have no stored result: save the file in Excel once.")
        cell = f"{column_letters(int(column) - 1)}{line}"
        grid.notes.append(sentence.format(count=format_count(len(reader.empty_formulas)), cell=cell))
    return grid


_AREA = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")


def _fill_down(grid: Grid, reference: str) -> None:
    """A cell merged over rows of one column says the same of all of them."""
    found = _AREA.fullmatch(reference)
    if found is None or found[1] != found[3] or int(found[4]) - int(found[2]) > 5000:
        return
    column, first, last = column_number(found[1]), int(found[2]), int(found[4])
    rows = {line: row for line, row in zip(grid.lines, grid.rows, strict=True) if first <= line <= last}
    top = rows.get(first, [])
    if column >= len(top):
        return
    for line, row in rows.items():
        row.extend([""] * (column + 1 - len(row)))
        row[column] = top[column]
        if grid.is_number(first, column):
            grid.numbers[line] = grid.numbers.get(line, 0) | (1 << column)


# The parts of a workbook


def _sheets(archive: zipfile.ZipFile) -> tuple[list[_Sheet], bool]:
    """The sheets in their order with the key of their part, and whether days count from 1904."""
    found: list[_Sheet] = []
    since_1904 = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal since_1904
        if tag == "workbookPr":
            since_1904 = attributes.get("date1904", "0").lower() in ("1", "true", "on")
        elif tag == "sheet" and len(found) < 1000:
            key = next((value for name, value in attributes.items() if name.rpartition(":")[2] == "id"), "")
            hidden = attributes.get("state", "visible") != "visible"
            found.append(_Sheet(clean(attributes.get("name", "")), key, hidden))

    parse_part(archive, _WORKBOOK, start, lambda _tag: None, lambda _text: None)
    return found, since_1904


def _targets(archive: zipfile.ZipFile, parts: set[str]) -> dict[str, tuple[str, str]]:
    """Key of a relationship to its kind and its part."""
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship" and len(found) < _MOST_PARTS:
            target = attributes.get("Target", "")
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], part)

    if "xl/_rels/workbook.xml.rels" in parts:
        parse_part(archive, "xl/_rels/workbook.xml.rels", start, lambda _tag: None, lambda _text: None)
    return found


def _part_of(targets: dict[str, tuple[str, str]], parts: set[str], kind: str) -> str:
    stated = next((part for found, part in targets.values() if found == kind and part in parts), "")
    return stated or (f"xl/{kind}.xml" if f"xl/{kind}.xml" in parts else "")
