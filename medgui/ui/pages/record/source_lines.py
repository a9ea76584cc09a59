"""Lines of a file as they stand, the one with the chosen value marked."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
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

    def _dress(self) -> None:
        self.setFixedHeight(theme.px(18) * len(self._fragment.lines) + 2 * S8)
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
        height = theme.px(18)
        gutter = (
            metrics.horizontalAdvance(str(max((n for n, _t in self._fragment.lines), default=0))) + 2 * S12
        )
        for row, (number, text) in enumerate(self._fragment.lines):
            line = QRectF(0, S8 + row * height, self.width(), height)
            marked = row == self._fragment.marked
            if marked:
                painter.fillRect(line, theme.color(Role.CAUTION_TINT))
                painter.fillRect(QRectF(0, line.top(), 3, height), theme.color(Role.CAUTION))
            painter.setPen(theme.color(Role.TEXT if marked else Role.MUTED))
            base = line.top() + (height + metrics.ascent() - metrics.descent()) / 2
            painter.drawText(int(S12), int(base), str(number) if number else "")
            painter.drawText(int(gutter), int(base), text)
