"""The shapes that carry a level without colour, and the small paint functions rows and delegates share."""

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF

from medgui.i18n import N_
from medgui.ui.theme import Role, Type, theme
from medgui.ui.words import straight


class Mark(StrEnum):
    """A level or state; each has a shape of its own (UI.md, section 2)."""

    INFO = "info"  # open circle
    CAUTION = "caution"  # filled triangle
    QUESTION = "question"  # outline triangle
    HIGH = "high"  # filled diamond
    REFUSED = "refused"  # circle with a bar
    FAILED = "failed"  # cross


MARK_COLOR = {
    Mark.INFO: Role.INFO,
    Mark.CAUTION: Role.CAUTION,
    Mark.QUESTION: Role.CAUTION,
    Mark.HIGH: Role.HIGH,
    Mark.REFUSED: Role.REFUSED,
    Mark.FAILED: Role.CAUTION,
}
MARK_TINT = {
    Mark.INFO: Role.INFO_TINT,
    Mark.CAUTION: Role.CAUTION_TINT,
    Mark.QUESTION: Role.CAUTION_TINT,
    Mark.HIGH: Role.HIGH_TINT,
    Mark.REFUSED: Role.REFUSED_TINT,
    Mark.FAILED: Role.CAUTION_TINT,
}
MARK_WORD = {
    Mark.INFO: N_("note"),
    Mark.CAUTION: N_("caution"),
    Mark.QUESTION: N_("question"),
    Mark.HIGH: N_("high"),
    Mark.REFUSED: N_("refused"),
    Mark.FAILED: N_("failed"),
}
"""Said by screen readers before a message."""


WIDE_SIGNS = "\u2e7f"
"""Signs beyond this one, Chinese and its full stops, may begin a line."""

CAPITALS = 0.36
"""Half the height of a capital, as a share of the size; the charts centre text the same way."""


def paint_mark(painter: QPainter, rect: QRectF, mark: Mark, role: Role | None = None) -> None:
    """Paint the shape of *mark* into the square *rect* in its own colour, or in that of *role*."""
    color = theme.color(role or MARK_COLOR[mark])
    size = min(rect.width(), rect.height())
    square = QRectF(0, 0, size, size)
    square.moveCenter(rect.center())
    line = max(1.4, size * 0.13)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(color, line, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inner = square.adjusted(line, line, -line, -line)
    if mark in (Mark.CAUTION, Mark.HIGH):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawPolygon(_triangle(square) if mark is Mark.CAUTION else _diamond(square))
    elif mark is Mark.QUESTION:
        painter.drawPolygon(_triangle(inner))
    elif mark is Mark.FAILED:
        painter.setPen(QPen(color, line * 1.4))
        painter.drawLine(inner.topLeft(), inner.bottomRight())
        painter.drawLine(inner.topRight(), inner.bottomLeft())
    else:
        painter.drawEllipse(inner)
        if mark is Mark.REFUSED:
            reach = inner.width() / 2 * 0.7071
            center = inner.center()
            painter.drawLine(center + QPointF(-reach, reach), center + QPointF(reach, -reach))
    painter.restore()


def _triangle(r: QRectF) -> QPolygonF:
    top, foot = r.top() + r.height() * 0.06, r.bottom() - r.height() * 0.06
    return QPolygonF([QPointF(r.center().x(), top), QPointF(r.right(), foot), QPointF(r.left(), foot)])


def _diamond(r: QRectF) -> QPolygonF:
    c = r.center()
    return QPolygonF(
        [
            QPointF(c.x(), r.top()),
            QPointF(r.right(), c.y()),
            QPointF(c.x(), r.bottom()),
            QPointF(r.left(), c.y()),
        ]
    )


def text_width(text: str, type_: Type = Type.BODY, *, bold: bool | None = None) -> float:
    """Return the width of *text* in logical pixels."""
    return QFontMetricsF(theme.font(type_, bold=bold)).horizontalAdvance(straight(text))


def in_two_lines(text: str, width: float, type_: Type = Type.BODY, *, bold: bool | None = None) -> list[str]:
    """Break *text* once where it does not fit into *width*: at a blank, in Chinese before any sign.

    A second line that does not fit is left to be cut.
    """
    if text_width(text, type_, bold=bold) <= width:
        return [text]
    ends = [n for n, sign in enumerate(text) if n and (sign == " " or sign > WIDE_SIGNS)]
    fitting = [end for end in ends if text_width(text[:end].rstrip(), type_, bold=bold) <= width]
    if not fitting:
        return [text]
    return [text[: fitting[-1]].rstrip(), text[fitting[-1] :].lstrip()]


def paint_text(
    painter: QPainter,
    rect: QRectF,
    text: str,
    *,
    type_: Type = Type.BODY,
    bold: bool | None = None,
    role: Role = Role.TEXT,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """Paint one line of text, vertically centred, ended by "…" where it does not fit."""
    font = theme.font(type_, bold=bold)
    painter.setFont(font)
    painter.setPen(theme.color(role))
    metrics = QFontMetricsF(font)
    shown = metrics.elidedText(straight(text), Qt.TextElideMode.ElideRight, rect.width() + 0.5)
    x = rect.left()
    if align & (Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignHCenter):
        left = rect.width() - metrics.horizontalAdvance(shown)
        x += left if align & Qt.AlignmentFlag.AlignRight else left / 2
    # The line of capitals and figures is centred, whatever a fallback font says of its own height.
    painter.drawText(QPointF(x, round(rect.center().y() + CAPITALS * font.pixelSize())), shown)


def hairline(painter: QPainter, x1: float, x2: float, y: float, role: Role = Role.BORDER) -> None:
    """Paint a horizontal line of one device pixel."""
    pen = QPen(theme.color(role), 1)
    pen.setCosmetic(True)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setPen(pen)
    painter.drawLine(QPointF(x1, y), QPointF(x2, y))
    painter.restore()
