"""The cells of a CSV file: encoding, delimiter, quoted line breaks, with the line each row stands on."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from medgui.errors import UnreadableFile
from medgui.i18n import _, format_count
from medgui.readers.encodings import Encoding, encoding_of
from medgui.readers.limits import Limits, clean, cut_off
from medgui.readers.sniff import find_delimiter
from medgui.readers.table_cells import Day, day

_PROBE = 200_000
_EARLIEST_SERIAL, _LATEST_SERIAL = 3000, 73_415
"""Days of Excel that are dates of a patient: 1908 to 2100 (four years later where they count from 1904)."""
_LONGEST_ROW = 4_000_000
"""Signs of one row: a line without end is refused before it is cut into cells."""


@dataclass(slots=True)
class Grid:
    """A table as text. Row 0 is the heading row; `lines` are line (CSV) or row (Excel) numbers from 1.

    numbers: for each line the columns whose cells are numbers by their type, as bits; their decimal sign is ".".
    since_1904, serials: whether days of a workbook count from 1904, and whether numbers may stand for days at all.
    moved: of a table that was turned, the column that each row comes from; `old_headings` are its headings then.
    """

    name: str
    rows: list[list[str]]
    lines: list[int]
    notes: list[str]
    sheet: str = ""
    numbers: dict[int, int] = field(default_factory=dict)
    since_1904: bool = False
    serials: bool = False
    moved: list[int] = field(default_factory=list)
    old_headings: list[str] = field(default_factory=list)

    @property
    def headers(self) -> list[str]:
        """The headings, without blanks around them."""
        return [_heading(cell) for cell in self.rows[0]] if self.rows else []

    def texts(self, column: int, rows: Sequence[int]) -> dict[str, int]:
        """The different cells of a column in these rows, each with the first row that holds it."""
        found: dict[str, int] = {}
        for number in rows:
            cells = self.rows[number]
            if column < len(cells) and cells[column] not in found:
                found[cells[column]] = number
        return found

    def is_number(self, line: int, column: int) -> bool:
        """Whether a cell is a number by its type, not a text that looks like one."""
        return bool(self.numbers.get(line, 0) >> column & 1)

    def day(self, row: int, column: int, order: str, today: date | None = None) -> Day | None:
        """The date of a cell, also one that a workbook holds as a bare number of days; None where it is none."""
        text = self.rows[row][column].strip()
        found = day(text, order, today)
        if found is not None or not (self.serials and self.is_number(self.lines[row], column)):
            return found
        from medgui.readers.xlsx_cells import serial_date

        serial = float(text)
        iso = serial_date(serial, self.since_1904) if _EARLIEST_SERIAL <= serial <= _LATEST_SERIAL else ""
        return Day(iso) if iso else None

    def place(self, row: int, column: int) -> str:
        """A cell for people: "Sheet1!C4", or line and heading."""
        headings = self.rows[0]
        if self.moved:
            column, headings = self.moved[row], self.old_headings
        if self.sheet:
            return f"{self.sheet}!{column_letters(column)}{self.lines[row]}"
        heading = _heading(headings[column]) if column < len(headings) else ""
        return _("line {line}, column {column}").format(line=self.lines[row], column=heading or column + 1)


def _heading(cell: str) -> str:
    return cell.strip().lstrip("\ufeff")


def column_letters(column: int) -> str:
    """Excel's name of a column counted from 0: "A", "AB"."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_csv(data: bytes, name: str, limits: Limits) -> Grid:
    """Cut a CSV text into cells. `UnreadableFile` where a quoted cell never ends or a limit is passed."""
    encoding = encoding_of(data, name)
    head = data[encoding.mark : encoding.mark + _PROBE].decode(encoding.name, "replace")
    lines = _Lines(data, encoding, name, limits)
    reader = csv.reader(lines, delimiter=find_delimiter(head.lstrip("\ufeff")) or ",", strict=True)
    grid = Grid(name, [], [], [encoding.note] if encoding.note else [])
    if head.lstrip("\ufeff \r\n").lower().startswith("sep="):
        lines.skip_separator()
    cells, line = 0, lines.number + 1
    try:
        for row in reader:
            if any(map(str.strip, row)):
                cells += len(row)
                check_size(name, len(grid.rows), len(row), cells, limits)
                grid.rows.append([clean(cell) for cell in row])
                grid.lines.append(line)
            line = lines.number + 1
            lines.taken = 0
    except csv.Error as error:
        raise _refusal(str(error), name, len(data), lines.number) from error
    return grid


class _Lines:
    """The lines of a text, decoded as they are asked for; a row of more than `_LONGEST_ROW` signs is refused."""

    def __init__(self, data: bytes, encoding: Encoding, name: str, limits: Limits) -> None:
        raw = io.BytesIO(data)
        raw.seek(encoding.mark)
        self._stream = io.TextIOWrapper(raw, encoding=encoding.name, errors=encoding.errors, newline="")
        self._name, self._limits = name, limits
        self.number = self.taken = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(_LONGEST_ROW)
        if not line:
            raise StopIteration
        self.number += 1
        self.taken += len(line)
        if self.taken >= _LONGEST_ROW:
            sentence = _("{file} has a row of more than {limit} signs (line {line}); it is no table.")
            limit, number = format_count(_LONGEST_ROW), format_count(self.number)
            raise UnreadableFile(sentence.format(file=self._name, limit=limit, line=number))
        return line if self.number > 1 else line.lstrip("\ufeff")

    def skip_separator(self) -> None:
        """Leave out the line in which a spreadsheet program says which separator it used."""
        while not next(self).strip():
            pass


def _refusal(words: str, name: str, size: int, line: int) -> UnreadableFile:
    if "end of data" in words:
        return cut_off(name, size, line)
    if "field limit" in words:
        sentence = _("{file} has a cell without end in line {line}; a quotation mark may be missing there.")
    else:
        sentence = _("{file} cannot be cut into cells: a quotation mark stands alone in line {line}.")
    return UnreadableFile(sentence.format(file=name, line=format_count(line)))


def check_size(name: str, rows: int, columns: int, cells: int, limits: Limits) -> None:
    """Refuse a table beyond the limits."""
    if rows > limits.rows:
        sentence, limit = _("{file} has more than {limit} rows; medgui reads up to that many."), limits.rows
    elif columns > limits.columns:
        sentence = _("{file} has more than {limit} columns; medgui reads up to that many.")
        limit = limits.columns
    elif cells > limits.cells:
        sentence = _("{file} has more than {limit} cells; medgui reads up to that many.")
        limit = limits.cells
    else:
        return
    raise UnreadableFile(sentence.format(file=name, limit=format_count(limit)))
