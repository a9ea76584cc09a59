from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QSpinBox
from pytestqt.qtbot import QtBot

from medgui import i18n
from medgui.settings import Settings
from medgui.ui.pages.settings import SettingsPage
from medgui.ui.theme import theme
from medgui.ui.widgets.field import Choice, SearchChoice
from medgui.ui.window import MainWindow


def page_of(window: MainWindow) -> SettingsPage:
    window.go("settings")
    page = window.current
    assert isinstance(page, SettingsPage)
    return page


def take(qtbot: QtBot, choice: Choice, value: object) -> None:
    choice.setCurrentIndex(choice.findData(value))
    choice.activated.emit(choice.currentIndex())


def test_every_visible_setting_has_a_named_control(window: MainWindow) -> None:
    page = page_of(window)
    assert set(page.controls) == {setting.name for setting in Settings.table() if setting.visible}
    assert all(control.accessibleName() for control in page.controls.values())


def test_a_number_names_its_unit_and_is_no_wider_than_it_needs(window: MainWindow) -> None:
    control = page_of(window).controls["max_file_mb"]
    assert isinstance(control, QSpinBox)
    assert control.text() == "100\u00a0MB"
    assert control.width() == control.sizeHint().width()


def test_theme_text_size_and_language_change_at_once_and_are_saved(
    qtbot: QtBot, window: MainWindow, settings: Settings
) -> None:
    page = page_of(window)
    take(qtbot, page.controls["theme"], "dark")  # type: ignore[arg-type]
    assert theme.mode == "dark"
    take(qtbot, page.controls["text_scale"], 150)  # type: ignore[arg-type]
    assert theme.scale == 1.5
    take(qtbot, page.controls["language"], "zh")  # type: ignore[arg-type]
    assert i18n.language() == "zh"
    assert page.head.title.text() == "设置"
    again = Settings.load(settings.path)
    assert (again.theme, again.text_scale, again.language) == ("dark", 150, "zh")
    theme.apply("light", 100)


def test_a_switch_and_a_number_take_effect(qtbot: QtBot, window: MainWindow, settings: Settings) -> None:
    page = page_of(window)
    box = page.controls["single_keys"]
    assert isinstance(box, QCheckBox)
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Space)
    assert settings.single_keys is False
    number = page.controls["max_file_mb"]
    assert isinstance(number, QSpinBox)
    number.setValue(250)
    assert settings.max_file_mb == 250


def test_defaults_come_back_by_one_button(qtbot: QtBot, window: MainWindow, settings: Settings) -> None:
    settings.units = "si"
    page = page_of(window)
    reset = next(b for b in page.head.findChildren(type(window.banner.close_button)))
    qtbot.mouseClick(reset, Qt.MouseButton.LeftButton)
    assert settings.units == "language"
    units = page.controls["units"]
    assert isinstance(units, Choice)
    assert units.currentData() == "language"


def test_a_folder_that_cannot_be_written_is_said(
    window: MainWindow, settings: Settings, tmp_path: object
) -> None:
    blocked = tmp_path / "file"  # type: ignore[operator]
    blocked.write_text("x")
    settings.path = blocked / "settings.json"
    page = page_of(window)
    take(None, page.controls["units"], "si")  # type: ignore[arg-type]
    assert "cannot be saved" in str(window.shell.messages.shown[0].words)


def test_a_country_is_found_by_a_part_of_its_name_or_its_code(
    qtbot: QtBot, window: MainWindow, settings: Settings
) -> None:
    choice = page_of(window).controls["country"]
    assert isinstance(choice, SearchChoice)
    edit = choice.lineEdit()
    for typed, taken in (("nether", "NLD"), ("(ROU)", "ROU"), ("zzz", "ROU"), ("an", "ROU"), ("not set", "")):
        edit.setText(typed)
        edit.editingFinished.emit()
        assert settings.country == taken
        assert edit.text() == Settings.country.label(taken)


def test_the_wheel_over_a_number_scrolls_the_page_and_changes_no_setting(window: MainWindow) -> None:
    number = next(each for each in page_of(window).controls.values() if isinstance(each, QSpinBox))
    before = number.value()
    at = number.rect().center()
    turn = QWheelEvent(
        QPointF(at),
        QPointF(number.mapToGlobal(at)),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    number.wheelEvent(turn)
    assert (number.value(), turn.isAccepted()) == (before, False)
