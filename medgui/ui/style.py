"""Focus rings.

A ring lies outside the control (2 px line, 2 px gap) and so outside its rectangle: `FocusRing` is one
transparent widget that follows the focus. Views draw the ring of their current row in their delegates and
set the property `ownRing`. Fusion's own dotted frames are switched off in the style sheet. A QProxyStyle in
Python would be asked for every metric, and its first call makes all 26 kinds of style option known to Python,
which alone costs a fifth of a bare window's start.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QMainWindow,
    QWidget,
)
from shiboken6 import isValid

if TYPE_CHECKING:
    from medgui.ui.theme import Theme

GAP = 2


def paint_ring(painter: QPainter, rect: QRectF, theme: "Theme", *, radius: float = 4.0) -> None:
    """Draw a focus ring just inside *rect*; 2 px, 3 px in high contrast."""
    width = 3.0 if theme.mode == "contrast" else 2.0
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("focus"), width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inset = width / 2
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius, radius)
    painter.restore()


class FocusRing(QWidget):
    """The ring around the control that has the focus, drawn outside it; one for each window.

    It is a child of the window and cut to what scroll areas show, so that no page can delete it.
    """

    def __init__(self, window: QMainWindow, theme: "Theme") -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._target: QWidget | None = None
        self._followed: list[QWidget] = []
        self._whole = QRect()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_changed)
        theme.changed.connect(self.update)

    def _focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        self._target = new if new is not None and self._wants_ring(new) else None
        if self._target is None:
            self.hide()
        else:  # after this event: the first window is painted before its ring
            QTimer.singleShot(0, self, self._follow)

    def _follow(self) -> None:
        if self._target is not None and not isValid(self._target):
            self._target = None
        for widget in self._followed:
            if isValid(widget):
                widget.removeEventFilter(self)
        self._followed = []
        around: QWidget | None = self._target
        while around is not None and around is not self._window:
            around.installEventFilter(self)
            self._followed.append(around)
            around = around.parentWidget()
        self._place()

    def _wants_ring(self, widget: QWidget) -> bool:
        if widget.window() is not self._window or widget is self._window:
            return False
        if isinstance(widget, QAbstractScrollArea) and not widget.property("ring"):
            return False
        return not widget.property("ownRing")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the control when it or something around it moves."""
        moves = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide)
        if event.type() in moves:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        target = self._target
        if target is None or not isValid(target) or not target.isVisible():
            self.hide()
            return
        grow = GAP + (3 if self._theme.mode == "contrast" else 2)
        corner = target.mapTo(self._window, QPoint(0, 0))
        self._whole = QRect(corner, target.size()).adjusted(-grow, -grow, grow, grow)
        shown = self._whole
        around: QWidget | None = target.parentWidget()
        while around is not None and around is not self._window:
            area = around.parentWidget()
            if isinstance(area, QAbstractScrollArea) and area.viewport() is around:
                shown &= QRect(around.mapTo(self._window, QPoint(0, 0)), around.size())
            around = area
        self.setGeometry(shown)
        self.setVisible(not shown.isEmpty())
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ring."""
        painter = QPainter(self)
        whole = self._whole.translated(-self.pos())
        paint_ring(painter, QRectF(whole), self._theme, radius=6.0)
