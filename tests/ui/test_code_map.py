"""Naming the codes of a laboratory by real clicks and keys: the line on the Record page, the choice, saving."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from medgui import i18n
from medgui.code_map_file import CodeMapFile
from medgui.readers import open_record
from medgui.record.code_map import MapEntry
from medgui.record.model import Answer, Record
from medgui.ui.help import HelpPanel
from medgui.ui.pages.codes import CodesPage
from medgui.ui.pages.codes.naming import NamingView
from medgui.ui.pages.record import RecordPage
from medgui.ui.theme import theme
from medgui.ui.widgets.text import Text
from medgui.ui.window import MainWindow
from medgui.ui.words import say
from tests.readers.hl7_build import message, obr, obx, save
from tests.shared_data import data_file
from tests.ui.conftest import Fake

LEFT = Qt.MouseButton.LeftButton
CREA, K, HBA1C = "tt-3^Creatinine^WinPath", "tt-4^Potassium^WinPath", "hb^HbA1c^WinPath"


@pytest.fixture(autouse=True)
def _real_reader(fake: Fake) -> None:
    def read(path: Path | list[Path], **options: Any) -> Record:
        day = options.get("as_of") or "2026-11-10"
        return open_record(path, **{**options, "as_of": day}, code_map=CodeMapFile.load().code_map)

    fake.record = read


@pytest.fixture
def laboratory(tmp_path: Path) -> Path:
    """Two creatinines, a potassium, an HbA1c without a unit, and a test that nobody knows."""
    return save(
        tmp_path,
        message(
            obr(),
            obx("142.00", CREA, unit="UMOLL"),
            obx("138.00", CREA, unit="UMOLL", time="20261101080000"),
            obx("4.1", K, unit="MMOLL"),
            obx("7.2", HBA1C, unit=""),
            obx("0.3", "q^Quantiferon^WinPath", unit="IU/mL"),
        ),
        "lab.hl7",
    )


Open = Callable[..., MainWindow]


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, laboratory: Path) -> Open:
    def open_it(path: Path = laboratory) -> MainWindow:
        window.open_path(path)
        qtbot.waitUntil(lambda: window.shell.visit.assessment is not None, timeout=20_000)
        return window

    return open_it


def click(qtbot: QtBot, button: Any) -> None:
    qtbot.waitUntil(button.isVisible)
    qtbot.mouseClick(button, LEFT)


def record_page(qtbot: QtBot, window: MainWindow) -> RecordPage:
    window.go("record")
    page = window.current
    assert isinstance(page, RecordPage)
    return page


def naming(qtbot: QtBot, window: MainWindow) -> tuple[CodesPage, NamingView]:
    """The screen, reached from the line on the Record page."""
    click(qtbot, record_page(qtbot, window).unnamed.button)
    page = window.current
    assert isinstance(page, CodesPage)
    qtbot.waitUntil(lambda: bool(page.naming.listed), timeout=20_000)
    return page, page.naming


def choose(qtbot: QtBot, view: NamingView, code: str) -> None:
    """Click the row of a code."""
    row = next(n for n, each in enumerate(view.listed) if each.code == code)
    place = view.table.visualRect(view.table.model().index(row, 0)).center()
    qtbot.mouseClick(view.table.viewport(), LEFT, pos=place)


def told(window: MainWindow) -> list[str]:
    return [say(message.words) for message in window.shell.messages.shown]


def variables(window: MainWindow) -> list[str]:
    record = window.shell.visit.record
    assert record is not None
    return sorted(found.variable for found in record.observations if found.variable)


def stored() -> dict[str, str]:
    return {entry.code: entry.variable for entry in CodeMapFile.load().code_map.entries}


def texts(page: CodesPage) -> str:
    shown = [label.text() for label in page.findChildren(Text)]
    rows = range(page.naming.table.rows.rowCount())
    return " ".join([*shown, *(str(page.naming.table.rows.index(row, 0).data()) for row in rows)])


def test_the_record_page_counts_the_values_and_nothing_is_chosen_beforehand(
    qtbot: QtBot, opened: Open
) -> None:
    window = opened()
    line = record_page(qtbot, window).unnamed
    qtbot.waitUntil(line.isVisible)
    assert line.words.text() == "5 values have codes of the laboratory that medgui does not know."
    page, view = naming(qtbot, window)
    assert [view.decisions.of(each.key) for each in view.listed] == [None] * 4
    assert not page.save_button.isEnabled()
    assert "142.00" in texts(page)
    assert "3 Nov 2026" in texts(page).replace("\u00a0", " ")


def test_a_proposal_says_why_and_is_taken_by_one_click_and_used_after_saving(
    qtbot: QtBot, opened: Open
) -> None:
    window = opened()
    page, view = naming(qtbot, window)
    choose(qtbot, view, "tt-3")
    offer = view.panel.offers[0]
    assert offer.button.text() == "Creatinine"
    reason = offer.button.accessibleDescription()
    assert reason == "Same name; the unit fits; all values are ordinary for it; shown in mg/dL"
    click(qtbot, offer.button)
    assert view.panel.state.text() == "Means: Creatinine"
    assert stored() == {}
    click(qtbot, page.save_button)
    qtbot.waitUntil(lambda: variables(window) == ["creatinine", "creatinine"])
    assert told(window) == ["2 values are used now."]
    assert stored() == {"tt-3": "creatinine"}
    assert isinstance(window.current, RecordPage)
    line = window.current.unnamed
    qtbot.waitUntil(lambda: line.words.text().startswith("3 values"))


def test_the_map_holds_after_a_restart(qtbot: QtBot, opened: Open) -> None:
    CodeMapFile.load().put(MapEntry("urn:local:WinPath", "tt-4", "Potassium", "potassium"))
    window = opened()
    assert variables(window) == ["potassium"]
    line = record_page(qtbot, window).unnamed
    qtbot.waitUntil(lambda: line.words.text().startswith("4 values"))


def test_all_that_is_unambiguous_is_taken_at_once_and_taken_back_by_one_click(
    qtbot: QtBot, opened: Open
) -> None:
    page, view = naming(qtbot, opened())
    assert view.all_button.text() == "Take all 2 proposals that match by name and unit"
    click(qtbot, view.all_button)
    taken = {each.code: view.decisions.of(each.key) for each in view.listed}
    assert {code for code, decision in taken.items() if decision} == {"tt-3", "tt-4"}
    assert "2 are taken" in view.taken.text()
    assert page.save_button.isEnabled()
    click(qtbot, view.undo_button)
    assert not any(view.decisions.of(each.key) for each in view.listed)
    assert not page.save_button.isEnabled()


def test_values_without_a_unit_need_one_before_anything_is_saved(qtbot: QtBot, opened: Open) -> None:
    window = opened()
    page, view = naming(qtbot, window)
    choose(qtbot, view, "hb")
    click(qtbot, view.panel.offers[0].button)
    assert "without a unit" in view.panel.caution.text()
    click(qtbot, page.save_button)
    assert QApplication.focusWidget() is view.panel.unit
    assert stored() == {}
    qtbot.keyClicks(view.panel.unit, "%")
    view.panel.unit.activated.emit(view.panel.unit.currentIndex())
    assert not view.panel.caution.isVisible()
    click(qtbot, page.save_button)
    qtbot.waitUntil(lambda: variables(window) == ["hba1c"])
    assert [entry.unit for entry in CodeMapFile.load().code_map.entries] == ["%"]


def test_an_ignored_code_is_not_asked_about_again(qtbot: QtBot, opened: Open) -> None:
    window = opened()
    page, view = naming(qtbot, window)
    choose(qtbot, view, "q")
    assert view.panel.nothing.isVisible()
    click(qtbot, view.panel.ignore_button)
    click(qtbot, page.save_button)
    qtbot.waitUntil(lambda: stored() == {"q": ""})
    qtbot.waitUntil(lambda: told(window) == ["No value of the open record changes."])
    qtbot.waitUntil(lambda: record_page(qtbot, window).unnamed.words.text().startswith("4 values"))


def test_decide_later_takes_a_choice_back(qtbot: QtBot, opened: Open) -> None:
    page, view = naming(qtbot, opened())
    choose(qtbot, view, "tt-3")
    click(qtbot, view.panel.offers[0].button)
    click(qtbot, view.panel.later_button)
    assert "Nothing is chosen" in view.panel.state.text()
    assert not page.save_button.isEnabled()


def test_another_value_is_found_by_typing_a_part_of_its_name(qtbot: QtBot, opened: Open) -> None:
    _page, view = naming(qtbot, opened())
    choose(qtbot, view, "tt-4")
    edit = view.panel.other.lineEdit()
    assert edit is not None
    view.panel.other.setFocus()
    qtbot.keyClicks(edit, "nothing like it")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert "No single value" in view.panel.caution.text()
    edit.clear()
    qtbot.keyClicks(edit, "Sodium")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    decision = view.decisions.of(next(each.key for each in view.listed if each.code == "tt-4"))
    assert decision is not None
    assert decision.variable == "sodium"


def test_everything_is_done_by_keys_alone(qtbot: QtBot, opened: Open) -> None:
    window = opened()
    window.shell.commands.trigger("codes")
    page = window.current
    assert isinstance(page, CodesPage)
    qtbot.waitUntil(lambda: bool(page.naming.listed), timeout=20_000)
    view = page.naming
    qtbot.waitUntil(view.table.hasFocus)
    assert view.listed[0].code == "tt-3"
    qtbot.keyClick(view.table, Qt.Key.Key_1)
    qtbot.keyClick(window, Qt.Key.Key_F4)
    assert view.listed[view.table.currentIndex().row()].code == "hb"
    qtbot.keyClick(view.table, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is view.panel.offers[0].button
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert view.table.hasFocus()
    qtbot.keyClick(view.table, Qt.Key.Key_I)
    assert view.panel.state.text().startswith("Ignored")
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert view.panel.state.text().startswith("Nothing is chosen")
    qtbot.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert view.panel.state.text().startswith("Ignored")
    qtbot.keyClick(window, Qt.Key.Key_F2)
    assert view.panel.other.isAncestorOf(QApplication.focusWidget())
    qtbot.keyClick(window, Qt.Key.Key_F1)
    (panel,) = window.findChildren(HelpPanel)
    said = " ".join(label.text() for label in panel.findChildren(Text))
    assert "Next code without a choice" in said
    panel.leave()
    qtbot.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: stored() == {"tt-3": "creatinine", "hb": ""})


def test_digits_are_left_alone_where_one_letter_keys_are_off(
    qtbot: QtBot, opened: Open, window: MainWindow
) -> None:
    window.shell.services.settings.single_keys = False
    _page, view = naming(qtbot, opened())
    qtbot.keyClick(view.table, Qt.Key.Key_1)
    qtbot.keyClick(view.table, Qt.Key.Key_I)
    assert not any(view.decisions.of(each.key) for each in view.listed)


def test_decisions_survive_another_page_a_change_of_language_and_of_units(qtbot: QtBot, opened: Open) -> None:
    window = opened()
    page, view = naming(qtbot, window)
    choose(qtbot, view, "tt-3")
    click(qtbot, view.panel.offers[0].button)
    window.go("record")
    window.speak("zh")
    window.shell.visit.switch_units()
    qtbot.waitUntil(lambda: window.shell.visit.assessment is not None)
    window.shell.go("codes", "names")
    qtbot.waitUntil(lambda: view.panel.state.text() == "含义：肌酐")
    assert page.head.title.text() == "检验机构的代码"
    assert page.save_button.isEnabled()
    i18n.set_language("en")


def test_a_closed_patient_leaves_no_text_and_no_decision(qtbot: QtBot, opened: Open) -> None:
    window = opened()
    page, view = naming(qtbot, window)
    choose(qtbot, view, "tt-3")
    click(qtbot, view.panel.offers[0].button)
    window.shell.visit.close()
    qtbot.waitUntil(lambda: "142" not in texts(page) and "Creatinine" not in texts(page))
    assert view.entries() == ()
    window.shell.go("codes", "names")
    assert "No patient open" in texts(page)


def test_a_record_without_such_codes_says_nothing(qtbot: QtBot, opened: Open, tmp_path: Path) -> None:
    window = opened(save(tmp_path, message(obr(), obx()), "known.hl7"))
    page = record_page(qtbot, window)
    window.shell.go("codes", "names")
    shown = window.current
    assert isinstance(shown, CodesPage)
    qtbot.waitUntil(lambda: "Every code has a name" in texts(shown))
    assert not page.unnamed.isVisibleTo(page)


def test_a_damaged_map_is_said_in_words_and_the_file_opens(
    qtbot: QtBot, opened: Open, window: MainWindow
) -> None:
    path = CodeMapFile().path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{")
    codes = CodeMapFile.load()
    window.shell.services = replace(window.shell.services, codes=lambda: codes)
    opened()
    record_page(qtbot, window)
    qtbot.waitUntil(lambda: any("was damaged and is kept as" in text for text in told(window)))


def test_a_map_that_cannot_be_saved_is_said_and_nothing_is_lost(
    qtbot: QtBot, opened: Open, window: MainWindow
) -> None:
    path = CodeMapFile().path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('{"schema": "medgui.code-map/2", "entries": []}')
    page, view = naming(qtbot, opened())
    choose(qtbot, view, "tt-3")
    click(qtbot, view.panel.offers[0].button)
    click(qtbot, page.save_button)
    qtbot.waitUntil(lambda: any("cannot be changed" in text for text in told(window)))
    assert "code-map/2" in path.read_text()
    assert len(view.entries()) == 1
    assert window.current is page


def test_a_file_that_is_gone_is_said_and_the_map_is_kept(
    qtbot: QtBot, opened: Open, window: MainWindow, laboratory: Path
) -> None:
    page, view = naming(qtbot, opened())
    choose(qtbot, view, "tt-3")
    click(qtbot, view.panel.offers[0].button)
    laboratory.unlink()
    click(qtbot, page.save_button)
    qtbot.waitUntil(lambda: any("lab.hl7" in text for text in told(window)))
    assert stored() == {"tt-3": "creatinine"}
    assert variables(window) == []


def test_an_answer_goes_with_the_meaning_that_raised_its_question(
    qtbot: QtBot, opened: Open, tmp_path: Path
) -> None:
    CodeMapFile.load().put(MapEntry("urn:local:WinPath", "w", "Weight", "weight"))
    window = opened(
        save(tmp_path, message(obr(), obx("70", "w^Weight^WinPath", unit="apples")), "weight.hl7")
    )
    visit = window.shell.visit
    assert visit.record is not None
    (question,) = visit.record.open_questions
    own = Answer("height", 170.0, "cm", "2026-11-10")
    visit.answer(Answer("weight", 70.0, "kg", "2026-11-03", question.id))
    visit.answer(own)
    CodeMapFile.load().remove(MapEntry("urn:local:WinPath", "w", "Weight", "weight").key)
    after: list[Record] = []
    visit.read_again(lambda _old, new: after.append(new))
    qtbot.waitUntil(lambda: bool(after))
    assert visit.record.answers == (own,)
    assert not visit.can_undo
    assert variables(window) == []


@pytest.mark.parametrize(("size", "scale"), [((640, 360), 100), ((1366, 768), 200), ((1440, 900), 100)])
def test_list_and_choice_fit_at_every_size(
    qtbot: QtBot, opened: Open, size: tuple[int, int], scale: int
) -> None:
    window = opened()
    window.resize(*size)
    theme.apply("dark", scale)
    window._lay_out()
    page, view = naming(qtbot, window)
    qtbot.keyClick(view.table, Qt.Key.Key_Return)
    for widget in (view.panel.offers[0].button, view.panel.ignore_button, page.save_button):
        assert widget.isVisible()
        right = widget.mapTo(window, widget.rect().topRight()).x()
        assert 0 < right < window.width()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert view.table.isVisible()
    assert view.table.hasFocus()
    theme.apply("light", 100)


def test_the_creatinine_of_a_simulated_hospital_is_named_and_used(qtbot: QtBot, opened: Open) -> None:
    window = opened(data_file("patientfiles/hl7v2_simhospital/patient_2075722341.hl7"))
    page, view = naming(qtbot, window)
    assert [each.name for each in view.listed] == ["Creatinine"]
    click(qtbot, view.panel.offers[0].button)
    click(qtbot, page.save_button)
    qtbot.waitUntil(lambda: set(variables(window)) == {"creatinine"})
    assert told(window)[0].endswith("used now.")
