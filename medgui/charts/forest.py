"""Figures by group with their intervals, against the figure of all (model card).

rows = [forest.Row("All", 0.891, 0.884, 0.898, 15306, 2813, whole=True),
        forest.Row("Women", 0.898, 0.889, 0.906, 8160, 1306, starts_block=True)]
drawing = forest.draw(rows, measure, 586, metric="AUROC", count="n", events="deaths")
"""

from __future__ import annotations

from collections.abc import Sequence

from medgui.charts.display import SCREEN, Drawing, Line, Measure, Rect, Sizes, Sketch, middle_baseline
from medgui.charts.layout import clamp, nice_step, step_decimals, ticks
from medgui.frozen import frozen
from medgui.i18n import _, format_count, format_number, format_range, language


@frozen
class Row:
    """One group. `lo` and `hi` None: no interval known. `whole`: all people together. `starts_block`: space above."""

    name: str
    value: float
    lo: float | None
    hi: float | None
    n: int
    events: int
    whole: bool = False
    starts_block: bool = False


def draw(
    rows: Sequence[Row],
    measure: Measure,
    width: float,
    *,
    metric: str,
    count: str = "n",
    events: str = "",
    decimals: int = 3,
    sizes: Sizes = SCREEN,
) -> Drawing:
    """Names, intervals on one axis, figures. `events` is the head of the events column ("" leaves it out)."""
    if not rows:
        return Drawing(width, 0, ())
    sketch = Sketch(measure, sizes)
    columns = _columns(sketch, rows, (metric, count, events), decimals)
    right = width - sum(columns)
    names = min(max(sketch.width(r.name, sizes.text, r.whole) for r in rows), max(40.0, 0.55 * right))
    x0, x1 = names + 16, max(names + 26, right - 12)
    lo, hi = _axis(rows)
    head = sizes.small * 1.3
    heads = [metric, count, events]
    edge = width
    for text, w in zip(reversed(heads), reversed(columns), strict=True):
        sketch.text(edge, head, text, role="muted", anchor="end")
        edge -= w
    tops = _tops(rows, head + 8, sizes.row)
    bottom = tops[-1] + sizes.row
    _grid(sketch, (x0, x1, lo, hi), head, bottom)
    for row in rows:
        if row.whole:
            x = x0 + (row.value - lo) / (hi - lo) * (x1 - x0)
            sketch.add(Line(x, tops[0], x, bottom, role="base", dash=(3, 3)))
    for row, top in zip(rows, tops, strict=True):
        _draw_row(sketch, row, top, (x0, x1, lo, hi), names)
        _figures(sketch, row, top, width, columns, decimals)
    return sketch.drawing(width, bottom + 2).described(metric, describe(rows, metric, decimals))


def describe(rows: Sequence[Row], metric: str, decimals: int = 3) -> str:
    """Every group with its figure, interval and number of people."""
    parts = []
    for row in rows:
        value = format_number(row.value, decimals)
        if row.lo is not None and row.hi is not None:
            value = f"{value} ({_interval(row, decimals)})"
        parts.append(
            _("{group}: {metric} {value}, {n} people.").format(
                group=row.name, metric=metric, value=value, n=format_count(row.n)
            )
        )
    return ("" if language() == "zh" else " ").join(parts)


def _interval(row: Row, decimals: int) -> str:
    return format_range(format_number(row.lo or 0.0, decimals), format_number(row.hi or 0.0, decimals))


def _columns(sketch: Sketch, rows: Sequence[Row], heads: tuple[str, str, str], decimals: int) -> list[float]:
    size = sketch.sizes.text
    values = max(sketch.width(format_number(r.value, decimals), size, bold=True) for r in rows)
    counts = max(sketch.width(format_count(r.n)) for r in rows)
    events = max(sketch.width(format_count(r.events)) for r in rows) if heads[2] else 0.0
    widths = [max(w, sketch.width(h)) + 12 for w, h in zip((values, counts, events), heads, strict=True)]
    if not heads[2]:
        widths[2] = 0.0
    return widths


def _axis(rows: Sequence[Row]) -> tuple[float, float]:
    ends = [v for r in rows for v in (r.value, r.lo, r.hi) if v is not None]
    lo, hi = min(ends), max(ends)
    step = nice_step(max(hi - lo, 1e-6) * 1.1, 5)
    low, high = (lo // step) * step, -((-hi) // step) * step
    return low, high if high > low else low + step


def _tops(rows: Sequence[Row], first: float, height: float) -> list[float]:
    tops, y = [], first
    for number, row in enumerate(rows):
        if number and row.starts_block:
            y += height * 0.35
        tops.append(y)
        y += height
    return tops


def _grid(sketch: Sketch, axis: tuple[float, float, float, float], head: float, bottom: float) -> None:
    x0, x1, lo, hi = axis
    widest = sketch.width("0.75") + 14
    values = ticks(lo, hi, int(clamp((x1 - x0) / widest, 1, 6)))
    decimals = step_decimals(values[1] - values[0]) if len(values) > 1 else 2
    last = -1e9
    for value in values:
        x = x0 + (value - lo) / (hi - lo) * (x1 - x0)
        sketch.add(Line(x, head + 8, x, bottom, role="grid"))
        text = format_number(value, decimals)
        w = sketch.width(text)
        left = max(0.0, min(x - w / 2, x1 + 10 - w))
        if left > last + 4:
            sketch.text(left, head, text, role="muted")
            last = left + w


def _draw_row(
    sketch: Sketch, row: Row, top: float, axis: tuple[float, float, float, float], names: float
) -> None:
    x0, x1, lo, hi = axis
    size = sketch.sizes.text
    middle = top + sketch.sizes.row / 2
    sketch.text(0, middle_baseline(middle, size), row.name, size=size, bold=row.whole, room=names)

    def at(value: float) -> float:
        return x0 + (value - lo) / (hi - lo) * (x1 - x0)

    if row.lo is not None and row.hi is not None:
        sketch.add(Line(at(row.lo), middle, at(row.hi), middle, width=1.5))
    side = 7 if row.whole else 5
    sketch.add(Rect(at(row.value) - side / 2, middle - side / 2, side, side, fill="text"))


def _figures(
    sketch: Sketch, row: Row, top: float, width: float, columns: Sequence[float], decimals: int
) -> None:
    size, small = sketch.sizes.text, sketch.sizes.small
    baseline = middle_baseline(top + sketch.sizes.row / 2, size)
    x = width
    if columns[2]:
        sketch.text(x, baseline, format_count(row.events), size=small, role="muted", anchor="end")
    x -= columns[2]
    sketch.text(x, baseline, format_count(row.n), size=small, role="muted", anchor="end")
    x -= columns[1]
    sketch.text(x, baseline, format_number(row.value, decimals), size=size, bold=row.whole, anchor="end")
