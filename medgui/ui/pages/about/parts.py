"""The list of parts, found by typing, and the licence text of the chosen one."""

from collections.abc import Sequence

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from medgui import about
from medgui.about import Listed
from medgui.i18n import N_, _, format_number, ngettext
from medgui.ui.shell import Shell
from medgui.ui.theme import S4, S8, S24, Role, Type, theme
from medgui.ui.widgets.table import Cell, Row, RowsModel, Table
from medgui.ui.widgets.text import Text

LOWEST = 220
KINDS = {
    "machine-learning-model": N_("model"),
    "data": N_("table"),
    "file": N_("font"),
}


class PartsView(QWidget):
    """Search and table at the left, text at the right; under each other in a narrow window."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self._parts: tuple[Listed, ...] = ()
        self._shown: Listed | None = None
        self.search = QLineEdit()
        self.search.setProperty("alone", True)
        self.search.textChanged.connect(lambda _text: self._fill())
        self.count = Text("", Type.CAPTION, Role.MUTED)
        titles = (lambda: _("Part"), lambda: _("Version"), lambda: _("Licence"))
        self.table = Table(RowsModel(titles), lambda: _("Parts and licences"))
        self.table.set_widths((None, 132, 188))
        self.table.selectionModel().currentRowChanged.connect(lambda *_args: self._choose())
        self.title = Text("", Type.ROW_TITLE, wrap=True)
        self.about = Text("", role=Role.MUTED, wrap=True)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(S24)
        self._layout.addLayout(_column(self.search, self.count, self.table), 1)
        self._layout.addLayout(_column(self.title, self.about, self.text), 1)
        theme.changed.connect(self._dress)
        self._dress()
        self.say_again()

    def show_parts(self, parts: Sequence[Listed]) -> None:
        """List the parts; the first one is chosen."""
        self._parts = tuple(parts)
        self._fill()

    def stack(self, on: bool) -> None:
        """Put the text under the list."""
        way = QBoxLayout.Direction.TopToBottom if on else QBoxLayout.Direction.LeftToRight
        self._layout.setDirection(way)

    def narrow(self, on: bool) -> None:
        """Leave the licence out of the list: it stands with the text."""
        self.table.setColumnHidden(2, on)

    def say_again(self) -> None:
        """Say everything in the language in force."""
        self.search.setPlaceholderText(_("Name or licence of a part"))
        self.search.setAccessibleName(_("Find a part"))
        self.text.setAccessibleName(_("Text of the licence"))
        self._fill()
        self._say_part()

    def _dress(self) -> None:
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        fixed.setPixelSize(theme.px(12))
        self.text.setFont(fixed)
        for widget in (self.table, self.text):
            widget.setMinimumHeight(theme.px(LOWEST))

    def _fill(self) -> None:
        """Show what is found; the chosen part stays chosen while it is there."""
        asked = self.search.text().casefold().split()
        found = [
            (n, part) for n, part in enumerate(self._parts) if all(word in _words(part) for word in asked)
        ]
        self.table.rows.set_rows([_row(str(number), part) for number, part in found])
        sentence = (
            ngettext("{n} part", "{n} parts", len(found)) if found else _("No part has this name or licence.")
        )
        self.count.set_words(sentence.format(n=format_number(len(found), 0)) if self._parts else "")
        if found:
            kept = next((row for row, (_n, part) in enumerate(found) if part is self._shown), 0)
            self.table.selectRow(kept)
        else:
            self._show(None)

    def _choose(self) -> None:
        row = self.table.rows.row_at(self.table.currentIndex())
        if row is not None:
            self._show(self._parts[int(row.key)])

    def _show(self, part: Listed | None) -> None:
        if part is self._shown:
            return
        self._shown = part
        self.text.clear()
        self._say_part()
        if part is None:
            return

        def done(text: str) -> None:
            self.text.setPlainText(text or _("No text is at hand."))

        job = self._shell.tasks.job(lambda _token: about.licence_text(part)).on_done(done)
        job.while_true(lambda: self._shown is part).run("storage")

    def _say_part(self) -> None:
        part = self._shown
        if part is None:
            self.title.set_words("")
            self.about.set_words("")
            return
        self.title.set_words(f"{part.name} {part.version}".strip())
        within = _("Contained in {part}.").format(part=part.within) if part.within else ""
        addresses = " ".join(dict.fromkeys(x for x in (part.home, part.source) if x))
        lines = (part.terms, part.licence_words if part.licence else "", within, part.note, addresses)
        self.about.set_words("\n".join(line for line in lines if line))


def _column(*widgets: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(S4 if len(widgets) > 2 else S8)
    for widget in widgets[:-1]:
        column.addWidget(widget)
    column.addWidget(widgets[-1], 1)
    return column


def _words(part: Listed) -> str:
    kind = _(KINDS[part.kind]) if part.kind in KINDS else ""
    return f"{part.name} {part.within} {part.terms} {part.licence_words} {kind} {part.note}".casefold()


def _row(key: str, part: Listed) -> Row:
    after = part.within or (_(KINDS[part.kind]) if part.kind in KINDS else "")
    return Row(
        (
            Cell(part.name, tip=part.name, after=after),
            Cell(part.version, Role.MUTED, tip=part.version),
            Cell(part.terms, Role.MUTED, tip=part.licence_words or part.terms, type_=Type.CAPTION),
        ),
        key,
    )
