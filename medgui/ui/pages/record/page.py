"""The Record page: questions, the table of all values, and beside it trend and source of the chosen one."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from medgui.assessment import words
from medgui.i18n import N_, _
from medgui.ui.commands import Command
from medgui.ui.pages.page import Page
from medgui.ui.pages.record import fragment
from medgui.ui.pages.record.enter import EnterValue
from medgui.ui.pages.record.entries import GROUPS, Entry, summary, used_by
from medgui.ui.pages.record.exporting import ExportPanel
from medgui.ui.pages.record.lists import entries
from medgui.ui.pages.record.questions import Questions
from medgui.ui.pages.record.side import Side
from medgui.ui.shapes import Mark
from medgui.ui.shell import Place, Shell, Width
from medgui.ui.theme import S12, Role, Type, theme
from medgui.ui.unnamed_codes import UnnamedCodes
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.panels import StatePanel
from medgui.ui.widgets.sparkline import Point, paint_sparkline
from medgui.ui.widgets.table import Cell, Right, Row, RowsModel, Table
from medgui.ui.widgets.text import Body, VRule, clear_layout

SIDE, NARROW_SIDE = 448, 340
ROOMY = 1240
"""Page width from which the right part takes its full width."""
COLUMNS = (112, 104, 128, 96, 104)
NAMES, FEW = 128, 40
"""Widths of the columns behind the names; where names would have less than this, the trend gives way to them. The
table gives way to an open question down to a height of `FEW`."""


class RecordPage(Page):
    """Anchors of `show_place`: a standard input name, an entry's key, "question", "add", "export"."""

    key = "record"

    def __init__(self, shell: Shell) -> None:
        find = Button(lambda: _("Find a value"), lambda: self.find(), key="Ctrl+F", icon="search")
        add = Button(lambda: _("Add a value"), lambda: self.add_value(), key="Ctrl+N")
        export = Button(lambda: _("Export…"), lambda: self.export(), key="Ctrl+E")
        super().__init__(shell, lambda: _("Record"), (find, add, export))
        self.find_button, self.add_button, self.export_button = find, add, export
        self._entries: dict[str, Entry] = {}
        self._rows: dict[str, Row] = {}
        self._stale = False
        self._narrow = False
        self.questions = Questions(shell.visit, lambda: shell.services.settings.single_keys)
        self.unnamed = UnnamedCodes(shell)
        self._form = QVBoxLayout()
        self._form.setContentsMargins(0, 0, 0, 0)
        self.search = QLineEdit()
        self.search.setProperty("alone", True)
        self.search.textChanged.connect(lambda _t: self._fill_table())
        self.search.hide()
        self.table = self._make_table()
        self.side = Side()
        self.side_body = Body()
        self.side_body.column.addWidget(self.side)
        self.empty = QVBoxLayout()
        self._lay_out()
        self.refresh()

    def _make_table(self) -> Table:
        model = RowsModel(
            (
                lambda: _("Value"),
                lambda: _("Latest"),
                lambda: "",
                lambda: _("Reference"),
                lambda: _("Date"),
                lambda: _("Trend"),
            )
        )
        model.aligned[1] = Right
        table = Table(model, lambda: _("All values of the file"))
        table.set_widths((None, *COLUMNS))
        table.setMinimumHeight(FEW)
        table.selectionModel().currentRowChanged.connect(lambda now, _old: self._chosen(now.row()))
        table.activated.connect(lambda _index: self._look_closer())
        return table

    def _lay_out(self) -> None:
        self.left = QWidget()
        self._alone = False
        left = QVBoxLayout(self.left)
        left.setContentsMargins(S12, S12, S12, 0)
        left.addWidget(self.search)
        left.addWidget(self.table, 1)
        self.split = QWidget()
        row = QHBoxLayout(self.split)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.left, 1)
        self.rule = VRule()
        row.addWidget(self.rule)
        row.addWidget(self.side_body)
        self.column.addWidget(self.questions)
        self.column.addWidget(self.unnamed)
        self.column.addLayout(self._form)
        self.column.addWidget(self.split, 1)
        self.column.addLayout(self.empty)
        self._widths()

    def _widths(self) -> None:
        width = self.shell.layout.width
        beside = width >= Width.MEDIUM
        self._alone = self._alone and not beside
        side = SIDE if self.width() >= ROOMY * theme.scale else NARROW_SIDE
        self.side_body.setMinimumWidth(side if beside else 0)
        self.side_body.setMaximumWidth(16_777_215 if not beside else self.side_body.minimumWidth())
        self.side_body.setVisible(beside or self._alone)
        self.rule.setVisible(beside)
        self.left.setVisible(not self._alone)
        narrow = width < Width.NARROW
        left = self.width() - (side if beside else 0) - 2 * S12
        self.table.setColumnHidden(5, narrow or left < theme.px(sum(COLUMNS) + NAMES))
        self.table.setColumnHidden(3, narrow)

    # What is shown

    def clear(self) -> None:
        """Leave nothing of the patient."""
        fragment.forget()
        self._stale = False
        self._entries.clear()
        self._rows.clear()
        self.table.rows.set_rows(())
        self.side.clear()
        self.questions.clear()
        clear_layout(self._form)
        self.search.clear()
        self.search.hide()
        self.head.summary.set_words("")

    def refresh(self) -> None:
        """Show the record in force; the chosen value stays chosen."""
        record = self.shell.visit.record
        clear_layout(self.empty)
        self.split.setVisible(record is not None)
        for button in (self.find_button, self.add_button, self.export_button):
            button.setEnabled(record is not None)
        self.questions.refresh()
        if record is None:
            self.head.summary.set_words("")
            action = Button(lambda: _("Open a file"), self.shell.open_asked.emit, key="Ctrl+O")
            text = lambda: _("Values appear here when a file is opened")  # noqa: E731 - said again in another language
            self.empty.addWidget(StatePanel("record", lambda: _("No patient open"), text, (action,)))
            return
        self.head.summary.set_words(lambda: summary(record))
        self._stale = True
        if self.isVisible():
            self._list()

    def showEvent(self, event: QShowEvent) -> None:
        """List the values when the page is looked at, not before."""
        super().showEvent(event)
        self._list()

    def _list(self) -> None:
        """List what the record holds, where it has changed since."""
        visit = self.shell.visit
        if self._stale and visit.record is not None:
            self._stale = False
            found = entries(visit.record, visit.assessment, visit.units)
            self._entries = {entry.key: entry for entry in found}
            self._make_rows()
            self._fill_table()

    def _make_rows(self) -> None:
        """Make the rows once, so that finding in a long record only chooses among them."""
        self._narrow = self.shell.layout.width < Width.NARROW
        self._rows = {key: _row(entry, narrow=self._narrow) for key, entry in self._entries.items()}

    def _fill_table(self) -> None:
        chosen = self._key(self.table.currentIndex().row())
        wanted = self.search.text().strip().casefold() if self.search.isVisibleTo(self) else ""
        rows: list[Row] = []
        group = ""
        for entry in self._entries.values():
            if (
                wanted
                and wanted not in f"{entry.title} {entry.variable} {entry.code} {entry.value}".casefold()
            ):
                continue
            if entry.group != group:
                group = entry.group
                rows.append(Row((Cell(_(GROUPS[group]), bold=True),), group=True))
            rows.append(self._rows[entry.key])
        self.table.rows.set_rows(rows)
        if not rows and wanted:
            self.table.rows.set_rows([Row((Cell(_("No value with this name"), Role.MUTED),), group=True)])
        place = self.table.rows.row_of(chosen) if chosen else -1
        if place < 0:
            place = next((n for n, row in enumerate(rows) if not row.group), -1)
        if place >= 0:
            self.table.setCurrentIndex(self.table.rows.index(place, 0))

    def _look_closer(self) -> None:
        """Enter or a double click: edit the value; where the right part has no room, give it the page."""
        if self.shell.layout.width >= Width.MEDIUM:
            self._edit_current()
            return
        self._alone = True
        self._widths()

    def _key(self, row: int) -> str:
        found = self.table.rows.row_at(self.table.rows.index(row, 0)) if row >= 0 else None
        return found.key if found is not None else ""

    def _chosen(self, row: int) -> None:
        visit = self.shell.visit
        entry = self._entries.get(self._key(row))
        if entry is None or visit.record is None:
            return
        self.side.show_entry(entry, visit.record, used_by(visit.assessment, entry.variable))
        if entry.variable and not entry.derived:
            key = entry.key
            self.side.offer(lambda: _("Enter another value"), lambda: self._edit(key), "F2")
        answer = next(
            (a for a in visit.record.answers if a.variable == entry.variable and entry.variable), None
        )
        if answer is not None:
            self.side.offer(lambda: _("Take it back"), lambda: visit.withdraw(answer))

    # Entering values

    def add_value(self, variable: str = "") -> None:
        """Open the form for a new value."""
        record = self.shell.visit.record
        if record is None:
            return
        self._close_form()
        form = EnterValue(
            self.shell.visit.units, variable, record.as_of, self.shell.visit.answer, self._close_form
        )
        self._form.addWidget(form)
        form.start()

    def _edit(self, key: str) -> None:
        entry = self._entries.get(key)
        if entry is not None and entry.variable and not entry.derived:
            self.add_value(entry.variable)

    def export(self) -> None:
        """Open the panel that says what will be exported."""
        if self.shell.visit.record is None:
            return
        self._close_form()
        panel = ExportPanel(self.shell, self._close_form)
        self._form.addWidget(panel)
        panel.start()

    def _close_form(self) -> None:
        clear_layout(self._form)
        self.table.setFocus()

    # What the window asks

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width between the table and the right part."""
        super().resizeEvent(event)
        self._widths()

    def relayout(self) -> None:
        """Give the right part its place or take it away."""
        super().relayout()
        self._widths()
        if self._narrow != (self.shell.layout.width < Width.NARROW):
            self._make_rows()
            self._fill_table()

    def retranslate(self) -> None:
        """Say everything again."""
        self.refresh()

    def page_commands(self) -> Sequence[Command]:
        """Offer what can be done with values."""
        return (
            Command("record.add", N_("Add a value"), self.add_value, ("Ctrl+N",), "record"),
            Command("record.edit", N_("Enter another value"), self._edit_current, ("F2",), "record"),
            Command("record.export", N_("Export the record"), self.export, ("Ctrl+E",), "record"),
        )

    def _edit_current(self) -> None:
        self._edit(self._key(self.table.currentIndex().row()))

    def places(self) -> Sequence[Place]:
        """Let the palette find each value."""
        self._list()
        where = _("Record")
        return [
            Place(
                f"{e.title}, {e.value} {e.unit}".strip(" ,"),
                where,
                self.key,
                e.key,
                f"{e.title} {e.variable} {e.code}",
            )
            for e in self._entries.values()
        ]

    def show_place(self, anchor: str) -> None:
        """Go to a value, the question, or the form."""
        self._list()
        if anchor == "question":
            self.questions.focus_card()
        elif anchor == "add":
            self.add_value()
        elif anchor == "export":
            self.export()
        else:
            place = self.table.rows.row_of(anchor)
            if place >= 0:
                self.table.setCurrentIndex(self.table.rows.index(place, 0))
                self.table.setFocus()

    def areas(self) -> Sequence[QWidget]:
        """Go from the question to the table."""
        return [w for w in (self.questions.card, self.table) if w is not None]

    def escape(self) -> bool:
        """Close the form, then the search, then the right part that took the page."""
        if self._form.count():
            self._close_form()
            return True
        if self._alone:
            self._alone = False
            self._widths()
            self.table.setFocus()
            return True
        if self.search.isVisibleTo(self):
            self.search.clear()
            self.search.hide()
            self._fill_table()
            self.table.setFocus()
            return True
        return False

    def find(self) -> None:  # type: ignore[override]
        """Open the search line over the table."""
        self.search.setPlaceholderText(_("Name or code"))
        self.search.setAccessibleName(_("Find a value"))
        self.search.show()
        self.search.setFocus()


def _row(entry: Entry, *, narrow: bool) -> Row:
    quiet = Role.TEXT if entry.usable else Role.MUTED
    if entry.wide:
        return Row((Cell(entry.title, quiet, tip=entry.title),), key=entry.key, wide=True)
    if entry.questioned:
        reference = Cell(_("Question"), Role.CAUTION, bold=True, mark=Mark.QUESTION)
    elif entry.entered:
        reference = Cell(_("entered"), Role.ACCENT, tip=entry.note)
    elif entry.derived:
        reference = Cell(_("derived"), Role.MUTED, tip=entry.note)
    elif entry.flag:
        reference = Cell(entry.flag, Role.CAUTION, bold=True, mark=Mark.CAUTION, tip=entry.reference)
    elif not entry.usable:
        reference = Cell(_("not used"), Role.MUTED, tip=entry.note)
    else:
        reference = Cell(entry.reference, Role.MUTED)
    unit = _("{unit}, as written").format(unit=entry.unit) if entry.questioned else entry.unit
    points = [Point(m.day.toordinal(), m.value, m.questioned) for m in entry.trend]

    def paint(painter: QPainter, rect: QRectF) -> None:
        paint_sparkline(painter, rect, points)

    return Row(
        (
            Cell(entry.title, quiet, tip=entry.note, mark=reference.mark if narrow else None),
            Cell(entry.value, quiet, bold=entry.usable, align=Right, tip=entry.value),
            Cell(unit, Role.MUTED, type_=Type.CAPTION),
            reference,
            Cell(words.when(entry.time) if entry.time else "", Role.MUTED, type_=Type.CAPTION),
            Cell(paint=paint) if len(points) > 1 else Cell(),
        ),
        key=entry.key,
    )
