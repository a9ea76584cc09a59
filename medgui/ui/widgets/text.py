"""Text in the type roles, and hairlines."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QLabel, QLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from medgui.ui.shapes import hairline, paint_text
from medgui.ui.theme import Role, Type, theme
from medgui.ui.words import Words, say


class Text(QLabel):
    """A text that follows theme and language.

    *wrap* lets it take several lines; without it the text stands on one line. *select* (the default) lets a
    doctor mark and copy it.
    """

    def __init__(
        self,
        words: Words = "",
        type_: Type = Type.BODY,
        role: Role = Role.TEXT,
        *,
        bold: bool | None = None,
        wrap: bool = False,
        select: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._words = words
        self._type = type_
        self._role = role
        self._bold = bold
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if select:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if wrap:
            policy = self.sizePolicy()
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        theme.changed.connect(self._dress)
        self._dress()
        self.setText(say(words))

    def set_words(self, words: Words) -> None:
        """Show other words."""
        self._words = words
        self.setText(say(words))

    def set_role(self, role: Role) -> None:
        """Take another colour."""
        self._role = role
        self._dress()

    def set_bold(self, bold: bool) -> None:
        """Set the weight."""
        self._bold = bold
        self._dress()

    def _dress(self) -> None:
        self.setFont(theme.font(self._type, bold=self._bold))
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, theme.color(self._role))
        self.setPalette(palette)
        self.setMinimumHeight(theme.line(self._type))

    def changeEvent(self, event: QEvent) -> None:
        """Say it again in the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.setText(say(self._words))
        super().changeEvent(event)


class Elided(QWidget):
    """One line that ends in "…" where there is no room; the whole text is its tooltip and accessible name.

    *least* is the width (at 100 %) down to which it is never cut.
    """

    def __init__(
        self,
        words: Words = "",
        type_: Type = Type.BODY,
        role: Role = Role.TEXT,
        *,
        bold: bool | None = None,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        least: int = 48,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._words = words
        self._least = least
        self._type, self._role, self._bold, self._align = type_, role, bold, align
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._dress)
        self._dress()

    def text(self) -> str:
        """Return the whole text."""
        return say(self._words)

    def set_words(self, words: Words) -> None:
        """Show other words."""
        self._words = words
        self._dress()

    def _dress(self) -> None:
        self.setAccessibleName(self.text())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for room for the whole text."""
        width = QFontMetricsF(theme.font(self._type, bold=self._bold)).horizontalAdvance(self.text())
        return QSize(int(width) + 2, theme.line(self._type))

    def minimumSizeHint(self) -> QSize:
        """Accept less than the whole text."""
        return QSize(min(theme.px(self._least), self.sizeHint().width()), theme.line(self._type))

    def changeEvent(self, event: QEvent) -> None:
        """Say it again in the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._dress()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line; the tooltip holds what was cut."""
        painter = QPainter(self)
        rect = self.rect().toRectF()
        paint_text(
            painter, rect, self.text(), type_=self._type, bold=self._bold, role=self._role, align=self._align
        )
        cut = self.sizeHint().width() > self.width() + 2
        if cut != bool(self.toolTip()):
            self.setToolTip(self.text() if cut else "")


class Rule(QFrame):
    """A horizontal hairline."""

    def __init__(self, role: Role = Role.BORDER, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role
        self.setFixedHeight(1)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line."""
        hairline(QPainter(self), 0, self.width(), 0, self._role)


class VRule(QFrame):
    """A vertical hairline."""

    def __init__(self, role: Role = Role.BORDER, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role
        self.setFixedWidth(1)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line."""
        QPainter(self).fillRect(self.rect(), theme.color(self._role))


class Filled(QWidget):
    """A widget filled with one colour role (page, banner, navigation)."""

    def __init__(self, role: Role = Role.SURFACE, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ground = role
        self.setAutoFillBackground(True)
        theme.changed.connect(self._paint_ground)
        self._paint_ground()

    def _paint_ground(self) -> None:
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Window, theme.color(self._ground))
        self.setPalette(palette)


class Body(QScrollArea):
    """The one scrolling body of a page: scrolls down only, its content never wider than the token says."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.content = Filled()
        self.column = QVBoxLayout(self.content)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.setWidget(self.content)

    def empty(self) -> None:
        """Take everything out of the column."""
        clear_layout(self.column)


def clear_layout(layout: QLayout) -> None:
    """Remove and delete every item of *layout*; nothing of it is painted again."""
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        inner = item.layout() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear_layout(inner)


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet looks at, and let it take effect."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


def focus_again(widget: QWidget | None) -> None:
    """Put the focus back on what had it, where that is still there and seen: a page may have been built anew."""
    if widget is not None and isValid(widget) and widget.isVisible():
        widget.setFocus()
