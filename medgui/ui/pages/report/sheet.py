"""One page of the PDF as it will be printed, drawn for the pixels of this display."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from medgui.i18n import _
from medgui.ui.services import Picture
from medgui.ui.theme import Role, theme

A4_RATIO = 297 / 210


class Sheet(QWidget):
    """A page on the canvas with a hairline around it. Asks for its picture when its width is known."""

    def __init__(
        self, number: int, pages: int, ask: Callable[[int, int], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.number, self.pages = number, pages
        self._ask = ask
        self._asked = 0
        self._image: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Page {n} of {total}").format(n=number + 1, total=pages))
        theme.changed.connect(self.update)

    def set_width(self, width: int) -> None:
        """Take a width and ask for a picture of as many device pixels."""
        self.setFixedSize(width, round(width * A4_RATIO))
        pixels = round(width * self.devicePixelRatioF())
        if pixels != self._asked:
            self._asked = pixels
            self._ask(self.number, pixels)

    def show_picture(self, picture: Picture) -> None:
        """Paint *picture* from now on."""
        image = QImage(
            picture.data, picture.width, picture.height, picture.stride, QImage.Format.Format_RGB32
        )
        self._image = image.copy()
        self.update()

    def sizeHint(self) -> QSize:
        """Keep the fixed size."""
        return self.size()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sheet; white until the picture is there."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        if self._image is not None:
            painter.drawImage(QRectF(self.rect()), self._image)
        pen = QPen(theme.color(Role.BORDER), 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
