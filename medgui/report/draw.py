"""Drawing on a page of the PDF: texts with fallback faces, lines, and the display lists of `charts`.

The page is laid out in logical pixels (96 to the inch), y downwards; 1 px is 0.75 points. Colour roles become
black and greys, so that a page copied without colour says the same.
"""

from __future__ import annotations

from typing import Any

from medgui.charts.display import (
    Anchor,
    Circle,
    Dash,
    Drawing,
    Line,
    Polygon,
    Rect,
    Role,
    Text,
)
from medgui.report import fonts

POINTS = 0.75
"""Points in a logical pixel."""
PAGE_W, PAGE_H = 210 / 25.4 * 96, 297 / 25.4 * 96
"""A4 in logical pixels."""

GREYS: dict[Role, str] = {
    "surface": "#FFFFFF",
    "canvas": "#F3F4F6",
    "border": "#D9DDE2",
    "grid": "#E8EBEE",
    "control": "#848D98",
    "text": "#14181D",
    "muted": "#57606B",
    "accent": "#14181D",
    "accent_tint": "#F3F4F6",
    "info": "#14181D",
    "caution": "#14181D",
    "caution_tint": "#F3F4F6",
    "high": "#14181D",
    "refused": "#14181D",
    "scale1": "#DDE1E5",
    "scale2": "#C3C9CF",
    "scale3": "#A3ABB4",
    "scale4": "#7B858F",
    "rise": "#5B6672",
    "base": "#8A939D",
}


class Pen:
    """Draws on one reportlab canvas in page pixels."""

    def __init__(self, canvas: Any) -> None:
        from reportlab.lib.colors import HexColor

        self.canvas = canvas
        self._circles: dict[tuple[float, Role | None, Role | None, float], str] = {}
        self._colours = {role: HexColor(value) for role, value in GREYS.items()}

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        role: Role = "text",
        anchor: Anchor = "start",
    ) -> None:
        """Write one line with its baseline at y, each character in a face that has it."""
        pieces = fonts.runs(text, bold)
        width = sum(piece.width for piece in pieces) * size
        left = x - {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * width
        block = self.canvas.beginText(left * POINTS, (PAGE_H - y) * POINTS)
        block.setFillColor(self._colours[role])
        for piece in pieces:
            thick = bold and piece.face == fonts.THICKENED
            block.setTextRenderMode(2 if thick else 0)
            if thick:
                self.canvas.setStrokeColor(self._colours[role])
                self.canvas.setLineWidth(size * 0.03 * POINTS)
            fonts.face(piece.face)
            block.setFont(piece.face, size * POINTS)
            block.textOut(piece.text)
        self.canvas.drawText(block)

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        role: Role = "text",
        width: float = 1.0,
        dash: Dash = (),
    ) -> None:
        self._stroke(role, width, dash)
        self.canvas.line(*self._at(x1, y1), *self._at(x2, y2))

    def drawing(self, drawing: Drawing, x: float, y: float) -> None:
        """Draw a chart with its top left corner at x, y."""
        for item in drawing.items:
            match item:
                case Line():
                    self.line(
                        x + item.x1, y + item.y1, x + item.x2, y + item.y2, item.role, item.width, item.dash
                    )
                case Rect():
                    self._rect(item, x, y)
                case Text():
                    self.text(x + item.left, y + item.y, item.text, item.size, bold=item.bold, role=item.role)
                case Circle():
                    self._circle(item, x, y)
                case Polygon():
                    self._polygon(item, x, y)

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return x * POINTS, (PAGE_H - y) * POINTS

    def _stroke(self, role: Role, width: float, dash: Dash = ()) -> None:
        self.canvas.setStrokeColor(self._colours[role])
        self.canvas.setLineWidth(width * POINTS)
        self.canvas.setDash([d * POINTS for d in dash])

    def _prepare(self, fill: Role | None, edge: Role | None, width: float, dash: Dash = ()) -> dict[str, int]:
        if fill:
            self.canvas.setFillColor(self._colours[fill])
        if edge:
            self._stroke(edge, width, dash)
        return {"fill": int(fill is not None), "stroke": int(edge is not None and width > 0)}

    def _rect(self, item: Rect, x: float, y: float) -> None:
        left, bottom = self._at(x + item.x, y + item.y + item.h)
        w, h = item.w * POINTS, item.h * POINTS
        how = self._prepare(item.fill, None, item.width)
        if how["fill"]:
            self.canvas.rect(left, bottom, w, h, **how)
        if item.hatch:
            self._hatch(item.hatch, left, bottom, w, h)
        if item.edge:
            self.canvas.rect(left, bottom, w, h, **self._prepare(None, item.edge, item.width, item.dash))

    def _hatch(self, role: Role, left: float, bottom: float, w: float, h: float) -> None:
        """Diagonal lines clipped to a rectangle, 3 px apart."""
        self.canvas.saveState()
        path = self.canvas.beginPath()
        path.rect(left, bottom, w, h)
        self.canvas.clipPath(path, stroke=0, fill=0)
        self._stroke(role, 0.8)
        step = 3.2 * POINTS
        for number in range(int((w + h) / step) + 2):
            start = left - h + number * step
            self.canvas.line(start, bottom, start + h, bottom + h)
        self.canvas.restoreState()

    def _circle(self, item: Circle, x: float, y: float) -> None:
        """Place a circle; equal ones (an icon array has a hundred) are drawn once and repeated."""
        key = (round(item.r, 3), item.fill, item.edge, item.width)
        if key not in self._circles:
            self._circles[key] = f"circle{len(self._circles)}"
            reach = (item.r + item.width) * POINTS
            self.canvas.beginForm(self._circles[key], -reach, -reach, reach, reach)
            self.canvas.circle(0, 0, item.r * POINTS, **self._prepare(item.fill, item.edge, item.width))
            self.canvas.endForm()
        self.canvas.saveState()
        self.canvas.translate(*self._at(x + item.cx, y + item.cy))
        self.canvas.doForm(self._circles[key])
        self.canvas.restoreState()

    def _polygon(self, item: Polygon, x: float, y: float) -> None:
        how = self._prepare(item.fill, item.edge, item.width, item.dash)
        path = self.canvas.beginPath()
        path.moveTo(*self._at(x + item.points[0][0], y + item.points[0][1]))
        for px, py in item.points[1:]:
            path.lineTo(*self._at(x + px, y + py))
        if item.closed:
            path.close()
        self.canvas.drawPath(path, **how)
