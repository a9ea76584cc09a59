"""A score found, answered and kept by keyboard alone; rows whose words are whole."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from medgui.ui.pages.models import ModelsPage
from medgui.ui.pages.results import texts
from medgui.ui.pages.results.page import ResultsPage
from medgui.ui.pages.results.score_list import ScoreList
from medgui.ui.pages.results.score_sheet import ScoreSheet
from medgui.ui.shapes import in_two_lines, text_width
from medgui.ui.theme import Type
from medgui.ui.window import MainWindow
from tests.ui.pages.test_results_page import opened, results_of

OpenDemo = Callable[[str], MainWindow]
WAIT = 30_000
TAB, SPACE, ENTER = Qt.Key.Key_Tab, Qt.Key.Key_Space, Qt.Key.Key_Return


def focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def sheet_of(page: ResultsPage, words: str, qtbot: QtBot) -> ScoreSheet:
    page.window().activateWindow()
    qtbot.waitUntil(page.window().isActiveWindow, timeout=WAIT)
    page.scores.list_all()
    qtbot.waitUntil(lambda: page.window().findChild(ScoreList) is not None, timeout=WAIT)
    qtbot.keyClicks(page.window().findChild(ScoreList).edit, words)
    qtbot.keyClick(page.window().findChild(ScoreList).edit, ENTER)
    sheet = page.window().findChild(ScoreSheet)
    assert sheet is not None
    qtbot.waitUntil(lambda: bool(sheet.items), timeout=WAIT)
    return sheet


def test_a_score_is_answered_and_kept_without_a_mouse(open_demo: OpenDemo, qtbot: QtBot) -> None:
    window = open_demo("marlow_helen")
    page = results_of(window, qtbot)
    sheet = sheet_of(page, "qsofa", qtbot)
    qtbot.waitUntil(sheet.items["respiratory_rate"].edit.hasFocus, timeout=WAIT)
    qtbot.keyClicks(focus(), "24")
    qtbot.keyClick(focus(), TAB)
    assert focus() is sheet.items["systolic_bp"].edit
    qtbot.keyClick(focus(), TAB)
    name = next(name for name in sheet.items if name not in ("respiratory_rate", "systolic_bp"))
    assert focus() in sheet.items[name].stops
    assert focus().accessibleName().startswith(sheet.items[name].asked.title)
    qtbot.keyClick(focus(), Qt.Key.Key_Right)
    assert not sheet.items[name].segments.current, "moving is no answer"
    qtbot.keyClick(focus(), SPACE)
    assert sheet.items[name].segments.current == "yes"
    qtbot.waitUntil(lambda: sheet.total.text() == "2", timeout=WAIT)
    qtbot.keyClick(focus(), TAB)
    assert focus() is sheet.keep_button
    qtbot.keyClick(focus(), SPACE)
    qtbot.waitUntil(lambda: "qsofa" in page.details, timeout=WAIT)
    assert texts.number(page.rows["qsofa"].finding, page.rows["qsofa"].output) == ("2", "points")


def test_tab_stays_in_the_sheet(open_demo: OpenDemo, qtbot: QtBot) -> None:
    sheet = sheet_of(results_of(open_demo("marlow_helen"), qtbot), "qsofa", qtbot)
    for key in [TAB] * 12 + [Qt.Key.Key_Backtab] * 12:
        qtbot.keyClick(focus(), key)
        assert sheet.isAncestorOf(focus())


def test_a_name_typed_in_full_comes_first(open_demo: OpenDemo, qtbot: QtBot) -> None:
    sheet = sheet_of(results_of(open_demo("marlow_helen"), qtbot), "sofa", qtbot)
    assert "platelets" in sheet.items, "SOFA, not the quick one"


def test_a_sheet_of_two_totals_names_the_one_that_it_shows(open_demo: OpenDemo, qtbot: QtBot) -> None:
    sheet = sheet_of(results_of(open_demo("marlow_helen"), qtbot), "grace", qtbot)
    assert "death in hospital" in sheet.unit.text()


def test_the_end_of_a_category_is_not_cut_off() -> None:
    words = "Advanced fibrosis unlikely"
    lines = in_two_lines(words, 130, Type.CAPTION, bold=True)
    assert " ".join(lines) == words
    assert all(text_width(line, Type.CAPTION, bold=True) <= 130 for line in lines)
    assert "".join(in_two_lines("进展期肝纤维化可能性大", 90, Type.CAPTION)) == "进展期肝纤维化可能性大"
    assert in_two_lines("Stage 2", 130, Type.CAPTION) == ["Stage 2"]


def test_long_names_of_inputs_take_two_lines(open_demo: OpenDemo, qtbot: QtBot) -> None:
    page = results_of(open_demo("marlow_helen"), qtbot)
    table = opened(page, "prevent", qtbot).table
    assert table is not None
    qtbot.waitUntil(lambda: table.width() > 300)
    names = [table.rows.index(row, 0).data() for row in range(table.rows.rowCount())]
    lines = [in_two_lines(name, table.columnWidth(0) - 8) for name in names]
    for row, name in enumerate(lines):
        assert (table.rowHeight(row) > table.rowHeight(0)) == (len(name) > 1)


def test_a_model_is_found_by_typing(open_demo: OpenDemo, qtbot: QtBot) -> None:
    window = open_demo("marlow_helen")
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=WAIT)
    window.go("models")
    page = window.current
    assert isinstance(page, ModelsPage)
    qtbot.waitUntil(lambda: page.card is not None, timeout=WAIT)
    page.find()
    qtbot.keyClicks(page.finder, "fibrosis liver")
    ids = {line.id for line in page.lines.lines if line.id}
    assert "fib4" in ids
    assert "prevent" not in ids
    qtbot.keyClick(page.finder, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: page._shown in ids, timeout=WAIT)
    qtbot.keyClick(page.finder, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: len(page.lines.lines) > 100, timeout=WAIT)
