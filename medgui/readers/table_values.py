"""Values of a table's cells as observations; what cannot be read for certain goes to `unread` with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from medgui.frozen import frozen
from medgui.i18n import _
from medgui.readers.answers import answer_value
from medgui.readers.collected import Collected
from medgui.readers.headings import CLINICAL, IDENTITY, LONG
from medgui.readers.table_analyte import (
    FINAL_RESULT,
    Analyte,
    Range,
    Status,
    reference_range,
    result_status,
)
from medgui.readers.table_cells import ERRORS, MISSING, figure, is_missing, pressures
from medgui.readers.table_clinical import (
    ALLERGY,
    CONDITION,
    MEDICATION,
    allergy,
    condition,
    listed,
    medication,
    says_none,
)
from medgui.readers.table_frame import Frames, Row, Unreadable
from medgui.readers.table_mapping import PRESSURE, MappingProposal
from medgui.readers.table_questions import which_number
from medgui.readers.table_rows import Grid
from medgui.readers.vocabulary import canonical
from medgui.record.model import Coding, Observation, Question
from medgui.record.units import normalise
from medgui.record.variables import VARIABLES

_NOT_VALUES = frozenset({"", *IDENTITY, *LONG, *CLINICAL, "ethnicity"})
_KEPT = 4096
"""Values and ranges that are kept: a table states the same ones again and again."""


@frozen
class _Value:
    """What a cell says. `written` is the number or text as written; `readings` are the two numbers that it may be.

    is_answer: a text that stands for yes, no or a choice.
    """

    value: float | str
    written: str
    unit: str = ""
    unit_as_written: str = ""
    comparator: str = ""
    flag: str = ""
    readings: tuple[float, ...] = ()
    is_answer: bool = False


def _read(text: str, unit: str, decimal: str, variable: str) -> _Value:
    """A cell as number or text of its variable. Raises `Unreadable`."""
    if text in ERRORS:
        raise Unreadable(_("The cell holds {error}: its formula failed.").format(error=text))
    known = VARIABLES.get(variable)
    if known is not None and known.kind != "quantity":
        return _Value(text, text, is_answer=True)
    read = figure(text, decimal)
    if read is not None and read.problem == "ambiguous" and not (known and read.readings):
        raise Unreadable(_("“{text}” can be read as two numbers.").format(text=text[:40]))
    if read is None or (read.value is None and not read.readings):
        if known is not None:
            raise Unreadable(_("“{text}” is not a number.").format(text=text[:40]))
        return _Value(text, text)
    if read.unit and unit and normalise(read.unit, variable) != normalise(unit, variable):
        raise Unreadable(_("The cell says {one}, the column {other}.").format(one=read.unit, other=unit))
    stated = unit or read.unit
    if read.value is None:
        value, kept = _canonical(read.readings[0], stated, variable)
        return _Value(value, text, kept, stated, read.comparator, read.flag, read.readings)
    value, kept = _canonical(read.value, stated, variable)
    return _Value(value, read.text, kept, stated, read.comparator, read.flag)


def _canonical(value: float, unit: str, variable: str) -> tuple[float, str]:
    years = variable in ("age", "age_at_diabetes") and not unit
    brought = canonical(value, "a" if years else unit, variable)
    return brought.value, brought.unit


_Way = Callable[[Row, int, str], Iterator[Observation]]


class Reader:
    """Reads the rows of one person."""

    def __init__(self, grid: Grid, proposal: MappingProposal) -> None:
        self.grid = grid
        self.columns = proposal.columns
        self.long = proposal.shape == "long"
        self._table_decimal = proposal.decimal if proposal.decimal in (".", ",") else ""
        self.got = Collected()
        self._frames = Frames(grid, proposal)
        self._at = self._frames.at
        self._ways: list[tuple[int, _Way]] = [
            (index, self._pressure if column.target == PRESSURE else self._wide)
            for index, column in enumerate(self.columns)
            if column.target not in _NOT_VALUES
        ]
        self._lists_at = [index for index, column in enumerate(self.columns) if column.target in CLINICAL]
        self._read = lru_cache(_KEPT)(_read)
        self._range = lru_cache(_KEPT)(reference_range)
        self._two_readings: list[Question] = []

    def read(self, rows: tuple[int, ...]) -> Collected:
        """What these rows say: values, problems, drugs, allergies, and the cells that were not read."""
        said: set[tuple[str, str]] = set()
        for number in rows:
            row = self._frames.row(number)
            if self.long and self._entry(row):
                continue
            for index, way, text in self._cells(row):
                try:
                    for found in way(row, index, text):
                        if self.long:
                            key = (found.variable or found.code or found.name, found.value_as_written)
                            if index != self._at.get("value") and key in said:
                                continue
                            said.add(key)
                        self.got.observations.append(found)
                except Unreadable as problem:
                    self._frames.note(row, index, str(problem))
            self._lists(row)
        self._frames.count_more()
        self.got.unread = self._frames.unread
        return self.got

    def questions(self) -> list[Question]:
        """Numbers that can be read in two ways, and whether days or months come first where the file does not tell."""
        return [*self._two_readings, *(self._frames.questions() if self.got.observations else ())]

    # Problems, drugs, allergies

    def _entry(self, row: Row) -> bool:
        """Take a row of a long table that is a problem, a drug or an allergy; False for a result."""
        about, value = row.about, row.text("value")
        kind = about.kind if value else about.kind_if_empty
        if kind:
            at = next((self._at[t] for t in ("test_name", "code", "value") if row.text(t)), None)
            name = row.text("test_name") or value or about.code
            if at is not None and name:
                self._add(kind, row, at, name, about.codings)
            return True
        if not value and about.name:
            self._note_empty(row, about)
        return False

    def _note_empty(self, row: Row, about: Analyte) -> None:
        """A test without a result is said, a heading between the rows is not."""
        index = self._at.get("value", self._at.get("code", 0))
        if sum(map(bool, row.cells)) > 1:
            self._frames.note(row, index, _("“{name}” has no value.").format(name=about.name[:40]))

    def _lists(self, row: Row) -> None:
        """Columns that list problems, drugs or allergies in words."""
        for index in self._lists_at:
            text = row.cells[index] if index < len(row.cells) else ""
            kind = self.columns[index].target
            if says_none(text) and kind != ALLERGY:
                reason = _("“{text}” does not count as “none”: the list may not be whole.")
                self._frames.note(row, index, reason.format(text=text))
            elif says_none(text) or not is_missing(text):
                for name, codings in listed(text):
                    self._add(kind, row, index, name, codings)

    def _add(self, kind: str, row: Row, index: int, name: str, codings: tuple[Coding, ...]) -> None:
        count = len(self.got.conditions) + len(self.got.medications) + len(self.got.allergies)
        entry = f"{kind}-{row.line}-{index + 1}-{count + 1}"
        status, source = row.text("status"), self._frames.source(row, index, name)
        if kind == CONDITION:
            self.got.conditions.append(condition(entry, name, codings, status, row.time, source))
        elif kind == MEDICATION:
            dose = " ".join(filter(None, (row.text("value"), row.text("unit"))))
            dose = dose if self.long and dose != name else ""
            self.got.medications.append(medication(entry, name, codings, status, dose, source))
        else:
            self.got.allergies.append(allergy(entry, name, codings, status, row.time, source))

    # Cells

    def _cells(self, row: Row) -> Iterator[tuple[int, _Way, str]]:
        """Index, way of reading and text of each cell of a row that holds a value."""
        if self.long and row.text("value"):
            yield self._at["value"], self._long, row.text("value")
        for index, way in self._ways:
            if index >= len(row.cells):
                return
            if row.cells[index].lower() not in MISSING:
                yield index, way, row.cells[index]

    def _wide(self, row: Row, index: int, text: str) -> Iterator[Observation]:
        column = self.columns[index]
        value = self._read(text, column.unit, self._decimal(row, index), column.target)
        yield self._observation(row, index, Analyte(column.heading, column.target), text, value)

    def _pressure(self, row: Row, index: int, text: str) -> Iterator[Observation]:
        column = self.columns[index]
        both = pressures(text)
        if both is None:
            raise Unreadable(_("“{text}” is not a pair of pressures.").format(text=text[:40]))
        yield from self._both(row, index, both, column.unit)

    def _both(
        self, row: Row, index: int, both: tuple[float, float], unit: str, state: Status = FINAL_RESULT
    ) -> Iterator[Observation]:
        stated = unit or "mmHg"
        for name, number in zip(("systolic_bp", "diastolic_bp"), both, strict=True):
            about, written = Analyte(VARIABLES[name].title["en"], name), f"{number:g}"
            value, kept = _canonical(number, stated, name)
            said = _Value(value, written, kept, stated)
            text = f"{written} {stated}".strip()
            yield self._observation(row, index, about, text, said, part=f".{name}", state=state)

    def _long(self, row: Row, index: int, text: str) -> Iterator[Observation]:
        about = row.about
        if not about.name:
            raise Unreadable(_("The row does not say what was measured."))
        unit, state = row.text("unit") or self.columns[index].unit, result_status(row.text("status"))
        both = pressures(text) if about.pair else None
        if both is not None:
            yield from self._both(row, index, both, unit, state)
            return
        value = self._read(text, unit, self._decimal(row, index), about.variable)
        limits = self._limits(row, about.variable, unit) if isinstance(value.value, float) else None
        yield self._observation(
            row, index, about, text, value, state=state, flag=row.text("flag"), limits=limits
        )

    def _observation(
        self,
        row: Row,
        index: int,
        about: Analyte,
        text: str,
        value: _Value,
        *,
        part: str = "",
        state: Status = FINAL_RESULT,
        flag: str = "",
        limits: Range | None = None,
    ) -> Observation:
        """A value with all that its row says of it. *part* ends its id where a cell holds several."""
        column = self.grid.moved[row.number] if self.grid.moved else index
        found = Observation(
            id=f"{self.grid.sheet or 'line'}-{row.line}-{column + 1}{part}",
            code=about.code,
            system=about.system,
            name=about.name,
            value=value.value,
            unit=value.unit,
            value_as_written=value.written,
            unit_as_written=value.unit_as_written,
            time=row.time,
            source=self._frames.source(row, index, text),
            variable=about.variable,
            comparator=value.comparator,
            codings=about.codings,
            status=state.status,
            usable=not state.doubt,
            unusable_reason=state.doubt,
            setting=row.setting,
            specimen=about.specimen,
            reference_range=limits,
            interpretation=flag or value.flag,
        )
        if value.readings:
            self._two_readings.append(which_number(found, value.readings, text, value.unit_as_written))
        return answer_value(found, ()) if value.is_answer else found

    def _decimal(self, row: Row, index: int) -> str:
        """The decimal sign of a cell: "." of a number by type, else the table's, else its column's, else ""."""
        if self.grid.is_number(row.line, index):
            return "."
        return self._table_decimal or self.columns[index].decimal

    def _limits(self, row: Row, variable: str, unit: str) -> Range | None:
        """The normal range that a row states, in the unit of its value where that is understood."""
        text = row.text("reference")
        if not text:
            return None
        own = self.columns[self._at["reference"]].decimal
        decimal = own if own in (".", ",") else self._table_decimal or "."
        return self._range(text, unit, variable, decimal)
