from collections.abc import Callable

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from medgui.ui.pinyin import initials
from medgui.ui.window import MainWindow


def found(window: MainWindow) -> list[str]:
    model = window.palette_.filter
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def open_palette(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.palette_.isVisible()


def test_a_command_is_found_and_run_by_the_keyboard_alone(qtbot: QtBot, window: MainWindow) -> None:
    open_palette(qtbot, window)
    qtbot.keyClicks(window.palette_.edit, "setti")
    assert found(window)[0].startswith("Settings")
    qtbot.keyClick(window.palette_.edit, Qt.Key.Key_Return)
    assert window.current is window.page("settings")
    assert not window.palette_.isVisible()


def test_both_languages_and_pinyin_initials_find_a_command(qtbot: QtBot, window: MainWindow) -> None:
    for typed in ("settings", "设置", "sz"):
        open_palette(qtbot, window)
        window.palette_.edit.setText(typed)
        window.palette_._search(typed)
        assert any("Settings" in line for line in found(window)), typed
        qtbot.keyClick(window.palette_.edit, Qt.Key.Key_Escape)


def test_escape_closes_and_gives_the_focus_back(qtbot: QtBot, window: MainWindow) -> None:
    before = QApplication.focusWidget()
    open_palette(qtbot, window)
    qtbot.keyClick(window.palette_.edit, Qt.Key.Key_Escape)
    assert not window.palette_.isVisible()
    assert QApplication.focusWidget() is before


def test_arrows_move_through_the_list(qtbot: QtBot, window: MainWindow) -> None:
    open_palette(qtbot, window)
    qtbot.keyClick(window.palette_.edit, Qt.Key.Key_Down)
    assert window.palette_.list.currentIndex().row() == 1
    qtbot.keyClick(window.palette_.edit, Qt.Key.Key_Up)
    assert window.palette_.list.currentIndex().row() == 0


def test_commands_that_need_a_patient_are_left_out_without_one(
    qtbot: QtBot, window: MainWindow, open_patient: Callable[[], MainWindow]
) -> None:
    open_palette(qtbot, window)
    assert not any(line.startswith("Close patient") for line in found(window))
    window.palette_.close_palette()
    open_patient()
    open_palette(qtbot, window)
    assert any(line.startswith("Close patient") for line in found(window))


def test_initials_follow_the_order_of_gb_2312() -> None:
    assert initials("设置") == "sz"
    assert initials("收缩压 mmHg") == "ssy"


@pytest.mark.parametrize("key", [Qt.Key.Key_K, Qt.Key.Key_F1])
def test_closing_an_overlay_whose_field_behind_it_is_gone_is_no_fault(
    key: Qt.Key, qtbot: QtBot, window: MainWindow
) -> None:
    field = QLineEdit(window.current)
    field.show()
    field.setFocus()
    control = Qt.KeyboardModifier.ControlModifier if key == Qt.Key.Key_K else Qt.KeyboardModifier.NoModifier
    qtbot.keyClick(window, key, control)
    shiboken6.delete(field)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not window.palette_.isVisible()
    assert window.shell.messages.shown == []
