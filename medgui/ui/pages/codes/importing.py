"""What an exported map would change here: shown before anything is taken, contradictions answered one by one."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from medgui.code_map_file import Imported
from medgui.i18n import _, format_count, ngettext
from medgui.record.code_map import Conflict, MapEntry
from medgui.ui.pages.codes import texts
from medgui.ui.shapes import Mark
from medgui.ui.theme import S8, S12, Role
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.field import beside
from medgui.ui.widgets.segmented import Segmented
from medgui.ui.widgets.table import Cell, Row, RowsModel, Table
from medgui.ui.widgets.text import Text

OURS, THEIRS = "ours", "theirs"


class ImportView(QWidget):
    """No side is chosen beforehand; `changed` follows every answer."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._file = ""
        self._imported = Imported((), (), 0)
        self._answers: dict[str, str] = {}
        self.summary = Text("", wrap=True)
        self.notes = Text("", role=Role.CAUTION, wrap=True)
        self.keep = Segmented(lambda: _("Which meaning holds"))
        self.keep.set_parts([(OURS, lambda: _("Keep ours")), (THEIRS, lambda: _("Take theirs"))], None)
        self.keep.chosen.connect(self._answered)
        self.all_ours = Button(
            lambda: _("Keep ours everywhere"), lambda: self._answer_all(OURS), kind="quiet"
        )
        self.all_theirs = Button(
            lambda: _("Take theirs everywhere"), lambda: self._answer_all(THEIRS), kind="quiet"
        )
        titles = (
            lambda: _("Name in the file"),
            lambda: _("Here"),
            lambda: _("In the other map"),
            lambda: _("Then"),
        )
        self.table = Table(RowsModel(titles), lambda: _("What the file would change"))
        self.table.set_widths((None, 200, 200, 170))
        self.table.selectionModel().currentRowChanged.connect(lambda _now, _old: self._show_answer())
        self._lay_out()

    def _lay_out(self) -> None:
        self._line = QWidget()
        line = QVBoxLayout(self._line)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(S8)
        line.addWidget(self.keep)
        line.addWidget(beside(self.all_ours, self.all_theirs, spacing=S12))
        head = QVBoxLayout()
        head.setContentsMargins(S12, 0, S12, 0)
        head.setSpacing(S8)
        for widget in (self.summary, self.notes, self._line):
            head.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(S12, S12, S12, 0)
        column.setSpacing(S8)
        column.addLayout(head)
        column.addWidget(self.table, 1)

    def show_import(self, file: str, imported: Imported) -> None:
        """Show what *file* would change; contradictions come first."""
        self._file, self._imported, self._answers = file, imported, {}
        self.table.rows.set_rows(self._rows())
        self.say_again()
        if imported.conflicts:
            self.table.selectRow(0)
        self._show_answer()
        self.changed.emit()

    def say_again(self) -> None:
        """Say everything in the language in force."""
        self.summary.set_words(self._sentences)
        self.notes.set_words(texts.sentences(self._imported.notes))
        self.notes.setVisible(bool(self._imported.notes))
        self._line.setVisible(bool(self._imported.conflicts))
        self.table.rows.change_rows(self._rows())

    def _sentences(self) -> str:
        new, same, other = len(self._imported.new), self._imported.same, len(self._imported.conflicts)
        parts = [
            ngettext("{file} brings {n} new entry.", "{file} brings {n} new entries.", new).format(
                file=self._file, n=format_count(new)
            )
        ]
        if same:
            sentence = ngettext("{n} is the same here.", "{n} are the same here.", same)
            parts.append(sentence.format(n=format_count(same)))
        if other:
            sentence = ngettext(
                "{n} code means something else here: say which meaning holds.",
                "{n} codes mean something else here: say for each which meaning holds.",
                other,
            )
            parts.append(sentence.format(n=format_count(other)))
        return texts.sentences(parts)

    def _rows(self) -> list[Row]:
        contradicting = [self._contradiction(each) for each in self._imported.conflicts]
        return contradicting + [_new(each) for each in self._imported.new]

    def _contradiction(self, each: Conflict) -> Row:
        answer = self._answers.get(repr(each.own.key), "")
        then = {OURS: _("keep ours"), THEIRS: _("take theirs")}.get(answer, _("not decided"))
        mark = None if answer else Mark.QUESTION
        ours, theirs = texts.entry_text(each.own), texts.entry_text(each.other)
        return Row(
            (
                _name(each.own),
                Cell(ours, Role.MUTED if answer == THEIRS else Role.TEXT, bold=answer == OURS, tip=ours),
                Cell(theirs, Role.MUTED if answer == OURS else Role.TEXT, bold=answer == THEIRS, tip=theirs),
                Cell(then, Role.TEXT if answer else Role.CAUTION, mark=mark),
            ),
            key=repr(each.own.key),
        )

    def _current(self) -> Conflict | None:
        row = self.table.currentIndex().row()
        conflicts = self._imported.conflicts
        return conflicts[row] if 0 <= row < len(conflicts) else None

    def _show_answer(self) -> None:
        current = self._current()
        self.keep.setEnabled(current is not None)
        answer = self._answers.get(repr(current.own.key), "") if current is not None else ""
        if answer:
            self.keep.choose(answer)
        else:
            self.keep.choose_none()

    def _answered(self, answer: str) -> None:
        current = self._current()
        if current is not None:
            self._answers[repr(current.own.key)] = answer
            self._show_answers()

    def _answer_all(self, answer: str) -> None:
        self._answers = {repr(each.own.key): answer for each in self._imported.conflicts}
        self._show_answers()

    def _show_answers(self) -> None:
        self.table.rows.change_rows(self._rows())
        self._show_answer()
        self.changed.emit()

    @property
    def settled(self) -> bool:
        """Whether every contradiction is answered."""
        return len(self._answers) == len(self._imported.conflicts)

    def entries(self) -> tuple[MapEntry, ...]:
        """What would be taken: all new entries, and theirs where they were preferred."""
        taken = [
            each.other for each in self._imported.conflicts if self._answers.get(repr(each.own.key)) == THEIRS
        ]
        return (*self._imported.new, *taken)


def _name(entry: MapEntry) -> Cell:
    name = texts.name_text(entry.name, entry.code)
    code = texts.code_text(entry.system, entry.code)
    return Cell(name, bold=True, after=entry.code if entry.code != name else "", tip=f"{name}, {code}")


def _new(entry: MapEntry) -> Row:
    means = texts.entry_text(entry)
    return Row(
        (_name(entry), Cell(_("not named"), Role.MUTED), Cell(means, tip=means), Cell(_("new"), Role.MUTED)),
        key=repr(entry.key),
    )
