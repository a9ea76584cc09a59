"""The files that the record on the screen was read from, as a sheet under the banner; not a dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QGridLayout, QWidget

from medgui.i18n import _, format_count, ngettext
from medgui.ui.theme import S8, S16, S24, Role, Type, theme
from medgui.ui.widgets.sheet import Sheet
from medgui.ui.widgets.text import Elided, Filled, Text

if TYPE_CHECKING:
    from medgui.record.model import Record

LISTED = 200


class FilesPanel(Sheet):
    """Lists name and date of each file; closed by Esc, its button, or with the patient."""

    def __init__(self, window: QWidget, record: Record, back: QWidget) -> None:
        super().__init__(window, _("Files of this record"), _list(record), back)

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
        panel.appear()


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
