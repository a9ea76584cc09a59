"""The real window on the demonstration patients, through the real layers."""

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from medgui.app import make_services
from medgui.paths import resources_dir, user_data_dir
from medgui.settings import Settings
from medgui.ui.theme import theme
from medgui.ui.visit import Opening
from medgui.ui.window import MainWindow

WAIT_MS = 60_000


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    theme.apply("light", 100)
    made = MainWindow(make_services(Settings()))
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    yield made
    made.shell.visit.close()
    made.shell.tasks.close(wait=True)
    assert not list((user_data_dir() / "faults").glob("*.txt")), "a fault was written down"


@pytest.fixture
def open_demo(qtbot: QtBot, window: MainWindow) -> Callable[[str], MainWindow]:
    """Open a demonstration patient and wait for its findings."""

    def open_it(name: str) -> MainWindow:
        window.shell.visit.open(Opening(resources_dir() / "demo" / f"{name}.json"))
        qtbot.waitUntil(lambda: window.shell.visit.assessment is not None, timeout=WAIT_MS)
        return window

    return open_it
