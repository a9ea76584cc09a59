"""Trend sparkline of a table row: its own range, time axis true to time."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from medgui.frozen import frozen
from medgui.ui.theme import Role, theme

WIDTH, HEIGHT = 88, 20


@frozen
class Point:
    """One measurement: *day* counts days from any fixed day; a *questioned* one is open and not joined."""

    day: float
    value: float
    questioned: bool = False


def paint_sparkline(painter: QPainter, rect: QRectF, points: Sequence[Point]) -> None:
    """Paint the line of *points* in time order into *rect*; the last one is filled.

    The range is that of the settled points alone: a questioned value lies at the edge instead of flattening
    the others.
    """
    if not points:
        return
    box = rect.adjusted(5, 4, -5, -4)
    settled = [p for p in points if not p.questioned]
    values = [p.value for p in settled] or [p.value for p in points]
    lo, hi = min(values), max(values)
    first, last = points[0].day, points[-1].day

    def place(point: Point) -> QPointF:
        x = 1.0 if last == first else (point.day - first) / (last - first)
        y = 0.5 if hi == lo else min(1.0, max(0.0, (point.value - lo) / (hi - lo)))
        if hi == lo and point.value != lo:
            y = 1.0 if point.value > lo else 0.0
        return QPointF(box.left() + x * box.width(), box.bottom() - y * box.height())

    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color(Role.MUTED), 1.4))
    painter.drawPolyline(QPolygonF([place(p) for p in settled]))
    painter.setPen(Qt.PenStyle.NoPen)
    if settled and settled[-1] is points[-1]:
        painter.setBrush(theme.color(Role.TEXT))
        painter.drawEllipse(place(settled[-1]), 3.4, 3.4)
    painter.setBrush(theme.color(Role.SURFACE))
    painter.setPen(QPen(theme.color(Role.CAUTION), 1.6))
    for point in points:
        if point.questioned:
            painter.drawEllipse(place(point), 3.0, 3.0)
    painter.restore()


class Sparkline(QWidget):
    """A sparkline as a widget; *words* says the trend for a screen reader."""

    def __init__(self, points: Sequence[Point] = (), words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points = tuple(points)
        self.setAccessibleName(words)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_points(self, points: Sequence[Point], words: str) -> None:
        """Show other measurements."""
        self._points = tuple(points)
        self.setAccessibleName(words)
        self.update()

    def sizeHint(self) -> QSize:
        """Keep the size of the token."""
        return QSize(theme.px(WIDTH), theme.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line."""
        paint_sparkline(QPainter(self), self.rect().toRectF(), self._points)
