"""One column of the table: what it is taken for, what to know of it, and its role."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from medgui.charts.figures import unit_words
from medgui.i18n import _
from medgui.record.variables import VARIABLES
from medgui.ui.pages.workshop import texts
from medgui.ui.shapes import Mark
from medgui.ui.theme import S4, S8, S12, S16, S24, Role, Type
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.chip import MarkIcon
from medgui.ui.widgets.field import Choice
from medgui.ui.widgets.panels import Pairs
from medgui.ui.widgets.text import Rule, Text, clear_layout

if TYPE_CHECKING:
    from medgui.workshop.columns import Column, Note


class ColumnPanel(QWidget):
    """Signals carry the heading: `role_chosen(name, role)`, `unit_stated(name, unit)`, `vouched(name)`."""

    role_chosen = Signal(str, str)
    unit_stated = Signal(str, str)
    vouched = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._name = ""
        self.title = Text("", Type.SECTION, wrap=True)
        self.why = Text("", role=Role.MUTED, wrap=True)
        self.facts = Pairs(104)
        self.role = Choice(lambda: _("Role of the column"))
        self.role.activated.connect(lambda _at: self._choose_role())
        self.unit = QLineEdit()
        self.unit.setProperty("alone", True)
        self.unit.editingFinished.connect(self._state_unit)
        self.units = Choice(lambda: _("Unit of the values"))
        self.units.activated.connect(lambda _at: self._confirm_unit())
        self.confirm = Button("", self._confirm_unit)
        self._unit_label = Text(lambda: _("Unit of the values"), Type.CAPTION, Role.MUTED)
        self.keep = Button(
            lambda: _("It is known beforehand: keep it"),
            lambda: self.vouched.emit(self._name),
            key="K",
        )
        self._notes = QVBoxLayout()
        self._notes.setSpacing(S8)
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(S24, S12, S24, S16)
        column.setSpacing(S12)
        for widget in (self.title, self.why, self.facts, Rule()):
            column.addWidget(widget)
        column.addLayout(self._notes)
        column.addWidget(self.keep)
        column.addWidget(self.confirm)
        label = Text(lambda: _("Role of the column"), Type.CAPTION, Role.MUTED)
        for controls in ((label, self.role), (self._unit_label, self.unit, self.units)):
            block = QVBoxLayout()
            block.setSpacing(S4)
            for control in controls:
                block.addWidget(control)
            column.addLayout(block)

    def first(self) -> QWidget:
        """Where the focus goes first: what settles the column, else its role, else the title."""
        for control in (self.keep, self.confirm, self.role, self.unit, self.units):
            if control.isVisibleTo(self) and control.isEnabled():
                return control
        return self.role

    def show_column(self, column: Column | None, notes: Sequence[Note], rows: int, *, settled: bool) -> None:
        """Show another column; *settled*: a person has vouched for it."""
        self.setVisible(column is not None)
        if column is None:
            self._name = ""
            return
        self._name = column.name
        self.title.set_words(column.name)
        self.why.set_words(column.why)
        self.why.setVisible(bool(column.why))
        self._facts(column, rows)
        clear_layout(self._notes)
        for note in notes:
            self._notes.addLayout(note_line(note, blocking=note.blocks and not settled))
        codes = {note.code for note in notes if note.blocks and not settled and column.role == "input"}
        self.keep.setVisible("leak" in codes)
        self._controls(column)
        self.confirm.setVisible("unit_unsure" in codes)
        unit = unit_words(column.unit)
        self.confirm.set_words(lambda: _("The values are in {unit}").format(unit=unit))

    def _facts(self, column: Column, rows: int) -> None:
        self.facts.empty()
        self.facts.add(lambda: _("Holds"), lambda: _(texts.KINDS[column.kind]))
        self.facts.add(lambda: _("Known"), lambda: texts.known(column, rows))
        shown = texts.meaning(column)
        if shown:
            label = (lambda: _("Taken for")) if column.standard else (lambda: _("Own input"))
            self.facts.add(label, shown)
        if column.codes:
            pairs = ", ".join(f"{text} = {code:g}" for text, code in list(column.codes.items())[:6])
            self.facts.add(lambda: _("Codes"), pairs)

    def _controls(self, column: Column) -> None:
        self.role.clear()
        roles = texts.roles_of(column) if column.role != "label" else ("label",)
        for role in roles:
            self.role.addItem(_(texts.ROLES[role]), role)
        self.role.setCurrentIndex(max(0, self.role.findData(column.role)))
        self.role.setEnabled(len(roles) > 1)
        number = column.kind == "number" and column.role == "input"
        known = VARIABLES[column.input].units() if number and column.standard else ()
        self._unit_label.setVisible(number)
        self.unit.setVisible(number and not column.standard)
        self.unit.setText("" if column.unit == "1" else column.unit)
        self.unit.setPlaceholderText(_("none"))
        self.unit.setAccessibleName(_("Unit of the values"))
        self.units.setVisible(number and column.standard)
        self.units.clear()
        for unit in known:
            self.units.addItem(unit_words(unit) or _("none"), unit)
        self.units.setCurrentIndex(self.units.findData(column.unit))
        self.units.setEnabled(len(known) > 1)

    def _choose_role(self) -> None:
        self.role_chosen.emit(self._name, self.role.currentData())

    def _confirm_unit(self) -> None:
        self.unit_stated.emit(self._name, self.units.currentData())

    def _state_unit(self) -> None:
        if self.unit.isModified():
            self.unit.setModified(False)
            self.unit_stated.emit(self._name, self.unit.text().strip() or "1")


def note_line(note: Note, *, blocking: bool) -> QHBoxLayout:
    """A note with the shape of its level."""
    row = QHBoxLayout()
    row.setSpacing(S8)
    row.addWidget(MarkIcon(Mark.REFUSED if blocking else Mark.CAUTION), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(Text(note.message, wrap=True), 1)
    return row
