"""What a row of a table says of all its values: its cells by what their columns hold, its time and its setting.

What cannot be read for certain is noted here with its place; beyond a bound it is only counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from medgui.i18n import _, format_count
from medgui.readers.headings import LONG
from medgui.readers.table_analyte import Analyte, analyte
from medgui.readers.table_cells import MISSING, SETTINGS, Day, clock, is_missing
from medgui.readers.table_mapping import MappingProposal
from medgui.readers.table_questions import which_order
from medgui.readers.table_rows import Grid
from medgui.record.model import Question, Source, Unread

_MOST_UNREAD = 2000
"""Unread cells that are listed one by one; those beyond are counted."""


class Unreadable(Exception):
    """A cell that is not read; the sentence says why."""


_NOTHING = Analyte("", "")
_KEPT = 4096
"""Analytes that are kept: a table states the same few hundred again and again."""


@dataclass(slots=True)
class Row:
    """One row: its number in the grid, its line in the file, its cells without the blanks around them.

    said: what it states for each part of a long table and for the setting; what is missing is left out.
    about: what a row of a long table measures.
    """

    number: int
    line: int
    cells: list[str]
    said: Mapping[str, str]
    time: str = ""
    setting: str = ""
    about: Analyte = _NOTHING

    def text(self, target: str) -> str:
        """What the row states for a target, "" for nothing."""
        return self.said.get(target, "")


def _time_rank(heading: str) -> int:
    """The time of sampling before that of the visit, and both before that of the report."""
    low = heading.lower()
    if any(word in low for word in ("collect", "sampl", "specimen", "drawn", "entnahme", "abnahme", "采")):
        return 0
    return 2 if any(word in low for word in ("result", "report", "order", "befund", "报告")) else 1


class Frames:
    """The rows of a table in their frame of time and place.

    at: the first column of each part of a long table and of the setting. unread: what was not read, one by one up to
    a bound.
    """

    def __init__(self, grid: Grid, proposal: MappingProposal) -> None:
        self.grid = grid
        self.unread: list[Unread] = []
        self.at: dict[str, int] = {}
        for index, column in enumerate(proposal.columns):
            if column.target in LONG or column.target == "setting":
                self.at.setdefault(column.target, index)
        times = [index for index, column in enumerate(proposal.columns) if column.target == "time"]
        self._times = sorted(times, key=lambda index: _time_rank(proposal.columns[index].heading))
        self._width = len(proposal.columns)
        self._long = proposal.shape == "long"
        self._analyte = lru_cache(_KEPT)(analyte)
        self._today = date.today()
        self._order = proposal.order.strip("?")
        self._more_unread = 0
        self._order_question: Question | None = None

    def row(self, number: int) -> Row:
        """A row with its time; a date that is none, and cells beyond the headings, are noted."""
        cells = [cell.strip() for cell in self.grid.rows[number]]
        width = len(cells)
        said = {
            target: cells[index]
            for target, index in self.at.items()
            if index < width and cells[index].lower() not in MISSING
        }
        row = Row(number, self.grid.lines[number], cells, said)
        self._check_width(row)
        row.time = self._time(row)
        row.setting = SETTINGS.get(row.text("setting").lower(), "")
        if self._long:
            stated = said.get
            row.about = self._analyte(
                stated("category", ""),
                stated("code", ""),
                stated("code_system", ""),
                stated("test_name", ""),
                stated("specimen", ""),
            )
        return row

    def _check_width(self, row: Row) -> None:
        width, wanted = len(row.cells), self._width
        if width > wanted and any(row.cells[wanted:]):
            reason = _("The row has {n} cells, the headings {m}; the cells beyond are not read.")
        elif width < wanted and not self.grid.sheet and row.number == len(self.grid.rows) - 1:
            reason = _("The last row has {n} cells, the headings {m}; the file may be cut off.")
        else:
            return
        place = _("line {line}").format(line=row.line)
        self._note(Unread(place, reason.format(n=width, m=wanted), row.line))

    def _time(self, row: Row) -> str:
        """The day of the first column of times that holds one, with the clock of another where it has none."""
        cells = {i: row.cells[i] for i in self._times if i < len(row.cells) and not is_missing(row.cells[i])}
        clocks = {index: clock(text) for index, text in cells.items()}
        index = next((index for index, hour in clocks.items() if not hour), None)
        if index is None:
            return ""
        found = self.grid.day(row.number, index, self._order, self._today)
        if found is None:
            self.note(row, index, _("“{text}” is not a date.").format(text=cells[index][:40]))
            return ""
        if found.readings:
            self._ask_order(found, self.source(row, index, cells[index]))
        hour = next(filter(None, clocks.values()), "")
        return found.iso + hour if len(found.iso) == 10 else found.iso

    def _ask_order(self, found: Day, source: Source) -> None:
        if self._order_question is None:
            self._order_question = which_order(found, source)

    def source(self, row: Row, index: int, text: str) -> Source:
        """A cell of a row as the source of *text*."""
        return Source(self.grid.name, self.grid.place(row.number, index), text, row.line)

    def note(self, row: Row, index: int, reason: str) -> None:
        """Say of a cell that it is not read, and why."""
        self._note(Unread(self.grid.place(row.number, index), reason, row.line))

    def _note(self, entry: Unread) -> None:
        if len(self.unread) < _MOST_UNREAD:
            self.unread.append(entry)
        else:
            self._more_unread += 1

    def count_more(self) -> None:
        """Say how much more is not read than was noted one by one."""
        if self._more_unread:
            reason = _("{count} more cells or rows are not read.")
            count = format_count(self._more_unread)
            self.unread.append(Unread(self.grid.name, reason.format(count=count)))

    def questions(self) -> list[Question]:
        """Whether days or months come first, where the file does not tell."""
        return [self._order_question] if self._order_question else []
