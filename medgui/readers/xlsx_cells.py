"""The cells of one worksheet, its shared strings and number formats, read by expat piece by piece.

Nothing of a part is held but what a cell shows: memory is bounded by the number of cells and by their text,
whatever the part unpacks to.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from xml.parsers import expat

from medgui.errors import UnreadableFile
from medgui.frozen import frozen
from medgui.i18n import _, format_count
from medgui.readers.limits import LONGEST_TEXT, Limits, clean
from medgui.readers.table_rows import Grid, check_size

_PIECE = 1 << 16
_LONGEST_TOKEN = 4 << 20
_DEEPEST = 60
_MOST_TEXT = 40_000_000
"""Signs of text in all cells together; more than any table within the limit of cells needs."""

_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_PERCENT_FORMATS = frozenset({9, 10})
"""Built-in number formats that show a date or time, and a share (ECMA-376 part 1, 18.8.30)."""
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h|m|s)[^\]]*\]', re.IGNORECASE)


class Broken(ValueError):
    """A part of a workbook that is no XML, nests too deep or declares what no workbook needs."""


def parse_part(
    archive: zipfile.ZipFile,
    part: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    """Feed a part of the archive through expat; names come without their namespace. Raises `Broken`."""
    parser = expat.ParserCreate()
    depth = 0

    def opened(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise Broken("depth")
        start(tag.rpartition(":")[2], attributes)

    def closed(tag: str) -> None:
        nonlocal depth
        depth -= 1
        end(tag.rpartition(":")[2])

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = opened, closed, text
    parser.StartDoctypeDeclHandler = _refuse_definitions
    fed = 0
    try:
        with archive.open(part) as stream:
            while piece := stream.read(_PIECE):
                fed += len(piece)
                parser.Parse(piece, False)
                if fed - max(0, parser.CurrentByteIndex) > _LONGEST_TOKEN:
                    raise Broken("token")
            parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Broken(str(error)) from error


def _refuse_definitions(*_ignored: object) -> None:
    raise Broken("definitions")


# Styles


@frozen
class Formats:
    """For each style of a workbook: "date", "percent" or ""; and whether its days count from 1904."""

    kinds: tuple[str, ...] = ()
    since_1904: bool = False

    def kind(self, style: str) -> str:
        """What a cell of this style shows."""
        return self.kinds[int(style)] if style.isdecimal() and int(style) < len(self.kinds) else ""


def read_styles(archive: zipfile.ZipFile, part: str) -> tuple[str, ...]:
    """What each cell style shows."""
    custom: dict[str, str] = {}
    kinds: list[str] = []
    inside = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        if tag == "numFmt":
            custom[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag == "cellXfs":
            inside = True
        elif tag == "xf" and inside and len(kinds) < 100_000:
            kinds.append(format_kind(attributes.get("numFmtId", "0"), custom))

    def end(tag: str) -> None:
        nonlocal inside
        inside = inside and tag != "cellXfs"

    parse_part(archive, part, start, end, lambda _text: None)
    return tuple(kinds)


def format_kind(number: str, custom: Mapping[str, str]) -> str:
    """What a number format shows: "date", "percent" or ""."""
    if number in custom:
        code = _LITERAL.sub("", custom[number].split(";")[0])
        if "%" in code:
            return "percent"
        return "date" if re.search(r"[ymdhs]", code, re.IGNORECASE) and "general" not in code.lower() else ""
    built_in = int(number) if number.isdecimal() and len(number) < 6 else 0
    return "date" if built_in in _DATE_FORMATS else "percent" if built_in in _PERCENT_FORMATS else ""


def serial_date(serial: float, since_1904: bool) -> str:
    """An Excel serial number as ISO date, date and time, or time of day; "" where it is none.

    The 1900 system counts a 29 February 1900 that never was: days up to 59 are one less, 60 is no day.
    """
    if not 0 <= serial < 2_958_466 or (not since_1904 and 60 <= serial < 61):
        return ""
    start = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 31 if serial < 60 else 30)
    moment = start + timedelta(days=int(serial), seconds=round((serial - int(serial)) * 86_400))
    if serial < 1 and not since_1904:
        return moment.strftime("%H:%M:%S")
    return moment.date().isoformat() if serial == int(serial) else moment.isoformat(timespec="seconds")


# Strings


def read_strings(archive: zipfile.ZipFile, part: str, name: str, limits: Limits) -> list[str]:
    """The shared strings. Rich text is joined, phonetic text left out. `UnreadableFile` beyond the limits."""
    found: list[str] = []
    pieces: list[str] = []
    size = total = 0
    taking = phonetic = False

    def start(tag: str, _attributes: dict[str, str]) -> None:
        nonlocal taking, phonetic, size
        if tag == "si":
            pieces.clear()
            size = 0
        phonetic = phonetic or tag == "rPh"
        taking = tag == "t" and not phonetic

    def end(tag: str) -> None:
        nonlocal taking, phonetic, total
        taking = False
        phonetic = phonetic and tag != "rPh"
        if tag == "si":
            found.append(clean("".join(pieces)).strip())
            total += len(found[-1])
            _check_text(name, total, len(found), limits)

    def text(piece: str) -> None:
        nonlocal size
        if taking and size <= LONGEST_TEXT:
            pieces.append(piece)
            size += len(piece)

    parse_part(archive, part, start, end, text)
    return found


def _check_text(name: str, signs: int, cells: int, limits: Limits) -> None:
    check_size(name, 0, 0, cells, limits)
    if signs > _MOST_TEXT:
        sentence = _("{file} has more than {limit} signs of text; medgui reads up to that many.")
        raise UnreadableFile(sentence.format(file=name, limit=format_count(_MOST_TEXT)))


# Cells

_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


class SheetReader:
    """Takes the events of a worksheet and makes rows of text of them."""

    def __init__(self, grid: Grid, strings: list[str], formats: Formats, limits: Limits) -> None:
        self.grid, self.strings, self.formats, self.limits = grid, strings, formats, limits
        self.empty_formulas: list[str] = []
        self.merged: list[str] = []
        self._row: list[str] = []
        self._numbers = self._line = self._column = self._cells = self._signs = self._size = 0
        self._kind = self._style = ""
        self._pieces: list[str] = []
        self._taking = self._phonetic = self._formula = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if tag == "c":
            self._start_cell(attributes)
        elif tag == "row":
            self._start_row(attributes)
        elif tag == "v" or (tag == "t" and not self._phonetic):
            self._taking = True
        elif tag == "f":
            self._formula = True
        elif tag == "rPh":
            self._phonetic = True
        elif tag == "mergeCell" and len(self.merged) < 5000:
            self.merged.append(attributes.get("ref", ""))

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag == "c":
            self._end_cell()
        elif tag == "row":
            self._end_row()
        elif tag in ("v", "t"):
            self._taking = False
        elif tag == "rPh":
            self._phonetic = False

    def text(self, piece: str) -> None:
        """Text between the tags."""
        if self._taking and self._size <= LONGEST_TEXT:
            self._pieces.append(piece)
            self._size += len(piece)

    def _start_row(self, attributes: dict[str, str]) -> None:
        stated = attributes.get("r", "")
        self._line = int(stated) if stated.isdecimal() and len(stated) < 8 else self._line + 1
        self._row, self._numbers, self._column = [], 0, -1

    def _start_cell(self, attributes: dict[str, str]) -> None:
        place = _REFERENCE.fullmatch(attributes.get("r", ""))
        self._column = column_number(place[1]) if place else self._column + 1
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
        self._pieces, self._size, self._formula = [], 0, False

    def _end_cell(self) -> None:
        written = "".join(self._pieces)
        stripped = written.strip()
        text, is_number = self._shown(stripped) if stripped else ("", False)
        if not written and self._formula and len(self.empty_formulas) < 100:
            self.empty_formulas.append(f"{self._column + 1}:{self._line}")
        if not text:
            return
        if self._column >= len(self._row):
            check_size(self.grid.name, 0, self._column + 1, 0, self.limits)
            self._row.extend([""] * (self._column + 1 - len(self._row)))
        self._row[self._column] = text
        self._numbers |= is_number << self._column
        if self._kind != "s":
            self._signs += len(text)
            _check_text(self.grid.name, self._signs, 0, self.limits)

    def _end_row(self) -> None:
        if not self._row:
            return
        self._cells += len(self._row)
        check_size(self.grid.name, len(self.grid.rows) + 1, 0, self._cells, self.limits)
        self.grid.rows.append(self._row)
        self.grid.lines.append(self._line)
        if self._numbers:
            self.grid.numbers[self._line] = self._numbers
        self._row = []

    def _shown(self, written: str) -> tuple[str, bool]:
        """A cell as a spreadsheet shows it, and whether it is a number by its type."""
        if self._kind == "s":
            found = int(written) if written.isdecimal() and len(written) < 9 else -1
            return (self.strings[found] if 0 <= found < len(self.strings) else "", False)
        if self._kind == "b":
            return ("yes" if written == "1" else "no", False)
        if self._kind == "d":
            return (written.removesuffix("T00:00:00"), False)
        if self._kind in ("str", "inlineStr", "e"):
            return (clean(written).strip(), False)
        return self._number(written)

    def _number(self, written: str) -> tuple[str, bool]:
        try:
            number = float(written)
        except ValueError:
            return (clean(written), False)
        kind = self.formats.kind(self._style)
        if kind == "date":
            shown = serial_date(number, self.formats.since_1904)
            return (shown, False) if shown else (f"{number:.15g}", True)
        if kind == "percent":
            return (f"{number * 100:.15g}%", True)
        return (f"{number:.15g}", True)


def column_number(letters: str) -> int:
    """The number of a column from 0 of its letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
