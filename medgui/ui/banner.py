"""The patient banner: who is on the screen, always there, not to be confused."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from medgui.i18n import _
from medgui.ui.shapes import Mark, hairline, paint_text
from medgui.ui.shell import Shell, Width
from medgui.ui.theme import S4, S8, S12, S16, S24, S32, Role, Type, theme
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.chip import Chip, MarkIcon
from medgui.ui.widgets.text import Elided, Filled, Text

if TYPE_CHECKING:
    from medgui.record.model import Record

NAMED = 12
"""Files named in the tooltip; the sheet that a click opens lists more."""


class _Labelled(QWidget):
    """A muted label over one line of value."""

    def __init__(self, name: str, least: int = 160) -> None:
        super().__init__()
        self.setObjectName(name)
        self.label = Text("", Type.CAPTION, Role.MUTED, select=False)
        self.value = Elided(least=least)
        self.mark = MarkIcon(Mark.HIGH, 10)
        self.mark.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addStretch(1)
        column.addWidget(self.label)
        row = QHBoxLayout()
        row.setSpacing(S4)
        row.addWidget(self.mark)
        row.addWidget(self.value, 1)
        column.addLayout(row)
        column.addStretch(1)

    def show_pair(self, label: str, value: str, mark: Mark | None = None) -> None:
        """Show a label and a value; *mark* puts a level's shape before it."""
        self.label.set_words(label)
        self.value.set_words(value)
        self.mark.setVisible(mark is not None)
        if mark is not None:
            self.mark.set_mark(mark)
        self.setAccessibleName(f"{label}: {value}")


class _Brand(QPushButton):
    """The word "medgui" where no patient is open; leads to the start page."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.setProperty("close", True)
        self.setText("medgui")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.clicked.connect(lambda: shell.go("start"))
        theme.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        self.setFont(theme.font(Type.HEAD))
        self.setAccessibleName(_("medgui, start page"))
        self.setFixedWidth(self.fontMetrics().horizontalAdvance("medgui") + 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the word alone."""
        paint_text(QPainter(self), QRectF(self.rect()), "medgui", type_=Type.HEAD)


class Banner(Filled):
    """Name, identity and allergies at the left, file and time at the right."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(Role.SURFACE)
        self._shell = shell
        self.setAccessibleName(_("Patient"))
        self.brand = _Brand(shell)
        self.name = Elided("", Type.HEAD, least=230)
        self.name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.standing = Chip("", Mark.INFO)
        self.born, self.sex = _Labelled("born"), _Labelled("sex")
        self.number, self.allergies = _Labelled("number"), _Labelled("allergies", 130)
        self.none = Text(lambda: _("No patient open"), Type.BODY, Role.MUTED)
        self.offline = Text(lambda: _("Offline by design: nothing leaves this PC"), Type.BODY, Role.MUTED)
        self.read = Elided("", Type.CAPTION, Role.MUTED, align=Qt.AlignmentFlag.AlignRight)
        self.file = Elided("", Type.BODY, align=Qt.AlignmentFlag.AlignRight)
        self.files_button = Button("", self._list_files, kind="quiet")
        self.files_button.setProperty("close", True)  # the height of a line, not of a button
        self.close_button = Button(
            lambda: _("Close patient"), shell.visit.close, tip=lambda: _("Close patient (Ctrl+W)")
        )
        self._build()
        shell.visit.leaving.connect(self.clear)
        shell.visit.record_changed.connect(self.refresh)
        shell.visit.opening_changed.connect(self.refresh)
        shell.layout_changed.connect(self.refresh)
        shell.layout_changed.connect(self._dress)
        theme.changed.connect(self._dress)
        self._dress()
        self.refresh()

    def _build(self) -> None:
        self._first = QHBoxLayout()
        self._first.setSpacing(S24)
        self._second = QHBoxLayout()
        self._second.setSpacing(S16)
        self._second.addStretch(1)
        head = QHBoxLayout()
        head.setSpacing(S12)
        head.addWidget(self.brand)
        head.addWidget(self.name)
        self._first.addLayout(head)
        for widget in (self.standing, self.born, self.sex, self.number):
            self._first.addWidget(widget)
        self._first.addWidget(self.allergies)
        self._first.addWidget(self.none)
        self._source = QVBoxLayout()
        self._source.setSpacing(0)
        self._source.addStretch(1)
        self._source.addWidget(self.read)
        self._source.addWidget(self.file)
        self._source.addWidget(self.files_button, 0, Qt.AlignmentFlag.AlignRight)
        self._source.addStretch(1)
        self._first.addStretch(1)
        self._first.addLayout(self._source)
        self._first.addWidget(self.offline)
        self._first.addWidget(self.close_button)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        self._column.addLayout(self._first)
        self._column.addLayout(self._second)

    @property
    def _tiny(self) -> bool:
        return self._shell.layout.width < Width.NARROW

    def clear(self) -> None:
        """Show no word of the patient."""
        for part in (self.born, self.sex, self.number, self.allergies):
            part.show_pair("", "")
        self.name.set_words("")
        self.read.set_words("")
        self.file.set_words("")
        if self.files_button.text():
            from medgui.ui.files_panel import FilesPanel

            FilesPanel.close_in(self.window())
        self.files_button.set_words("")
        self.files_button.set_tip("")
        self._show_patient(open_=False)
        self.repaint()

    def refresh(self) -> None:
        """Show the record in force."""
        record = self._shell.visit.record
        self._show_patient(open_=record is not None)
        if record is None:
            return
        from medgui.record import patient_words as words

        self.name.set_words(words.full_name(record.patient))
        self.born.show_pair(_("Born"), words.birth_words(record))
        self.sex.show_pair(_("Sex"), words.sex_words(record))
        self.number.show_pair(_("Record no."), words.record_number(record.patient))
        text, level = words.allergy_words(record)
        self.allergies.show_pair(_("Allergies"), text, Mark(level) if level else None)
        self.read.set_words(_source_line(record, short=self._tiny))
        self.file.set_words(PurePath(record.file).name)
        self.files_button.set_words(words.source_words(record) if len(record.parts) > 1 else "")
        self.files_button.set_tip("\n".join(part.name for part in record.parts[:NAMED]))
        self._stand(record)
        self._dress()

    def _list_files(self) -> None:
        from medgui.ui.files_panel import FilesPanel

        record = self._shell.visit.record
        if record is not None:
            FilesPanel.open_in(self.window(), record, self.files_button)

    def _stand(self, record: Record) -> None:
        """Show the word for a deceased, test or demonstration patient (safety rule 4)."""
        from medgui.record import patient_words as words

        origin = self._shell.visit.origin
        word, mark = "", Mark.INFO
        if record.patient.deceased:
            day = words.partial_date(record.patient.deceased)
            known = record.patient.deceased[:1].isdigit()
            word = _("Deceased {date}").format(date=day) if known else _("Deceased")
            mark = Mark.HIGH
        elif origin is not None and origin.demo:
            word = _("Demo") if self._tiny else _("Demonstration patient")
        elif record.patient.is_test:
            word = _("Test patient")
        self.standing.set_chip(word, mark)
        self.standing.setVisible(bool(word))

    def _show_patient(self, *, open_: bool) -> None:
        for widget in (self.name, self.born, self.sex, self.number, self.allergies, self.read, self.file):
            widget.setVisible(open_)
        self.files_button.setVisible(False)
        self.close_button.setVisible(open_)
        self.standing.setVisible(False)
        tiny = self._shell.layout.width < Width.NARROW
        self.brand.setVisible(not open_)
        self.none.setVisible(not open_)
        self.offline.setVisible(not open_ and not tiny)

    def _dress(self) -> None:
        layout = self._shell.layout
        tiny = layout.width < Width.NARROW
        height = theme.height("banner_low" if layout.low else "banner")
        open_ = self._shell.visit.record is not None
        two = layout.width < Width.NORMAL and open_
        self.setFixedHeight(height + theme.px(34) if two else height)
        self._column.setContentsMargins(S24 - 4, 0, S24, S4 if two else 0)
        self._first.setSpacing(S12 if layout.width < Width.MEDIUM else S32 - S8)
        self._move(self.allergies, second=two)
        self._move(self.number, second=two)
        self._move(self.standing, second=two)
        record = self._shell.visit.record
        several = record is not None and len(record.parts) > 1
        self.file.setVisible(open_ and not tiny and not several)
        self.files_button.setVisible(several and not tiny)
        self.files_button.setFixedHeight(theme.px(24))
        self._move(self.read, second=tiny and open_)
        self.offline.setVisible(not open_ and not tiny)
        self.setAccessibleName(_("Patient"))

    def _move(self, widget: QWidget, *, second: bool) -> None:
        here = self._second.indexOf(widget) >= 0
        if second and not here:
            (self._source if widget is self.read else self._first).removeWidget(widget)
            last = self._second.count() - 1  # the stretch; the source stands behind it
            self._second.insertWidget(last + 1 if widget is self.read else last, widget)
        elif not second and here:
            self._second.removeWidget(widget)
            if widget is self.read:
                self._source.insertWidget(1, widget)
                return
            self._first.insertWidget({self.standing: 1, self.number: 4}.get(widget, 5), widget)

    def changeEvent(self, event: QEvent) -> None:
        """Say it again in the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.refresh()
            self._dress()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill, and draw the line under the banner."""
        super().paintEvent(event)
        hairline(QPainter(self), 0, self.width(), self.height() - 1)


def _source_line(record: Record, *, short: bool) -> str:
    """Say format, document date and time of reading: "FHIR R4 · document of 3 Nov 2026 · read 09:42"."""
    from medgui.record import patient_words as words

    several = len(record.parts) > 1
    parts = [] if several or (short and record.document_date) else [words.source_words(record)]
    if record.document_date:
        day = words.partial_date(record.document_date)
        parts.append((_("newest of {date}") if several else _("document of {date}")).format(date=day))
    if not (short and record.document_date):
        parts.append(_("read {time}").format(time=words.moment(record.read_at)))
    return " \u00b7 ".join(parts)
