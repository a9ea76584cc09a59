"""Repeated measurements over time, true to time.

    points = [trend.Point(date(2025, 5, 12), 88.9), trend.Point(date(2026, 11, 21), 194, questioned=True, text="194")]
    drawing = trend.sparkline(points, 88, 20)
    drawing = trend.large(points, measure, 420, 180, name="Weight", unit="kg", decimals=1)

A questioned value is an open circle in caution and not joined to the line; one far outside of the others is an
arrow at the edge with its figure. A value that is not in question is always in sight.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from statistics import median

from medgui.charts import figures
from medgui.charts.display import SCREEN, Box, Circle, Drawing, Line, Measure, Polygon, Role, Sizes, Sketch
from medgui.charts.layout import clamp, nice_step, step_decimals, ticks
from medgui.frozen import frozen
from medgui.i18n import _, format_date, format_number, language


@frozen
class Point:
    """One measurement in the shown unit. `text` is the figure as shown ("" : written with the chart's decimals)."""

    day: date
    value: float
    questioned: bool = False
    text: str = ""


@frozen
class _Axes:
    first: int
    last: int
    lo: float
    hi: float
    box: Box

    def x(self, day: date) -> float:
        if self.last == self.first:
            return (self.box.x0 + self.box.x1) / 2
        share = (day.toordinal() - self.first) / (self.last - self.first)
        return self.box.x0 + share * (self.box.x1 - self.box.x0)

    def y(self, value: float) -> float:
        share = 0.5 if self.hi == self.lo else (value - self.lo) / (self.hi - self.lo)
        return self.box.y1 - clamp(share, 0.0, 1.0) * (self.box.y1 - self.box.y0)

    def outside(self, value: float) -> int:
        return 1 if value > self.hi else -1 if value < self.lo else 0


def sparkline(points: Sequence[Point], width: float = 88, height: float = 20) -> Drawing:
    """A line without figures on its own range; the last point filled, a questioned one open in caution."""
    if not points:
        return Drawing(width, height, ())
    ordered = sorted(points, key=lambda p: p.day)
    lo, hi = _range(ordered)
    axes = _Axes(
        ordered[0].day.toordinal(), ordered[-1].day.toordinal(), lo, hi, Box(4, 4, width - 4, height - 4)
    )
    items: list[Polygon | Circle] = []
    sure = [p for p in ordered if not p.questioned]
    if len(sure) > 1:
        path = tuple((axes.x(p.day), axes.y(p.value)) for p in sure)
        items.append(Polygon(path, edge="muted", width=1.4, closed=False))
    if sure:
        items.append(Circle(axes.x(sure[-1].day), axes.y(sure[-1].value), 3, fill="text"))
    items += [
        Circle(axes.x(p.day), axes.y(p.value), 2.6, fill="surface", edge="caution", width=1.4)
        for p in ordered
        if p.questioned
    ]
    return Drawing(width, height, tuple(items))


def large(
    points: Sequence[Point],
    measure: Measure,
    width: float,
    height: float,
    *,
    name: str,
    unit: str,
    decimals: int,
    sizes: Sizes = SCREEN,
) -> Drawing:
    """The line with its values, round values on the left and dates below; figures that would meet are left out."""
    if not points:
        return Drawing(width, height, ())
    ordered = sorted(points, key=lambda p: p.day)
    sketch = Sketch(measure, sizes)
    axes = _large_axes(sketch, ordered, width, height)
    _levels(sketch, axes, width)
    sure = [p for p in ordered if not p.questioned and not axes.outside(p.value)]
    if len(sure) > 1:
        path = tuple((axes.x(p.day), axes.y(p.value)) for p in sure)
        sketch.add(Polygon(path, edge="muted", width=1.4, closed=False))
    taken: list[Box] = []
    for point in reversed(ordered):
        _mark(sketch, axes, point)
    for point in reversed(ordered):
        _label(sketch, axes, point, _text(point, decimals), taken, width)
    _dates(sketch, axes, ordered, width, height)
    return sketch.drawing(width, height).described(name, describe(ordered, name, unit, decimals))


def describe(points: Sequence[Point], name: str, unit: str, decimals: int) -> str:
    """All values with their days, oldest first."""
    parts = []
    for point in sorted(points, key=lambda p: p.day):
        value = figures.with_unit(_text(point, decimals), unit)
        day = format_date(point.day)
        if point.questioned:
            parts.append(_("{day}: {value}, questioned.").format(day=day, value=value))
        else:
            parts.append(_("{day}: {value}.").format(day=day, value=value))
    return ("" if language() == "zh" else " ").join([_("{name}.").format(name=name), *parts])


def _text(point: Point, decimals: int) -> str:
    return point.text or format_number(point.value, decimals)


def _range(points: Sequence[Point]) -> tuple[float, float]:
    """Range of what is in sight: every value that is not in question, and those in question near to them."""
    sure = [p.value for p in points if not p.questioned] or [p.value for p in points]
    centre = median(sure)
    spread = max(sorted(abs(v - centre) for v in sure)[int(0.75 * (len(sure) - 1))], 0.05 * abs(centre), 1e-9)
    near = [*sure, *(p.value for p in points if p.questioned and abs(p.value - centre) <= 6 * spread)]
    lo, hi = min(near), max(near)
    if hi - lo < 1e-12:
        return lo - spread, hi + spread
    return lo, hi


def _large_axes(sketch: Sketch, points: Sequence[Point], width: float, height: float) -> _Axes:
    small = sketch.sizes.small
    lo, hi = _range(points)
    lines = int(clamp((height - 3 * small) / (small * 2.2), 1, 5))
    step = nice_step((hi - lo) * 1.25, lines)
    below, above = int((lo - 0.05 * step) // step) * step, -int((-hi - 0.3 * step) // step) * step
    below = max(below, 0.0) if lo >= 0 else below
    left = max(sketch.width(figures.plain(v)) for v in (below, above, below + step)) + 12
    box = Box(left + 4, small * 1.6, width - small, height - small * 2.2)
    return _Axes(points[0].day.toordinal(), points[-1].day.toordinal(), below, above, box)


def _levels(sketch: Sketch, axes: _Axes, width: float) -> None:
    small = sketch.sizes.small
    most = int(clamp((axes.box.y1 - axes.box.y0) / (small * 1.8), 1, 5))
    values = ticks(axes.lo, axes.hi, most)
    decimals = step_decimals(values[1] - values[0]) if len(values) > 1 else 1
    for value in values:
        y = axes.y(value)
        sketch.add(Line(axes.box.x0, y, width, y, role="grid"))
        text = format_number(value, decimals, grouped=True)
        sketch.text(axes.box.x0 - 8, y + 0.36 * small, text, role="muted", anchor="end")


def _mark(sketch: Sketch, axes: _Axes, point: Point) -> None:
    x, y, side = axes.x(point.day), axes.y(point.value), axes.outside(point.value)
    role: Role = "caution" if point.questioned else "text"
    if side:
        tip = y - side * 5
        sketch.add(Line(x, tip + side * 12, x, tip, role=role, width=1.6))
        head = ((x - 4, tip + side * 5), (x, tip), (x + 4, tip + side * 5))
        sketch.add(Polygon(head, edge=role, width=1.6, closed=False))
    elif point.questioned:
        sketch.add(Circle(x, y, 4, fill="surface", edge="caution", width=2))
    else:
        sketch.add(Circle(x, y, 3.5, fill="text"))


def _label(sketch: Sketch, axes: _Axes, point: Point, text: str, taken: list[Box], width: float) -> None:
    """Put the figure above, else below its point; leave it out where both places are taken."""
    small = sketch.sizes.small
    x, y, side = axes.x(point.day), axes.y(point.value), axes.outside(point.value)
    if side:
        text = _("{value}, off the chart").format(value=text)
    w = sketch.width(text, bold=point.questioned)
    left = clamp(x - w / 2, axes.box.x0 - 4, width - w)
    if side:
        left = x - 10 - w if x - 10 - w >= axes.box.x0 else min(x + 10, width - w)
        places = [y + (0.4 * small if side > 0 else 0.0)]
    else:
        places = [y - 8, y + small + 6]
    for baseline in places:
        box = Box(left - 2, baseline - small, left + w + 2, baseline + 0.3 * small)
        free = not any(box.overlaps(other) for other in taken)
        if free and box.y0 >= -0.5 and box.y1 <= axes.box.y1 + 4:
            role: Role = "caution" if point.questioned else "text"
            sketch.text(left, baseline, text, role=role, bold=point.questioned)
            taken.append(box)
            return


def _dates(sketch: Sketch, axes: _Axes, points: Sequence[Point], width: float, height: float) -> None:
    """The last day, the first, then those between as far as they have room."""
    y = height - 0.4 * sketch.sizes.small
    placed: list[tuple[float, float]] = []
    order = [points[-1], points[0], *points[1:-1]]
    for point in order:
        text = format_date(point.day)
        w = sketch.width(text)
        left = clamp(axes.x(point.day) - w / 2, 0.0, width - w)
        if all(left + w + 10 <= a or left >= b + 10 for a, b in placed):
            sketch.text(left, y, text, role="muted")
            placed.append((left, left + w))
