"""The waterfall: from the named reference person to this patient, one input a row.

    drawing = waterfall.draw(finding, output, measure, 536, show=show_value)
    drawing = waterfall.draw(finding, output, measure, 480, sizes=PAPER, title=False)

`show` gives an input's value as the doctor reads it. The axis starts at 0 and is linear; dashed lines are the
thresholds of the output's own bands. Solid is above, hatched below the reference person. An output without an
explanation gives a drawing without items.
"""

from __future__ import annotations

from collections.abc import Sequence

from medgui.assessment import group_shift
from medgui.assessment.finding import Finding, Output
from medgui.charts import describe, figures
from medgui.charts.contributions import Row, ShowValue, rows
from medgui.charts.display import SCREEN, Drawing, Line, Measure, Rect, Sizes, Sketch, middle_baseline
from medgui.charts.layout import centred, clamp, rows_without_overlap, ticks
from medgui.charts.text import wrap
from medgui.frozen import frozen
from medgui.i18n import _

_GAP = 12.0
_BAR = 0.36
"""Height of a bar as a share of the row."""


@frozen
class _Frame:
    """Columns and axis: names from 0, values end at `value_end`, bars between `x0` and `x1`, points end at `w`.

    `lead` is the name of the first row in as many lines as it needs; `extra` the height that the row gains by it.
    """

    w: float
    value_end: float
    value_room: float
    x0: float
    x1: float
    lo: float
    hi: float
    lead: tuple[str, ...]
    extra: float

    def at(self, value: float) -> float:
        return self.x0 + clamp((value - self.lo) / (self.hi - self.lo), 0.0, 1.0) * (self.x1 - self.x0)


def draw(
    finding: Finding,
    output: Output,
    measure: Measure,
    width: float,
    *,
    show: ShowValue | None = None,
    sizes: Sizes = SCREEN,
    title: bool = True,
) -> Drawing:
    """The waterfall of one output, `width` pixels wide and as high as its rows need.

    `title` adds the line "Why 14.7 %" with the legend; without it the legend stands alone.
    """
    explanation = finding.explanation_of(output.name)
    if explanation is None or output.value is None:
        return Drawing(width, 0, ())
    table = rows(explanation, output, finding.inputs, show)
    sketch = Sketch(measure, sizes)
    top = _heading(sketch, output, width, title)
    frame = _frame(sketch, table, output, width)
    height = len(table) * sizes.row + frame.extra
    top = _thresholds(sketch, frame, output, top, height)
    _grid(sketch, frame, output, top, height)
    for number, row in enumerate(table):
        _draw_row(sketch, frame, table, number, top)
        if row.kind == "patient":
            _patient(sketch, frame, output, top + frame.extra + number * sizes.row)
    bottom = top + height + sizes.small * 1.6
    bottom = _footnote(sketch, table, width, bottom)
    name = _("Why {value}").format(value=figures.value_text(output))
    return sketch.drawing(width, bottom).described(name, describe.waterfall(output, table))


def _heading(sketch: Sketch, output: Output, width: float, title: bool) -> float:
    """The title on the left, the legend on the right or, where they would meet, below it."""
    size, small = sketch.sizes.text, sketch.sizes.small
    line = small * 1.6
    left = 0.0
    if title:
        words = _("Why {value}").format(value=figures.value_text(output))
        left = sketch.text(0, size, words, size=size, bold=True, room=width).w + 2 * _GAP
    parts = [(True, _("above the reference person")), (False, _("below the reference person"))]
    unit = _("percentage points") if figures.is_share(output.unit) else figures.unit_words(output.unit)
    swatch = small + 5
    widths = [swatch + sketch.width(text) for _solid, text in parts] + [sketch.width(unit)]
    total = sum(widths) + 2 * _GAP
    if left + total <= width:
        x, y = width - total, size
    else:
        x, y = 0.0, size + (line if title else 0.0)
    for (solid, text), w in zip(parts, widths, strict=False):
        if x and x + w > width:
            x, y = 0.0, y + line
        _swatch(sketch, x, y, solid)
        sketch.text(x + swatch, y, text, role="muted", room=width - x - swatch)
        x += w + _GAP
    if x + widths[-1] > width + 0.01:
        x, y = 0.0, y + line
    sketch.text(x, y, unit, role="muted", room=width - x)
    return y + small * 0.8


def _swatch(sketch: Sketch, x: float, y: float, solid: bool) -> None:
    side = sketch.sizes.small - 2
    if solid:
        sketch.add(Rect(x, y - side + 1, side, side, fill="rise"))
    else:
        sketch.add(Rect(x + 0.5, y - side + 1, side - 1, side - 1, fill="surface", edge="text", hatch="text"))


def _frame(sketch: Sketch, table: Sequence[Row], output: Output, width: float) -> _Frame:
    size = sketch.sizes.text
    points = max(sketch.width(r.points, size, r.kind == "patient") for r in table) + _GAP
    inputs = [r for r in table if r.kind == "input"]
    values = max((sketch.width(r.value, size) for r in inputs), default=0.0)
    bars = max(0.3 * width, min(120.0, 0.5 * width))
    room = max(0.0, width - points - bars - _GAP)
    needed = max((_needed(sketch, r) for r in inputs), default=0.0)
    values = min(
        values, max(0.45 * room, room - _GAP - max((sketch.width(r.name, size) for r in inputs), default=0.0))
    )
    alone = max(sketch.width(r.name, size, r.kind == "patient") for r in table if r.kind != "input")
    value_end = min(room, max(needed, min(alone, 0.36 * width)))
    lead = tuple(wrap(table[0].name, value_end, lambda t: sketch.width(t, size)))
    x0 = value_end + _GAP
    lo, hi = _domain(table, output)
    extra = (len(lead) - 1) * size * 1.35
    return _Frame(width, value_end, values, x0, max(x0 + 10, width - points), lo, hi, lead, extra)


def _needed(sketch: Sketch, row: Row) -> float:
    """Width of a name and its value side by side."""
    size = sketch.sizes.text
    return sketch.width(row.name, size) + (_GAP + sketch.width(row.value, size) if row.value else 0.0) + 1


def _domain(table: Sequence[Row], output: Output) -> tuple[float, float]:
    ends = [end for row in table for end in (row.start, row.end)]
    if output.interval is not None:
        ends.append(output.interval.hi)
    lo, hi = min(0.0, *ends), max(ends)
    near = [b.lo for b in output.bands if hi < b.lo <= 1.4 * hi]
    hi = max([hi, *near])
    return lo, (hi if hi > lo else lo + 1.0) + 0.03 * (hi - lo)


def _thresholds(sketch: Sketch, frame: _Frame, output: Output, top: float, height: float) -> float:
    small = sketch.sizes.small
    k = figures.factor(output.unit)
    marks = [b.lo for b in output.bands if max(0.0, frame.lo) < b.lo <= frame.hi]
    if not marks:
        return top + 4
    texts = [figures.plain(m * k) for m in marks]
    lefts = [
        frame.x0 + centred(frame.at(m) - frame.x0, sketch.width(t), frame.w - frame.x0)
        for m, t in zip(marks, texts, strict=True)
    ]
    spans = [(x, x + sketch.width(t)) for x, t in zip(lefts, texts, strict=True)]
    levels = rows_without_overlap(spans, gap=5)
    line = small * 1.25
    base = top + (max(levels) + 1) * line
    for mark, text, x, level in zip(marks, texts, lefts, levels, strict=True):
        sketch.text(x, base - level * line, text, role="muted")
        at = frame.at(mark)
        sketch.add(Line(at, base + 5, at, base + 6 + height, role="base", dash=(3, 3)))
    return base + 6


def _grid(sketch: Sketch, frame: _Frame, output: Output, top: float, height: float) -> None:
    """Light lines at round values with their figures below; the last figure carries the unit."""
    k = figures.factor(output.unit)
    small = sketch.sizes.small
    bottom = top + height
    width = frame.x1 - frame.x0
    end = frame.hi * k
    longest = "0.05" if end < 1 else "0.5" if end < 5 else figures.plain(round(end))
    widest = sketch.width(longest) + sketch.width("%") + 12
    values = ticks(frame.lo * k, frame.hi * k, int(clamp(width / widest, 1, 6)))
    last_end = -1e9
    sign = "%" if figures.is_share(output.unit) else ""
    for number, value in enumerate(values):
        x = frame.at(value / k)
        sketch.items.insert(0, Line(x, top, x, bottom, role="grid"))
        text = figures.plain(value)
        if number == len(values) - 1 and sign:
            text = figures.with_unit(text, output.unit)
        w = sketch.width(text)
        left = clamp(x - w / 2, frame.x0 - w / 2, frame.w - w)
        if left > last_end + 4:
            sketch.text(left, bottom + small * 1.3, text, role="muted")
            last_end = left + w


def _draw_row(sketch: Sketch, frame: _Frame, table: Sequence[Row], number: int, top: float) -> None:
    row = table[number]
    size, height = sketch.sizes.text, sketch.sizes.row
    y = top + number * height + (frame.extra if number else 0.0)
    middle = y + (height + (0.0 if number else frame.extra)) / 2
    baseline = middle_baseline(middle, size)
    bold = row.kind == "patient"
    room = frame.value_end
    if row.kind == "input" and row.value:
        value = sketch.text(
            frame.value_end, baseline, row.value, size=size, role="muted", anchor="end", room=frame.value_room
        )
        room -= value.w + _GAP
    if number == 0:
        for line, text in enumerate(frame.lead):
            sketch.text(0, middle_baseline(y + height / 2, size) + line * size * 1.35, text, size=size)
    else:
        sketch.text(0, baseline, row.name, size=size, bold=bold, room=room)
    sketch.text(frame.w, baseline, row.points, size=size, bold=bold, anchor="end")
    if bold:
        sketch.add(Line(0, y, frame.w, y, role="border"))
        return
    _bar(sketch, frame, row, middle)
    x = frame.at(row.end)
    half = _BAR * height / 2
    below = frame.extra / 2 if number == 0 else 0.0
    sketch.add(Line(x, middle + half, x, middle + height - half + below, role="base"))


def _bar(sketch: Sketch, frame: _Frame, row: Row, middle: float) -> None:
    x0, x1 = sorted((frame.at(row.start), frame.at(row.end)))
    thick = _BAR * sketch.sizes.row
    y, w = middle - thick / 2, max(1.0, x1 - x0)
    if row.kind == "baseline":
        sketch.add(Rect(x0, y, w, thick, fill="base"))
    elif row.falls:
        sketch.add(Rect(x0, y, w, thick, fill="surface", edge="text", hatch="text"))
    else:
        sketch.add(Rect(x0, y, w, thick, fill="rise"))


def _patient(sketch: Sketch, frame: _Frame, output: Output, y: float) -> None:
    """The result as a bar from 0 and its interval: light where it lies on the bar, dark beside it."""
    if output.value is None:
        return
    height = sketch.sizes.row
    middle, thick = y + height / 2, _BAR * height
    x0, x1 = sorted((frame.at(0.0), frame.at(output.value)))
    sketch.add(Rect(x0, middle - thick / 2, max(1.0, x1 - x0), thick, fill="text"))
    if output.interval is None:
        return
    lo, hi = frame.at(output.interval.lo), frame.at(output.interval.hi)
    inside = min(max(lo, x0), x1), min(hi, x1)
    cap = thick / 2 + 1.5
    if inside[1] > inside[0]:
        sketch.add(Line(inside[0], middle, inside[1], middle, role="surface", width=1.5))
    if x0 < lo < x1:
        sketch.add(Line(lo, middle - thick / 2, lo, middle + thick / 2, role="surface", width=1.5))
    if hi > x1:
        sketch.add(Line(max(lo, x1), middle, hi, middle, width=1.5))
        sketch.add(Line(hi, middle - cap, hi, middle + cap, width=1.5))
    if lo >= x1:
        sketch.add(Line(lo, middle - cap, lo, middle + cap, width=1.5))
    elif hi <= x1:
        sketch.add(Line(hi, middle - thick / 2, hi, middle + thick / 2, role="surface", width=1.5))


def _footnote(sketch: Sketch, table: Sequence[Row], width: float, bottom: float) -> float:
    """What a treatment flag and an ethnic group mean (SAFETY 23), where one has a row."""
    marked = {row.input == group_shift.GROUP for row in table if row.marker}
    small = sketch.sizes.small
    for is_group in sorted(marked):
        words = group_shift.note() if is_group else _("Treatment is a marker: it does not cause the risk.")
        sketch.text(0, bottom + small, words, role="muted", room=width)
        bottom += small * 1.5
    return bottom
