"""The risk scale: where a result lies between the ends of its axis and among its guideline's bands.

    drawing = scale.small(output, measure, 236)             # in the row of a finding
    drawing = scale.large(output, measure, 520)             # in the PDF: thresholds above, band words below
    drawing = scale.small(output, measure, 160, what_if=0.072)

A result beyond an end sits there as an arrow; an output whose input is missing shows its possible range as a
dashed box and no dot; an output without a number gives a drawing without items.
"""

from __future__ import annotations

from typing import NamedTuple

from medgui.assessment.finding import Output
from medgui.charts import describe, figures
from medgui.charts.display import (
    PAPER,
    SCREEN,
    Circle,
    Drawing,
    Line,
    Measure,
    Polygon,
    Rect,
    Role,
    Sizes,
    Sketch,
    middle_baseline,
)
from medgui.charts.layout import centred, clamp, rows_without_overlap

DOT = 5.5
"""Radius of the dot; the track is drawn in by as much, so that a dot at its end is whole."""

_BANDS: dict[int, tuple[Role, ...]] = {
    1: ("scale2",),
    2: ("scale1", "scale4"),
    3: ("scale1", "scale3", "scale4"),
}
_FOUR: tuple[Role, ...] = ("scale1", "scale2", "scale3", "scale4")


class _Track:
    """The axis on its line: from x0 to x1 at height y."""

    def __init__(self, output: Output, x0: float, x1: float, y: float, thick: float) -> None:
        self.output, self.x0, self.x1, self.y, self.thick = output, x0, x1, y, thick
        self.lo, self.hi = output.scale
        self.middle = 0.5 if output.named else 0.0
        self.hi += 2 * self.middle

    def at(self, value: float) -> float:
        share = (value - self.lo) / (self.hi - self.lo) if self.hi > self.lo else 0.0
        return self.x0 + clamp(share, 0.0, 1.0) * (self.x1 - self.x0)

    def of(self, value: float) -> float:
        """Where a number stands; a stage in the middle of its band."""
        return self.at(value + self.middle)

    def beyond(self, value: float) -> int:
        """-1 below the axis, 1 above it, 0 on it."""
        return -1 if value < self.lo else 1 if value > self.hi else 0


def small(
    output: Output,
    measure: Measure,
    width: float = 236,
    *,
    height: float = 24,
    what_if: float | None = None,
    sizes: Sizes = SCREEN,
) -> Drawing:
    """The scale of a finding's row: end values outside the track, no band words.

    The slots of the end values depend on the type size alone, so that rows stay aligned. `what_if` is a second
    value in the output's unit, drawn as a ring in the accent colour.
    """
    sketch = Sketch(measure, sizes)
    if not shown(output):
        return Drawing(width, height, (), *_words(output))
    left_text, right_text = _ends(output)
    left = max(sizes.small * 1.2, sketch.width(left_text)) + 6
    right = max(sizes.small * 3.2, sketch.width(right_text)) + 6
    middle = height / 2
    track = _Track(output, left + DOT, max(left + DOT + 8, width - right - DOT), middle, 4)
    baseline = middle_baseline(middle, sizes.small)
    sketch.text(left - 6, baseline, left_text, role="muted", anchor="end")
    sketch.text(track.x1 + DOT + 6, baseline, right_text, role="muted")
    _draw(sketch, track, what_if, whisker=14)
    return sketch.drawing(width, height).described(*_words(output))


def large(
    output: Output,
    measure: Measure,
    width: float,
    *,
    what_if: float | None = None,
    sizes: Sizes = PAPER,
) -> Drawing:
    """The scale in full: the value above, thresholds above the track, band words below it."""
    sketch = Sketch(measure, sizes)
    if not shown(output):
        return Drawing(width, 0, (), *_words(output))
    track = _Track(output, DOT + 0.5, width - DOT - 0.5, 0, 8)
    line = sizes.small * 1.3
    tops = _thresholds(sketch, track, width)
    top_rows = max((row for _, _, row in tops), default=-1) + 1
    value = _value_label(sketch, output, track, width)
    free = value is not None and all(
        row > 0 or value.right + 8 <= x or x + sketch.width(t) + 8 <= value.left for x, t, row in tops
    )
    above = sizes.text * 1.4 if value is not None and not (free and top_rows == 1) else 0.0
    track.y = above + top_rows * line + 4 + track.thick / 2 + 3
    _draw(sketch, track, what_if, whisker=14)
    for x, text, row in tops:
        sketch.text(x, track.y - track.thick / 2 - 7 - row * line, text, role="muted")
    if value is not None:
        base = sizes.text if above else track.y - track.thick / 2 - 7
        sketch.text(value.left, base, value.text, size=sizes.text, bold=True)
    bottom = _band_words(sketch, track, width, line)
    return sketch.drawing(width, bottom).described(*_words(output))


class _Label(NamedTuple):
    left: float
    right: float
    text: str


def _value_label(sketch: Sketch, output: Output, track: _Track, width: float) -> _Label | None:
    """The number centred over its dot and kept inside."""
    if output.value is None:
        return None
    text = figures.value_text(output)
    w = sketch.width(text, sketch.sizes.text, bold=True)
    left = centred(track.of(output.value), w, width)
    return _Label(left, left + w, text)


def shown(output: Output) -> bool:
    """Whether there is a number or a possible range to draw."""
    return output.value is not None or _possible(output) is not None


def _possible(output: Output) -> tuple[float, float] | None:
    if output.value is None and output.interval is not None and not figures.says_nothing(output):
        return output.interval.lo, output.interval.hi
    return None


def _words(output: Output) -> tuple[str, str]:
    return output.title, describe.scale(output)


def _ends(output: Output) -> tuple[str, str]:
    if output.named:
        return output.bands[0].text, output.bands[-1].text
    lo, hi = (end * figures.factor(output.unit) for end in output.scale)
    return figures.plain(lo), figures.with_unit(figures.plain(hi), _short_unit(output.unit))


def _short_unit(unit: str) -> str:
    """Only per cent stands at the end of an axis; longer units stand with the number."""
    return unit if figures.is_share(unit) else ""


def _draw(sketch: Sketch, track: _Track, what_if: float | None, whisker: float) -> None:
    _bands(sketch, track)
    output = track.output
    possible = _possible(output)
    if possible is not None:
        x0, x1 = track.of(possible[0]), track.of(possible[1])
        x0, x1 = min(x0, (x0 + x1) / 2 - 3), max(x1, (x0 + x1) / 2 + 3)
        sketch.add(Rect(x0, track.y - 6, x1 - x0, 12, edge="text", width=1.5, dash=(3, 2)))
        return
    if output.interval is not None:
        _whisker(sketch, track, output.interval.lo, output.interval.hi, whisker)
    if what_if is not None:
        _mark(sketch, track, what_if, ring=True)
    if output.value is not None:
        _mark(sketch, track, output.value, ring=False)


def _bands(sketch: Sketch, track: _Track) -> None:
    y, h = track.y - track.thick / 2, track.thick
    bands = [b for b in track.output.bands if b.hi > track.lo and b.lo < track.hi]
    if not bands:
        sketch.add(Rect(track.x0, y, track.x1 - track.x0, h, fill="scale2"))
        return
    roles = _BANDS.get(len(bands), _FOUR)
    for number, band in enumerate(bands):
        x0, x1 = track.at(band.lo), track.at(band.hi)
        gap = 1.0 if number and x1 - x0 > 2 else 0.0
        role = roles[min(number * len(roles) // len(bands), len(roles) - 1)]
        sketch.add(Rect(x0 + gap, y, max(0.0, x1 - x0 - gap), h, fill=role))


def _whisker(sketch: Sketch, track: _Track, lo: float, hi: float, height: float) -> None:
    x0, x1, y = track.at(lo), track.at(hi), track.y
    sketch.add(Line(x0, y, x1, y, width=1.8))
    for value, x in ((lo, x0), (hi, x1)):
        if not track.beyond(value):
            sketch.add(Line(x, y - height / 2, x, y + height / 2, width=1.8))


def _mark(sketch: Sketch, track: _Track, value: float, *, ring: bool) -> None:
    x, y, side = track.of(value), track.y, track.beyond(value)
    role: Role = "accent" if ring else "text"
    fill: Role = "surface" if ring else "text"
    if side:
        tip, back = x + side * DOT, x - side * DOT
        points = ((tip, y), (back, y - DOT), (back, y + DOT))
        sketch.add(Polygon(points, fill=fill, edge=role, width=1.8 if ring else 0.0))
        return
    if ring:
        sketch.add(Circle(x, y, DOT - 1, fill="surface", edge="accent", width=2))
    else:
        sketch.add(Circle(x, y, DOT, fill="surface"), Circle(x, y, DOT - 1, fill="text"))


def _thresholds(sketch: Sketch, track: _Track, width: float) -> list[tuple[float, str, int]]:
    """Ends and thresholds as (left, text, row above the track); labels that would meet go one row up."""
    output = track.output
    if output.named:
        return []
    k = figures.factor(output.unit)
    first, last = _ends(output)
    labels = [(0.0, first), (width - sketch.width(last), last)]
    for band in output.bands:
        if track.lo < band.lo < track.hi:
            text = figures.plain(band.lo * k)
            labels.append((centred(track.at(band.lo), sketch.width(text), width), text))
    rows = rows_without_overlap([(x, x + sketch.width(t)) for x, t in labels], gap=6)
    return [(x, text, row) for (x, text), row in zip(labels, rows, strict=True)]


def _band_words(sketch: Sketch, track: _Track, width: float, line: float) -> float:
    """Put each band's word under its middle and return the height that the drawing needs."""
    below = track.y + 8
    words = []
    for band in track.output.bands:
        if band.hi > track.lo and band.lo < track.hi:
            middle = (track.at(band.lo) + track.at(band.hi)) / 2
            words.append((centred(middle, sketch.width(band.text), width), band.text))
    rows = rows_without_overlap([(x, x + sketch.width(t)) for x, t in words], gap=8)
    for (x, text), row in zip(words, rows, strict=True):
        sketch.text(x, below + (row + 0.85) * line, text, role="muted", room=width)
    return below + (max(rows, default=-1) + 1) * line + 2
