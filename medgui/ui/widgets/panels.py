"""Page head, states (empty, failed, refused…), question card, and label-over-value blocks."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from medgui.ui.icons import paint_icon
from medgui.ui.shapes import Mark, hairline, paint_mark
from medgui.ui.theme import S4, S8, S12, S16, S24, S32, Role, Type, theme
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.text import Elided, Filled, Text
from medgui.ui.words import Words, say

LONG = 32
"""Signs from which a fact takes several lines."""
NARROW = 800
"""Width of a question card (at 100 %) under which long facts stand below the others."""


class PageHead(Filled):
    """Title, one-line summary, and at most three buttons; 60 high, with a hairline under it."""

    def __init__(self, title: Words, buttons: Sequence[QWidget] = (), parent: QWidget | None = None) -> None:
        super().__init__(Role.SURFACE, parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.title = Text(title, Type.HEAD)
        self.summary = Elided("", Type.BODY, Role.MUTED)
        row = QHBoxLayout(self)
        row.setContentsMargins(S24, 0, S24, 0)
        row.setSpacing(S8)
        row.addWidget(self.title)
        row.addSpacing(S8)
        row.addWidget(self.summary, 1)
        for button in buttons:
            row.addWidget(button)
        self._low = False
        theme.changed.connect(self._dress)
        self._dress()

    def set_low(self, low: bool) -> None:
        """Take the lower height of windows under 700."""
        self._low = low
        self._dress()

    def _dress(self) -> None:
        self.setFixedHeight(theme.height("head_low" if self._low else "head"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill, and draw the line under the head."""
        super().paintEvent(event)
        hairline(QPainter(self), 0, self.width(), self.height() - 1)


class Picture(QWidget):
    """An icon or a level's shape, centred."""

    def __init__(
        self, picture: str | Mark, size: int = 28, role: Role = Role.MUTED, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._picture, self._size, self._role = picture, size, role
        theme.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        self.setFixedSize(theme.px(self._size), theme.px(self._size))
        self.update()

    def sizeHint(self) -> QSize:
        """Keep the square."""
        return QSize(theme.px(self._size), theme.px(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        rect = QRectF(self.rect())
        if isinstance(self._picture, Mark):
            paint_mark(QPainter(self), rect.adjusted(2, 2, -2, -2), self._picture)
        else:
            paint_icon(QPainter(self), rect, self._picture, self._role)


class StatePanel(QWidget):
    """What is shown instead of content: picture, title, one sentence, what can be done."""

    def __init__(
        self,
        picture: str | Mark,
        title: Words,
        text: Words,
        actions: Sequence[QWidget] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(S24, S32, S24, S32)
        column.setSpacing(S4)
        column.addStretch(1)
        column.addWidget(Picture(picture), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(S4)
        self.title = Text(title, Type.SECTION, wrap=True)
        self.text = Text(text, Type.BODY, Role.MUTED, wrap=True)
        for words in (self.title, self.text):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(words)
        column.addSpacing(S8)
        row = QHBoxLayout()
        row.setSpacing(S8)
        row.addStretch(1)
        for action in actions:
            row.addWidget(action)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(2)
        self.setAccessibleName(say(title))
        self.setAccessibleDescription(say(text))


class Fact(QWidget):
    """A muted label over a value, as in the banner and in question cards."""

    def __init__(
        self,
        label: Words,
        value: Words = "",
        *,
        type_: Type = Type.BODY,
        after: Words = "",
        role: Role = Role.TEXT,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.label = Text(label, Type.CAPTION, Role.MUTED)
        self.value = Text(value, type_, role, wrap=len(say(value)) > LONG)
        self.after = Text(after, Type.BODY, Role.MUTED)
        self.after.setVisible(bool(say(after)))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.label)
        row = QHBoxLayout()
        row.setSpacing(S4)
        row.addWidget(self.value, 1 if self.value.wordWrap() else 0)
        row.addWidget(self.after)
        row.addStretch(0 if self.value.wordWrap() else 1)
        column.addLayout(row)


class Pairs(QWidget):
    """A list of muted labels and their values in two columns ("File", "visit.json, line 12")."""

    def __init__(self, label_width: int = 116, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label_width = label_width
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(S12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        theme.changed.connect(self._dress)
        self._dress()

    def add(self, label: Words, value: Words | QWidget) -> None:
        """Add one pair; a value may be a widget."""
        row = self._grid.rowCount()
        name = Text(label, Type.BODY, Role.MUTED, wrap=True)
        shown = value if isinstance(value, QWidget) else Text(value, wrap=True)
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(name, row, 0, top)
        self._grid.addWidget(shown, row, 1, top)

    def empty(self) -> None:
        """Take all pairs out."""
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _dress(self) -> None:
        self._grid.setColumnMinimumWidth(0, theme.px(self._label_width))


class QuestionCard(QFrame):
    """A question that the file does not settle, with the facts that help and its answers as buttons.

    *answers* are words, the likely one first; none is primary, none takes the focus by itself and Enter does
    nothing on the card (safety rule 24). The digit keys 1-4 answer while the focus is in the card. `answered`
    is a plain callable that gets the number of the answer, from 0.
    """

    def __init__(
        self,
        title: Words,
        facts: Sequence[tuple[str, str]],
        answers: Sequence[Words],
        answered: Callable[[int], object],
        *,
        note: Words = "",
        foot: Words = "",
        single_keys: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("level", "caution")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._answered = answered
        self._single_keys = single_keys
        self._long: list[tuple[QWidget, int]] = []
        self._narrow = False
        self.setAccessibleName(say(title))
        self.setAccessibleDescription("; ".join(f"{label}: {value}" for label, value in facts))
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(S24 - 3, S16, S24, S16)
        column.setSpacing(S8)
        column.addLayout(self._head(title, note))
        if facts:
            column.addLayout(self._facts(facts))
        column.addLayout(self._answers(answers, foot))

    def _head(self, title: Words, note: Words) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(S12)
        row.addWidget(Picture(Mark.CAUTION, 14))
        row.addWidget(Text(title, Type.SECTION, wrap=True), 1)
        if say(note):
            row.addWidget(Text(note, Type.CAPTION, Role.MUTED))
        return row

    def _facts(self, facts: Sequence[tuple[str, str]]) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(S24, 0, 0, 0)
        grid.setHorizontalSpacing(S32)
        for number, (label, value) in enumerate(facts):
            shown = Fact(label, value, type_=Type.BODY)
            grid.addWidget(shown, number // 5, number % 5, Qt.AlignmentFlag.AlignTop)
            if len(value) > LONG:
                grid.setColumnStretch(number % 5, 1)
                self._long.append((shown, number))
        grid.setColumnStretch(min(len(facts), 5) - 1, 1)
        self._grid = grid
        return grid

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give long facts lines of their own where they would stand in a narrow column."""
        super().resizeEvent(event)
        narrow = event.size().width() < theme.px(NARROW)
        if narrow == self._narrow:
            return
        self._narrow = narrow
        air = S8 if narrow else S16
        self._column.setContentsMargins(S24 - 3, air, S24, air)
        for shown, number in self._long:
            row, column, span = (number + 5, 0, 5) if narrow else (number // 5, number % 5, 1)
            self._grid.addWidget(shown, row, column, 1, span, Qt.AlignmentFlag.AlignTop)

    def _answers(self, answers: Sequence[Words], foot: Words) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(S24, 0, 0, 0)
        row.setSpacing(S8)
        self.buttons: list[Button] = []
        for number, words in enumerate(answers):
            key = str(number + 1) if number < 4 and self._single_keys else ""
            button = Button(words, lambda n=number: self._answered(n), key=key)
            self.buttons.append(button)
            row.addWidget(button)
        row.addStretch(1)
        if say(foot):
            row.addWidget(Elided(foot, Type.CAPTION, Role.MUTED, least=0))
        return row

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer by digit; Enter does nothing."""
        number = event.key() - Qt.Key.Key_1
        if self._single_keys and 0 <= number < min(4, len(self.buttons)):
            self._answered(number)
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return
        super().keyPressEvent(event)
