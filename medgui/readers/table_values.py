"""Values of a table's cells as observations; what cannot be read for certain goes to `unread` with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from medgui.frozen import frozen
from medgui.i18n import _, format_count
from medgui.readers.answers import answer_value
from medgui.readers.collected import Collected
from medgui.readers.headings import CLINICAL, IDENTITY, LONG
from medgui.readers.systems import LOINC, OWN_VARIABLE, hl7_system
from medgui.readers.table_cells import (
    ERRORS,
    FINAL,
    PRELIMINARY,
    SETTINGS,
    Day,
    clock,
    figure,
    is_missing,
    pressures,
)
from medgui.readers.table_clinical import (
    ALLERGY,
    CONDITION,
    MEDICATION,
    allergy,
    condition,
    entry_kind,
    listed,
    medication,
    says_none,
)
from medgui.readers.table_mapping import PRESSURE, MappingProposal, heading_target, names_pressure
from medgui.readers.table_questions import which_number, which_order
from medgui.readers.table_rows import Grid
from medgui.readers.vocabulary import canonical, variable_of
from medgui.record.model import Coding, Observation, Question, Source, Unread
from medgui.record.units import normalise
from medgui.record.variables import VARIABLES, code_system

_NOT_VALUES = frozenset({*IDENTITY, *LONG, *CLINICAL, "ethnicity"})
_PANELS = frozenset({"85354-9", "55284-4"})
"""LOINC codes of a pressure as a pair."""
_MOST_UNREAD = 2000
"""Unread cells that are listed one by one; those beyond are counted."""
_LOINC_CODE = re.compile(r"\d{1,5}-\d")


class _Unreadable(Exception):
    """A cell that is not read; the sentence says why."""


@frozen
class _Row:
    """What a row says of all its values."""

    time: str
    setting: str
    ambiguous: Day | None


def _time_rank(heading: str) -> int:
    """The time of sampling before that of the visit, and both before that of the report."""
    low = heading.lower()
    if any(word in low for word in ("collect", "sampl", "specimen", "drawn", "entnahme", "abnahme", "采")):
        return 0
    return 2 if any(word in low for word in ("result", "report", "order", "befund", "报告")) else 1


def _system(coding: tuple[Coding, ...], variable: str) -> str:
    if not coding:
        return ""
    return coding[0].system or (LOINC if variable and "-" in coding[0].code else "")


_Way = Callable[[int, int, str, _Row], Iterator[Observation]]


class Reader:
    """Reads the rows of one person."""

    def __init__(self, grid: Grid, proposal: MappingProposal) -> None:
        self.grid = grid
        self.columns = proposal.columns
        self.long = proposal.shape == "long"
        self.order = proposal.order.strip("?")
        self.decimal = proposal.decimal
        self.got = Collected()
        self.at: dict[str, int] = {}
        for index, column in enumerate(proposal.columns):
            self.at.setdefault(column.target, index)
        times = [index for index, column in enumerate(proposal.columns) if column.target == "time"]
        self._times = sorted(times, key=lambda index: _time_rank(proposal.columns[index].heading))
        self._ambiguous: Day | None = None
        self._ambiguous_at = Source("")
        self._two_readings: list[Question] = []
        self._more_unread = 0

    def read(self, rows: tuple[int, ...]) -> Collected:
        """What these rows say: values, problems, drugs, allergies, and the cells that were not read."""
        said: set[tuple[str, str]] = set()
        for row in rows:
            self._check_width(row)
            context = self._context(row)
            if self.long and self._entry(row, context):
                continue
            for index, target, cell in self._cells(row):
                try:
                    for found in target(row, index, cell, context):
                        key = (found.variable or found.code or found.name, found.value_as_written)
                        if self.long and index != self.at.get("value") and key in said:
                            continue
                        said.add(key)
                        self.got.observations.append(found)
                except _Unreadable as problem:
                    self._unread(row, index, str(problem))
            self._lists(row, context)
        if self._more_unread:
            reason = _("{count} more cells or rows are not read.").format(
                count=format_count(self._more_unread)
            )
            self.got.unread.append(Unread(self.grid.name, reason))
        return self.got

    def _unread(self, row: int, index: int, reason: str) -> None:
        self._note(Unread(self.grid.place(row, index), reason, self.grid.lines[row]))

    def _note(self, entry: Unread) -> None:
        if len(self.got.unread) < _MOST_UNREAD:
            self.got.unread.append(entry)
        else:
            self._more_unread += 1

    def questions(self) -> list[Question]:
        """Numbers that can be read in two ways, and whether days or months come first where the file does not tell."""
        if self._ambiguous is None or not self.got.observations:
            return self._two_readings
        return [*self._two_readings, which_order(self._ambiguous, self._ambiguous_at)]

    # Rows

    def _text(self, row: int, target: str) -> str:
        index = self.at.get(target)
        cells = self.grid.rows[row]
        text = cells[index].strip() if index is not None and index < len(cells) else ""
        return "" if is_missing(text) else text

    def _check_width(self, row: int) -> None:
        width, wanted = len(self.grid.rows[row]), len(self.columns)
        if width > wanted and any(cell.strip() for cell in self.grid.rows[row][wanted:]):
            reason = _("The row has {n} cells, the headings {m}; the cells beyond are not read.")
        elif width < wanted and not self.grid.sheet and row == len(self.grid.rows) - 1:
            reason = _("The last row has {n} cells, the headings {m}; the file may be cut off.")
        else:
            return
        line = self.grid.lines[row]
        self._note(Unread(_("line {line}").format(line=line), reason.format(n=width, m=wanted), line))

    def _context(self, row: int) -> _Row:
        setting = SETTINGS.get(self._text(row, "setting").lower(), "")
        cells = self.grid.rows[row]
        stated = [
            i for i in self._times if i < len(cells) and not is_missing(cells[i]) and not clock(cells[i])
        ]
        if not stated:
            return _Row("", setting, None)
        index = stated[0]
        text = cells[index].strip()
        found = self.grid.day(row, index, self.order)
        if found is None:
            reason = _("“{text}” is not a date.").format(text=text[:40])
            self._unread(row, index, reason)
            return _Row("", setting, None)
        if found.readings and self._ambiguous is None:
            self._ambiguous = found
            self._ambiguous_at = Source(
                self.grid.name, self.grid.place(row, index), text, self.grid.lines[row]
            )
        hours = [clock(cells[i]) for i in self._times if i < len(cells) and clock(cells[i])]
        whole = hours and len(found.iso) == 10
        return _Row(found.iso + hours[0] if whole else found.iso, setting, found if found.readings else None)

    # Problems, drugs, allergies

    def _source(self, row: int, index: int, text: str) -> Source:
        return Source(self.grid.name, self.grid.place(row, index), text, self.grid.lines[row])

    def _codings(self, row: int) -> tuple[Coding, ...]:
        code = self._text(row, "code")
        return (
            (Coding(code, hl7_system(self._text(row, "code_system")), self._text(row, "test_name")),)
            if code
            else ()
        )

    def _entry(self, row: int, context: _Row) -> bool:
        """Take a row of a long table that is a problem, a drug or an allergy; False for a result."""
        codings = self._codings(row)
        kind = entry_kind(self._text(row, "category"), codings)
        value = self._text(row, "value")
        snomed = any(code_system(coding.system) == "snomed" for coding in codings)
        if not kind and snomed and not value and not variable_of(codings):
            kind = CONDITION
        if kind:
            at = next((self.at[t] for t in ("test_name", "code", "value") if self._text(row, t)), None)
            name = self._text(row, "test_name") or value or (codings[0].code if codings else "")
            if at is not None and name:
                self._add(kind, row, at, name, codings, context)
            return True
        if not value and (codings or self._text(row, "test_name")):
            self._note_empty(row, codings)
        return False

    def _note_empty(self, row: int, codings: tuple[Coding, ...]) -> None:
        """A test without a result is said, a heading between the rows is not."""
        index = self.at.get("value", self.at.get("code", 0))
        name = self._text(row, "test_name") or codings[0].code
        others = sum(1 for cell in self.grid.rows[row] if cell.strip())
        if others > 1:
            self._unread(row, index, _("“{name}” has no value.").format(name=name[:40]))

    def _lists(self, row: int, context: _Row) -> None:
        """Columns that list problems, drugs or allergies in words."""
        cells = self.grid.rows[row]
        for index, column in enumerate(self.columns[: len(cells)]):
            text = cells[index].strip()
            if column.target not in CLINICAL or not text:
                continue
            if says_none(text) and column.target != ALLERGY:
                reason = _("“{text}” does not count as “none”: the list may not be whole.").format(text=text)
                self._unread(row, index, reason)
            elif says_none(text) or not is_missing(text):
                for name, codings in listed(text):
                    self._add(column.target, row, index, name, codings, context)

    def _add(
        self, kind: str, row: int, index: int, name: str, codings: tuple[Coding, ...], context: _Row
    ) -> None:
        count = len(self.got.conditions) + len(self.got.medications) + len(self.got.allergies)
        entry = f"{kind}-{self.grid.lines[row]}-{index + 1}-{count + 1}"
        status, source = self._text(row, "status"), self._source(row, index, name)
        if kind == CONDITION:
            self.got.conditions.append(condition(entry, name, codings, status, context.time, source))
        elif kind == MEDICATION:
            dose = " ".join(filter(None, (self._text(row, "value"), self._text(row, "unit"))))
            dose = dose if self.long and dose != name else ""
            self.got.medications.append(medication(entry, name, codings, status, dose, source))
        else:
            self.got.allergies.append(allergy(entry, name, codings, status, context.time, source))

    def _cells(self, row: int) -> Iterator[tuple[int, _Way, str]]:
        """Index, way of reading and text of each cell of a row that holds a value."""
        cells = self.grid.rows[row]
        if self.long and self._text(row, "value"):
            yield self.at["value"], self._long, self._text(row, "value")
        for index, column in enumerate(self.columns[: len(cells)]):
            if column.target in _NOT_VALUES or not column.target:
                continue
            text = cells[index].strip()
            if text and not is_missing(text):
                yield index, self._pressure if column.target == PRESSURE else self._wide, text

    # Cells

    def _wide(self, row: int, index: int, text: str, context: _Row) -> Iterator[Observation]:
        column = self.columns[index]
        frame = self._frame(row, index, column.target, column.heading, (), context)
        yield self._value(frame, text, column.unit, self._decimal(row, index))

    def _pressure(self, row: int, index: int, text: str, context: _Row) -> Iterator[Observation]:
        column = self.columns[index]
        both = pressures(text)
        if both is None:
            raise _Unreadable(_("“{text}” is not a pair of pressures.").format(text=text[:40]))
        yield from self._both(self._frame(row, index, "", column.heading, (), context), both, column.unit)

    def _long(self, row: int, index: int, text: str, context: _Row) -> Iterator[Observation]:
        name, specimen = self._text(row, "test_name"), self._text(row, "specimen")
        coding = self._codings(row)
        if not coding and not name:
            raise _Unreadable(_("The row does not say what was measured."))
        unit = self._text(row, "unit") or self.columns[index].unit
        both = pressures(text) if names_pressure(name) or (coding and coding[0].code in _PANELS) else None
        if both is not None:
            frame = self._with_status(self._frame(row, index, "", name or coding[0].code, (), context), row)
            yield from self._both(frame, both, unit)
            return
        variable = self._variable(coding, name, specimen)
        frame = self._frame(row, index, variable, name or coding[0].code, coding, context)
        frame = self._with_status(
            replace(frame, specimen=specimen, interpretation=self._text(row, "flag")), row
        )
        found = self._value(frame, text, unit, self._decimal(row, index))
        limits = self._reference(row, variable, unit) if isinstance(found.value, float) else None
        yield replace(found, reference_range=limits)

    def _variable(self, coding: tuple[Coding, ...], name: str, specimen: str) -> str:
        variable = variable_of(coding, specimen)
        if variable or (coding and coding[0].code in VARIABLES):
            return variable or coding[0].code
        if any(_LOINC_CODE.fullmatch(each.code) for each in coding):
            return ""  # another specimen or method: the code says more than the name
        named = VARIABLES.get(heading_target(name, "wide")) if name else None
        return variable_of((Coding(named.name, OWN_VARIABLE),), specimen) if named else ""

    def _both(self, frame: Observation, both: tuple[float, float], unit: str) -> Iterator[Observation]:
        for name, number in zip(("systolic_bp", "diastolic_bp"), both, strict=True):
            own = replace(frame, id=f"{frame.id}.{name}", variable=name, name=VARIABLES[name].title["en"])
            yield self._number(own, number, f"{number:g}", unit or "mmHg")

    def _decimal(self, row: int, index: int) -> str:
        """The decimal sign of a cell: "." of a number by type, else its column's, else the table's, else ""."""
        if self.grid.is_number(self.grid.lines[row], index):
            return "."
        own = self.columns[index].decimal
        table = self.decimal if self.decimal in (".", ",") else ""
        return table or own if own in ("", "both") else own

    def _with_status(self, frame: Observation, row: int) -> Observation:
        text = self._text(row, "status").lower()
        if not text or text in FINAL:
            return frame
        if text in PRELIMINARY:
            reason = _("The result is preliminary.")
        else:
            reason = _("The file does not say that the result is final.")
        return replace(frame, status=text, usable=False, unusable_reason=reason)

    def _frame(
        self, row: int, index: int, variable: str, name: str, coding: tuple[Coding, ...], context: _Row
    ) -> Observation:
        line = self.grid.lines[row]
        return Observation(
            id=f"{self.grid.sheet or 'line'}-{line}-{(self.grid.moved[row] if self.grid.moved else index) + 1}",
            code=coding[0].code if coding else "",
            system=_system(coding, variable),
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

    def _value(self, frame: Observation, text: str, unit: str, decimal: str) -> Observation:
        """A cell as number, answer or text of its variable."""
        if text in ERRORS:
            raise _Unreadable(_("The cell holds {error}: its formula failed.").format(error=text))
        frame = replace(frame, value_as_written=text, source=replace(frame.source, text=text))
        known = VARIABLES.get(frame.variable)
        if known is not None and known.kind != "quantity":
            return answer_value(replace(frame, value=text), ())
        read = figure(text, decimal)
        if read is not None and read.problem == "ambiguous" and not (known and read.readings):
            raise _Unreadable(_("“{text}” can be read as two numbers.").format(text=text[:40]))
        if read is None or (read.value is None and not read.readings):
            if known is not None:
                raise _Unreadable(_("“{text}” is not a number.").format(text=text[:40]))
            return replace(frame, value=text)
        if read.unit and unit and normalise(read.unit, frame.variable) != normalise(unit, frame.variable):
            reason = _("The cell says {one}, the column {other}.").format(one=read.unit, other=unit)
            raise _Unreadable(reason)
        frame = replace(frame, comparator=read.comparator, interpretation=frame.interpretation or read.flag)
        if read.value is None:
            unit = unit or read.unit
            self._two_readings.append(which_number(frame, read.readings, text, unit))
            return self._number(frame, read.readings[0], text, unit)
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
        own = self.columns[self.at["reference"]].decimal if "reference" in self.at else ""
        decimal = own if own in (".", ",") else self.decimal if self.decimal in (".", ",") else "."
        low, dash, high = text.partition("-")
        ends = [figure(low, decimal), figure(high, decimal)] if dash else []
        if len(ends) == 2 and all(end and end.value is not None for end in ends):
            found = [
                canonical(end.value, unit, variable).value for end in ends if end and end.value is not None
            ]
            return (found[0], found[1]) if found[0] <= found[1] else None
        one = figure(text, decimal)
        if one is None or one.value is None or not one.comparator:
            return None
        limit = canonical(one.value, unit, variable).value
        return (None, limit) if one.comparator.startswith("<") else (limit, None)
