"""Observed against predicted, on a square with its diagonal (model card): groups as named points, tenths as a curve.

points = [calibration.Point("White", 0.222, 0.219), calibration.Point("Other", 0.143, 0.117, flagged=True)]
tenths = [calibration.Tenth(0.02, 0.025, 0.01, 0.04), calibration.Tenth(0.4, 0.42, 0.35, 0.49)]
drawing = calibration.draw(points, measure, 300, 240, tenths=tenths)
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from medgui.charts import figures
from medgui.charts.display import SCREEN, Box, Circle, Drawing, Line, Measure, Polygon, Role, Sizes, Sketch
from medgui.charts.layout import clamp, nice_step, ticks
from medgui.frozen import frozen
from medgui.i18n import _, format_percent, format_percent_range, language


@frozen
class Point:
    """Predicted and observed share (0-1) of one group. `flagged`: the two differ beyond chance."""

    name: str
    predicted: float
    observed: float
    flagged: bool = False


@frozen
class Tenth:
    """A tenth of people by predicted risk: mean prediction, observed share and its interval (0-1)."""

    predicted: float
    observed: float
    lo: float
    hi: float


@frozen
class _Axes:
    box: Box
    lo: float
    hi: float

    def at(self, predicted: float, observed: float) -> tuple[float, float]:
        b, span = self.box, self.hi - self.lo
        return (
            b.x0 + clamp((predicted - self.lo) / span, 0, 1) * (b.x1 - b.x0),
            b.y1 - clamp((observed - self.lo) / span, 0, 1) * (b.y1 - b.y0),
        )


def draw(
    points: Sequence[Point],
    measure: Measure,
    width: float,
    height: float,
    *,
    tenths: Sequence[Tenth] = (),
    sizes: Sizes = SCREEN,
) -> Drawing:
    """Both axes in per cent with the same ends; a flagged group is a caution triangle with its name in bold.

    With *tenths* a legend stands above; the bars are the intervals of the observed shares.
    """
    if not points and not tenths:
        return Drawing(width, height, ())
    sketch = Sketch(measure, sizes)
    top = _legend(sketch, points, width) if tenths else 0.0
    axes = _axes(sketch, points, tenths, (width, height, top))
    _frame(sketch, axes, top, width, height)
    _curve(sketch, axes, tenths)
    places = (axes.at(tenth.predicted, tenth.observed) for tenth in tenths)
    taken = [Box(x - 3, y - 3, x + 3, y + 3) for x, y in places]
    taken += [_mark(sketch, axes, p) for p in points]
    for point in sorted(points, key=lambda p: not p.flagged):
        _label(sketch, axes, point, taken, width)
    name = _("Observed against predicted")
    return sketch.drawing(width, height).described(name, describe(points, tenths))


def describe(points: Sequence[Point], tenths: Sequence[Tenth] = ()) -> str:
    """Each group with both figures, then the tenths with their intervals."""
    parts = [
        _("{group}: {predicted} predicted, {observed} observed.").format(
            group=p.name, predicted=format_percent(p.predicted), observed=format_percent(p.observed)
        )
        for p in points
    ]
    parts += [
        _("Tenth {n} by predicted risk: {predicted} predicted, {observed} observed ({interval}).").format(
            n=number,
            predicted=format_percent(tenth.predicted),
            observed=format_percent(tenth.observed),
            interval=format_percent_range(tenth.lo, tenth.hi),
        )
        for number, tenth in enumerate(tenths, start=1)
    ]
    return ("" if language() == "zh" else " ").join(parts)


def _legend(sketch: Sketch, points: Sequence[Point], width: float) -> float:
    """Draw what curve and points are above the chart; give the height it takes."""
    small = sketch.sizes.small
    entries = [(_("tenths by predicted risk, with intervals (95 %)"), True)]
    if points:
        entries.append((_("groups"), False))
    x, y = 0.0, small
    for words, is_curve in entries:
        if x and x + 24 + sketch.width(words) > width:
            x, y = 0.0, y + 1.5 * small
        middle = y - 0.36 * small
        if is_curve:
            sketch.add(Line(x, middle, x + 18, middle, role="accent", width=1.5))
            sketch.add(Line(x + 9, middle - 6, x + 9, middle + 6, role="accent"))
            sketch.add(Circle(x + 9, middle, 2.5, fill="accent"))
        else:
            sketch.add(Circle(x + 9, middle, 4.5, fill="text"))
        sketch.text(x + 24, y, words, role="muted", room=max(0.0, width - x - 24))
        x += 24 + sketch.width(words) + 16
    return y + 0.9 * small


def _curve(sketch: Sketch, axes: _Axes, tenths: Sequence[Tenth]) -> None:
    places = [axes.at(tenth.predicted, tenth.observed) for tenth in tenths]
    for tenth, (x, _y) in zip(tenths, places, strict=True):
        sketch.add(Line(x, axes.at(0.0, tenth.lo)[1], x, axes.at(0.0, tenth.hi)[1], role="accent"))
    for (x0, y0), (x1, y1) in pairwise(places):
        sketch.add(Line(x0, y0, x1, y1, role="accent", width=1.5))
    for x, y in places:
        sketch.add(Circle(x, y, 2.5, fill="accent"))


def _axes(
    sketch: Sketch, points: Sequence[Point], tenths: Sequence[Tenth], room: tuple[float, float, float]
) -> _Axes:
    width, height, top = room
    small = sketch.sizes.small
    values = [v for p in points for v in (p.predicted, p.observed)]
    values += [v for t in tenths for v in (t.predicted, t.observed, t.lo, t.hi)]
    lo, hi = min(values), max(values)
    step = nice_step(max(hi - lo, 0.01) * 1.3, 4)
    low = max(0.0, (lo // step) * step)
    high = min(1.0, -((-hi * 1.02) // step) * step)
    box = Box(sketch.width("100") + 12, top + small * 2.4, width - small, height - small * 3.4)
    return _Axes(box, low, high if high > low else low + step)


def _frame(sketch: Sketch, axes: _Axes, top: float, width: float, height: float) -> None:
    small, box = sketch.sizes.small, axes.box
    sketch.text(0, top + small, _("observed, %"), role="muted", room=width)
    text = _("predicted, %")
    w = min(sketch.width(text), width)
    sketch.text(
        clamp((box.x0 + box.x1 - w) / 2, 0, width - w), height - 0.35 * small, text, role="muted", room=width
    )
    rows = int(clamp((box.y1 - box.y0) / (small * 1.8), 1, 5))
    for value in ticks(axes.lo * 100, axes.hi * 100, rows):
        y = axes.at(axes.lo, value / 100)[1]
        sketch.add(Line(box.x0, y, box.x1, y, role="grid"))
        sketch.text(box.x0 - 8, y + 0.36 * small, figures.plain(value), role="muted", anchor="end")
    last = 0.0
    columns = int(clamp((box.x1 - box.x0) / (sketch.width("100") + 14), 1, 5))
    for value in ticks(axes.lo * 100, axes.hi * 100, columns):
        w = sketch.width(figures.plain(value))
        left = min(axes.at(value / 100, axes.lo)[0] - w / 2, width - w)
        if left > last + 4:
            sketch.text(left, box.y1 + 1.5 * small, figures.plain(value), role="muted")
            last = left + w
    sketch.add(Line(box.x0, box.y1, box.x1, box.y0, role="base", dash=(3, 3)))


def _mark(sketch: Sketch, axes: _Axes, point: Point) -> Box:
    x, y = axes.at(point.predicted, point.observed)
    if point.flagged:
        sketch.add(Polygon(((x, y - 5.5), (x + 6, y + 5), (x - 6, y + 5)), fill="caution"))
    else:
        sketch.add(Circle(x, y, 4.5, fill="text"))
    return Box(x - 6, y - 6, x + 6, y + 6)


def _label(sketch: Sketch, axes: _Axes, point: Point, taken: list[Box], width: float) -> None:
    """Left, right, above or below its point, whichever is free; no label where none is (words name the group)."""
    small = sketch.sizes.small
    x, y = axes.at(point.predicted, point.observed)
    w = sketch.width(point.name, bold=point.flagged)
    places = [
        (x - 10 - w, y + 0.36 * small),
        (x + 10, y + 0.36 * small),
        (x - w / 2, y - 9),
        (x - w / 2, y + 9 + small * 0.8),
        (x - 10 - w, y - 9),
        (x + 10, y + 9 + small * 0.8),
    ]
    for left, baseline in places:
        box = Box(left, baseline - 0.9 * small, left + w, baseline + 0.25 * small)
        inside = box.x0 >= axes.box.x0 and box.x1 <= width and box.y0 >= axes.box.y0 and box.y1 <= axes.box.y1
        if inside and not any(box.overlaps(other) for other in taken):
            role: Role = "caution" if point.flagged else "text"
            sketch.text(left, baseline, point.name, role=role, bold=point.flagged)
            taken.append(box)
            return
