"""The five-minute tour, done with mouse and keys as a doctor would, on the real window and the real patient."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from medgui import i18n
from medgui.app import make_services
from medgui.settings import Settings
from medgui.ui.pages.record import RecordPage
from medgui.ui.pages.results import ResultsPage
from medgui.ui.pages.results.inputs import FOUND, WHAT_IF
from medgui.ui.pages.results.score_list import ScoreList
from medgui.ui.pages.results.score_sheet import ScoreSheet
from medgui.ui.pages.start import StartPage
from medgui.ui.services import Services
from medgui.ui.theme import theme
from medgui.ui.tour.steps import END, MODEL, NOT_MEANT, STEPS
from medgui.ui.tour.tour import Tour
from medgui.ui.window import MainWindow

OpenDemo = Callable[[str], MainWindow]
LEFT = Qt.MouseButton.LeftButton
WAIT = 60_000


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Services:
    """The real layers, whose models are read and checked once."""
    return make_services(Settings(tmp_path_factory.mktemp("home") / "settings.json"))


@pytest.fixture
def window(services: Services, qtbot: QtBot) -> Iterator[MainWindow]:
    services.settings.values.clear()
    services.settings.listeners.clear()
    theme.apply("light", 100)
    made = MainWindow(services)
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    yield made
    made.shell.visit.close()
    made.shell.tasks.close(wait=True)


@pytest.fixture
def tour(window: MainWindow, qtbot: QtBot) -> Tour:
    """The tour, begun by a click on the start page, at its first step."""
    start = window.page("start")
    assert isinstance(start, StartPage)
    qtbot.mouseClick(start.offer.start, LEFT)
    qtbot.waitUntil(lambda: window.tour.running, timeout=WAIT)
    return window.tour


def at(tour: Tour, key: str, qtbot: QtBot) -> None:
    """Wait until the tour stands at the step *key* and the models are at rest."""
    qtbot.waitUntil(lambda: tour.step is not None and tour.step.key == key, timeout=WAIT)
    window = tour.parent()
    assert isinstance(window, MainWindow)
    at_rest(window, qtbot)


def at_rest(window: MainWindow, qtbot: QtBot) -> None:
    """Wait until the findings are those of the record as it is now."""

    def current() -> bool:
        visit = window.shell.visit
        known = visit.record is not None and visit.assessment is not None
        return known and not visit.busy and visit.assessment.record_key == visit.record.key

    qtbot.waitUntil(current, timeout=WAIT)


def results(window: MainWindow, qtbot: QtBot) -> ResultsPage:
    if window.current is None or window.current.key != "results":
        qtbot.mouseClick(window.nav.items["results"], LEFT)
    page = window.current
    assert isinstance(page, ResultsPage)
    return page


def click_cell(page: ResultsPage, name: str, column: int, qtbot: QtBot) -> None:
    table = page.details[MODEL].table
    assert table is not None
    index = table.rows.index(table.rows.row_of(name), column)
    qtbot.waitUntil(table.isVisible, timeout=WAIT)
    page.body.ensureWidgetVisible(table)
    qtbot.mouseClick(table.viewport(), LEFT, pos=table.visualRect(index).center())


def answer_the_question(window: MainWindow, qtbot: QtBot) -> None:
    page = window.current
    assert isinstance(page, RecordPage)
    assert page.questions.card is not None
    qtbot.mouseClick(page.questions.card.buttons[0], LEFT)


def open_the_result(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(results(window, qtbot).rows[MODEL], LEFT, pos=QPoint(40, 10))


def choose_another_outcome(window: MainWindow, qtbot: QtBot) -> None:
    choice = results(window, qtbot).details[MODEL].outputs
    assert choice is not None
    qtbot.mouseClick(choice.lines[0].buttons[1], LEFT)


def change_a_value(window: MainWindow, qtbot: QtBot) -> None:
    page = results(window, qtbot)
    click_cell(page, "systolic_bp", WHAT_IF, qtbot)
    table = page.details[MODEL].table
    assert table is not None
    editor = table.viewport().findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    qtbot.keyClicks(editor, "120")
    qtbot.keyClick(editor, Qt.Key.Key_Return)


def follow_a_value(window: MainWindow, qtbot: QtBot) -> None:
    click_cell(results(window, qtbot), "systolic_bp", FOUND, qtbot)


def add_the_score(window: MainWindow, qtbot: QtBot) -> None:
    page = results(window, qtbot)
    qtbot.mouseClick(page.add_score, LEFT)
    qtbot.waitUntil(lambda: window.findChild(ScoreList) is not None, timeout=WAIT)
    found = window.findChild(ScoreList)
    qtbot.keyClicks(found.edit, "KFRE")
    qtbot.keyClick(found.edit, Qt.Key.Key_Return)
    sheet = window.findChild(ScoreSheet)
    assert sheet is not None
    qtbot.waitUntil(lambda: bool(sheet.items), timeout=WAIT)
    qtbot.mouseClick(sheet.keep_button, LEFT)


def open_its_card(window: MainWindow, qtbot: QtBot) -> None:
    page = results(window, qtbot)
    qtbot.waitUntil(lambda: NOT_MEANT in page.details, timeout=WAIT)
    qtbot.keyClick(page.rows[NOT_MEANT], Qt.Key.Key_M)


def make_the_pdf(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)


def switch_the_language(window: MainWindow, qtbot: QtBot) -> None:
    shift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window, Qt.Key.Key_L, shift)


LEFT_ON = dict.fromkeys(("result", "why", "what_if", "score"), "results") | {
    "question": "record",
    "source": "record",
    "refused": "models",
    "report": "report",
    "language": "report",
}
"""The page on which the doctor's own action ends."""

DONE_BY = {
    "question": answer_the_question,
    "result": open_the_result,
    "why": choose_another_outcome,
    "what_if": change_a_value,
    "source": follow_a_value,
    "score": add_the_score,
    "refused": open_its_card,
    "report": make_the_pdf,
    "language": switch_the_language,
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_step_moves_on_when_it_is_really_done(
    language: str, window: MainWindow, tour: Tour, qtbot: QtBot
) -> None:
    if i18n.language() != language:
        window.switch_language()
        at_rest(window, qtbot)
    for number, step in enumerate(STEPS):
        at(tour, step.key, qtbot)
        assert tour.strip.progress.text().startswith((f"{number + 1} ", f"第 {number + 1} 步"))
        assert i18n._(step.look) in tour.strip.words.text()
        assert i18n._(step.act) in tour.strip.words.text()
        DONE_BY[step.key](window, qtbot)
        qtbot.waitUntil(lambda n=number: tour.place == n + 1, timeout=WAIT)
        assert window.current is not None
        assert window.current.key == LEFT_ON[step.key], "the window was moved"
    assert tour.step is None
    assert tour.strip.title.text() == i18n._(END[0])
    assert i18n.language() != language
    assert window.shell.services.settings.tour == "done"
    assert Settings.load(window.shell.services.settings.path).tour == "done"


def test_what_each_step_means_is_on_its_page_and_framed(window: MainWindow, tour: Tour, qtbot: QtBot) -> None:
    for place, step in enumerate(STEPS):
        qtbot.waitUntil(lambda n=place: tour.place == n, timeout=WAIT)
        tour.show_it()
        if step.arrive is not None:
            qtbot.waitUntil(lambda s=step: window.current is not None and window.current.key == s.page)
            qtbot.waitUntil(lambda s=step: s.find(window.current) is not None, timeout=WAIT)
        qtbot.waitUntil(lambda: tour.marker.isVisible(), timeout=WAIT)
        window.go(step.page)
        at_rest(window, qtbot)
        assert window.current is not None
        spot = step.find(window.current)
        assert spot is not None
        assert spot.widget.isVisible()
        assert window.isAncestorOf(spot.widget)
        if tour.place == place:
            qtbot.mouseClick(tour.strip.next_button, LEFT)
    qtbot.waitUntil(lambda: tour.step is None, timeout=WAIT)


def test_next_brings_the_window_there_and_back_goes_back(
    window: MainWindow, tour: Tour, qtbot: QtBot
) -> None:
    assert not tour.strip.back_button.isEnabled()
    qtbot.mouseClick(tour.strip.next_button, LEFT)
    assert tour.step is STEPS[1]
    assert window.current is window.page("results")
    at_rest(window, qtbot)
    qtbot.mouseClick(tour.strip.next_button, LEFT)
    page = results(window, qtbot)
    assert MODEL in page.details
    assert window.focusWidget() is tour.strip.next_button
    qtbot.mouseClick(tour.strip.back_button, LEFT)
    qtbot.mouseClick(tour.strip.back_button, LEFT)
    assert tour.step is STEPS[0]
    assert window.current is window.page("record")


def test_a_step_skipped_by_next_leaves_the_next_one_possible(
    window: MainWindow, tour: Tour, qtbot: QtBot
) -> None:
    for _step in range([step.key for step in STEPS].index("refused")):
        qtbot.mouseClick(tour.strip.next_button, LEFT)
    page = results(window, qtbot)
    qtbot.waitUntil(lambda: NOT_MEANT in page.details, timeout=WAIT)
    assert page.rows[NOT_MEANT].finding.status.value == "out_of_scope"
    open_its_card(window, qtbot)
    at(tour, "report", qtbot)


def test_keys_reach_the_tour_and_a_reader_hears_the_step(
    window: MainWindow, tour: Tour, qtbot: QtBot
) -> None:
    reached = set()
    for _step in range(8):
        qtbot.keyClick(window, Qt.Key.Key_F6)
        reached.add(QApplication.focusWidget())
    assert tour.strip.next_button in reached
    sentence = tour.strip.next_button.accessibleDescription()
    assert "1 of 9" in sentence
    assert "194 kg" in sentence
    window.switch_language()
    assert "第 1 步，共 9 步" in tour.strip.accessibleDescription()


def test_leaving_the_tour_keeps_the_patient_and_takes_strip_and_frame_away(
    window: MainWindow, tour: Tour, qtbot: QtBot
) -> None:
    qtbot.mouseClick(tour.strip.leave_button, LEFT)
    assert not tour.running
    assert not tour.strip.isVisible()
    assert not tour.marker.isVisible()
    assert window.tour_area is None
    assert window.shell.visit.record is not None
    answer_the_question(window, qtbot)
    assert not tour.running


def test_another_patient_ends_the_tour_quietly_and_stays(
    open_demo: OpenDemo, window: MainWindow, tour: Tour, qtbot: QtBot
) -> None:
    open_demo("marlow_helen")
    qtbot.waitUntil(lambda: window.shell.visit.record.patient.id == "marlow-helen", timeout=WAIT)
    assert not tour.running
    assert not tour.strip.isVisible()
    assert window.current is window.page("results")
    assert not window.shell.messages.shown


def test_the_tour_asks_first_where_a_patient_of_the_clinic_is_open(
    open_demo: OpenDemo, window: MainWindow, qtbot: QtBot
) -> None:
    open_demo("marlow_helen")
    window.shell.visit.origin = replace(window.shell.visit.origin, demo=False)
    window.shell.commands.trigger("tour")
    assert not window.tour.running
    assert window.shell.visit.record is not None
    start = window.current
    assert isinstance(start, StartPage)
    assert QApplication.focusWidget() in (start.offer.start, start.offer.button)


def test_changing_the_language_keeps_the_step_and_its_frame(
    window: MainWindow, tour: Tour, qtbot: QtBot
) -> None:
    qtbot.mouseClick(tour.strip.next_button, LEFT)
    window.switch_language()
    assert tour.strip.title.text() == "展开一项结果"
    qtbot.waitUntil(lambda: not window.shell.visit.busy and tour.marker.isVisible(), timeout=WAIT)
    assert tour.step is STEPS[1]
    row = results(window, qtbot).rows[MODEL]
    qtbot.waitUntil(lambda: tour.marker.spot is not None and tour.marker.spot.widget is row, timeout=WAIT)


def test_it_is_offered_on_the_very_first_start_only(window: MainWindow, qtbot: QtBot) -> None:
    start, settings = window.page("start"), window.shell.services.settings
    assert isinstance(start, StartPage)
    assert start.offer.start.isVisible()
    assert not start.offer.button.isVisible()
    qtbot.waitUntil(lambda: Settings.load(settings.path).tour == "offered")
    second = MainWindow(window.shell.services)
    qtbot.addWidget(second)
    second.show()
    again = second.page("start")
    assert isinstance(again, StartPage)
    assert not again.offer.start.isVisible()
    assert again.offer.button.isVisible()
    second.close()


def test_not_now_leaves_the_quiet_button(window: MainWindow, qtbot: QtBot) -> None:
    start = window.page("start")
    assert isinstance(start, StartPage)
    qtbot.mouseClick(start.offer.later, LEFT)
    assert not start.offer.isVisible()
    assert QApplication.focusWidget() is start.offer.button


def test_help_offers_the_tour(window: MainWindow, qtbot: QtBot) -> None:
    from medgui.ui.help import HelpPanel
    from medgui.ui.widgets.button import Button

    qtbot.keyClick(window, Qt.Key.Key_F1)
    panel = window.findChild(HelpPanel)
    assert panel is not None
    button = next(b for b in panel.findChildren(Button) if b.text() == "Five-minute tour")
    qtbot.mouseClick(button, LEFT)
    qtbot.waitUntil(lambda: window.tour.running, timeout=WAIT)
