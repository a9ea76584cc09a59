"""The codes of the open record that nobody has named, and the choice for each."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from medgui.i18n import _, format_count, ngettext, pgettext
from medgui.record.code_map import LocalKey, MapEntry
from medgui.record.code_proposals import Proposal
from medgui.record.model import Observation
from medgui.ui.pages.codes import texts
from medgui.ui.pages.codes.decisions import Decision, Decisions, unambiguous
from medgui.ui.pages.codes.panel import CodePanel
from medgui.ui.shapes import Mark
from medgui.ui.shell import Shell, Width
from medgui.ui.theme import S4, S8, S12, S24, Role, Type, theme
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.table import Cell, Right, Row, RowsModel, Table
from medgui.ui.widgets.text import Body, Text, VRule

SIDE, NARROW_SIDE = 448, 340
ROOMY = 1240
"""Page width from which the right part takes its full width, as on the Record page."""

Found = tuple[Sequence[Proposal], Mapping[LocalKey, Sequence[Observation]]]


class CodesTable(Table):
    """Digits take a proposal of the current row, Enter goes to its choices."""

    entered = Signal()

    def __init__(self, model: RowsModel, take: Callable[[QKeyEvent], bool]) -> None:
        super().__init__(model, lambda: _("Codes without a name"))
        self._take = take

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pass digits and Enter on."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif not self._take(event):
            super().keyPressEvent(event)


class NamingView(QWidget):
    """List and choice; nothing is saved here. `changed` follows every decision."""

    changed = Signal()

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self._listed: tuple[Proposal, ...] = ()
        self._values: Mapping[LocalKey, Sequence[Observation]] = {}
        self._alone = False
        self._shown: LocalKey | None = None
        self.decisions = Decisions()
        self.panel = CodePanel(lambda: shell.services.settings.single_keys)
        self.panel.decided.connect(self._decided)
        self.table = self._make_table()
        self.all_button = Button("", self.take_all)
        self.undo_button = Button(lambda: _("Undo"), self.undo, key="Ctrl+Z", kind="quiet", icon="undo")
        self.taken = Text("", Type.CAPTION, Role.MUTED, wrap=True)
        self.back_button = Button(lambda: _("All codes"), self.show_list, kind="quiet", icon="chevron-left")
        self.next_button = Button(lambda: _("Next code"), self.next, key="F4", kind="quiet")
        self._lay_out()
        self._show_all_button()

    def _make_table(self) -> CodesTable:
        titles = (
            lambda: _("Name in the file"),
            lambda: pgettext("laboratory", "Values"),
            lambda: _("Unit"),
            lambda: _("Latest"),
            lambda: _("Means"),
        )
        model = RowsModel(titles)
        model.aligned[1] = Right
        table = CodesTable(model, self.panel.take_by_key)
        table.set_widths((None, 60, 100, 130, 190))
        table.selectionModel().currentRowChanged.connect(lambda _now, _old: self._show_current())
        table.entered.connect(self.look_closer)
        table.clicked.connect(lambda _index: self._open_where_narrow())
        return table

    def _lay_out(self) -> None:
        self.left = QWidget()
        left = QVBoxLayout(self.left)
        left.setContentsMargins(S12, S12, S12, 0)
        left.setSpacing(S8)
        self.words = Text(
            lambda: _(
                "Say what each code of the laboratory means. It holds for this and every later file with the "
                "same code and name. Nothing is chosen beforehand."
            ),
            Type.BODY,
            Role.MUTED,
            wrap=True,
        )
        head = QVBoxLayout()
        head.setContentsMargins(S12, 0, S12, S4)
        head.setSpacing(S8)
        head.addWidget(self.words)
        line = QHBoxLayout()
        line.setSpacing(S8)
        line.addWidget(self.all_button)
        line.addWidget(self.undo_button)
        line.addWidget(self.taken, 1)
        head.addLayout(line)
        left.addLayout(head)
        left.addWidget(self.table, 1)
        self.side = QWidget()
        side = QVBoxLayout(self.side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(0)
        bar = QHBoxLayout()
        bar.setContentsMargins(S24 - 4, S8, S24, 0)
        bar.addWidget(self.back_button)
        bar.addStretch(1)
        bar.addWidget(self.next_button)
        side.addLayout(bar)
        body = Body()
        body.column.addWidget(self.panel)
        side.addWidget(body, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.left, 1)
        self.rule = VRule()
        row.addWidget(self.rule)
        row.addWidget(self.side)

    def relayout(self) -> None:
        """Give the right part its place beside the list, or the whole page."""
        width = self._shell.layout.width
        beside = width >= Width.MEDIUM
        self._alone = self._alone and not beside
        side = SIDE if self.width() >= ROOMY * theme.scale else NARROW_SIDE
        self.side.setMinimumWidth(side if beside else 0)
        self.side.setMaximumWidth(side if beside else 16_777_215)
        self.side.setVisible(beside or self._alone)
        self.rule.setVisible(beside)
        self.left.setVisible(not self._alone)
        self.back_button.setVisible(not beside)
        self.words.setVisible(not self._shell.layout.low)
        for column in (2, 3):
            self.table.setColumnHidden(column, width < Width.NARROW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width between list and choice."""
        super().resizeEvent(event)
        self.relayout()

    # What is shown

    def clear(self) -> None:
        """Leave no text of the patient."""
        self._listed, self._values, self._shown = (), {}, None
        self._alone = False
        self.decisions.forget()
        self.table.rows.set_rows(())
        self.panel.clear()
        self._show_all_button()

    def show_codes(self, found: Found) -> None:
        """List other codes; what is decided about those that stay is kept."""
        self._listed, self._values = tuple(found[0]), found[1]
        self._fill(self._shown)
        self.relayout()

    @property
    def listed(self) -> tuple[Proposal, ...]:
        """The codes on the list."""
        return self._listed

    def _fill(self, current: LocalKey | None) -> None:
        self._shown = None
        self.table.rows.set_rows([self._row(each) for each in self._listed])
        self._show_all_button()
        if self._listed:
            place = next((n for n, each in enumerate(self._listed) if each.key == current), 0)
            self.table.selectRow(place)
            self._show_current()
        else:
            self.panel.clear()
        self.changed.emit()

    def _row(self, each: Proposal) -> Row:
        decision = self.decisions.of(each.key)
        sample = self._values[each.key]
        means = texts.decision_text(decision)
        role = Role.MUTED if decision is None or not decision.variable else Role.TEXT
        mark = Mark.CAUTION if decision is not None and decision.unit is None else None
        number = len(each.candidates) if decision is None else 0
        after = ngettext("{n} proposal", "{n} proposals", number).format(n=number) if number else ""
        name = texts.name_text(each.name, each.code)
        return Row(
            (
                Cell(name, bold=True, after=each.code if each.code != name else "", tip=name),
                Cell(format_count(each.count), align=Right),
                Cell(texts.units_text(each.units), Role.MUTED),
                Cell(texts.value_text(texts.latest(sample)[0]), Role.MUTED),
                Cell(means, role, bold=decision is not None, mark=mark, after=after, tip=means),
            ),
            key=repr(each.key),
        )

    def _current(self) -> Proposal | None:
        row = self.table.currentIndex().row()
        return self._listed[row] if 0 <= row < len(self._listed) else None

    def _show_current(self) -> None:
        current = self._current()
        if current is not None and current.key != self._shown:
            self._shown = current.key
            decision = self.decisions.of(current.key)
            self.panel.show_code(current, self._values[current.key], decision, self._shell.visit.units)

    def say_again(self) -> None:
        """Say everything in the language and the units in force."""
        choosing = self._choosing()
        self._fill(self._shown)
        if choosing:
            self.look_closer()

    # Deciding

    def _decided(self, decision: Decision | None) -> None:
        current = self._current()
        if current is not None:
            self.decisions.decide(current.key, decision)
            self._show_decisions()

    def _show_decisions(self) -> None:
        """Show what is decided; row, focus and scrolling stay where they are."""
        self.table.rows.change_rows([self._row(each) for each in self._listed])
        current = self._current()
        if current is not None:
            self.panel.show_decision(self.decisions.of(current.key))
        self._show_all_button()
        self.changed.emit()

    def take_all(self) -> None:
        """Take the proposals that name and unit leave no doubt about, in one step."""
        found = unambiguous(self._listed, self.decisions)
        if found:
            self.decisions.decide_all(found)
            self._show_decisions()
            self.taken.set_words(lambda: texts.taken_text(len(found)))
            self.undo_button.setFocus()

    def _show_all_button(self) -> None:
        self.taken.set_words("")
        number = len(unambiguous(self._listed, self.decisions))
        self.all_button.setVisible(number > 1)
        self.all_button.set_words(
            lambda: _("Take all {n} proposals that match by name and unit").format(n=number)
        )
        self.undo_button.setVisible(self.decisions.can_undo)

    def undo(self) -> bool:
        """Take the last decision back."""
        done = self.decisions.undo()
        if done:
            self._show_decisions()
        return done

    def redo(self) -> bool:
        """Take the last undo back."""
        done = self.decisions.redo()
        if done:
            self._show_decisions()
        return done

    def entries(self) -> tuple[MapEntry, ...]:
        """What is decided, as entries of the map."""
        return self.decisions.entries(self._listed, datetime.now().astimezone().isoformat(timespec="seconds"))

    def show_unsettled(self) -> bool:
        """Go to the first code that still needs a unit; False where there is none."""
        waiting = self.decisions.without_unit(self._listed)
        place = next((n for n, each in enumerate(self._listed) if each.key in waiting), -1)
        if place < 0:
            return False
        self.table.selectRow(place)
        self.look_closer()
        self.panel.unit.setFocus()
        return True

    # Moving

    def next(self) -> None:
        """Go to the next code about which nothing is decided."""
        row = self.table.currentIndex().row()
        places = [*range(row + 1, len(self._listed)), *range(row)]
        place = next((n for n in places if self.decisions.of(self._listed[n].key) is None), -1)
        if place >= 0:
            self.table.selectRow(place)
            if not self._alone:
                self.table.setFocus()

    def _open_where_narrow(self) -> None:
        if self._shell.layout.width < Width.MEDIUM:
            self.look_closer()

    def look_closer(self) -> None:
        """Go to the choices of the current code; where they have no room beside the list, they take the page."""
        if self._current() is None:
            return
        self._alone = self._shell.layout.width < Width.MEDIUM
        self.relayout()
        first = self.panel.offers[0].button if self.panel.offers else self.panel.other
        first.setFocus()

    def type_name(self) -> None:
        """Type the name of a value (F2)."""
        self.look_closer()
        self.panel.other.setFocus()

    def show_list(self) -> bool:
        """Go back to the list; False where it has the focus already."""
        if not self._alone and not self._choosing():
            return False
        self._alone = False
        self.relayout()
        self.table.setFocus()
        return True

    def _choosing(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self.panel.isAncestorOf(focus)
