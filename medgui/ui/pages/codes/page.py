"""The page of the codes of laboratories: those of the open record, the entries of the clinic, an import."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from medgui.code_map_file import CodeMapFile, Imported
from medgui.i18n import N_, _, ngettext
from medgui.record.code_map import CodeMap, MapEntry
from medgui.record.code_proposals import proposals, unnamed
from medgui.record.model import Record
from medgui.ui.commands import Command
from medgui.ui.messages import Action
from medgui.ui.pages.codes import files, texts
from medgui.ui.pages.codes.entries import EntriesView
from medgui.ui.pages.codes.importing import ImportView
from medgui.ui.pages.codes.naming import Found, NamingView
from medgui.ui.pages.page import Page
from medgui.ui.shapes import Mark
from medgui.ui.shell import Shell, Width
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.panels import StatePanel
from medgui.ui.widgets.text import clear_layout

NAMES, ENTRIES, IMPORT = "names", "entries", "import"
TITLES = {
    NAMES: N_("Codes of the laboratory"),
    ENTRIES: N_("Codes of laboratories"),
    IMPORT: N_("Import codes of laboratories"),
}
TOPIC = "codes"


class CodesPage(Page):
    """Anchors of `show_place`: "names" (of the open record), "entries" (of the clinic), "import"."""

    key = "codes"

    def __init__(self, shell: Shell) -> None:
        self._view = NAMES
        self._back_to = "record"
        self._record: Record | None = None
        self._stale = False
        self._units = shell.visit.units
        self.back_button = Button(lambda: _("Back"), self.back)
        self.entries_button = Button(lambda: _("Entries of the clinic"), self._show_entries)
        self.save_button = Button(lambda: _("Save"), self.save, key="Ctrl+S", kind="primary")
        self.import_button = Button(lambda: _("Import…"), self.ask_import)
        self.export_button = Button(lambda: _("Export…"), lambda: files.ask_export(shell, self))
        self.take_button = Button(lambda: _("Import"), self.take_import, key="Ctrl+S", kind="primary")
        buttons = (self.back_button, self.entries_button, self.save_button)
        super().__init__(
            shell,
            lambda: _(TITLES[self._view]),
            (*buttons, self.import_button, self.export_button, self.take_button),
        )
        self.naming, self.entries, self.importing = NamingView(shell), EntriesView(), ImportView()
        self.naming.changed.connect(self._enable)
        self.entries.removed.connect(self._remove)
        self.importing.changed.connect(self._enable)
        self._state = QWidget()
        self.state = QVBoxLayout(self._state)
        self.views = QStackedWidget()
        for view in (self.naming, self.entries, self.importing, self._state):
            self.views.addWidget(view)
        self.column.addWidget(self.views, 1)
        self._show(NAMES)

    # What is shown

    def clear(self) -> None:
        """Leave nothing of the patient."""
        self._record = None
        self.naming.clear()
        clear_layout(self.state)

    def refresh(self) -> None:
        """List the codes of another record."""
        record = self.shell.visit.record
        self._stale = self._stale or record is not self._record
        self._record = record
        if self._units != self.shell.visit.units:
            self._units = self.shell.visit.units
            self.naming.say_again()
        if self.isVisible():
            self._look()

    def showEvent(self, event: QShowEvent) -> None:
        """Look for codes when the page is looked at, not before."""
        super().showEvent(event)
        self._look()

    def _look(self) -> None:
        """Find the codes that nobody has named, off the window's thread, where the record has changed since."""
        if not self._stale:
            return
        self._stale = False
        record, services = self._record, self.shell.services
        if record is None:
            self.naming.clear()
            self._show(self._view)
            return

        def work(_token: object) -> Found:
            code_map = services.codes().code_map
            return proposals(record, code_map), unnamed(record, code_map)

        job = self.shell.tasks.job(work).on_done(self._found)
        job.while_true(lambda: self.shell.visit.record is record).run()

    def _found(self, found: Found) -> None:
        self.naming.show_codes(found)
        self._show(self._view)

    def _show(self, view: str) -> None:
        """Show one of the three views; where it has nothing, say so."""
        self._view = view
        shown: QWidget = {NAMES: self.naming, ENTRIES: self.entries, IMPORT: self.importing}[view]
        if view == NAMES and not self.naming.listed:
            self._say_nothing()
            shown = self._state
        self.views.setCurrentWidget(shown)
        self.head.title.set_words(lambda: _(TITLES[self._view]))
        self._show_entries_button()
        self.save_button.setVisible(view == NAMES)
        self.import_button.setVisible(view == ENTRIES)
        self.export_button.setVisible(view == ENTRIES)
        self.take_button.setVisible(view == IMPORT)
        self._enable()

    def _show_entries_button(self) -> None:
        """In the smallest windows the title has no room beside it; the Settings page and the palette lead there."""
        self.entries_button.setVisible(self._view == NAMES and self.shell.layout.width > Width.TINY)

    def _say_nothing(self) -> None:
        clear_layout(self.state)
        if self._record is None:
            action = Button(lambda: _("Open a file"), self.shell.open_asked.emit, key="Ctrl+O")
            title: Callable[[], str] = lambda: _("No patient open")  # noqa: E731
            text: Callable[[], str] = lambda: _("Codes without a name appear here when a file is opened")  # noqa: E731
        else:
            action = Button(lambda: _("Back to the record"), lambda: self.shell.go("record"))
            title = lambda: _("Every code has a name")  # noqa: E731
            text = lambda: _("No number of this record has a code that medgui does not know")  # noqa: E731
        self.state.addWidget(StatePanel("check", title, text, (action,)))

    def _enable(self) -> None:
        number = len(self.naming.listed)
        decided = len(self.naming.entries())
        self.save_button.setEnabled(decided > 0)
        self.take_button.setEnabled(self.importing.settled and bool(self.importing.entries()))
        if self._view == NAMES and number:
            sentence = _("{n} of {all} codes decided")
            self.head.summary.set_words(lambda: sentence.format(n=decided, all=number))
        elif self._view == ENTRIES:
            self.head.summary.set_words(lambda: texts.entries_count(self.entries.count))
        else:
            self.head.summary.set_words("")

    def retranslate(self) -> None:
        """Say everything again."""
        self.naming.say_again()
        self.entries.say_again()
        self.importing.say_again()
        self._show(self._view)

    def relayout(self) -> None:
        """Share the width."""
        super().relayout()
        self.naming.relayout()
        self._show_entries_button()
        self.entries.narrow(self.shell.layout.width < Width.NARROW)

    # Saving

    def save(self) -> None:
        """Keep what is decided, and read the record again with it."""
        if not self.naming.show_unsettled():
            entries = self.naming.entries()
            self._change(lambda codes: codes.put(*entries), self._saved)

    def _saved(self) -> None:
        self.naming.decisions.forget()
        self._tell_effect(())
        self.shell.go("record")

    def _remove(self, entry: MapEntry) -> None:
        self._change(lambda codes: codes.remove(entry.key), lambda: self._removed(entry))

    def _removed(self, entry: MapEntry) -> None:
        undo = Action(lambda: _("Undo"), lambda: self._put_back(entry))
        name = texts.name_text(entry.name, entry.code)
        self._tell_effect((lambda: _("Removed: {name}.").format(name=name),), undo)

    def _put_back(self, entry: MapEntry) -> None:
        self._change(lambda codes: codes.put(entry), lambda: self._tell_effect(()))

    def take_import(self) -> None:
        """Take what was decided about the imported map."""
        entries = self.importing.entries()
        if self.importing.settled and entries:
            self._change(lambda codes: codes.put(*entries), lambda: self._imported(len(entries)))

    def _imported(self, number: int) -> None:
        self._show(ENTRIES)
        self.entries.table.setFocus()

        def words() -> str:
            return ngettext("{n} entry imported.", "{n} entries imported.", number).format(n=number)

        self._tell_effect((words,))

    def _change(self, change: Callable[[CodeMapFile], object], then: Callable[[], object]) -> None:
        """Change and save the map in the background; what cannot be saved is said and nothing is changed."""
        services = self.shell.services

        def work(_token: object) -> CodeMap:
            codes = services.codes()
            change(codes)
            return codes.code_map

        def done(code_map: CodeMap) -> None:
            self.entries.show_entries(code_map.entries)
            self._enable()
            then()

        self.shell.tasks.job(work).on_done(done).run("storage")

    def _tell_effect(self, first: Sequence[Callable[[], str]], action: Action | None = None) -> None:
        """Read the open record again and say what changed in it, after the sentences of *first*."""
        tell = self.shell.messages.tell

        def say(*more: Callable[[], str]) -> None:
            parts = (*first, *more) or (lambda: _("Saved."),)
            tell(Mark.INFO, lambda: texts.sentences([part() for part in parts]), action, topic=TOPIC)

        if self.shell.visit.record is None:
            say()
        else:
            self.shell.visit.read_again(lambda old, new: say(lambda: texts.effect(old, new)))

    # The clinic's entries, import

    def _show_entries(self) -> None:
        self._back_to = NAMES if self._record is not None else "settings"
        self._show(ENTRIES)
        self._list_entries()
        self.entries.search.setFocus()

    def _list_entries(self) -> None:
        services = self.shell.services
        job = self.shell.tasks.job(lambda _token: services.codes().code_map)

        def show(code_map: CodeMap) -> None:
            self.entries.show_entries(code_map.entries)
            self._enable()

        job.on_done(show).run("storage")

    def ask_import(self) -> None:
        """Let the user choose an exported map, and show what it would change."""
        path = files.ask_import(self)
        if path is not None:
            self.look_into(path)

    def look_into(self, path: Path) -> None:
        """Show what an exported map would change."""
        services = self.shell.services
        job = self.shell.tasks.job(lambda _token: services.codes().look_into(path))
        job.on_done(lambda found: self._ask_about(path.name, found)).run("storage")

    def _ask_about(self, file: str, found: Imported) -> None:
        self.importing.show_import(file, found)
        self._show(IMPORT)
        self.importing.table.setFocus()

    # What the window asks

    def back(self) -> None:
        """Leave this view; nothing that is decided is lost while the record stays open."""
        if self._view == IMPORT:
            self._show(ENTRIES)
            self._list_entries()
        elif self._view == ENTRIES and self._back_to == NAMES:
            self._show(NAMES)
        else:
            self.shell.go(self._back_to if self._view == ENTRIES else self._home())

    def _home(self) -> str:
        return "record" if self._record is not None else "start"

    def show_place(self, anchor: str) -> None:
        """Show a view."""
        if anchor == NAMES:
            self._show(NAMES)
            self.naming.table.setFocus()
            return
        self._show_entries()
        self._back_to = "settings"
        if anchor == IMPORT:
            self.ask_import()

    def page_commands(self) -> Sequence[Command]:
        """Offer what can be done with codes."""

        def naming() -> bool:
            return self._view == NAMES

        return (
            Command("codes.save", N_("Save"), self._save_or_take, ("Ctrl+S",), "codes"),
            Command(
                "codes.next", N_("Next code without a choice"), self._next, ("F4",), "codes", enabled=naming
            ),
            Command("codes.type", N_("Type the name of a value"), self._type, ("F2",), "codes", enabled=naming),
            Command("codes.ignore", N_("Ignore this code"), self._ignore, ("I",), "codes", enabled=naming),
            Command("codes.later", N_("Decide later"), self._later, ("L",), "codes", enabled=naming),
            Command(
                "codes.all", N_("Take all proposals that match by name and unit"), self._all, (), "codes",
                enabled=naming,
            ),
            Command("codes.import", N_("Import codes of laboratories"), self.ask_import, (), "codes"),
            Command(
                "codes.export", N_("Export codes of laboratories"),
                lambda: files.ask_export(self.shell, self), (), "codes",
            ),
        )  # fmt: skip

    def _save_or_take(self) -> None:
        button = self.take_button if self._view == IMPORT else self.save_button
        if button.isVisible() and button.isEnabled():
            button.click()

    def _next(self) -> None:
        self.naming.next()

    def _type(self) -> None:
        self.naming.type_name()

    def _ignore(self) -> None:
        self.naming.panel.ignore()

    def _later(self) -> None:
        self.naming.panel.later()

    def _all(self) -> None:
        self.naming.take_all()

    def areas(self) -> Sequence[QWidget]:
        """List, then choice."""
        if self._view == ENTRIES:
            return [self.entries.search, self.entries.table]
        if self._view == IMPORT:
            return [self.importing.table, self.importing.keep]
        if not self.naming.listed:
            return []
        offers = self.naming.panel.offers
        return [self.naming.table, offers[0].button if offers else self.naming.panel.other]

    def escape(self) -> bool:
        """Go back from the choice to the list, then from the view."""
        if self._view == NAMES and self.naming.listed and self.naming.show_list():
            return True
        self.back()
        return True

    def find(self) -> None:  # type: ignore[override]
        """Find an entry."""
        if self._view == ENTRIES:
            self.entries.search.setFocus()

    def undo(self) -> bool:
        """Take a decision back; the record itself is not touched from this page."""
        if self._view == NAMES:
            self.naming.undo()
        return True

    def redo(self) -> bool:
        """Take the last undo back."""
        if self._view == NAMES:
            self.naming.redo()
        return True
