"""What a missing value would change: the result over its plausible values, thresholds as bands.

    drawing = curve.draw(finding.curves[0], output, measure, 560, 260, title="Urine albumin to creatinine ratio",
                         unit="mg/g")

The x axis is logarithmic where the plausible values span more than a factor of 30. No single value is filled in.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from medgui.assessment.finding import Curve, Output
from medgui.charts import describe, figures
from medgui.charts.display import SCREEN, Box, Circle, Drawing, Line, Measure, Polygon, Rect, Sizes, Sketch
from medgui.charts.layout import clamp, ticks
from medgui.frozen import frozen


@frozen
class _Axes:
    box: Box
    x_lo: float
    x_hi: float
    y_hi: float
    log: bool

    def x(self, value: float) -> float:
        lo, hi, v = self.x_lo, self.x_hi, value
        if self.log:
            lo, hi, v = math.log(lo), math.log(hi), math.log(v)
        share = (v - lo) / (hi - lo) if hi > lo else 0.5
        return self.box.x0 + clamp(share, 0.0, 1.0) * (self.box.x1 - self.box.x0)

    def y(self, value: float) -> float:
        return self.box.y1 - clamp(value / self.y_hi, 0.0, 1.0) * (self.box.y1 - self.box.y0)


def draw(
    curve: Curve,
    output: Output,
    measure: Measure,
    width: float,
    height: float,
    *,
    title: str,
    unit: str = "",
    sizes: Sizes = SCREEN,
) -> Drawing:
    """The curve with its ends labelled. `title` and `unit` name the missing input; x is in that unit."""
    if len(curve.x) < 2:
        return Drawing(width, height, ())
    sketch = Sketch(measure, sizes)
    axes = _axes(sketch, curve, output, width, height)
    box = axes.box
    sketch.add(Rect(box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0, fill="canvas"))
    _thresholds(sketch, axes, output)
    _y_axis(sketch, axes, output)
    _x_axis(sketch, axes, width)
    name = f"{title}, {unit}" if unit else title
    small = sizes.small
    w = min(sketch.width(name), width)
    left = clamp((box.x0 + box.x1) / 2 - w / 2, 0.0, width - w)
    sketch.text(left, height - 0.35 * small, name, role="muted", room=width)
    path = tuple((axes.x(x), axes.y(y)) for x, y in zip(curve.x, curve.y, strict=True))
    sketch.add(Polygon(path, edge="text", width=1.8, closed=False))
    taken = [_spot(x, y) for x, y in _along(path)] + _ends(sketch, axes, curve, output)
    _band_words(sketch, axes, output, taken)
    words = describe.curve(curve, output, title, unit)
    return sketch.drawing(width, height).described(title, words)


def _axes(sketch: Sketch, curve: Curve, output: Output, width: float, height: float) -> _Axes:
    small = sketch.sizes.small
    k = figures.factor(output.unit)
    top = max(curve.y)
    top = max([top, *(b.lo for b in output.bands if top < b.lo <= 1.3 * top)])
    y_hi = top * 1.12 if top > 0 else 1.0
    widest = max(sketch.width(figures.plain(t)) for t in ticks(0.0, y_hi * k, 5))
    unit_room = sketch.width(figures.with_unit("", output.unit)) if figures.is_share(output.unit) else 0.0
    box = Box(widest + unit_room + 10, small * 1.4, width - small * 1.5, height - small * 3.4)
    log = curve.x[0] > 0 and curve.x[-1] / curve.x[0] > 30
    return _Axes(box, curve.x[0], curve.x[-1], y_hi, log)


def _thresholds(sketch: Sketch, axes: _Axes, output: Output) -> None:
    for band in output.bands:
        if 0 < band.lo < axes.y_hi:
            y = axes.y(band.lo)
            sketch.add(Line(axes.box.x0, y, axes.box.x1, y, role="base", dash=(3, 3)))


def _band_words(sketch: Sketch, axes: _Axes, output: Output, taken: list[Box]) -> None:
    """The word of each band high enough for it, on the left, in the middle or on the right: clear of the curve."""
    box, small = axes.box, sketch.sizes.small
    for band in output.bands:
        if band.lo >= axes.y_hi:
            continue
        y0, y1 = axes.y(min(band.hi, axes.y_hi)), axes.y(max(band.lo, 0.0))
        w = sketch.width(band.text)
        if y1 - y0 < small * 1.4 or w > (box.x1 - box.x0) * 0.45:
            continue
        baseline = (y0 + y1) / 2 + 0.36 * small
        for left in (box.x0 + 8, (box.x0 + box.x1 - w) / 2, box.x1 - w - 8):
            place = Box(left - 4, baseline - small, left + w + 4, baseline + 0.3 * small)
            if not any(place.overlaps(other) for other in taken):
                sketch.text(left, baseline, band.text, role="muted")
                taken.append(place)
                break


def _along(path: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Points every few pixels of a line."""
    found = []
    for (xa, ya), (xb, yb) in pairwise(path):
        count = max(1, int(max(abs(xb - xa), abs(yb - ya)) / 6))
        found += [(xa + (xb - xa) * i / count, ya + (yb - ya) * i / count) for i in range(count + 1)]
    return found


def _spot(x: float, y: float) -> Box:
    return Box(x - 2, y - 2, x + 2, y + 2)


def _y_axis(sketch: Sketch, axes: _Axes, output: Output) -> None:
    box, small = axes.box, sketch.sizes.small
    k = figures.factor(output.unit)
    most = int(clamp((box.y1 - box.y0) / (small * 1.8), 1, 6))
    values = ticks(0.0, axes.y_hi * k, most)
    for number, value in enumerate(values):
        text = figures.plain(value)
        if number == len(values) - 1 and figures.is_share(output.unit):
            text = figures.with_unit(text, output.unit)
        y = axes.y(value / k) + 0.36 * small
        sketch.text(box.x0 - 8, y, text, role="muted", anchor="end")


def _x_axis(sketch: Sketch, axes: _Axes, width: float) -> None:
    box, small = axes.box, sketch.sizes.small
    values = _log_ticks(axes.x_lo, axes.x_hi) if axes.log else ticks(axes.x_lo, axes.x_hi, 6)
    last = -1e9
    for value in values:
        text = figures.plain(value)
        w = sketch.width(text)
        left = clamp(axes.x(value) - w / 2, 0.0, width - w)
        if left > last + 8:
            sketch.add(Line(axes.x(value), box.y0, axes.x(value), box.y1, role="surface"))
            sketch.text(left, box.y1 + small * 1.4, text, role="muted")
            last = left + w


def _log_ticks(lo: float, hi: float) -> list[float]:
    """Both ends, and 1, 3 × 10ⁿ between them that keep clear of the ends."""
    powers = range(math.floor(math.log10(lo)), math.ceil(math.log10(hi)) + 1)
    inner = [f * 10.0**p for p in powers for f in (1.0, 3.0) if lo * 1.5 < f * 10.0**p < hi / 1.5]
    return [lo, *inner, hi]


def _ends(sketch: Sketch, axes: _Axes, curve: Curve, output: Output) -> list[Box]:
    """Dots at both ends with their figures in equal decimals; gives the places they take."""
    small, box = sketch.sizes.small, axes.box
    places = figures.decimals_of(max(curve.y), output)
    taken: list[Box] = []
    for x, y in ((curve.x[0], curve.y[0]), (curve.x[-1], curve.y[-1])):
        px, py = axes.x(x), axes.y(y)
        sketch.add(Circle(px, py, 4, fill="text", edge="surface", width=1.5))
        text = figures.figure(y, output, places)
        w = sketch.width(text, bold=True)
        left = clamp(px + 8 if px < (box.x0 + box.x1) / 2 else px - 8 - w, box.x0 + 2, box.x1 - w - 2)
        for baseline in (py - 8, py + small + 8):
            place = Box(left - 1, baseline - small, left + w + 1, baseline + 0.3 * small)
            inside = place.y0 >= 0 and place.y1 <= box.y1 + 0.1
            if inside and not any(place.overlaps(other) for other in taken):
                sketch.text(left, baseline, text, bold=True)
                taken.append(place)
                break
    return taken
