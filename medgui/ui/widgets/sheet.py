"""A sheet over the window: a title, a list, a cross. Not a dialog: Esc, its cross or a change of language close it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from medgui.i18n import _
from medgui.ui.theme import S8, S16, S24, Type
from medgui.ui.widgets.button import CloseButton
from medgui.ui.widgets.text import Rule, Text, focus_again
from medgui.ui.words import Words, say


class Sheet(QFrame):
    """Shows *body* under *title*; the focus goes back to *back* when it closes."""

    def __init__(self, window: QWidget, title: Words, body: QWidget, back: QWidget | None) -> None:
        super().__init__(window)
        self.setProperty("raised", True)
        self.setAccessibleName(say(title))
        self._back = back
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(S24, S16, S8, S16)
        self.column.setSpacing(S8)
        head = QHBoxLayout()
        head.addWidget(Text(title, Type.SECTION))
        head.addStretch(1)
        self.close_button = CloseButton(lambda: _("Close"))
        self.close_button.clicked.connect(self.leave)
        head.addWidget(self.close_button)
        self.column.addLayout(head)
        self.column.addWidget(Rule())
        self.area = area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(body)
        self.column.addWidget(area, 1)

    def appear(self) -> None:
        """Show the sheet over everything else; its cross has the focus."""
        self.show()
        self.raise_()
        self.close_button.setFocus()

    def stops(self) -> list[QWidget]:
        """List where Tab stops, in its order."""
        found: list[QWidget] = []
        widget = self.nextInFocusChain()
        while widget is not self and widget is not None:
            shown = self.isAncestorOf(widget) and widget.isVisibleTo(self) and widget.isEnabled()
            if shown and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                found.append(widget)
            widget = widget.nextInFocusChain()
        return found

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Stay in the sheet: what lies under it cannot be seen."""
        stops = self.stops()
        here = self.focusWidget()
        if not stops:
            return super().focusNextPrevChild(forward)
        place = stops.index(here) if here in stops else -1 if forward else 0
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        stops[(place + (1 if forward else -1)) % len(stops)].setFocus(reason)
        return True

    def leave(self) -> None:
        """Close, and put the focus back where it was."""
        self.hide()
        focus_again(self._back)
        self.setObjectName("")
        self.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close by Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """A language change closes the sheet: its list is made when it opens."""
        if event.type() == QEvent.Type.LanguageChange and self.isVisible():
            self.leave()
        super().changeEvent(event)

    @classmethod
    def close_in(cls, window: QWidget) -> bool:
        """Close the sheet of this kind over *window*; False where none is open."""
        for sheet in window.findChildren(cls):
            if sheet.isVisible():
                sheet.leave()
                return True
        return False
