"""The strip at the foot of the window: which step, two sentences, and the buttons. It covers nothing."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from medgui.i18n import _
from medgui.ui.shapes import hairline
from medgui.ui.shell import Shell, Width
from medgui.ui.theme import S4, S8, S12, S16, S24, Role, Type, theme
from medgui.ui.tour.steps import END, STEPS, Step
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.panels import Picture
from medgui.ui.widgets.text import Elided, Filled, Text

BAR = 3


class Strip(Filled):
    """Shows one step of `STEPS`, or the end where *step* is None."""

    def __init__(
        self,
        shell: Shell,
        back: Callable[[], object],
        forth: Callable[[], object],
        show_it: Callable[[], object],
        leave: Callable[[], object],
    ) -> None:
        super().__init__(Role.CANVAS)
        self._shell = shell
        self.setObjectName("tour")
        self.step: Step | None = STEPS[0]
        self._before: Step | None = None
        self.progress = Text(self._progress, Type.CAPTION, Role.MUTED)
        self.title = Elided(self._title, Type.ROW_TITLE)
        self.tick = Picture("check", 14, Role.TEXT)
        self.seen = Elided("", Type.CAPTION, Role.MUTED)
        self.words = Text(self._words, wrap=True)
        self.back_button = Button(lambda: _("Back"), back)
        self.next_button = Button(self._next_words, forth)
        self.show_button = Button(
            lambda: _("Show where"), show_it, tip=lambda: _("Bring what is meant onto the screen")
        )
        self.leave_button = Button(lambda: _("Leave the tour"), leave, kind="quiet")
        self._lay_out()
        shell.layout_changed.connect(self.relayout)
        theme.changed.connect(self.relayout)
        self.relayout()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(S12)
        head.addWidget(self.progress)
        head.addWidget(self.title)
        head.addWidget(self.tick)
        head.addWidget(self.seen, 1)
        self._buttons = QWidget()
        buttons = QHBoxLayout(self._buttons)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(S8)
        for button in (self.back_button, self.next_button, self.show_button, self.leave_button):
            buttons.addWidget(button)
        self._grid = QGridLayout(self)
        self._grid.setVerticalSpacing(S4)
        self._grid.setHorizontalSpacing(S24)
        self._grid.setColumnStretch(0, 1)
        self._grid.addLayout(head, 0, 0)

    def relayout(self) -> None:
        """Let the buttons stand beside the words, or the words take the whole width where the window is narrow."""
        layout = self._shell.layout
        narrow = layout.width < Width.MEDIUM
        middle = Qt.AlignmentFlag.AlignVCenter
        self._grid.addWidget(self.words, 1, 0, 1, 2 if narrow else 1)
        self._grid.addWidget(self._buttons, 0, 1, 1 if narrow else 2, 1, middle)
        height = S4 if layout.low else S12
        self._grid.setContentsMargins(S16 if narrow else S24, height, S16, height)
        self.tick.setVisible(self._before is not None and not narrow)
        self.seen.set_words(self._seen_in_row)

    # Words

    def show_step(self, step: Step | None, before: Step | None = None) -> None:
        """Show *step*, None for the end; *before* is the step that was just done."""
        self.step, self._before = step, before
        for text, words in (
            (self.progress, self._progress),
            (self.title, self._title),
            (self.words, self._words),
        ):
            text.set_words(words)
        self.next_button.set_words(self._next_words)
        self.back_button.setEnabled(step is not STEPS[0])
        self.show_button.setVisible(step is not None)
        self.leave_button.setVisible(step is not None)
        self.relayout()
        self._name()
        self.say()

    def _progress(self) -> str:
        if self.step is None:
            return _("Tour")
        return _("{n} of {total}").format(n=STEPS.index(self.step) + 1, total=len(STEPS))

    def _title(self) -> str:
        return _(self.step.title if self.step is not None else END[0])

    def _words(self) -> str:
        first, second = (self.step.look, self.step.act) if self.step is not None else END[1:]
        return _("{first} {second}").format(first=_(first), second=_(second))

    def _seen(self) -> str:
        return _(self._before.seen) if self._before is not None else ""

    def _seen_in_row(self) -> str:
        return self._seen() if self.tick.isVisibleTo(self) else ""

    def _next_words(self) -> str:
        return _("Next") if self.step is not None else _("Close the tour")

    def sentence(self) -> str:
        """Say the whole step, as a screen reader reads it."""
        done = f"{self._seen()}. " if self._before is not None else ""
        return f"{done}{self._progress()}. {self._title()}. {self._words()}"

    def say(self) -> None:
        """Let a screen reader say the step; the focus stays where it is."""
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.sentence()))

    def _name(self) -> None:
        self.setAccessibleName(_("Tour"))
        self.setAccessibleDescription(self.sentence())
        self.next_button.setAccessibleDescription(self.sentence())

    # Look

    def area(self) -> QWidget:
        """What F6 gives the focus to."""
        return self.next_button

    def changeEvent(self, event: QEvent) -> None:
        """Say the step in the new language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._name()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill, with a line over it and the accent bar at its left."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(0, 0, BAR, self.height(), theme.color(Role.ACCENT))
        hairline(painter, 0, self.width(), 0)
