"""Scores on request and groups of one question, clicked and typed on as a doctor would."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from medgui.assessment.finding import Status
from medgui.record.model import Origin
from medgui.ui.pages.results.page import ResultsPage
from medgui.ui.pages.results.score_list import ScoreList
from medgui.ui.pages.results.score_sheet import ScoreSheet
from medgui.ui.widgets.field import Choice
from medgui.ui.window import MainWindow
from tests.ui.pages.test_results_page import results_of

OpenDemo = Callable[[str], MainWindow]
WAIT = 30_000
ITEMS = ("confusion", "bun", "respiratory_rate")


def sheet_of(page: ResultsPage, words: str, qtbot: QtBot) -> ScoreSheet:
    """Find a score by typing and open it by Enter."""
    qtbot.mouseClick(page.add_score, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.window().findChild(ScoreList) is not None, timeout=WAIT)
    found = page.window().findChild(ScoreList)
    qtbot.keyClicks(found.edit, words)
    qtbot.keyClick(found.edit, Qt.Key.Key_Return)
    sheet = page.window().findChild(ScoreSheet)
    assert sheet is not None
    qtbot.waitUntil(lambda: bool(sheet.items), timeout=WAIT)
    return sheet


def press(sheet: ScoreSheet, name: str, answer: str, qtbot: QtBot) -> None:
    qtbot.mouseClick(sheet.items[name].segments.button(answer), Qt.MouseButton.LeftButton)


def test_a_score_is_found_answered_and_stays_with_its_answers(open_demo: OpenDemo, qtbot: QtBot) -> None:
    window = open_demo("marlow_helen")
    page = results_of(window, qtbot)
    assert "curb65" not in page.rows
    sheet = sheet_of(page, "curb", qtbot)
    assert sheet.items["confusion"].segments.current == ""
    assert sheet.items["systolic_bp"].edit.text() == "160"
    assert "2026" in sheet.items["systolic_bp"].where.text()
    assert sheet.total.text() == "≥\u00a00"
    press(sheet, "confusion", "yes", qtbot)
    qtbot.waitUntil(lambda: sheet.total.text() == "≥\u00a01", timeout=WAIT)
    assert window.shell.visit.record is not None
    assert not window.shell.visit.record.answers
    qtbot.keyClicks(sheet.items["bun"].edit, "30")
    qtbot.keyClicks(sheet.items["respiratory_rate"].edit, "34")
    qtbot.waitUntil(lambda: sheet.total.text() == "3", timeout=WAIT)
    qtbot.waitUntil(lambda: sheet.items["bun"].points.text() == "+1", timeout=WAIT)
    qtbot.mouseClick(sheet.keep_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "curb65" in page.details, timeout=WAIT)
    finding = page.details["curb65"].finding
    assert (finding.status, finding.outputs[0].value) == (Status.READY, 3.0)
    assert {answer.variable for answer in window.shell.visit.record.answers} == set(ITEMS)
    why = page.details["curb65"].why
    assert why is not None
    assert why.points.accessibleName().startswith("+1")
    assert "entered" in why.points.accessibleName()


def test_closing_the_sheet_writes_nothing_and_keeps_what_was_typed(open_demo: OpenDemo, qtbot: QtBot) -> None:
    window = open_demo("marlow_helen")
    page = results_of(window, qtbot)
    sheet = sheet_of(page, "curb", qtbot)
    press(sheet, "confusion", "no", qtbot)
    qtbot.waitUntil(lambda: sheet.finding is not None and "2 answers" in sheet.finding.reason, timeout=WAIT)
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert window.shell.visit.record is not None
    assert not window.shell.visit.record.answers
    assert "curb65" not in page.rows
    qtbot.waitUntil(lambda: page.window().findChild(ScoreSheet) is None, timeout=WAIT)
    again = sheet_of(page, "curb", qtbot)
    assert again.items["confusion"].segments.current == "no"


def test_a_number_that_is_none_is_said_and_not_taken(open_demo: OpenDemo, qtbot: QtBot) -> None:
    sheet = sheet_of(results_of(open_demo("marlow_helen"), qtbot), "curb", qtbot)
    qtbot.keyClicks(sheet.items["bun"].edit, "x")
    qtbot.waitUntil(lambda: "number" in sheet.items["bun"].where.text(), timeout=WAIT)
    assert sheet.total.text() == "≥\u00a00"


def test_a_closed_patient_takes_the_sheet_with_it(open_demo: OpenDemo, qtbot: QtBot) -> None:
    window = open_demo("marlow_helen")
    page = results_of(window, qtbot)
    sheet = sheet_of(page, "curb", qtbot)
    window.shell.visit.close()
    assert not sheet.isVisible()
    assert not window.shell.visit.requested


def test_models_of_one_question_stand_behind_one_row_until_asked_for(
    open_demo: OpenDemo, qtbot: QtBot
) -> None:
    window = open_demo("marlow_helen")
    window.shell.services.settings.country = "GBR"
    qtbot.waitUntil(lambda: not window.shell.visit.busy, timeout=WAIT)
    page = results_of(window, qtbot)
    line = page.others["cvd_10y"]
    assert "score2_diabetes" in page.rows
    assert "qrisk3" not in page.rows
    assert "QRISK3" in line.also.text()
    qtbot.mouseClick(line.button, Qt.MouseButton.LeftButton)
    assert list(page.rows).index("qrisk3") > list(page.rows).index("score2_diabetes")
    qtbot.mouseClick(page.others["cvd_10y"].button, Qt.MouseButton.LeftButton)
    assert "qrisk3" not in page.rows


def test_the_palette_opens_a_finding_of_a_folded_group(open_demo: OpenDemo, qtbot: QtBot) -> None:
    page = results_of(open_demo("marlow_helen"), qtbot)
    page.show_place("pce")
    assert "pce" in page.details


def test_what_follows_from_the_clinic_says_so_and_is_overruled_for_the_patient(
    open_demo: OpenDemo, qtbot: QtBot
) -> None:
    window = open_demo("okafor_grace")
    page = results_of(window, qtbot)
    window.shell.services.settings.country = "DEU"
    qtbot.waitUntil(lambda: not window.shell.visit.busy, timeout=WAIT)
    sheet = sheet_of(page, "score2", qtbot)
    assert "Germany" in sheet.items["region"].where.text()
    box = sheet.items["region"].control
    assert isinstance(box, Choice)
    box.setCurrentIndex(box.findData("high"))
    box.activated.emit(box.currentIndex())
    qtbot.mouseClick(sheet.keep_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.shell.visit.record.answers != (), timeout=WAIT)  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: not window.shell.visit.busy, timeout=WAIT)
    assert window.shell.visit.assessment is not None
    score2 = next(f for f in window.shell.visit.assessment.findings if f.model == "score2")
    region = next(used for used in score2.inputs if used.name == "region")
    assert (region.value, region.origin) == ("high", Origin.ENTERED)
