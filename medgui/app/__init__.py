"""Composition root of the window: the only place that knows every layer.

Each service imports its layer when it is first called, off the window's thread, so that the first paint waits
for Qt alone.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QSettings, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

import medgui.ui.lighter  # noqa: F401 - first of all
from medgui import i18n
from medgui.app.clinic import Bench, Local
from medgui.app.documents import export_record, preview
from medgui.app.engines import Engines
from medgui.app.updates import UpdateDesk
from medgui.errors import UserError
from medgui.i18n import _
from medgui.paths import is_update, resources_dir
from medgui.settings import Settings
from medgui.tables import read_table
from medgui.ui.services import DemoPatient, Services


def demo_patients() -> Sequence[DemoPatient]:
    """List the demonstration patients that ship; none where their index is missing."""
    folder = resources_dir() / "demo"
    if not (folder / "index.toml").is_file():
        return ()
    listed = read_table("demo/index.toml").get("patient", [])
    return [DemoPatient(folder / p["file"], p["name"], p["who"], p["story"]) for p in listed]


def make_services(settings: Settings | None = None) -> Services:
    """Build the services of a window on the layers below."""
    settings = settings or Settings.load()
    engines = Engines(settings)
    return Services(
        settings=settings,
        open_record=engines.open_record,
        propose_mapping=engines.propose_mapping,
        assess=engines.assess,
        what_if=engines.what_if,
        catalogue=engines.catalogue,
        installation=engines.installation,
        demo_patients=demo_patients,
        render_pdf=engines.render_pdf,
        write_pdf=engines.write_pdf,
        export_record=export_record,
        preview=preview,
        codes=engines.codes,
        local=Local(engines),
        workshop=Bench(engines),
        updates=UpdateDesk(engines),
    )


def _starting(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Take what Qt says while it starts. Where it finds no screen it would write ten lines and abort."""
    if os.environ.get("MEDGUI_DEBUG") == "1":
        sys.stderr.write(message + "\n")
    if kind is QtMsgType.QtFatalMsg:
        sentence = _(
            "No window can be opened: no screen answers, or a library that Qt needs is missing; "
            "“medgui report FILE -o OUT.pdf” works without a screen."
        )
        sys.stderr.write(sentence + "\n")
        sys.stderr.flush()
        if sys.platform == "win32":
            from medgui import system

            if system.unheard():
                system.tell(sentence)
        os._exit(UserError.exit_code)


def remember_no_folders() -> None:
    """Let Qt's own file dialog keep nothing: it would write the folders it was in, whose names may be patients'.

    Nothing of ours is kept by QSettings. On Windows and macOS the dialog is the system's.
    """
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, os.devnull)


def make_application(settings: Settings) -> QApplication:
    """Return the QApplication, with the look and language of *settings*."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        application = existing
    else:
        gc.disable()  # nothing made before the first paint is garbage; afterwards see ui/garbage.py
        policy = Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
        QGuiApplication.setHighDpiScaleFactorRoundingPolicy(policy)
        before = qInstallMessageHandler(_starting)
        application = QApplication([*sys.argv[:1], "-style", "Fusion"])
        qInstallMessageHandler(before)
        remember_no_folders()
        application.setProperty("fusion", True)
    application.setApplicationName("medgui")
    application.setDesktopFileName("org.medgui.medgui")  # its menu entry: where a desktop finds its icon
    application.setQuitOnLastWindowClosed(True)
    i18n.set_language(i18n.preferred_language(settings.language))
    from medgui.ui.theme import theme

    theme.apply(settings.theme, settings.text_scale)
    return application


def run(*files: Path, patient: str | None = None, as_of: str = "") -> int:
    """Open the window, on *files* where there are any, and return the exit code when it is closed."""
    logging.basicConfig(level=logging.WARNING, format="medgui: %(message)s")
    settings = Settings.load()
    application = make_application(settings)
    from medgui.ui.window import MainWindow

    patient_files = any(not is_update(path) for path in files)
    window = MainWindow(make_services(settings), "results" if patient_files else "start")
    if files:
        window.open_paths(files, patient=patient, as_of=as_of)
    if sys.platform == "darwin":
        from medgui.ui.file_events import FileEvents

        FileEvents(application, window.open_paths)
    window.show()
    code = application.exec()
    window.shell.tasks.close(wait=True)
    return code
