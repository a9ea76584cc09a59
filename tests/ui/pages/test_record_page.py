"""The Record page: values, questions answered in place, sources."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from medgui.ui.pages.record.page import RecordPage
from medgui.ui.visit import Opening
from medgui.ui.window import MainWindow

OpenDemo = Callable[[str], MainWindow]


def record_of(window: MainWindow, qtbot: QtBot) -> RecordPage:
    window.shell.go("record")
    page = window.findChild(RecordPage)
    assert page is not None
    qtbot.waitUntil(page.isVisible)
    return page


def cell(page: RecordPage, key: str, column: int) -> str:
    row = page.table.rows.row_of(key)
    return str(page.table.rows.index(row, column).data() or "")


def test_a_wrong_unit_is_a_question_until_it_is_answered(open_demo: OpenDemo, qtbot: QtBot) -> None:
    window = open_demo("bauer_anna")
    page = record_of(window, qtbot)
    card = page.questions.card
    assert card is not None
    assert "194" in card.accessibleName()
    assert cell(page, "weight", 1) == "194"
    qtbot.mouseClick(card.buttons[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.questions.card is None)
    assert cell(page, "weight", 1) == "88.0"
    assert cell(page, "weight", 3) == "entered"


def test_enter_on_a_question_answers_nothing(open_demo: OpenDemo, qtbot: QtBot) -> None:
    window = open_demo("bauer_anna")
    page = record_of(window, qtbot)
    page.show_place("question")
    card = page.questions.card
    assert card is not None
    qtbot.keyClick(card, Qt.Key.Key_Return)
    assert window.shell.visit.record is not None
    assert window.shell.visit.record.open_questions


def test_the_answer_can_be_taken_back(open_demo: OpenDemo, qtbot: QtBot) -> None:
    window = open_demo("bauer_anna")
    page = record_of(window, qtbot)
    card = page.questions.card
    assert card is not None
    qtbot.mouseClick(card.buttons[0], Qt.MouseButton.LeftButton)
    assert window.shell.visit.undo()
    assert page.questions.card is not None
    assert cell(page, "weight", 1) == "194"


def test_the_line_of_the_file_is_shown_for_the_chosen_value(open_demo: OpenDemo, qtbot: QtBot) -> None:
    page = record_of(open_demo("marlow_helen"), qtbot)
    page.show_place("hba1c")
    lines = page.side.lines.accessibleDescription()
    assert "7.4" in lines


def test_a_value_can_be_added_and_reaches_the_models(open_demo: OpenDemo, qtbot: QtBot) -> None:
    window = open_demo("rowe_thomas")
    page = record_of(window, qtbot)
    page.add_value("total_cholesterol")
    form = page._form.itemAt(0).widget()
    form.field.edit.setText("210")
    qtbot.keyClick(form.field.edit, Qt.Key.Key_Return)
    assert window.shell.visit.record is not None
    assert window.shell.visit.record.answers[-1].value == 210.0


def test_an_impossible_value_is_refused_in_words(open_demo: OpenDemo, qtbot: QtBot) -> None:
    window = open_demo("rowe_thomas")
    page = record_of(window, qtbot)
    page.add_value("weight")
    form = page._form.itemAt(0).widget()
    form.field.edit.setText("9999")
    form.take()
    assert "not possible" in form.problem.text()
    assert window.shell.visit.record is not None
    assert window.shell.visit.record.answers == ()


def test_closing_the_patient_leaves_no_value_behind(open_demo: OpenDemo, qtbot: QtBot) -> None:
    window = open_demo("marlow_helen")
    page = record_of(window, qtbot)
    window.shell.visit.close()
    assert page.table.rows.rowCount() == 0
    assert page.side.title.text() == ""


def test_the_order_of_dates_is_asked_once_and_read_again(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    table = tmp_path / "values.csv"
    table.write_text(
        "patient_id,code,name,value,unit,date\n"
        "p1,8480-6,Systolic BP,142,mmHg,03/04/2026\n"
        "p1,2093-3,Cholesterol,201,mg/dL,05/06/2026\n"
    )
    window.shell.visit.open(Opening(table, mapping={"shape": "long"}))
    qtbot.waitUntil(lambda: window.shell.visit.assessment is not None, timeout=30_000)
    page = record_of(window, qtbot)
    card = page.questions.card
    assert card is not None
    assert len(card.buttons) == 2
    qtbot.mouseClick(card.buttons[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.questions.card is None, timeout=30_000)
    assert window.shell.visit.record is not None
    assert window.shell.visit.record.observations[0].time == "2026-04-03"
