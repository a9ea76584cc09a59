"""In a narrow window nothing is lost: places in the file, names of values, facts of a question, what a model is for."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from medgui.ui.pages.record import RecordPage
from medgui.ui.pages.results import ResultsPage
from medgui.ui.pages.results.gaps import NARROW, ScopeTable
from medgui.ui.pages.results.inputs import FOUND, NAME, InputsTable
from medgui.ui.theme import theme
from medgui.ui.widgets.panels import Fact
from medgui.ui.window import MainWindow


def inputs_of(window: MainWindow, model: str) -> InputsTable:
    window.go("results", model)
    page = window.current
    assert isinstance(page, ResultsPage)
    table = page.details[model].table
    assert table is not None
    return table


@pytest.mark.parametrize(("width", "column"), [(1024, NAME), (1440, FOUND)])
def test_every_input_leads_to_its_lines_by_enter_in_a_wide_and_in_a_narrow_window(
    qtbot: QtBot, open_demo: Callable[[str], MainWindow], width: int, column: int
) -> None:
    window = open_demo("marlow_helen")
    window.resize(width, 700)
    table = inputs_of(window, "prevent")
    qtbot.waitUntil(lambda: table.linked == column)
    row = next(n for n, used in enumerate(table.what_if.finding.inputs) if used.name == "systolic_bp")
    table.setFocus()
    table.setCurrentIndex(table.rows.index(row, column))
    with qtbot.waitSignal(table.source_asked) as asked:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert asked.args == ["systolic_bp"]


def test_names_of_values_have_room_beside_the_detail(
    qtbot: QtBot, open_demo: Callable[[str], MainWindow]
) -> None:
    window = open_demo("bauer_anna")
    window.resize(1024, 700)
    window.go("record")
    page = window.current
    assert isinstance(page, RecordPage)
    qtbot.waitUntil(lambda: page.table.columnWidth(0) >= theme.px(120))
    assert page.table.isColumnHidden(5)
    window.resize(1440, 900)
    qtbot.waitUntil(lambda: not page.table.isColumnHidden(5))


def test_long_facts_of_a_question_are_read_whole_at_twice_the_size_with_the_tour(
    qtbot: QtBot, open_demo: Callable[[str], MainWindow]
) -> None:
    window = open_demo("bauer_anna")
    window.resize(720, 450)
    window.tour.begin()
    qtbot.waitUntil(lambda: window.tour.running and window.shell.visit.assessment is not None, timeout=60_000)
    page = window.page("record")
    assert isinstance(page, RecordPage)

    def whole() -> bool:
        card = page.questions.card
        values = [fact.value for fact in card.findChildren(Fact)] if card is not None else []
        return bool(values) and all(text.height() >= text.heightForWidth(text.width()) for text in values)

    qtbot.waitUntil(whole)


def test_what_a_model_was_made_for_is_shown_in_a_narrow_window_too(
    qtbot: QtBot, open_demo: Callable[[str], MainWindow]
) -> None:
    window = open_demo("lindqvist_per")
    window.resize(1024, 700)
    window.go("results", "prevent")
    table = next(iter(window.findChildren(ScopeTable)))
    qtbot.waitUntil(lambda: table.width() < theme.px(NARROW))
    qtbot.waitUntil(lambda: table.columnWidth(2) >= theme.px(60))
