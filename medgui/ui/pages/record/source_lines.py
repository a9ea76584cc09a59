"""Lines of a file as they stand, the one with the chosen value marked."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from medgui.i18n import _
from medgui.ui.pages.record.fragment import Fragment
from medgui.ui.theme import S8, S12, Role, theme


class SourceLines(QWidget):
    """Numbered source lines on the canvas, the one with the value marked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fragment = Fragment()
        theme.changed.connect(self._dress)
        self._dress()

    def set_fragment(self, fragment: Fragment) -> None:
        """Show other lines."""
        self._fragment = fragment
        self.setVisible(bool(fragment.lines))
        self.setAccessibleName(_("Source text"))
        self.setAccessibleDescription("\n".join(text for _number, text in fragment.lines))
        self._dress()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the marked line anew."""
        super().resizeEvent(event)
        self._dress()

    def _gutter(self, metrics: QFontMetricsF) -> float:
        widest = max((number for number, _text in self._fragment.lines), default=0)
        return metrics.horizontalAdvance(str(widest)) + 2 * S12

    def _rows(self) -> list[tuple[int, str, bool]]:
        """Number, text and whether it is the line with the value, which goes on below where it is too long."""
        metrics = QFontMetricsF(theme.source_font())
        room = self.width() - self._gutter(metrics) - S8
        columns = max(int(room / max(metrics.horizontalAdvance("0"), 1.0)), 16)
        rows: list[tuple[int, str, bool]] = []
        for index, (number, text) in enumerate(self._fragment.lines):
            if index != self._fragment.marked or len(text) <= columns:
                rows.append((number, text, index == self._fragment.marked))
                continue
            starts = range(0, len(text), columns)
            rows += [(0 if at else number, text[at : at + columns], True) for at in starts]
        return rows

    def _dress(self) -> None:
        self.setFixedHeight(theme.px(18) * len(self._rows()) + 2 * S8)
        self.update()

    def sizeHint(self) -> QSize:
        """Take the height of the lines."""
        return QSize(theme.px(320), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, marked line and text."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color(Role.CANVAS))
        font = theme.source_font()
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        height, gutter = theme.px(18), self._gutter(metrics)
        for row, (number, text, marked) in enumerate(self._rows()):
            line = QRectF(0, S8 + row * height, self.width(), height)
            if marked:
                painter.fillRect(line, theme.color(Role.CAUTION_TINT))
                painter.fillRect(QRectF(0, line.top(), 3, height), theme.color(Role.CAUTION))
            painter.setPen(theme.color(Role.TEXT if marked else Role.MUTED))
            base = line.top() + (height + metrics.ascent() - metrics.descent()) / 2
            painter.drawText(int(S12), int(base), str(number) if number else "")
            painter.drawText(int(gutter), int(base), text)
