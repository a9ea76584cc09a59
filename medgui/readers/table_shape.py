"""A table put into the one form that is read: one row of headings, then rows of cells.

Titles above it, rows of units, headings repeated on each page, sums below it, and tables that are turned, with
the tests in the rows and the days in the columns, as laboratories print them.
"""

from __future__ import annotations

import re
from itertools import pairwise

from medgui.i18n import _
from medgui.readers.headings import IDENTITY, LONG, SUMMARIES
from medgui.readers.table_cells import date_order, day
from medgui.readers.table_mapping import IGNORE, PRESSURE, heading_target
from medgui.readers.table_rows import Grid
from medgui.record.units import normalise
from medgui.record.variables import VARIABLES, by_alias, fold

_HEADINGS_WITHIN = 15
"""Rows in which the headings are looked for."""
_TURNED_WITHIN = 300
"""Rows by which a table is told to be turned; more tests than that are in no print."""
_LABELLED = re.compile(r"([^\s:：]{1,14})\s*[:：]\s*(\S+(?:\s(?![^\s:：]{1,14}\s*[:：])\S+)*)")
_RANGE = re.compile(r"[(\[]?\s*[\d.,]+\s*[-–—~～]+\s*[\d.,]+\s*[)\]]?")
_BESIDE = frozenset({"unit", "reference", "flag", "specimen", "code", "code_system", "category"})


def known_headings(row: list[str]) -> int:
    """How many cells of a row are headings of a known meaning."""
    return sum(1 for cell in row if cell.strip() and heading_target(cell) != IGNORE)


def best_known(grid: Grid) -> int:
    """The most known headings in a row or in the first column: how much a sheet looks like values of a patient."""
    column = [row[0] for row in grid.rows[:60] if row]
    return max([known_headings(row) for row in grid.rows[:_HEADINGS_WITHIN]] + [known_headings(column)])


def shape(grid: Grid) -> None:
    """Bring a table into its form, in place; what is left out is said in its notes."""
    stated = _drop_title_rows(grid)
    _turn(grid)
    _join_unit_row(grid)
    _drop_repeated(grid)
    _drop_sums(grid)
    _add_stated(grid, stated)


def _drop_title_rows(grid: Grid) -> dict[str, str]:
    """Start at the heading row: the one of the first rows with most known headings.

    Rows above it often say whose table it is ("姓名：林慧敏 性别：女"); what they state is returned by its heading.
    """
    known = [known_headings(row) for row in grid.rows[:_HEADINGS_WITHIN]]
    best = known.index(max(known)) if known and max(known) > 0 else 0
    if best and known[best] < 2 and _first_wide(grid) < best:
        best = _first_wide(grid)
    if best == 0 and not (known and known[0]):
        best = _first_wide(grid)
    stated: dict[str, str] = {}
    for row, line in zip(grid.rows[:best], grid.lines[:best], strict=True):
        found = _stated(row)
        stated.update(found)
        text = " ".join(cell for cell in row if cell)
        if not found:
            sentence = _("Line {line} above the headings is not read: {text}")
            grid.notes.append(sentence.format(line=line, text=text[:60]))
    del grid.rows[:best], grid.lines[:best]
    return stated


def _first_wide(grid: Grid) -> int:
    return next((i for i, row in enumerate(grid.rows[:_HEADINGS_WITHIN]) if sum(map(bool, row)) > 1), 0)


def _stated(row: list[str]) -> dict[str, str]:
    """Headings of a person and what stands behind each: "label: text" in a cell, or in two cells side by side."""
    found: dict[str, str] = {}
    cells = [cell.strip() for cell in row if cell.strip()]
    for cell in cells:
        for label, text in _LABELLED.findall(cell):
            if heading_target(label) in IDENTITY or heading_target(label) == "age":
                found[label] = text.strip()
    if found:
        return found
    for label, text in pairwise(cells):
        target = heading_target(label.rstrip(":："))
        if target in IDENTITY and heading_target(text.rstrip(":：")) == IGNORE:
            found[label.rstrip(":：")] = text
    return found


def _add_stated(grid: Grid, stated: dict[str, str]) -> None:
    """What stands above the table is said of each of its rows, unless a column says it."""
    have = {heading_target(heading) for heading in grid.headers}
    for label, text in stated.items():
        if heading_target(label) in have:
            continue
        width = len(grid.rows[0])
        for number, row in enumerate(grid.rows):
            row.extend([""] * (width - len(row)))
            row[width:width] = [label if number == 0 else text]


def _join_unit_row(grid: Grid) -> None:
    """A second row of nothing but units belongs to the headings."""
    if len(grid.rows) < 3:
        return
    cells = [cell.strip().strip("()[]（）") for cell in grid.rows[1]]
    filled = [cell for cell in cells if cell]
    if len(filled) < 2 or any(any(sign.isdigit() for sign in cell[:1]) for cell in filled):
        return
    if sum(normalise(cell) is not None for cell in filled) < 0.6 * len(filled) or any(map(by_alias, filled)):
        return
    grid.rows[0] = [
        f"{heading} ({cells[index]})" if index < len(cells) and normalise(cells[index]) else heading
        for index, heading in enumerate(grid.rows[0])
    ]
    del grid.rows[1], grid.lines[1]


def _drop_repeated(grid: Grid) -> None:
    """Headings that stand again at the top of each page are no values."""
    if len(grid.rows) < 2:
        return
    headings = [fold(cell) for cell in grid.headers]
    if sum(map(bool, headings)) < 2:
        return
    alike = {cell for cell in {row[0] for row in grid.rows if row} if fold(cell) == headings[0]}
    repeated = (n for n, row in enumerate(grid.rows) if row and row[0] in alike)
    dropped = {n for n in repeated if n and [fold(cell) for cell in grid.rows[n]] == headings}
    _keep(grid, [n for n in range(len(grid.rows)) if n not in dropped])


def _drop_sums(grid: Grid) -> None:
    """Rows such as "Mean" or "合计" are nobody's values."""
    kept = []
    for number, row in enumerate(grid.rows):
        first = next(filter(None, map(str.strip, row)), "")
        if number == 0 or first.lower().rstrip(":：") not in SUMMARIES:
            kept.append(number)
            continue
        sentence = _("Line {line} sums the table up and is not read: {text}")
        text = " ".join(cell for cell in row if cell)
        grid.notes.append(sentence.format(line=grid.lines[number], text=text[:60]))
    _keep(grid, kept)


def _keep(grid: Grid, kept: list[int]) -> None:
    if len(kept) == len(grid.rows):
        return
    grid.rows = [grid.rows[number] for number in kept]
    grid.lines = [grid.lines[number] for number in kept]
    if grid.moved:
        grid.moved = [grid.moved[number] for number in kept]


# Turned tables


def _turn(grid: Grid) -> None:
    """Tests in the rows: one row a test and a column of values, which is a day, a person, or the only one."""
    if len(grid.rows) < 2 or not _is_turned(grid):
        return
    if any(row and heading_target(row[0]) in ("birth_date", "sex", "patient_id") for row in grid.rows):
        for row in grid.rows:
            row[:1] = ["patient name"] if row and fold(row[0]) == "name" else row[:1]
    beside = _beside(grid)
    days = _days(grid, beside)
    columns = days or dict.fromkeys(_filled_columns(grid, beside), "")
    if columns:
        _to_long(grid, beside, columns, dated=bool(days))


def _is_turned(grid: Grid) -> bool:
    """Whether the first column names tests or facts of a person, and the first row days or nothing known."""
    first = [row[0] for row in grid.rows[:_TURNED_WITHIN] if row and row[0].strip()]
    named = [cell for cell in first if _names_value(cell)]
    across = [cell for cell in grid.rows[0][1:] if cell.strip()]
    if any(heading_target(cell) == "value" or _names_value(cell) for cell in across):
        return False
    if len(named) >= 2 and len(named) >= 0.4 * len(first):
        return True
    titled = heading_target(grid.rows[0][0]) in ("test_name", "code") if grid.rows[0] else False
    return bool(named or titled) and bool(_days(grid, _beside(grid)))


def _names_value(cell: str) -> bool:
    target = heading_target(cell, "wide")
    return target in VARIABLES or target == PRESSURE or target in IDENTITY


def _beside(grid: Grid) -> dict[str, int]:
    """Columns of a turned table that say something of the test and are no values: unit, reference range."""
    found: dict[str, int] = {}
    for column in range(1, len(grid.rows[0])):
        target = heading_target(grid.rows[0][column])
        if target in _BESIDE and target in LONG:
            found.setdefault(target, column)
    for column in range(1, max(map(len, grid.rows))):
        cells = [row[column].strip() for row in grid.rows[1:] if column < len(row) and row[column].strip()]
        if column in found.values() or len(cells) < 2:
            continue
        if sum(1 for cell in cells if not cell[:1].isdigit() and normalise(cell)) >= 0.6 * len(cells):
            found.setdefault("unit", column)
        elif sum(1 for cell in cells if _RANGE.fullmatch(cell)) >= 0.6 * len(cells):
            found.setdefault("reference", column)
    return found


def _days(grid: Grid, beside: dict[str, int]) -> dict[int, str]:
    """Column to its day, from the first row in which all columns of values hold one; {} where none does."""
    width = max(map(len, grid.rows))
    columns = [column for column in range(1, width) if column not in beside.values()]
    for number, row in enumerate(grid.rows[:4]):
        cells = {
            column: row[column].strip() for column in columns if column < len(row) and row[column].strip()
        }
        if number and heading_target(row[0]) != "time":
            continue
        order = date_order(cells.values())
        dated = {column: text for column, text in cells.items() if day(text, order)}
        if dated and len(dated) == len(cells):
            return dated
    return {}


def _filled_columns(grid: Grid, beside: dict[str, int]) -> list[int]:
    """Columns with values for most of what the first column names."""
    found = []
    named = [row for row in grid.rows if row and _names_value(row[0])]
    for column in range(1, max(map(len, grid.rows))):
        filled = sum(1 for row in named if column < len(row) and row[column].strip())
        if column not in beside.values() and filled >= 0.5 * len(named):
            found.append(column)
    return found


def _to_long(grid: Grid, beside: dict[str, int], columns: dict[int, str], *, dated: bool) -> None:
    """Rows of test, value and time. Rows that say who it is ("Name") are stated of all rows of their column."""
    old, lines = grid.rows, grid.lines
    headless = not any(heading_target(cell) == "value" for cell in old[0]) and _names_value(old[0][0])
    person = [row for row in old[0 if headless else 1 :] if row and _names_person(row[0])]
    several = len(columns) > 1 and not dated
    if several and any(heading_target(row[0]) == "patient_id" for row in person):
        several = False
    head = ["test", "value", "time", *beside, *(row[0].strip() for row in person)]
    rows = [[*head, "patient id"] if several else head]
    taken, moved = [lines[0]], [0]
    for row, line in zip(old[0 if headless else 1 :], lines[0 if headless else 1 :], strict=True):
        if not row or not row[0].strip() or heading_target(row[0]) in IDENTITY:
            continue
        said = [_cell(row, column) for column in beside.values()]
        for column, when in columns.items():
            if _cell(row, column):
                who = [_cell(each, column) or _cell(each, 1) for each in person]
                who += [_cell(old[0], column) or str(column + 1)] if several else []
                rows.append([row[0], row[column], when, *said, *who])
                taken.append(line)
                moved.append(column)
    _numbers_moved(grid, taken, moved)
    grid.old_headings, grid.rows, grid.lines, grid.moved = grid.headers, rows, taken, moved


def _names_person(cell: str) -> bool:
    target = heading_target(cell)
    return target in IDENTITY and target != "time"


def _cell(row: list[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""


def _numbers_moved(grid: Grid, lines: list[int], moved: list[int]) -> None:
    """Values stand in the second column now; a line is all numbers by type, or none of it is."""
    whole = dict.fromkeys(lines, True)
    for line, column in zip(lines, moved, strict=True):
        whole[line] = whole[line] and (column == 0 or grid.is_number(line, column))
    grid.numbers = {line: 2 for line, is_number in whole.items() if is_number and line in grid.numbers}
