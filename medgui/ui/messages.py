"""Messages to the user: one model for the whole window, shown by a bar under each page head.

    messages.tell(Mark.CAUTION, lambda: _("2 entries were not understood."), action=Action(...))

A message that names a problem stays until it is closed; a note goes after 8 seconds and stays in `history`.
Tests look at `shown`: level and words.
"""

from collections.abc import Callable
from dataclasses import field
from itertools import count

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from medgui.frozen import frozen
from medgui.i18n import _, ngettext
from medgui.ui.shapes import MARK_WORD, Mark
from medgui.ui.theme import S8, S12, S16, Role, Type, theme
from medgui.ui.widgets.button import Button, CloseButton
from medgui.ui.widgets.chip import MarkIcon
from medgui.ui.widgets.text import Elided, Text, clear_layout
from medgui.ui.words import Words, say

NOTE_MS = 8000
MOST = 3
_numbers = count(1)


@frozen
class Action:
    """The one thing that can be done about a message."""

    words: Words
    run: Callable[[], object]


@frozen
class Message:
    """One message. *topic* lets a newer one of the same topic take its place."""

    mark: Mark
    words: Words
    action: Action | None = None
    topic: str = ""
    number: int = field(default_factory=lambda: next(_numbers))


class Messages(QObject):
    """All messages of the window, newest first."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shown: list[Message] = []
        self.history: list[Message] = []
        self.held: Callable[[Message], bool] = lambda _message: False

    def tell(self, mark: Mark, words: Words, action: Action | None = None, topic: str = "") -> Message:
        """Show a message; one of the same *topic* gives way."""
        message = Message(mark, words, action, topic)
        if topic:
            self.shown = [old for old in self.shown if old.topic != topic]
        self.shown.insert(0, message)
        self.history.insert(0, message)
        if mark is Mark.INFO:
            QTimer.singleShot(NOTE_MS, self, lambda: self._expire(message))
        self.changed.emit()
        return message

    def close(self, message: Message) -> None:
        """Take one message away; it stays in the history."""
        if message in self.shown:
            self.shown.remove(message)
            self.changed.emit()

    def forget(self, topic: str) -> None:
        """Take away what was said about *topic*: it no longer holds."""
        for message in [each for each in self.shown if each.topic == topic]:
            self.close(message)

    def clear(self) -> None:
        """Forget everything: messages may name what a file holds, and the patient has changed."""
        self.shown.clear()
        self.history.clear()
        self.changed.emit()

    def _expire(self, message: Message) -> None:
        if message in self.shown and self.held(message):
            QTimer.singleShot(NOTE_MS, self, lambda: self._expire(message))
        else:
            self.close(message)


class _Line(QFrame):
    """One message: level bar, shape, words, at most one action, close."""

    def __init__(self, message: Message, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        level = {Mark.QUESTION: Mark.CAUTION, Mark.FAILED: Mark.CAUTION}.get(message.mark, message.mark)
        self.setProperty("level", level.value)
        self.setMinimumHeight(theme.height("message"))
        self._message = message
        row = QHBoxLayout(self)
        row.setContentsMargins(S16, 0, S12, 0)
        row.setSpacing(S12)
        row.addWidget(MarkIcon(message.mark))
        self.text = Elided(message.words)
        row.addWidget(self.text, 1)
        if message.action is not None:
            action = message.action
            row.addWidget(Button(action.words, action.run, kind="quiet"))
        self.close_button = CloseButton(lambda: _("Close this message"))
        self.close_button.clicked.connect(lambda: messages.close(message))
        row.addWidget(self.close_button)
        self._name()

    def _name(self) -> None:
        sentence = _("{level}: {message}")
        level = _(MARK_WORD[self._message.mark])
        self.setAccessibleName(sentence.format(level=level, message=say(self._message.words)))

    def changeEvent(self, event: QEvent) -> None:
        """Say it again in the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)


class MessageBar(QWidget):
    """The newest three messages, and how many more there are. Takes no room when there is none."""

    def __init__(self, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._messages = messages
        self._all = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(1)
        messages.changed.connect(self._fill)
        theme.changed.connect(self._fill)
        self._fill()

    def _fill(self) -> None:
        clear_layout(self._column)
        shown = self._messages.shown
        self._all = self._all and len(shown) > MOST
        for message in shown if self._all else shown[:MOST]:
            self._column.addWidget(_Line(message, self._messages))
        more = len(shown) - MOST
        if more > 0 and not self._all:
            self._column.addWidget(self._more(more))
        self.setVisible(bool(shown))

    def _more(self, number: int) -> QWidget:
        host = QWidget()
        row = QHBoxLayout(host)
        row.setContentsMargins(S16, 0, S8, 0)
        words = Text(
            lambda: ngettext("{n} more message", "{n} more messages", number).format(n=number),
            Type.CAPTION,
            Role.MUTED,
        )
        row.addWidget(words)
        row.addWidget(Button(lambda: _("Show all"), self._show_all, kind="quiet"))
        row.addStretch(1)
        return host

    def _show_all(self) -> None:
        self._all = True
        self._fill()
