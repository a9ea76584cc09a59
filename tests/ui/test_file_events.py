"""What macOS sends where a file is opened by a double click in Finder."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from medgui.ui.file_events import FileEvents
from medgui.ui.window import MainWindow
from tests.ui.conftest import Fake


def test_a_file_that_the_system_hands_over_is_opened_in_the_window(
    qtbot: QtBot, qapp: QApplication, window: MainWindow, fake: Fake, tmp_path: Path
) -> None:
    events = FileEvents(qapp, window.open_paths)
    QCoreApplication.sendEvent(qapp, QFileOpenEvent(str(tmp_path / "patient.json")))
    qtbot.waitUntil(lambda: window.shell.visit.record is not None)
    assert fake.opened == [tmp_path / "patient.json"]
    qapp.removeEventFilter(events)


def test_files_of_one_selection_are_opened_together(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    opened: list[list[Path]] = []
    events = FileEvents(qapp, lambda paths: opened.append(list(paths)))
    for name in ("one.xml", "two.hl7"):
        QCoreApplication.sendEvent(qapp, QFileOpenEvent(str(tmp_path / name)))
    qtbot.waitUntil(lambda: bool(opened))
    assert opened == [[tmp_path / "one.xml", tmp_path / "two.hl7"]]
    qapp.removeEventFilter(events)


def test_an_address_of_the_network_is_never_opened(qtbot: QtBot, qapp: QApplication) -> None:
    opened: list[list[Path]] = []
    events = FileEvents(qapp, lambda paths: opened.append(list(paths)))
    QCoreApplication.sendEvent(qapp, QFileOpenEvent(QUrl("https://example.org/patient.json")))
    qtbot.wait(10)
    assert opened == []
    qapp.removeEventFilter(events)
