"""Which column of a table holds what: proposed from headings and samples, settled by the user, remembered by layout."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from medgui.frozen import frozen
from medgui.readers.headings import CLINICAL, IDENTITY, LONG, PRESSURES, UNIT_SUFFIXES, by_word
from medgui.readers.limits import DEFAULT_LIMITS, LONGEST_NAME, Limits
from medgui.readers.table_cells import date_order, day, decimal_sign, figure, is_missing, pressures
from medgui.readers.table_rows import Grid
from medgui.record.units import normalise
from medgui.record.variables import VARIABLES, by_alias, by_code, fold, when_declared

SAMPLES = 5
IGNORE = ""
PRESSURE = "blood_pressure"
"""Target of a column with cells such as "160/96"."""

TUMOUR = frozenset(("meno", "size", "grade", "nodes", "pgr", "er", "hormon", "chemo"))
"""Standard inputs whose bare names mean much else in a patient table ("ER": emergency room)."""
TOGETHER = 3
"""Columns of one table that have to be tumour inputs before their bare names are believed."""

_IDENTITY_WORDS, _LONG_WORDS, _CLINICAL_WORDS = by_word(IDENTITY), by_word(LONG), by_word(CLINICAL)
_PRESSURE_WORDS = frozenset(fold(word) for word in PRESSURES.split(","))
_CODE = re.compile(r"(?:loinc[\s:_]*)?(\d{1,5}-\d)\b", re.IGNORECASE)


@frozen
class Column:
    """One column: heading, key (heading, numbered where it repeats), samples, and what it is taken for.

    `target` is a standard input name, an identity ("patient_id", "birth_date", "time"…), a part of a long table
    ("code", "value", "unit"…), "diagnosis", "medication", "allergy", "blood_pressure", or "" (not used). `unit` is
    as written, "" where none is stated. `confidence` is 0-1; below `SURE` the user is asked. `decimal` is the sign
    that its own cells show, "both" where they do not agree, "" where they do not tell.
    """

    key: str
    heading: str
    samples: tuple[str, ...]
    target: str = IGNORE
    unit: str = ""
    confidence: float = 0.0
    decimal: str = ""


SURE = 0.8


@frozen
class MappingProposal:
    """What the columns of a file seem to hold. `layout` is the same for every file with the same headings."""

    layout: str
    shape: str
    columns: tuple[Column, ...]
    order: str
    decimal: str
    rows: int

    @property
    def needs_answer(self) -> bool:
        """Whether a user should look: a guess is weak, a number has no unit, or dates can be read two ways."""
        used = [column for column in self.columns if column.target]
        return (
            self.order == "?"
            or self.decimal == "both"
            or not used
            or any(column.confidence < SURE for column in used)
        )

    def to_mapping(self) -> dict[str, Any]:
        """As plain data, for `open_record(mapping=…)` and for the settings."""
        columns = {c.key: {"target": c.target, "unit": c.unit} for c in self.columns}
        return {
            "shape": self.shape,
            "columns": columns,
            "date_order": self.order.strip("?"),
            "decimal": self.decimal,
        }

    def with_mapping(self, mapping: Mapping[str, Any]) -> MappingProposal:
        """This proposal with a user's choices in place; what a mapping does not name stays as proposed."""
        chosen = mapping.get("columns")
        chosen = chosen if isinstance(chosen, Mapping) else {}
        columns = tuple(_chosen(column, chosen.get(column.key)) for column in self.columns)
        shape = mapping.get("shape") if mapping.get("shape") in ("wide", "long") else self.shape
        order = mapping.get("date_order") if mapping.get("date_order") in ("dmy", "mdy") else self.order
        decimal = mapping.get("decimal") if mapping.get("decimal") in (",", ".") else self.decimal
        return replace(self, columns=columns, shape=str(shape), order=str(order), decimal=str(decimal))


def _chosen(column: Column, choice: object) -> Column:
    if isinstance(choice, str):
        choice = {"target": choice}
    if not isinstance(choice, Mapping):
        return column
    target, unit = choice.get("target", column.target), choice.get("unit", column.unit)
    known = isinstance(target, str) and (target in TARGETS or target in VARIABLES)
    if not known or not isinstance(unit, str):
        return column
    return replace(column, target=target, unit=unit, confidence=1.0)


TARGETS = frozenset({IGNORE, PRESSURE, *IDENTITY, *LONG, *CLINICAL})


def propose_mapping(path: Path | str, limits: Limits = DEFAULT_LIMITS) -> MappingProposal:
    """Say what the columns of the table at *path* seem to hold. Raises `UnreadableFile` as `open_record` does."""
    from medgui.readers.table import open_grid

    return propose(open_grid(Path(path), limits))


def layout_key(headings: list[str]) -> str:
    """A key of a layout: the same for the same headings in the same order."""
    return hashlib.sha256("\x1f".join(fold(text) or text for text in headings).encode()).hexdigest()[:24]


def propose(grid: Grid) -> MappingProposal:
    """The proposal for a table."""
    headings = grid.headers
    rows = len(grid.rows) - 1
    columns = []
    times = Counter[str]()
    for index, heading in enumerate(headings):
        texts = grid.texts(index, range(1, len(grid.rows)))
        samples = islice((text for text in texts if not is_missing(text)), SAMPLES)
        times[heading] += 1
        key = f"{heading}#{times[heading]}" if times[heading] > 1 else heading
        columns.append(Column(key, heading, tuple(samples), decimal=_sign(grid, index, texts)))
    shape = _shape(headings, rows)
    columns = _tumour_columns([_proposed(column, shape) for column in columns], shape)
    return MappingProposal(
        layout_key(headings), shape, tuple(columns), _order(columns, grid), _table_sign(columns), rows
    )


def _sign(grid: Grid, index: int, texts: Iterable[str]) -> str:
    """The decimal sign of one column with these *texts*, by its cells that are no numbers by their type."""
    if not grid.numbers:
        return decimal_sign(texts)
    pairs = zip(grid.rows[1:], grid.lines[1:], strict=True)
    return decimal_sign(
        {row[index] for row, line in pairs if index < len(row) and not grid.is_number(line, index)}
    )


def _table_sign(columns: list[Column]) -> str:
    """The sign that the columns of values agree on; "both" where they or the cells of one do not."""
    found = {column.decimal for column in columns if column.decimal and _may_hold_numbers(column)}
    return found.pop() if len(found) == 1 else "both" if found else ""


def _may_hold_numbers(column: Column) -> bool:
    return (
        column.target not in IDENTITY
        and column.target not in CLINICAL
        and column.target not in ("code", "reference")
    )


def _shape(headings: list[str], rows: int) -> str:
    """Long where a column of values has one beside it that names them, or codes have their system or category."""
    found = {_LONG_WORDS.get(fold(_split(heading)[0])) for heading in headings}
    named = found & {"code", "test_name"}
    return "long" if rows and named and found & {"value", "code_system", "category"} else "wide"


def _proposed(column: Column, shape: str) -> Column:
    name, unit = _split(column.heading)
    if fold(name) in _PRESSURE_WORDS and any(pressures(text) for text in column.samples):
        return replace(column, target=PRESSURE, unit=unit or "mmHg", confidence=0.9)
    target = heading_target(column.heading, shape)
    if target == PRESSURE:
        return column
    if target not in VARIABLES or target in IDENTITY:
        return replace(column, target=target, confidence=0.95 if target else 0.0)
    return replace(column, target=target, unit=unit, confidence=0.95 * _fit(column, target, unit))


def _tumour_columns(columns: list[Column], shape: str) -> list[Column]:
    """Believe bare headings such as "size" and "er" where at least `TOGETHER` columns are tumour inputs."""
    bare = {fold(_split(column.heading)[0]) for column in columns if column.target == IGNORE} & TUMOUR
    found = bare | ({column.target for column in columns} & TUMOUR)
    if shape != "wide" or len(found) < TOGETHER:
        return columns
    return [_tumour_column(column) if column.target == IGNORE else column for column in columns]


def _tumour_column(column: Column) -> Column:
    name, unit = _split(column.heading)
    target = fold(name)
    if target not in TUMOUR:
        return column
    return replace(column, target=target, unit=unit, confidence=0.95 * _fit(column, target, unit))


@lru_cache(maxsize=8192)
def heading_target(heading: str, shape: str = "long") -> str:
    """What a heading alone says of its column: a target, or "". Bare names of tumour inputs say nothing alone."""
    if len(heading) > LONGEST_NAME:
        return IGNORE
    name = _split(heading)[0]
    folded, folded_name = fold(heading), fold(name)
    for words in (_LONG_WORDS if shape == "long" else {}, _IDENTITY_WORDS, _CLINICAL_WORDS):
        target = words.get(folded) or words.get(folded_name)
        if target:
            return target
    if folded in _PRESSURE_WORDS:
        return PRESSURE
    variable = by_alias(name) or by_alias(heading)
    if variable is None:
        code = _CODE.search(heading)
        variable = by_code(code[1]) if code else None
    if variable is None or (variable.name in TUMOUR and folded_name in TUMOUR):
        return IGNORE
    return variable.name


when_declared(heading_target.cache_clear)


def heading_parts(heading: str) -> tuple[str, str]:
    """Name and unit of a heading such as "LDL (mmol/L)"; the unit is "" where it states none."""
    return _split(heading)


def names_pressure(name: str) -> bool:
    """Whether a heading or the name of a test means both pressures of a reading."""
    return fold(_split(name)[0]) in _PRESSURE_WORDS


def _fit(column: Column, target: str, unit: str) -> float:
    """Less sure where the unit is not stated or the samples are not of the kind."""
    variable = VARIABLES[target]
    if variable.kind != "quantity":
        return 1.0
    numbers = [figure(text, ".") or figure(text, ",") for text in column.samples]
    if column.samples and not any(numbers):
        return 0.3
    if unit:
        return 1.0 if normalise(unit, target) else 0.4
    own = variable.unit in ("a", "1") or variable.unit.startswith("{")
    return 1.0 if own or all(found and found.unit for found in numbers) else 0.7


def _split(heading: str) -> tuple[str, str]:
    """Name and unit of a heading such as "LDL (mmol/L)", "weight_kg", "Glucose, mg/dL"."""
    if len(heading) > LONGEST_NAME:
        return heading, ""
    name, unit = _bracketed(heading)
    if unit and normalise(unit) is not None:
        return name.strip(" _-,:"), unit
    for sign in (",", ":", " ", "/"):
        name, _sign, tail = heading.rpartition(sign)
        if name and tail and len(tail) > 1 and normalise(tail.strip()) is not None and by_alias(name):
            return name.strip(), tail.strip()
    parts = heading.split("_")
    for count in (2, 1, 3):
        tail = "".join(parts[-count:]).lower()
        if len(parts) > count and tail in UNIT_SUFFIXES and not by_alias(heading):
            return " ".join(parts[:-count]), UNIT_SUFFIXES[tail]
    return heading, ""


def _bracketed(heading: str) -> tuple[str, str]:
    """What stands before the last brackets of a heading and in them: "SBP", "mm[Hg]" of "SBP (mm[Hg])"."""
    text = heading.rstrip()
    if not text.endswith(tuple(")]）】}")):
        return heading, ""
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        depth += (text[at] in ")]）】}") - (text[at] in "([（【{")
        if depth == 0:
            return text[:at], text[at + 1 : -1].strip()
    return heading, ""


def _order(columns: list[Column], grid: Grid) -> str:
    """The order of dates: "dmy" or "mdy" where they tell, "?" where they can be read two ways, "" without doubt."""
    doubt = False
    order = ""
    for index, column in enumerate(columns):
        if column.target in ("time", "birth_date"):
            texts = grid.texts(index, range(1, len(grid.rows)))
            told = date_order(texts)
            readings = [found for found in (day(text, told) for text in texts) if found and found.readings]
            if told and order and told != order:
                return "?"
            order, doubt = told or order, doubt or bool(readings)
    return order or ("?" if doubt else "")
