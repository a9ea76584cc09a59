"""The Results page, clicked and typed on as a doctor would."""

from collections.abc import Callable
from importlib.util import find_spec

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from medgui.assessment.finding import Status
from medgui.ui.pages.results.detail import DetailPanel
from medgui.ui.pages.results.inputs import WHAT_IF
from medgui.ui.pages.results.page import ResultsPage
from medgui.ui.window import MainWindow

OpenDemo = Callable[[str], MainWindow]


def results_of(window: MainWindow, qtbot: QtBot) -> ResultsPage:
    window.shell.go("results")
    page = window.findChild(ResultsPage)
    assert page is not None
    qtbot.waitUntil(page.isVisible)
    return page


def opened(page: ResultsPage, model: str, qtbot: QtBot) -> DetailPanel:
    qtbot.mouseClick(page.rows[model], Qt.MouseButton.LeftButton)
    return page.details[model]


def type_what_if(detail: DetailPanel, name: str, text: str, qtbot: QtBot) -> None:
    table = detail.table
    assert table is not None
    row = [used.name for used in detail.finding.inputs].index(name)
    index = table.rows.index(row, WHAT_IF)
    table.setCurrentIndex(index)
    table.edit(index)
    edit = table.findChildren(QLineEdit)[-1]
    edit.clear()
    qtbot.keyClicks(edit, text)


def test_a_row_says_number_interval_and_evidence_in_one_sentence(open_demo: OpenDemo, qtbot: QtBot) -> None:
    page = results_of(open_demo("marlow_helen"), qtbot)
    sentence = page.rows["prevent"].accessibleName()
    assert "10-year cardiovascular disease" in sentence
    assert "interval" in sentence
    assert "Published equation, externally validated" in sentence
    assert sentence.endswith("collapsed")


def test_a_click_opens_one_detail_and_closes_the_other(open_demo: OpenDemo, qtbot: QtBot) -> None:
    page = results_of(open_demo("marlow_helen"), qtbot)
    opened(page, "prevent", qtbot)
    opened(page, "ckd_epi_2021", qtbot)
    assert set(page.details) == {"ckd_epi_2021"}


def test_shift_enter_keeps_other_details_open(open_demo: OpenDemo, qtbot: QtBot) -> None:
    page = results_of(open_demo("marlow_helen"), qtbot)
    opened(page, "prevent", qtbot)
    qtbot.keyClick(page.rows["ckd_epi_2021"], Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert set(page.details) == {"prevent", "ckd_epi_2021"}


def test_several_changed_inputs_move_the_result_and_never_the_record(
    open_demo: OpenDemo, qtbot: QtBot
) -> None:
    window = open_demo("marlow_helen")
    page = results_of(window, qtbot)
    record = window.shell.visit.record
    detail = opened(page, "prevent", qtbot)
    before = detail.finding.outputs[0].value
    type_what_if(detail, "systolic_bp", "125", qtbot)
    type_what_if(detail, "total_cholesterol", "160", qtbot)
    what_if = detail.what_if
    assert what_if is not None
    qtbot.waitUntil(lambda: what_if.result is not None and len(what_if.changes) == 2, timeout=20_000)
    after = what_if.result.outputs[0].value if what_if.result else None
    assert before is not None
    assert after is not None
    assert after < before
    assert detail.line is not None
    assert "With 2 changes" in detail.line.sentence()
    assert "Not the effect of a treatment" in detail.line.sentence()
    assert window.shell.visit.record is record


def test_undo_takes_a_what_if_step_back(open_demo: OpenDemo, qtbot: QtBot) -> None:
    page = results_of(open_demo("marlow_helen"), qtbot)
    detail = opened(page, "prevent", qtbot)
    type_what_if(detail, "systolic_bp", "1", qtbot)
    assert page.undo()
    assert detail.what_if is not None
    assert detail.what_if.changes == {}


def test_units_switch_to_si_in_table_and_back(open_demo: OpenDemo, qtbot: QtBot) -> None:
    window = open_demo("marlow_helen")
    page = results_of(window, qtbot)
    opened(page, "prevent", qtbot)
    window.shell.visit.set_units("si")
    table = page.details["prevent"].table
    assert table is not None
    row = table.rows.row_of("total_cholesterol")
    assert "mmol/L" in str(table.rows.index(row, 1).data(Qt.ItemDataRole.ToolTipRole))


def test_what_is_missing_is_asked_right_there_and_answered(open_demo: OpenDemo, qtbot: QtBot) -> None:
    window = open_demo("rowe_thomas")
    page = results_of(window, qtbot)
    assert page.rows["prevent"].finding.status is Status.MISSING_INPUT
    detail = opened(page, "prevent", qtbot)
    missing = {used.name for used in detail.finding.inputs if used.required and used.value is None}
    assert missing
    assert not any(output.value is not None for output in detail.finding.outputs)


def test_prior_infarction_is_out_of_scope_with_what_was_checked(open_demo: OpenDemo, qtbot: QtBot) -> None:
    page = results_of(open_demo("lindqvist_per"), qtbot)
    finding = page.rows["prevent"].finding
    assert finding.status is Status.OUT_OF_SCOPE
    assert any(not check.inside for check in finding.checks)
    assert all(output.value is None for output in finding.outputs)


def test_closing_the_patient_leaves_no_row_behind(open_demo: OpenDemo, qtbot: QtBot) -> None:
    window = open_demo("marlow_helen")
    page = results_of(window, qtbot)
    opened(page, "prevent", qtbot)
    window.shell.visit.close()
    assert page.rows == {}
    assert page.details == {}
    assert page.head.summary.text() == ""


def test_escape_closes_the_detail_and_returns_to_its_row(open_demo: OpenDemo, qtbot: QtBot) -> None:
    page = results_of(open_demo("marlow_helen"), qtbot)
    opened(page, "prevent", qtbot)
    assert page.escape()
    assert page.details == {}
    assert not page.escape()


def test_left_and_right_go_through_the_outputs(open_demo: OpenDemo, qtbot: QtBot) -> None:
    page = results_of(open_demo("marlow_helen"), qtbot)
    opened(page, "prevent", qtbot)
    row = page.rows["prevent"]
    qtbot.keyClick(row, Qt.Key.Key_Right)
    assert row.output is not None
    assert row.output.name == "ascvd_10y"


def test_the_curve_of_a_missing_input_follows_the_output(open_demo: OpenDemo, qtbot: QtBot) -> None:
    page = results_of(open_demo("rowe_thomas"), qtbot)
    detail = opened(page, "prevent", qtbot)
    assert detail.matter is not None
    before = detail.matter.text()
    detail.choose("chd_10y")
    assert detail.matter.text() != before


def test_the_end_of_a_run_is_told_when_its_result_is_there(window: MainWindow, open_demo: OpenDemo) -> None:
    """Whoever hears that nothing runs any more finds the whole assessment, and builds no list of parts of it."""
    visit = window.shell.visit
    ended: list[bool] = []
    visit.progress.connect(lambda _done, total: None if total else ended.append(visit.assessment is not None))
    open_demo("marlow_helen")
    assert ended[-1]


def test_what_an_open_row_needs_can_be_imported_later() -> None:
    assert [name for name in ResultsPage.later if find_spec(name) is None] == []
