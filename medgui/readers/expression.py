"""Files of gene expression: thousands of probe sets in columns or rows, of which a record keeps what models use.

The table is thinned before anything else looks at it; what is left is read as any table of laboratory values. Probe
sets are named as Affymetrix names them ("X95735_at", "M28130_rna1_s_at", controls "AFFX-BioB-5_at").
"""

from __future__ import annotations

import re
from dataclasses import replace

from medgui.i18n import format_count, ngettext
from medgui.readers.limits import Limits
from medgui.readers.sniff import LEAST_PROBES, names_probes
from medgui.readers.table_rows import Grid
from medgui.record.variables import VARIABLES, fold

HEAD = 20_000
_NAME = re.compile(r"[A-Za-z0-9][\w.\-/]*_[as]t")
_COLUMNS = 100_000
_BESIDE = frozenset(
    map(fold, ("description", "gene description", "gene", "gene name", "symbol", "call", "title"))
)
_PERSON = frozenset(map(fold, ("sample", "sample id", "sample_id", "array")))


def widened(data: bytes, limits: Limits) -> Limits:
    """Limits for a table: one of gene expression has more columns than any other."""
    if names_probes(data[:HEAD].decode("latin-1")):
        return replace(limits, columns=max(limits.columns, _COLUMNS))
    return limits


def thin(grid: Grid) -> None:
    """Take the probe sets that no model uses out of a table of gene expression, in place; one note says how many."""
    if not grid.rows:
        return
    across = sum(1 for cell in grid.rows[0] if _is_probe(cell))
    if across >= LEAST_PROBES:
        _thin_columns(grid)
        return
    column = _probe_column(grid)
    if column is not None:
        _thin_rows(grid, column)


def _is_probe(cell: str) -> bool:
    return bool(_NAME.fullmatch(cell.strip()))


def _wanted(cell: str) -> bool:
    return not _is_probe(cell) or cell.strip() in VARIABLES


def _note(grid: Grid, count: int) -> None:
    if count:
        sentence = ngettext(
            "{n} other expression value is not used: no model asks for it.",
            "{n} other expression values are not used: no model asks for them.",
            count,
        )
        grid.notes.append(sentence.format(n=format_count(count)))


def _thin_columns(grid: Grid) -> None:
    """One row a person, one column a probe set."""
    headings = grid.rows[0]
    kept = [place for place, cell in enumerate(headings) if _wanted(cell)]
    _note(grid, len(headings) - len(kept))
    grid.rows = [[row[place] for place in kept if place < len(row)] for row in grid.rows]
    grid.rows[0] = [_as_person(cell) for cell in grid.rows[0]]


def _as_person(heading: str) -> str:
    """A sample is what a person is called in such files."""
    return "patient id" if fold(heading) in _PERSON else heading


def _probe_column(grid: Grid) -> int | None:
    """The column, among the first three, that names probe sets."""
    for column in range(min(3, max(map(len, grid.rows[:LEAST_PROBES])))):
        found = sum(1 for row in grid.rows if column < len(row) and _is_probe(row[column]))
        if found >= LEAST_PROBES and found >= 0.8 * (len(grid.rows) - 1):
            return column
    return None


def _thin_rows(grid: Grid, column: int) -> None:
    """One row a probe set; one column of values, or one for each person."""
    headless = _is_probe(grid.rows[0][column])
    width = max(map(len, grid.rows[:LEAST_PROBES]))
    headings = [""] * width if headless else [*grid.rows[0], *[""] * (width - len(grid.rows[0]))]
    values = [
        place
        for place in range(width)
        if place != column and _is_values(grid, place, headings[place], headless)
    ]
    first = 0 if headless else 1
    places = [n for n in range(first, len(grid.rows)) if _wanted(_cell(grid.rows[n], column))]
    _note(grid, len(grid.rows) - first - len(places))
    titles = ["value"] if len(values) == 1 else [headings[place] or str(place) for place in values]
    rows = [[_cell(grid.rows[n], column), *(_cell(grid.rows[n], place) for place in values)] for n in places]
    grid.rows = [["test", *titles], *rows]
    grid.lines = [grid.lines[0], *(grid.lines[n] for n in places)]
    grid.numbers = {}


def _is_values(grid: Grid, place: int, heading: str, headless: bool) -> bool:
    if fold(heading) in _BESIDE:
        return False
    cells = [_cell(row, place) for row in grid.rows[0 if headless else 1 :][:LEAST_PROBES]]
    return sum(1 for cell in cells if _NUMBER.fullmatch(cell)) >= 0.5 * len(cells)


_NUMBER = re.compile(r"[-+\u2212]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?")


def _cell(row: list[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""
