"""What the clinic has said its laboratories' codes mean: every entry, to be looked at and removed."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from medgui.assessment import words
from medgui.i18n import _, pgettext
from medgui.record.code_map import MapEntry
from medgui.ui.pages.codes import texts
from medgui.ui.theme import S8, S12, Role, Type
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.table import Cell, Row, RowsModel, Table
from medgui.ui.widgets.text import Text


class EntriesTable(Table):
    """Delete removes the current entry."""

    def __init__(self, model: RowsModel, remove: Callable[[], object]) -> None:
        super().__init__(model, lambda: _("Entries of the clinic"))
        self._remove = remove

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Remove by the key that removes things everywhere."""
        if event.key() == Qt.Key.Key_Delete:
            self._remove()
        else:
            super().keyPressEvent(event)


class EntriesView(QWidget):
    """`removed` carries the `MapEntry` that is to go."""

    removed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._entries: tuple[MapEntry, ...] = ()
        self.search = QLineEdit()
        self.search.setProperty("alone", True)
        self.search.textChanged.connect(lambda _text: self._fill())
        self.remove_button = Button(lambda: _("Remove"), self.remove, key="Del")
        titles = (
            lambda: _("Name in the file"),
            lambda: pgettext("laboratory", "Code"),
            lambda: _("Means"),
            lambda: _("Entered"),
        )
        self.table = EntriesTable(RowsModel(titles), self.remove)
        self.table.set_widths((None, 190, 220, 110))
        self.table.selectionModel().selectionChanged.connect(lambda *_args: self._enable())
        self.note = Text("", role=Role.MUTED, wrap=True)
        line = QHBoxLayout()
        line.setContentsMargins(S12, 0, S12, 0)
        line.setSpacing(S8)
        line.addWidget(self.search, 1)
        line.addWidget(self.remove_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(S12, S12, S12, 0)
        column.setSpacing(S8)
        column.addLayout(line)
        column.addWidget(self.note)
        column.addWidget(self.table, 1)
        self.say_again()

    def show_entries(self, entries: Sequence[MapEntry]) -> None:
        """List the entries by name."""
        self._entries = tuple(sorted(entries, key=lambda each: (each.name.casefold(), each.code)))
        self._fill()

    @property
    def count(self) -> int:
        """How many entries there are."""
        return len(self._entries)

    def say_again(self) -> None:
        """Say everything in the language in force."""
        self.search.setPlaceholderText(_("Name or code"))
        self.search.setAccessibleName(_("Find an entry"))
        self._fill()

    def narrow(self, on: bool) -> None:
        """Leave the less important columns out where there is no room."""
        self.table.setColumnHidden(1, on)
        self.table.setColumnHidden(3, on)

    def _fill(self) -> None:
        wanted = self.search.text().strip().casefold()
        row = self.table.currentIndex().row()
        found = [each for each in self._entries if wanted in _words(each)]
        self.table.rows.set_rows([_row(each) for each in found])
        if found and row >= 0:
            self.table.selectRow(min(row, len(found) - 1))
        if not self._entries:
            said = _(
                "No code is named yet. Open a file of a laboratory that sends codes of its own, or import."
            )
        else:
            said = "" if found else _("No entry has this name or code.")
        self.note.set_words(said)
        self.note.setVisible(bool(said))
        self._enable()

    def _enable(self) -> None:
        self.remove_button.setEnabled(bool(self.table.selectionModel().selectedRows()))

    def remove(self) -> None:
        """Ask for the chosen entry to be removed."""
        row = self.table.rows.row_at(self.table.currentIndex())
        if row is None or not self.remove_button.isEnabled():
            return
        self.removed.emit(next(each for each in self._entries if repr(each.key) == row.key))


def _words(entry: MapEntry) -> str:
    return f"{entry.name} {entry.code} {entry.system} {texts.entry_text(entry)} {entry.variable}".casefold()


def _row(entry: MapEntry) -> Row:
    means, name = texts.entry_text(entry), texts.name_text(entry.name, entry.code)
    code = texts.code_text(entry.system, entry.code)
    return Row(
        (
            Cell(name, bold=True, tip=name),
            Cell(code, Role.MUTED, tip=code),
            Cell(means, Role.MUTED if entry.ignored else Role.TEXT, tip=means),
            Cell(words.when(entry.at[:10]) if entry.at else "", Role.MUTED, type_=Type.CAPTION, tip=entry.by),
        ),
        key=repr(entry.key),
    )
