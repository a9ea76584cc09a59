"""The survival curve of one patient: the share without the event over time, with the model's limits as a tinted band.

    drawing = survival.draw(finding.survival, measure, 560, 240)

The axis starts at 0 % so that a small fall looks small; dots with their figures stand at one, two and five units of
time where the curve has them. In words: `describe.survival`.
"""

from __future__ import annotations

from medgui.assessment.finding import SurvivalCurve
from medgui.charts import describe, figures
from medgui.charts.display import SCREEN, Box, Circle, Drawing, Line, Measure, Polygon, Rect, Sizes, Sketch
from medgui.charts.layout import clamp, ticks
from medgui.frozen import frozen
from medgui.i18n import _


@frozen
class _Axes:
    box: Box
    end: float

    def x(self, time: float) -> float:
        return self.box.x0 + clamp(time / self.end, 0.0, 1.0) * (self.box.x1 - self.box.x0)

    def y(self, share: float) -> float:
        return self.box.y1 - clamp(share, 0.0, 1.0) * (self.box.y1 - self.box.y0)


def draw(
    curve: SurvivalCurve,
    measure: Measure,
    width: float,
    height: float,
    *,
    sizes: Sizes = SCREEN,
    before: SurvivalCurve | None = None,
) -> Drawing:
    """The curve with its axes. `before`: the curve as in the file beside that of a what-if, as a dashed line."""
    sketch = Sketch(measure, sizes)
    axes = _axes(sketch, curve, width, height)
    box = axes.box
    sketch.add(Rect(box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0, fill="canvas"))
    _share_axis(sketch, axes)
    _time_axis(sketch, axes, curve, width, height)
    if curve.lo and curve.hi:
        edge = [*_points(axes, curve, curve.hi), *reversed(_points(axes, curve, curve.lo))]
        sketch.add(Polygon(tuple(edge), fill="scale1"))
    if before is not None:
        path = tuple(_points(axes, before, before.values))
        sketch.add(Polygon(path, edge="muted", width=1.4, dash=(4, 3), closed=False))
    path = tuple(_points(axes, curve, curve.values))
    sketch.add(Polygon(path, edge="text", width=1.8, closed=False))
    _marks(sketch, axes, curve, before)
    return sketch.drawing(width, height).described(curve.title, describe.survival(curve))


def _axes(sketch: Sketch, curve: SurvivalCurve, width: float, height: float) -> _Axes:
    small = sketch.sizes.small
    widest = sketch.width(figures.with_unit(figures.plain(100.0), figures.SHARE))
    box = Box(widest + 10, small * 0.8, width - small * 1.5, height - small * 3.2)
    return _Axes(box, curve.times[-1])


def _points(axes: _Axes, curve: SurvivalCurve, shares: tuple[float, ...]) -> list[tuple[float, float]]:
    """From everybody at time 0 on."""
    pairs = zip((0.0, *curve.times), (1.0, *shares), strict=True)
    return [(axes.x(time), axes.y(share)) for time, share in pairs]


def _share_axis(sketch: Sketch, axes: _Axes) -> None:
    box, small = axes.box, sketch.sizes.small
    most = int(clamp((box.y1 - box.y0) / (small * 2.0), 1, 5))
    values = ticks(0.0, 100.0, most)
    for value in values:
        text = figures.plain(value)
        text = figures.with_unit(text, figures.SHARE) if value == values[-1] else text
        y = axes.y(value / 100)
        sketch.add(Line(box.x0, y, box.x1, y, role="grid"))
        sketch.text(box.x0 - 8, y + 0.36 * small, text, role="muted", anchor="end")


def _time_axis(sketch: Sketch, axes: _Axes, curve: SurvivalCurve, width: float, height: float) -> None:
    box, small = axes.box, sketch.sizes.small
    most = int(clamp((box.x1 - box.x0) / (small * 3.5), 1, 10))
    for value in ticks(0.0, curve.times[-1], most):
        text = figures.plain(value)
        w = sketch.width(text)
        sketch.add(Line(axes.x(value), box.y1, axes.x(value), box.y1 + 4, role="muted"))
        sketch.text(clamp(axes.x(value) - w / 2, 0.0, width - w), box.y1 + small * 1.4, text, role="muted")
    name = describe.time_axis(curve.unit)
    w = min(sketch.width(name), width)
    left = clamp((box.x0 + box.x1) / 2 - w / 2, 0.0, width - w)
    sketch.text(left, height - 0.35 * small, name, role="muted", room=width)


def _marks(sketch: Sketch, axes: _Axes, curve: SurvivalCurve, before: SurvivalCurve | None) -> None:
    """Dots with their figures on the side away from `before`, above where there is none, else where there is room."""
    small = sketch.sizes.small
    taken: list[Box] = []
    higher = {} if before is None else dict(zip(before.times, before.values, strict=True))
    for time, share in describe.told(curve):
        x, y = axes.x(time), axes.y(share)
        sketch.add(Circle(x, y, 4, fill="text", edge="surface", width=1.5))
        text = describe.share_text(share)
        w = sketch.width(text, bold=True)
        above, below = (x + 3, y - 8), (x - w - 5, y + small + 7)
        for left, baseline in (below, above) if higher.get(time, 0.0) > share else (above, below):
            place = Box(left - 2, baseline - small, left + w + 2, baseline + 0.3 * small)
            if _fits(place, axes.box, small) and not any(place.overlaps(other) for other in taken):
                sketch.text(left, baseline, text, bold=True)
                taken.append(place)
                break


def _fits(place: Box, box: Box, small: float) -> bool:
    return place.x0 >= box.x0 and place.x1 <= box.x1 + small and place.y0 >= 0 and place.y1 <= box.y1


def legend(curve: SurvivalCurve, *, compared: bool = False) -> str:
    """What the tinted band and the dashed line are, "" where there is neither."""
    parts = [_("The shaded band is the model's uncertainty.")] if curve.lo else []
    if compared:
        parts.append(_("Dashed: as in the file."))
    return describe.joined(parts)
