"""The text of the guide: Markdown shown by Qt, its pictures as wide as there is room, its links kept inside."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import (
    QImage,
    QPalette,
    QResizeEvent,
    QShowEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QFrame, QTextBrowser

from medgui.ui.theme import S4, S8, S24, Role, theme

WIDEST, MARGIN = 920, 24
HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
PICTURE = "\ufffc"
"""What stands for a picture in the text of a block."""
SECTION = 2
"""Level of a heading that is a section of a guide."""


class GuideText(QTextBrowser):
    """Shows one Markdown file. `wanted` carries the name of another page that a link leads to."""

    wanted = Signal(str)

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._text = ""
        self._pictures: dict[tuple[str, int], QImage] = {}
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("ring", True)
        self.anchorClicked.connect(self._follow)
        theme.changed.connect(self._dress)

    def show_file(self, name: str) -> bool:
        """Show the page *name* from its top; False where it is not there."""
        try:
            self._text = (self._folder / name).read_text(encoding="utf-8")
        except OSError:
            return False
        self._dress()
        self.verticalScrollBar().setValue(0)
        return True

    def sections(self) -> list[str]:
        """List the titles of the sections."""
        return HEADING.findall(self._text)

    def go_to(self, number: int) -> None:
        """Scroll to the section *number*, from 0."""
        headings = self._headings()
        if number < len(headings):
            layout = self.document().documentLayout()
            self.verticalScrollBar().setValue(int(layout.blockBoundingRect(headings[number]).top()))
            self.setTextCursor(QTextCursor(headings[number]))

    def _headings(self) -> list[QTextBlock]:
        found, block = [], self.document().begin()
        while block.isValid():
            if block.blockFormat().headingLevel() == SECTION:
                found.append(block)
            block = block.next()
        return found

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Give the pictures of the folder, scaled to the room there is; nothing from anywhere else."""
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return None
        path = (self._folder / QUrl(name).path()).resolve()
        if not path.is_relative_to(self._folder.resolve()):
            return None
        room = max(200, min(self.viewport().width() - 3 * MARGIN, theme.px(WIDEST)))
        key = (str(path), room)
        if key not in self._pictures:
            self._pictures[key] = _scaled(key[0], room, self.devicePixelRatioF())
        return self._pictures[key]

    def _dress(self) -> None:
        """Lay the text out in the type, colours and width in force, once it is looked at."""
        if not self.isVisible():
            return
        place = self.verticalScrollBar().value()
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Link, theme.color(Role.ACCENT))
        self.setPalette(palette)
        document = QTextDocument(self)
        document.setDefaultFont(theme.font())
        document.setDocumentMargin(MARGIN)
        document.setMarkdown(self._text)
        _give_air(document)
        self.setDocument(document)
        self.verticalScrollBar().setValue(place)

    def showEvent(self, event: QShowEvent) -> None:
        """Lay out what was chosen before."""
        super().showEvent(event)
        self._dress()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scale the pictures to the new width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._pictures.clear()
            self._dress()

    def _follow(self, link: QUrl) -> None:
        self.wanted.emit(link.path())


def _scaled(path: str, room: int, ratio: float) -> QImage:
    """Return a picture at most *room* logical pixels wide."""
    image = QImage(path)
    if image.width() > room * ratio:
        image = image.scaledToWidth(int(room * ratio), Qt.TransformationMode.SmoothTransformation)
    image.setDevicePixelRatio(max(ratio, image.width() / room))
    return image


def _give_air(document: QTextDocument) -> None:
    """Part paragraphs and sections: Markdown as Qt lays it out is too dense to read."""
    whole = QTextCursor(document)
    whole.beginEditBlock()
    block = document.begin()
    while block.isValid():
        form = QTextBlockFormat()
        if block.blockFormat().headingLevel():
            form.setTopMargin(S24)
            form.setBottomMargin(S8)
        elif QTextCursor(block).currentTable() is None:
            form.setTopMargin(S4)
            form.setBottomMargin(S8)
            if PICTURE not in block.text():
                form.setLineHeight(130, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        QTextCursor(block).mergeBlockFormat(form)
        block = block.next()
    whole.endEditBlock()
