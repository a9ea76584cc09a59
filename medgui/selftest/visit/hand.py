"""The hand of a visit: mouse and key events, sent to the window as the system would send them.

Events go to the window's handle, which finds by itself which widget lies under the pointer and which has the
focus: a button that is covered, disabled or out of sight is not clicked. (QtTest does the same, but is not shipped.)
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWindow
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from medgui.errors import MedguiError
from medgui.i18n import _

LIMIT_S = 30.0
"""How long one step may take before the visit is given up: many times what a slow PC needs."""
_PAUSE_S = 0.003
_NONE = Qt.KeyboardModifier.NoModifier


class VisitStopped(MedguiError):
    """A step of the visit could not be done; the sentence says which."""


class Hand:
    """Clicks, types, and waits for what a doctor waits for."""

    def until(self, what: str, condition: Callable[[], object]) -> None:
        """Let the window work until *condition* holds. Raises `VisitStopped` naming *what* was waited for."""
        end = time.monotonic() + LIMIT_S
        while not condition():
            QApplication.processEvents()
            time.sleep(_PAUSE_S)
            if time.monotonic() > end:
                raise VisitStopped(_("waited in vain for {what}").format(what=what))
        self.rest()

    def rest(self) -> None:
        """Let what is due happen: layouts, timers of no length, results that have arrived."""
        for _turn in range(3):
            QApplication.processEvents()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def click(self, widget: QWidget, place: QRect | None = None) -> None:
        """Press and release the left button in the middle of *widget*, or of *place* in it."""
        self.reveal(widget, place)
        inside = (place or widget.rect()).center()
        window = widget.window()
        point = widget.mapTo(window, inside)
        under = window.childAt(point)
        if not widget.isEnabled() or under is None or not (under is widget or widget.isAncestorOf(under)):
            name = widget.accessibleName() or type(widget).__name__
            raise VisitStopped(_("“{name}” cannot be clicked: it is covered or disabled").format(name=name))
        handle = self._handle(widget)
        for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
            QApplication.sendEvent(handle, self._mouse(kind, window, point))
        self.rest()

    def reveal(self, widget: QWidget, place: QRect | None = None) -> None:
        """Scroll as far as it takes to see *widget*, or the *place* in it."""
        self.rest()
        area = widget.parentWidget()
        while area is not None:
            content = area.widget() if isinstance(area, QScrollArea) else None
            if isinstance(area, QScrollArea) and content is not None:
                middle = widget.mapTo(content, (place or widget.rect()).center())
                area.ensureVisible(middle.x(), middle.y(), 0, 80)
            area = area.parentWidget()
        self.rest()

    def type(self, widget: QWidget, text: str) -> None:
        """Type *text* in the window of *widget*: the keys go where the focus is."""
        for character in text:
            self.key(widget, Qt.Key.Key_unknown, character)

    def key(
        self, widget: QWidget, key: Qt.Key, text: str = "", modifiers: Qt.KeyboardModifier = _NONE
    ) -> None:
        """Press and release one key in the window of *widget*."""
        code = (
            QKeyEvent(QEvent.Type.KeyPress, ord(text.upper()), _NONE).key()
            if key is Qt.Key.Key_unknown
            else key
        )
        handle = self._handle(widget)
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(handle, QKeyEvent(kind, code, modifiers, text))
        self.rest()

    @staticmethod
    def _mouse(kind: QEvent.Type, window: QWidget, point: QPoint) -> QMouseEvent:
        held = Qt.MouseButton.LeftButton if kind is QEvent.Type.MouseButtonPress else Qt.MouseButton.NoButton
        local, everywhere = QPointF(point), QPointF(window.mapToGlobal(point))
        return QMouseEvent(kind, local, local, everywhere, Qt.MouseButton.LeftButton, held, _NONE)

    @staticmethod
    def _handle(widget: QWidget) -> QWindow:
        handle = widget.window().windowHandle()
        if handle is None:
            raise VisitStopped(_("the window is not on the screen"))
        return handle
