"""Tables of the report: rows that wrap, are never split between pages, and repeat their head on a new page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from medgui.charts.display import Drawing, Role
from medgui.frozen import frozen
from medgui.report.draw import Pen
from medgui.report.flow import BODY, LEADING, MARGIN, WIDTH, Block, lines_of

MOST_LINES = 24
"""Lines that a cell shows at most."""


@frozen
class Column:
    """`share` of the table's width; numbers stand at the right end of theirs."""

    title: str
    share: float
    right: bool = False


@frozen
class Cell:
    """Text with an optional sign before it and a smaller line under it, which may reach over more columns.

    `small`: one pixel smaller than the other cells.
    """

    text: str = ""
    bold: bool = False
    role: Role = "text"
    sign: Drawing | None = None
    under: str = ""
    reach: int = 1
    small: bool = False


@frozen
class Style:
    """Type size and space between the columns and rows, in pixels."""

    size: float = BODY
    gap: float = 12.0
    pad: float = 4.0


def table(
    columns: Sequence[Column], rows: Sequence[Sequence[Cell]], style: Style | None = None
) -> list[Block]:
    """A head and one block a row. The head stays with the first row and comes back on each new page."""
    how = style or Style()
    spans = _spans(columns, how.gap)
    head = _head(columns, spans, how)
    blocks = [head]
    for number, row in enumerate(rows):
        block = replace(_row(row, columns, spans, how), again=replace(head, keep=False))
        blocks.append(replace(block, keep=True) if number == 0 and len(rows) == 2 else block)
    return blocks


def _spans(columns: Sequence[Column], gap: float) -> list[tuple[float, float]]:
    """Left edge and width of each column."""
    room = WIDTH - gap * (len(columns) - 1)
    total = sum(column.share for column in columns)
    spans, x = [], MARGIN
    for column in columns:
        width = room * column.share / total
        spans.append((x, width))
        x += width + gap
    return spans


def _head(columns: Sequence[Column], spans: Sequence[tuple[float, float]], how: Style) -> Block:
    size = how.size - 1
    cells = [lines_of(c.title, w, size) for c, (_x, w) in zip(columns, spans, strict=True)]
    height = max(len(lines) for lines in cells) * size * LEADING + how.pad

    def paint(pen: Pen, y: float) -> None:
        for column, (x, w), lines in zip(columns, spans, cells, strict=True):
            for number, line in enumerate(lines):
                _put(
                    pen,
                    line,
                    column,
                    (x, x + w),
                    y + size + number * size * LEADING,
                    size,
                    Cell(role="muted"),
                )
        pen.line(MARGIN, y + height, MARGIN + WIDTH, y + height, "border")

    return Block(height, paint, keep=True)


def _row(
    row: Sequence[Cell], columns: Sequence[Column], spans: Sequence[tuple[float, float]], how: Style
) -> Block:
    step = how.size * LEADING
    small = how.size - 2
    bodies, unders, tops = [], [], []
    for number, (cell, (_x, w)) in enumerate(zip(row, spans, strict=True)):
        room = w - (cell.sign.w + 8 if cell.sign else 0)
        size = how.size - cell.small
        bodies.append(_short(lines_of(cell.text, room, size, cell.bold)) if cell.text else [])
        last = spans[min(number + cell.reach, len(spans)) - 1]
        wide = last[0] + last[1] - spans[number][0]
        unders.append(_short(lines_of(cell.under, wide, small)) if cell.under else [])
    for number, cell in enumerate(row):
        tops.append(max(len(body) for body in bodies[number : number + cell.reach]) * step)
    heights = [
        max(len(b) * step, top + len(u) * small * LEADING + 2 if u else 0.0)
        for b, u, top in zip(bodies, unders, tops, strict=True)
    ]
    height = max(*heights, step) + 2 * how.pad

    def paint(pen: Pen, y: float) -> None:
        for number, (cell, column, (x, w)) in enumerate(zip(row, columns, spans, strict=True)):
            size = how.size - cell.small
            top = y + how.pad + how.size
            left = x
            if cell.sign is not None:
                pen.drawing(cell.sign, x, top - how.size * 0.36 - cell.sign.h / 2)
                left = x + cell.sign.w + 8
            for line, text in enumerate(bodies[number]):
                _put(pen, text, column, (left, x + w), top + line * step, size, cell)
            for line, text in enumerate(unders[number]):
                base = y + how.pad + tops[number] + small + line * small * LEADING
                _put(pen, text, column, (x, x + w), base, small, Cell(role="muted"))
        pen.line(MARGIN, y + height, MARGIN + WIDTH, y + height, "grid")

    return Block(height, paint)


def _short(lines: list[str]) -> list[str]:
    """A cell of endless text (a value of a damaged file) ends in "…" so that its row fits on a page."""
    return lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1][:-1] + "…"]


def _put(
    pen: Pen, line: str, column: Column, ends: tuple[float, float], y: float, size: float, cell: Cell
) -> None:
    if column.right:
        pen.text(ends[1], y, line, size, bold=cell.bold, role=cell.role, anchor="end")
    else:
        pen.text(ends[0], y, line, size, bold=cell.bold, role=cell.role)
