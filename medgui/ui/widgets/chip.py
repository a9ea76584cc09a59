"""Chips: shape, word and tint of a category or status. One a row."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from medgui.ui.shapes import MARK_COLOR, MARK_TINT, Mark, in_two_lines, paint_mark, paint_text, text_width
from medgui.ui.theme import S8, Role, Type, theme
from medgui.ui.words import Words, say

if TYPE_CHECKING:
    from medgui.ui.widgets.levels import LEVEL_MARK, STATUS_MARK, status_words

__all__ = [
    "LEVEL_MARK",
    "STATUS_MARK",
    "Chip",
    "MarkIcon",
    "chip_width",
    "paint_chip",
    "status_words",
]

LINE = 16
"""Height of a line in a chip of two."""


def __getattr__(name: str) -> object:
    """Give what depends on findings when it is first asked for: the first window needs none of it."""
    if name in ("LEVEL_MARK", "STATUS_MARK", "STATUS_WORD", "status_words"):
        from medgui.ui.widgets import levels

        return getattr(levels, name)
    raise AttributeError(name)


def chip_width(text: str) -> float:
    """Return the width of a chip with *text*."""
    return S8 + theme.px(12) + 6 + text_width(text, Type.CAPTION, bold=True) + S8 + 2


def paint_chip(painter: QPainter, rect: QRectF, text: str, mark: Mark) -> QRectF:
    """Paint a chip at the left of *rect*, vertically centred, and return where it is.

    Words that do not fit take two lines where *rect* is high enough: their end may be what matters ("unlikely").
    What does not fit then ends in "…"; the row's accessible name holds all of it.
    """
    height = theme.height("chip")
    side = theme.px(12)
    room = rect.width() - 2 * S8 - side - 4
    lines = in_two_lines(text, room, Type.CAPTION, bold=True)
    if len(lines) > 1 and rect.height() < height + theme.px(LINE):
        lines = [text]
    width = min(max(chip_width(line) for line in lines), rect.width())
    height += (len(lines) - 1) * theme.px(LINE)
    box = QRectF(rect.left(), rect.center().y() - height / 2, width, height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.color(MARK_COLOR[mark]) if theme.mode == "contrast" else Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(MARK_TINT[mark]))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.restore()
    paint_mark(painter, QRectF(box.left() + S8, box.center().y() - side / 2, side, side), mark)
    words = box.adjusted(S8 + side + 6, 0, -S8 + 2, 0)
    top = words.center().y() - len(lines) * theme.px(LINE) / 2
    for number, line in enumerate(lines):
        place = QRectF(words.left(), top + number * theme.px(LINE), words.width(), theme.px(LINE))
        paint_text(painter, place, line, type_=Type.CAPTION, bold=True, role=MARK_COLOR[mark])
    return box


class Chip(QWidget):
    """A chip as a widget."""

    def __init__(self, words: Words, mark: Mark, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._mark = words, mark
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._dress)
        self._dress()

    def set_chip(self, words: Words, mark: Mark) -> None:
        """Show another category."""
        self._words, self._mark = words, mark
        self._dress()

    def _dress(self) -> None:
        self.setAccessibleName(say(self._words))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for the whole chip."""
        return QSize(int(chip_width(say(self._words))) + 1, theme.height("chip"))

    def changeEvent(self, event: QEvent) -> None:
        """Say it again in the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._dress()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the chip."""
        paint_chip(QPainter(self), self.rect().toRectF(), say(self._words), self._mark)


class MarkIcon(QWidget):
    """A level's shape alone, beside a sentence that says the level in words."""

    def __init__(
        self, mark: Mark, size: int = 12, role: Role | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._mark, self._size, self._role = mark, size, role
        theme.changed.connect(self._dress)
        self._dress()

    def set_mark(self, mark: Mark) -> None:
        """Show another shape."""
        self._mark = mark
        self.update()

    def _dress(self) -> None:
        self.setFixedSize(theme.px(self._size), theme.px(self._size))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the shape."""
        paint_mark(QPainter(self), self.rect().toRectF(), self._mark, self._role)
