"""The cells of a CSV file: encoding, delimiter, quoted line breaks, with the line each row stands on."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from medgui.errors import UnreadableFile
from medgui.i18n import _, format_count
from medgui.readers.limits import Decoded, Limits, clean, cut_off

DELIMITERS = (",", ";", "\t", "|", "，")
_PROBE = 40


@dataclass(slots=True)
class Grid:
    """A table as text. Row 0 is the heading row; `lines` are line (CSV) or row (Excel) numbers from 1."""

    name: str
    rows: list[list[str]]
    lines: list[int]
    notes: list[str]
    sheet: str = ""

    @property
    def headers(self) -> list[str]:
        """The headings, without blanks around them."""
        return [cell.strip().lstrip("\ufeff") for cell in self.rows[0]] if self.rows else []

    def place(self, row: int, column: int) -> str:
        """A cell for people: "Sheet1!C4", or line and heading."""
        if self.sheet:
            return f"{self.sheet}!{column_letters(column)}{self.lines[row]}"
        heading = self.headers[column] if column < len(self.headers) else str(column + 1)
        return _("line {line}, column {column}").format(line=self.lines[row], column=heading)


def column_letters(column: int) -> str:
    """Excel's name of a column counted from 0: "A", "AB"."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_csv(data: bytes, decoded: Decoded, name: str, limits: Limits) -> Grid:
    """Cut a CSV text into cells. `UnreadableFile` where a quoted cell never ends or a limit is passed."""
    text = decoded.text.lstrip("\ufeff")
    delimiter = find_delimiter(text)
    if text.lower().startswith("sep="):
        delimiter, text = text[4:5] or delimiter, "\n" + text.partition("\n")[2]
    rows: list[list[str]] = []
    lines: list[int] = []
    cells = 0
    try:
        for line, row in _records(text, delimiter):
            if not any(cell.strip() for cell in row):
                continue
            cells += len(row)
            check_size(name, len(rows), len(row), cells, limits)
            rows.append([clean(cell) for cell in row])
            lines.append(line)
    except csv.Error as error:
        if "end of data" in str(error):
            raise cut_off(name, len(data), text.count("\n") + 1) from error
        sentence = _("{file} is not a table that can be read: {reason}.")
        raise UnreadableFile(sentence.format(file=name, reason=error)) from error
    return Grid(name, rows, lines, [decoded.note] if decoded.note else [])


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    for row in reader:
        yield line, row
        line = reader.line_num + 1


def check_size(name: str, rows: int, columns: int, cells: int, limits: Limits) -> None:
    """Refuse a table beyond the limits."""
    for count, limit, sentence in (
        (rows, limits.rows, _("{file} has more than {limit} rows; medgui reads up to that many.")),
        (columns, limits.columns, _("{file} has more than {limit} columns; medgui reads up to that many.")),
        (cells, limits.cells, _("{file} has more than {limit} cells; medgui reads up to that many.")),
    ):
        if count > limit:
            raise UnreadableFile(sentence.format(file=name, limit=format_count(limit)))


def find_delimiter(text: str) -> str:
    """The sign that cuts most of the first rows into the same number of cells, at least two."""
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        counts = Counter(_widths(text, delimiter))
        width, times = max(counts.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        score = times / max(1, sum(counts.values())) * (1 + min(width, 50) / 100) if width > 1 else 0.0
        if score > best_score + 1e-9:
            best, best_score = delimiter, score
    return best


def _widths(text: str, delimiter: str) -> Iterator[int]:
    reader = csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=delimiter)
    try:
        for number, row in enumerate(reader):
            if number >= _PROBE:
                return
            if any(cell.strip() for cell in row):
                yield len(row)
    except csv.Error:
        return
