"""Values of a table's cells as observations; what cannot be read for certain goes to `unread` with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from medgui.frozen import frozen
from medgui.i18n import _
from medgui.readers.answers import answer_value
from medgui.readers.headings import IDENTITY, LONG
from medgui.readers.table_cells import Day, day, figure, is_missing, pressures
from medgui.readers.table_mapping import PRESSURE, MappingProposal
from medgui.readers.table_rows import Grid
from medgui.readers.vocabulary import canonical, variable_of
from medgui.record.model import Coding, Observation, Question, Source, Suggestion, Unread
from medgui.record.units import normalise
from medgui.record.variables import VARIABLES, by_alias

_NOT_VALUES = frozenset({*IDENTITY, *LONG, "ethnicity"})
_FINAL = frozenset({"f", "final", "c", "corrected", "amended", "正式", "已审核", "审核", "最终"})
_PRELIMINARY = frozenset({"p", "prelim", "preliminary", "registered", "i", "r", "初步"})
_SETTINGS = {
    "inpatient": "inpatient", "imp": "inpatient", "ip": "inpatient", "住院": "inpatient", "outpatient": "outpatient",
    "amb": "outpatient", "ambulatory": "outpatient", "op": "outpatient", "门诊": "outpatient", "emergency": "emergency",
    "emer": "emergency", "ed": "emergency", "er": "emergency", "急诊": "emergency", "home": "home", "家庭": "home",
}  # fmt: skip


class _Unreadable(Exception):
    """A cell that is not read; the sentence says why."""


@frozen
class _Row:
    """What a row says of all its values."""

    time: str
    setting: str
    ambiguous: Day | None


_Way = Callable[[int, int, str, _Row], Iterator[Observation]]


class Reader:
    """Reads the rows of one person."""

    def __init__(self, grid: Grid, proposal: MappingProposal) -> None:
        self.grid = grid
        self.columns = proposal.columns
        self.long = proposal.shape == "long"
        self.order = proposal.order.strip("?")
        self.decimal = {",": ",", "both": "", "": "."}.get(proposal.decimal, ".")
        self.at: dict[str, int] = {}
        for index, column in enumerate(proposal.columns):
            self.at.setdefault(column.target, index)
        self._ambiguous: Day | None = None
        self._ambiguous_at = Source("")

    def read(self, rows: tuple[int, ...]) -> tuple[list[Observation], list[Unread]]:
        """Observations of these rows, and the cells that were not read."""
        observations: list[Observation] = []
        unread: list[Unread] = []
        said: set[tuple[str, str]] = set()
        for row in rows:
            self._check_width(row, unread)
            context = self._context(row, unread)
            for index, target, cell in self._cells(row):
                try:
                    for found in target(row, index, cell, context):
                        key = (found.variable or found.code or found.name, found.value_as_written)
                        if self.long and index != self.at.get("value") and key in said:
                            continue
                        said.add(key)
                        observations.append(found)
                except _Unreadable as problem:
                    unread.append(Unread(self.grid.place(row, index), str(problem), self.grid.lines[row]))
        return observations, unread

    def questions(self, observations: list[Observation]) -> list[Question]:
        """Whether days or months come first, where the dates of the file do not tell."""
        found = self._ambiguous
        if found is None or not observations:
            return []
        text = self._ambiguous_at.text
        labels = (_("{date} (day first)"), _("{date} (month first)"))
        return [
            Question(
                id="date_order",
                code="date_order",
                message=_("Is {text} {first} or {second}? Only the year of such dates is used.").format(
                    text=text, first=found.readings[0][:10], second=found.readings[1][:10]
                ),
                suggestions=tuple(
                    Suggestion(label.format(date=iso[:10]), order)
                    for label, iso, order in zip(labels, found.readings, ("dmy", "mdy"), strict=True)
                ),
                source=self._ambiguous_at,
            )
        ]

    # Rows

    def _text(self, row: int, target: str) -> str:
        index = self.at.get(target)
        cells = self.grid.rows[row]
        text = cells[index].strip() if index is not None and index < len(cells) else ""
        return "" if is_missing(text) else text

    def _check_width(self, row: int, unread: list[Unread]) -> None:
        width, wanted = len(self.grid.rows[row]), len(self.columns)
        if width > wanted and any(cell.strip() for cell in self.grid.rows[row][wanted:]):
            reason = _("The row has {n} cells, the headings {m}; the cells beyond are not read.")
        elif width < wanted and not self.grid.sheet and row == len(self.grid.rows) - 1:
            reason = _("The last row has {n} cells, the headings {m}; the file may be cut off.")
        else:
            return
        line = self.grid.lines[row]
        unread.append(Unread(_("line {line}").format(line=line), reason.format(n=width, m=wanted), line))

    def _context(self, row: int, unread: list[Unread]) -> _Row:
        text = self._text(row, "time")
        setting = _SETTINGS.get(self._text(row, "setting").lower(), "")
        if not text:
            return _Row("", setting, None)
        found = day(text, self.order)
        index = self.at["time"]
        if found is None:
            reason = _("“{text}” is not a date.").format(text=text[:40])
            unread.append(Unread(self.grid.place(row, index), reason, self.grid.lines[row]))
            return _Row("", setting, None)
        if found.readings and self._ambiguous is None:
            self._ambiguous = found
            self._ambiguous_at = Source(
                self.grid.name, self.grid.place(row, index), text, self.grid.lines[row]
            )
        return _Row(found.iso, setting, found if found.readings else None)

    def _cells(self, row: int) -> Iterator[tuple[int, _Way, str]]:
        """Index, way of reading and text of each cell of a row that holds a value."""
        cells = self.grid.rows[row]
        if self.long and self._text(row, "value"):
            yield self.at["value"], self._long, self._text(row, "value")
        for index, column in enumerate(self.columns[: len(cells)]):
            if column.target in _NOT_VALUES or not column.target:
                continue
            text = cells[index].strip()
            if text and not (is_missing(text) and text.lower() not in ("无",)):
                yield index, self._pressure if column.target == PRESSURE else self._wide, text

    # Cells

    def _wide(self, row: int, index: int, text: str, context: _Row) -> Iterator[Observation]:
        column = self.columns[index]
        yield self._value(
            self._frame(row, index, column.target, column.heading, (), context), text, column.unit
        )

    def _pressure(self, row: int, index: int, text: str, context: _Row) -> Iterator[Observation]:
        column = self.columns[index]
        both = pressures(text)
        if both is None:
            raise _Unreadable(_("“{text}” is not a pair of pressures.").format(text=text[:40]))
        for name, number in zip(("systolic_bp", "diastolic_bp"), both, strict=True):
            frame = self._frame(row, index, name, VARIABLES[name].title["en"], (), context)
            yield self._number(
                replace(frame, id=f"{frame.id}.{name}"), number, f"{number:g}", column.unit or "mmHg"
            )

    def _long(self, row: int, index: int, text: str, context: _Row) -> Iterator[Observation]:
        code, name = self._text(row, "code"), self._text(row, "test_name")
        coding = (Coding(code, "", name),) if code else ()
        specimen = self._text(row, "specimen")
        variable = variable_of(coding, specimen)
        if not variable and code in VARIABLES:
            variable = code
        if not variable:
            named = by_alias(name) if name else None
            variable = variable_of((Coding(named.name, "urn:medgui:variable"),), specimen) if named else ""
        if not code and not name:
            raise _Unreadable(_("The row does not say what was measured."))
        frame = self._frame(row, index, variable, name or code, coding, context)
        frame = self._with_status(
            replace(frame, specimen=specimen, interpretation=self._text(row, "flag")), row
        )
        unit = self._text(row, "unit") or self.columns[index].unit
        found = self._value(frame, text, unit)
        limits = self._reference(row, variable, unit) if isinstance(found.value, float) else None
        yield replace(found, reference_range=limits)

    def _with_status(self, frame: Observation, row: int) -> Observation:
        text = self._text(row, "status").lower()
        if not text or text in _FINAL:
            return frame
        if text in _PRELIMINARY:
            reason = _("The result is preliminary.")
        else:
            reason = _("The file does not say that the result is final.")
        return replace(frame, status=text, usable=False, unusable_reason=reason)

    def _frame(
        self, row: int, index: int, variable: str, name: str, coding: tuple[Coding, ...], context: _Row
    ) -> Observation:
        line = self.grid.lines[row]
        return Observation(
            id=f"{self.grid.sheet or 'line'}-{line}-{index + 1}",
            code=coding[0].code if coding else "",
            system="http://loinc.org" if coding and variable and "-" in coding[0].code else "",
            name=name,
            value=None,
            unit="",
            value_as_written="",
            unit_as_written="",
            time=context.time,
            source=Source(self.grid.name, self.grid.place(row, index), "", line),
            variable=variable,
            codings=coding,
            setting=context.setting,
        )

    def _value(self, frame: Observation, text: str, unit: str) -> Observation:
        """A cell as number, answer or text of its variable."""
        frame = replace(frame, value_as_written=text, source=replace(frame.source, text=text))
        known = VARIABLES.get(frame.variable)
        if known is not None and known.kind != "quantity":
            return answer_value(replace(frame, value=text), ())
        read = figure(text, self.decimal)
        if read is not None and read.problem == "ambiguous":
            raise _Unreadable(_("“{text}” can be read as two numbers.").format(text=text[:40]))
        if read is None or read.value is None:
            if known is not None:
                raise _Unreadable(_("“{text}” is not a number.").format(text=text[:40]))
            return replace(frame, value=text)
        if read.unit and unit and normalise(read.unit, frame.variable) != normalise(unit, frame.variable):
            reason = _("The cell says {one}, the column {other}.").format(one=read.unit, other=unit)
            raise _Unreadable(reason)
        frame = replace(frame, comparator=read.comparator, interpretation=frame.interpretation or read.flag)
        return self._number(frame, read.value, read.text, unit or read.unit)

    def _number(self, frame: Observation, value: float, text: str, unit: str) -> Observation:
        years = frame.variable in ("age", "age_at_diabetes") and not unit
        brought = canonical(value, "a" if years else unit, frame.variable)
        return replace(
            frame,
            value=brought.value,
            unit=brought.unit,
            value_as_written=text,
            unit_as_written=unit,
            source=replace(frame.source, text=frame.source.text or f"{text} {unit}".strip()),
        )

    def _reference(self, row: int, variable: str, unit: str) -> tuple[float | None, float | None] | None:
        """The file's normal range such as "3.5-5.1" or "<200"; None where it is written in another way."""
        text = (
            self._text(row, "reference")
            .replace("～", "-")
            .replace("~", "-")
            .replace("–", "-")
            .replace("—", "-")
        )
        low, dash, high = text.partition("-")
        ends = [figure(low, self.decimal or "."), figure(high, self.decimal or ".")] if dash else []
        if len(ends) == 2 and all(end and end.value is not None for end in ends):
            found = [
                canonical(end.value, unit, variable).value for end in ends if end and end.value is not None
            ]
            return (found[0], found[1]) if found[0] <= found[1] else None
        one = figure(text, self.decimal or ".")
        if one is None or one.value is None or not one.comparator:
            return None
        limit = canonical(one.value, unit, variable).value
        return (None, limit) if one.comparator.startswith("<") else (limit, None)
