"""The columns of a clinic's table: the outcome, and the role of each other column, to be confirmed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from medgui.i18n import _, format_count, ngettext
from medgui.ui.pages.workshop import texts
from medgui.ui.pages.workshop.column_panel import ColumnPanel, note_line
from medgui.ui.shapes import Mark
from medgui.ui.shell import Shell, Width
from medgui.ui.theme import S4, S8, S12, S16, S24, Role, Type, theme
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.field import Choice
from medgui.ui.widgets.table import Cell, Right, Row, RowsModel, Table
from medgui.ui.widgets.text import Body, Text, VRule, clear_layout

if TYPE_CHECKING:
    from medgui.workshop.choices import Choices
    from medgui.workshop.columns import Column, Note
    from medgui.workshop.plan import Plan

SIDE = 360
MOST_VALUES = 50
"""Values of an outcome that are offered as the event."""


class ColumnsTable(Table):
    """Enter goes to the choices of the current column."""

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pass Enter on; letters belong to the page, not to Qt's search in the list."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Search nothing: letters choose roles."""


class ColumnsView(QWidget):
    """`outcome_chosen(label, positive)` asks to look at the table again; `changed(choices)` tells of another choice."""

    outcome_chosen = Signal(str, str)
    changed = Signal(object)

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self._plan: Plan | None = None
        self._choices: Choices | None = None
        self._notes_by: dict[str, list[Note]] = {}
        self._alone = False
        self._past: list[Choices] = []
        self._undone: list[Choices] = []
        self.label = _wide_choice(lambda: _("Outcome"))
        self.label.activated.connect(lambda _at: self.outcome_chosen.emit(self.label.currentData(), ""))
        self.event_choice = _wide_choice(lambda: _("The event"))
        self.event_choice.activated.connect(lambda _at: self._event_chosen())
        self.table = self._make_table()
        self.panel = ColumnPanel()
        self.panel.role_chosen.connect(self._set_role)
        self.panel.unit_stated.connect(self._set_unit)
        self.panel.vouched.connect(self._keep)
        self.back_button = Button(lambda: _("All columns"), self.show_list, kind="quiet", icon="chevron-left")
        self.next_button = Button(lambda: _("Next to look at"), self.next_noted, key="F4", kind="quiet")
        self._told = QWidget()
        self._notes = QVBoxLayout(self._told)
        self._notes.setContentsMargins(0, 0, 0, 0)
        self._notes.setSpacing(S4)
        self._lay_out()

    def _make_table(self) -> ColumnsTable:
        titles = (
            lambda: _("Column"),
            lambda: _("Role"),
            lambda: _("In the model"),
            lambda: _("Holds"),
            lambda: _("Known"),
        )
        model = RowsModel(titles)
        model.aligned[4] = Right
        table = ColumnsTable(model, lambda: _("Columns of the table"))
        table.selectionModel().currentRowChanged.connect(lambda _now, _old: self._show_current())
        table.entered.connect(self.look_closer)
        table.clicked.connect(lambda _index: self._open_where_narrow())
        return table

    def _lay_out(self) -> None:
        self.left = QWidget()
        left = QVBoxLayout(self.left)
        left.setContentsMargins(S24, S12, S12, 0)
        left.setSpacing(S8)
        self.described = Text("", Type.BODY, Role.MUTED, wrap=True)
        left.addWidget(self.described)
        self._asked = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._asked.setSpacing(S8)
        tells = Text(lambda: _("The model learns to tell"), role=Role.MUTED)
        event = Text(lambda: _("the event is"), role=Role.MUTED)
        for words, choice in ((tells, self.label), (event, self.event_choice)):
            pair = QHBoxLayout()
            pair.setSpacing(S8)
            pair.addWidget(words)
            pair.addWidget(choice, 1)
            pair.addStretch(0)
            self._asked.addLayout(pair, 1)
        left.addLayout(self._asked)
        left.addWidget(self._told)
        left.addWidget(self.table, 1)
        self.side = QWidget()
        side = QVBoxLayout(self.side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(0)
        bar = QHBoxLayout()
        bar.setContentsMargins(S16, S8, S16, 0)
        bar.addWidget(self.back_button)
        bar.addStretch(1)
        bar.addWidget(self.next_button)
        side.addLayout(bar)
        body = Body()
        body.column.addWidget(self.panel)
        body.column.addStretch(1)
        side.addWidget(body, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.left, 1)
        self.rule = VRule()
        row.addWidget(self.rule)
        row.addWidget(self.side)
        self.relayout()

    def relayout(self) -> None:
        """Give the right part a place beside the table, or the whole page."""
        width, low = self._shell.layout.width, self._shell.layout.low
        beside = width >= Width.MEDIUM
        self._alone = self._alone and not beside
        side = theme.px(SIDE if width >= Width.NORMAL else SIDE * 5 // 6)
        self.side.setMinimumWidth(side if beside else 0)
        self.side.setMaximumWidth(side if beside else 16_777_215)
        self.side.setVisible(beside or self._alone)
        self.left.setVisible(not self._alone)
        self.rule.setVisible(beside)
        self.back_button.setVisible(not beside)
        self.described.setVisible(not low)
        self._told.setVisible(not low or any(note.blocks for note in self._of_table()))
        direction = QBoxLayout.Direction
        stacked = width == Width.TINY and not low
        self._asked.setDirection(direction.TopToBottom if stacked else direction.LeftToRight)
        self.table.set_widths(
            (None, 132, 170, 110, 64) if width < Width.NARROW else (190, 140, None, 110, 64)
        )
        for column, least in ((3, Width.NORMAL), (4, Width.NARROW), (2, Width.NARROW)):
            self.table.setColumnHidden(column, width < least)

    # What is shown

    def show_plan(self, plan: Plan, choices: Choices) -> None:
        """Show another table, or the same one seen with another outcome."""
        same = self._plan is not None and self._plan.table is plan.table
        before = self.current if same else ""
        self._plan, self._choices = plan, choices
        self._past, self._undone = [], []
        self._notes_by = {}
        for note in plan.notes:
            self._notes_by.setdefault(note.column, []).append(note)
        self.label.clear()
        for column in plan.columns:
            self.label.addItem(column.name, column.name)
        self.label.setCurrentIndex(self.label.findData(plan.label))
        self.event_choice.clear()
        for text, count in plan.outcomes[:MOST_VALUES]:
            words = _("{value} ({n} rows)").format(value=text, n=format_count(count))
            self.event_choice.addItem(words, text)
        self.event_choice.setCurrentIndex(self.event_choice.findData(plan.positive))
        self.say_again()
        place = self.table.rows.row_of(before) if before else -1
        self.table.selectRow(place if place >= 0 else max(0, self._next_noted(-1)))

    def say_again(self) -> None:
        """Fill the table and the notes."""
        if self._plan is None:
            return
        table = self._plan.table
        self.described.set_words(lambda: texts.rows_and_columns(table.file, table.rows, len(table.names)))
        clear_layout(self._notes)
        for note in self._of_table():
            self._notes.addLayout(note_line(note, blocking=note.blocks))
        self.relayout()
        self._fill()
        self._show_current()

    def _of_table(self) -> list[Note]:
        """What is to be said of the table and its outcome."""
        names = dict.fromkeys(("", self._plan.label if self._plan is not None else ""))
        return [note for name in names for note in self._notes_by.get(name, ())]

    def _fill(self) -> None:
        if self._plan is None or self._choices is None:
            return
        rows = [self._row(column, self._plan.table.rows) for column in self._choices.columns]
        if self.table.rows.rowCount() == len(rows):
            self.table.rows.change_rows(rows)
        else:
            self.table.rows.set_rows(rows)
        waiting = sum(self._marked(column) is Mark.REFUSED for column in self._choices.columns)
        self.next_button.set_words(lambda: self._next_words(waiting))
        self.next_button.setVisible(any(self._marked(column) for column in self._choices.columns))

    @staticmethod
    def _next_words(waiting: int) -> str:
        if not waiting:
            return _("Next to look at")
        return ngettext("{n} column to settle", "{n} columns to settle", waiting).format(n=waiting)

    def _row(self, column: Column, rows: int) -> Row:
        muted = Role.MUTED if column.role == "leave_out" else Role.TEXT
        name = column.name
        return Row(
            (
                Cell(name, muted, bold=column.role == "label", mark=self._marked(column), tip=name),
                Cell(_(texts.ROLES[column.role]), muted),
                Cell(texts.meaning(column), muted),
                Cell(_(texts.KINDS[column.kind]), Role.MUTED),
                Cell(texts.known(column, rows), Role.MUTED, align=Right),
            ),
            name,
        )

    def _marked(self, column: Column) -> Mark | None:
        """What to draw before a heading: something blocks, something is worth a look, or nothing."""
        notes = self._notes_by.get(column.name, ())
        if any(self._blocks(note, column) for note in notes):
            return Mark.REFUSED
        return Mark.CAUTION if notes else None

    def _blocks(self, note: Note, column: Column) -> bool:
        settled = self._choices is not None and note.column in self._choices.settled
        return note.blocks and (column.role == "label" or (column.role != "leave_out" and not settled))

    def blocking(self) -> str:
        """The first sentence that stands in the way of training; "" where nothing does."""
        columns = self._choices.columns if self._choices is not None else ()
        for note in self._notes_by.get("", ()):
            if note.blocks:
                return note.message
        for column in columns:
            for note in self._notes_by.get(column.name, ()):
                if self._blocks(note, column):
                    return note.message
        return ""

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
        self.panel.show_column(column, self._notes_by.get(name, ()), self._plan.table.rows, settled=settled)

    # Moving

    def next_noted(self) -> None:
        """Go to the next column that is worth a look, the ones that block first."""
        place = self._next_noted(self.table.currentIndex().row())
        if place >= 0:
            self.table.selectRow(place)
            if not self._alone:
                self.table.setFocus()

    def _next_noted(self, row: int) -> int:
        if self._choices is None:
            return -1
        columns = self._choices.columns
        places: list[int] = [*range(row + 1, len(columns)), *range(row)]
        for wanted in (Mark.REFUSED, Mark.CAUTION):
            for place in places:
                if self._marked(columns[place]) is wanted:
                    return place
        return -1

    def _open_where_narrow(self) -> None:
        if self._shell.layout.width < Width.MEDIUM:
            self.look_closer()

    def look_closer(self) -> None:
        """Go to the choices of the current column; where they have no room beside the table, they take the page."""
        if not self.current:
            return
        self._alone = self._shell.layout.width < Width.MEDIUM
        self.relayout()
        self.panel.first().setFocus()

    def show_list(self) -> bool:
        """Go back to the table; False where it has the focus already."""
        focus = QApplication.focusWidget()
        if not self._alone and not (focus is not None and self.panel.isAncestorOf(focus)):
            return False
        self._alone = False
        self.relayout()
        self.table.setFocus()
        return True

    # Choices

    def _event_chosen(self) -> None:
        self.outcome_chosen.emit(self.label.currentData(), self.event_choice.currentData())

    def choose_role(self, role: str) -> None:
        """Give the current column a role that it can have."""
        column = (
            next((c for c in self._choices.columns if c.name == self.current), None)
            if self._choices
            else None
        )
        if column is not None and column.role not in ("label", role) and role in texts.roles_of(column):
            self._set_role(column.name, role)

    def keep_current(self) -> None:
        """Keep the current column although it tells the outcome."""
        if self.panel.keep.isVisibleTo(self.panel):
            self.panel.keep.click()

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
        if self._choices is not None:
            self._past.append(self._choices)
            self._undone.clear()
        self._change(choices)

    def undo(self) -> bool:
        """Take the last choice back."""
        return self._step(self._past, self._undone)

    def redo(self) -> bool:
        """Take the last undo back."""
        return self._step(self._undone, self._past)

    def _step(self, source: list[Choices], target: list[Choices]) -> bool:
        if not source or self._choices is None:
            return False
        target.append(self._choices)
        self._change(source.pop())
        return True

    def _change(self, choices: Choices) -> None:
        self._choices = choices
        self._fill()
        self._show_current()
        self.changed.emit(choices)


def _wide_choice(name: Callable[[], str]) -> Choice:
    """A list box that takes the width there is: headings of a table can be long, and thousands."""
    choice = Choice(name)
    choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    choice.setMinimumContentsLength(6)
    policy = choice.sizePolicy()
    policy.setHorizontalPolicy(policy.Policy.Preferred)
    choice.setSizePolicy(policy)
    choice.setMaximumWidth(theme.px(320))
    return choice
