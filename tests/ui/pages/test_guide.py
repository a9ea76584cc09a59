"""The user guide inside the program: the text of the docs, with its pictures, found and followed."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from pytestqt.qtbot import QtBot

from medgui.ui.help import HelpPanel
from medgui.ui.pages.guide import GuidePage
from medgui.ui.widgets.button import Button
from medgui.ui.window import MainWindow


def guide_of(window: MainWindow) -> GuidePage:
    window.go("guide")
    page = window.current
    assert isinstance(page, GuidePage)
    return page


def test_help_opens_the_guide_in_the_language_in_force(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F1)
    panel = window.findChild(HelpPanel)
    assert panel is not None
    button = next(each for each in panel.findChildren(Button) if each.text() == "User guide")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    page = window.current
    assert isinstance(page, GuidePage)
    assert page.text.toPlainText().startswith("User guide")
    window.switch_language()
    assert page.text.toPlainText().startswith("使用指南")
    assert page.list.count() == len(page.text.sections())


def test_the_guide_opens_at_its_beginning_also_when_the_list_takes_the_focus(
    window: MainWindow, qtbot: QtBot
) -> None:
    page = guide_of(window)
    page.list.setFocus()
    qtbot.waitUntil(page.list.hasFocus)
    qtbot.wait(20)
    assert page.text.verticalScrollBar().value() == 0
    qtbot.keyClick(page.list, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: page.text.verticalScrollBar().value() > 0)


def test_a_section_is_gone_to_from_the_list_and_from_the_palette(window: MainWindow, qtbot: QtBot) -> None:
    page = guide_of(window)
    place = next(each for each in page.places() if each.title == "Add a score")
    window.shell.go(place.page, place.anchor)
    assert page.text.textCursor().block().text() == "Add a score"
    qtbot.waitUntil(lambda: page.text.verticalScrollBar().value() > 0)
    page.list.setCurrentRow(0)
    assert page.text.textCursor().block().text() == "Start"


def test_pictures_fit_the_room_and_come_from_the_guide_alone(window: MainWindow) -> None:
    page = guide_of(window)
    kind = QTextDocument.ResourceType.ImageResource.value
    picture = page.text.loadResource(kind, "images/guide/en/start.png")
    assert 200 < picture.deviceIndependentSize().width() < page.text.viewport().width()
    assert page.text.loadResource(kind, "../README.md") is None
    assert page.text.loadResource(kind, "http://example.org/picture.png") is None


def test_a_link_shows_its_page_here_and_a_button_leads_back(window: MainWindow, qtbot: QtBot) -> None:
    page = guide_of(window)
    assert not page.home_button.isVisible()
    page.text.wanted.emit("settings.md")
    assert page.text.toPlainText().startswith("Settings")
    qtbot.mouseClick(page.home_button, Qt.MouseButton.LeftButton)
    assert page.text.toPlainText().startswith("User guide")
    page.text.wanted.emit("adr/none.md")
    assert page.head.summary.text() == "This page is not part of this installation."
