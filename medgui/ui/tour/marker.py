"""The frame around what a step means: four corners, so that it is told from a focus ring by its shape."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QWidget
from shiboken6 import isValid

from medgui.ui.theme import Role, theme
from medgui.ui.tour.spots import Spot

GAP, CORNER, LINE = 4, 18, 3


class Marker(QWidget):
    """A transparent child of *host*, over its pages and under sheets and palette; takes no click.

    It follows its spot when that moves. `lost` says that the spot is seen no more: a page may have been built
    anew, and the tour looks for it again.
    """

    lost = Signal()

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self.spot: Spot | None = None
        self._followed: list[QWidget] = []
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        theme.changed.connect(self.update)

    def point(self, spot: Spot | None) -> None:
        """Frame *spot*, or nothing."""
        for widget in self._followed:
            if isValid(widget):
                widget.removeEventFilter(self)
        self._followed = []
        self.spot = spot
        around: QWidget | None = spot.widget if spot is not None else None
        while around is not None and around is not self._host:
            around.installEventFilter(self)
            self._followed.append(around)
            around = around.parentWidget()
        self.place()

    @property
    def points(self) -> bool:
        """Whether something is framed and can be seen."""
        return self.isVisible()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the spot when it or something around it moves; say when it is gone."""
        kind = event.type()
        if kind in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show):
            QTimer.singleShot(0, self, self.place)
        elif kind is QEvent.Type.Hide:
            self.hide()
            QTimer.singleShot(0, self, self.lost.emit)
        return super().eventFilter(watched, event)

    def place(self) -> None:
        """Lie around the visible part of the spot."""
        spot = self.spot
        if spot is None or not isValid(spot.widget) or not spot.widget.isVisible():
            self.hide()
            return
        widget, part = spot.widget, spot.rect()
        corner = widget.mapTo(self._host, part.topLeft())
        shown = QRect(corner, part.size()).adjusted(-GAP, -GAP, GAP, GAP)
        around: QWidget | None = widget
        while around is not None and around is not self._host:
            area = around.parentWidget()
            if isinstance(area, QAbstractScrollArea) and area.viewport() is around:
                shown &= QRect(around.mapTo(self._host, QPoint(0, 0)), around.size())
            around = area
        shown &= self._host.rect()
        seen = shown.height() > GAP and shown.width() > GAP
        self.setGeometry(shown)
        if seen and not self.isVisible():
            self.raise_()
        self.setVisible(seen)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the four corners."""
        painter = QPainter(self)
        pen = QPen(theme.color(Role.ACCENT), LINE, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        inset = LINE // 2
        box = self.rect().adjusted(inset, inset, -inset - 1, -inset - 1)
        side = min(CORNER, box.width() // 2, box.height() // 2)
        for corner, x, y in (
            (box.topLeft(), 1, 1),
            (box.topRight(), -1, 1),
            (box.bottomLeft(), 1, -1),
            (box.bottomRight(), -1, -1),
        ):
            painter.drawPolyline([corner + QPoint(0, y * side), corner, corner + QPoint(x * side, 0)])
