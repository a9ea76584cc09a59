"""What is asked, in the page and not in a dialog, before a file can be opened: which of several patients."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout

from medgui.i18n import _, ngettext
from medgui.ui.shell import Shell
from medgui.ui.theme import S8, S16, S24, Role, Type
from medgui.ui.visit import Opening
from medgui.ui.widgets.button import Button
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
        self.open_button = Button(lambda: _("Open this patient"), self._take, key="Enter", kind="primary")
        self.open_button.setEnabled(False)
        leave = Button(lambda: _("Back"), self.leave)
        self.head = PageHead(lambda: _("Which patient?"), [leave, self.open_button])
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
        self._said = Text(self._words, Type.BODY, Role.MUTED, wrap=True)
        inner.addWidget(self._said)
        inner.addWidget(self.table, 1)
        column.addLayout(inner, 1)

    def ask(self, opening: Opening, patients: Sequence[tuple[str, str]]) -> None:
        """List *patients*, (id, label) in file order."""
        self._opening = opening
        self._number = len(patients)
        cells = [(key, Cell(label or key), Cell(key, role=Role.MUTED)) for key, label in patients]
        self.table.rows.set_rows([Row((first, second), key=key) for key, first, second in cells])
        self.open_button.setEnabled(False)
        self._said.set_words(self._words)
        self.table.setFocus()

    def leave(self) -> None:
        """Go back without opening; the list is emptied, it names people."""
        self.table.rows.set_rows([])
        self._opening = None
        self.left.emit()

    def _selected(self) -> None:
        self.open_button.setEnabled(self.table.selectionModel().hasSelection())

    def _words(self) -> str:
        sentence = ngettext(
            "The file holds {n} patient. One patient is shown at a time.",
            "The file holds {n} patients. One patient is shown at a time.",
            self._number,
        )
        return sentence.format(n=self._number)

    def _take(self) -> None:
        self.table.take()

    def _open(self, patient: str) -> None:
        opening = self._opening
        if opening is not None:
            self._shell.visit.open(replace(opening, patient=patient))
