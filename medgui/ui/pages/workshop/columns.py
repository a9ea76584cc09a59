"""The columns of a clinic's table: the outcome, and the role of each other column, to be confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medgui.i18n import _, format_count
from medgui.ui.pages.workshop import texts
from medgui.ui.pages.workshop.column_panel import ColumnPanel, note_line
from medgui.ui.shapes import Mark
from medgui.ui.shell import Shell, Width
from medgui.ui.theme import S4, S8, S12, S24, Role, Type, theme
from medgui.ui.widgets.field import Choice, beside
from medgui.ui.widgets.table import Cell, Right, Row, RowsModel, Table
from medgui.ui.widgets.text import Body, Text, VRule, clear_layout

if TYPE_CHECKING:
    from medgui.workshop.choices import Choices
    from medgui.workshop.columns import Note
    from medgui.workshop.plan import Plan

SIDE = 360


class ColumnsView(QWidget):
    """`outcome_chosen(label, positive)` asks to look at the table again; `changed(choices)` tells of another choice."""

    outcome_chosen = Signal(str, str)
    changed = Signal(object)

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self._plan: Plan | None = None
        self._choices: Choices | None = None
        self.label = Choice(lambda: _("Outcome"))
        self.label.activated.connect(lambda _at: self.outcome_chosen.emit(self.label.currentData(), ""))
        self.event_choice = Choice(lambda: _("The event"))
        self.event_choice.activated.connect(lambda _at: self._event_chosen())
        self.table = self._make_table()
        self.panel = ColumnPanel()
        self.panel.role_chosen.connect(self._set_role)
        self.panel.unit_stated.connect(self._set_unit)
        self.panel.vouched.connect(self._keep)
        self._notes = QVBoxLayout()
        self._notes.setSpacing(S4)
        self._lay_out()

    def _make_table(self) -> Table:
        titles = (
            lambda: _("Column"),
            lambda: _("Role"),
            lambda: _("In the model"),
            lambda: _("Holds"),
            lambda: _("Known"),
        )
        model = RowsModel(titles)
        model.aligned[4] = Right
        table = Table(model, lambda: _("Columns of the table"))
        table.set_widths((190, 140, None, 110, 64))
        table.selectionModel().currentRowChanged.connect(lambda _now, _old: self._show_current())
        return table

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setContentsMargins(S24, S12, S12, 0)
        left.setSpacing(S8)
        self.described = Text("", Type.BODY, Role.MUTED, wrap=True)
        left.addWidget(self.described)
        label = Text(lambda: _("The model learns to tell"), role=Role.MUTED)
        event = Text(lambda: _("the event is"), role=Role.MUTED)
        left.addWidget(beside(label, self.label, event, self.event_choice, spacing=S8))
        left.addLayout(self._notes)
        left.addWidget(self.table, 1)
        body = Body()
        body.column.addWidget(self.panel)
        self.side = body
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(left, 1)
        self.rule = VRule()
        row.addWidget(self.rule)
        row.addWidget(body)
        self.relayout()

    def relayout(self) -> None:
        """Give the right part a width that leaves the table its columns."""
        width = self._shell.layout.width
        side = theme.px(SIDE) if width >= Width.NORMAL else theme.px(SIDE * 3 // 4)
        self.side.setFixedWidth(side)
        for column, least in ((3, Width.NORMAL), (4, Width.MEDIUM), (2, Width.NARROW)):
            self.table.setColumnHidden(column, width < least)

    # What is shown

    def show_plan(self, plan: Plan, choices: Choices) -> None:
        """Show another table, or the same one seen with another outcome."""
        self._plan, self._choices = plan, choices
        self.label.clear()
        for column in plan.columns:
            self.label.addItem(column.name, column.name)
        self.label.setCurrentIndex(self.label.findData(plan.label))
        self.event_choice.clear()
        for text, count in plan.outcomes[:50]:
            words = _("{value} ({n} rows)").format(value=text, n=format_count(count))
            self.event_choice.addItem(words, text)
        self.event_choice.setCurrentIndex(self.event_choice.findData(plan.positive))
        self.say_again()
        place = next((n for n, c in enumerate(plan.columns) if self._marked(c.name)), 0)
        self.table.selectRow(place)

    def say_again(self) -> None:
        """Fill the table and the notes."""
        if self._plan is None:
            return
        table = self._plan.table
        self.described.set_words(lambda: texts.rows_and_columns(table.file, table.rows, len(table.names)))
        clear_layout(self._notes)
        for note in self._plan.notes:
            if note.column in ("", self._plan.label):
                self._notes.addLayout(note_line(note, blocking=note.blocks))
        self._fill()
        self._show_current()

    def _fill(self) -> None:
        if self._plan is None or self._choices is None:
            return
        rows = []
        for column in self._choices.columns:
            muted = Role.MUTED if column.role == "leave_out" else Role.TEXT
            cells = (
                Cell(column.name, muted, bold=column.role == "label", mark=self._marked(column.name)),
                Cell(_(texts.ROLES[column.role]), muted),
                Cell(texts.meaning(column), muted),
                Cell(_(texts.KINDS[column.kind]), Role.MUTED),
                Cell(texts.known(column, self._plan.table.rows), Role.MUTED, align=Right),
            )
            rows.append(Row(cells, column.name))
        if self.table.rows.rowCount() == len(rows):
            self.table.rows.change_rows(rows)
        else:
            self.table.rows.set_rows(rows)

    def _marked(self, name: str) -> Mark | None:
        """What to draw before a heading: something blocks, something is worth a look, or nothing."""
        notes = self._notes_of(name)
        if any(self._blocks(note) for note in notes):
            return Mark.REFUSED
        return Mark.CAUTION if notes else None

    def _notes_of(self, name: str) -> list[Note]:
        return [note for note in self._plan.notes if note.column == name] if self._plan is not None else []

    def _blocks(self, note: Note) -> bool:
        choices = self._choices
        if not note.blocks or choices is None:
            return False
        role = next((column.role for column in choices.columns if column.name == note.column), "label")
        return role == "label" or (role != "leave_out" and note.column not in choices.settled)

    def blocking(self) -> str:
        """The first sentence that stands in the way of training; "" where nothing does."""
        notes = self._plan.notes if self._plan is not None else ()
        return next((note.message for note in notes if self._blocks(note)), "")

    @property
    def current(self) -> str:
        """The heading of the chosen column."""
        row = self.table.rows.row_at(self.table.currentIndex())
        return row.key if row is not None else ""

    def _show_current(self) -> None:
        if self._plan is None or self._choices is None:
            return
        name = self.current
        column = next((c for c in self._choices.columns if c.name == name), None)
        settled = name in self._choices.settled
        self.panel.show_column(column, self._notes_of(name), self._plan.table.rows, settled=settled)

    # Choices

    def _event_chosen(self) -> None:
        self.outcome_chosen.emit(self.label.currentData(), self.event_choice.currentData())

    def _set_role(self, name: str, role: str) -> None:
        if self._choices is not None:
            self._take(self._choices.with_role(name, role))  # type: ignore[arg-type]

    def _set_unit(self, name: str, unit: str) -> None:
        if self._choices is not None:
            self._take(self._choices.with_unit(name, unit))

    def _keep(self, name: str) -> None:
        if self._choices is not None:
            self._take(self._choices.with_kept(name))

    def _take(self, choices: Choices) -> None:
        self._choices = choices
        self._fill()
        self._show_current()
        self.changed.emit(choices)
