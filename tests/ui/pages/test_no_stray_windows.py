"""No widget is shown before it has its place: it would be a window of its own that flashes and takes the keyboard."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from medgui.ui.pages.results import ResultsPage
from medgui.ui.window import MainWindow

OpenDemo = Callable[[str], MainWindow]


class Shown(QObject):
    """Names each window that is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.windows: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look on."""
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.windows.append(type(watched).__name__)
        return False


@pytest.fixture
def shown() -> Iterator[Shown]:
    watching = Shown()
    app = QApplication.instance()
    assert app is not None
    app.installEventFilter(watching)
    yield watching
    app.removeEventFilter(watching)


@pytest.mark.parametrize("name", ["marlow_helen", "lin_huimin", "okafor_grace"])
def test_opening_a_patient_and_walking_the_pages_shows_no_other_window(
    window: MainWindow, open_demo: OpenDemo, shown: Shown, qtbot: QtBot, name: str
) -> None:
    open_demo(name)
    for page in ("results", "record", "models", "settings", "report"):
        window.shell.go(page)
        qtbot.wait(50)
    results = window.page("results")
    assert isinstance(results, ResultsPage)
    for model in list(results.rows):
        results.toggle(model)
    assert [each for each in shown.windows if each != "MainWindow"] == []
