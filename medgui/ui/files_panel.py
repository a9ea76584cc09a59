"""The files that the record on the screen was read from, as a sheet under the banner; not a dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from medgui.i18n import _, format_count, ngettext
from medgui.ui.theme import S8, S16, S24, Role, Type, theme
from medgui.ui.widgets.button import CloseButton
from medgui.ui.widgets.text import Elided, Filled, Rule, Text, focus_again

if TYPE_CHECKING:
    from medgui.record.model import Record

LISTED = 200


class FilesPanel(QFrame):
    """Lists name and date of each file; closed by Esc, its button, or with the patient."""

    def __init__(self, window: QWidget, record: Record, back: QWidget) -> None:
        super().__init__(window)
        self.setProperty("raised", True)
        self.setAccessibleName(_("Files of this record"))
        self._back = back
        column = QVBoxLayout(self)
        column.setContentsMargins(S24, S16, S8, S16)
        column.setSpacing(S8)
        head = QHBoxLayout()
        head.addWidget(Text(_("Files of this record"), Type.SECTION))
        head.addStretch(1)
        self.close_button = CloseButton(lambda: _("Close"))
        self.close_button.clicked.connect(self.leave)
        head.addWidget(self.close_button)
        column.addLayout(head)
        column.addWidget(Rule())
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(_list(record))
        column.addWidget(area, 1)

    def leave(self) -> None:
        """Close, and put the focus back where it was."""
        self.hide()
        focus_again(self._back)
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
    def open_in(cls, window: QWidget, record: Record, under: QWidget) -> None:
        """Open the sheet under the widget that asked for it, or close it where it is open."""
        if cls.close_in(window):
            return
        panel = cls(window, record, under)
        rows = min(len(record.parts), LISTED)
        width = min(theme.px(480), window.width() - 2 * S16)
        height = min(theme.px(76) + rows * (theme.line(Type.BODY) + 4), window.height() // 2)
        corner = under.mapTo(window, QPoint(under.width(), under.height()))
        panel.setGeometry(max(S16, corner.x() - width), corner.y() + S8, width, height)
        panel.show()
        panel.raise_()
        panel.close_button.setFocus()

    @classmethod
    def close_in(cls, window: QWidget) -> bool:
        """Close the sheet of *window*; False where none is open."""
        for panel in window.findChildren(cls):
            if panel.isVisible():
                panel.leave()
                return True
        return False


def _list(record: Record) -> QWidget:
    from medgui.record.patient_words import partial_date

    host = Filled(Role.RAISED)
    grid = QGridLayout(host)
    grid.setContentsMargins(0, 0, S16, 0)
    grid.setHorizontalSpacing(S24)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(0, 1)
    for row, part in enumerate(record.parts[:LISTED]):
        grid.addWidget(Elided(part.name), row, 0)
        day = partial_date(part.document_date) if part.document_date else _("no date")
        grid.addWidget(Text(day, role=Role.MUTED), row, 1)
    left = len(record.parts) - LISTED
    if left > 0:
        words = ngettext("{n} more file", "{n} more files", left).format(n=format_count(left))
        grid.addWidget(Text(words, role=Role.MUTED), LISTED, 0)
    grid.setRowStretch(grid.rowCount(), 1)
    return host
