"""The visit as a whole: a window of its own, every demonstration patient and a C-CDA, one document."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medgui import i18n
from medgui.paths import resources_dir
from medgui.selftest.visit.document import SCHEMA

if TYPE_CHECKING:
    from medgui.settings import Settings
    from medgui.ui.window import MainWindow

LANGUAGE, COUNTRY, UNITS = "en", "USA", "conventional"
"""What the window is set to, so that two computers with other settings give one document."""
CCDA, CCDA_DAY = "demo_lucia.xml", "2026-11-20"

Opener = Callable[["Settings"], "MainWindow"]


def run_visit(open_window: Opener, only: Collection[str] = ()) -> Mapping[str, Any]:
    """Do the visit in the window that *open_window* makes of fresh settings; *only* names files, all without.

    Folders of the user are not touched: home, reports and what Qt's own dialog remembers lie in a temporary folder.
    Raises `VisitStopped` where a step cannot be done.
    """
    before = i18n.language()
    with tempfile.TemporaryDirectory(prefix="medgui-") as folder, _at_home_in(Path(folder)):
        try:
            return _visit(open_window, Path(folder), only)
        finally:
            i18n.set_language(before)


def _visit(open_window: Opener, folder: Path, only: Collection[str]) -> Mapping[str, Any]:
    from medgui.selftest.visit.hand import Hand
    from medgui.selftest.visit.steps import Doctor
    from medgui.settings import Settings
    from medgui.tables import read_table

    settings = Settings.load()
    settings.language, settings.country, settings.units = LANGUAGE, COUNTRY, UNITS
    with _dialogs_of_qt(folder):
        window = open_window(settings)
        window.speak(LANGUAGE)
        window.show()
        window.activateWindow()
        Hand().until("the first window", lambda: window.isVisible() and window.windowHandle().isExposed())
        try:
            doctor = Doctor(window, folder)
            listed = read_table("demo/index.toml")["patient"]
            files = [row["file"] for row in listed]
            seen = [doctor.see_demo(n, name) for n, name in enumerate(files) if not only or name in only]
            if not only or CCDA in only:
                seen.append(doctor.see_file(resources_dir() / "demo" / CCDA, CCDA_DAY))
        finally:
            window.close()
            window.shell.tasks.close(wait=True)
            Hand().rest()
    return {"schema": SCHEMA, "language": LANGUAGE, "country": COUNTRY, "units": UNITS, "patients": seen}


@contextmanager
def _at_home_in(folder: Path) -> Iterator[None]:
    """Let the user's folders be below *folder*, and the language that of the settings."""
    kept = {name: os.environ.pop(name, None) for name in ("MEDGUI_HOME", "MEDGUI_LANG")}
    os.environ["MEDGUI_HOME"] = str(folder / "home")
    try:
        yield
    finally:
        for name, value in kept.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


@contextmanager
def _dialogs_of_qt(folder: Path) -> Iterator[None]:
    """Qt's own file dialog, which takes events of ours; what it remembers of folders goes into *folder*."""
    from PySide6.QtCore import QCoreApplication, QSettings, Qt

    attribute = Qt.ApplicationAttribute.AA_DontUseNativeDialogs
    before = QCoreApplication.testAttribute(attribute)
    QCoreApplication.setAttribute(attribute, True)
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(folder))
    try:
        yield
    finally:
        QCoreApplication.setAttribute(attribute, before)
