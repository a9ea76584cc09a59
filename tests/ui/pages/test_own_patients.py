"""A model against own patients, in the real window: check, recalibrate, go back, the notebook of outcomes."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from medgui import i18n
from medgui.paths import resources_dir
from medgui.ui.pages.models import ModelsPage
from medgui.ui.pages.models.local import LocalPanel
from medgui.ui.pages.results.outcome import OutcomePanel
from medgui.ui.pages.results.page import ResultsPage
from medgui.ui.visit import Opening
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.segmented import Segmented
from medgui.ui.widgets.text import Text
from medgui.ui.window import MainWindow
from medgui.validation.notebook import Notebook
from tests.cli.test_validate import cohort

LEFT = Qt.MouseButton.LeftButton
WAIT_MS = 60_000
MODEL = "mortality_10y"


def words(widget: QWidget) -> str:
    return "\n".join(text.text() for text in widget.findChildren(Text) if text.isVisibleTo(widget))


def press(qtbot: QtBot, widget: QWidget, label: str) -> None:
    (button,) = [b for b in widget.findChildren(Button) if b.text() == label and b.isVisibleTo(widget)]
    qtbot.mouseClick(button, LEFT)


def models_page(qtbot: QtBot, window: MainWindow, model: str = MODEL) -> ModelsPage:
    window.go("models")
    page = window.current
    assert isinstance(page, ModelsPage)
    window.shell.go("models", model)
    qtbot.waitUntil(lambda: _shows(page, model), timeout=WAIT_MS)
    return page


def _shows(page: ModelsPage, model: str) -> bool:
    return page.local is not None and page.local.model == model


def panel(page: ModelsPage) -> LocalPanel:
    assert page.local is not None
    return page.local


@pytest.fixture
def check(qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], ModelsPage]:
    """Choose a file by the button, and check the model on it."""

    def run(path: Path) -> ModelsPage:
        page = models_page(qtbot, window)
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
        press(qtbot, panel(page), "Check on own patients")
        before = panel(page)
        qtbot.waitUntil(lambda: before.form is not None, timeout=WAIT_MS)
        form = before.form
        assert form is not None
        assert form.label.currentText() == "died"
        qtbot.mouseClick(form.check, LEFT)
        qtbot.waitUntil(lambda: page.local is not before, timeout=WAIT_MS)
        return page

    return run


def test_a_check_shows_verdict_and_figures_on_the_card(
    check: Callable[[Path], ModelsPage], tmp_path: Path, window: MainWindow, qtbot: QtBot
) -> None:
    page = check(cohort(tmp_path / "ours.csv", 900, shift=1.0))
    said = words(panel(page))
    assert "predicts too low here" in said
    assert "ours.csv" in said
    assert "AUROC" in said
    assert "900 of 900 rows" in said
    models_page(qtbot, window, "cad")
    assert "Not checked on own patients yet." in words(panel(page))
    models_page(qtbot, window)
    assert "predicts too low here" in words(panel(page)), "kept for the next time"


def test_recalibrating_installs_a_version_that_stands_in_until_the_original_is_wanted_again(
    check: Callable[[Path], ModelsPage], tmp_path: Path, window: MainWindow, qtbot: QtBot
) -> None:
    page = check(cohort(tmp_path / "ours.csv", 1200, shift=1.0))
    press(qtbot, panel(page), "Recalibrate")
    qtbot.waitUntil(lambda: _shows(page, f"{MODEL}_local"), timeout=WAIT_MS)
    assert "stands in for the original" in words(panel(page))
    assert any(line.title.startswith("Recalibrated:") for line in page.lines.lines)
    assert page.card is not None
    assert "recalibrated in this clinic" in words(page.card)
    window.shell.visit.open(Opening(resources_dir() / "demo" / "bauer_anna.json"))

    def run_models() -> set[str]:
        found = window.shell.visit.assessment
        return {f.model for f in found.findings if f.model.startswith(MODEL)} if found is not None else set()

    qtbot.waitUntil(lambda: run_models() == {f"{MODEL}_local"}, timeout=WAIT_MS)
    models_page(qtbot, window, f"{MODEL}_local")
    press(qtbot, panel(page), "Use the original again")
    qtbot.waitUntil(lambda: run_models() == {MODEL}, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "the original runs" in words(panel(page)), timeout=WAIT_MS)
    press(qtbot, panel(page), "Use the recalibrated version")
    qtbot.waitUntil(lambda: run_models() == {f"{MODEL}_local"}, timeout=WAIT_MS)


def test_bad_input_is_one_sentence_in_the_message_bar(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    page = models_page(qtbot, window)
    (tmp_path / "one.csv").write_text("age,sex,died\n" + "50,male,1\n" * 40)
    panel(page).take_file(tmp_path / "one.csv")
    qtbot.waitUntil(lambda: panel(page).form is not None, timeout=WAIT_MS)
    form = panel(page).form
    assert form is not None
    qtbot.mouseClick(form.check, LEFT)
    qtbot.waitUntil(lambda: bool(window.shell.messages.shown), timeout=WAIT_MS)
    assert "is 1 in all 40 rows" in str(window.shell.messages.shown[0].words)
    assert form.check.isEnabled()
    panel(page).take_file(tmp_path / "absent.csv")
    qtbot.waitUntil(lambda: "absent.csv" in str(window.shell.messages.shown[0].words), timeout=WAIT_MS)


def test_a_cancelled_choice_changes_nothing(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = models_page(qtbot, window)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    press(qtbot, panel(page), "Check on own patients")
    assert panel(page).form is None


# The notebook of outcomes


@pytest.fixture
def patient(tmp_path: Path, window: MainWindow, qtbot: QtBot) -> ResultsPage:
    """A patient who is no demonstration, on the Results page with the model's row open."""
    text = (resources_dir() / "demo" / "marlow_helen.json").read_text(encoding="utf-8")
    path = tmp_path / "patient.json"
    path.write_text(text.replace('"HTEST"', '"NORMAL"').replace("test health data", "x"), encoding="utf-8")
    window.shell.visit.open(Opening(path))
    qtbot.waitUntil(lambda: window.shell.visit.assessment is not None, timeout=WAIT_MS)
    window.go("results")
    page = window.current
    assert isinstance(page, ResultsPage)
    qtbot.mouseClick(page.rows["prevent"], LEFT)
    return page


def outcome(page: ResultsPage) -> OutcomePanel:
    found = page.details["prevent"].outcome
    assert found is not None
    return found


def answer(qtbot: QtBot, panel: OutcomePanel, key: str) -> None:
    segmented = panel.findChild(Segmented)
    assert segmented is not None
    qtbot.mouseClick(segmented.button(key), LEFT)


def test_nothing_is_kept_before_the_doctor_keeps_it(qtbot: QtBot, patient: ResultsPage) -> None:
    press(qtbot, patient.details["prevent"], "Outcome")
    panel = outcome(patient)
    assert "What happened to this patient?" in words(panel)
    assert "Not encrypted yet" in words(panel)
    press(qtbot, panel, "Cancel")
    assert patient.details["prevent"].outcome is None
    assert Notebook().entries() == ()


def test_a_prediction_is_kept_with_its_outcome_and_shown_on_the_card(
    qtbot: QtBot, patient: ResultsPage, window: MainWindow
) -> None:
    press(qtbot, patient.details["prevent"], "Outcome")
    answer(qtbot, outcome(patient), "open")
    qtbot.mouseClick(outcome(patient).keep_button, LEFT)
    qtbot.waitUntil(lambda: patient.details["prevent"].outcome is None, timeout=WAIT_MS)
    (entry,) = Notebook().entries()
    record = window.shell.visit.record
    assert record is not None
    assert entry.prediction.model == "prevent"
    assert entry.prediction.as_of == record.as_of
    assert entry.outcome == ""
    page = models_page(qtbot, window, "prevent")
    said = panel(page)
    assert "1 more is not over yet" in words(said).replace("The time of ", "")
    assert said.findChildren(Button)
    labels = {button.text() for button in said.findChildren(Button)}
    assert {"Record outcome", "Export outcomes"} <= labels


def test_an_answer_that_cannot_be_true_yet_is_said_and_not_kept(qtbot: QtBot, patient: ResultsPage) -> None:
    press(qtbot, patient.details["prevent"], "Outcome")
    answer(qtbot, outcome(patient), "no")
    assert "can be said from" in words(outcome(patient))
    assert not outcome(patient).keep_button.isEnabled()
    outcome(patient).day.setFocus()
    outcome(patient).day.clear()
    qtbot.keyClicks(outcome(patient).day, "yesterday")
    assert "Give the date as" in words(outcome(patient))


def test_what_was_kept_comes_back_and_can_be_forgotten(qtbot: QtBot, patient: ResultsPage) -> None:
    press(qtbot, patient.details["prevent"], "Outcome")
    answer(qtbot, outcome(patient), "yes")
    outcome(patient).day.setText(date.today().isoformat())
    qtbot.mouseClick(outcome(patient).keep_button, LEFT)
    qtbot.waitUntil(lambda: patient.details["prevent"].outcome is None, timeout=WAIT_MS)
    press(qtbot, patient.details["prevent"], "Outcome")
    qtbot.waitUntil(lambda: outcome(patient).forget_button.isVisible(), timeout=WAIT_MS)
    assert outcome(patient).answer.current == "yes"
    qtbot.mouseClick(outcome(patient).forget_button, LEFT)
    qtbot.waitUntil(lambda: patient.details["prevent"].outcome is None, timeout=WAIT_MS)
    assert Notebook().entries() == ()


def test_another_patient_leaves_no_trace_of_the_one_before_on_the_card(
    qtbot: QtBot, patient: ResultsPage, window: MainWindow
) -> None:
    press(qtbot, patient.details["prevent"], "Outcome")
    qtbot.mouseClick(outcome(patient).keep_button, LEFT)
    qtbot.waitUntil(lambda: len(Notebook().entries()) == 1, timeout=WAIT_MS)
    page = models_page(qtbot, window, "prevent")
    qtbot.waitUntil(
        lambda: "Record outcome" in {b.text() for b in panel(page).findChildren(Button)}, timeout=WAIT_MS
    )
    window.shell.visit.close()
    shown = {b.text() for b in panel(page).findChildren(Button) if b.isVisibleTo(panel(page))}
    assert "Record outcome" not in shown


def test_a_demonstration_patient_is_not_offered(qtbot: QtBot, open_demo: Callable[[str], MainWindow]) -> None:
    window = open_demo("marlow_helen")
    window.go("results")
    page = window.current
    assert isinstance(page, ResultsPage)
    qtbot.mouseClick(page.rows["prevent"], LEFT)
    assert "Outcome" not in {b.text() for b in page.details["prevent"].findChildren(Button)}


def test_the_card_speaks_chinese_too(
    check: Callable[[Path], ModelsPage], tmp_path: Path, window: MainWindow, qtbot: QtBot
) -> None:
    page = check(cohort(tmp_path / "ours.csv", 900, shift=1.0))
    i18n.set_language("zh")
    before = page.card
    page.retranslate()
    qtbot.waitUntil(lambda: page.card is not before, timeout=WAIT_MS)
    said = words(panel(page))
    assert "在本院" in said
    assert "Check on own patients" not in said
