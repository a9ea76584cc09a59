from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from medgui.ui.icons import icon
from medgui.ui.theme import Role, Type, theme


def test_a_mode_fills_palette_and_tells_listeners(qtbot: QtBot) -> None:
    with qtbot.waitSignal(theme.changed):
        theme.apply("dark", 100)
    palette = QApplication.palette()
    assert palette.color(QPalette.ColorRole.Base) == QColor(theme.tokens.colours["dark"][Role.SURFACE])
    assert theme.color("scale1") == QColor("#2B3239")
    theme.apply("light")


def test_text_size_scales_type_rows_and_icons_but_no_margin(qtbot: QtBot) -> None:
    theme.apply("light", 200)
    assert theme.font(Type.BODY).pixelSize() == 26
    assert theme.height("table_row") == 56
    assert theme.px(16) == 32
    theme.apply("light", 100)
    assert theme.font(Type.BODY).pixelSize() == 13


def test_icons_take_the_colour_of_the_theme(qtbot: QtBot) -> None:
    made = icon("check")
    theme.apply("light", 100)
    light = made.pixmap(16, 16).toImage()
    theme.apply("contrast")
    contrast = made.pixmap(16, 16).toImage()
    theme.apply("light")
    assert light != contrast


def test_the_shipped_fonts_are_used_for_both_scripts(qtbot: QtBot) -> None:
    assert theme.font().families()[0] == "Noto Sans SC"
    assert theme.font(Type.HEAD).bold()
