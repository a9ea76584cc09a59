"""Draws the display list of `charts.display` with QPainter, in the colours of the theme."""

from collections.abc import Callable
from functools import lru_cache

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from medgui.charts.display import SCREEN, Circle, Drawing, Line, Measure, Polygon, Rect, Sizes, Text
from medgui.ui.theme import theme

Build = Callable[[float, Measure, Sizes], Drawing]
"""Makes the drawing for a width, in logical pixels, at the text sizes in force."""


@lru_cache(maxsize=32)
def _metrics(size: float, bold: bool) -> QFontMetricsF:
    return QFontMetricsF(theme.font_px(size, bold=bold))


def measure(text: str, size: float, bold: bool) -> float:
    """Return the width of *text* on screen, in logical pixels; charts are given this."""
    return _metrics(size, bold).horizontalAdvance(text)


def sizes() -> Sizes:
    """Return the chart sizes at the text size in force."""
    return SCREEN.scaled(theme.scale)


def paint_drawing(painter: QPainter, drawing: Drawing, x: float = 0.0, y: float = 0.0) -> None:
    """Paint *drawing* with its top left corner at (x, y)."""
    painter.save()
    painter.translate(x, y)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    for item in drawing.items:
        match item:
            case Line():
                _line(painter, item)
            case Rect():
                _rect(painter, item)
            case Text():
                _text(painter, item)
            case Circle():
                painter.setPen(_pen(item.edge, item.width))
                painter.setBrush(_brush(item.fill))
                painter.drawEllipse(QPointF(item.cx, item.cy), item.r, item.r)
            case Polygon():
                _polygon(painter, item)
    painter.restore()


def _line(painter: QPainter, item: Line) -> None:
    straight = item.x1 == item.x2 or item.y1 == item.y2
    hair = item.width <= 1 and straight
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, not hair)
    painter.setPen(_pen(item.role, item.width, item.dash))
    painter.drawLine(QLineF(item.x1, item.y1, item.x2, item.y2))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def _rect(painter: QPainter, item: Rect) -> None:
    rect = QRectF(item.x, item.y, item.w, item.h)
    if item.fill:
        painter.fillRect(rect, theme.color(item.fill))
    if item.hatch:
        brush = QBrush(theme.color(item.hatch), Qt.BrushStyle.BDiagPattern)
        painter.fillRect(rect, brush)
    if item.edge:
        painter.setPen(_pen(item.edge, item.width, item.dash))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect)


def _text(painter: QPainter, item: Text) -> None:
    painter.setFont(theme.font_px(item.size, bold=item.bold))
    painter.setPen(theme.color(item.role))
    painter.drawText(QPointF(item.left, item.y), item.text)


def _polygon(painter: QPainter, item: Polygon) -> None:
    points = QPolygonF([QPointF(x, y) for x, y in item.points])
    painter.setPen(_pen(item.edge, item.width, item.dash))
    if item.closed:
        painter.setBrush(_brush(item.fill))
        painter.drawPolygon(points)
    else:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(points)


def _pen(role: str | None, width: float, dash: tuple[float, ...] = ()) -> QPen:
    if role is None or width <= 0:
        return QPen(Qt.PenStyle.NoPen)
    pen = QPen(theme.color(role), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if dash:
        pen.setDashPattern([length / max(width, 0.1) for length in dash])
    return pen


def _brush(role: str | None) -> QBrush:
    return QBrush(theme.color(role) if role else QColor(Qt.GlobalColor.transparent))


class ChartWidget(QWidget):
    """A chart as a widget. It builds itself anew for its width, text size, theme and language.

    Its accessible name is the drawing's name and its accessible description all figures as text.
    """

    def __init__(self, build: Build | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._build = build
        self._drawing: Drawing | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.rebuild)

    @property
    def drawing(self) -> Drawing | None:
        """The drawing that is shown."""
        return self._drawing

    def set_build(self, build: Build | None) -> None:
        """Show another chart; None shows nothing."""
        self._build = build
        self.rebuild()

    def rebuild(self) -> None:
        """Make the drawing again for the present width."""
        if self._build is None:
            self._drawing = None
            self.setFixedHeight(0)
        elif self.width() > 0:
            self._drawing = self._build(float(self.width()), measure, sizes())
            self.setFixedHeight(round(self._drawing.h + 0.5))
            self.setAccessibleName(self._drawing.name)
            self.setAccessibleDescription(self._drawing.description)
        self.update()

    def sizeHint(self) -> QSize:
        """Take the drawing's height and any width."""
        height = round(self._drawing.h + 0.5) if self._drawing else 1
        return QSize(theme.px(240), height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Build for the new width."""
        if event.size().width() != event.oldSize().width():
            self.rebuild()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Build in the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.rebuild()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the drawing."""
        if self._drawing is not None:
            paint_drawing(QPainter(self), self._drawing)
