"""The display list: what a chart is made of.

Coordinates are logical pixels, x to the right, y downwards; the y of a text is its baseline. Colours are roles
(`"text"`, `"scale1"`), never values: the window looks them up in its theme, the PDF in its greys.

    drawing = scale.large(output, measure, width=520)
    for item in drawing.items:
        match item:
            case Line(x1, y1, x2, y2): ...
            case Rect(x, y, w, h): ...
            case Text(x, y, text): ...
            case Circle(cx, cy, r): ...
            case Polygon(points): ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from medgui.frozen import frozen

Measure = Callable[[str, float, bool], float]
"""Width in logical pixels of a text at a size, bold or not."""

Role = Literal[
    "surface",
    "canvas",
    "border",
    "grid",
    "control",
    "text",
    "muted",
    "accent",
    "accent_tint",
    "info",
    "caution",
    "caution_tint",
    "high",
    "refused",
    "scale1",
    "scale2",
    "scale3",
    "scale4",
    "rise",
    "base",
]
Anchor = Literal["start", "middle", "end"]
Dash = tuple[float, ...]

ASCENT = 0.82
"""Share of the size that capitals and Chinese characters rise above the baseline."""
DESCENT = 0.20
"""Share of the size that they fall below it."""


@frozen
class Box:
    """An upright rectangle: left, top, right, bottom."""

    x0: float
    y0: float
    x1: float
    y1: float

    def overlaps(self, other: Box, slack: float = 0.0) -> bool:
        """Whether more than `slack` pixels are shared in both directions."""
        return (
            min(self.x1, other.x1) - max(self.x0, other.x0) > slack
            and min(self.y1, other.y1) - max(self.y0, other.y0) > slack
        )

    def inside(self, width: float, height: float, slack: float = 0.5) -> bool:
        """Whether the box lies in a drawing of this size, give or take `slack` pixels."""
        return (
            self.x0 >= -slack and self.y0 >= -slack and self.x1 <= width + slack and self.y1 <= height + slack
        )


@frozen
class Line:
    """A straight line. `dash` is on, off lengths in pixels; empty: solid."""

    x1: float
    y1: float
    x2: float
    y2: float
    role: Role = "text"
    width: float = 1.0
    dash: Dash = ()

    @property
    def box(self) -> Box:
        return Box(min(self.x1, self.x2), min(self.y1, self.y2), max(self.x1, self.x2), max(self.y1, self.y2))


@frozen
class Rect:
    """A rectangle, filled, edged or hatched (diagonal lines of role `hatch` over the fill)."""

    x: float
    y: float
    w: float
    h: float
    fill: Role | None = None
    edge: Role | None = None
    width: float = 1.0
    dash: Dash = ()
    hatch: Role | None = None

    @property
    def box(self) -> Box:
        return Box(self.x, self.y, self.x + self.w, self.y + self.h)


@frozen
class Text:
    """One line of text. `w` is its measured width; `x` is its start, middle or end as `anchor` says."""

    x: float
    y: float
    text: str
    size: float
    w: float
    role: Role = "text"
    bold: bool = False
    anchor: Anchor = "start"

    @property
    def left(self) -> float:
        share = {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor]
        return self.x - share * self.w

    @property
    def box(self) -> Box:
        return Box(self.left, self.y - ASCENT * self.size, self.left + self.w, self.y + DESCENT * self.size)


@frozen
class Circle:
    cx: float
    cy: float
    r: float
    fill: Role | None = None
    edge: Role | None = None
    width: float = 1.0

    @property
    def box(self) -> Box:
        return Box(self.cx - self.r, self.cy - self.r, self.cx + self.r, self.cy + self.r)


@frozen
class Polygon:
    """Straight pieces between points; `closed` false makes it an open line (a curve of many points)."""

    points: tuple[tuple[float, float], ...]
    fill: Role | None = None
    edge: Role | None = None
    width: float = 1.0
    dash: Dash = ()
    closed: bool = True

    @property
    def box(self) -> Box:
        xs = [x for x, _ in self.points]
        ys = [y for _, y in self.points]
        return Box(min(xs), min(ys), max(xs), max(ys))


Item = Line | Rect | Text | Circle | Polygon


@frozen
class Drawing:
    """A chart: its size, what to draw in this order, and its words for a screen reader.

    `name` says what it is in a few words, `description` all of its figures as sentences.
    """

    w: float
    h: float
    items: tuple[Item, ...]
    name: str = ""
    description: str = ""

    @property
    def texts(self) -> tuple[Text, ...]:
        return tuple(item for item in self.items if isinstance(item, Text))

    def described(self, name: str, description: str) -> Drawing:
        return replace(self, name=name, description=description)


@frozen
class Sizes:
    """Type sizes and row height of a chart, in logical pixels."""

    text: float = 13
    small: float = 12
    row: float = 26

    def scaled(self, factor: float) -> Sizes:
        """The sizes at a larger text setting (1.15, 1.3 … 2)."""
        return Sizes(self.text * factor, self.small * factor, self.row * factor)


SCREEN = Sizes()
PAPER = Sizes(text=12, small=11, row=22)


class Sketch:
    """Collects items; every text is measured once, here."""

    def __init__(self, measure: Measure, sizes: Sizes = SCREEN) -> None:
        self.measure = measure
        self.sizes = sizes
        self.items: list[Item] = []

    def width(self, text: str, size: float | None = None, bold: bool = False) -> float:
        return self.measure(text, self.sizes.small if size is None else size, bold) if text else 0.0

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float | None = None,
        role: Role = "text",
        bold: bool = False,
        anchor: Anchor = "start",
        room: float | None = None,
    ) -> Text:
        """Add a text; longer than `room` pixels, it is cut and ends in "…"."""
        px = self.sizes.small if size is None else size
        shown = text if room is None else elide(text, room, lambda t: self.measure(t, px, bold))
        item = Text(x, y, shown, px, self.width(shown, px, bold), role, bold, anchor)
        if shown:
            self.items.append(item)
        return item

    def add(self, *items: Item) -> None:
        self.items.extend(items)

    def drawing(self, w: float, h: float) -> Drawing:
        return Drawing(w, h, tuple(self.items))


_SURELY_CUT = 2_000
"""Characters that no line on a page or screen holds."""


def elide(text: str, room: float, width: Callable[[str], float]) -> str:
    """Cut a text to `room` pixels, ending in "…"; "" where not even that fits."""
    if len(text) <= _SURELY_CUT and width(text) <= room:
        return text
    low, high = 0, min(len(text), _SURELY_CUT)
    while low < high:
        middle = (low + high + 1) // 2
        if width(text[:middle].rstrip() + "…") <= room:
            low = middle
        else:
            high = middle - 1
    if low == 0:
        return "…" if width("…") <= room else ""
    return text[:low].rstrip() + "…"


def middle_baseline(centre: float, size: float) -> float:
    """The baseline that centres figures and capitals of this size on a height."""
    return centre + 0.36 * size
