"""The sheet of an update: it shows, asks, waits for work that would be lost, and installs only by its button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from medgui.app.updates import UpdateDesk
from medgui.inference.catalogue import Catalogue
from medgui.record.model import Answer
from medgui.ui.pages.settings.page import SettingsPage
from medgui.ui.services import Services
from medgui.ui.update_sheet import UpdateSheet
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.text import Text
from medgui.ui.window import MainWindow
from tests.ui.conftest import Fake
from tests.updates.conftest import STRANGER, Computer, computer, maker, release, shelf

__all__ = ["computer", "maker", "release", "shelf"]


class Engines:
    """Counts how often the catalogue is read again."""

    again = 0

    def read_catalogue_again(self) -> None:
        self.again += 1


@pytest.fixture
def engines() -> Engines:
    return Engines()


@pytest.fixture
def shown(qtbot: QtBot, services: Services, engines: Engines) -> Any:
    window = MainWindow(replace(services, updates=UpdateDesk(engines)))  # type: ignore[arg-type]
    qtbot.addWidget(window)
    window.show()
    yield window
    window.shell.tasks.close(wait=True)


def sheet_of(window: MainWindow) -> UpdateSheet | None:
    return next((sheet for sheet in window.findChildren(UpdateSheet) if sheet.isVisible()), None)


def words(sheet: UpdateSheet) -> str:
    return "\n".join(text.text() for text in sheet.findChildren(Text) if text.isVisibleTo(sheet))


def opened(qtbot: QtBot, window: MainWindow, path: Path) -> UpdateSheet:
    window.open_path(path)
    sheet = sheet_of(window)
    assert sheet is not None
    qtbot.waitUntil(lambda: sheet.offer is not None or hasattr(sheet, "said"), timeout=10_000)
    shows(qtbot, sheet)
    return sheet


def shows(qtbot: QtBot, sheet: UpdateSheet, *parts: str) -> None:
    """Wait until the sheet shows *parts*, and more than its title: Qt shows what was added in a later turn."""
    qtbot.waitUntil(
        lambda: "\n" in words(sheet) and all(part in words(sheet) for part in parts), timeout=10_000
    )


def button(sheet: UpdateSheet, name: str) -> Button:
    return next(
        each for each in sheet.findChildren(Button) if each.text() == name and each.isVisibleTo(sheet)
    )


def finished(qtbot: QtBot, sheet: UpdateSheet) -> None:
    qtbot.waitUntil(lambda: hasattr(sheet, "said"), timeout=20_000)
    shows(qtbot, sheet)


def test_a_file_that_is_opened_is_shown_and_nothing_is_installed_by_itself(
    qtbot: QtBot, shown: MainWindow, computer: Computer, fake: Fake
) -> None:
    sheet = opened(qtbot, shown, computer.models("equation 1.1.0", "logistic 1.0.0"))
    said = words(sheet)
    for part in (
        "Models of November",
        "equation: 1.0.0 → 1.1.0",
        "logistic: 1.0.0 (new)",
        "new coefficients",
    ):
        assert part in said
    assert "Development key, not for use with patients" in said
    assert " kB" in said
    assert not fake.opened
    qtbot.mouseClick(button(sheet, "Not now"), Qt.MouseButton.LeftButton)
    assert sheet_of(shown) is None
    assert Catalogue.load().get("equation").header.version == "1.0.0"
    assert not list(computer.home.rglob(".incoming-*"))


def test_install_puts_the_models_into_force_and_runs_the_patient_again(
    qtbot: QtBot, shown: MainWindow, computer: Computer, engines: Engines
) -> None:
    shown.open_path(Path("someone.json"))
    qtbot.waitUntil(lambda: shown.shell.visit.assessment is not None)
    record, before = shown.shell.visit.record, shown.shell.visit.assessment
    sheet = opened(qtbot, shown, computer.models("equation 1.1.0"))
    qtbot.mouseClick(button(sheet, "Install"), Qt.MouseButton.LeftButton)
    finished(qtbot, sheet)
    assert "in force now" in words(sheet)
    assert engines.again == 1
    qtbot.waitUntil(lambda: shown.shell.visit.assessment is not before)
    assert shown.shell.visit.record is record
    assert Catalogue.load().get("equation").header.version == "1.1.0"


def test_while_it_installs_the_sheet_cannot_be_closed(
    qtbot: QtBot, shown: MainWindow, computer: Computer
) -> None:
    sheet = opened(qtbot, shown, computer.models("equation 1.1.0"))
    sheet.install()
    sheet.leave()
    assert sheet.isVisible()
    shown.open_path(computer.models("equation 1.2.0"))
    assert sheet_of(shown) is sheet
    finished(qtbot, sheet)
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert sheet_of(shown) is None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_refused_file_says_why_and_has_no_button_to_install(
    qtbot: QtBot, shown: MainWindow, computer: Computer, language: str
) -> None:
    shown.speak(language)
    sheet = opened(qtbot, shown, computer.models("equation 1.1.0", key=STRANGER))
    sentences = {"en": "not signed by a key that is trusted here", "zh": "不是由本机信任的密钥签名"}
    assert sentences[language] in words(sheet)
    assert sheet.install_button is None


def test_an_older_update_shows_its_refusal_with_what_it_is(
    qtbot: QtBot, shown: MainWindow, computer: Computer
) -> None:
    sheet = opened(qtbot, shown, computer.models("equation 1.1.0"))
    sheet.install()
    finished(qtbot, sheet)
    sheet = opened(qtbot, shown, computer.models("equation 1.1.0"))
    assert "already has these models" in words(sheet)
    assert "Models of November" in words(sheet)
    assert sheet.install_button is None


def test_nothing_is_installed_while_work_would_be_lost(
    qtbot: QtBot, shown: MainWindow, computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = ["A model is not saved."]
    monkeypatch.setattr(shown, "would_be_lost", lambda: "".join(lost))
    sheet = opened(qtbot, shown, computer.models("equation 1.1.0"))
    assert "A model is not saved. Finish that first" in words(sheet)
    assert sheet.install_button is not None
    assert not sheet.install_button.isEnabled()
    sheet.install()
    assert not sheet.installing
    lost.clear()  # or closing would ask


def test_a_new_program_waits_for_the_answers_of_the_patient_on_the_screen(
    qtbot: QtBot, shown: MainWindow, computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from medgui.updates import programs

    monkeypatch.setattr(programs, "refused_here", lambda *_: "")
    shown.open_path(Path("someone.json"))
    qtbot.waitUntil(lambda: shown.shell.visit.record is not None)
    record = shown.shell.visit.record
    assert record is not None
    shown.shell.visit.record = replace(record, answers=(Answer("weight", 80.0, "kg", "2026-11-22"),))
    sheet = opened(qtbot, shown, computer.program("medgui_9.0.0_amd64.deb", "9.0.0"))
    assert "Answers were given for the patient on the screen. Finish that first" in words(sheet)
    assert sheet.install_button is not None
    assert not sheet.install_button.isEnabled()


def test_an_update_among_dropped_files_is_looked_at_and_never_read_as_a_patient(
    qtbot: QtBot, shown: MainWindow, computer: Computer, fake: Fake
) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(computer.models("equation 1.1.0")))])
    event = QDropEvent(
        QPointF(10, 10),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    shown.dropEvent(event)
    assert sheet_of(shown) is not None
    assert not fake.opened


def test_the_language_changes_in_an_open_sheet(qtbot: QtBot, shown: MainWindow, computer: Computer) -> None:
    sheet = opened(qtbot, shown, computer.models("equation 1.1.0"))
    shown.speak("zh")
    shows(qtbot, sheet, "11 月模型", "新系数")
    assert "更新" in words(sheet).split("\n")


def test_settings_take_the_last_update_back_after_a_question(
    qtbot: QtBot, shown: MainWindow, computer: Computer, engines: Engines
) -> None:
    sheet = opened(qtbot, shown, computer.models("equation 1.1.0"))
    sheet.install()
    finished(qtbot, sheet)
    sheet.leave()
    shown.go("settings")
    page = shown.page("settings")
    assert isinstance(page, SettingsPage)
    qtbot.waitUntil(page.updates.back_button.isEnabled)
    page.updates.back_button.click()
    (question,) = [each for each in shown.shell.messages.shown if each.topic == "update"]
    assert Catalogue.load().get("equation").header.version == "1.1.0"
    assert question.action is not None
    question.action.run()
    done: Callable[[], bool] = lambda: Catalogue.load().get("equation").header.version == "1.0.0"  # noqa: E731
    qtbot.waitUntil(done, timeout=10_000)
    qtbot.waitUntil(lambda: engines.again == 2)
