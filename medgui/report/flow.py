"""Blocks of known height, put on pages: no block is split, a heading stays with what follows it.

blocks = [heading("Summary"), *table(columns, rows)]
pages = paginate(blocks, first_height, next_height)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from medgui.charts.display import Drawing, Role
from medgui.charts.text import wrap
from medgui.frozen import frozen
from medgui.report import fonts
from medgui.report.draw import PAGE_W, Pen

MARGIN = 48.0
"""12.7 mm."""
WIDTH = PAGE_W - 2 * MARGIN

TITLE, HEAD, SECTION, BODY, SMALL, CAPTION = 20.0, 14.0, 12.0, 12.0, 11.0, 10.0
"""Type sizes of the report in logical pixels (15, 10.5, 9, 9, 8.25, 7.5 points)."""
LEADING = 1.45

Paint = Callable[[Pen, float], None]
"""Draws a block with its top at y."""


@frozen
class Block:
    """A piece of a page. `keep`: stays on a page with the next block. `again`: drawn anew on top of a page that
    the block after it begins (head of a table).
    """

    height: float
    paint: Paint
    keep: bool = False
    again: Block | None = None


@frozen
class Placed:
    block: Block
    y: float


def paginate(blocks: Sequence[Block], tops: tuple[float, float], bottom: float) -> list[list[Placed]]:
    """Place blocks from the top of the first page (`tops[0]`) and of the others (`tops[1]`) down to `bottom`.

    Blocks tied by `keep` move together as far as a page is high enough for them.
    """
    pages: list[list[Placed]] = [[]]
    y = tops[0]
    for group in _groups(blocks):
        height = sum(block.height for block in group)
        fresh = not pages[-1]
        if y + height > bottom and not fresh and height <= bottom - tops[1]:
            y = _new_page(pages, tops[1], group[0])
        for block in group:
            if y + block.height > bottom and pages[-1]:
                y = _new_page(pages, tops[1], block)
            pages[-1].append(Placed(block, y))
            y += block.height
    return pages


def _new_page(pages: list[list[Placed]], top: float, first: Block) -> float:
    pages.append([])
    if first.again is None:
        return top
    pages[-1].append(Placed(first.again, top))
    return top + first.again.height


def _groups(blocks: Sequence[Block]) -> list[list[Block]]:
    groups: list[list[Block]] = []
    tied = False
    for block in blocks:
        if tied:
            groups[-1].append(block)
        else:
            groups.append([block])
        tied = block.keep
    return groups


def lines_of(text: str, room: float, size: float, bold: bool = False) -> list[str]:
    """The lines of a text in a column of `room` pixels."""
    return wrap(fonts.printable(text), room, lambda t: fonts.measure(t, size, bold))


def space(height: float, keep: bool = False) -> Block:
    return Block(height, lambda _pen, _y: None, keep)


def heading(text: str, size: float = HEAD, above: float = 20.0) -> Block:
    """A heading in bold, as many lines as it needs, tied to what follows."""
    lines = lines_of(text, WIDTH, size, bold=True)
    step = size * 1.35

    def paint(pen: Pen, y: float) -> None:
        for number, line in enumerate(lines):
            pen.text(MARGIN, y + above + size + number * step, line, size, bold=True)

    return Block(above + size * 1.2 + (len(lines) - 1) * step + 4, paint, keep=True)


def paragraph(
    text: str,
    size: float = SMALL,
    role: Role = "text",
    *,
    below: float = 2.0,
    indent: float = 0.0,
    lead: str = "",
) -> Block:
    """A paragraph in one column. `lead` stands before its first line in the indent ("1.")."""
    lines = lines_of(text, WIDTH - indent, size)
    step = size * LEADING

    def paint(pen: Pen, y: float) -> None:
        if lead:
            pen.text(MARGIN, y + size, lead, size, role=role)
        for number, line in enumerate(lines):
            pen.text(MARGIN + indent, y + size + number * step, line, size, role=role)

    return Block(len(lines) * step + below, paint)


def marked(sign: Drawing, text: str, size: float = SMALL) -> Block:
    """A paragraph behind a shape (a question, a caution)."""
    lines = lines_of(text, WIDTH - sign.w - 8, size)
    step = size * LEADING

    def paint(pen: Pen, y: float) -> None:
        pen.drawing(sign, MARGIN, y + size - sign.h + 1.5)
        for number, line in enumerate(lines):
            pen.text(MARGIN + sign.w + 8, y + size + number * step, line, size)

    return Block(len(lines) * step + 2, paint)


def figure(drawing: Drawing, below: float = 8.0) -> Block:
    """A chart over the full width."""
    return Block(drawing.h + below, lambda pen, y: pen.drawing(drawing, MARGIN, y))


def beside(left: Paint, right: Paint, height: float) -> Block:
    """Two things side by side, each of which knows its own x."""

    def paint(pen: Pen, y: float) -> None:
        left(pen, y)
        right(pen, y)

    return Block(height, paint)


def tied(blocks: Sequence[Block]) -> list[Block]:
    """The blocks tied together, the last one free."""
    return [*(replace(block, keep=True) for block in blocks[:-1]), *blocks[-1:]]
