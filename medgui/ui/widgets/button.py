"""Buttons that show their key beside their words."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from medgui.i18n import _
from medgui.ui.icons import paint_icon
from medgui.ui.shapes import paint_text, text_width
from medgui.ui.theme import S8, S12, Role, Type, theme
from medgui.ui.words import Words, say


class Button(QPushButton):
    """A push button with words, and at its right the key that does the same ("Ctrl+O").

    *kind* is "" (edged), "primary" (one on a page at most) or "quiet" (a link). *icon* names an icon of
    resources/icons, shown before the words. The key is only shown here; commands bind it.
    """

    def __init__(
        self,
        words: Words,
        on_click: Callable[[], object] | None = None,
        *,
        key: str = "",
        kind: str = "",
        icon: str = "",
        tip: Words = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._words, self._key, self._icon, self._tip = words, key, icon, tip
        self._kind = kind
        if kind:
            self.setProperty(kind, True)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor if kind == "quiet" else Qt.CursorShape.ArrowCursor)
        if on_click is not None:
            self.clicked.connect(lambda _checked=False: on_click())
        theme.changed.connect(self._dress)
        self._dress()

    def text(self) -> str:
        """Return the words that are shown."""
        return say(self._words)

    def set_words(self, words: Words, key: str | None = None) -> None:
        """Show other words, and another key where given."""
        self._words = words
        self._key = self._key if key is None else key
        self._dress()

    def set_tip(self, tip: Words) -> None:
        """Say something else where the pointer rests."""
        self._tip = tip
        self._dress()

    def set_icon(self, icon: str) -> None:
        """Show another icon before the words, "" for none."""
        self._icon = icon
        self._dress()

    def _dress(self) -> None:
        text, tip = say(self._words), say(self._tip)
        self.setFont(theme.font())
        self.setAccessibleName(text)
        shown = tip or (text if self._key else "")
        if self._key and shown:
            shown = _("{action} ({key})").format(action=shown, key=self._key)
        self.setToolTip(shown)
        self.updateGeometry()
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Say it again in the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._dress()
        super().changeEvent(event)

    def _parts(self) -> tuple[float, float, float]:
        bold = self._kind == "primary"
        words = text_width(say(self._words), bold=bold) if say(self._words) else 0.0
        key = text_width(self._key, Type.CAPTION) + S8 if self._key else 0.0
        mark = theme.px(16) + (S8 if words else 0) if self._icon else 0.0
        return mark, words, key

    def sizeHint(self) -> QSize:
        """Ask for room for icon, words and key."""
        side = 4 if self._kind == "quiet" else S12
        return QSize(int(sum(self._parts())) + 2 * side + 4, theme.height("button"))

    minimumSizeHint = sizeHint

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the edge by the style, then icon, words and key on one line."""
        super().paintEvent(event)  # the words are not given to Qt: it paints the edge alone
        painter = QPainter(self)
        mark, words, key = self._parts()
        x = (self.width() - mark - words - key) / 2
        role = {"primary": Role.ON_ACCENT, "quiet": Role.ACCENT}.get(self._kind, Role.TEXT)
        second = {"primary": Role.ON_ACCENT, "quiet": Role.ACCENT}.get(self._kind, Role.MUTED)
        if not self.isEnabled():
            role = second = Role.MUTED
        if self._icon:
            side = theme.px(16)
            paint_icon(painter, QRectF(x, (self.height() - side) / 2, side, side), self._icon, role)
        if words:
            rect = QRectF(x + mark, 0, words + 2, self.height())
            paint_text(painter, rect, say(self._words), bold=self._kind == "primary", role=role)
        if key:
            rect = QRectF(x + mark + words + S8, 0, key, self.height())
            paint_text(painter, rect, self._key, type_=Type.CAPTION, role=second)


class CloseButton(QPushButton):
    """The small × of a message or card; at least 24 x 24."""

    def __init__(self, name: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.setProperty("close", True)
        self.setAutoDefault(False)
        theme.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        self.setFixedSize(theme.px(26), theme.px(26))
        self.setAccessibleName(say(self._name))
        self.setToolTip(say(self._name))
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Say it again in the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._dress()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cross."""
        super().paintEvent(event)  # the words are not given to Qt: it paints the edge alone
        painter = QPainter(self)
        side = theme.px(14)
        rect = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        paint_icon(painter, rect, "cross", Role.MUTED)
