"""What is asked, in the page and not in a dialog, before a file can be opened: which of several patients."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from medgui.i18n import _, ngettext
from medgui.ui.shapes import Mark
from medgui.ui.shell import Shell
from medgui.ui.theme import S8, S16, S24, Role
from medgui.ui.visit import Opening
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.chip import MarkIcon
from medgui.ui.widgets.panels import PageHead
from medgui.ui.widgets.table import Cell, Row, RowsModel, Table
from medgui.ui.widgets.text import Filled, Text


class _ChoiceTable(Table):
    """A table in which Enter and a double click take the row."""

    taken = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the row by Enter."""
        row = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and row.isValid():
            if self.selectionModel().isSelected(row):
                self.take()
            else:  # the focus alone chooses nobody
                self.selectRow(row.row())
        else:
            super().keyPressEvent(event)

    def take(self) -> None:
        """Take the current row."""
        row = self.rows.row_at(self.currentIndex())
        if row is not None and self.selectionModel().isSelected(self.currentIndex()):
            self.taken.emit(row.key)


class Chooser(Filled):
    """Lists the patients of a file; nobody is chosen beforehand."""

    left = Signal()

    def __init__(self, shell: Shell) -> None:
        super().__init__(Role.SURFACE)
        self._shell = shell
        self._opening: Opening | None = None
        self._number = 0
        self._why = ""
        self.open_button = Button(lambda: _("Open this patient"), self._take, key="Enter", kind="primary")
        self.open_button.setEnabled(False)
        leave = Button(lambda: _("Back"), self.leave)
        self.head = PageHead(self._title, [leave, self.open_button])
        model = RowsModel([lambda: _("Patient"), lambda: _("Id in the file")])
        self.table = _ChoiceTable(model, lambda: _("Patients in the file"))
        self.table.set_widths([None, 220])
        self.table.taken.connect(self._open)
        self.table.doubleClicked.connect(lambda _index: self.table.take())
        self.table.selectionModel().selectionChanged.connect(self._selected)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.head)
        inner = QVBoxLayout()
        inner.setContentsMargins(S24, S8, S24, S16)
        inner.setSpacing(S8)
        self._mark = MarkIcon(Mark.REFUSED, 14)
        self.said = Text(self._words, wrap=True)
        said = QHBoxLayout()
        said.setSpacing(S8)
        said.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        said.addWidget(self.said, 1)
        inner.addLayout(said)
        inner.addWidget(self.table, 1)
        column.addLayout(inner, 1)

    def ask(self, opening: Opening, patients: Sequence[tuple[str, str]]) -> None:
        """List *patients*, (id, label) in file order."""
        self._show(opening, patients, "")

    def refuse(self, opening: Opening, sentence: str, people: Sequence[tuple[str, str]]) -> None:
        """Say why files are not opened together, and whose they are: one person's may be opened."""
        self._show(opening, people, sentence)

    def _show(self, opening: Opening, patients: Sequence[tuple[str, str]], why: str) -> None:
        self._opening, self._why = opening, why
        self._mark.setVisible(bool(why))
        self.said.set_role(Role.TEXT if why else Role.MUTED)
        self.head.title.set_words(self._title)
        self._number = len(patients)
        cells = [(key, Cell(label or key), Cell(key, role=Role.MUTED)) for key, label in patients]
        self.table.rows.set_rows([Row((first, second), key=key) for key, first, second in cells])
        self.open_button.setEnabled(False)
        self.said.set_words(self._words)
        self.table.setFocus()

    def leave(self) -> None:
        """Go back without opening; the list is emptied, it names people."""
        self.table.rows.set_rows([])
        self.said.set_words("")
        self._opening = None
        self.left.emit()

    def _selected(self) -> None:
        self.open_button.setEnabled(self.table.selectionModel().hasSelection())

    def _title(self) -> str:
        return _("Different people: not opened together") if self._why else _("Which patient?")

    def _words(self) -> str:
        if self._why:
            return _("{why} To open the files of one person alone, choose the person.").format(why=self._why)
        sentence = ngettext(
            "{n} patient was found. One patient is shown at a time.",
            "{n} patients were found. One patient is shown at a time.",
            self._number,
        )
        return sentence.format(n=self._number)

    def _take(self) -> None:
        self.table.take()

    def _open(self, patient: str) -> None:
        opening = self._opening
        if opening is not None:
            self._shell.visit.open(replace(opening, patient=patient))
