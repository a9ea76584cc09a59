"""The one window: banner over navigation and pages."""

import os
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLibraryInfo, QLocale, QSize, QTimer, QTranslator
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from medgui import i18n
from medgui.errors import DifferentPeople
from medgui.i18n import _
from medgui.paths import is_update, resources_dir
from medgui.ui import faults, window_commands
from medgui.ui.banner import Banner
from medgui.ui.clipboard import ClipboardGuard
from medgui.ui.nav import Nav
from medgui.ui.pages import PageSpec, available
from medgui.ui.pages.page import Page
from medgui.ui.services import Services
from medgui.ui.shell import Layout, Shell, Width
from medgui.ui.style import FocusRing
from medgui.ui.theme import Role, send_language_change, theme
from medgui.ui.visit import Opening
from medgui.ui.widgets.text import Filled

if TYPE_CHECKING:
    from medgui.readers.table_mapping import MappingProposal
    from medgui.ui.mapping import Mapper
    from medgui.ui.opening import Chooser
    from medgui.ui.palette import Palette
    from medgui.ui.tour.tour import Tour

LOW = 700
WARM_MS = 100
SMALLEST = QSize(640, 360)


class MainWindow(QMainWindow):
    """Shows one patient at a time. Everything it asks for comes through *services*."""

    def __init__(self, services: Services, first: str = "start") -> None:
        """*first* is the page to begin with: a window that opens a file needs no start page."""
        super().__init__()
        self.setAcceptDrops(True)
        self.setMinimumSize(SMALLEST)
        self.resize(1280, 800)
        self.shell = Shell(services, self)
        self.specs: dict[str, PageSpec] = {spec.key: spec for spec in available()}
        self._pages: dict[str, Page] = {}
        self._translator = QTranslator(self)
        self.shell.commands.add(*window_commands.build(self))
        self._build()
        self.faults = faults.Faults(self.shell, self)
        self._ring = FocusRing(self, theme)
        self._clipboard = ClipboardGuard(self)
        self._connect()
        self._speak()
        self.go(first if first in self.specs else "start")

    def _build(self) -> None:
        self.banner = Banner(self.shell)
        self.nav = Nav(list(self.specs.values()), self.shell, window_commands.FOOT)
        self.stack = QStackedWidget()
        self._chooser: Chooser | None = None
        self._palette: Palette | None = None
        self._tour: Tour | None = None
        self.mapper: Mapper | None = None
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.nav)
        middle.addWidget(self.stack, 1)
        self.centre = Filled(Role.SURFACE)
        column = QVBoxLayout(self.centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addLayout(middle, 1)
        self.foot = QVBoxLayout()
        column.addLayout(self.foot)
        self.setCentralWidget(self.centre)

    def _connect(self) -> None:
        shell, visit = self.shell, self.shell.visit
        shell.go_asked.connect(self.go)
        shell.open_asked.connect(self.ask_file)
        shell.file_asked.connect(self.open_path)
        shell.close_asked.connect(self.close)
        shell.tour_asked.connect(lambda: self.tour.begin())
        self.nav.chosen.connect(self.go)
        visit.record_changed.connect(self._record_changed)
        visit.assessment_changed.connect(self._warm_soon)
        visit.several.connect(self._several)
        visit.refused.connect(self._refused)
        visit.unmapped.connect(self._unmapped)
        visit.leaving.connect(shell.messages.clear)
        visit.failed.connect(self._failed)
        shell.services.settings.listeners.append(self._setting_changed)
        self._had_patient = False
        self._was: tuple[str, str] | None = None

    # Pages

    def go(self, key: str, anchor: str = "") -> None:
        """Show the page *key*, and *anchor* on it."""
        if key not in self.specs:
            return
        before = self.focusWidget()
        page = self.page(key)
        self.stack.setCurrentWidget(page)
        self.nav.show_page(key)
        self.shell.commands.set_page(key)
        self._title()
        self._keep_focus(page, before)
        if anchor:
            page.show_place(anchor)

    def _keep_focus(self, page: Page, before: QWidget | None) -> None:
        """Where the focus went away with the page *before* it, put it on this page; else it stays."""
        inside = before is not None and page.isAncestorOf(before)
        if before is not None and self.nav.isAncestorOf(before):
            self.nav.focus_item.setFocus()
        elif before is not None and not inside and not self.stack.isAncestorOf(before):
            before.setFocus()
        elif not inside:
            area = next((a for a in page.areas() if a.isEnabled()), None)
            (area or self.nav.focus_item).setFocus()

    def page(self, key: str) -> Page:
        """Return the page *key*, built when it is first asked for."""
        if key not in self._pages:
            page = self.specs[key].make(self.shell)
            self._pages[key] = page
            self.stack.addWidget(page)
            page.relayout()
            if self.shell.visit.record is not None or not self.specs[key].of_patient:
                page.refresh()
        return self._pages[key]

    @property
    def current(self) -> Page | None:
        """The page on the screen; None while a file is being chosen from or mapped."""
        shown = self.stack.currentWidget()
        return shown if isinstance(shown, Page) else None

    def pages(self) -> list[Page]:
        """Return the pages that are built."""
        return list(self._pages.values())

    @property
    def chooser(self) -> "Chooser":
        """The list of patients of a file, made when it is first needed."""
        if self._chooser is None:
            from medgui.ui.opening import Chooser

            self._chooser = Chooser(self.shell)
            self._chooser.left.connect(lambda: self.go("start"))
            self.stack.addWidget(self._chooser)
        return self._chooser

    @property
    def palette_(self) -> "Palette":
        """The command palette, made when it is first opened."""
        if self._palette is None:
            from medgui.ui.palette import Palette

            self._palette = Palette(self.shell, self.pages, self)
        return self._palette

    @property
    def tour(self) -> "Tour":
        """The tour, made when it is first asked for."""
        if self._tour is None:
            from medgui.ui.tour.tour import Tour

            self._tour = Tour(self)
        return self._tour

    @property
    def tour_area(self) -> QWidget | None:
        """Where F6 finds the tour; None where it is not on."""
        return self._tour.strip.area() if self._tour is not None and self._tour.running else None

    @property
    def palette_open(self) -> bool:
        """Whether the palette is on the screen."""
        return self._palette is not None and self._palette.isVisible()

    def _title(self) -> None:
        page = self.current
        words = self.specs[page.key].words if page is not None and page.key in self.specs else ""
        # Never a name, an id or a file: window titles are seen in task bars and kept in logs.
        self.setWindowTitle(f"{words} \u2013 medgui" if words and page is not None else "medgui")

    # The visit

    def open_path(
        self, path: Path, *, patient: str | None = None, as_of: str = "", demo: bool = False
    ) -> None:
        """Open a patient file or a folder; files that ship are demonstration patients."""
        self.open_paths([path], patient=patient, as_of=as_of, demo=demo)

    def open_paths(
        self, paths: Sequence[Path], *, patient: str | None = None, as_of: str = "", demo: bool = False
    ) -> None:
        """Open files of one person together; an update among them is looked at instead."""
        update = next((path for path in paths if is_update(path)), None)
        if update is not None:
            window_commands.open_update(self, update)
            return
        first, *more = paths
        # realpath, since Path.resolve raises where links lead in a circle (Python 3.11, 3.12).
        folder = os.path.realpath(resources_dir() / "demo")
        demo = demo or all(os.path.dirname(os.path.realpath(path)) == folder for path in paths)
        self.shell.visit.open(Opening(first, patient=patient, as_of=as_of, demo=demo, more=tuple(more)))

    def ask_file(self) -> None:
        """Let the user choose a file, or several of one person (Ctrl+O)."""
        from PySide6.QtWidgets import QFileDialog

        kinds = _(
            "Patient files (*.json *.ndjson *.xml *.hl7 *.csv *.tsv *.xlsx *.dcm *.vcf *.pdf *.txt DICOMDIR)"
        )
        updates, rest = _("Updates of medgui (*.medgui-update)"), _("All files (*)")
        title = _("Open one or several files of a patient")
        names, _filter = QFileDialog.getOpenFileNames(self, title, "", f"{kinds};;{updates};;{rest}")
        if names:
            self.open_paths([Path(name) for name in names])

    def ask_folder(self) -> None:
        """Let the user choose a folder with the files of a patient, or of several (Ctrl+Shift+O)."""
        from PySide6.QtWidgets import QFileDialog

        name = QFileDialog.getExistingDirectory(self, _("Open a folder of patient files"))
        if name:
            self.open_path(Path(name))

    def _record_changed(self) -> None:
        record = self.shell.visit.record
        key = (record.sha256 or record.file, record.patient.id) if record is not None else None
        if key == self._was:
            return
        self._was = key
        self.go("start" if record is None else "results" if "results" in self.specs else "record")

    def _warm_soon(self) -> None:
        if self.shell.visit.assessment is not None:
            QTimer.singleShot(WARM_MS, self, self._warm)

    def _warm(self) -> None:
        """Build the other pages once the results are painted, so that the palette knows their commands."""
        for name in self.current.later if self.current is not None else ():
            import_module(name)
        for key, spec in self.specs.items():
            if spec.of_patient and key not in self._pages:
                self.page(key)
                QTimer.singleShot(WARM_MS, self, self._warm)
                return

    def _failed(self, opening: Opening | None, error: Exception) -> None:
        if self.shell.visit.record is None:
            self.go("start")
        self.faults.show(opening, error)

    def _several(self, opening: Opening, patients: list[tuple[str, str]]) -> None:
        self.chooser.ask(opening, patients)
        self._show_asked(self.chooser)

    def _refused(self, opening: Opening, error: DifferentPeople) -> None:
        self.chooser.refuse(opening, str(error), error.people)
        self._show_asked(self.chooser)

    def _unmapped(self, opening: Opening, proposal: "MappingProposal") -> None:
        from medgui.ui.mapping import Mapper

        if self.mapper is None:
            self.mapper = Mapper(self.shell)
            self.mapper.left.connect(lambda: self.go("start"))
            self.stack.addWidget(self.mapper)
        self.mapper.ask(opening, proposal)
        self._show_asked(self.mapper)

    def _show_asked(self, widget: Filled) -> None:
        self.stack.setCurrentWidget(widget)
        self.nav.show_page("")
        self.shell.commands.set_page("")
        self._title()

    # Settings and language

    def _setting_changed(self, name: str) -> None:
        settings = self.shell.services.settings
        if name in ("theme", "text_scale"):
            theme.apply(settings.theme, settings.text_scale)
            self._lay_out()
        elif name == "language":
            self.speak(i18n.preferred_language(settings.language))
        elif name == "units":
            self.shell.visit.set_units(settings.unit_system)
        elif name in ("country", "region"):
            self.shell.visit.run()
        elif name == "single_keys":
            self.shell.commands.set_single_keys(settings.single_keys)

    def switch_language(self) -> None:
        """Change between English and Chinese, now (Ctrl+Shift+L)."""
        self.speak("en" if i18n.language() == "zh" else "zh")

    def speak(self, code: str) -> None:
        """Speak language *code* everywhere in the window."""
        i18n.set_language(code)
        self._speak()
        send_language_change(self)
        self._title()
        if self.shell.services.settings.units == "language":
            self.shell.visit.set_units(self.shell.services.settings.unit_system)
        self.shell.visit.say_again()
        self.shell.did.emit("language", code)

    def _speak(self) -> None:
        """Let Qt's own words (file dialog, edit menus) follow, and numbers of Qt stay plain."""
        QApplication.removeTranslator(self._translator)
        if i18n.language() == "zh":
            folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
            if self._translator.load("qtbase_zh_CN", folder):
                QApplication.installTranslator(self._translator)
        QLocale.setDefault(QLocale("zh_CN" if i18n.language() == "zh" else "en_GB"))

    # Window events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Find the width class."""
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        width = Width.of(max(0.0, self.width() / theme.scale))
        self.shell.set_layout(Layout(width, self.height() < LOW))
        if self._palette is not None:
            self._palette.place()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one or more local files."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped: a file, several of one person, or a folder."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if not paths:
            return
        event.acceptProposedAction()
        self.open_paths(paths)

    def changeEvent(self, event: QEvent) -> None:
        """Say the title again in the new language."""
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_was"):
            self._title()
        super().changeEvent(event)

    def would_be_lost(self) -> str:
        """Say what closing would lose; "" where nothing."""
        return next((words for words in (page.unsaved() for page in self.pages()) if words), "")

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop work and let go of what listens to settings; work that would be lost is asked about first."""
        lost = self.would_be_lost()
        if lost and not window_commands.ask_to_close(self, lost):
            event.ignore()
            return
        self.shell.visit.cancel()
        self.shell.tasks.close()
        self._clipboard.clear()
        listeners = self.shell.services.settings.listeners
        if self._setting_changed in listeners:
            listeners.remove(self._setting_changed)
        super().closeEvent(event)
